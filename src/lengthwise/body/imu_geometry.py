"""From inertial samples to the direction of up in a segment, by gravity alone.

The heading of an inertial sensor without magnetometer is arbitrary, so only the direction of up in
sensor axes is used. VQF (Laidig and Seel 2023, doi:10.1016/j.inffus.2022.10.014) finds it from
gyroscope and accelerometer; a sensor without gyroscope brings its own orientation. The axes of the
segment in the sensor follow from the zero pose: up is measured there and known in the segment, and
one stated sensor axis says how the sensor is turned about it: the one that points to the segment's
front, or, on a segment that lies, the one along it.
"""

from itertools import accumulate
from math import hypot, isfinite, sin
from struct import Struct as Packing
from typing import Any

import numpy as np
from msgspec import Struct
from vqf import VQF

from lengthwise.body import imu_waves
from lengthwise.body.imu_felt import Felt, felt_more
from lengthwise.body.imu_waves import Waves
from lengthwise.contracts.observation import Axis, ImuSample, ImuStream
from lengthwise.reference.constants import constant

LARGEST_GAP_S = constant("body", "imu_largest_gap_s")
FELT_AT_MOST_S = constant("body", "imu_felt_at_most_s")
_FALLBACK_RATE_HZ = 100.0
_LEAST_HALFWAY = 0.1
"""Nearly opposite directions have no shortest way from one to the other."""

AXIS_VECTOR: dict[Axis, tuple[float, float, float]] = {
    Axis.X: (1.0, 0.0, 0.0),
    Axis.Y: (0.0, 1.0, 0.0),
    Axis.Z: (0.0, 0.0, 1.0),
    Axis.MINUS_X: (-1.0, 0.0, 0.0),
    Axis.MINUS_Y: (0.0, -1.0, 0.0),
    Axis.MINUS_Z: (0.0, 0.0, -1.0),
}

_TEMPLATE: dict[str, Any] = VQF(0.01).state
_SIZES = {name: len(v) if isinstance(v, list) else None for name, v in _TEMPLATE.items()}
_FLAGS = frozenset(name for name, v in _TEMPLATE.items() if isinstance(v, bool))
_ENDS = list(accumulate(size or 1 for size in _SIZES.values()))
_PACKING = Packing(f"<{_ENDS[-1]}d")
_PLACES: dict[str, int | slice] = {
    name: end - 1 if size is None else slice(end - size, end)
    for (name, size), end in zip(_SIZES.items(), _ENDS, strict=True)
}
"""Of each part of the state among its numbers."""


def pack_filter(state: dict[str, Any]) -> bytes:
    """The state of a VQF as exact bytes; NaN, which marks parts not begun, survives."""
    flat: list[float] = []
    for part in state.values():
        if isinstance(part, list):
            flat += part
        else:
            flat.append(part)
    return _PACKING.pack(*flat)


def unpack_filter(raw: bytes) -> dict[str, Any]:
    """The state of a VQF from its bytes."""
    flat = list(_PACKING.unpack(raw))
    state: dict[str, Any] = {name: flat[place] for name, place in _PLACES.items()}
    for name in _FLAGS:
        state[name] = bool(state[name])
    return state


class Orientation(Struct, frozen=True):
    """`filter`: bytes of the VQF, or None; `up` in sensor axes; `t_s` of the last sample, `since_s`
    of the first that the VQF was begun with; `felt` since then, and `waves` with what was felt
    before; `carried`: sensor to axes that follow from the gyroscope alone, w, x, y, z."""

    filter: bytes | None = None
    up: tuple[float, float, float] | None = None
    t_s: float | None = None
    since_s: float | None = None
    felt: Felt = Felt()
    waves: Waves = Waves()
    carried: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0)


def advance(stream: ImuStream, before: Orientation, samples: tuple[ImuSample, ...]) -> Orientation:
    """The orientation after some samples in order of time."""
    if not samples:
        return before
    last = samples[-1]
    if stream.has_gyr and all(s.gyr_rad_s is not None for s in samples):
        return _advance_vqf(stream, before, samples)
    if last.quat_wxyz is not None:
        return Orientation(None, up_in_sensor(last.quat_wxyz), last.t_s)
    return before


def _advance_vqf(
    stream: ImuStream, before: Orientation, samples: tuple[ImuSample, ...]
) -> Orientation:
    known = isfinite(stream.rate_hz) and stream.rate_hz > 0.0
    vqf = VQF(1.0 / (stream.rate_hz if known else _FALLBACK_RATE_HZ))
    gap = before.t_s is not None and samples[0].t_s - before.t_s > LARGEST_GAP_S
    since_s, felt, waves, carried = samples[0].t_s, Felt(), before.waves, before.carried
    if before.filter is None or gap:
        waves = imu_waves.begun_anew(waves)
    else:
        vqf.state = unpack_filter(before.filter)
        since_s = since_s if before.since_s is None else before.since_s
        felt = before.felt
    for sample in samples:
        assert sample.gyr_rad_s is not None
        vqf.update(np.array(sample.gyr_rad_s), np.array(sample.acc_m_s2))
        w, x, y, z = vqf.getQuat3D().tolist()
        carried = (w, x, y, z)
        force = turned(carried, sample.acc_m_s2)
        waves = imu_waves.more(waves, sample.t_s, force)
        if sample.t_s - since_s <= FELT_AT_MOST_S:
            turn = turned(carried, sample.gyr_rad_s)
            felt = felt_more(felt, sample.t_s, force=force, turn=turn)
    w, x, y, z = vqf.getQuat6D().tolist()
    up = up_in_sensor((w, x, y, z))
    return Orientation(pack_filter(vqf.state), up, samples[-1].t_s, since_s, felt, waves, carried)


