"""A band that a session drives, through the running server: virtual radio, client, driver, thread
of the devices, desk, process of the room, and back. Time is the real one."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from itertools import pairwise
from pathlib import Path

import pytest

pytest.importorskip("bleak", reason="bleak is not installed: no Bluetooth client")
pytest.importorskip("bumble", reason="bumble is not installed: no virtual Bluetooth link")

from msgspec.structs import replace
from starlette.testclient import TestClient

from lengthwise.contracts.band import BandOrder
from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.devices import BandMode, Drive, Pull
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.session import BandOrdered, ObservationLogged, SessionEvent
from lengthwise.contracts.wire import Hello, Word, written
from lengthwise.devices.link import Backends
from lengthwise.devices.open_band.codec import Command, decoded_set_point
from lengthwise.devices.remembered import Remembered, remember
from lengthwise.live import workers
from lengthwise.record.sealed_reading import read_sealed
from lengthwise.sim.band_on_person import BandOnPerson
from lengthwise.testing.held_room import CAP_N
from lengthwise.testing.virtual_bleak import backends
from lengthwise.testing.virtual_link import VirtualAir, VirtualPeripheral
from lengthwise.web.app import build
from served_inside import GOOD, NEW, OURS, TOKEN, settings

MOST_LATE = 40
"""Orders, of some 80 a second: 200 ms, and what two threads of a test wait for each other."""

BAND = Remembered(
    "band",
    "open_band",
    "F0:00:00:00:00:01",
    pull=Pull(Coordinate.HIP_FLEXION_L, way=1, lever_m=0.4),
    drive=Drive(CAP_N),
)


class Strapped:
    """A band on somebody; its time is the real one."""

    def __init__(self) -> None:
        self.band = BandOnPerson()
        self.band.own = 0.3

    @asynccontextmanager
    async def air(self) -> AsyncIterator[Backends]:
        async with VirtualAir() as air:
            playing = asyncio.create_task(self._play(await air.place(self.band)))
            yield backends(air.central)
            playing.cancel()
            with suppress(asyncio.CancelledError):
                await playing

    async def _play(self, placed: VirtualPeripheral) -> None:
        begun_s = time.monotonic()
        while True:
            await placed.advance(time.monotonic() - begun_s)
            await asyncio.sleep(0.01)

    def pulls(self) -> bool:
        return self.band.state.mode is BandMode.FOLLOWING and self.band.state.pull_n > 2.0

    def commands(self) -> list[Command]:
        return [decoded_set_point(w.payload).command for w in self.band.written]


def until(so: Callable[[], bool], *, what: str, within_s: float = 60.0) -> None:
    ends_s = time.monotonic() + within_s
    while not so():
        assert time.monotonic() < ends_s, f"{what} did not happen"
        time.sleep(0.005)


def test_through_the_server_a_grip_pulls_and_a_stop_of_the_page_lets_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(tmp_path, BAND)
    monkeypatch.setattr(workers, "_WORK", "lengthwise.testing.held_room:work")
    strapped = Strapped()
    band = strapped.band
    asked = replace(settings(tmp_path, processes=1), air=strapped.air, devices=("band",))
    with TestClient(build(asked), base_url=OURS, headers={"origin": OURS}) as client:
        assert client.post("/api/enter", json={"token": TOKEN}).status_code == 204
        assert client.post("/api/screening", json=GOOD).status_code == 200

        def heard() -> bool:
            (device,) = client.get("/api/devices").json()["devices"]
            return bool(device["seen"]["stand"] == "heard")

        until(heard, what="it is heard")
        opened = client.post("/api/sessions", json=NEW).json()
        named = f"/api/sessions/{opened['session_id']}"
        with client.websocket_connect(f"ws://127.0.0.1:8123{named}/stream") as page:
            page.send_bytes(written(Hello(1, opened["key"])))  # type: ignore[arg-type]
            time.sleep(0.2)
            assert Command.FOLLOW not in strapped.commands(), "nobody has closed the grip"
            band.grip_closed = True
            until(strapped.pulls, what="a pull")
            band.grip_closed = False
            until(lambda: band.state.mode is BandMode.RELEASED, what="slack")
            band.grip_closed = True
            until(strapped.pulls, what="a pull by the grip anew")
            before = strapped.commands().count(Command.FOLLOW)
            page.send_bytes(written(Word(1, SignalKind.STOP)))  # type: ignore[arg-type]
            until(lambda: not strapped.pulls(), what="a release")
            until(lambda: strapped.commands()[-1] is Command.RELEASE, what="its word")
            follows = strapped.commands().count(Command.FOLLOW)
            band.grip_closed = False
            until(lambda: band.state.mode is BandMode.RELEASED, what="slack")
            band.grip_closed = True
            time.sleep(0.2)
            assert strapped.commands().count(Command.FOLLOW) == follows, "nothing after a stop"
        # Counted in orders, not by a clock: a busy machine is late with both alike.
        assert follows - before < MOST_LATE
        ended = client.post(f"{named}/end", headers={"x-key": opened["key"]})
        assert ended.status_code == 200
    (sealed,) = tmp_path.rglob("session.mcap")
    events = list(read_sealed(sealed))
    orders = [e.order for e in events if isinstance(e, BandOrdered)]
    assert max(o.force_n for o in orders) <= CAP_N
    assert [_why(o) for o in _releases(orders)] == ["grip", "stop"]
    (at,) = [n for n, e in enumerate(events) if _stops(e)]
    # Of the same message: nothing that came later is between the stop and its order.
    first = next(e for e in events[at + 1 :] if isinstance(e, BandOrdered | ObservationLogged))
    assert isinstance(first, BandOrdered) and first.order == _releases(orders)[-1]


def _stops(event: SessionEvent) -> bool:
    said = event.observation if isinstance(event, ObservationLogged) else None
    return isinstance(said, PersonSignal) and said.kind is SignalKind.STOP


def _releases(orders: list[BandOrder]) -> list[BandOrder]:
    """The first word of each."""
    return [b for a, b in pairwise(orders) if a.force_n > 0.0 >= b.force_n]


def _why(order: BandOrder) -> str:
    return next(why for why in ("grip", "stop") if why in order.why)
