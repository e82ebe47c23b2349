"""How long who came in may stay: as long as something is done, and two hours more.

No session lasts that long without a word to the server, so nobody is put out in the middle of one;
and a browser that is left behind on a shared machine opens nothing the same evening. A fixed time
would do neither: twelve hours are a whole evening, and they end in the middle of a session.
"""

import hmac
import secrets
import time
from collections.abc import Callable

IDLE_S = 2 * 3600.0


class Door:
    """The cookie of this start, renewed by every use; after `IDLE_S` without any it is another."""

    def __init__(self, *, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self._used_s = clock_s()
        self._cookie = secrets.token_urlsafe(32)

    @property
    def cookie(self) -> str:
        """What lets in now."""
        if self.idle:
            self._cookie = secrets.token_urlsafe(32)
            self._used_s = self._clock_s()
        return self._cookie

    @property
    def idle(self) -> bool:
        return self.idle_in_s <= 0.0

    @property
    def idle_in_s(self) -> float:
        """How long it stays open from now on, where nothing is done; 0 or less: it is over."""
        return IDLE_S - (self._clock_s() - self._used_s)

    def admits(self, shown: str | None) -> bool:
        """Whether a cookie lets in; then it may be used for as long again."""
        if not same(shown, self.cookie):
            return False
        self._used_s = self._clock_s()
        return True


def same(a: str | None, b: str) -> bool:
    """Compared in a time that tells nothing."""
    return a is not None and hmac.compare_digest(a.encode(), b.encode())
