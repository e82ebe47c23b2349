"""A driven band over a virtual Bluetooth link: guard, radio, the unmodified client, driver, sender
and controller, with a coach who holds. Time is the simulated one."""

import asyncio

import pytest

pytest.importorskip("bleak", reason="bleak is not installed: no Bluetooth client")
pytest.importorskip("bumble", reason="bumble is not installed: no virtual Bluetooth link")

from msgspec.structs import replace

from lengthwise.coach.limits.actions import Action, Verdict
from lengthwise.coach.state import Sighting
from lengthwise.coach.state import State as Coached
from lengthwise.contracts.band import BandOrder
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Phase
from lengthwise.contracts.device_wire import Ordered
from lengthwise.contracts.devices import BandMode, BandSample, DriveMoment, LinkSample
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import Window
from lengthwise.contracts.states import Estimate
from lengthwise.devices.link import Device, LinkChanged, LinkState, Timing, Told
from lengthwise.devices.open_band import codec
from lengthwise.devices.open_band.driver import DRIVER
from lengthwise.live import driving
from lengthwise.live.band_sender import BandSender
from lengthwise.live.driving import Params, SideDrive
from lengthwise.sim.band_on_person import BandOnPerson
from lengthwise.testing.link_contract import quiet, until
from lengthwise.testing.virtual_bleak import backends
from lengthwise.testing.virtual_link import VirtualAir, VirtualPeripheral

TICK_S = 0.025
TARGET = (MuscleGroup.HAMSTRINGS, Side.LEFT)
PARAMS = Params("band", 60.0, (SideDrive(None, (), (TARGET,), Window(*TARGET)),))
TIMING = Timing(find_s=5.0, look_s=0.02, silence_s=1.0e9, again_s=(0.0,))


class OverLink:
    def __init__(self, band: BandOnPerson, placed: VirtualPeripheral, air: VirtualAir) -> None:
        self.band, self.placed, self.now_s = band, placed, 0.0
        self.told: list[Told] = []
        self.device = Device(
            DRIVER, placed.address, source="band", tell=self.told.append,
            monotonic_s=lambda: self.now_s, backends=backends(air.central), timing=TIMING,
        )  # fmt: skip
        self.sender = BandSender(self.device, clock_s=lambda: self.now_s)
        self.state = driving.start(PARAMS)
        self.orders: list[BandOrder] = []
        self.running = asyncio.create_task(self.device.run())

    async def linked(self) -> None:
        await until(lambda: LinkState.UP in _states(self), what="it is linked")

    async def play(self, seconds: float, *, allows: Action = Action.DEEPEN) -> None:
        for _ in range(round(seconds / TICK_S)):
            self.now_s += TICK_S
            await self.placed.advance(self.now_s)
            for _ in range(12):
                await asyncio.sleep(0)
            self._hear()
            held = Coached(
                t_s=self.now_s, phase=Phase.HOLD, sighting=Sighting(calibrated=True, settled=True)
            )
            state = driving.led(PARAMS, self.state, held, Verdict(allows), tissue=None)
            position = Estimate(self.band.position, 0.03)
            state = replace(state, position=position, position_s=self.now_s)
            self.state, order = driving.moment(PARAMS, state, DriveMoment(self.now_s, "band"))
            if order is not None:
                self.orders.append(order)
                self.sender.put(Ordered(self.now_s, order))
                await self.sender.send_waiting()

    def _hear(self) -> None:
        heard, self.told[:] = list(self.told), []
        for told in heard:
            if isinstance(told, LinkChanged):
                if told.state in (LinkState.UP, LinkState.LOST):
                    link = LinkSample(self.now_s, "band", told.state is LinkState.UP)
                    self.state = driving.heard(PARAMS, self.state, link)
                continue
            for sample in told.observations:
                if isinstance(sample, BandSample):
                    self.state = driving.heard(PARAMS, self.state, sample)

    async def end(self) -> None:
        self.running.cancel()
        await asyncio.gather(self.running, return_exceptions=True)


async def _whole() -> dict[str, object]:
    found: dict[str, object] = {}
    band = BandOnPerson()
    band.own = 0.3
    async with VirtualAir() as air:
        over = OverLink(band, await air.place(band), air)
        await over.linked()
        await over.play(1.0)
        found["without a grip"] = [o.force_n for o in over.orders]
        band.grip_closed = True
        await over.play(8.0)
        found["pulled"], found["position"] = band.true_n, band.position
        found["most"] = max(o.force_n for o in over.orders)
        await over.placed.drop()
        found["after the loss"] = band.state.mode
        await over.linked()
        before = len(over.orders)
        await over.play(6.0)
        found["by a grip that was held all the while"] = [
            o.force_n for o in over.orders[before:] if o.force_n > 0.0
        ]
        band.grip_closed = False
        await over.play(0.2)
        band.grip_closed = True
        await over.play(3.0)
        found["pulled anew"] = over.orders[-1].force_n
        await over.end()
        await quiet()
        found["last word"] = codec.decoded_set_point(band.written[-1].payload).command
        found["refused"] = over.sender.refused
    return found


def _states(over: OverLink) -> list[LinkState]:
    return [t.state for t in over.told if isinstance(t, LinkChanged)]


def test_it_pulls_by_the_grip_lets_go_of_a_lost_link_and_wants_the_grip_anew() -> None:
    found = asyncio.run(_whole())
    assert found["without a grip"] == []
    assert 20.0 < found["pulled"] < 60.0 and found["position"] > 0.3  # type: ignore[operator]
    assert found["most"] <= PARAMS.cap_n  # type: ignore[operator]
    assert found["after the loss"] is BandMode.RELEASING
    assert found["by a grip that was held all the while"] == []
    assert found["pulled anew"] > 0.0  # type: ignore[operator]
    assert found["last word"] is codec.Command.RELEASE and found["refused"] == ""
