"""Which connection belongs to which session, and in which process that session lives.

One page leads a session; a second one that comes with the same key takes its place. When the page
is gone the session pauses, and waits a while for it to come back; then it ends as cut off, with all
that was recorded.
"""

import asyncio
import hmac
import itertools
import secrets
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import Any

from msgspec import Struct

from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.errors import NO_VALUES, LengthwiseError, Values
from lengthwise.contracts.observation import UNWELL, SignalKind
from lengthwise.contracts.person import Mark, RampLed
from lengthwise.contracts.session import SessionStarted, SessionTotals
from lengthwise.contracts.wire import WIRE_VERSION, Over, Welcome, Word, written
from lengthwise.live.roles import PAGE, Role
from lengthwise.live.workers import (
    Alarmed,
    Broken,
    End,
    Ended,
    FromWorker,
    Join,
    Leave,
    Open,
    Opened,
    Ramped,
    Said,
    Take,
    Through,
    Worker,
)
from lengthwise.reference.constants import constant
from lengthwise.vault import keyring
from lengthwise.web.lines import Line
from lengthwise.web.refused import LINES

WAITS_FOR_PAGE_S = constant("session", "waits_for_page_s")
_OPENS_WITHIN_S = 180.0
"""A log of half an hour with nothing saved beside it; a first start on a machine that does much
else, which took more than a minute."""
_KEPT_WITHIN_S = 0.1
"""What shows a stop waits so long for the store at most: in the session's own log it is already."""


class NotOpenError(Exception):
    """The session could not be opened, or is over; its text is one clear line, `code` and `values`
    that of a `LengthwiseError`."""

    def __init__(self, why: str, code: str | None = None, values: Values = NO_VALUES) -> None:
        super().__init__(why)
        self.code, self.values = code, values


def _not_open(broken: Broken) -> NotOpenError:
    return NotOpenError(broken.why, broken.code, broken.values)


class _GoneError(NotOpenError):
    """Its process ended, whatever it was about to do."""

    def __init__(self) -> None:
        super().__init__(LINES["cut_off"], "cut_off")


class Urgency(Enum):
    """`NOW_OR_NEVER`: a reading, worth nothing later and left out in a crowd; `STOP` overtakes."""

    NOW_OR_NEVER = "now_or_never"
    IN_TURN = "in_turn"
    STOP = "stop"


class Finished(Struct, frozen=True):
    """What remains of a session that is over. `totals` None: it broke, and what it recorded can be
    recovered; whether it ended with a symptom is not known then, so it counts as if it had."""

    session_id: str
    totals: SessionTotals | None
    marks: tuple[Mark, ...] = ()
    ramps: tuple[RampLed, ...] = ()
    screening_needed: bool = True


class Guided:
    """One session that is going on, as the edge sees it."""

    def __init__(self, started: SessionStarted, worker: Worker, *, gone_on: bool) -> None:
        loop = asyncio.get_running_loop()
        self.started, self.session_id = started, started.session_id
        self.worker, self.gone_on = worker, gone_on
        self.key = secrets.token_urlsafe(32)
        self.view_key = secrets.token_urlsafe(32)  # for who only looks (web/viewers.py)
        self.lines: dict[str, Line] = {}
        self.page: str | None = None
        self.opened: asyncio.Future[None] = loop.create_future()
        self.finished: asyncio.Future[Finished] = loop.create_future()
        self.given_up: asyncio.TimerHandle | None = None
        self.left_out = 0
        self.early: list[bytes] = []
        """Said before a page was there: a session with a phone begins with what it felt before."""
        self.held: deque[FromWorker] | None = None
        self.through = False

    def change_key(self) -> str:
        """Another one, for another page: the one before opens nothing any more."""
        self.key = secrets.token_urlsafe(32)
        return self.key

    @property
    def led(self) -> bool:
        """Whether a page is there that leads somebody."""
        return self.page in self.lines

    def has_key(self, key: str) -> bool:
        return hmac.compare_digest(self.key.encode(), key.encode())


