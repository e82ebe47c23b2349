"""Whether a device is heard well: connect, listen for a while, and say what came."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from itertools import pairwise

from msgspec import Struct

from lengthwise.contracts.devices import BatterySample
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import Segment
from lengthwise.devices import receiving
from lengthwise.devices.driver import DeviceDriver
from lengthwise.devices.link import (
    Backends,
    Device,
    LinkChanged,
    LinkState,
    Timing,
    Told,
    bleak_module,
    why,
)
from lengthwise.devices.manifest import Notice

_SIM_STEP_S = 0.05
_WORN_SOMEWHERE = Segment.PELVIS
"""Where it is worn changes nothing of whether it is heard."""


class Tried(Struct, frozen=True):
    """`rate_hz` of what was measured, None with less than two; `longest_gap_s` between two of them;
    `rejected` by reason; `lost_links`; `battery` as last told."""

    driver: str
    seconds_s: float
    samples: int
    rate_hz: float | None
    longest_gap_s: float | None
    rejected: dict[str, int]
    lost_links: int
    battery: BatterySample | None
    last: str | None


def summed_up(driver: DeviceDriver, seconds_s: float, told: list[Told]) -> Tried:
    received = [t for t in told if isinstance(t, receiving.Received)]
    all_of = [o for r in received for o in r.observations]
    samples = [o for o in all_of if not isinstance(o, BatterySample)]
    batteries = [o for o in all_of if isinstance(o, BatterySample)]
    times = [o.t_s for o in samples]
    span_s = times[-1] - times[0] if len(times) > 1 else 0.0
    return Tried(
        driver=driver.manifest.name,
        seconds_s=seconds_s,
        samples=len(samples),
        rate_hz=(len(times) - 1) / span_s if span_s > 0.0 else None,
        longest_gap_s=max((b - a for a, b in pairwise(times)), default=None),
        rejected=dict(Counter(r.reason.value for x in received for r in x.rejections)),
        lost_links=sum(isinstance(t, LinkChanged) and t.state is LinkState.LOST for t in told),
        battery=batteries[-1] if batteries else None,
        last=None if not samples else repr(samples[-1]),
    )


def try_simulated(driver: DeviceDriver, *, seconds_s: float) -> Tried:
    """The driver with its own simulated device, without a link and without waiting."""
    simulated = driver.simulated()
    state = receiving.start(driver, "simulated", segment=_WORN_SOMEWHERE)
    told: list[Told] = []
    m = driver.manifest
    first = (*((m.ask_battery,) if m.ask_battery else ()), *m.start)
    waiting = [notice for write in first for notice in simulated.write(write)]
    if m.read_battery is not None:
        state, received = receiving.battery_read(driver, state, simulated.read(m.read_battery), 0.0)
        told.append(received)
    waiting += [Notice(uuid, simulated.read(uuid)) for uuid in m.reads]
    for k in range(round(seconds_s / _SIM_STEP_S) + 1):
        now_s = k * _SIM_STEP_S
        for notice in waiting + simulated.advance(now_s):
            state, received = receiving.step(driver, state, notice, now_s)
            told.append(received)
        waiting = []
    return summed_up(driver, seconds_s, told)


async def try_device(
    driver: DeviceDriver,
    address: str,
    *,
    seconds_s: float,
    monotonic_s: Callable[[], float],
    backends: Backends = Backends(),  # noqa: B008 - frozen
    timing: Timing = Timing(),  # noqa: B008 - frozen
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Tried:
    """Raises InputError where it is not found or not what the driver speaks with, MissingPartError
    without the Bluetooth library."""
    told: list[Told] = []
    changed = asyncio.Event()

    def tell(what: Told) -> None:
        told.append(what)
        if isinstance(what, LinkChanged):
            changed.set()

    device = Device(
        driver,
        address,
        source=driver.manifest.name,
        tell=tell,
        monotonic_s=monotonic_s,
        segment=_WORN_SOMEWHERE,
        backends=backends,
        timing=timing,
    )
    async with bluetooth(), _running(device):
        first = await _first_state(told, changed, timing)
        if first.state is LinkState.NO_RADIO:
            raise no_radio(first.why)
        if first.state is not LinkState.UP:
            raise InputError(
                "device",
                value=f"{address} ({first.why or first.state.value})",
                allowed=f"a {driver.manifest.title} that is switched on, near, and in no other use",
                remedy="wake it and see: lengthwise devices scan",
            )
        await sleep(seconds_s)
    return summed_up(driver, seconds_s, told)


@asynccontextmanager
async def _running(device: Device) -> AsyncIterator[None]:
    task = asyncio.create_task(device.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _first_state(told: list[Told], changed: asyncio.Event, timing: Timing) -> LinkChanged:
    at_most_s = timing.find_s + timing.connect_s + 4 * timing.answer_s
    async with asyncio.timeout(at_most_s):
        while True:
            states = [t for t in told if isinstance(t, LinkChanged)]
            reached = [s for s in states if s.state is not LinkState.SEARCHING]
            if reached:
                return reached[0]
            changed.clear()
            await changed.wait()


@asynccontextmanager
async def bluetooth() -> AsyncIterator[None]:
    """Says in one line where this machine has no Bluetooth that works."""
    bleak = bleak_module()
    try:
        yield
    except (bleak.exc.BleakError, OSError, EOFError, TimeoutError) as cause:
        raise no_radio(why(cause)) from cause


def no_radio(cause: str) -> InputError:
    """What is told where this machine has no Bluetooth that answers."""
    return InputError(
        "Bluetooth of this machine",
        value=f"none that answers ({cause})",
        allowed="an adapter that is switched on, and its service (bluetoothd on Linux)",
        remedy="switch it on, or plug one in, then try again",
    )
