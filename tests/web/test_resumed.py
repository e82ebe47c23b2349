"""A simulated person is led over a real socket; in mid-hold the server is killed, twice."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import msgspec
import numpy as np
import pytest
import websockets

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Guidance, Phase
from lengthwise.contracts.observation import LandmarkFrame, Observation, PersonSignal, SignalKind
from lengthwise.contracts.session import FrameLogged, ObservationLogged, RejectionLogged
from lengthwise.contracts.wire import (
    Clock,
    ClockAnswer,
    Credit,
    FromSession,
    Hello,
    Landmarks,
    Shown,
    Welcome,
    Word,
)
from lengthwise.record.log_reading import read_log
from lengthwise.reference.screening import screening
from lengthwise.sim.recording import Plan, SimulatedRecording
from replayed import replayed_decisions
from served import Server

ANSWERS = {
    "version": screening().version,
    "answers": {q.id: q.good.value for q in screening().question},
}
PLAN = Plan("standing_side_bend", Side.LEFT, seed=3, sensors="camera", stand_s=0.0)
HELD_S = 2.0
LATE_S = 0.1
PATIENCE_S = 90.0
to_bytes = msgspec.msgpack.Encoder().encode
read = msgspec.msgpack.Decoder(FromSession)


def values(frame: LandmarkFrame) -> bytes:
    world = np.zeros((33, 3)) if frame.world_m is None else frame.world_m
    columns = [frame.xy_px, frame.image_z_px[:, None], frame.visibility[:, None], world]
    table = np.where(frame.present[:, None], np.hstack(columns), np.nan)
    return table.astype("<f4").tobytes()


class Page:
    """What a page does: it joins, compares clocks, sends what it sees, hears what it is told."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.socket = socket
        self.guidance: Guidance | None = None
        self.welcome: Welcome | None = None
        self.answered: ClockAnswer | None = None
        self.shown_s = 0.0
        self.views = 0
        self.seq = 0
        self.clock = asyncio.get_running_loop().time
        self.news = asyncio.Event()

    async def hear(self) -> None:
        async for raw in self.socket:
            message = read.decode(raw)
            if isinstance(message, Shown):
                self.guidance, self.shown_s = message.guidance, message.t_s
                self.views += 1
                await self.socket.send(to_bytes(Credit(1)))
            elif isinstance(message, Welcome):
                self.welcome = message
            elif isinstance(message, ClockAnswer):
                self.answered = message
            self.news.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not holds():
                self.news.clear()
                await self.news.wait()

    async def begin(self, key: str) -> None:
        await self.socket.send(to_bytes(Hello(1, key)))
        sent_s = self.clock()
        await self.socket.send(to_bytes(Clock(sent_s)))
        await self.until(lambda: self.answered is not None)
        assert self.answered is not None
        exchange = (sent_s, self.answered.answered_s, self.clock())
        await self.socket.send(to_bytes(Clock(self.clock(), exchange)))

    async def word(self, kind: SignalKind, value: float | None = None) -> None:
        self.seq += 1
        await self.socket.send(to_bytes(Word(self.seq, kind, value)))

    async def bring(self, o: Observation, begun_s: float) -> bool:
        """Whether it was an image that was sent. One is on its way at a time, and one that this
        machine is too slow for is left out, as a page does."""
        if isinstance(o, PersonSignal):
            await self.word(o.kind, o.value)
        wait_s = begun_s + o.t_s - self.clock()
        if not isinstance(o, LandmarkFrame) or wait_s < -LATE_S:
            return False
        await asyncio.sleep(max(wait_s, 0.0))
        self.seq += 1
        await self.socket.send(to_bytes(Landmarks(self.seq, begun_s + o.t_s, 1, values(o))))
        shown = self.views
        with suppress(TimeoutError):
            async with asyncio.timeout(LATE_S):
                await self.until(lambda: self.views > shown)
        return True


