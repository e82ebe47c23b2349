"""The open band's protocol, both ways: see docs/open-band.md, which is its definition.

Little-endian. Every message ends in CRC-16/CCITT-FALSE (polynomial 0x1021, begins with 0xFFFF) of
all bytes before it, and begins with a byte whose upper half is the version.
"""

import binascii
from enum import IntEnum
from math import nan
from struct import Struct

from msgspec import Struct as Record

from lengthwise.contracts.devices import BandFault, BandMode
from lengthwise.devices.checked_bytes import finite, unpacked, within
from lengthwise.devices.readings import Band, BatteryLevel, UndecodableError


def _uuid(number: int) -> str:
    return f"b0a7{number:04x}-6f1e-4c0d-9a57-1e46f02d7c31"


SERVICE, MEASUREMENT, SET_POINT = _uuid(1), _uuid(2), _uuid(3)
ANSWER, LIMITS = _uuid(4), _uuid(5)

VERSION = 1
MODES = (BandMode.RELEASED, BandMode.FOLLOWING, BandMode.RELEASING, BandMode.FAULT)
FAULTS = (
    BandFault.NONE, BandFault.OVERLOAD, BandFault.FORCE_SENSOR, BandFault.MOTOR,
    BandFault.LENGTH_END, BandFault.BATTERY,
)  # fmt: skip
_GRIP, _LOW_BATTERY = 0x01, 0x02
_BATTERY_UNKNOWN = 255
_M_PER_UNIT, _TARGET_N_PER_UNIT = 0.001, 0.1

_MEASUREMENT = Struct("<BBBBHhIfh")
_SET_POINT = Struct("<BBHffH")
_ANSWER = Struct("<BBH")
_LIMITS = Struct("<BBffH")
_CRC = Struct("<H")
MEASUREMENT_BYTES = _MEASUREMENT.size + _CRC.size
SET_POINT_BYTES = _SET_POINT.size + _CRC.size

MOST_FORCE_N = 400.0
"""What the protocol can ask for at all; a band's own limit is far lower (`Limits`)."""
MOST_RATE_N_S = 200.0
LEAST_VALID_S, MOST_VALID_S = 0.02, 0.2
"""A set-point is worth nothing after at most 200 ms: a release begins by then, whatever breaks."""


class Command(IntEnum):
    RELEASE = 0
    FOLLOW = 1
    CLEAR_FAULT = 2


class SetPoint(Record, frozen=True):
    """`target_n` to pull with, approached with at most `rate_n_s`, for `valid_s` since it came.
    `sequence` counts modulo 65,536 and only grows."""

    command: Command
    sequence: int
    target_n: float = 0.0
    rate_n_s: float = 0.0
    valid_s: float = LEAST_VALID_S


class Outcome(IntEnum):
    """What became of a set-point."""

    TAKEN = 0
    DAMAGED = 1
    OUT_OF_RANGE = 2
    OLD = 3
    GRIP_OPEN = 4
    NOT_AT_REST = 5
    FAULT = 6
    NOT_ARMED = 7


class Answer(Record, frozen=True):
    sequence: int
    outcome: Outcome
    mode: BandMode


class Limits(Record, frozen=True):
    """What a band allows at most, fixed in the band."""

    force_n: float
    rate_n_s: float
    valid_s: float


def crc16(raw: bytes) -> int:
    """CRC-16/CCITT-FALSE; of `123456789` it is 0x29B1."""
    return binascii.crc_hqx(raw, 0xFFFF)


def _sealed(body: bytes) -> bytes:
    return body + _CRC.pack(crc16(body))


def _opened(raw: bytes, layout: Struct) -> tuple[int, tuple[float, ...]]:
    """Lower half of the first byte, and the numbers behind it."""
    if len(raw) != layout.size + _CRC.size:
        raise UndecodableError(f"{len(raw)} bytes where {layout.size + _CRC.size} are expected")
    if unpacked(_CRC, raw, at=layout.size)[0] != crc16(raw[: layout.size]):
        raise UndecodableError("the checksum does not fit")
    first, *rest = unpacked(layout, raw)
    if first >> 4 != VERSION:
        raise UndecodableError(f"version {first >> 4}; ours is {VERSION}")
    return first & 0x0F, tuple(rest)


def _one_of(options: tuple[BandMode, ...], number: float) -> BandMode:
    if not 0 <= number < len(options):
        raise UndecodableError(f"mode {number:.0f} is not known")
    return options[int(number)]


def encoded_measurement(
    band: Band, device_us: int, *, battery_ratio: float | None = None, low: bool = False
) -> bytes:
    flags = (_GRIP if band.grip_closed else 0) | (_LOW_BATTERY if low else 0)
    battery = _BATTERY_UNKNOWN if battery_ratio is None else round(100.0 * battery_ratio)
    return _sealed(
        _MEASUREMENT.pack(
            VERSION << 4 | MODES.index(band.mode),
            FAULTS.index(band.fault),
            flags,
            battery,
            band.sequence,
            round(band.length_m / _M_PER_UNIT),
            device_us,
            nan if band.force_n is None else band.force_n,
            round(band.target_n / _TARGET_N_PER_UNIT),
        )
    )


