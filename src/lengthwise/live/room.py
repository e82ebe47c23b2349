"""One guided session that is going on: messages of a page in, what it is to show out, all recorded.

A room knows no sockets and no clock of its own: whoever holds it says what time it is. What it
hands back was written down before; a stop is on the disk by then.

    room = Room(request, folder, now_s=...)   or   Room.gone_on_with(folder, now_s=..., away_s=...)
    out = room.take(raw, now_s=...);  out = room.pass_time(now_s=...);  room.end(...)
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from lengthwise.contracts.band import BandOrder
from lengthwise.contracts.decision import Phase
from lengthwise.contracts.errors import InputError, LengthwiseError
from lengthwise.contracts.observation import (
    UNWELL,
    ImuStream,
    Observation,
    PersonSignal,
    Rejection,
    SignalKind,
)
from lengthwise.contracts.person import RampLed
from lengthwise.contracts.session import (
    BandOrdered,
    DecisionLogged,
    FrameLogged,
    RejectionLogged,
    SessionEnded,
    SessionEvent,
    SessionStarted,
    SessionTotals,
)
from lengthwise.contracts.wire import (
    Clock,
    Credit,
    FromSession,
    Hello,
    Landmarks,
    NotTakenError,
    Refused,
    Shown,
    Told,
    ToSession,
    Word,
    landmark_frame,
    motion_samples,
    read_message,
    word_value,
)
from lengthwise.live import brought_back, device_samples
from lengthwise.live.band_shown import BandShown
from lengthwise.live.driven_band import DrivenBand
from lengthwise.live.learning_taken import LearningTaken
from lengthwise.live.marks_taken import MarksTaken
from lengthwise.live.outputs import SessionOutputs
from lengthwise.live.params import pipeline_params
from lengthwise.live.ramp_shown import ramp_shown
from lengthwise.live.roles import Role
from lengthwise.live.room_line import (
    RoomLine,
    at_session_time,
    check,
    check_order,
    clock_answer,
    session_time_s,
)
from lengthwise.live.sequencer import Came
from lengthwise.live.session import LiveSession
from lengthwise.live.shown import shown
from lengthwise.live.windows_shown import WindowsShown
from lengthwise.record.log import LogWriter
from lengthwise.record.log_reading import LogReading
from lengthwise.record.session_folder import LOG_NAME

_OVER = (Phase.DONE, Phase.STOPPED)
FromRoom = FromSession | BandOrder
"""For those who look, or for the band that is driven."""


class AlreadyOverError(LengthwiseError):
    """What its log leads to is the end of the session: nothing of it is left to go on with."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"session {folder.name}: it is over; what was recorded is kept")


