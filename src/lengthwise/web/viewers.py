"""Who only looks: a second screen of this machine, or a therapist beside the person who is led.

A viewer has a key of its own, which opens nothing else, and nothing that it says goes any further
than here. So whatever it does, the session and its record are the same as without it.
"""

import asyncio
import hmac
import secrets
from contextlib import suppress

from msgspec import Struct
from msgspec.msgpack import Decoder
from starlette.websockets import WebSocket, WebSocketDisconnect

from lengthwise.contracts.wire import (
    WIRE_VERSION,
    Credit,
    NotTakenError,
    Welcome,
    read_message,
    written,
)
from lengthwise.web.connection import POLICY, ended, first_words
from lengthwise.web.hub import WAITS_FOR_PAGE_S, Guided, Hub
from lengthwise.web.lines import Line

MOST_VIEWERS = 4
MOST_MESSAGES_A_SECOND = 120


class _Kind(Struct):
    type: str


_kind_of = Decoder(_Kind).decode


class ViewerLine(Line):
    """What waits for a viewer: of views and of decisions only the newest, each with the other, when
    it has said that it is ready for one. So it holds as little as one of each, and what it is sent
    is of that moment; what stood in a queue for it would be of the past.
    """

    def __init__(self) -> None:
        super().__init__()
        self._told: bytes | None = None
        self._credit = 1

    def put(self, raw: bytes, *, newest: bool = False) -> None:
        kind = "view" if newest else _kind_of(raw).type
        if kind == "windows":  # nothing on its screen is drawn by them
            return
        if not self.closed and kind == "told":
            self._told = raw
            return
        super().put(raw, newest=newest)

    def credit(self, views: int) -> None:
        """However often it is said: one is ready for one."""
        self._credit = min(max(views, 0), 1)
        self._something.set()

    def ready(self) -> bytes | None:
        if self._told is not None and self._view is not None and self._credit and not self.closed:
            raw, self._told = self._told, None
            return raw
        return super().ready()


def watched(hub: Hub, session_id: str, key: str) -> Guided | None:
    """The session, for who may look at it; None says no more than that."""
    session = hub.going_on_as(session_id)
    if session is None or not hmac.compare_digest(session.view_key.encode(), key.encode()):
        return None
    return session


def watch(session: Guided) -> tuple[str, ViewerLine] | None:
    """A viewer comes; None where there are as many as may be."""
    viewers = [line for line in session.lines.values() if isinstance(line, ViewerLine)]
    if len(viewers) >= MOST_VIEWERS:
        return None
    name, line = secrets.token_hex(8), ViewerLine()
    session.lines[name] = line
    welcome = Welcome(WIRE_VERSION, session.session_id, resumed=False, waits_s=WAITS_FOR_PAGE_S)
    line.put(written(welcome))
    return name, line


async def serve_viewer(hub: Hub, socket: WebSocket, session_id: str) -> None:
    """One viewer, from its first message (which must show the session's view key) to its end."""
    await socket.accept()
    hello = await first_words(socket)
    session = None if hello is None else watched(hub, session_id, hello.key)
    joined = None if session is None else watch(session)
    if session is None or joined is None:
        why = "no such session for this key" if session is None else "enough are looking already"
        with suppress(RuntimeError):
            await socket.close(POLICY, why)
        return
    name, line = joined
    sending = asyncio.create_task(_send(socket, line))
    try:
        await _receive(socket, line)
    finally:
        session.lines.pop(name, None)
        line.close()
        await ended(sending)


async def _receive(socket: WebSocket, line: ViewerLine) -> None:
    """Only that it is ready for more; who says anything else, or that too often, is let go."""
    clock, since_s, said = asyncio.get_running_loop().time, 0.0, 0
    while not line.closed:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        said += 1
        if clock() - since_s >= 1.0:
            since_s, said = clock(), 1
        try:
            read = read_message(message.get("bytes") or b"")
        except NotTakenError:
            read = None
        if not isinstance(read, Credit) or said > MOST_MESSAGES_A_SECOND:
            with suppress(RuntimeError):
                await socket.close(POLICY, "a viewer only looks")
            return
        line.credit(read.views)


async def _send(socket: WebSocket, line: Line) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):
        while (raw := await line.next()) is not None:
            await socket.send_bytes(raw)
        await socket.close()
