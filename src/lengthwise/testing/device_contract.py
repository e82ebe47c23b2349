"""The contract of a driver, as checks that any driver can be held against."""

import random
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from traceback import extract_tb
from typing import Any

from msgspec import Struct

from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.errors import MissingPartError
from lengthwise.contracts.observation import Segment
from lengthwise.devices import receiving
from lengthwise.devices.driver import DeviceDriver, SimulatedDevice
from lengthwise.devices.manifest import DeviceManifest, Notice, Write
from lengthwise.devices.readings import (
    QUANTITY_OF,
    BatteryLevel,
    Decoded,
    Quantity,
    Reading,
    Value,
    all_finite,
    numbers,
)

_SECONDS = 6.0
_WRAP_US = 1 << 32
_MOST_STATE_BYTES = 1 << 16
_CLOSE_RATIO, _CLOSE = 0.01, 0.01
_RATE_WITHIN = 0.05
_DAMAGED, _RANDOM = 400, 400


class Broken(Struct, frozen=True):
    """What a driver does not keep to."""

    check: str
    what: str


class DeviceContractError(AssertionError):
    """A driver breaks its contract; the text lists all of it."""


class Report(Struct, frozen=True):
    driver: str
    checks: tuple[str, ...]
    broken: tuple[Broken, ...]

    def raise_if_broken(self) -> None:
        if self.broken:
            listed = "; ".join(f"{b.check}: {b.what}" for b in self.broken)
            raise DeviceContractError(f"{self.driver}: {listed}")


def check_device(driver: DeviceDriver, *, over_link: bool = True) -> Report:
    """Run all checks; what is broken is in the report, nothing is raised for it.

    `over_link`: also over a virtual Bluetooth link, which needs bleak and bumble and a thread
    without a running event loop. Raises MissingPartError without them.
    """
    checks: dict[str, Callable[[DeviceDriver], Iterator[str]]] = {
        "declaration": _declaration,
        "simulation": _simulation,
        # First, while nothing is kept that should not be.
        "kept state": _kept_state,
        "stream": _stream,
        "damaged bytes": _damaged,
        "clock": _clock,
        "writes": _writes,
    }
    linked = _link_checks() if over_link else {}
    checks |= linked
    manifest = getattr(driver, "manifest", None)
    if not isinstance(manifest, DeviceManifest):
        what = f"manifest is no DeviceManifest but {type(manifest).__name__}"
        return Report(type(driver).__name__, tuple(checks), (Broken("declaration", what),))
    broken, raised = [], False
    for name, check in checks.items():
        if raised and name in linked:
            # A decoder that raises would only be waited for over a link.
            broken.append(Broken(name, "not tried: first mend what raises"))
            continue
        found, fault = _found(check, driver)
        raised = raised or fault is not None
        broken += [Broken(name, what) for what in dict.fromkeys(found)]
        broken += [] if fault is None else [Broken(name, fault)]
    return Report(manifest.name, tuple(checks), tuple(broken))


def _found(
    check: Callable[[DeviceDriver], Iterator[str]], driver: DeviceDriver
) -> tuple[list[str], str | None]:
    """What a check finds, and what the driver raised in it, in one line with the place."""
    found: list[str] = []
    try:
        found.extend(check(driver))
    except Exception as fault:  # noqa: BLE001 - any of them is the driver's
        return found, _line(fault)
    return found, None


def _line(fault: Exception) -> str:
    """What was raised, and where unless it was here."""
    said = str(fault).partition("\n")[0]
    told = f"{type(fault).__name__}{f': {said}' if said else ''}"
    place = extract_tb(fault.__traceback__)[-1]
    if Path(place.filename) == Path(__file__):
        return told
    return f"{told} ({Path(place.filename).name}, line {place.lineno}, {place.name})"


def _link_checks() -> dict[str, Callable[[DeviceDriver], Iterator[str]]]:
    try:
        from lengthwise.testing.link_contract import LINK_CHECKS
    except ModuleNotFoundError as cause:
        raise MissingPartError(
            str(cause.name),
            needed_for="checking a driver over a virtual Bluetooth link",
            remedy="install it: pip install 'lengthwise[devices]' bumble",
        ) from cause
    return LINK_CHECKS


def started(driver: DeviceDriver, *, first_us: int = 0) -> tuple[SimulatedDevice, list[Notice]]:
    """The driver's simulated device, measuring, and what it has notified by then."""
    simulated = driver.simulated(first_us=first_us)
    notices = [n for w in driver.manifest.start for n in _told(simulated.write(w), "write")]
    return simulated, notices


