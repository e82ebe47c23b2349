"""A page's stream towards the server in this process: led a moment, as a browser would be."""

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
from starlette.testclient import TestClient, WebSocketTestSession

from lengthwise.contracts.wire import (
    Clock,
    ClockAnswer,
    Credit,
    FromSession,
    Hello,
    Landmarks,
    Shown,
    Welcome,
)
from served_inside import STREAMS

to_bytes = msgspec.msgpack.Encoder().encode
read = msgspec.msgpack.Decoder(FromSession)
TABLE = np.full((33, 7), 0.5, dtype="<f4").tobytes()


def end(client: TestClient, opened: dict[str, str]) -> None:
    path = f"/api/sessions/{opened['session_id']}/end"
    assert client.post(path, headers={"x-key": opened["key"]}).status_code == 200


def stream(client: TestClient, opened: dict[str, str]) -> WebSocketTestSession:
    return client.websocket_connect(f"{STREAMS}/{opened['session_id']}/stream")


def heard_until(socket: WebSocketTestSession, holds: Callable[[Any], bool]) -> list[Any]:
    heard: list[Any] = []
    while not heard or not holds(heard[-1]):
        heard.append(read.decode(socket.receive_bytes()))
        if isinstance(heard[-1], Shown):
            socket.send_bytes(to_bytes(Credit(1)))
    return heard


def is_led(client: TestClient, opened: dict[str, str]) -> None:
    """A page that comes (back) sees itself three times."""
    with stream(client, opened) as socket:
        socket.send_bytes(to_bytes(Hello(1, opened["key"])))
        heard_until(socket, lambda m: isinstance(m, Welcome))
        compare_clocks(socket)
        for seq in range(3):
            socket.send_bytes(to_bytes(Landmarks(seq, 1.2 + seq / 10, 1, TABLE)))
            heard_until(socket, lambda m: isinstance(m, Shown))


def compare_clocks(socket: WebSocketTestSession) -> None:
    socket.send_bytes(to_bytes(Clock(1.0)))
    answer = heard_until(socket, lambda m: isinstance(m, ClockAnswer))[-1]
    socket.send_bytes(to_bytes(Clock(1.2, (1.0, answer.answered_s, 1.1))))
    heard_until(socket, lambda m: isinstance(m, ClockAnswer))
