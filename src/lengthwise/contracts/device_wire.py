"""What goes between the thread of the devices and a session, as msgpack: all that they told, in
order, and what a band is to do.

Both ends are of this machine, so times are the host's own clock. What no device can measure was
refused by its driver; what is no number or of another time is left out here all the same.
"""

from math import isfinite

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.band import BandOrder
from lengthwise.contracts.devices import (
    BandSample,
    BatterySample,
    EmgSample,
    ForceSample,
    HeartSample,
    LinkSample,
)
from lengthwise.contracts.observation import ImuSample, Rejection
from lengthwise.contracts.wire import NotTakenError

Told = (
    ImuSample
    | ForceSample
    | HeartSample
    | EmgSample
    | BandSample
    | BatterySample
    | LinkSample
    | Rejection
)
MOST_TOLD = 600
"""In one bundle: half a second of six sensors at 200 a second."""


class Bundle(Struct, frozen=True, forbid_unknown_fields=True):
    told: tuple[Told, ...]


class Ordered(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="ordered"):
    """`host_s`: when it was decided, on the clock of the host."""

    host_s: float
    order: BandOrder


_decoder = msgspec.msgpack.Decoder(Bundle)
_encoder = msgspec.msgpack.Encoder()
_orders = msgspec.msgpack.Decoder(Ordered)


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


def written_order(ordered: Ordered) -> bytes:
    return _encoder.encode(ordered)


def read_order(raw: bytes) -> Ordered | None:
    """None for whatever else is said in a session. One that is no number is a release."""
    try:
        ordered = _orders.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    order = ordered.order
    numbers = (ordered.host_s, order.force_n, order.rate_n_s, order.valid_for_s)
    if all(isfinite(x) for x in numbers):
        return ordered
    return replace(ordered, order=replace(order, force_n=0.0))


def _is_number(item: Told) -> bool:
    numbers: tuple[float | None, ...] = (item.t_s,)
    match item:
        case ImuSample():
            numbers += (*item.acc_m_s2, *(item.gyr_rad_s or ()), *(item.quat_wxyz or ()))
        case ForceSample():
            numbers += (item.force_n,)
        case HeartSample():
            numbers += (item.rate_per_min, *item.rr_s)
        case EmgSample():
            numbers += (item.rate_hz, *item.emg_v)
        case BandSample():
            numbers += (item.force_n, item.target_n, item.length_m)
    return all(x is None or isfinite(x) for x in numbers)