class Room:
    """A session, from its first message to its sealed record. Not safe for use by two threads.

    `log`: of one that was cut off; see `gone_on_with`.
    """

    def __init__(
        self,
        started: SessionStarted,
        folder: Path,
        *,
        begun_s: float,
        log: LogWriter | None = None,
    ) -> None:
        self.started, self.folder = started, folder
        self._begun_s = begun_s
        params = pipeline_params(started)
        self._coach, self._learnt = params.coach, LearningTaken(params)
        self._marks = MarksTaken(started, params)
        self._windows = WindowsShown(params)
        self._band, self._band_shown = DrivenBand(params.driven), BandShown(params.driven)
        self._outputs = SessionOutputs(
            folder, started, params.anatomy, learnt=self._learnt, log=log, beside=True
        )
        self._events, self._saved_s = 1, 0.0
        self._devices = device_samples.Expected.of(started.config.devices)
        self._worn = tuple(
            s.segment
            for s in started.recording.streams
            if isinstance(s, ImuStream) and s.segment not in self._devices.segments
        )
        kept_by = self._devices.own_time | frozenset(self._worn)
        self._session = LiveSession(
            params, in_order=True, kept_by=kept_by, watch=self._learnt.watch
        )
        self._lines: dict[str, RoomLine] = {}
        self._turned_away = Counter[str]()
        self._views = self._decisions = self._refused = 0
        self.phase: Phase | None = None
        self.screening_needed = False
        self._looked_at = False
        self.latest: Shown | None = None

    @classmethod
    def gone_on_with(cls, folder: Path, *, now_s: float, away_s: float) -> "Room":
        """One that was cut off `away_s` ago, as it stood then, at rest and paused.

        Its log alone decides. Raises LengthwiseError where it cannot be gone on with; the log is
        then as it was, and can be recovered.
        """
        log = LogWriter.reopened(folder / LOG_NAME)
        try:
            started = next(iter(LogReading(log.path)))
            if not isinstance(started, SessionStarted):
                raise InputError(
                    "session log",
                    value=log.path,
                    allowed="one with its beginning",
                    remedy="recover it",
                )
            room = cls(started, folder, begun_s=now_s, log=log)
        except BaseException:  # whatever it is, and raised again: no log stays open
            log.close()
            raise
        try:
            room._bring_back(log, now_s=now_s, away_s=away_s)
        except BaseException:  # whatever it is, and raised again: nothing stays begun
            room.let_be()
            raise
        return room

    @property
    def over(self) -> bool:
        return self.phase in _OVER

    @property
    def devices_line(self) -> str | None:
        """The connection that hands orders on to a band."""
        lines = [name for name, line in self._lines.items() if line.role.devices]
        return lines[-1] if lines else None

    def host_s(self, t_s: float) -> float:
        """A time of the session on the clock of the host."""
        return self._begun_s + t_s

    def join(self, line: str, role: Role) -> None:
        """A connection begins, or begins anew: its clock and its count start from nothing."""
        self._lines[line] = RoomLine(role)
        self._windows.tell_again()
        self._band_shown.tell_again()
        self._looked_at = self._looked_at or role.words

    def leave(self, line: str, *, now_s: float) -> list[FromRoom]:
        """A connection ended. Without the page nobody can be asked: the session pauses, so that
        whoever comes back begins at rest."""
        gone = self._lines.pop(line, None)
        if gone is None or not gone.role.words or self.over:
            return []
        t_s = now_s - self._begun_s
        return self._driven(t_s, [PersonSignal(t_s, SignalKind.PAUSE)])

    def take(self, line: str, raw: bytes, *, now_s: float) -> list[FromRoom]:
        """One message of a connection that has joined. Never raises for what it holds."""
        try:
            check(line in self._lines, "a message of a connection that is gone")
            joined = self._lines[line]
            if joined.role.devices:
                return self._told_by_devices(raw, now_s - self._begun_s)
            message = read_message(raw)
            return self._taken(joined, message, now_s - self._begun_s)
        except NotTakenError as cause:
            return [self._refusal(str(cause))]

    def pass_time(self, *, now_s: float) -> list[FromRoom]:
        """Nothing happens before a page is there: what is said first must reach somebody."""
        if not self._looked_at:
            return []
        t_s = now_s - self._begun_s
        return [*self._written(self._session.pass_time(t_s)), *self._driven(t_s)]

    def let_be(self) -> None:
        """Nobody is there to end it for: it stays as it is, to be gone on with or recovered."""
        self._outputs.let_be()

    def end(self) -> SessionTotals:
        """Write the end and the sealed record; the report is drawn from that, elsewhere."""
        for event in self._session.end():
            if isinstance(event, SessionEnded) and not self.over:
                event = SessionEnded(event.t_s, complete=False, frames=event.frames)
            self._keep(event)
        with self._outputs as outputs:
            return outputs.finish(draw=False)

    @property
    def marks(self) -> MarksTaken:
        return self._marks

    @property
    def ramps_so_far(self) -> tuple[RampLed, ...]:
        """Those that were begun; that no harm goes with one is not known before the end."""
        return tuple(replace(r, harmed=r.harmed or None) for r in self._marks.ramps())

    def _bring_back(self, log: LogWriter, *, now_s: float, away_s: float) -> None:
        started = self.started
        saved = brought_back.read_saved(
            self.folder,
            session_id=started.session_id,
            software=started.software,
            log_bytes=log.bytes_written,
        )
        missing = brought_back.bring_back(
            self._session, self._learnt, log.path, saved, retake=self._retake
        )
        last_s = self._session.last_s
        self._begun_s = now_s - (last_s + max(away_s, 0.0))
        for event in missing:
            self._keep(event)
        # Before any time passes: whatever was held ended when the session was cut off.
        self._written(self._session.deliver(PersonSignal(last_s, SignalKind.PAUSE)))
        if self.over or self.screening_needed:
            raise AlreadyOverError(self.folder)

    def _taken(self, line: RoomLine, message: ToSession, t_s: float) -> list[FromRoom]:
        if isinstance(message, Clock):
            return [clock_answer(line, message, t_s)]
        if isinstance(message, Hello | Credit):
            return []
        if isinstance(message, Word):
            check(line.role.words, "a word from what brings none")
            if message.kind is SignalKind.STOP:
                # However often, in whatever order and beside whatever else: a stop is a stop.
                return self._stopped(t_s, unwell=message.value == UNWELL)
        check_order(line, message.seq)
        if isinstance(message, Word):
            check(line.words.spend(1, t_s), "more words than can be used")
            return self._driven(t_s, [PersonSignal(t_s, message.kind, value=word_value(message))])
        if isinstance(message, Landmarks):
            check(line.role.landmarks, "landmarks from what brings none")
            check(line.frames.spend(1, t_s), "more images than can be used")
            at_s = session_time_s(line, message.t_s, t_s)
            return self._observed([landmark_frame(message, at_s)], t_s)
        check(line.role.motion and len(self._worn) == 1, "motion that nobody declared")
        samples = motion_samples(message, self._worn[0])
        check(line.samples.spend(len(samples), t_s), "more samples than can be used")
        return self._observed([at_session_time(line, s, t_s) for s in samples], t_s)

    def _told_by_devices(self, raw: bytes, t_s: float) -> list[FromRoom]:
        told = device_samples.at_session_time(self._devices, raw, begun_s=self._begun_s, now_s=t_s)
        return self._driven(t_s, list(told))

    def _stopped(self, t_s: float, *, unwell: bool) -> list[FromRoom]:
        """`unwell`: said to the question how one is, so the safety questions come next."""
        self.screening_needed |= unwell
        word = PersonSignal(t_s, SignalKind.STOP, value=UNWELL if unwell else None)
        return self._driven(t_s, [word])

    def _driven(self, t_s: float, items: Sequence[Came | Rejection] = ()) -> list[FromRoom]:
        """What follows from these, and then what a band is to do: at once, whatever came."""
        out = [m for item in items for m in self._written(self._session.take(t_s, item))]
        for at in self._band.moments(items, t_s=t_s):
            out += self._written(self._session.take(t_s, at))
        return out

    def _observed(self, items: list[Observation], t_s: float) -> list[FromRoom]:
        return [
            message for item in items for message in self._written(self._session.take(t_s, item))
        ]

    def _written(self, events: list[SessionEvent]) -> list[FromRoom]:
        """What follows for a screen; every event is in the log first."""
        coached = self._session.state.coach
        self.screening_needed |= coached is not None and coached.screening_needed
        out: list[FromRoom] = []
        for event in events:
            self._keep(event)
            if isinstance(event, BandOrdered):
                out.append(event.order)
            elif isinstance(event, DecisionLogged):
                out.append(Told(self._decisions, event.decision))
            elif isinstance(event, FrameLogged):
                out += self._windows.news(self._session.state)
                out += self._band_shown.news(self._session.state)
                out.append(self._shown(event))
        if self._session.last_s >= self._saved_s + brought_back.SAVED_EVERY_S:
            self._save()
        return out

    def _save(self) -> None:
        """All that was handed to the log is in it by now, and nothing else was stepped."""
        session, self._saved_s = self._session, self._session.last_s
        saved = brought_back.Saved(
            software=self.started.software,
            session_id=self.started.session_id,
            events=self._events,
            log_bytes=self._outputs.log_bytes,
            frames=session.frames,
            last_s=session.last_s,
            state=session.state,
            practised=self._learnt.saved(),
        )
        brought_back.save(saved, self.folder)

    def _keep(self, event: SessionEvent) -> None:
        self._outputs.take(event)
        self._noted(event)

    def _retake(self, event: SessionEvent) -> None:
        """One that is in the log already."""
        self._outputs.retake(event)
        self._noted(event)

    def _noted(self, event: SessionEvent) -> None:
        self._events += 1
        self._marks.take(event)
        if isinstance(event, RejectionLogged):
            self._turned_away[event.rejection.reason.value] += 1
        elif isinstance(event, DecisionLogged):
            self.phase = event.decision.phase
            self._decisions += 1
        elif isinstance(event, FrameLogged) and event.guidance is not None:
            self.phase = event.guidance.phase

    def _shown(self, frame: FrameLogged) -> Shown:
        self._views += 1
        ramp = ramp_shown(self._coach, self._session.state.coach)
        self.latest = shown(frame, seq=self._views, turned_away=self._turned_away, ramp=ramp)
        return self.latest

    def _refusal(self, what: str) -> Refused:
        self._refused += 1
        return Refused(what, self._refused)