def decoded_measurement(raw: bytes) -> tuple[Band, int, BatteryLevel]:
    """What the band is doing, its clock in microseconds, its battery. Raises UndecodableError; a
    fault code that is not known is refused, never read as none."""
    mode, rest = _opened(raw, _MEASUREMENT)
    fault, flags, battery, sequence, length_mm, device_us, force_n, target = rest
    if fault >= len(FAULTS) or (battery > 100 and battery != _BATTERY_UNKNOWN):
        raise UndecodableError("a fault or battery that is not known")
    broken = FAULTS[int(fault)] is BandFault.FORCE_SENSOR
    if not broken:
        within(force_n, -MOST_FORCE_N * 2, MOST_FORCE_N * 2, what="force in N")
    band = Band(
        force_n=None if broken else force_n,
        target_n=target * _TARGET_N_PER_UNIT,
        length_m=length_mm * _M_PER_UNIT,
        mode=_one_of(MODES, mode),
        fault=FAULTS[int(fault)],
        grip_closed=bool(int(flags) & _GRIP),
        sequence=int(sequence),
    )
    ratio = None if battery == _BATTERY_UNKNOWN else battery / 100.0
    level = BatteryLevel(ratio=ratio, low=bool(int(flags) & _LOW_BATTERY))
    return band, int(device_us), level


def encoded_set_point(p: SetPoint) -> bytes:
    """Raises ValueError on what the protocol does not allow, so that it is never sent."""
    fault = _range_fault(p)
    if fault:
        raise ValueError(f"a set-point with {fault}")
    valid_ms = round(p.valid_s * 1000.0)
    first = VERSION << 4
    return _sealed(_SET_POINT.pack(first, p.command, p.sequence, p.target_n, p.rate_n_s, valid_ms))


def decoded_set_point(raw: bytes) -> SetPoint:
    """Raises UndecodableError. A value outside of the protocol's ranges is refused, never cut."""
    _, (command, sequence, target_n, rate_n_s, valid_ms) = _opened(raw, _SET_POINT)
    finite(target_n, rate_n_s)
    if command not in tuple(Command):
        raise UndecodableError(f"command {command:.0f} is not known")
    p = SetPoint(Command(int(command)), int(sequence), target_n, rate_n_s, valid_ms / 1000.0)
    fault = _range_fault(p)
    if fault:
        raise UndecodableError(f"a set-point with {fault}")
    return p


def _range_fault(p: SetPoint) -> str:
    if not 0 <= p.sequence <= 0xFFFF:
        return "a sequence outside of 0 to 65535"
    if p.command is not Command.FOLLOW:
        return ""
    if not 0.0 <= p.target_n <= MOST_FORCE_N:
        return f"a force outside of 0 to {MOST_FORCE_N:g} N"
    if not 0.0 < p.rate_n_s <= MOST_RATE_N_S:
        return f"a rate outside of 0 to {MOST_RATE_N_S:g} N/s"
    if not LEAST_VALID_S <= p.valid_s <= MOST_VALID_S:
        return f"a validity outside of {LEAST_VALID_S:g} to {MOST_VALID_S:g} s"
    return ""


def encoded_answer(a: Answer) -> bytes:
    return _sealed(_ANSWER.pack(VERSION << 4 | MODES.index(a.mode), a.outcome, a.sequence))


def decoded_answer(raw: bytes) -> Answer:
    """Raises UndecodableError."""
    mode, (outcome, sequence) = _opened(raw, _ANSWER)
    if outcome not in tuple(Outcome):
        raise UndecodableError(f"outcome {outcome:.0f} is not known")
    return Answer(int(sequence), Outcome(int(outcome)), _one_of(MODES, mode))


def encoded_limits(limits: Limits) -> bytes:
    valid_ms = round(limits.valid_s * 1000.0)
    return _sealed(_LIMITS.pack(VERSION << 4, 0, limits.force_n, limits.rate_n_s, valid_ms))


def decoded_limits(raw: bytes) -> Limits:
    """Raises UndecodableError."""
    _, (_, force_n, rate_n_s, valid_ms) = _opened(raw, _LIMITS)
    within(force_n, 0.0, MOST_FORCE_N, what="force in N")
    within(rate_n_s, 0.0, MOST_RATE_N_S, what="rate in N/s")
    within(valid_ms / 1000.0, LEAST_VALID_S, MOST_VALID_S, what="validity in s")
    return Limits(force_n, rate_n_s, valid_ms / 1000.0)
