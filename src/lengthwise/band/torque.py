"""What a band's pull does about a joint: torque from its force, its anchors and the pose.

The band runs straight from a point of the limb to a point that does not move. Let l(q) be how far
they are apart in pose q. By virtual work its torque about the coordinate i is

    torque_i = -F dl/dq_i,

above 0 where the pull turns the joint in the sense of its coordinate. It needs no axis and no
centre, and a two-joint limb needs no other formula. Errors of force, of the pose (with its
covariance) and of both anchors enter to first order.
"""

from collections.abc import Callable
from math import sqrt

import numpy as np
from msgspec import Struct

from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.coordinates import INDEX, Coordinate
from lengthwise.contracts.states import Estimate

_STEP_RAD, _STEP_M = 1e-4, 1e-4

Place = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""(pose (n,) rad, point of the limb (3,) m in the limb) to where it is (3,) m."""


class Anchors(Struct, frozen=True):
    """`limb_m` (3,) in the bone that is pulled, `fixed_m` (3,) in the world of `Place`, where the
    pelvis is at rest; sds of each of their three numbers, m."""

    limb_m: np.ndarray
    fixed_m: np.ndarray
    limb_sd_m: float
    fixed_sd_m: float


def on_bone(anatomy: Anatomy, bone: str) -> Place:
    """Points of one bone of a person's anatomical model; poses (21,) as in COORDINATES. To be kept:
    making it takes as long as a hundred answers."""
    standing = anatomy.placing()

    def place(pose_rad: np.ndarray, point_m: np.ndarray) -> np.ndarray:
        found = standing(pose_rad).body(bone)
        return np.asarray(found.xpos + found.xmat.reshape(3, 3) @ point_m)

    return place


def moving(
    place: Place, pose_rad: np.ndarray, point_m: np.ndarray, covariance_rad2: np.ndarray
) -> list[int]:
    """Which doubtful coordinates move a point of the limb: no other changes what a pull does."""
    here, found = place(pose_rad, point_m), []
    for i in np.flatnonzero(np.diag(covariance_rad2) > 0.0).tolist():
        turned = pose_rad.copy()
        turned[i] += 10.0 * _STEP_RAD
        if not np.array_equal(place(turned, point_m), here):
            found.append(i)
    return found


def band_torque(
    force_n: Estimate,
    anchors: Anchors,
    place: Place,
    *,
    pose_rad: np.ndarray,
    covariance_rad2: np.ndarray,
    coordinate: Coordinate,
) -> Estimate | None:
    """N.m about a coordinate at a pose (21,) with covariance (21, 21).

    None where the anchors meet, so that the pull has no direction.
    """
    at = INDEX[coordinate]

    def lever_m(pose: np.ndarray, limb_m: np.ndarray, fixed_m: np.ndarray) -> float:
        ends = []
        for way in (1.0, -1.0):
            moved = pose.copy()
            moved[at] += way * _STEP_RAD
            ends.append(float(np.linalg.norm(place(moved, limb_m) - fixed_m)))
        return -(ends[0] - ends[1]) / (2.0 * _STEP_RAD)

    if float(np.linalg.norm(place(pose_rad, anchors.limb_m) - anchors.fixed_m)) < 10.0 * _STEP_M:
        return None
    lever = lever_m(pose_rad, anchors.limb_m, anchors.fixed_m)
    by_pose = np.zeros(len(pose_rad))
    for i in moving(place, pose_rad, anchors.limb_m, covariance_rad2):
        by_pose[i] = _slope(
            lambda pose: lever_m(pose, anchors.limb_m, anchors.fixed_m), pose_rad, i, 10 * _STEP_RAD
        )
    variance = float(by_pose @ covariance_rad2 @ by_pose)
    for k in range(3):
        by_limb = _slope(
            lambda m: lever_m(pose_rad, m, anchors.fixed_m), anchors.limb_m, k, _STEP_M
        )
        by_fixed = _slope(
            lambda m: lever_m(pose_rad, anchors.limb_m, m), anchors.fixed_m, k, _STEP_M
        )
        variance += (by_limb * anchors.limb_sd_m) ** 2 + (by_fixed * anchors.fixed_sd_m) ** 2
    sd_nm = sqrt((force_n.sd * lever) ** 2 + force_n.mean**2 * max(variance, 0.0))
    return Estimate(force_n.mean * lever, sd_nm)


def _slope(of: Callable[[np.ndarray], float], here: np.ndarray, number: int, step: float) -> float:
    up, down = here.copy(), here.copy()
    up[number] += step
    down[number] -= step
    return (of(up) - of(down)) / (2.0 * step)
