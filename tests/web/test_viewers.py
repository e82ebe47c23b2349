"""Who only looks changes nothing for who is led, sees the present, and opens nothing else."""

import asyncio
import multiprocessing
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import websockets
from hypothesis import given
from hypothesis import strategies as st
from test_server import GOOD, NEW, Server, led, read, to_bytes, views

from lengthwise.contracts.decision import Decision
from lengthwise.contracts.observation import SignalKind
from lengthwise.contracts.session import SessionStarted
from lengthwise.contracts.wire import (
    Clock,
    Credit,
    FromSession,
    Hello,
    Landmarks,
    Over,
    Refused,
    Shown,
    Told,
    Welcome,
    Word,
    written,
)
from lengthwise.live.load.person import Drawn, drawn, rehearsed
from lengthwise.live.roles import PAGE
from lengthwise.live.rooms import Rooms
from lengthwise.live.workers import FromWorker, Open, ToWorker
from lengthwise.reference.screening import screening
from lengthwise.web.hub import Guided, Hub, Urgency
from lengthwise.web.viewers import MOST_VIEWERS, ViewerLine, watch, watched

LED_S = 20.0
STALE_S = 0.3
BUSY_S = 1.01
"""A hair more than a second, so that it is ready at any time between two images."""
BEGUN_S = 1000.0
from_worker = msgspec.msgpack.Decoder(FromWorker)


class OneProcess:
    """The inside of a process and the edge around it, on one clock that is set by hand."""

    crowded = False

    def __init__(self) -> None:
        self.now_s, self.rooms = BEGUN_S, 0
        self._edge, inside = multiprocessing.Pipe()
        self._inside = Rooms(inside, clock_s=lambda: self.now_s)
        self.hub = Hub(processes=0, alarmed=lambda _: None, finished=lambda _: None, ramped=print)
        self.hub._workers = {0: self}  # type: ignore[dict-item]

    def send(self, message: ToWorker) -> None:
        if isinstance(message, Open):
            # Opened here and now, so that no thread decides at what time the session begins.
            self._inside._open(message)
            self._inside._let_time_pass()
        else:
            self._edge.send_bytes(msgspec.msgpack.encode(message))

    def turn(self, now_s: float) -> None:
        """All that was sent is taken, time passes, and all that is said is heard."""
        self.now_s = now_s
        self._inside._read(0.0)
        while self._inside._waiting:
            self._inside._take(self._inside._waiting.popleft())
        self._inside._let_time_pass()
        while self._edge.poll():
            self.hub._hear(from_worker.decode(self._edge.recv_bytes()))

    async def opened(self, started: SessionStarted, folder: Path) -> Guided:
        opening = asyncio.ensure_future(self.hub.open(started, folder))
        await asyncio.sleep(0)
        self.turn(self.now_s)
        return await opening


class SlowViewer:
    """Takes one view out of its socket, is busy with it for a second, says that it is ready again.
    What the server sends meanwhile lies in the socket and grows old there."""

    def __init__(self, session: Guided) -> None:
        joined = watch(session)
        assert joined is not None
        self.line = joined[1]
        self.stale_s: list[float] = []
        self.heard: list[FromSession] = []
        self._socket: deque[bytes] = deque()
        self._busy_until_s: float | None = None

    def look(self, now_s: float) -> None:
        if self._busy_until_s is not None and now_s >= self._busy_until_s:
            self._busy_until_s = None
            self.line.credit(1)
        self._socket.extend(iter(self.line.ready, None))
        while self._socket and self._busy_until_s is None:
            self.heard.append(read.decode(self._socket.popleft()))
            if isinstance(self.heard[-1], Shown):
                self.stale_s.append(now_s - BEGUN_S - self.heard[-1].t_s)
                self._busy_until_s = now_s + BUSY_S


async def led_for(
    person: Drawn, started: SessionStarted, folder: Path, *, viewed: bool
) -> tuple[list[FromSession], SlowViewer | None]:
    """What the page hears, and the viewer, of the first `LED_S`. The record is in `folder`."""
    process = OneProcess()
    session = await process.opened(started, folder)
    name, page = process.hub.join(session, PAGE)
    viewer = SlowViewer(session) if viewed else None
    heard: list[FromSession] = []
    seq = 0

    def say(message: Clock | Landmarks | Word) -> None:
        process.hub.take(session, name, to_bytes(message), urgency=Urgency.IN_TURN)

    say(Clock(0.0))
    say(Clock(0.0, (0.0, 0.0, 0.0)))
    steps: Iterator = iter(person.steps)
    step = next(steps)
    for n in range(round(LED_S / 0.01)):
        now_s = BEGUN_S + 0.01 * n
        while step is not None and BEGUN_S + step.t_s <= now_s:
            seq += 1
            if step.word is None:
                say(Landmarks(seq, step.t_s, 1, step.values))
            else:
                say(Word(seq, step.word, step.value))
            step = next(steps, None)
        process.turn(now_s)
        while (raw := page.ready()) is not None:
            heard.append(read.decode(raw))
            page.credit(1)
        if viewer is not None:
            viewer.look(now_s)
    process._inside._rooms[session.session_id].end()
    return heard, viewer