def waves_up(now: Orientation) -> tuple[tuple[float, float, float], float] | None:
    """Up in sensor axes, and the sd of its direction (rad), by how the body is accelerated; None
    where nothing was felt before the interruption or too little since."""
    found = imu_waves.gravity(now.waves)
    if found is None:
        return None
    (x, y, z), sd_rad = found
    size = hypot(x, y, z)
    w, p, q, r = now.carried
    return turned((w, -p, -q, -r), (x / size, y / size, z / size)), sd_rad


def turned(
    quat_wxyz: tuple[float, float, float, float], vector: tuple[float, float, float]
) -> tuple[float, float, float]:
    """A vector turned by a unit quaternion."""
    w, x, y, z = quat_wxyz
    a, b, c = vector
    # Twice the cross product of the quaternion's vector with this one.
    p, q, r = 2.0 * (y * c - z * b), 2.0 * (z * a - x * c), 2.0 * (x * b - y * a)
    return a + w * p + y * r - z * q, b + w * q + z * p - x * r, c + w * r + x * q - y * p


def up_in_sensor(quat_wxyz: tuple[float, float, float, float]) -> tuple[float, float, float]:
    """World up in sensor axes from an orientation, sensor to world. A null quaternion gives z."""
    norm = hypot(*quat_wxyz)
    if norm == 0.0:
        return (0.0, 0.0, 1.0)
    w, x, y, z = (v / norm for v in quat_wxyz)
    return (2.0 * (x * z - w * y), 2.0 * (y * z + w * x), 1.0 - 2.0 * (x * x + y * y))


class SegmentAxes(Struct, frozen=True):
    """The segment's axes in the sensor: `front`, `left`, `up` (unit vectors)."""

    front: tuple[float, float, float]
    left: tuple[float, float, float]
    up: tuple[float, float, float]


def segment_axes(
    up_sensor: tuple[float, float, float], stated: Axis, along: Axis, up_segment: np.ndarray
) -> SegmentAxes | None:
    """Axes of a segment in which up is known to be `up_segment` (3,), and whose axis `along` is the
    `stated` one of the sensor; None where that is near the vertical.

    It only says how the segment is turned about the vertical: the two directions of up fit exactly.
    """
    up = np.array(up_sensor) / np.linalg.norm(up_sensor)
    to_side = np.cross(up, AXIS_VECTOR[stated])
    side_segment = np.cross(up_segment, AXIS_VECTOR[along])
    if min(np.linalg.norm(to_side), np.linalg.norm(side_segment)) < sin(0.35):
        return None
    rot_segment_from_sensor = _frame(up_segment, side_segment) @ _frame(up, to_side).T
    front, left, upright = rot_segment_from_sensor
    return SegmentAxes(_vector(front), _vector(left), _vector(upright))


def _frame(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """(3, 3) columns: two perpendicular directions made unit vectors, and their cross product."""
    a, b = first / np.linalg.norm(first), second / np.linalg.norm(second)
    return np.stack([a, b, np.cross(a, b)], axis=1)


def _vector(array: np.ndarray) -> tuple[float, float, float]:
    return float(array[0]), float(array[1]), float(array[2])


def turned_to(
    axes: SegmentAxes, up_sensor: tuple[float, float, float], up: np.ndarray
) -> SegmentAxes:
    """The axes turned, the shortest way, so that `up_sensor` reads as `up` (3,) in the segment."""
    seen = up_in_segment(axes, up_sensor)
    seen, up = seen / np.linalg.norm(seen), up / np.linalg.norm(up)
    halfway = seen + up
    norm = float(np.linalg.norm(halfway))
    if norm < _LEAST_HALFWAY:
        return axes
    # Half a turn about the bisector of seen and up, after half a turn about seen.
    bisector = halfway / norm
    turn = (2.0 * np.outer(bisector, bisector) - np.eye(3)) @ (
        2.0 * np.outer(seen, seen) - np.eye(3)
    )
    front, left, upright = turn @ np.array([axes.front, axes.left, axes.up])
    return SegmentAxes(_vector(front), _vector(left), _vector(upright))


def up_in_segment(axes: SegmentAxes, up_sensor: tuple[float, float, float]) -> np.ndarray:
    """(3,) up along the segment's front, left and up."""
    return np.array(
        [
            sum(a * b for a, b in zip(axis, up_sensor, strict=True))
            for axis in (axes.front, axes.left, axes.up)
        ]
    )
