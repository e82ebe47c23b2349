"""Over a virtual Bluetooth link, with the real client and scanner: nothing is lost or reordered,
and every way a link ends is told."""

import asyncio
from itertools import pairwise

import pytest

pytest.importorskip("bleak", reason="bleak is not installed: no Bluetooth client")
pytest.importorskip("bumble", reason="bumble is not installed: no virtual Bluetooth link")

from linked_devices import over_link

from lengthwise.contracts.devices import BandSample, BatterySample, ForceSample
from lengthwise.contracts.errors import MissingPartError, SafetyRefusedError
from lengthwise.contracts.observation import ImuSample, RejectionReason, Segment
from lengthwise.devices.device_clock import WRAP_US
from lengthwise.devices.driver import DeviceDriver
from lengthwise.devices.heart_rate.driver import DRIVER as HEART_RATE
from lengthwise.devices.heart_rate.sim import HeartRateSim
from lengthwise.devices.link import (
    Backends,
    Device,
    LinkChanged,
    LinkState,
    NotLinkedError,
    Timing,
    Told,
    bleak_module,
)
from lengthwise.devices.manifest import Write
from lengthwise.devices.open_band.driver import DRIVER as OPEN_BAND
from lengthwise.devices.open_band.sim import OpenBandSim
from lengthwise.devices.scanning import scan
from lengthwise.devices.tindeq import codec as tindeq
from lengthwise.devices.tindeq.driver import DRIVER as TINDEQ
from lengthwise.devices.tindeq.sim import TindeqSim
from lengthwise.devices.witmotion.driver import DRIVER as WITMOTION
from lengthwise.devices.xsens_dot.driver import DRIVER as XSENS_DOT
from lengthwise.devices.xsens_dot.sim import XsensDotSim
from lengthwise.testing.link_contract import Listening, quiet
from lengthwise.testing.virtual_bleak import backends
from lengthwise.testing.virtual_link import VirtualAir


def test_ten_thousand_notifications_at_100_hz_arrive_whole_in_order_and_over_the_wrap() -> None:
    """100 s of a gauge whose clock begins again after 50 of them; a sample a notification."""
    simulated = TindeqSim(rate_hz=100.0, bundle=1, first_us=WRAP_US - 50_000_000)

    async def tried(listening: Listening) -> None:
        await listening.play(99.995)

    heard = over_link(TINDEQ, simulated, tried)
    got = [o for o in heard.observations if isinstance(o, ForceSample)]
    assert len(simulated.truth) == len(got) == 10_000
    assert heard.rejections == []
    sent = [v.force_n for v in simulated.truth]  # type: ignore[union-attr]
    assert [o.force_n for o in got] == pytest.approx(sent, abs=1e-4)
    times = [o.t_s for o in got]
    assert all(b > a for a, b in pairwise(times))
    # The simulated host looks ten times a second, so an arrival is up to 0.1 s late.
    late = [t - n / 100.0 for n, t in enumerate(times)]
    assert min(late) >= -1e-9 and max(late) < 0.11
    assert times[-1] - times[0] == pytest.approx(99.99, abs=0.11)


def test_ten_thousand_measurements_of_a_band_are_counted_over_the_end_of_their_numbers() -> None:
    simulated = OpenBandSim(rate_hz=100.0, first_sequence=60_000, first_us=WRAP_US - 9_000_000)

    async def tried(listening: Listening) -> None:
        await listening.play(99.995)

    heard = over_link(OPEN_BAND, simulated, tried)
    assert len([o for o in heard.observations if isinstance(o, BandSample)]) == 10_000
    assert heard.rejections == []


def test_measurements_that_never_came_are_counted() -> None:
    simulated = OpenBandSim()

    async def tried(listening: Listening) -> None:
        await listening.play(0.5)
        simulated.advance(1.0)
        await listening.play(1.5)

    heard = over_link(OPEN_BAND, simulated, tried)
    (lost,) = heard.rejections
    assert (lost.reason, lost.detail) == (RejectionReason.LOST, "40 messages")


