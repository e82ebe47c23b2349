"""How well a pull lies along the line of a muscle: line alignment of what pulls.

With l(q) how far the line's anchors are apart in pose q, and f the range fraction of the targets,

    line alignment of the pull = cos(t, g),  t_i = -dl/dq_i,  g_i = df/dq_i

over the joints that the targets cross: t is what one newton does about each, by virtual work, g the
way that lengthens them fastest. 1: all of the pull goes into lengthening; 0: none, however hard it
pulls. How much of that the joints let happen is not in it. Errors of both anchors and of the pose
enter to first order; that moment arms change with the pose's error is left out.
"""

from math import sqrt

import numpy as np

from lengthwise.band.torque import Anchors, Place, moving
from lengthwise.contracts.coordinates import ANATOMICAL, INDEX
from lengthwise.contracts.states import Estimate

_STEP_RAD, _MOVED_RAD, _MOVED_M = 1e-4, 1e-2, 5e-3
_LEAST_LEVER_M, _SHORTEST_M = 0.01, 1e-3


def pull_alignment(
    anchors: Anchors,
    place: Place,
    *,
    pose_rad: np.ndarray,
    covariance_rad2: np.ndarray,
    uphill: np.ndarray,
) -> Estimate | None:
    """At a pose (21,) with covariance (21, 21); `uphill` (13,) g over ANATOMICAL, 0 where the
    targets do not cross. None where the pull has no direction or turns none of these joints."""
    joints = [INDEX[c] for c, slope in zip(ANATOMICAL, uphill, strict=True) if slope != 0.0]
    line = uphill[uphill != 0.0]

    def cosine(pose: np.ndarray, limb_m: np.ndarray, fixed_m: np.ndarray) -> float | None:
        if float(np.linalg.norm(place(pose, limb_m) - fixed_m)) < _SHORTEST_M:
            return None
        lever_m = np.empty(len(joints))
        for k, at in enumerate(joints):
            apart_m = []
            for way in (1.0, -1.0):
                moved = pose.copy()
                moved[at] += way * _STEP_RAD
                apart_m.append(float(np.linalg.norm(place(moved, limb_m) - fixed_m)))
            lever_m[k] = -(apart_m[0] - apart_m[1]) / (2.0 * _STEP_RAD)
        size = float(np.linalg.norm(lever_m))
        if size < _LEAST_LEVER_M:
            return None
        return float(lever_m @ line) / (size * float(np.linalg.norm(line)))

    limb_m, fixed_m = anchors.limb_m, anchors.fixed_m
    here = cosine(pose_rad, limb_m, fixed_m) if joints else None
    if here is None:
        return None

    def moved_by(found: float | None, step: float) -> float:
        return 0.0 if found is None else (found - here) / step

    variance = 0.0
    for axis in np.eye(3):
        by_limb = moved_by(cosine(pose_rad, limb_m + _MOVED_M * axis, fixed_m), _MOVED_M)
        by_fixed = moved_by(cosine(pose_rad, limb_m, fixed_m + _MOVED_M * axis), _MOVED_M)
        variance += (by_limb * anchors.limb_sd_m) ** 2 + (by_fixed * anchors.fixed_sd_m) ** 2
    by_pose = np.zeros(len(pose_rad))
    for i in moving(place, pose_rad, limb_m, covariance_rad2):
        turned = pose_rad.copy()
        turned[i] += _MOVED_RAD
        by_pose[i] = moved_by(cosine(turned, limb_m, fixed_m), _MOVED_RAD)
    variance += float(by_pose @ covariance_rad2 @ by_pose)
    return Estimate(here, sqrt(max(variance, 0.0)))