def streamed(driver: DeviceDriver, *, first_us: int = 0) -> tuple[SimulatedDevice, list[Notice]]:
    simulated, notices = started(driver, first_us=first_us)
    for k in range(round(_SECONDS * 20)):
        notices += _told(simulated.advance(k / 20.0), "advance")
    return simulated, notices


def unlike(found: Sequence[Value], truth: Sequence[Value], *, pending: int = 0) -> str | None:
    """How what was read differs from what was sent, or None. `pending` samples at the end may
    still wait for their frame."""
    if not len(truth) - pending <= len(found) <= len(truth):
        return f"{len(found)} values came of {len(truth)} that were sent"
    for n, (ours, theirs) in enumerate(zip(found, truth, strict=False)):
        a, b = numbers(ours), numbers(theirs)
        close = len(a) == len(b) and all(
            abs(x - y) <= _CLOSE + _CLOSE_RATIO * abs(y) for x, y in zip(a, b, strict=True)
        )
        if type(ours) is not type(theirs) or not close:
            return f"value {n} is {ours} where {theirs} was sent"
    return None


PENDING = 4
"""So many samples may wait in a cut frame when a recording ends."""


def _step(driver: DeviceDriver, state: Any, notice: Notice) -> tuple[Any, Decoded]:
    """As `decode`. Raises TypeError where what comes of it is no state and Decoded."""
    result: object = driver.decode(state, notice)
    if not (isinstance(result, tuple) and len(result) == 2 and isinstance(result[1], Decoded)):
        raise TypeError(f"decode gives {result!r:.60} where (state, Decoded) is asked for")
    return result


def _told(notices: object, by: str) -> list[Notice]:
    if not isinstance(notices, list) or not all(isinstance(n, Notice) for n in notices):
        raise TypeError(f"{by} of its simulated device gives {notices!r:.60}, no list of Notice")
    return notices


def _decoded(driver: DeviceDriver, notices: list[Notice]) -> tuple[list[Reading], list[str]]:
    readings: list[Reading] = []
    refused: list[str] = []
    state = driver.begin()
    for notice in notices:
        state, d = _step(driver, state, notice)
        readings += d.readings
        refused += d.refused
    return readings, refused


def _declaration(driver: DeviceDriver) -> Iterator[str]:
    yield from driver.manifest.faults()


def _simulation(driver: DeviceDriver) -> Iterator[str]:
    m, simulated = driver.manifest, driver.simulated()
    if not m.recognises(simulated.advertised_name, simulated.advertised_services):
        yield "its simulated device is not recognised by what it advertises"
    offered = {c.uuid: c.properties for s in simulated.services for c in s.characteristics}
    needs = [(uuid, "notify") for uuid in m.subscribes]
    needs += [(w.characteristic, "write") for w in (*m.start, *m.stop, *m.writes)]
    needs += [(uuid, "read") for uuid in (*m.reads, *((m.read_battery,) if m.read_battery else ()))]
    for uuid, use in needs:
        if not any(p.startswith(use) for p in offered.get(uuid, ())):
            yield f"its simulated device does not offer {use} of {uuid}"


def _stream(driver: DeviceDriver) -> Iterator[str]:
    simulated, notices = streamed(driver)
    readings, refused = _decoded(driver, notices)
    if refused:
        yield f"{len(refused)} of its own notifications are refused: {refused[0]}"
    values = [r.value for r in readings if not isinstance(r.value, BatteryLevel)]
    difference = unlike(values, simulated.truth, pending=PENDING)
    if difference:
        yield difference
    declared = {s.quantity: s for s in driver.manifest.streams}
    for quantity in {QUANTITY_OF[type(r.value)] for r in readings} - set(declared):
        yield f"{quantity} is told and not declared"
    for quantity, stream in declared.items():
        of = [r for r in readings if QUANTITY_OF[type(r.value)] is quantity]
        if quantity is not Quantity.BATTERY and not of:
            yield f"{quantity} is declared and never told"
        if any((r.device_us is not None) != stream.device_clock for r in of):
            yield f"{quantity}: its clock is not as declared"
        rate_hz = len(of) / _SECONDS
        if stream.rate_hz and abs(rate_hz / stream.rate_hz - 1.0) > _RATE_WITHIN:
            yield f"{quantity}: {rate_hz:.1f} Hz where {stream.rate_hz:g} are declared"


def _kept_state(driver: DeviceDriver) -> Iterator[str]:
    _, notices = streamed(driver)
    state: Any = driver.begin()
    for notice in notices:
        kept = decode(encode(state), driver.state_type)
        after, told = _step(driver, state, notice)
        for again in (state, kept):
            if driver.decode(again, notice) != (after, told):
                yield "the same notification in the same state does not give the same"
                return
        state = after