class Hub:
    """All sessions of this machine. Used from one event loop only. `alarmed` is told the id of a
    session that a symptom or pain has stopped, as soon as it has; `finished` what remains of one.
    What both hand back is waited for before anything more of that session is passed on. `ramped`
    is told of each ramp to tolerance as it begins."""

    def __init__(
        self,
        *,
        processes: int,
        alarmed: "Callable[[str], asyncio.Future[None]]",
        finished: "Callable[[Finished], asyncio.Future[None]]",
        ramped: Callable[[tuple[RampLed, ...]], object],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._alarmed, self._finished, self._ramped = alarmed, finished, ramped
        self._sessions: dict[str, Guided] = {}
        self._keeping: set[asyncio.Task[None]] = set()
        self._processes = processes
        self._workers: dict[int, Worker] = {}
        self._numbers = itertools.count()
        if processes:
            self._begun()

    def _begun(self) -> Worker:
        number = next(self._numbers)

        def later(what: Callable[..., None], *given: object) -> None:
            with suppress(RuntimeError):  # the loop is closed: nobody is there to hear it
                self._loop.call_soon_threadsafe(what, *given)

        worker = Worker(
            lambda message: later(self._hear, message), lambda: later(self._lost, number)
        )
        self._workers[number] = worker
        return worker

    async def open(
        self,
        started: SessionStarted,
        folder: Path,
        *,
        begun_s: float | None = None,
        away_s: float | None = None,
    ) -> Guided:
        """A session in the process that has the fewest; `begun_s` and `away_s` as in Open. Raises
        NotOpenError."""
        opening = Open(
            started.session_id,
            encode(started),
            str(folder),
            begun_s,
            away_s,
            keyring.handed_over(folder),
        )
        try:
            return await self._opened(started, opening)
        except _GoneError:  # in another process, which has nothing of what made this one end
            return await self._opened(started, opening)

    async def _opened(self, started: SessionStarted, opening: Open) -> Guided:
        worker = self._emptiest()
        session = Guided(started, worker, gone_on=opening.away_s is not None)
        self._sessions[session.session_id] = session
        worker.rooms += 1
        worker.send(opening)
        try:
            await asyncio.wait_for(asyncio.shield(session.opened), _OPENS_WITHIN_S)
        except TimeoutError as cause:
            worker.send(End(session.session_id))
            self._forget(session)
            raise NotOpenError(LINES["too_busy"], "too_busy") from cause
        self._expect_page(session)
        return session

    def _emptiest(self) -> Worker:
        """The process with the fewest sessions; one that nobody needs yet is not begun."""
        worker = min(self._workers.values(), key=lambda w: w.rooms, default=None)
        if worker is None or (worker.rooms and len(self._workers) < self._processes):
            worker = self._begun()
        return worker

    def let_idle_go(self) -> None:
        """Processes that lead nobody end: each holds some 30 MB of its own, and of the next
        session another one is forked off before its person is in place."""
        for number, worker in list(self._workers.items()):
            if not worker.rooms:
                del self._workers[number]
                self._keep(asyncio.to_thread(worker.close))

    def going_on(self) -> list[Guided]:
        return list(self._sessions.values())

    def left(self) -> list[Guided]:
        """Those that somebody was in the middle of, and whose page is gone."""
        sessions = self._sessions.values()
        return [s for s in sessions if not (s.led or s.through or s.finished.done())]

    def going_on_as(self, session_id: str) -> Guided | None:
        """Not for who has shown no key yet."""
        return self._sessions.get(session_id)

    def session(self, session_id: str, key: str) -> Guided | None:
        """The session, for who has its key; None says no more than that."""
        session = self._sessions.get(session_id)
        return session if session is not None and session.has_key(key) else None

    def join(self, session: Guided, role: Role) -> tuple[str, Line]:
        """A connection begins. A page takes the place of the one before."""
        name, line = secrets.token_hex(8), Line()
        resumed = False
        if role is PAGE:
            resumed = session.gone_on or session.page is not None or session.given_up is None
            if session.given_up is not None:
                session.given_up.cancel()
                session.given_up = None
            if session.page in session.lines:
                session.lines.pop(session.page).close()
                # At rest also where the page before was still there.
                session.worker.send(Leave(session.session_id, session.page))
            session.page = name
        session.lines[name] = line
        session.worker.send(Join(session.session_id, name, role.name))
        line.put(written(Welcome(WIRE_VERSION, session.session_id, resumed, WAITS_FOR_PAGE_S)))
        if role is PAGE:
            for raw in session.early:
                line.put(raw)
            session.early.clear()
        return name, line

    def take(self, session: Guided, name: str, raw: bytes, *, urgency: Urgency) -> None:
        """One message on to its room."""
        if session.worker.crowded and urgency is Urgency.NOW_OR_NEVER:
            session.left_out += 1
            return
        stop, fleeting = urgency is Urgency.STOP, urgency is Urgency.NOW_OR_NEVER
        session.worker.send(Take(session.session_id, name, raw, urgent=stop, fleeting=fleeting))

    def leave(self, session: Guided, name: str) -> None:
        """A connection is gone; without its page the session waits, then ends."""
        if session.lines.pop(name, None) is None or session.finished.done():
            return
        session.worker.send(Leave(session.session_id, name))
        if session.page == name:
            self._expect_page(session)

    def stop(self, session: Guided, *, unwell: bool) -> None:
        """A stop that was said while no line could bring it: it is in the record like any other, at
        the time at which it came."""
        name = secrets.token_hex(8)
        word = encode(Word(0, SignalKind.STOP, UNWELL if unwell else None))
        session.worker.send(Join(session.session_id, name, PAGE.name))
        session.worker.send(Take(session.session_id, name, word, urgent=True))

    async def end(self, session: Guided) -> Finished:
        """Finish and write everything. Raises NotOpenError where it broke."""
        session.worker.send(End(session.session_id))
        return await asyncio.shield(session.finished)

    async def close(self) -> None:
        """End every session, then every process."""
        for session in list(self._sessions.values()):
            if session.given_up is not None:
                session.given_up.cancel()
        await asyncio.gather(*(asyncio.to_thread(w.close) for w in self._workers.values()))
        while self._keeping:
            await asyncio.wait(self._keeping)

    def _expect_page(self, session: Guided) -> None:
        session.given_up = self._loop.call_later(
            WAITS_FOR_PAGE_S, session.worker.send, End(session.session_id)
        )

    def _hear(self, message: FromWorker) -> None:
        session = self._sessions.get(message.room)
        if session is None:
            return
        if session.held is not None:
            session.held.append(message)
        elif isinstance(message, Said):
            if session.page is None and message.line is None and not message.newest:
                session.early.append(message.raw)
            for name, line in session.lines.items():
                if message.line in (None, name):
                    line.put(message.raw, newest=message.newest)
        elif isinstance(message, Opened):
            session.opened.set_result(None)
        elif isinstance(message, Through):
            session.through = True
        elif isinstance(message, Ramped):
            self._ramped(decode(message.ramps, tuple[RampLed, ...]))
        elif isinstance(message, Broken) and not session.opened.done():
            self._cut(session, _not_open(message), session.opened)
        else:
            self._hold(session, message)

    def _hold(self, session: Guided, message: Alarmed | Ended | Broken) -> None:
        """Keep what is to be kept; what comes meanwhile is passed on after it, in its order."""
        session.held = deque()
        self._keep(self._kept(session, message))

    def _keep(self, what: Coroutine[Any, Any, None]) -> None:
        keeping = self._loop.create_task(what)
        self._keeping.add(keeping)
        keeping.add_done_callback(self._keeping.discard)

    async def _kept(self, session: Guided, message: Alarmed | Ended | Broken) -> None:
        if isinstance(message, Alarmed):
            await asyncio.wait([self._alarmed(session.session_id)], timeout=_KEPT_WITHIN_S)
        elif isinstance(message, Ended):
            await self._end(session, message)
        else:
            with suppress(LengthwiseError):
                await self._finished(Finished(session.session_id, None))
            self._cut(session, _not_open(message), session.finished)
        waited, session.held = session.held or deque(), None
        for later in waited:
            self._hear(later)

    async def _end(self, session: Guided, message: Ended) -> None:
        totals = decode(message.totals, SessionTotals)
        marks = decode(message.marks, tuple[Mark, ...])
        ramps = () if message.ramps is None else decode(message.ramps, tuple[RampLed, ...])
        found = Finished(session.session_id, totals, marks, ramps, message.screening_needed)
        try:
            await self._finished(found)
        except LengthwiseError as cause:
            # Its record is sealed: the next start lists it.
            why = NotOpenError(str(cause), cause.code, cause.values)
            self._cut(session, why, session.finished)
            return
        self._forget(session, Over(session.session_id, totals.complete))
        session.finished.set_result(found)

    def _cut(self, session: Guided, cause: NotOpenError, waited_for: "asyncio.Future[Any]") -> None:
        waited_for.set_exception(cause)
        waited_for.exception()  # nobody may be waiting for it
        last = Over(session.session_id, False, str(cause), cause.code, dict(cause.values))
        self._forget(session, last)

    def _lost(self, number: int) -> None:
        """A process is gone. Its sessions are cut off; what they recorded can be recovered. Another
        one takes its place when a session needs it."""
        gone = self._workers.pop(number, None)  # None: it was let go
        for session in [s for s in self._sessions.values() if s.worker is gone]:
            if session.opened.done():
                self._hear(Broken(session.session_id, LINES["cut_off"], "cut_off"))
            else:
                self._cut(session, _GoneError(), session.opened)

    def _forget(self, session: Guided, last: Over | None = None) -> None:
        self._sessions.pop(session.session_id, None)
        session.worker.rooms -= 1
        if session.given_up is not None:
            session.given_up.cancel()
        for line in session.lines.values():
            if last is not None:
                line.put(written(last))
            line.close()
