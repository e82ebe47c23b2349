"""Whatever comes through a stream is refused and counted, and the session is led on afterwards."""

import math
import random
import secrets
import struct
from collections.abc import Callable, Iterator

import msgspec
import numpy as np
import pytest
from hypothesis import settings
from led_inside import TABLE, compare_clocks, end, heard_until, is_led, stream, to_bytes
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from lengthwise.contracts.wire import (
    MOST_BYTES,
    Clock,
    Credit,
    Hello,
    Landmarks,
    Refused,
    Welcome,
)
from served_inside import GOOD, NEW, STREAMS, served

NEW_ONES = settings.get_current_profile_name() == "new"
MESSAGES = 5000 if NEW_ONES else 300
SEED = secrets.randbelow(10**9) if NEW_ONES else 11
NAN, FAR = math.nan, 2**63 - 1
Sent = bytes | str


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with served(tmp_path_factory.mktemp("home"), processes=1) as inside:
        assert inside.post("/api/screening", json=GOOD).status_code == 200
        yield inside


@pytest.fixture
def opened(client: TestClient) -> Iterator[dict[str, str]]:
    begun = client.post("/api/sessions", json=NEW)
    assert begun.status_code == 201, begun.text
    yield begun.json()
    end(client, begun.json())


def whole(rng: random.Random) -> bytes:
    """A message that could be taken; none of them says a word, which might end the session."""
    return to_bytes(
        rng.choice(
            [
                Landmarks(rng.randrange(-5, 50), rng.uniform(-10, 10), 1, TABLE),
                Clock(rng.uniform(-10, 10), (0.0, 0.1, 0.2)),
                Hello(1, "x" * 43),
            ]
        )
    )


def surely_refused(rng: random.Random) -> Sent:
    """What no part of a message's form allows."""
    raw = whole(rng)
    word = {"type": "word", "seq": 1, "kind": "stop"}
    image = {"type": "landmarks", "seq": 10**6, "t_s": 2.0, "people": 1, "values": TABLE}
    packed = msgspec.msgpack.encode
    ways: list[Callable[[], Sent]] = [
        lambda: b"",
        lambda: b"\xc1" + rng.randbytes(rng.randrange(200)),
        lambda: raw[: rng.randrange(len(raw))],
        lambda: raw + b"\0",
        lambda: raw.ljust(MOST_BYTES + rng.randrange(1, 3 * MOST_BYTES), b"\0"),
        lambda: b"\x91" * rng.choice([100, 3000, MOST_BYTES]),
        lambda: b"\x81\xa1a" * rng.choice([100, 1300]),
        lambda: b"\xdd\xff\xff\xff\xff" + raw,
        lambda: "stop",
        lambda: raw.decode("latin-1"),
        lambda: "\0" * rng.randrange(100),
        lambda: to_bytes(Hello(1, "x" * 43)),
        lambda: packed({"type": "hello", "version": 2, "key": "x"}),
        lambda: packed(word | {"seq": "1"}),
        lambda: packed(word | {"kind": "jump"}),
        lambda: packed(word | {"more": 1}),
        lambda: packed(word | {"value": "7"}),
        lambda: packed(image | {"values": TABLE[:-1]}),
        lambda: packed(image | {"values": TABLE.hex()}),
        lambda: packed(image | {"people": 1.5}),
        lambda: packed(image | {"t_s": None}),
        lambda: packed({"type": "motion", "seq": 1, "values": struct.pack("<7d", *[NAN] * 7)}),
        lambda: packed({"type": "clock", "sent_s": [1.0]}),
        lambda: packed({"type": "credit", "views": NAN}),
        lambda: packed({"type": "no_such"}),
        lambda: packed([1, 2, 3]),
        lambda: packed(None),
    ]
    return rng.choice(ways)()


