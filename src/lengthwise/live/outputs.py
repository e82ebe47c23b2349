"""Everything a session leaves in its folder, written while it runs and finished at its end."""

from pathlib import Path
from types import TracebackType

import msgspec
from msgspec.structs import replace

from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.decision import Decision, DecisionKind
from lengthwise.contracts.errors import StorageError
from lengthwise.contracts.pull import PullTotals
from lengthwise.contracts.session import (
    DecisionLogged,
    FrameLogged,
    SessionEnded,
    SessionEvent,
    SessionStarted,
    SessionTotals,
)
from lengthwise.contracts.states import BodyState
from lengthwise.live.band_taken import BandTaken
from lengthwise.live.hindsight import Hindsight
from lengthwise.live.learning_taken import LearningTaken
from lengthwise.live.pull_measured import known_bounds, known_figures, pull_measured
from lengthwise.live.pull_taken import PullTaken
from lengthwise.live.pull_told import PullReport
from lengthwise.live.ramp_outcome import RampOutcome
from lengthwise.live.range_results import RangeCount, summary_entries
from lengthwise.live.tables import SessionTables
from lengthwise.live.thinned import Thinned
from lengthwise.live.torque_file import MeasuredTorque
from lengthwise.live.torque_window import TorqueWindowCount, summary_entry
from lengthwise.live.totals import Details
from lengthwise.record.log import LogWriter
from lengthwise.record.log_reading import LogReading, events_at
from lengthwise.record.seal import seal
from lengthwise.record.session_folder import LOG_NAME, REPORT_NAME, SEALED_NAME
from lengthwise.record.totals import TotalsCount
from lengthwise.reference.exercises import Exercise, exercise
from lengthwise.report.learnt import LearningReport
from lengthwise.report.page import build_report
from lengthwise.report.report_input import ReportInput
from lengthwise.vault.files import write_bytes

KEPT_FRAMES = 2000
"""Frames looked at again for the report; of a longer session they are thinned evenly."""


def exercise_of(started: SessionStarted) -> Exercise | None:
    """What a session was led through. Where a place is looked for, the exercise only lends its
    words and its way."""
    chosen = None if started.config.repositioning is not None else started.config.exercise_id
    return exercise(chosen) if chosen else None


