"""How a sensor swings: what two sensors beside one joint feel of it in common.

A joint between two segments has one velocity, whichever of the two it is computed from. In axes
that follow from the gyroscope alone

    u(t) = sum of R f dt + R (w x r),

f the specific force, R sensor to these axes, w the turn, r from the sensor to the joint: velocity
as it changes, with what gravity's reaction adds to it. No turn has to be differentiated, since
R (w' x r + w x (w x r)) is the derivative of R (w x r). From both sides it is the same vector, but
for a rotation that does not change and a velocity to begin with:

    u_known = Q u_sought + c.

The Q that fits best over a second or more (Wahba 1965, doi:10.1137/1007077) says how the sought
one is inclined, however both are accelerated, and c drops out. Levers are known roughly, so they
are sought along with Q about what they are expected to be. That accelerations of a joint agree,
and tell where it is in the sensors, is from Seel, Raisch and Schauer 2014, doi:10.3390/s140406891,
there for levers; here of velocities, since what skin and a lever leave over passes in them.
"""

from math import pi, sqrt

import numpy as np
from msgspec import Struct

from lengthwise.reference.constants import constant

GRID_S = constant("body", "imu_felt_block_s")
_MOST = round(constant("body", "imu_joint_most_s") / GRID_S)
_LEAST = round(constant("body", "imu_joint_least_s") / GRID_S)
_SD_M_S = constant("body", "imu_joint_sd_m_s")
_DOUBT = constant("body", "imu_joint_doubt_ratio")
_EXPECTED = 10.0
"""Values that the expected sd counts for, beside those that are left over."""
_ROUNDS = 6
_CLOSE = 1e-5

Triple = tuple[float, float, float]
Quad = tuple[float, float, float, float]
_NOTHING: Triple = (0.0, 0.0, 0.0)


class Moment(Struct, frozen=True):
    """`at`: of which multiple of `GRID_S`; `velocity` (m/s) summed from the specific force, in the
    gyroscope's axes; `carried`: sensor to these, w, x, y, z; `turn` (rad/s) in sensor axes."""

    at: int
    velocity: Triple
    carried: Quad
    turn: Triple


class Swing(Struct, frozen=True):
    """The last `moments`, and of the last sample its time, sum, force, place and turn."""

    moments: tuple[Moment, ...] = ()
    t_s: float | None = None
    velocity: Triple = _NOTHING
    force: Triple = _NOTHING
    carried: Quad = (1.0, 0.0, 0.0, 0.0)
    turn: Triple = _NOTHING


class Side(Struct, frozen=True, eq=False):
    """A sensor beside a joint: `lever_m` (3,) from it to the joint in its axes, as expected, and
    the sd of each part."""

    swing: Swing
    lever_m: np.ndarray
    lever_sd_m: float


