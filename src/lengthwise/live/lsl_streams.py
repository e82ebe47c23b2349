"""Use cases of the Lab Streaming Layer: what devices tell as its streams, and a stream of somebody
else listened to."""

import time
from collections.abc import Callable, Sequence

from msgspec import Struct

from lengthwise.contracts.device_wire import Told
from lengthwise.contracts.devices import ForceSample, HeartSample
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import ImuSample, Rejection, Segment
from lengthwise.devices.chosen import Named
from lengthwise.devices.lsl.codec import Kind, encoded
from lengthwise.devices.lsl.transport import Inlet, Outlet, lsl_module
from lengthwise.live.worn_devices import Air, Stand, WornDevices, this_machine

_LOOK_S = 0.05


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
            got = inlet.pull(wait_s=min(left_s, 0.2))
            times += [o.t_s for o in got.observations]
            rejected += len(got.rejections)
            last = repr(got.observations[-1]) if got.observations else last
    finally:
        inlet.close()
    span_s = times[-1] - times[0] if len(times) > 1 else 0.0
    rate_hz = (len(times) - 1) / span_s if span_s > 0.0 else None
    return Heard(stream, len(times), rejected, rate_hz, last)