def perhaps_taken(rng: random.Random, seq: int) -> Sent:
    """What may or may not be taken, by its values; it must do no harm either way. `seq` grows, so
    that it is not turned away for its place alone."""
    raw = bytearray(whole(rng))
    for _ in range(rng.randrange(1, 4)):
        raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    table = np.frombuffer(TABLE, "<f4").copy()
    table[rng.randrange(len(table))] = rng.choice([np.nan, np.inf, -np.inf, 3e38, -1.0])
    odd = rng.choice([NAN, math.inf, -math.inf, 1e308, -1e308, 0.0])
    return rng.choice(
        [
            bytes(raw),
            to_bytes(Landmarks(seq, odd, 1, TABLE)),
            to_bytes(Landmarks(seq, 1.5, rng.choice([-1, 0, 7, FAR]), TABLE)),
            to_bytes(Landmarks(seq, 1.5, 1, table.tobytes())),
            to_bytes(Clock(odd)),
            to_bytes(Clock(1.0, (odd, rng.choice([odd, 1.0]), -odd))),
            to_bytes(Credit(rng.choice([-FAR - 1, FAR, 0, -1]))),
        ]
    )


def send(socket: WebSocketTestSession, what: Sent) -> None:
    socket.send_text(what) if isinstance(what, str) else socket.send_bytes(what)


def test_what_is_no_message_is_refused_counted_and_harmless(
    client: TestClient, opened: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    rng = random.Random(SEED)
    print(f"seed {SEED}")
    wrong = 0
    with stream(client, opened) as socket:
        socket.send_bytes(to_bytes(Hello(1, opened["key"])))
        assert isinstance(heard_until(socket, lambda _: True)[-1], Welcome)
        compare_clocks(socket)
        for seq in range(MESSAGES):
            if rng.random() < 0.6:
                wrong += 1
                send(socket, surely_refused(rng))
                # Heard one by one: what waits for a page in a line is bounded.
                heard_until(socket, lambda m: isinstance(m, Refused))
            else:
                send(socket, perhaps_taken(rng, seq))
        send(socket, b"")
        heard = heard_until(socket, lambda m: isinstance(m, Refused) and m.count > wrong)
        assert heard[-1].count >= wrong + 1
    is_led(client, opened)
    said = capfd.readouterr()
    assert "Traceback" not in said.err and "Traceback" not in said.out


def test_sent_again_or_too_late_nothing_is_taken_twice(
    client: TestClient, opened: dict[str, str]
) -> None:
    with stream(client, opened) as socket:
        socket.send_bytes(to_bytes(Hello(1, opened["key"])))
        compare_clocks(socket)
        frames = [to_bytes(Landmarks(seq, 1.2 + seq / 30, 1, TABLE)) for seq in range(5)]
        for raw in frames:
            socket.send_bytes(raw)
        for raw in reversed(frames):
            socket.send_bytes(raw)
        heard = heard_until(socket, lambda m: isinstance(m, Refused) and m.count == 5)
        refused = [m for m in heard if isinstance(m, Refused)]
        assert all("older" in m.what for m in refused) and len(refused) == 5
    is_led(client, opened)


FIRST: list[Sent] = [
    b"",
    b"\xff" * 100,
    "hello",
    to_bytes(Hello(1, "x" * 43)),
    msgspec.msgpack.encode({"type": "hello", "version": 2, "key": "x"}),
    msgspec.msgpack.encode({"type": "hello", "version": 1, "key": None}),
    to_bytes(Landmarks(1, 1.0, 1, TABLE)),
    b"\x91" * MOST_BYTES,
    b"\0" * (MOST_BYTES + 1),
]


def test_who_does_not_show_the_key_first_is_put_out(
    client: TestClient, opened: dict[str, str]
) -> None:
    places = (f"{STREAMS}/{opened['session_id']}/stream", f"{STREAMS}/no_such/stream")
    for place in places:
        for first in FIRST:
            with client.websocket_connect(place) as socket, pytest.raises(WebSocketDisconnect):
                send(socket, first)
                socket.receive_bytes()
    is_led(client, opened)