@pytest.mark.parametrize("driver", [WITMOTION, XSENS_DOT], ids=lambda d: d.manifest.name)
def test_an_inertial_sensor_is_a_sample_of_the_segment_it_is_worn_on(driver: DeviceDriver) -> None:
    async def tried(listening: Listening) -> None:
        await listening.play(5.0)

    heard = over_link(driver, driver.simulated(), tried)
    samples = [o for o in heard.observations if isinstance(o, ImuSample)]
    assert len(samples) >= 240
    assert {s.segment for s in samples} == {Segment.THORAX}
    for s in samples:
        assert sum(a * a for a in s.acc_m_s2) ** 0.5 == pytest.approx(9.81, abs=0.02)


def test_a_dot_in_extended_quaternion_is_read_too() -> None:
    simulated = XsensDotSim()

    async def tried(listening: Listening) -> None:
        start = Write("15172001-4947-11e9-8646-d663bd873d93", b"\1\1\2")
        await listening.device.send(start)
        await listening.play(2.0)

    heard = over_link(XSENS_DOT, simulated, tried)
    samples = [o for o in heard.observations if isinstance(o, ImuSample)]
    assert len(samples) > 100 and all(s.gyr_rad_s is None for s in samples)


def test_a_lost_link_is_told_and_found_again_and_the_device_is_started_again() -> None:
    simulated = TindeqSim()

    async def tried(listening: Listening) -> None:
        await listening.play(2.0)
        await listening.peripheral.drop()
        await listening.state(LinkState.UP, times=2)
        await listening.play(4.0)

    heard = over_link(TINDEQ, simulated, tried)
    assert heard.states() == [
        LinkState.SEARCHING, LinkState.UP, LinkState.LOST, LinkState.SEARCHING, LinkState.UP,
    ]  # fmt: skip
    sent = [w.payload[0] for w in simulated.written]
    assert sent == [tindeq.ASK_BATTERY, tindeq.START] * 2 + [tindeq.STOP]
    times = [o.t_s for o in heard.observations]
    assert all(b > a for a, b in pairwise(times)) and times[-1] > 3.9


def test_a_low_battery_is_told_by_whoever_says_it() -> None:
    weak = TindeqSim(battery_v=3.1)

    async def tried(listening: Listening) -> None:
        await listening.play(1.0)

    told = over_link(TINDEQ, weak, tried).batteries
    assert [b.voltage_v for b in told] == [3.1, None]
    assert [b.low for b in told] == [False, True]
    (strap,) = over_link(HEART_RATE, HeartRateSim(battery_ratio=0.1), tried).batteries
    assert strap == BatterySample(strap.t_s, "device", ratio=0.1, low=True)


def test_a_strap_without_a_battery_service_is_still_heard() -> None:
    class Bare(HeartRateSim):
        services = HeartRateSim.services[:1]

    async def tried(listening: Listening) -> None:
        await listening.play(3.0)

    heard = over_link(HEART_RATE, Bare(), tried)
    assert len(heard.observations) == 4 and heard.batteries == []


def test_nothing_can_be_sent_without_a_link_and_nothing_forbidden_with_one() -> None:
    simulated = TindeqSim()

    async def tried(listening: Listening) -> None:
        with pytest.raises(SafetyRefusedError):
            await listening.device.send(Write(tindeq.CONTROL, bytes((105,))))
        await listening.end()
        with pytest.raises(NotLinkedError):
            await listening.device.send(Write(tindeq.CONTROL, bytes((tindeq.TARE,))))

    over_link(TINDEQ, simulated, tried)
    assert {w.payload[0] for w in simulated.written} == {111, 101, 102}