def more(swing: Swing, t_s: float, *, carried: Quad, force: Triple, turn: Triple) -> Swing:
    """One sample more: `carried` sensor to the gyroscope's axes, specific force (m/s2) in these,
    turn (rad/s) in sensor axes."""
    if swing.t_s is None:
        return Swing((), t_s, _NOTHING, force, carried, turn)
    step_s = t_s - swing.t_s
    (a, b, c), (d, e, f), (x, y, z) = swing.force, force, swing.velocity
    half_s = 0.5 * step_s
    velocity = x + half_s * (a + d), y + half_s * (b + e), z + half_s * (c + f)
    moments, first = swing.moments, int(swing.t_s // GRID_S) + 1
    for at in range(first, int(t_s // GRID_S) + 1):
        share = (at * GRID_S - swing.t_s) / step_s
        now = Moment(
            at,
            _between(swing.velocity, velocity, share),
            _turned_between(swing.carried, carried, share),
            _between(swing.turn, turn, share),
        )
        moments = (*moments[1 - _MOST :], now)
    return Swing(moments, t_s, velocity, force, carried, turn)


def shared_up(known: Side, sought: Side, up: Triple) -> tuple[Triple, float] | None:
    """Up in the gyroscope's axes of the `sought` sensor, and the variance of its direction (rad2,
    both ways that it can be off together) where `up` in those of the `known` one is without error;
    None where they have too little time in common."""
    of_known = {moment.at: moment for moment in known.swing.moments}
    both = [(of_known[m.at], m) for m in sought.swing.moments if m.at in of_known]
    if len(both) < _LEAST:
        return None
    felt_k, by_lever_k = _joint([pair[0] for pair in both])
    felt_s, by_lever_s = _joint([pair[1] for pair in both])
    start = np.concatenate([known.lever_m, sought.lever_m])
    doubt = np.repeat([known.lever_sd_m, sought.lever_sd_m], 3)
    sd_m_s = _SD_M_S
    for _ in range(2):
        levers = start.copy()
        rot = _wahba(felt_k + by_lever_k @ levers[:3], felt_s + by_lever_s @ levers[3:])
        for _ in range(_ROUNDS):
            there = felt_s + by_lever_s @ levers[3:]
            off = felt_k + by_lever_k @ levers[:3] - there @ rot.T
            slopes = np.concatenate([rot @ _crossed(there), by_lever_k, -rot @ by_lever_s], axis=2)
            slopes = slopes.reshape(-1, 9) / (_DOUBT * sd_m_s)
            normal = slopes.T @ slopes
            pull = slopes.T @ off.ravel() / (_DOUBT * sd_m_s)
            # Nothing is known of the rotation before: half a turn.
            normal[:3, :3] += np.eye(3) / pi**2
            normal[3:, 3:] += np.diag(1.0 / doubt**2)
            pull[3:] += (levers - start) / doubt**2
            step = -np.linalg.solve(normal, pull)
            rot = rot @ _rotation(step[:3])
            levers += step[3:]
            if np.abs(step).max() < _CLOSE:
                break
        there = felt_s + by_lever_s @ levers[3:]
        off = felt_k + by_lever_k @ levers[:3] - there @ rot.T
        free = off.size - 6.0
        squares = float((off**2).sum()) + _EXPECTED * _SD_M_S**2
        sd_m_s = sqrt(squares / (free + _EXPECTED))
    x, y, z = found = rot.T @ np.array(up)
    spread = np.linalg.inv(normal)[:3, :3]
    return (float(x), float(y), float(z)), float(np.trace(spread) - found @ spread @ found)


def _joint(moments: list[Moment]) -> tuple[np.ndarray, np.ndarray]:
    """(n, 3) the sensor's velocity and (n, 3, 3) what a lever adds to it per metre, both about
    their means."""
    velocity = np.array([moment.velocity for moment in moments])
    places = np.array([_matrix(moment.carried) for moment in moments])
    by_lever = places @ _crossed(np.array([moment.turn for moment in moments]))
    return velocity - velocity.mean(axis=0), by_lever - by_lever.mean(axis=0)


def _wahba(known: np.ndarray, sought: np.ndarray) -> np.ndarray:
    """(3, 3) the rotation that brings (n, 3) `sought` nearest to `known`, by the singular value
    decomposition (Markley 1988)."""
    left, _, right = np.linalg.svd(known.T @ sought)
    return np.asarray(left @ np.diag([1.0, 1.0, np.linalg.det(left @ right)]) @ right)


def _crossed(vectors: np.ndarray) -> np.ndarray:
    """(n, 3, 3) that make of a vector its cross product with (n, 3)."""
    x, y, z = vectors.T
    none = np.zeros_like(x)
    rows = np.array([[none, -z, y], [z, none, -x], [-y, x, none]])
    return np.moveaxis(rows, 2, 0)


def _rotation(vector: np.ndarray) -> np.ndarray:
    """(3, 3) of a rotation vector (Rodrigues)."""
    angle_rad = float(np.linalg.norm(vector))
    if angle_rad == 0.0:
        return np.eye(3)
    cross = _crossed(vector[None] / angle_rad)[0]
    return np.asarray(
        np.eye(3) + np.sin(angle_rad) * cross + (1.0 - np.cos(angle_rad)) * cross @ cross
    )


def _matrix(quat_wxyz: Quad) -> list[list[float]]:
    w, x, y, z = quat_wxyz
    return [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]


def _between(before: Triple, after: Triple, share: float) -> Triple:
    (a, b, c), (x, y, z) = before, after
    return a + share * (x - a), b + share * (y - b), c + share * (z - c)


def _turned_between(before: Quad, after: Quad, share: float) -> Quad:
    """Between two places that are near each other."""
    sign = 1.0 if sum(p * q for p, q in zip(before, after, strict=True)) >= 0.0 else -1.0
    w, x, y, z = (p + share * (sign * q - p) for p, q in zip(before, after, strict=True))
    size = (w * w + x * x + y * y + z * z) ** 0.5
    return w / size, x / size, y / size, z / size