def test_a_viewer_that_reads_once_a_second_changes_nothing_and_sees_the_present(
    tmp_path: Path,
) -> None:
    person = drawn(3, seconds=LED_S)
    started = rehearsed(3, seconds=LED_S)[1]
    with_it, without = tmp_path / "with", tmp_path / "without"
    for folder in (with_it, without):
        folder.mkdir()
    alone, _ = asyncio.run(led_for(person, started, without, viewed=False))
    beside, viewer = asyncio.run(led_for(person, started, with_it, viewed=True))
    assert viewer is not None
    decisions = [m.decision for m in alone if isinstance(m, Told)]
    assert len(decisions) > 5 and any(isinstance(m, Shown) for m in alone)
    assert [written(m) for m in beside] == [written(m) for m in alone]
    for name in ("session.mcap", "events.jsonl", "body.csv", "tissue.csv", "summary.json"):
        assert (with_it / name).read_bytes() == (without / name).read_bytes(), name
    assert len(viewer.stale_s) == pytest.approx(LED_S, abs=2.0)
    assert 0.0 < max(viewer.stale_s) <= STALE_S
    told: list[Decision] = [m.decision for m in viewer.heard if isinstance(m, Told)]
    assert told and [d for d in decisions if d in told] == told, "some of them, in their order"


@given(st.lists(st.sampled_from(["view", "told", "credit", "drain"]), max_size=60))
def test_what_waits_for_a_viewer_is_the_newest_view_and_the_newest_decision(
    script: list[str],
) -> None:
    line, newest, decided = ViewerLine(), b"", b""
    for n, what in enumerate(script):
        if what == "view":
            newest = written(Refused("stands for a view", n))
            line.put(newest, newest=True)
        elif what == "told":
            decided = msgspec.msgpack.encode({"type": "told", "seq": n})
            line.put(decided)
        elif what == "credit":
            line.credit(9)
        else:
            out = list(iter(line.ready, None))
            assert out in ([], [newest], [decided, newest])


def test_a_viewer_that_reads_nothing_costs_one_view_and_one_decision() -> None:
    line = ViewerLine()
    line.put(written(Welcome(1, "x", resumed=False, waits_s=120.0)))
    for n in range(100_000):
        line.put(b"\x82\xa4type\xa4told\xa3seq" + msgspec.msgpack.encode(n))
        line.put(b"v%d" % n, newest=True)
    line.put(written(Over("x", complete=True)))
    assert not line.closed
    assert len(list(iter(line.ready, None))) == 4


def test_no_more_look_on_than_may(tmp_path: Path) -> None:
    async def looks() -> list[bool]:
        process = OneProcess()
        session = await process.opened(rehearsed(3, seconds=1.0)[1], tmp_path)
        found = [watch(session) is not None for _ in range(MOST_VIEWERS + 1)]
        assert watched(process.hub, session.session_id, session.key) is None
        assert watched(process.hub, session.session_id, session.view_key) is session
        assert process.hub.session(session.session_id, session.view_key) is None
        assert not session.led, "who looks on leads nobody"
        process._inside._rooms[session.session_id].end()
        return found

    assert asyncio.run(looks()) == [True] * MOST_VIEWERS + [False]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path)
    yield running
    assert "Traceback" not in running.stop()


async def viewed(server: Server, session_id: str, key: str, *then: FromSession) -> int | None:
    """The close code of a viewer that says `then` once it has seen a view or was let go."""
    url = server.origin.replace("http", "ws") + f"/api/sessions/{session_id}/view"
    async with asyncio.timeout(60.0):
        # No cookie: another browser of this machine has none.
        async with websockets.connect(url, origin=server.origin, compression=None) as socket:
            await socket.send(to_bytes(Hello(1, key)))
            try:
                async for raw in socket:
                    if isinstance(read.decode(raw), Shown):
                        await socket.send(to_bytes(Credit(1)))
                        for message in then:
                            await socket.send(to_bytes(message))
            except websockets.ConnectionClosedError:
                pass
            return socket.close_code


def test_the_view_key_shows_and_does_nothing_else(server: Server) -> None:
    server.client.post("/api/screening", json={"version": screening().version, "answers": GOOD})
    opened = server.client.post("/api/sessions", json=NEW).json()
    session_id, key = opened["session_id"], opened["key"]
    where = f"/api/sessions/{session_id}/view"
    assert server.client.post(where, headers={"x-key": "x" * 43}).status_code == 404
    link = server.client.post(where, headers={"x-key": key}).json()["link"]
    view_key = link.partition("view=")[2]
    assert link.startswith("/viewer.html#") and view_key and view_key != key

    async def both() -> tuple[list[FromSession], int | None]:
        looking = asyncio.create_task(
            viewed(server, session_id, view_key, Word(1, SignalKind.STOP))  # type: ignore[arg-type]
        )
        heard = await led(server, key, session_id)
        return heard, await looking

    heard, code = asyncio.run(both())
    assert code == 1008, "it said more than that it is ready"
    stops = [m for m in heard if isinstance(m, Told) and m.decision.kind == "stop"]
    assert len(stops) == 1 and len(views(heard)) >= 10, "the page's own stop, and no other"
    assert asyncio.run(viewed(server, session_id, key)) == 1008
    with pytest.raises(websockets.ConnectionClosed):
        asyncio.run(led(server, view_key, session_id))
