"""The Tindeq Progressor force gauge, both ways, as its maker publishes it.

A message to it begins with one byte of command. What it notifies is a tag, a length, and so many
bytes: tag 1 holds pairs of force in kg (f32) and time in microseconds (u32), tag 0 the answer to a
question, tag 4 says that the battery is low and that it is about to switch itself off. Source:
tindeq.com/progressor_api.
"""

from struct import Struct

from lengthwise.devices.checked_bytes import finite, unpacked, within
from lengthwise.devices.readings import BatteryLevel, Force, Reading, UndecodableError

SERVICE = "7e4e1701-1ea6-40c9-9dcc-13d34ffead57"
DATA = "7e4e1702-1ea6-40c9-9dcc-13d34ffead57"
CONTROL = "7e4e1703-1ea6-40c9-9dcc-13d34ffead57"

TARE, START, STOP, VERSION, SLEEP, ASK_BATTERY = 100, 101, 102, 107, 110, 111
"""All that is ever sent. 105, 106, 113 and 118 change its calibration."""

ANSWER, WEIGHT, LOW_BATTERY = 0, 1, 4
STANDARD_GRAVITY_M_S2 = 9.80665
_MOST_KG = 1000.0
_HEAD, _SAMPLE, _MILLIVOLT = Struct("<BB"), Struct("<fI"), Struct("<I")


def decoded(raw: bytes) -> tuple[Reading, ...]:
    """The readings of one notification; none for an answer that is no number of ours. Raises
    UndecodableError."""
    tag, length = unpacked(_HEAD, raw)
    if len(raw) - _HEAD.size != length:
        raise UndecodableError(f"{len(raw) - _HEAD.size} bytes where {length} are announced")
    if tag == WEIGHT:
        if length == 0 or length % _SAMPLE.size:
            raise UndecodableError(f"{length} bytes are no whole samples")
        return tuple(_sample(raw, at) for at in range(_HEAD.size, len(raw), _SAMPLE.size))
    if tag == LOW_BATTERY:
        return (Reading(BatteryLevel(low=True)),)
    if tag == ANSWER:
        if length != _MILLIVOLT.size:
            return ()
        (millivolt,) = unpacked(_MILLIVOLT, raw, at=_HEAD.size)
        volt = within(millivolt / 1000.0, 2.0, 6.0, what="battery in volt")
        return (Reading(BatteryLevel(voltage_v=volt)),)
    raise UndecodableError(f"tag {tag} is not known")


def _sample(raw: bytes, at: int) -> Reading:
    kilogram, device_us = unpacked(_SAMPLE, raw, at=at)
    finite(kilogram)
    within(kilogram, -_MOST_KG, _MOST_KG, what="force in kg")
    return Reading(Force(kilogram * STANDARD_GRAVITY_M_S2), device_us)


def encoded(readings: tuple[Reading, ...]) -> bytes:
    """The notification of some force samples."""
    body = b""
    for r in readings:
        if not isinstance(r.value, Force) or r.device_us is None:
            raise TypeError("only force samples with their time go into such a notification")
        body += _SAMPLE.pack(r.value.force_n / STANDARD_GRAVITY_M_S2, r.device_us)
    return _HEAD.pack(WEIGHT, len(body)) + body


def encoded_battery(voltage_v: float) -> bytes:
    return _HEAD.pack(ANSWER, _MILLIVOLT.size) + _MILLIVOLT.pack(round(voltage_v * 1000.0))


def encoded_low_battery() -> bytes:
    return _HEAD.pack(LOW_BATTERY, 0)
