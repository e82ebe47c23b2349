"""Xsens (Movella) DOT, both ways: extended quaternion and custom mode 5 of its measurement service.

Both begin with u32 microseconds and a quaternion w, x, y, z (sensor to world, world z up). Extended
quaternion goes on with free acceleration (world axes, without gravity, m/s2), status and counts of
clipped samples: 36 bytes in the medium characteristic. Custom mode 5 goes on with acceleration
(m/s2) and turn (deg/s) in sensor axes: 44 bytes in the long one. A notification may be padded with
zeros. Source: Movella DOT BLE Services Specifications, rev. C (2023), tables 12 to 17.
"""

from math import degrees, radians, sqrt
from struct import Struct

from lengthwise.devices.checked_bytes import finite, unpacked
from lengthwise.devices.readings import BatteryLevel, Inertial, Reading, UndecodableError


def _uuid(number: int) -> str:
    return f"1517{number:04x}-4947-11e9-8646-d663bd873d93"


MEASUREMENT_SERVICE, BATTERY_SERVICE = _uuid(0x2000), _uuid(0x3000)
CONFIGURATION_SERVICE, MESSAGE_SERVICE = _uuid(0x1000), _uuid(0x7000)
CONTROL, LONG, MEDIUM, SHORT = _uuid(0x2001), _uuid(0x2002), _uuid(0x2003), _uuid(0x2004)
RESET, BATTERY = _uuid(0x2006), _uuid(0x3001)
DEVICE_CONTROL, MESSAGE = _uuid(0x1002), _uuid(0x7001)

EXTENDED_QUATERNION, CUSTOM_MODE_5 = 2, 26
STOP = bytes((1, 0, CUSTOM_MODE_5))
START = bytes((1, 1, CUSTOM_MODE_5))
START_EXTENDED = bytes((1, 1, EXTENDED_QUATERNION))

_EXTENDED, _CUSTOM_5 = Struct("<I4f3fHBB"), Struct("<I4f3f3f")
_LONG_BYTES, _MEDIUM_BYTES = 63, 40
_ACC_CLIPPED, _GYR_CLIPPED = 0x0007, 0x0038
STANDARD_GRAVITY_M_S2 = 9.81
"""What the DOT takes off for free acceleration is not published; 0.04 % lies between candidates."""
_MOST_ACC_M_S2, _MOST_GYR_RAD_S = 400.0, 70.0
_UNIT_WITHIN = 0.05


def decoded_long(raw: bytes) -> Reading:
    """Custom mode 5. Raises UndecodableError."""
    _padded(raw, _CUSTOM_5.size, _LONG_BYTES)
    device_us, *rest = unpacked(_CUSTOM_5, raw)
    n = finite(*rest)
    acc = (n[4], n[5], n[6])
    gyr = (radians(n[7]), radians(n[8]), radians(n[9]))
    return Reading(_plausible(Inertial(acc, gyr, _unit(n[:4]))), device_us)


def decoded_medium(raw: bytes) -> Reading:
    """Extended quaternion. Its specific force is free acceleration with gravity, turned back into
    sensor axes; it has no turn. A clipped sensor is refused: the quaternion is of both. Raises
    UndecodableError."""
    _padded(raw, _EXTENDED.size, _MEDIUM_BYTES)
    device_us, *rest, status, _, _ = unpacked(_EXTENDED, raw)
    n = finite(*rest)
    if status & _ACC_CLIPPED:
        raise UndecodableError("the accelerometer was out of its range")
    if status & _GYR_CLIPPED:
        raise UndecodableError("the gyroscope was out of its range")
    quat = _unit(n[:4])
    acc = _into_sensor(quat, (n[4], n[5], n[6] + STANDARD_GRAVITY_M_S2))
    return Reading(_plausible(Inertial(acc, None, quat)), device_us)


def battery(raw: bytes) -> BatteryLevel:
    """Per cent and whether it is charging. Raises UndecodableError."""
    if len(raw) != 2 or raw[0] > 100 or raw[1] > 1:
        raise UndecodableError("no battery level")
    return BatteryLevel(ratio=raw[0] / 100.0, low=raw[0] <= 15 and not raw[1])


def encoded_long(value: Inertial, device_us: int) -> bytes:
    if value.gyr_rad_s is None or value.quat_wxyz is None:
        raise TypeError("custom mode 5 has turn and quaternion")
    turn_deg_s = (degrees(x) for x in value.gyr_rad_s)
    return _CUSTOM_5.pack(device_us, *value.quat_wxyz, *value.acc_m_s2, *turn_deg_s)


def encoded_medium(value: Inertial, device_us: int, *, status: int = 0) -> bytes:
    """Padded as a device does."""
    if value.quat_wxyz is None:
        raise TypeError("extended quaternion has a quaternion")
    w, x, y, z = value.quat_wxyz
    ax, ay, az = _into_sensor((w, -x, -y, -z), value.acc_m_s2)
    free = (ax, ay, az - STANDARD_GRAVITY_M_S2)
    raw = _EXTENDED.pack(device_us, w, x, y, z, *free, status, 0, 0)
    return raw.ljust(_MEDIUM_BYTES, b"\0")


def _padded(raw: bytes, least: int, most: int) -> None:
    if not least <= len(raw) <= most or any(raw[least:]):
        raise UndecodableError(f"{len(raw)} bytes where {least} and zeros are expected")


def _unit(q: tuple[float, ...]) -> tuple[float, float, float, float]:
    norm = sqrt(sum(x * x for x in q))
    if not abs(norm - 1.0) <= _UNIT_WITHIN:
        raise UndecodableError("a quaternion that is no rotation")
    return q[0] / norm, q[1] / norm, q[2] / norm, q[3] / norm


def _plausible(value: Inertial) -> Inertial:
    if max(map(abs, value.acc_m_s2)) > _MOST_ACC_M_S2:
        raise UndecodableError("a specific force that no DOT measures")
    if value.gyr_rad_s is not None and max(map(abs, value.gyr_rad_s)) > _MOST_GYR_RAD_S:
        raise UndecodableError("a turn that no DOT measures")
    return value


def _into_sensor(
    quat_wxyz: tuple[float, float, float, float], v: tuple[float, float, float]
) -> tuple[float, float, float]:
    """A vector of the world in the axes of the sensor: R^T v, quat_wxyz sensor to world."""
    w, x, y, z = quat_wxyz
    return (
        (1 - 2 * (y * y + z * z)) * v[0] + 2 * (x * y + w * z) * v[1] + 2 * (x * z - w * y) * v[2],
        2 * (x * y - w * z) * v[0] + (1 - 2 * (x * x + z * z)) * v[1] + 2 * (y * z + w * x) * v[2],
        2 * (x * z + w * y) * v[0] + 2 * (y * z - w * x) * v[1] + (1 - 2 * (x * x + y * y)) * v[2],
    )
