"""The WebSocket of the server: reads on, but for who sends faster than it is taken."""

import asyncio
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from lengthwise.web.socket import MOST_UNTAKEN, Socket


class Transport:
    def __init__(self) -> None:
        self.told: list[str] = []

    def pause_reading(self) -> None:
        self.told.append("pause")

    def resume_reading(self) -> None:
        self.told.append("resume")


async def _taken(messages: int) -> tuple[list[str], list[Any]]:
    async def app(_scope: object, _receive: object, _send: object) -> None: ...

    config = uvicorn.Config(
        app, log_level="critical", interface="asgi3", ws_per_message_deflate=False
    )
    config.load()
    socket = Socket(config, ServerState(), {})
    transport = Transport()
    socket.transport = transport  # type: ignore[assignment]
    for n in range(messages):
        socket.frames = [b"%d" % n]
        socket.send_receive_event_to_app()
    found: list[Any] = [await socket.receive() for _ in range(messages)]
    return transport.told, [m["bytes"] for m in found]


@pytest.mark.parametrize(
    ("messages", "told"),
    [(1, []), (MOST_UNTAKEN, []), (3 * MOST_UNTAKEN, ["pause", "resume"])],
)
def test_it_stops_reading_only_where_several_wait(messages: int, told: list[str]) -> None:
    found = asyncio.run(_taken(messages))
    assert found == (told, [b"%d" % n for n in range(messages)])
