"""The pages of sessions that are over: drawn one after the other, each in a process that ends.

Drawing takes more memory than leading somebody, so no process that stays does it, and never two at
once, and none while somebody is led, whoever waits for it. What is drawn is the record
that was sealed before: whatever becomes of the page, the session is kept, and the page can be drawn
again.
"""

import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from enum import Enum
from pathlib import Path

from lengthwise.contracts.errors import LengthwiseError
from lengthwise.live import apart
from lengthwise.record.session_folder import REPORT_NAME
from lengthwise.record.store import ProfileStore
from lengthwise.vault.files import write_bytes

_MOST_AT_A_START = 10
"""After a crash one or two are missing. Of old ones more may be: those are drawn when asked for."""

_DRAWN_WITHIN_S = 900.0
"""Seconds on an idle machine; it yields to all others, so on a full one it may be long."""
_WAITED_FOR_S = 110.0
"""By who asks for a page that is being drawn."""
_NEXT_ONE_S = 2.0
"""In a row of exercises the next one is begun so soon; then its page can wait for it to end."""
_LOOKS_EVERY_S = 1.0
_LEFT_LYING_S = 1200.0
"""Longer than an exercise: a page is not kept from who forgot to end one."""


class Standing(Enum):
    """`NOT_DRAWN`: it could not be, or nobody has yet; it can be asked for."""

    THERE = "there"
    BEING_DRAWN = "being_drawn"
    NOT_DRAWN = "not_drawn"


class Reports:
    """Safe for use by several threads. `draw_page` is told the record, the totals and the folder of
    the profile, and hands back the page; `leads` whether a session goes on now, `led` whether
    somebody is before it, None: nobody ever is; `makes_room` is called before each page."""

    def __init__(
        self,
        store: Callable[[], ProfileStore],
        *,
        draw_page: Callable[..., bytes] | None = None,
        leads: Callable[[], bool] | None = None,
        led: Callable[[], bool] | None = None,
        makes_room: Callable[[], None] = lambda: None,
    ) -> None:
        self._store, self._leads, self._led = store, leads, led
        self._makes_room = makes_room
        self._ending = threading.Event()
        self._beside = False
        """Whether a session went on as this page was begun: it is drawn beside it, to its end."""
        self._draw_page = self._apart if draw_page is None else draw_page
        self._one_at_a_time = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reports")
        self._wanted: dict[str, None] = {}
        self._waiting: dict[str, None] = {}
        self._asked: set[str] = set()
        self._guard = threading.Condition()
        self.writing = threading.Lock()
        """Held by whoever deletes or encrypts what is kept: a page is not put into the middle of
        that."""

    def standing(self, session_id: str, *, there: bool) -> Standing:
        if there:
            return Standing.THERE
        with self._guard:
            drawn = session_id in self._wanted
        return Standing.BEING_DRAWN if drawn else Standing.NOT_DRAWN

    def first(self, session_id: str) -> None:
        """Of all that wait, this one is drawn first."""
        with self._guard:
            self._ask(session_id)

    def waited_for(self, session_id: str) -> bool:
        """Whether nothing is being drawn of it any more, after a while."""
        with self._guard:
            self._ask(session_id)
            return self._guard.wait_for(lambda: session_id not in self._wanted, _WAITED_FOR_S)

    def draw(self, session_id: str, *, asked: bool = False) -> None:
        """In its turn, which is at once where somebody `asked` and nobody is led; one that waits
        already is drawn once."""
        with self._guard:
            there_already = session_id in self._wanted
            self._wanted[session_id] = None
            if not there_already:
                self._waiting[session_id] = None
            if asked:
                self._ask(session_id)
        if not there_already:
            self._submit()

    def _submit(self) -> None:
        with suppress(RuntimeError):  # this server is ending: the next start draws it
            self._one_at_a_time.submit(self._draw_next)

    def _ask(self, session_id: str) -> None:
        if session_id in self._waiting:
            self._asked.add(session_id)
            self._guard.notify_all()

    def draw_missing(self, store: ProfileStore) -> None:
        """Those that an earlier start did not come to, the latest first."""
        missing = []
        for totals in reversed(store.sessions()):
            sealed = store.recording(totals.session_id)
            if sealed.is_file() and not sealed.with_name(REPORT_NAME).is_file():
                missing.append(totals.session_id)
        for session_id in reversed(missing[:_MOST_AT_A_START]):
            self.draw(session_id)

    def close(self) -> None:
        """What is not drawn yet is drawn by the next start."""
        with self._guard:
            self._ending.set()
            self._guard.notify_all()
        self._one_at_a_time.shutdown(cancel_futures=True)

    def _draw_next(self) -> None:
        session_id = self._next()
        if session_id is not None:
            self._makes_room()
            self._drawn(session_id)

    def _next(self) -> str | None:
        """The one that somebody waits for, else the latest; None: this server is ending."""
        begun_s = time.monotonic()
        with self._guard:
            if self._leads is not None and not (self._asked or self._ending.is_set()):
                self._guard.wait(_NEXT_ONE_S)
            while not self._ending.is_set() and self._led_since(begun_s):
                self._guard.wait(_LOOKS_EVERY_S)
            if self._ending.is_set():
                return None
            found = next(reversed([i for i in self._waiting if i in self._asked] or self._waiting))
            del self._waiting[found]
            self._asked.discard(found)
            self._beside = self._goes_on()
            return found

    def _goes_on(self) -> bool:
        return self._leads is not None and self._leads()

    @property
    def _given_up(self) -> bool:
        """This server is ending, or somebody has begun: then the page is drawn after that."""
        return self._ending.is_set() or (not self._beside and self._goes_on())

    def _led_since(self, begun_s: float) -> bool:
        """A page that somebody waits for waits itself for who is before a session, and not for a
        session that was left lying."""
        waits_for = self._led if self._asked else self._leads
        within = time.monotonic() - begun_s < _LEFT_LYING_S
        return within and waits_for is not None and waits_for()

    def _drawn(self, session_id: str) -> None:
        later = False
        try:
            self._written(session_id)
        except (LengthwiseError, OSError) as cause:
            if self._given_up:
                later = not self._ending.is_set()
                return
            # Of the terminal; the page says that it is not drawn, and offers to try again.
            print(f"the report of session {session_id} is not drawn: {cause}", file=sys.stderr)
        finally:
            with self._guard:
                if later:
                    self._waiting[session_id] = None
                else:
                    self._wanted.pop(session_id, None)
                self._guard.notify_all()
            if later:
                self._submit()

    def _written(self, session_id: str) -> None:
        with self.writing, self._store() as store:
            sealed, folder = store.recording(session_id), store.folder
            totals = next(t for t in store.sessions() if t.session_id == session_id)
        page = self._draw_page(sealed, totals, folder)
        with self.writing:
            if sealed.is_file():  # else it was deleted meanwhile
                write_bytes(sealed.with_name(REPORT_NAME), page)

    def _apart(self, sealed: Path, totals: object, folder: Path) -> bytes:
        def done(use_case: str, *given: object, opened: Path | None = None) -> bytes:
            found: bytes = apart.call(
                use_case,
                *given,
                opened=opened,
                within_s=_DRAWN_WITHIN_S,
                given_up=lambda: self._given_up,
            )
            return found

        written = done(apart.REPORT_WRITTEN, sealed, totals, opened=folder)
        return done(apart.REPORT_DRAWN, written)
