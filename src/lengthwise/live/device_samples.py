"""Samples of the devices of a session, at its time: only what was declared when it began."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.device_wire import Told, read_bundle
from lengthwise.contracts.devices import WornDevice
from lengthwise.contracts.observation import ImuSample, Rejection, RejectionReason, Segment

_AHEAD_S = 1.0


class Expected(Struct, frozen=True):
    """`names` of the devices of a session, `segments` that their inertial sensors are worn on, and
    `own_time` those of which readings bring their own."""

    names: frozenset[str] = frozenset()
    segments: frozenset[Segment] = frozenset()
    own_time: frozenset[Segment] = frozenset()

    @classmethod
    def of(cls, devices: tuple[WornDevice, ...] | None) -> "Expected":
        worn = devices or ()
        segments = frozenset(d.segment for d in worn if d.segment is not None)
        own_time = frozenset(d.segment for d in worn if d.segment is not None and d.own_time)
        return cls(frozenset(d.name for d in worn), segments, own_time)

    def expects(self, item: Told) -> bool:
        if isinstance(item, ImuSample):
            return item.segment in self.segments
        return item.source in self.names


def at_session_time(
    expected: Expected, raw: bytes, *, begun_s: float, now_s: float
) -> Iterator[Told]:
    """The samples of a bundle; `begun_s` of the session on the clock of the host, `now_s` in it.
    What was felt before the session began is not of it; what would be felt later than now is told
    as not used. Raises NotTakenError."""
    for item in read_bundle(raw):
        at_s = item.t_s - begun_s
        if not expected.expects(item) or at_s < 0.0:
            continue
        if at_s <= now_s + _AHEAD_S:
            yield replace(item, t_s=at_s)
        else:
            source = f"imu:{item.segment}" if isinstance(item, ImuSample) else item.source
            why = f"{at_s - now_s:.1f} s later than now"
            yield Rejection(now_s, source, RejectionReason.FUTURE, why)
