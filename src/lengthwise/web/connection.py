"""How a connection begins and ends, whoever it is of: a first message with a key, no task left."""

import asyncio
from contextlib import suppress

from starlette.websockets import WebSocket, WebSocketDisconnect

from lengthwise.contracts.wire import Hello, NotTakenError, read_message

HELLO_WITHIN_S = 10.0
POLICY = 1008
"""Close code of who is not let in, or let go for what it said."""


async def first_words(socket: WebSocket) -> Hello | None:
    """The first message, with its key; None where it was late, or was any other."""
    try:
        raw = await asyncio.wait_for(socket.receive_bytes(), HELLO_WITHIN_S)
        hello = read_message(raw)
    except (TimeoutError, NotTakenError, KeyError, WebSocketDisconnect):
        return None
    return hello if isinstance(hello, Hello) else None


async def ended(sending: asyncio.Task[None]) -> None:
    sending.cancel()
    with suppress(asyncio.CancelledError):
        await sending
