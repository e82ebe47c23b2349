"""The devices that are worn now: listened to in a thread of their own, for as long as they are
chosen, whether a session goes on or not.

Whatever Bluetooth waits for, it waits for here. What is told goes out in bundles, all of it and in
order; how each device stands is known at any time without asking the thread.
"""

import asyncio
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.device_wire import MOST_TOLD, Ordered, Told
from lengthwise.contracts.devices import BatterySample, EmgSample, LinkSample, WornDevice
from lengthwise.contracts.observation import ImuSample, Segment
from lengthwise.devices.chosen import Named
from lengthwise.devices.driver import DeviceDriver, KnowsLimits
from lengthwise.devices.following import Follower, follower
from lengthwise.devices.link import Backends, Device, LinkChanged, LinkState, Timing
from lengthwise.devices.link import Told as LinkTold
from lengthwise.devices.lsl.following import SIMULATED
from lengthwise.devices.remembered import Remembered
from lengthwise.live.band_sender import BandSender
from lengthwise.reference.constants import constant

_LEAST_CAP_N = constant("band", "drive_least_cap_n")
_EVERY_S = 0.04
_DRIVEN_EVERY_S = 0.0125
"""Of a band that is driven each reading is handed on as it comes."""
_RATE_OVER_S = 3.0
_KEPT_S = 30.0
SILENT_AFTER_S = 2.0
ENDS_WITHIN_S = 12.0
Air = Callable[[], AbstractAsyncContextManager[Backends]]


class Stand(StrEnum):
    """How a device stands, in the order of getting there."""

    SEARCHING = "searching"
    NOT_FOUND = "not_found"
    NO_RADIO = "no_radio"
    FAILED = "failed"
    LOST = "lost"
    SILENT = "silent"
    HEARD = "heard"


_STANDS = {
    LinkState.SEARCHING: Stand.SEARCHING,
    LinkState.NOT_FOUND: Stand.NOT_FOUND,
    LinkState.NO_RADIO: Stand.NO_RADIO,
    LinkState.FAILED: Stand.FAILED,
    LinkState.LOST: Stand.LOST,
    LinkState.UP: Stand.SILENT,
}


class DeviceSeen(Struct, frozen=True):
    """`battery_ratio` of full, `battery_v` where only that is told, None where neither; `rate_hz`
    of its samples, None where not known yet; `refused`: readings that could not be used; `most_n`
    that a band lets itself be asked to pull with, None where it does not say; `simulated`: a stream
    that says so of itself."""

    name: str
    title: str
    stand: Stand
    why: str = ""
    segment: Segment | None = None
    battery_ratio: float | None = None
    battery_v: float | None = None
    battery_low: bool = False
    received: int = 0
    refused: int = 0
    rate_hz: float | None = None
    links_lost: int = 0
    most_n: float | None = None
    simulated: bool = False


def as_it_allows(worn: WornDevice, most_n: float | None) -> WornDevice:
    """What it is there for in a session, where a band says that it allows `most_n`: it is never
    asked for more, and what does not say it, or less than any pull takes, is only listened to."""
    if worn.drive is None:
        return worn
    if most_n is None or most_n < _LEAST_CAP_N:
        return replace(worn, drive=None)
    return replace(worn, drive=replace(worn.drive, most_n=min(worn.drive.most_n, most_n)))


class _Known:
    """What is known of one device. Written by the thread, read by anybody."""

    def __init__(self, named: Named) -> None:
        remembered, driver = named
        self.seen = DeviceSeen(
            remembered.name, driver.manifest.title, Stand.SEARCHING, segment=remembered.segment
        )
        self.heard_s = float("-inf")
        self.times: deque[float] = deque()


@asynccontextmanager
async def this_machine() -> AsyncIterator[Backends]:
    yield Backends()


