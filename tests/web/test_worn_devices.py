"""Devices over a virtual Bluetooth link, through the running server, into the record of a session:
scanner, client, driver, thread, room, report."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

pytest.importorskip("bleak", reason="bleak is not installed: no Bluetooth client")
pytest.importorskip("bumble", reason="bumble is not installed: no virtual Bluetooth link")

from msgspec.structs import replace
from starlette.testclient import TestClient

from lengthwise.contracts.devices import HeartSample, LinkSample
from lengthwise.contracts.observation import Axis, ImuSample, Segment
from lengthwise.contracts.session import DeviceLogged, ObservationLogged, SessionStarted
from lengthwise.contracts.wire import Hello, written
from lengthwise.devices.driver import SimulatedDevice
from lengthwise.devices.heart_rate.sim import HeartRateSim
from lengthwise.devices.link import Backends
from lengthwise.devices.manifest import Notice
from lengthwise.devices.readings import Inertial
from lengthwise.devices.remembered import Remembered, remember
from lengthwise.devices.xsens_dot import codec
from lengthwise.devices.xsens_dot.sim import XsensDotSim
from lengthwise.record.sealed_reading import read_sealed
from lengthwise.testing.virtual_bleak import backends
from lengthwise.testing.virtual_link import VirtualAir, VirtualPeripheral
from lengthwise.web.app import build
from served_inside import GOOD, NEW, OURS, TOKEN, settings

STRAP = Remembered("strap", "heart_rate", "F0:00:00:00:00:01")
SACRUM = Remembered(
    "sacrum", "xsens_dot", "F0:00:00:00:00:02", Segment.PELVIS, Axis.MINUS_X, Axis.Z
)


class Room:
    """Two devices whose time is the real one; it lives in the thread that listens to them."""

    def __init__(self, sensor: XsensDotSim) -> None:
        self.sims: tuple[SimulatedDevice, ...] = (HeartRateSim(battery_ratio=0.1), sensor)
        self.placed: list[VirtualPeripheral] = []
        self.loop: asyncio.AbstractEventLoop | None = None

    @asynccontextmanager
    async def air(self) -> AsyncIterator[Backends]:
        self.loop, self.placed = asyncio.get_running_loop(), []
        async with VirtualAir() as air:
            for sim in self.sims:
                self.placed.append(await air.place(sim))
            playing = asyncio.create_task(self._play())
            yield backends(air.central)
            playing.cancel()
            with suppress(asyncio.CancelledError):
                await playing

    async def _play(self) -> None:
        begun_s = time.monotonic()
        while True:
            for placed in self.placed:
                await placed.advance(time.monotonic() - begun_s)
            await asyncio.sleep(0.02)

    def drop(self, index: int) -> None:
        assert self.loop is not None
        asyncio.run_coroutine_threadsafe(self.placed[index].drop(), self.loop).result(60.0)


def until(so: Callable[[], bool], *, what: str, within_s: float = 60.0) -> None:
    end_s = time.monotonic() + within_s
    while not so():
        assert time.monotonic() < end_s, f"{what} did not happen within {within_s:g} s"
        time.sleep(0.05)


def stand_of(client: TestClient) -> dict[str, str]:
    found = client.get("/api/devices").json()["devices"]
    return {d["name"]: d["seen"]["stand"] for d in found if d["seen"]}


def hears(client: TestClient, more: dict[str, int]) -> None:
    """Until so many samples more have come of each."""

    def received() -> dict[str, int]:
        found = client.get("/api/devices").json()["devices"]
        return {d["name"]: d["seen"]["received"] for d in found if d["seen"]}

    before = received()
    until(
        lambda: all(received()[name] >= before[name] + n for name, n in more.items()),
        what=f"{more} are heard",
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    remember(tmp_path, STRAP)
    remember(tmp_path, SACRUM)
    return tmp_path


def test_what_devices_tell_is_in_the_session_and_a_lost_one_is_named(home: Path) -> None:
    room = Room(XsensDotSim())
    asked = replace(settings(home, processes=1), air=room.air)
    with TestClient(build(asked), base_url=OURS, headers={"origin": OURS}) as client:
        assert client.post("/api/enter", json={"token": TOKEN}).status_code == 204
        assert client.post("/api/screening", json=GOOD).status_code == 200
        listed = client.get("/api/devices").json()["devices"]
        assert [(d["name"], d["use"], d["seen"]) for d in listed] == [
            ("sacrum", "segment", None), ("strap", "heart", None),
        ]  # fmt: skip
        assert client.post("/api/devices", json={"names": ["strap", "sacrum"]}).status_code == 200
        until(lambda: set(stand_of(client).values()) == {"heard"}, what="both are heard")
        strap = client.get("/api/devices").json()["devices"][1]["seen"]
        assert (strap["battery_ratio"], strap["battery_low"]) == (0.1, True)

        opened = client.post("/api/sessions", json=NEW).json()
        stream = f"/api/sessions/{opened['session_id']}/stream"
        with client.websocket_connect(f"ws://127.0.0.1:8123{stream}") as page:
            page.send_bytes(written(Hello(1, opened["key"])))  # type: ignore[arg-type]
            hears(client, {"strap": 3, "sacrum": 120})
            room.drop(1)
            until(lambda: stand_of(client)["sacrum"] != "heard", what="the loss is told")
            until(lambda: stand_of(client)["sacrum"] == "heard", what="it is found again")
            hears(client, {"sacrum": 20})
            refused = client.post("/api/devices", json={"names": []})
            assert refused.status_code == 403, "a session is going on with them"
        ended = client.post(
            f"/api/sessions/{opened['session_id']}/end", headers={"x-key": opened["key"]}
        )
        assert ended.status_code == 200
        assert client.post("/api/devices", json={"names": []}).status_code == 200
    assert b"\x01\x00" in room.sims[1].written[-1].payload, "the sensor was told to stop"
    (sealed,) = home.rglob("session.mcap")
    events = list(read_sealed(sealed))
    started = events[0]
    assert isinstance(started, SessionStarted) and started.config.devices is not None
    assert {d.name for d in started.config.devices} == {"strap", "sacrum"}
    told = [e.sample for e in events if isinstance(e, DeviceLogged)]
    beats = [s for s in told if isinstance(s, HeartSample)]
    assert len(beats) >= 2 and all(s.source == "strap" for s in beats)
    links = [(s.source, s.up) for s in told if isinstance(s, LinkSample)]
    assert sorted(links[:2]) == [("sacrum", True), ("strap", True)], "as the session begins"
    assert links[2:] == [("sacrum", False), ("sacrum", True)]
    observed = [e.observation for e in events if isinstance(e, ObservationLogged)]
    felt = [o for o in observed if isinstance(o, ImuSample)]
    assert len(felt) > 90 and {o.segment for o in felt} == {Segment.PELVIS}


def test_a_name_that_is_not_known_is_refused_in_one_line(home: Path) -> None:
    with TestClient(build(settings(home)), base_url=OURS, headers={"origin": OURS}) as client:
        client.post("/api/enter", json={"token": TOKEN})
        refused = client.post("/api/devices", json={"names": ["gauge"]})
    assert refused.status_code == 404 and "sacrum, strap" in refused.json()["detail"]


class Still(XsensDotSim):
    """On somebody who stands still."""

    def advance(self, to_s: float) -> list[Notice]:
        notices = []
        for t_s in self.due(to_s):
            noise = 0.002 * (round(60.0 * t_s) % 3)  # what never changes is a sensor that froze
            value = Inertial((noise, 0.0, 9.81), (0.0, noise, 0.0), (1.0, 0.0, 0.0, 0.0))
            notices.append(Notice(codec.LONG, codec.encoded_long(value, self.device_us(t_s))))
        return notices


def test_a_session_begins_with_standing_still_with_the_sensors(home: Path) -> None:
    """Standing is looked for in a process of its own, and what was felt then is in the record."""
    room = Room(Still())
    asked = replace(settings(home, processes=1), air=room.air, devices=("sacrum",))
    with TestClient(build(asked), base_url=OURS, headers={"origin": OURS}) as client:
        assert client.post("/api/enter", json={"token": TOKEN}).status_code == 204
        assert client.post("/api/screening", json=GOOD).status_code == 200
        until(lambda: stand_of(client) == {"sacrum": "heard"}, what="it is heard")
        aligning = client.post("/api/devices/align").json()["aligning"]
        assert "Stand upright" in aligning["words"] or aligning["words"] == ""
        assert client.post("/api/devices/stand").status_code == 200

        def stood() -> bool:
            found = client.get("/api/devices").json()["standing"]
            return found is not None and found["stood_s"] is not None

        until(stood, what="standing still")
        opened = client.post("/api/sessions", json=NEW).json()
        hears(client, {"sacrum": 20})
        ended = client.post(
            f"/api/sessions/{opened['session_id']}/end", headers={"x-key": opened["key"]}
        )
        assert ended.status_code == 200
    (sealed,) = home.rglob("session.mcap")
    events = list(read_sealed(sealed))
    started = events[0]
    assert isinstance(started, SessionStarted) and started.config.zero_s is not None
    until_s = started.config.zero_s[1]
    observed = [e.observation for e in events if isinstance(e, ObservationLogged)]
    felt = [o.t_s for o in observed if isinstance(o, ImuSample)]
    assert until_s >= 3.0 and len([t for t in felt if t <= until_s]) > 150


def test_who_comes_back_is_heard_by_the_devices_again(home: Path) -> None:
    """Chosen anew while the page was gone: a heart that nobody hears could not ask to ease."""
    room = Room(XsensDotSim())
    asked = replace(settings(home, processes=1), air=room.air)
    with TestClient(build(asked), base_url=OURS, headers={"origin": OURS}) as client:
        client.post("/api/enter", json={"token": TOKEN})
        assert client.post("/api/screening", json=GOOD).status_code == 200
        client.post("/api/devices", json={"names": ["strap"]})
        until(lambda: stand_of(client) == {"strap": "heard"}, what="it is heard")
        opened = client.post("/api/sessions", json=NEW).json()
        named = f"/api/sessions/{opened['session_id']}"
        with client.websocket_connect(f"ws://127.0.0.1:8123{named}/stream") as page:
            page.send_bytes(written(Hello(1, opened["key"])))  # type: ignore[arg-type]
            page.receive_bytes()
        until(lambda: len(client.get("/api/sessions/unfinished").json()) == 1, what="it is left")
        assert client.post("/api/devices", json={"names": []}).status_code == 200
        client.post("/api/devices", json={"names": ["strap"]})
        until(lambda: stand_of(client) == {"strap": "heard"}, what="it is heard again")
        image = {k: NEW[k] for k in ("width_px", "height_px")}
        key = client.post(f"{named}/resume", json=image).json()["key"]
        assert client.get("/api/devices").json()["led"]
        assert client.post(f"{named}/end", headers={"x-key": key}).status_code == 200
