"""Trying a device says what came, and why nothing did."""

import asyncio

import pytest

pytest.importorskip("bleak", reason="bleak is not installed: no Bluetooth client")
pytest.importorskip("bumble", reason="bumble is not installed: no virtual Bluetooth link")

from devices_known import DRIVERS

from lengthwise.contracts.errors import InputError
from lengthwise.devices.driver import DeviceDriver
from lengthwise.devices.heart_rate.sim import HeartRateSim
from lengthwise.devices.link import Backends, Timing
from lengthwise.devices.tindeq.driver import DRIVER as TINDEQ
from lengthwise.devices.tindeq.sim import TindeqSim
from lengthwise.devices.trying import Tried, try_device, try_simulated
from lengthwise.testing.link_contract import quiet
from lengthwise.testing.virtual_bleak import VirtualScanner, backends
from lengthwise.testing.virtual_link import VirtualAir, VirtualPeripheral

QUICK = Timing(find_s=0.2, look_s=0.01)


@pytest.mark.parametrize("driver", DRIVERS, ids=lambda d: d.manifest.name)
def test_a_simulated_device_is_heard_at_its_rate(driver: DeviceDriver) -> None:
    tried = try_simulated(driver, seconds_s=10.0)
    assert tried.rejected == {} and tried.lost_links == 0
    assert tried.battery is not None
    (stream, *_) = driver.manifest.streams
    if stream.rate_hz:
        assert tried.rate_hz == pytest.approx(stream.rate_hz, rel=0.02)


async def over_air(
    device: VirtualPeripheral | None, ends: Backends, address: str, now: list[float]
) -> Tried:
    async def passing(seconds: float) -> None:
        assert device is not None
        for k in range(1, round(10 * seconds) + 1):
            now[0] = k / 10.0
            await device.advance(now[0])
        await quiet()

    return await try_device(
        TINDEQ,
        address,
        seconds_s=10.0,
        monotonic_s=lambda: now[0],
        backends=ends,
        timing=QUICK,
        sleep=passing,
    )


def test_over_a_link_it_says_how_many_came_and_how_fast() -> None:
    async def run() -> Tried:
        async with VirtualAir() as air:
            device = await air.place(TindeqSim())
            return await over_air(device, backends(air.central), device.address, [0.0])

    tried = asyncio.run(run())
    assert tried.samples in (800, 802)
    assert tried.rate_hz == pytest.approx(80.0, rel=0.02)
    assert tried.battery is not None and tried.battery.voltage_v == 3.9


def test_one_that_is_not_there_is_told_in_one_line() -> None:
    async def run() -> None:
        async with VirtualAir() as air:
            await over_air(None, backends(air.central), "F0:00:00:00:00:55", [0.0])

    with pytest.raises(InputError, match=r"F0:00:00:00:00:55 .*lengthwise devices scan"):
        asyncio.run(run())


def test_one_that_is_something_else_is_told_in_one_line() -> None:
    async def run() -> None:
        async with VirtualAir() as air:
            device = await air.place(HeartRateSim())
            await over_air(device, backends(air.central), device.address, [0.0])

    with pytest.raises(InputError, match="does not offer"):
        asyncio.run(run())


def test_a_machine_without_bluetooth_is_told_as_such() -> None:
    class NoRadio(VirtualScanner):
        async def start(self) -> None:
            raise FileNotFoundError(2, "No such file or directory")

    with pytest.raises(InputError, match=r"Bluetooth of this machine.*bluetoothd"):
        asyncio.run(over_air(None, Backends(NoRadio), "F0:00:00:00:00:55", [0.0]))