@asynccontextmanager
async def joined(server: Server, opened: dict[str, str]) -> AsyncIterator[Page]:
    cookie = "; ".join(f"{name}={value}" for name, value in server.client.cookies.items())
    url = server.origin.replace("http", "ws") + f"/api/sessions/{opened['session_id']}/stream"
    async with websockets.connect(
        url, additional_headers={"cookie": cookie}, origin=server.origin, compression=None
    ) as socket:
        page = Page(socket)
        hearing = asyncio.create_task(page.hear())
        try:
            await page.begin(opened["key"])
            yield page
        finally:
            hearing.cancel()


def effective_s(guidance: Guidance | None) -> float:
    assert guidance is not None
    return guidance.effective_s + guidance.uncertain_s


async def held_and_killed(server: Server, opened: dict[str, str]) -> tuple[int, Page]:
    """Led into a hold, until the server is killed; how many images were sent."""
    async with joined(server, opened) as page:
        recording = SimulatedRecording(PLAN, guide=lambda _t_s: page.guidance)
        begun_s, images = page.clock(), 0
        for o in recording.read():
            images += await page.bring(o, begun_s)
            g = page.guidance
            if g is not None and g.phase is Phase.HOLD and effective_s(g) >= HELD_S:
                server.kill(alone=True)
                return images, page
    raise AssertionError("it was never held")