def test_a_device_that_is_not_there_is_told_so_and_looked_for_again() -> None:
    told: list[Told] = []

    async def run() -> None:
        async with VirtualAir() as air:
            device = Device(
                TINDEQ,
                "F0:00:00:00:00:77",
                source="gauge",
                tell=told.append,
                monotonic_s=lambda: 0.0,
                backends=backends(air.central),
                timing=Timing(find_s=0.05),
                sleep=lambda _: asyncio.sleep(0),
            )
            task = asyncio.create_task(device.run())
            async with asyncio.timeout(30):
                while len(told) < 4:
                    await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(run())
    states = [t.state for t in told if isinstance(t, LinkChanged)]
    assert states[:4] == [LinkState.SEARCHING, LinkState.NOT_FOUND] * 2
    assert isinstance(told[1], LinkChanged) and "switched off" in told[1].why


def test_another_device_under_a_known_address_is_refused() -> None:
    told: list[Told] = []

    async def run() -> None:
        async with VirtualAir() as air:
            there = await air.place(HeartRateSim())
            device = Device(
                TINDEQ,
                there.address,
                source="gauge",
                tell=told.append,
                monotonic_s=lambda: 0.0,
                backends=backends(air.central),
            )
            task = asyncio.create_task(device.run())
            async with asyncio.timeout(30):
                while len(told) < 2:
                    await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    asyncio.run(run())
    assert isinstance(told[1], LinkChanged) and told[1].state is LinkState.FAILED
    assert "does not offer" in told[1].why


def test_a_device_that_says_nothing_any_more_is_a_lost_one() -> None:
    simulated = TindeqSim()

    async def run() -> list[LinkState]:
        async with VirtualAir() as air:
            listening = Listening(TINDEQ, await air.place(simulated), backends(air.central))
            listening.device._timing = Timing(look_s=0.01, again_s=(0.0,))
            await listening.begin()
            await listening.play(1.0)
            listening.now_s = 100.0
            await listening.state(LinkState.LOST, times=1)
            await listening.end()
            return listening.states()

    assert LinkState.LOST in asyncio.run(run())


def test_a_scan_tells_which_driver_speaks_with_each_device_and_leaves_others_out() -> None:
    drivers = {d.manifest.name: d for d in (HEART_RATE, TINDEQ, WITMOTION, XSENS_DOT, OPEN_BAND)}

    class Stranger(HeartRateSim):
        advertised_name = "Lamp"
        advertised_services = ("0000fe00-0000-1000-8000-00805f9b34fb",)

    async def run() -> dict[str | None, tuple[str, ...]]:
        async with VirtualAir() as air:
            for driver in drivers.values():
                await air.place(driver.simulated())
            await air.place(Stranger())
            found = await scan(drivers, seconds_s=0.3, backends=backends(air.central))
            return {f.advertised_name: f.drivers for f in found}

    assert asyncio.run(run()) == {
        "HR strap": ("heart_rate",),
        "Progressor_7125": ("tindeq_progressor",),
        "WT901BLE68": ("witmotion",),
        "Xsens DOT": ("xsens_dot",),
        "Open band": ("open_band",),
    }


def test_two_devices_are_heard_at_once() -> None:
    async def run() -> tuple[int, int]:
        async with VirtualAir() as air:
            ends: Backends = backends(air.central)
            gauge = Listening(TINDEQ, await air.place(TindeqSim()), ends)
            strap = Listening(HEART_RATE, await air.place(HeartRateSim()), ends)
            await gauge.begin()
            await strap.begin()
            for k in range(1, 31):
                await gauge.play(k / 10.0)
                await strap.play(k / 10.0)
            await quiet()
            counts = len(gauge.observations), len(strap.observations)
            await gauge.end()
            await strap.end()
            return counts

    assert asyncio.run(run()) == (240, 4)


def test_without_the_bluetooth_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "bleak", None)
    with pytest.raises(MissingPartError, match=r"lengthwise\[devices\]"):
        bleak_module()
