"""How far a compensation carries what is stretched, before anybody can have said a word about it.

A stretch is often held where it is first felt, and what leaves its place may be seen by no sensor:
then its tolerance is all that stands between a person and their ceiling. With q1 the pose at which
somebody whose marks lie near each other feels it first, qT that of their tolerance, J what goes
along with a coordinate (`corrections.return_slope`) and d twice what it may leave,

    position = (l(q1 + J d) - l(q1)) / (l(qT) - l(q1))          (l: length of a target)

The low back may take all of what the chest leaves.

Where that is above the ceiling, the tolerance is too wide for the stretch.
"""

from collections.abc import Callable
from math import radians

import numpy as np

from lengthwise.contracts.coordinates import ANATOMICAL, INDEX, Coordinate
from lengthwise.contracts.effect import CompensationEffect
from lengthwise.contracts.muscles import GROUP_INDEX
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import Behaviour, Exercise
from lengthwise.tissue.corrections import OF_CHEST, return_slope

FIRST_SHARE = constant("tissue", "near_marks_first_path_share")
TOLERANCE_SHARE = constant("tissue", "near_marks_tolerance_path_share")
LEAVES_RATIO = constant("tissue", "compensation_leaves_ratio")
_ANATOMICAL = slice(INDEX[ANATOMICAL[0]], INDEX[ANATOMICAL[-1]] + 1)


def compensation_effects(
    written: Exercise,
    at_share: Callable[[float], np.ndarray],
    lengths_m: Callable[[np.ndarray], np.ndarray],
    *,
    least_span_m: np.ndarray,
) -> tuple[CompensationEffect, ...]:
    """Of each constraint of a stretch; none of an exercise that has no window.

    `written`: for the working side. `at_share`: pose (21,) in rad at a share of its path;
    `lengths_m`: of all groups (32,) by the joints (13,); targets whose marks lie less than
    `least_span_m` (32,) apart have no window and tell nothing.
    """
    rows = [GROUP_INDEX[t.group, t.side] for t in written.targets]
    if written.behaviour is not Behaviour.HELD_IN_WINDOW or not rows:
        return ()
    pose = at_share(FIRST_SHARE)
    first_m = lengths_m(pose[_ANATOMICAL])[rows]
    span_m = lengths_m(at_share(TOLERANCE_SHARE)[_ANATOMICAL])[rows] - first_m
    placed = span_m >= least_span_m[rows]
    found = []
    for c in written.constraints:
        along = _goes_along(c.coordinate, pose)
        leaves_rad = LEAVES_RATIO * radians(c.tolerance_deg)
        ways = (c.direction,) if c.direction else (1, -1)
        gone = [lengths_m(pose[_ANATOMICAL] + way * leaves_rad * along)[rows] for way in ways]
        position = ((np.array(gone) - first_m) / span_m)[:, placed]
        if position.size:
            found.append(CompensationEffect(c.coordinate, float(position.max())))
    return tuple(found)


def _goes_along(coordinate: Coordinate, pose_rad: np.ndarray) -> np.ndarray:
    slope = return_slope(coordinate, pose_rad)
    return np.sign(slope) if coordinate in OF_CHEST else slope
