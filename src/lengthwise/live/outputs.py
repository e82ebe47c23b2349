"""Everything a session leaves in its folder, written while it runs and finished at its end."""

from pathlib import Path
from types import TracebackType

import msgspec

from lengthwise.contracts.errors import StorageError
from lengthwise.contracts.decision import Decision, DecisionKind
from lengthwise.contracts.session import (
    DecisionLogged,
    FrameLogged,
    SessionEnded,
    SessionEvent,
    SessionStarted,
    SessionTotals,
)
from lengthwise.live.tables import SessionTables
from lengthwise.live.totals import Tally
from lengthwise.record.log import LogWriter
from lengthwise.record.seal import seal

KEPT_FRAMES = 2000
"""Frames kept in memory for the report; a longer session is thinned evenly."""


class Thinned:
    """An evenly thinned copy of a stream of unknown length in bounded memory."""

    def __init__(self, limit: int) -> None:
        self._limit, self._every, self._seen = limit, 1, 0
        self.frames: list[FrameLogged] = []

    def take(self, frame: FrameLogged) -> None:
        if self._seen % self._every == 0:
            self.frames.append(frame)
            if len(self.frames) >= 2 * self._limit:
                self.frames = self.frames[::2]
                self._every *= 2
        self._seen += 1


class SessionOutputs:
    """The log first, so that nothing shown was not written; then tables, tally and report."""

    def __init__(self, folder: Path, started: SessionStarted) -> None:
        self.folder = folder
        self.started = started
        self.sealed_path = folder / "session.mcap"
        self.frames = 0
        self.last_s = 0.0
        self._tables = SessionTables(folder)
        self._log = LogWriter(folder / "session.log")
        self._tally = Tally(started)
        self._thinned = Thinned(KEPT_FRAMES)
        self._decisions: list[Decision] = []
        self._ended: SessionEnded | None = None
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
        self._log.append(event, durable=stops)
        self._tables.take(event)
        self._tally.take(event)
        if isinstance(event, FrameLogged):
            self.frames += 1
            self.last_s = event.body.t_s
            self._thinned.take(event)
        elif isinstance(event, DecisionLogged):
            self._decisions.append(event.decision)
        elif isinstance(event, SessionEnded):
            self._ended = event

    def finish(self) -> SessionTotals:
        """Close, seal, and write summary and report. Returns the totals."""
        from lengthwise.live.reporting import session_report

        self._tables.close()
        self._log.close()
        totals = self._tally.totals()
        self._write("summary.json", self._summary(totals))
        page = session_report(
            started=self.started,
            ended=self._ended,
            frames=self._thinned.frames,
            decisions=self._decisions,
            totals=totals,
        )
        self._write("report.html", page.encode())
        seal(self.folder / "session.log", self.sealed_path)
        return totals

    def _summary(self, totals: SessionTotals) -> bytes:
        content = msgspec.to_builtins(totals) | self._tally.summary()
        return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"

    def _write(self, name: str, content: bytes) -> None:
        try:
            (self.folder / name).write_bytes(content)
        except OSError as cause:
            raise StorageError(
                f"writing {self.folder / name}",
                cause=cause.strerror or str(cause),
                remedy="free some space and run: lengthwise recover " + str(self.folder),
            ) from cause
