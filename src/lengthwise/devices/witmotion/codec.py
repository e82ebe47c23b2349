"""WitMotion's Bluetooth 5 inertial sensors, both ways.

A frame has 20 bytes: 55 61, then nine i16 little-endian: specific force in 1/32768 of 16 g, turn in
1/32768 of 2000 deg/s, angles. 55 71 answers a question about a register. Frames carry no checksum
and no time, and notifications cut and join them. So a frame is believed when it fills a
notification by itself, or when the next one begins right behind it: bytes that merely look like a
beginning are not enough. Source: the maker's protocol of its Bluetooth 5 sensors; not tried on a
device here.
"""

from math import radians
from struct import Struct

from msgspec import Struct as Record

from lengthwise.devices.checked_bytes import unpacked
from lengthwise.devices.readings import BatteryLevel, Decoded, Inertial, Reading


def _uuid(number: int) -> str:
    """In the maker's own base, which is Bluetooth's but for one digit (9a where it has 9b)."""
    return f"0000{number:04x}-0000-1000-8000-00805f9a34fb"


SERVICE, DATA, CONTROL = _uuid(0xFFE5), _uuid(0xFFE4), _uuid(0xFFE9)
BATTERY_REGISTER = 0x64
ASK_BATTERY = bytes((0xFF, 0xAA, 0x27, BATTERY_REGISTER, 0x00))
"""The only message that is ever sent: it reads. All others of the form FF AA set a register."""

_HEAD, _MOTION, _REGISTER = 0x55, 0x61, 0x71
FRAME_BYTES = 20
_NINE, _ANSWER = Struct("<9h"), Struct("<H8h")
STANDARD_GRAVITY_M_S2 = 9.80665
ACC_M_S2_PER_UNIT = 16.0 * STANDARD_GRAVITY_M_S2 / 32768.0
GYR_RAD_S_PER_UNIT = radians(2000.0) / 32768.0


class State(Record, frozen=True):
    """`kept`: bytes of a frame that is not whole, or whose successor has not begun yet."""

    kept: bytes = b""


def step(state: State, payload: bytes) -> tuple[State, Decoded]:
    """One notification. Bytes that belong to no frame are counted as one refusal."""
    raw, at, skipped = state.kept + payload, 0, 0
    readings: list[Reading] = []
    while len(raw) - at >= FRAME_BYTES + 2:
        if _begins(raw, at) and _begins(raw, at + FRAME_BYTES):
            readings += _frame(raw[at : at + FRAME_BYTES])
            at += FRAME_BYTES
        else:
            at += 1
            skipped += 1
    while at < len(raw) and not _begins(raw, at):
        at += 1
        skipped += 1
    rest = raw[at:]
    if len(rest) == FRAME_BYTES and rest == payload:
        readings += _frame(rest)
        rest = b""
    refused = (f"{skipped} bytes that belong to no frame",) if skipped else ()
    return State(rest), Decoded(tuple(readings), refused)


def _begins(raw: bytes, at: int) -> bool:
    """Whether a frame may begin there; the last byte of a notification alone may."""
    return raw[at] == _HEAD and (at + 1 == len(raw) or raw[at + 1] in (_MOTION, _REGISTER))


def _frame(raw: bytes) -> tuple[Reading, ...]:
    if raw[1] == _MOTION:
        n = unpacked(_NINE, raw, at=2)
        acc = (n[0] * ACC_M_S2_PER_UNIT, n[1] * ACC_M_S2_PER_UNIT, n[2] * ACC_M_S2_PER_UNIT)
        gyr = (n[3] * GYR_RAD_S_PER_UNIT, n[4] * GYR_RAD_S_PER_UNIT, n[5] * GYR_RAD_S_PER_UNIT)
        return (Reading(Inertial(acc, gyr)),)
    register, first = unpacked(_ANSWER, raw, at=2)[:2]
    if register == BATTERY_REGISTER and 200 <= first <= 600:
        volt = first / 100.0
        return (Reading(BatteryLevel(voltage_v=volt, low=volt < LOW_V)),)
    return ()


LOW_V = 3.4
"""Expert default for one lithium cell: little is left below."""


def encoded(value: Inertial) -> bytes:
    """The frame of a reading, rounded to its units and cut to their range; angles are 0."""
    gyr = value.gyr_rad_s or (0.0, 0.0, 0.0)
    units = [x / ACC_M_S2_PER_UNIT for x in value.acc_m_s2] + [x / GYR_RAD_S_PER_UNIT for x in gyr]
    rounded = [max(-32768, min(32767, round(u))) for u in units]
    return bytes((_HEAD, _MOTION)) + _NINE.pack(*rounded, 0, 0, 0)


def encoded_battery(voltage_v: float) -> bytes:
    rest = (0,) * 7
    return bytes((_HEAD, _REGISTER)) + _ANSWER.pack(BATTERY_REGISTER, round(voltage_v * 100), *rest)