def resumed(server: Server, session_id: str, image: dict[str, int]) -> dict[str, str]:
    offers = server.client.get("/api/sessions/unfinished").json()
    assert [o["session_id"] for o in offers] == [session_id]
    assert offers[0]["exercise_id"] == PLAN.exercise_id and offers[0]["effective_s"] is not None
    found = server.client.post(f"/api/sessions/{session_id}/resume", json=image)
    assert found.status_code == 201, found.text
    opened: dict[str, str] = found.json()
    return opened


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts of the server, one after the other; the last one is ended in order."""
    started: list[Server] = []

    def start(*, anew: bool = False) -> Server:
        started.append(Server(tmp_path, anew=anew))
        return started[-1]

    yield start
    assert "Traceback" not in started[-1].stop()


def test_killed_in_mid_hold_it_goes_on_at_rest_and_loses_nothing(
    servers: Callable[..., Server], tmp_path: Path
) -> None:
    camera = SimulatedRecording(PLAN).camera
    assert camera is not None
    stream = camera.stream()
    image = {"width_px": stream.image_width_px, "height_px": stream.image_height_px}
    server = servers(anew=True)
    server.client.post("/api/screening", json=ANSWERS)
    new = {"exercise_id": PLAN.exercise_id, "side": "l", **image}
    opened = server.client.post("/api/sessions", json=new).json()
    session_id = opened["session_id"]
    images, page = asyncio.run(held_and_killed(server, opened))

    folder = tmp_path / "profiles" / "anna" / "sessions" / session_id
    logged = list(read_log(folder / "session.log"))
    kept = sum(
        (isinstance(e, ObservationLogged) and isinstance(e.observation, LandmarkFrame))
        or (isinstance(e, RejectionLogged) and e.before_steps)
        for e in logged
    )
    assert images - kept <= 1
    last = [e for e in logged if isinstance(e, FrameLogged)][-1]
    assert last.body.t_s >= page.shown_s, "nothing was shown that is not in the log"

    async def come_back(server: Server, opened: dict[str, str]) -> Guidance | None:
        async with joined(server, opened) as page:
            await page.until(lambda: page.guidance is not None)
            assert page.welcome is not None and page.welcome.resumed
            return page.guidance

    again = servers()
    smaller = again.client.post(
        f"/api/sessions/{session_id}/resume", json=image | {"width_px": 320}
    )
    assert smaller.status_code == 404 and "the same camera" in smaller.json()["detail"]
    assert smaller.json()["values"]["width"] == 320
    found = asyncio.run(come_back(again, resumed(again, session_id, image)))
    assert found is not None and found.phase is Phase.PAUSED
    assert effective_s(found) == pytest.approx(effective_s(last.guidance), abs=0.1)
    again.kill()

    third = servers()
    opened = resumed(third, session_id, image)

    async def go_on() -> Guidance | None:
        async with joined(third, opened) as page:
            await page.until(lambda: page.guidance is not None)
            assert page.guidance is not None and page.guidance.phase is Phase.PAUSED
            await page.word(SignalKind.RESUME)
            await page.until(lambda: page.guidance is not None and page.guidance.phase != "paused")
            return page.guidance

    on = asyncio.run(go_on())
    assert on is not None and on.phase is Phase.GET_READY
    assert effective_s(on) == pytest.approx(effective_s(last.guidance), abs=0.1)
    ended = third.client.post(f"/api/sessions/{session_id}/end", headers={"x-key": opened["key"]})
    assert ended.status_code == 200
    total = ended.json()["effective_s"] + ended.json()["uncertain_s"]
    assert total == pytest.approx(effective_s(last.guidance), abs=0.1)
    assert [s["session_id"] for s in third.client.get("/api/sessions").json()] == [session_id]
    recorded, decided_again = replayed_decisions(folder / "session.mcap")
    assert recorded == decided_again


def test_what_was_cut_off_can_be_ended_there_with_its_report(
    servers: Callable[..., Server],
) -> None:
    server = servers()
    server.client.post("/api/screening", json=ANSWERS)
    image = {"width_px": 640, "height_px": 480}
    opened = server.client.post(
        "/api/sessions", json={"exercise_id": PLAN.exercise_id, **image}
    ).json()

    async def a_moment(server: Server, opened: dict[str, str]) -> None:
        async with joined(server, opened) as page:
            await page.until(lambda: page.views > 3)

    asyncio.run(a_moment(server, opened))
    server.kill()
    again = servers()
    path = f"/api/sessions/{opened['session_id']}"
    assert [o["session_id"] for o in again.client.get("/api/sessions/unfinished").json()]
    assert again.client.post(f"{path}/leave-there", json={}).status_code == 204
    assert again.client.get("/api/sessions/unfinished").json() == []
    assert again.client.get(f"{path}/report").status_code == 200
    (listed,) = again.client.get("/api/sessions").json()
    assert not listed["complete"]

    # A stop that no line could bring is told like any other, where the session can still hear it.
    stopped = again.client.post(
        "/api/sessions", json={"exercise_id": PLAN.exercise_id, **image}
    ).json()
    asyncio.run(a_moment(again, stopped))
    told = f"/api/sessions/{stopped['session_id']}/leave-there"
    while (said := again.client.post(told, json={"stopped": True}).status_code) == 409:
        pass  # until it is heard that the page is gone
    assert said == 204
    assert again.client.get("/api/sessions").json()[-1]["complete"]


def test_a_stop_of_who_was_unwell_told_late_brings_the_questions_first(
    servers: Callable[..., Server],
) -> None:
    """Said while this machine was not running: the page tells it when it is back."""
    server = servers()
    server.client.post("/api/screening", json=ANSWERS)
    image = {"width_px": 640, "height_px": 480}
    opened = server.client.post(
        "/api/sessions", json={"exercise_id": PLAN.exercise_id, **image}
    ).json()
    server.kill()
    again = servers()
    path = f"/api/sessions/{opened['session_id']}"
    of_others = "/api/sessions/20260131T081500Z-a1b2c3/leave-there"
    assert again.client.post(of_others, json={"unwell": True}).status_code == 404
    assert again.client.get("/api/screening").json()["standing"]["refusal"] is None
    assert again.client.post(f"{path}/leave-there", json={"unwell": True}).status_code == 204
    assert again.client.get("/api/screening").json()["standing"]["refusal"] is not None
    begun = again.client.post("/api/sessions", json={"exercise_id": PLAN.exercise_id, **image})
    assert begun.status_code == 403
