"""Rooms in processes of their own, each pinned to one: what computes never holds up who listens.

The holder of a `Worker` sends bytes to a room and gets back what it says, in order, by `hear`. What
is in the process is `live/rooms.py`; nothing of it is loaded here.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from lengthwise.live import nursery
from lengthwise.live.workers import (
    MOST_WAITING,
    Close,
    FromWorker,
    ToWorker,
    bytes_of,
    cut,
    framed,
    from_worker,
    overtakes,
)

_WORK = "lengthwise.live.rooms:work"


class Worker(asyncio.Protocol):
    """One process and the rooms in it. Used from one event loop only, by which `hear` and `gone`
    are called.

    Nothing here waits for the process: what it cannot take yet stands in a queue, and where that
    grows long the process cannot keep up, so an image more would only make all others older. No
    thread stands between: handing a message from one to the next costs more than writing it.
    """

    def __init__(self, hear: Callable[[FromWorker], None], gone: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._process = nursery.Process(_WORK)
        self._hear, self._gone = hear, gone
        self._first: deque[ToWorker] = deque()
        self._waiting: deque[ToWorker] = deque()
        self._line: asyncio.WriteTransport | None = None
        self._full = self._closing = False
        self._came = b""
        self._begun: asyncio.Future[bool] = self._loop.create_future()
        self._over: asyncio.Future[None] = self._loop.create_future()
        self._connecting: asyncio.Task[object] | None = None
        self._ending: asyncio.Task[None] | None = None
        # Beginning waits for the nursery, so nobody else waits for it.
        threading.Thread(target=self._begin, daemon=True).start()
        self.rooms = 0

    @property
    def crowded(self) -> bool:
        return len(self._waiting) > MOST_WAITING

    def send(self, message: ToWorker) -> None:
        """In order, but for what is urgent."""
        (self._first if overtakes(message) else self._waiting).append(message)
        self._hand_on()

    async def close(self) -> None:
        """Let it finish what it records, then wait for it, and for all that it says to be heard.
        Closed by two at once, as an idle process while the server ends, it is one end."""
        if self._ending is None:
            self._ending = self._loop.create_task(self._end())
        await asyncio.shield(self._ending)

    async def _end(self) -> None:
        self.send(Close())
        await asyncio.wait([self._begun], timeout=60.0)
        if self._begun.done() and self._begun.result():
            await asyncio.to_thread(self._process.finish, within_s=30.0)
            await asyncio.wait([self._over], timeout=5.0)

    def _begin(self) -> None:
        try:
            self._process.start()
        except (OSError, EOFError):
            then = self._not_begun
        else:
            then = self._connect
        with suppress(RuntimeError):  # the loop is closed: nobody is there to hear it
            self._loop.call_soon_threadsafe(then)

    def _not_begun(self) -> None:
        self._begun.set_result(False)
        self._gone()

    def _connect(self) -> None:
        connecting = self._loop.create_connection(lambda: self, sock=self._process.taken())
        self._connecting = self._loop.create_task(connecting)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        transport.set_write_buffer_limits(high=0)
        self._line = transport
        self._begun.set_result(True)
        self._hand_on()

    def pause_writing(self) -> None:
        self._full = True

    def resume_writing(self) -> None:
        self._full = False
        self._hand_on()

    def data_received(self, data: bytes) -> None:
        messages, self._came = cut(self._came + data)
        for raw in messages:
            self._loop.call_soon(self._hear, from_worker.decode(raw))

    def connection_lost(self, _cause: Exception | None) -> None:
        self._line = None
        self._over.set_result(None)
        self._gone()

    def _hand_on(self) -> None:
        while self._line is not None and not (self._full or self._closing):
            if not (self._first or self._waiting):
                return
            message = (self._first or self._waiting).popleft()
            # Behind a close nobody reads: what is told to nobody would cut off what is still heard.
            self._closing = isinstance(message, Close)
            self._line.write(framed(bytes_of(message)))
