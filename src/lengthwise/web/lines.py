"""One connection towards a screen: nothing of what was decided is lost, and no view is ever old.

Decisions and answers stand in a queue; of views only the newest is kept, and it goes out when the
other end has said that it welcomes one (credit). A screen that reads slowly therefore holds up
nobody and shows the present. One that reads nothing at all is let go.
"""

import asyncio
from collections import deque

MOST_WAITING = 512
MOST_CREDIT = 4
CREDIT_AT_FIRST = 2


class Line:
    """What waits for one connection. Used from one event loop only."""

    def __init__(self) -> None:
        self._lossless: deque[bytes] = deque()
        self._view: bytes | None = None
        self._credit = CREDIT_AT_FIRST
        self._something = asyncio.Event()
        self.closed = False
        self.skipped = 0

    def put(self, raw: bytes, *, newest: bool = False) -> None:
        if self.closed:
            return
        if newest:
            self.skipped += self._view is not None
            self._view = raw
        else:
            self._lossless.append(raw)
            self.closed = len(self._lossless) > MOST_WAITING
        self._something.set()

    def credit(self, views: int) -> None:
        self._credit = min(self._credit + max(views, 0), MOST_CREDIT)
        self._something.set()

    def close(self) -> None:
        """What waits still goes out; then `next` says that it was all."""
        self.closed = True
        self._something.set()

    def ready(self) -> bytes | None:
        """The next message that may go out now, taken out; None for none."""
        if self._lossless:
            return self._lossless.popleft()
        if self._view is None or self._credit <= 0 or self.closed:
            return None
        raw, self._view = self._view, None
        self._credit -= 1
        return raw

    async def next(self) -> bytes | None:
        """The next message to send, waited for; None once closed and empty."""
        while (raw := self.ready()) is None:
            if self.closed:
                return None
            self._something.clear()
            await self._something.wait()
        return raw