class WornDevices:
    """`hear` is called from the thread with everything that was told since it was called last.
    `air`: where the devices are; tests give a virtual one. Begun by `begin`, ended by `close`."""

    def __init__(
        self,
        devices: Sequence[Named],
        *,
        hear: Callable[[tuple[Told, ...]], None],
        clock_s: Callable[[], float] = time.monotonic,
        air: Air = this_machine,
        timing: Timing = Timing(),  # noqa: B008 - frozen
    ) -> None:
        self.devices = tuple(devices)
        self._hear, self._clock_s, self._air, self._timing = hear, clock_s, air, timing
        self._known = {named.name: _Known((named, driver)) for named, driver in devices}
        self._waiting: deque[Told] = deque()
        self._kept: deque[ImuSample] = deque()
        self._senders: dict[str, BandSender] = {}
        self._linked: dict[str, Follower] = {}
        driven = any(named.drive is not None for named, _ in devices)
        self._every_s = _DRIVEN_EVERY_S if driven else _EVERY_S
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over: asyncio.Event | None = None
        self._begun = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="devices", daemon=True)

    def begin(self) -> None:
        self._thread.start()
        self._begun.wait(ENDS_WITHIN_S)

    def close(self) -> None:
        """Every device is told to stop, and every link is closed."""
        loop, over = self._loop, self._over
        if loop is not None and over is not None:
            with suppress(RuntimeError):  # it has ended by itself
                loop.call_soon_threadsafe(over.set)
        self._thread.join(ENDS_WITHIN_S)

    def order(self, ordered: Ordered) -> None:
        """On to the band it is for; from any thread. One that is not driven is sent nothing."""
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # it has ended by itself, with a release
                loop.call_soon_threadsafe(self._put, ordered)

    def _put(self, ordered: Ordered) -> None:
        sender = self._senders.get(ordered.order.source)
        if sender is not None:
            sender.put(ordered)

    @property
    def now_s(self) -> float:
        return self._clock_s()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def seen(self) -> tuple[DeviceSeen, ...]:
        now_s = self._clock_s()
        return tuple(
            replace(self._seen(known, now_s), most_n=self._most_n(name))
            for name, known in self._known.items()
        )

    def _most_n(self, name: str) -> float | None:
        driver = next(driver for named, driver in self.devices if named.name == name)
        device = self._linked.get(name)
        if device is None or not isinstance(driver, KnowsLimits):
            return None
        return driver.most_n(device.decoder)

    def since(self, from_s: float) -> tuple[ImuSample, ...]:
        """Inertial samples from that moment on, as far as they are kept."""
        return tuple(s for s in list(self._kept) if s.t_s >= from_s)

    def _seen(self, known: _Known, now_s: float) -> DeviceSeen:
        seen = known.seen
        if seen.stand in (Stand.SILENT, Stand.HEARD):
            heard = now_s - known.heard_s <= SILENT_AFTER_S
            seen = replace(seen, stand=Stand.HEARD if heard else Stand.SILENT)
        times = [t for t in list(known.times) if now_s - t <= _RATE_OVER_S]
        if len(times) > 2 and times[-1] - times[0] >= 0.5 * _RATE_OVER_S:
            seen = replace(seen, rate_hz=(len(times) - 1) / (times[-1] - times[0]))
        return seen

    def _listen(self) -> None:
        asyncio.run(self._run())

    async def _run(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        self._begun.set()
        async with self._air() as backends:
            radio = asyncio.Lock()
            tasks = [
                asyncio.create_task(self._followed(named, driver, backends, radio))
                for named, driver in self.devices
            ]
            while not self._over.is_set():
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._every_s):
                        await self._over.wait()
                self._pass_on()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._pass_on()

    async def _followed(
        self, named: Remembered, driver: DeviceDriver, backends: Backends, radio: asyncio.Lock
    ) -> None:
        """One device until the end; whatever is wrong with it takes no other one along."""
        device = follower(
            driver,
            named.address,
            source=named.name,
            tell=lambda told: self._told(named, told),
            monotonic_s=self._clock_s,
            segment=named.segment,
            backends=backends,
            timing=self._timing,
            radio=radio,
        )
        self._linked[named.name] = device
        sending = None
        if named.drive is not None and isinstance(device, Device):
            self._senders[named.name] = BandSender(device, clock_s=self._clock_s)
            sending = asyncio.create_task(self._senders[named.name].run())
        try:
            await device.run()
        except Exception as cause:  # noqa: BLE001 - the others go on; it is told as failed
            failed = LinkChanged(self._clock_s(), named.name, LinkState.FAILED, _line(cause))
            self._told(named, failed)
        finally:
            if sending is not None:
                sending.cancel()

    def _told(self, named: Remembered, told: LinkTold) -> None:
        known = self._known[named.name]
        if isinstance(told, LinkChanged):
            self._link(named, known, told)
            return
        samples = [o for o in told.observations if not isinstance(o, BatterySample)]
        for battery in [o for o in told.observations if isinstance(o, BatterySample)]:
            known.seen = _with_battery(known.seen, battery)
        self._waiting.extend(told.observations)
        self._waiting.extend(told.rejections)
        known.seen = replace(
            known.seen,
            received=known.seen.received + len(samples),
            refused=known.seen.refused + len(told.rejections),
        )
        now_s = self._clock_s()
        if samples:
            known.heard_s = now_s
        for row in [o for o in samples if isinstance(o, EmgSample)]:
            known.seen = replace(known.seen, rate_hz=row.rate_hz)
        known.times.extend(o.t_s for o in samples if not isinstance(o, EmgSample))
        self._kept.extend(o for o in samples if isinstance(o, ImuSample))
        for old in (known.times, self._kept):
            while old and now_s - (old[0] if isinstance(old[0], float) else old[0].t_s) > _KEPT_S:
                old.popleft()

    def _link(self, named: Remembered, known: _Known, told: LinkChanged) -> None:
        """A session is told what it can use: that a link is there, or is there no more."""
        lost = told.state is LinkState.LOST
        seen = replace(known.seen, links_lost=known.seen.links_lost + lost)
        if not (told.state is LinkState.SEARCHING and seen.stand is not Stand.SEARCHING):
            seen = replace(seen, stand=_STANDS[told.state], why=told.why)
        if told.state is LinkState.UP:
            seen = replace(seen, simulated=told.why == SIMULATED)
        known.seen = seen
        if lost or told.state is LinkState.UP:
            up = told.state is LinkState.UP
            self._waiting.append(LinkSample(told.t_s, named.name, up, told.why, named.segment))

    def _pass_on(self) -> None:
        while self._waiting:
            most = min(len(self._waiting), MOST_TOLD)
            self._hear(tuple(self._waiting.popleft() for _ in range(most)))


def _with_battery(seen: DeviceSeen, battery: BatterySample) -> DeviceSeen:
    """A warning without a level leaves the level that was told before."""
    return replace(
        seen,
        battery_ratio=seen.battery_ratio if battery.ratio is None else battery.ratio,
        battery_v=seen.battery_v if battery.voltage_v is None else battery.voltage_v,
        battery_low=battery.low or (seen.battery_low and battery.ratio is None
                                    and battery.voltage_v is None),
    )  # fmt: skip


def _line(cause: Exception) -> str:
    return str(cause).partition("\n")[0] or type(cause).__name__
