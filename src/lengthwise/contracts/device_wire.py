"""What goes from the thread of the devices to a session, as msgpack: all that they told, in order.

Both ends are of this machine, so times are the host's own clock. What no device can measure was
refused by its driver; what is no number or of another time is left out here all the same.
"""

from math import isfinite

import msgspec
from msgspec import Struct

from lengthwise.contracts.devices import (
    BandSample,
    BatterySample,
    ForceSample,
    HeartSample,
    LinkSample,
)
from lengthwise.contracts.observation import ImuSample, Rejection
from lengthwise.contracts.wire import NotTakenError

Told = ImuSample | ForceSample | HeartSample | BandSample | BatterySample | LinkSample | Rejection
MOST_TOLD = 600
"""In one bundle: half a second of six sensors at 200 a second."""


class Bundle(Struct, frozen=True, forbid_unknown_fields=True):
    told: tuple[Told, ...]


_decoder = msgspec.msgpack.Decoder(Bundle)
_encoder = msgspec.msgpack.Encoder()


def written(told: tuple[Told, ...]) -> bytes:
    return _encoder.encode(Bundle(told))


def read_bundle(raw: bytes) -> tuple[Told, ...]:
    """Raises NotTakenError on what is no bundle; what is no number is not in it any more."""
    try:
        told = _decoder.decode(raw).told
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as cause:
        raise NotTakenError("not a bundle of devices") from cause
    if len(told) > MOST_TOLD:
        raise NotTakenError(f"{len(told)} samples; at most {MOST_TOLD} in a bundle")
    return tuple(item for item in told if _is_number(item))


def _is_number(item: Told) -> bool:
    numbers: tuple[float | None, ...] = (item.t_s,)
    match item:
        case ImuSample():
            numbers += (*item.acc_m_s2, *(item.gyr_rad_s or ()), *(item.quat_wxyz or ()))
        case ForceSample():
            numbers += (item.force_n,)
        case HeartSample():
            numbers += (item.rate_per_min, *item.rr_s)
        case BandSample():
            numbers += (item.force_n, item.target_n, item.length_m)
    return all(x is None or isfinite(x) for x in numbers)
