"""The part of the contract that needs a link: found, connected, none lost, lost link, found again.

The simulated device's time passes as fast as the link takes it; the session's clock is the same
one. A real client and scanner run, on a virtual radio.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from itertools import pairwise

from lengthwise.contracts.devices import BatterySample, DeviceObservation
from lengthwise.contracts.errors import SafetyRefusedError
from lengthwise.contracts.observation import Rejection, Segment
from lengthwise.devices import receiving
from lengthwise.devices.driver import DeviceDriver
from lengthwise.devices.link import Backends, Device, LinkChanged, LinkState, Timing, Told
from lengthwise.devices.manifest import Write
from lengthwise.devices.scanning import scan
from lengthwise.testing.virtual_bleak import backends
from lengthwise.testing.virtual_link import VirtualAir, VirtualPeripheral

_AT_MOST_S = 60.0
_SOURCE = "device"
_TIMING = Timing(find_s=5.0, look_s=0.02, silence_s=1.0e9, again_s=(0.0,))


async def until(so: Callable[[], bool], *, what: str) -> None:
    """Let the loop run until it is so. Raises TimeoutError with `what` was waited for."""
    try:
        async with asyncio.timeout(_AT_MOST_S):
            while not so():
                await asyncio.sleep(0)
    except TimeoutError as cause:
        raise TimeoutError(f"{what} did not happen within {_AT_MOST_S:g} s") from cause


class Listening:
    """A device that is listened to over a virtual link, with a clock that stands until it is set.

    `told` holds all that was told in order; `times` and `observations` what was measured.
    """

    def __init__(self, driver: DeviceDriver, peripheral: VirtualPeripheral, ends: Backends) -> None:
        self.driver, self.peripheral = driver, peripheral
        self.now_s = 0.0
        self.told: list[Told] = []
        self.device = Device(
            driver,
            peripheral.address,
            source=_SOURCE,
            tell=self.told.append,
            monotonic_s=lambda: self.now_s,
            segment=Segment.THORAX,
            backends=ends,
            timing=_TIMING,
        )
        self._task: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        self._task = asyncio.create_task(self.device.run())
        await self.state(LinkState.UP, times=1)

    async def state(self, state: LinkState, *, times: int) -> None:
        task = self._task

        def reached() -> bool:
            if task is not None and task.done():
                task.result()
            return self.states().count(state) >= times

        await until(reached, what=f"{state} for the {times}. time")

    def states(self) -> list[LinkState]:
        return [t.state for t in self.told if isinstance(t, LinkChanged)]

    @property
    def observations(self) -> list[DeviceObservation]:
        heard = [t for t in self.told if isinstance(t, receiving.Received)]
        return [o for h in heard for o in h.observations if not isinstance(o, BatterySample)]

    @property
    def batteries(self) -> list[BatterySample]:
        heard = [t for t in self.told if isinstance(t, receiving.Received)]
        return [o for h in heard for o in h.observations if isinstance(o, BatterySample)]

    @property
    def rejections(self) -> list[Rejection]:
        return [r for t in self.told if isinstance(t, receiving.Received) for r in t.rejections]

    async def play(self, to_s: float, *, step_s: float = 0.1) -> None:
        """Let the device measure up to `to_s`."""
        while self.now_s < to_s - 1.0e-9:
            self.now_s = min(self.now_s + step_s, to_s)
            await self.peripheral.advance(self.now_s)
        await quiet()

    async def end(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task


async def quiet() -> None:
    """Let everything that is on its way arrive."""
    for _ in range(200):
        await asyncio.sleep(0)


async def _in_air(
    driver: DeviceDriver, tried: Callable[[VirtualPeripheral, Backends], Awaitable[list[str]]]
) -> list[str]:
    async with VirtualAir() as air:
        peripheral = await air.place(driver.simulated())
        return await tried(peripheral, backends(air.central))


def _run(
    driver: DeviceDriver,
    tried: Callable[[DeviceDriver, VirtualPeripheral, Backends], Awaitable[list[str]]],
) -> Iterator[str]:
    try:
        yield from asyncio.run(_in_air(driver, lambda p, ends: tried(driver, p, ends)))
    except TimeoutError as late:
        yield str(late)


async def _scanned(driver: DeviceDriver, p: VirtualPeripheral, ends: Backends) -> list[str]:
    name = driver.manifest.name
    found = await scan({name: driver}, seconds_s=0.2, backends=ends)
    return [] if [f.address for f in found] == [p.address] else ["a scan does not find it"]


async def _measured(driver: DeviceDriver, p: VirtualPeripheral, ends: Backends) -> list[str]:
    broken = []
    listening = Listening(driver, p, ends)
    await listening.begin()
    await listening.play(10.0)
    got, sent = listening.observations, p.simulated.truth
    if not len(sent) - 4 <= len(got) <= len(sent) or not got:
        broken.append(f"{len(got)} values arrived of {len(sent)}")
    times = [o.t_s for o in got]
    if any(b <= a for a, b in pairwise(times)):
        broken.append("times do not grow")
    if listening.rejections:
        broken.append(f"rejected over the link: {listening.rejections[0]}")
    if any(s.quantity == "battery" for s in driver.manifest.streams) and not listening.batteries:
        broken.append("its battery is declared and was not told")
    await listening.end()
    if any(w not in [(x.characteristic, x.payload) for x in p.simulated.written] for w in [
        (w.characteristic, w.payload) for w in driver.manifest.stop
    ]):  # fmt: skip
        broken.append("it was not told to stop")
    return broken


async def _lost_and_found(driver: DeviceDriver, p: VirtualPeripheral, ends: Backends) -> list[str]:
    broken = []
    listening = Listening(driver, p, ends)
    await listening.begin()
    await listening.play(3.0)
    before = len(listening.observations)
    await p.drop()
    await listening.state(LinkState.LOST, times=1)
    await listening.state(LinkState.UP, times=2)
    await listening.play(6.0)
    times = [o.t_s for o in listening.observations]
    if len(times) <= before:
        broken.append("nothing comes after the link was lost and found")
    if any(b <= a for a, b in pairwise(times)):
        broken.append("times do not grow over a lost link")
    await listening.end()
    return broken


async def _guarded(driver: DeviceDriver, p: VirtualPeripheral, ends: Backends) -> list[str]:
    """What may not be sent is refused, and nothing of it reaches the device."""
    listening = Listening(driver, p, ends)
    await listening.begin()
    before = len(p.simulated.written)
    uuids = [c.uuid for s in p.simulated.services for c in s.characteristics]
    refused = 0
    forbidden = [Write(u, bytes((n,))) for u in uuids for n in range(256)]
    forbidden = [w for w in forbidden if not driver.permits(w)]
    for write in forbidden:
        try:
            await listening.device.send(write)
        except SafetyRefusedError:
            refused += 1
    await quiet()
    broken = [] if refused == len(forbidden) else ["a message that may not be sent was taken"]
    if len(p.simulated.written) != before:
        broken.append("a message that may not be sent reached the device")
    await listening.end()
    if not all(driver.permits(w) for w in p.simulated.written):
        broken.append("the device was sent what may not be sent")
    return broken


LINK_CHECKS: dict[str, Callable[[DeviceDriver], Iterator[str]]] = {
    "scan": lambda driver: _run(driver, _scanned),
    "measurement over a link": lambda driver: _run(driver, _measured),
    "lost link": lambda driver: _run(driver, _lost_and_found),
    "guarded writes": lambda driver: _run(driver, _guarded),
}
