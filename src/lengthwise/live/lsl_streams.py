"""Use cases of the Lab Streaming Layer: what devices tell as its streams, and a stream of somebody
else listened to."""

import time
from collections.abc import Callable, Sequence

from msgspec import Struct

from lengthwise.contracts.device_wire import Told
from lengthwise.contracts.devices import (
    DeviceObservation,
    EmgSample,
    ForceSample,
    HeartSample,
)
from lengthwise.contracts.errors import InputError, MissingPartError
from lengthwise.contracts.observation import ImuSample, Rejection, Segment
from lengthwise.devices.chosen import Named
from lengthwise.devices.lsl.codec import Kind, encoded
from lengthwise.devices.lsl.driver import driver_of
from lengthwise.devices.lsl.sim import SIM_HZ, samples
from lengthwise.devices.lsl.transport import Inlet, Outlet, lsl_module, sent_now
from lengthwise.live.worn_devices import Air, Stand, WornDevices, this_machine

_LOOK_S = 0.05
_LIST_S = 1.0


class Sent(Struct, frozen=True):
    """`samples` that were sent, by stream."""

    samples: dict[str, int]


class Heard(Struct, frozen=True):
    """`rate_hz` None with fewer than two samples; `last` as it came."""

    stream: str
    samples: int
    rejected: int
    rate_hz: float | None
    last: str | None
    simulated: bool = False


class StreamFound(Struct, frozen=True):
    """A stream that is sent now; `driver` that hears it, None: no session uses such a one."""

    name: str
    type: str
    channels: int
    rate_hz: float
    simulated: bool
    driver: str | None


def streams(wait_s: float = _LIST_S) -> tuple[StreamFound, ...] | None:
    """All that answer within so long; None without pylsl, which is not the same as none."""
    try:
        found = sent_now(wait_s)
    except MissingPartError:
        return None
    return tuple(
        StreamFound(s.name, s.type, s.channels, s.rate_hz, s.simulated, driver_of(s.type))
        for s in found
    )


class Senders:
    """An outlet for each device, begun with its first sample. What LSL has no kind for is left."""

    def __init__(self, segments: dict[Segment, str], *, clock_s: Callable[[], float]) -> None:
        lsl_module()
        self._names, self._clock_s = segments, clock_s
        self._outlets: dict[str, Outlet] = {}
        self.samples: dict[str, int] = {}

    def hear(self, told: tuple[Told, ...]) -> None:
        for item in told:
            if isinstance(item, Rejection) or not isinstance(
                item, ImuSample | ForceSample | HeartSample
            ):
                continue
            if isinstance(item, ImuSample) and item.gyr_rad_s is None:
                continue
            kind, _ = encoded(item)
            name = self._names[item.segment] if isinstance(item, ImuSample) else item.source
            if name not in self._outlets:
                self._outlets[name] = Outlet(Kind(kind), name, monotonic_s=self._clock_s)
            self._outlets[name].send(item)
            self.samples[name] = self.samples.get(name, 0) + 1


def send(devices: Sequence[Named], *, seconds_s: float, air: Air = this_machine) -> Sent:
    """Each device is a stream of its own name for so long. Raises InputError where none is heard,
    MissingPartError without pylsl."""
    segments = {r.segment: r.name for r, _ in devices if r.segment is not None}
    senders = Senders(segments, clock_s=time.monotonic)
    worn = WornDevices(devices, hear=senders.hear, air=air)
    worn.begin()
    try:
        end_s = time.monotonic() + seconds_s
        while time.monotonic() < end_s:
            time.sleep(_LOOK_S)
        seen = worn.seen()
    finally:
        worn.close()
    if not senders.samples:
        told = "; ".join(f"{s.name}: {s.stand.value} {s.why}".strip() for s in seen)
        hint = Stand.NO_RADIO.value in told
        raise InputError(
            "devices",
            value=told,
            allowed="at least one that is heard",
            remedy="switch Bluetooth on" if hint else "try each: lengthwise devices test NAME",
        )
    return Sent(dict(senders.samples))


def hear(stream: str, *, seconds_s: float, segment: Segment | None = None) -> Heard:
    """Raises InputError where no such stream is there or its channels cannot be used."""
    inlet = Inlet(stream, monotonic_s=time.monotonic, segment=segment)
    times, rejected, last = [], 0, None
    try:
        end_s = time.monotonic() + seconds_s
        while (left_s := end_s - time.monotonic()) > 0.0:
            try:
                got = inlet.pull(wait_s=min(left_s, 0.2))
            except (TimeoutError, RuntimeError):
                break  # it ended: what was heard until then is told
            times += [t for o in got.observations for t in _times(o)]
            rejected += len(got.rejections)
            last = repr(got.observations[-1]) if got.observations else last
    finally:
        inlet.close()
    span_s = times[-1] - times[0] if len(times) > 1 else 0.0
    rate_hz = (len(times) - 1) / span_s if span_s > 0.0 else None
    return Heard(stream, len(times), rejected, rate_hz, last, inlet.simulated)


def _times(of: DeviceObservation) -> list[float]:
    """A row of muscle activity is as many samples as it has values."""
    if not isinstance(of, EmgSample):
        return [of.t_s]
    n = len(of.emg_v)
    return [of.t_s - (n - 1 - k) / of.rate_hz for k in range(n)]


def simulate(kind: Kind, name: str, *, seconds_s: float) -> int:
    """A simulated stream that says so of itself, for so long; how many samples. Raises
    MissingPartError without pylsl."""
    rate_hz = SIM_HZ[kind]
    outlet = Outlet(kind, name, monotonic_s=time.monotonic, rate_hz=rate_hz, simulated=True)
    begun_s, sent = time.monotonic(), 0
    while (passed_s := time.monotonic() - begun_s) < seconds_s:
        for sample in samples(kind, name, begun_s, after=sent, until_s=passed_s):
            outlet.send(sample)
            sent += 1
        time.sleep(_LOOK_S)
    return sent
