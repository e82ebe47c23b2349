"""The stream of one session: messages in from a page or a phone, messages out to it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from starlette.websockets import WebSocket, WebSocketDisconnect

from lengthwise.contracts.observation import SignalKind
from lengthwise.contracts.wire import (
    MOST_BYTES,
    Credit,
    Landmarks,
    Motion,
    NotTakenError,
    Word,
    read_message,
)
from lengthwise.live.roles import Role
from lengthwise.web.connection import POLICY, ended, first_words
from lengthwise.web.hub import Guided, Hub, Urgency
from lengthwise.web.lines import Line


async def serve_stream(
    hub: Hub,
    socket: WebSocket,
    session_id: str,
    role: Role,
    *,
    may_lead: Callable[[Guided], Awaitable[bool]] | None = None,
) -> None:
    """One connection, from its first message (which must show the session's key) to its end.
    `may_lead`: asked before a page is let in, also one that comes back: a key alone leads nobody.
    """
    # Asked before the line is open: what waits behind it would lengthen the first comparison of the
    # clocks, which is taken as long one way as the other.
    meant = hub.going_on_as(session_id)
    led = may_lead is None or (meant is not None and await may_lead(meant))
    await socket.accept()
    hello = await first_words(socket)
    session = None if hello is None else hub.session(session_id, hello.key)
    if session is None:
        with suppress(RuntimeError):
            await socket.close(POLICY, "no such session for this key")
        return
    if not led or (may_lead is not None and session is not meant):
        with suppress(RuntimeError):
            await socket.close(POLICY, "the safety questions come first")
        return
    name, line = hub.join(session, role)
    sending = asyncio.create_task(_send(socket, line))
    try:
        await _receive(hub, socket, session, name, line)
    finally:
        hub.leave(session, name)
        line.close()
        await ended(sending)


async def _receive(hub: Hub, socket: WebSocket, session: Guided, name: str, line: Line) -> None:
    while not line.closed:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        raw = message.get("bytes")
        # Text, and what is too long, goes on as nothing, to be counted where all else is.
        raw = raw if raw is not None and len(raw) <= MOST_BYTES else b""
        urgency = Urgency.IN_TURN
        with suppress(NotTakenError):
            read = read_message(raw)
            if isinstance(read, Credit):
                line.credit(read.views)
                continue
            if isinstance(read, Landmarks | Motion):
                urgency = Urgency.NOW_OR_NEVER
            elif isinstance(read, Word) and read.kind is SignalKind.STOP:
                urgency = Urgency.STOP
        hub.take(session, name, raw, urgency=urgency)


async def _send(socket: WebSocket, line: Line) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):
        while (raw := await line.next()) is not None:
            await socket.send_bytes(raw)
        await socket.close()