def _damaged(driver: DeviceDriver) -> Iterator[str]:
    chance = random.Random(20)
    _, notices = streamed(driver)
    notices = [n for n in notices[:60] if n.payload]
    if not notices:
        yield "its simulated device notifies nothing once it was started"
        return
    foreign = Notice("00000000-0000-0000-0000-000000000000", b"\x01\x02")
    damaged = [Notice(n.characteristic, n.payload[:k]) for n in notices[:4] for k in range(64)]
    for _ in range(_DAMAGED):
        n = chance.choice(notices)
        raw = bytearray(n.payload)
        for _ in range(chance.randint(1, 3)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        damaged.append(Notice(n.characteristic, bytes(raw)))
    for uuid in driver.manifest.subscribes:
        damaged += [Notice(uuid, chance.randbytes(chance.randrange(80))) for _ in range(_RANDOM)]
    yield from _survives(driver, [*damaged, foreign])


def _survives(driver: DeviceDriver, notices: list[Notice]) -> Iterator[str]:
    state = driver.begin()
    for notice in notices:
        shown = notice.payload[:24].hex(" ")
        try:
            state, told = _step(driver, state, notice)
            size = len(encode(state))
            battery = driver.decode_battery(notice.payload)
        except Exception as fault:  # noqa: BLE001 - any of them is what is looked for
            yield f"{_line(fault)} at the bytes {shown or '(none)'}"
            return
        if not all(all_finite(r.value) for d in (told, battery) for r in d.readings):
            yield f"a value that is no number comes of {shown}"
            return
        if size > _MOST_STATE_BYTES:
            yield "its state grows with what is sent"
            return
        if told.lost < 0:
            yield f"less than none are told as lost at {shown}"
            return


def _clock(driver: DeviceDriver) -> Iterator[str]:
    """Over the wrap of u32 microseconds, times go on, and are of when it was measured."""
    simulated, notices = started(driver, first_us=_WRAP_US - 2_000_000)
    if any(s.device_clock for s in driver.manifest.streams):
        yield from _begins_at_first_us(driver)
    state = receiving.start(driver, "device", segment=Segment.THORAX)
    times: list[float] = []
    for k in range(round(_SECONDS * 100)):
        now_s = k / 100.0
        for notice in notices + simulated.advance(now_s):
            state, told = receiving.step(driver, state, notice, 1000.0 + now_s)
            times += [o.t_s for o in told.observations if not _is_battery(o)]
            for rejection in told.rejections:
                yield f"over the wrap of its clock: {rejection.reason} {rejection.detail}"
                return
        notices = []
    if any(b <= a for a, b in pairwise(times)):
        yield "times do not grow"
    elif not times or not 0.8 * _SECONDS <= times[-1] - times[0] <= 1.01 * _SECONDS:
        yield "times do not go on over the wrap of its clock"
    elif state.clock.restarts:
        yield "its clock does not begin again after 2^32 microseconds"


def _begins_at_first_us(driver: DeviceDriver) -> Iterator[str]:
    """Else nothing here is over a wrap, and the check says nothing."""
    _, notices = streamed(driver, first_us=_WRAP_US - 2_000_000)
    readings, _ = _decoded(driver, notices)
    told = [r.device_us for r in readings if r.device_us is not None]
    if told and not _WRAP_US - 2_100_000 <= told[0] < _WRAP_US:
        yield "the clock of its simulated device does not begin at first_us"


def _is_battery(observation: object) -> bool:
    return type(observation).__name__ == "BatterySample"


def _writes(driver: DeviceDriver) -> Iterator[str]:
    """Of a foreign device nothing but what is listed may be sent; start and stop may."""
    m, chance = driver.manifest, random.Random(21)
    for write in (*m.start, *m.stop):
        if not driver.permits(write):
            yield f"{write.payload.hex(' ')} is in start or stop and may not be sent"
    offered = [c.uuid for s in driver.simulated().services for c in s.characteristics]
    tried = [bytes((n,)) for n in range(256)] + [bytes((n % 256, n // 256)) for n in range(65536)]
    tried += [chance.randbytes(chance.randrange(24)) for _ in range(2000)]
    tried += [w.payload + b"\0" for w in m.writes] + [w.payload[:-1] for w in m.writes]
    allowed = {(w.characteristic, w.payload) for w in m.writes}
    for uuid in (*offered, "00000000-0000-0000-0000-000000000000"):
        for payload in tried:
            if driver.permits(Write(uuid, payload)) and (uuid, payload) not in allowed:
                yield f"{payload.hex(' ') or 'nothing'} may be sent and is not listed"
                return