class SessionOutputs:
    """The log first, so that nothing shown was not written; then tables, tally and report.

    `hindsight`: what looks back on the session; then the page shows angles as it knows them, and
    with `smoothed_table` they are in body_smoothed.csv. `torque`: what was measured beside it.
    `learnt`: what it leaves of learning, told its decisions here. `log`: of a session that was cut
    off and goes on; what is in it is to be given to `retake`, all of it and in order. `beside`: the
    folders beside this one are earlier sessions of the same person.
    """

    def __init__(
        self,
        folder: Path,
        started: SessionStarted,
        anatomy: Anatomy,
        *,
        hindsight: Hindsight | None = None,
        smoothed_table: bool = False,
        torque: MeasuredTorque | None = None,
        learnt: LearningTaken | None = None,
        log: LogWriter | None = None,
        beside: bool = False,
    ) -> None:
        self.folder, self._beside = folder, beside
        self.started = started
        self._anatomy = anatomy
        self.sealed_path = folder / SEALED_NAME
        self.frames = 0
        self.last_s = 0.0
        # The log refuses the place of an unfinished session, before any table is begun anew.
        self._log = LogWriter(folder / LOG_NAME) if log is None else log
        try:
            self._tables = SessionTables(folder, smoothed=smoothed_table)
        except StorageError:
            self._log.close()
            if log is None:
                (folder / LOG_NAME).unlink()
            raise
        self._exercise = exercise_of(started)
        self._pull, self._pulled = PullTaken(started, anatomy), PullReport(None)
        self._pull_totals: PullTotals | None = None
        self._band = BandTaken(started)
        self._torque = torque
        self._ranges = RangeCount(self._exercise, torque)
        self._torque_window = TorqueWindowCount(torque, self._exercise, started.person.windows)
        self._count = TotalsCount()
        self._details = Details()
        self._learnt = learnt
        self.ramp = RampOutcome(started)
        self._count.take(started)
        # Where each begins in the log: a frame itself is 12 kB of memory for as long as it runs.
        self._thinned: Thinned[int | FrameLogged] = Thinned(KEPT_FRAMES)
        self._hindsight = hindsight
        # Thinned alike, so that each kept frame has its smoothed state.
        self._smoothed: Thinned[BodyState] = Thinned(KEPT_FRAMES)
        self._decisions: list[Decision] = []
        self._ended: SessionEnded | None = None
        if log is None:
            self._log.append(started)

    def __enter__(self) -> "SessionOutputs":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._log.close()

    def take(self, event: SessionEvent) -> None:
        stops = isinstance(event, DecisionLogged) and event.decision.kind is DecisionKind.STOP
        place = self._log.bytes_written
        self._log.append(event, durable=stops)
        self.retake(event, place)

    @property
    def log_bytes(self) -> int:
        return self._log.bytes_written

    def let_be(self) -> None:
        """Close everything and finish nothing: the log is to be gone on with, or recovered."""
        self._tables.close()
        self._log.close()

    def retake(self, event: SessionEvent, place: int | None = None) -> None:
        """The same for what is in the log already; where its place there is not told, a frame for
        the report is kept itself."""
        self._torque_window.take(event)
        self._tables.take(event, self._torque_window)
        self._count.take(event)
        self._details.take(event)
        self._ranges.take(event)
        self._pull.take(event)
        self._band.take(event)
        if self._learnt is not None:
            self._learnt.take(event)
        self.ramp.take(event)
        if isinstance(event, FrameLogged):
            self.frames += 1
            self.last_s = event.body.t_s
            self._thinned.take(event if place is None else place)
            if self._hindsight is not None:
                self._take_smoothed(self._hindsight.ready())
        elif isinstance(event, DecisionLogged):
            self._decisions.append(event.decision)
        elif isinstance(event, SessionEnded):
            self._ended = event

    def _take_smoothed(self, states: list[BodyState]) -> None:
        # An interrupt can come after a moment was looked at and before its frame was taken.
        states = states[: self._thinned.seen - self._smoothed.seen]
        self._tables.take_smoothed(states)
        for state in states:
            self._smoothed.take(state)

    def finish(self, *, draw: bool = True) -> SessionTotals:
        """Close, seal, and write summary and report. Returns the totals. Without `draw` the report
        is left to whoever draws it from the record (`live/report_drawn.py`)."""
        if self._hindsight is not None:
            self._take_smoothed(self._hindsight.finish())
        self._tables.close()
        self._log.close()
        self._measure_pull()
        totals = self._count.totals()
        assert totals is not None, "the session was started above"
        totals = replace(totals, pulled=self._pull_totals)
        learning = None
        if self._learnt is not None:
            totals = self._learnt.on(totals)
            learning = self._learnt.report(self.started.started_utc)
        self._write("summary.json", self._summary(totals))
        looked_at = self._looked_at() if draw else []
        # The record before the page: an interrupt while drawing must not cost the sealed session.
        seal(self.folder / LOG_NAME, self.sealed_path)
        if draw:
            self._draw(looked_at, totals, learning)
        return totals

    def _draw(
        self, looked_at: list[FrameLogged], totals: SessionTotals, learning: LearningReport | None
    ) -> None:
        page = build_report(
            ReportInput(
                started=self.started,
                ended=self._ended,
                frames=looked_at,
                decisions=self._decisions,
                totals=totals,
                exercise=self._exercise,
                anatomy=self._anatomy,
                smoothed=self._smoothed.frames,
                how_far=self._ranges.report(),
                torque_window=self._torque_window.report(),
                learning=learning,
                band=self._band.report(),
                ramp=(*self.ramp.told(), *self._pulled.told(totals.pulled)),
            )
        )
        self._write(REPORT_NAME, page.encode())

    def _measure_pull(self) -> None:
        """Raises StorageError where the log cannot be read. A file of torque stands above it."""
        found = pull_measured(
            self._pull,
            self.started,
            self._exercise,
            lambda: LogReading(self.folder / LOG_NAME),
            earlier_beside=self.folder if self._beside else None,
            figures=lambda: known_figures(self.started, self._anatomy),
            bounds=lambda: known_bounds(self.started, self._anatomy),
        )
        self._pulled, self._pull_totals = found.report, found.totals
        if self._torque is None and found.ranges is not None and found.torque_window is not None:
            self._ranges, self._torque_window = found.ranges, found.torque_window

    def _looked_at(self) -> list[FrameLogged]:
        """The frames of the report. Raises StorageError where the log was damaged meanwhile."""
        kept = self._thinned.frames
        places = [k for k in kept if isinstance(k, int)]
        read = iter(events_at(self.folder / LOG_NAME, places))
        found = [next(read) if isinstance(k, int) else k for k in kept]
        return [f for f in found if isinstance(f, FrameLogged)]

    def _summary(self, totals: SessionTotals) -> bytes:
        notes = {"notes": list(self.started.recording.notes)}
        ranges = summary_entries(self._ranges.report())
        ranges |= summary_entry(self._torque_window.report()) | self._pulled.summary()
        driven = self._band.report()
        ranges |= {} if driven is None else driven.summary()
        if self.ramp.asked:
            notes["ramp"] = list(self.ramp.told())
        content = msgspec.to_builtins(totals) | self._details.summary() | ranges | notes
        return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"

    def _write(self, name: str, content: bytes) -> None:
        try:
            write_bytes(self.folder / name, content)
        except OSError as cause:
            raise StorageError(
                f"writing {self.folder / name}",
                cause=cause.strerror or str(cause),
                remedy="free some space and run: lengthwise recover " + str(self.folder),
            ) from cause
