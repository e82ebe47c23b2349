"""A sensor that creeps round on a thigh seen to stay, or swings on a body seen to rest.

Seen from the side, a thigh that turns by an angle a in the plane of the image takes the knee along,
by 0.4 m a. Where a sensor there has turned in that plane within some seconds and the knee has gone
by less than a quarter of that, it did not turn with the thigh, however slowly. A pelvis has no such
line: its hips stay where they are when it tips, so that a sensor that creeps there looks like a
pelvis that does (0083). Of the leg on the other side of the body too little is seen.

One that turns to and fro faster than anybody stretches, while no landmark goes along, hangs loose.
"""

from math import atan2, pi, radians, sqrt

import numpy as np
from msgspec import Struct

from lengthwise.body import projection
from lengthwise.body.glimpses import moved_m, turned_rad
from lengthwise.body.kinematic_chain import JOINTS
from lengthwise.body.session import Params
from lengthwise.body.session_state import Glimpse, State
from lengthwise.contracts.observation import Segment, View
from lengthwise.reference.constants import constant

_EVERY_S, _KEPT_S = 1.0, 12.5
_LEAST_RAD = radians(constant("body", "imu_crept_least_deg"))
_STAYED_M_PER_RAD = constant("body", "imu_crept_stayed_m_per_rad")
_MOVED_RAD_PER_M = radians(constant("body", "imu_slid_moved_deg_per_m"))
ASKED_AGAIN_S, _SLOW_RAD = 0.5, radians(2.0)
_SWINGS_S, _LEAST_SWINGS, _LEAST_SWING_RAD = 1.4, 4, radians(8.0)
_OTHERS = constant("body", "imu_slid_others_ratio")
_SWING_WANDER_M = constant("body", "imu_slid_wander_m")
_LARGEST_ASIDE = 0.5
"""Of up across the thigh: beyond it the turn in the plane says little."""
_NEAR = {View.LEFT: (Segment.THIGH_L, 2, 4), View.RIGHT: (Segment.THIGH_R, 3, 5)}
"""Thigh, hip and knee that the camera sees, the latter by place among the points."""
_JOINTS_OF = {
    segment: np.array([i for i, name in enumerate(JOINTS) if name.endswith(segment.value[-2:])])
    for segment in (Segment.THIGH_L, Segment.THIGH_R)
}


class Crept(Struct, frozen=True):
    """The sensor, what was seen before it turned, and the joints (j,) that it tells of."""

    imu: int
    before: Glimpse
    joints: np.ndarray


def looked(looks: tuple[Glimpse, ...], now: Glimpse) -> tuple[Glimpse, ...]:
    """The looks to remember."""
    if looks and now.t_s - looks[-1].t_s < _EVERY_S:
        return looks
    return (*(g for g in looks if now.t_s - g.t_s <= _KEPT_S), now)


def crept_alone(
    params: Params, state: State, lately: Glimpse, now: Glimpse, px_per_m: float
) -> Crept | None:
    """The sensor on the near thigh that turned while the thigh stayed; None where none did.

    `lately`: half a second ago. What is seen of a quick movement comes after what is felt of it, so
    it is asked twice, and while nothing turns quickly.
    """
    if state.facing not in _NEAR or px_per_m <= 0.0:
        return None
    segment, hip, knee = _NEAR[state.facing]
    imus = params.model.layout.channels.imus
    imu = next((i for i, s in enumerate(imus) if s.segment is segment), None)
    if imu is None or (_turned_in_plane_rad(lately, now, imu) or 0.0) > _SLOW_RAD:
        return None

    def alone(before: Glimpse, then: Glimpse) -> bool:
        turned = _turned_in_plane_rad(before, then, imu)
        went_m = _knee_moved_m(before, then, hip, knee, px_per_m)
        if turned is None or went_m is None:
            return False
        return turned > _LEAST_RAD and went_m < _STAYED_M_PER_RAD * turned

    for before in state.sliding.looks:
        if before.t_s < lately.t_s and alone(before, lately) and alone(before, now):
            return Crept(imu, before, _JOINTS_OF[segment])
    return None


def _turned_in_plane_rad(before: Glimpse, now: Glimpse, imu: int) -> float | None:
    """By how much the sensor's up turned in the plane of walking; None where that is not told."""
    at = projection.PAIRS_AT + imu
    if not (before.there[at] and now.there[at]):
        return None
    angles = []
    for glimpse in (before, now):
        x, y, z = glimpse.ups[3 * imu : 3 * imu + 3].tolist()
        if abs(y) > _LARGEST_ASIDE:
            return None
        angles.append(atan2(x, z))
    return abs((angles[1] - angles[0] + pi) % (2.0 * pi) - pi)


def _knee_moved_m(
    before: Glimpse, now: Glimpse, hip: int, knee: int, px_per_m: float
) -> float | None:
    """How far the knee went from the hip; None where either was not seen."""
    lines = []
    for glimpse in (before, now):
        there, places = (x[: 2 * 6].reshape(-1, 2) for x in (glimpse.there, glimpse.points_px))
        if not there[[hip, knee]].all():
            return None
        lines.append(places[knee] - places[hip])
    return float(np.linalg.norm(lines[1] - lines[0])) / px_per_m


def swung_alone(glimpses: tuple[Glimpse, ...], px_per_m: float) -> int | None:
    """The sensor that turned to and fro alone through all that is remembered; None: none did."""
    first, now = glimpses[0], glimpses[-1]
    if now.t_s - first.t_s < _SWINGS_S:
        return None
    turned = np.array([turned_rad(first, g) for g in glimpses[1:]])
    if np.isnan(turned).any() or turned.max() < 0.5 * _LEAST_SWING_RAD:
        return None
    moved = [moved_m(first, g, px_per_m) for g in glimpses[1:]]
    if any(m is None for m in moved):
        return None
    farthest_m = max(float(m.max()) for m in moved if m is not None)
    beyond_m = sqrt(max(farthest_m**2 - _SWING_WANDER_M**2, 0.0))
    imu = int(turned.max(axis=0).argmax())
    others = float(np.delete(turned, imu, axis=1).max(initial=0.0))
    least = _LEAST_SWING_RAD + _OTHERS * others + _MOVED_RAD_PER_M * beyond_m
    ups = np.array([g.ups[3 * imu : 3 * imu + 3] for g in glimpses])
    way = np.linalg.svd(ups - ups.mean(axis=0), full_matrices=False)[2][0]
    return imu if _turns(ups @ way, least) >= _LEAST_SWINGS else None


def _turns(along: np.ndarray, least: float) -> int:
    """How often a series went to or fro by at least so much."""
    count, low, high, way = 0, along[0], along[0], 0
    for x in along[1:].tolist():
        low, high = min(low, x), max(high, x)
        if way != 1 and x - low >= least:
            count, way, high = count + 1, 1, x
        elif way != -1 and high - x >= least:
            count, way, low = count + 1, -1, x
    return count
