"""How surely the lengths of one muscle at several moments are known against each other.

A window position compares a reading with two marks. Each of the errors of its three lengths is
either common to them, and then cancels in a difference as far as the weights let it, or it is not.
For moments i, j with moment arms a_i (m/rad) and C_ij the covariance of the joint angles at i with
those at j, the covariance of the lengths is the sum of

- joint angles that a sensor informs: a_i' C_ij a_j, the estimate's covariance over all moments;
- a joint angle that nothing informs at one of the moments: it is wherever it is for most of a
  session, so `shared_bias_ratio` of its variance is taken as the same error at all of them, and
  the rest as the estimate says. Besides, its arm may everywhere be its typical one;
- the length that the anatomical model gives a known posture. Its variance s^2 is taken apart: c^2
  (`geometry_change_sd_m_*`; all of it where there is none) of an error that becomes another one
  within l = `geometry_posture_rad`, and a^2 = s^2 - c^2 of one so slow that on the ways of a
  session it is a level and a moment arm that is off by as much everywhere. With d the way between
  two postures and x the way there from now (Matern 3/2; the slow part has the slope of one, too),

      a^2 (1 + 3 x_i . x_j / l^2) + c^2 (1 + sqrt(3) d / l) exp(-sqrt(3) d / l),

  so that the length is off smoothly and the moment arm is off wherever it may change, as where a
  muscle begins to wrap around a bone. What is slow cancels on a straight way between two marks, in
  the distance as in the reading, and tells beside it;
- how lumbar levels share the total, and a coordinate beyond the end of the model: an unknown slope
  (m/rad), the same at every moment, times the angles there.

Every part is a covariance, so no combination of the lengths has a negative variance.
"""

from collections.abc import Sequence
from math import exp, sqrt

import numpy as np
from msgspec import Struct
from numba import njit

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import ANATOMICAL, INDEX
from lengthwise.contracts.muscles import GROUP_SIDES
from lengthwise.reference.constants import constant, constants
from lengthwise.reference.joint_limits import joint_limit_table

_STAYS = constant("tissue", "shared_bias_ratio")
_GEOMETRY_POSTURE_RAD = constant("tissue", "geometry_posture_rad")
_ANATOMICAL = slice(INDEX[ANATOMICAL[0]], INDEX[ANATOMICAL[-1]] + 1)
_LUMBAR = 3


class Moment(Struct, frozen=True):
    """One muscle at one moment: `posture_rad` (13,) as believed, `arms_m` (13,) d length / d
    coordinate in m/rad, `informed` (13,) whether a sensor told of each, however unsurely.
    """

    posture_rad: np.ndarray
    arms_m: np.ndarray
    informed: np.ndarray


def within_model_rad(posture_rad: np.ndarray) -> np.ndarray:
    """(..., 13): the nearest posture that the anatomical model covers."""
    return np.asarray(np.minimum(np.maximum(posture_rad, _MODEL_LOW_RAD), _MODEL_HIGH_RAD))


def model_variance_m2(within_rad: np.ndarray) -> np.ndarray:
    """(32,) what the anatomical model leaves open at a posture (13,) known exactly."""
    lumbar_rad = within_rad[:_LUMBAR]
    return np.asarray(_GEOMETRY_M2 + _SHARE_M2_PER_RAD2 * (lumbar_rad @ lumbar_rad))


def joint_covariance_m2(
    row: int, moments: Sequence[Moment], angles_rad2: np.ndarray, *, typical_arms_m: np.ndarray
) -> np.ndarray:
    """(n, n) covariance of the muscle's length at n moments, but for the model's geometry.

    `row` of GROUP_SIDES; `angles_rad2` (n, n, 13, 13) of the joint angles at one moment (first
    axes) with those at another; `typical_arms_m` (13,) root mean square over feasible postures.
    """
    posture_rad = np.array([m.posture_rad for m in moments])
    found: np.ndarray = _joint_covariance_m2(
        posture_rad,
        within_model_rad(posture_rad),
        np.array([m.arms_m for m in moments]),
        np.array([m.informed for m in moments]),
        angles_rad2,
        typical_arms_m,
        _SHARE_SD_M_PER_RAD[row],
    )
    return found


@njit(cache=True)
def _joint_covariance_m2(
    posture_rad: np.ndarray,
    within_rad: np.ndarray,
    arms_m: np.ndarray,
    informed: np.ndarray,
    angles_rad2: np.ndarray,
    typical_arms_m: np.ndarray,
    share_sd_m_per_rad: float,
) -> np.ndarray:
    n, size = posture_rad.shape
    joint = np.zeros((n, n))
    moving, further_m = arms_m.copy(), np.zeros((n, size))
    alike = np.zeros((4, n, size))
    for k in range(size):
        hidden, largest_m = False, typical_arms_m[k]
        for i in range(n):
            hidden = hidden or not informed[i, k]
            largest_m = max(largest_m, abs(arms_m[i, k]))
        for i in range(n):
            alike[2, i, k] = (posture_rad[i, k] - within_rad[i, k]) * largest_m
            if k < _LUMBAR:
                alike[3, i, k] = within_rad[i, k] * share_sd_m_per_rad
            if hidden:
                stays_rad = sqrt(_STAYS * max(angles_rad2[i, i, k, k], 0.0))
                moving[i, k] = arms_m[i, k] * sqrt(1.0 - _STAYS)
                further_m[i, k] = sqrt(max(typical_arms_m[k] ** 2 - arms_m[i, k] ** 2, 0.0))
                alike[0, i, k] = arms_m[i, k] * stays_rad
                alike[1, i, k] = further_m[i, k] * stays_rad
    for i in range(n):
        for j in range(n):
            for k in range(size):
                through_m = 0.0
                for m in range(size):
                    through_m += angles_rad2[i, j, k, m] * moving[j, m]
                joint[i, j] += moving[i, k] * through_m
                apart = further_m[i, k] * angles_rad2[i, j, k, k] * further_m[j, k]
                joint[i, j] += (1.0 - _STAYS) * apart
                for part in range(4):
                    joint[i, j] += alike[part, i, k] * alike[part, j, k]
    return joint


def geometry_covariance_m2(
    row: int,
    moments: Sequence[Moment],
    *,
    typical_arms_m: np.ndarray,
    carried_m: float | None = None,
) -> np.ndarray:
    """(n, n) covariance of what the anatomical model gets wrong in the length at n moments.

    The way between two postures is the turn of the joint that matters most which would change the
    length as much. `carried_m`: a last moment is added that lies so much length beyond moment 1 in
    the direction of moment 0, as a tolerance of another day does that was met on the same way. The
    length is taken to grow as it does between them, if it does.
    """
    found: np.ndarray = _geometry_covariance_m2(
        within_model_rad(np.array([m.posture_rad for m in moments])),
        np.array([m.arms_m for m in moments]),
        typical_arms_m,
        _GEOMETRY_SD_M[row],
        _GEOMETRY_CHANGE_SD_M[row],
        carried_m is not None,
        carried_m or 0.0,
    )
    return found


def variance_m2(
    rows: np.ndarray,
    posture_rad: np.ndarray,
    arms_m: np.ndarray,
    informed: np.ndarray,
    covariance_rad2: np.ndarray,
    *,
    typical_arms_m: np.ndarray,
) -> np.ndarray:
    """(k,) of the lengths of many muscles at one moment, the model's geometry with it: what both
    covariances have at (0, 0).

    `rows` (k,) of GROUP_SIDES; `posture_rad`, `informed` (13,); `covariance_rad2` (1, 1, 13, 13);
    `arms_m`, `typical_arms_m` (32, 13).
    """
    found: np.ndarray = _variance_m2(
        rows,
        posture_rad,
        within_model_rad(posture_rad),
        arms_m,
        informed,
        covariance_rad2,
        typical_arms_m,
        _SHARE_SD_M_PER_RAD,
        _GEOMETRY_M2,
    )
    return found


@njit(cache=True)
def _variance_m2(
    rows: np.ndarray,
    posture_rad: np.ndarray,
    within_rad: np.ndarray,
    arms_m: np.ndarray,
    informed: np.ndarray,
    covariance_rad2: np.ndarray,
    typical_arms_m: np.ndarray,
    share_sd_m_per_rad: np.ndarray,
    geometry_m2: np.ndarray,
) -> np.ndarray:
    out = np.empty(len(rows))
    for k in range(len(rows)):
        row = rows[k]
        own = _joint_covariance_m2(
            posture_rad.reshape(1, -1),
            within_rad.reshape(1, -1),
            arms_m[row].reshape(1, -1),
            informed.reshape(1, -1),
            covariance_rad2,
            typical_arms_m[row],
            share_sd_m_per_rad[row],
        )
        out[k] = own[0, 0] + geometry_m2[row]
    return out


@njit(cache=True)
def _geometry_covariance_m2(
    within_rad: np.ndarray,
    arms_m: np.ndarray,
    typical_arms_m: np.ndarray,
    sd_m: float,
    change_sd_m: float,
    carried: bool,
    carried_m: float,
) -> np.ndarray:
    told, size = within_rad.shape
    n = told + 1 if carried else told
    largest_m = max(typical_arms_m.max(), 1e-9)
    points = np.empty((n, size))
    for i in range(told):
        for k in range(size):
            points[i, k] = within_rad[i, k] * typical_arms_m[k] / largest_m
    if carried:
        step = points[0] - points[1]
        length = max(sqrt((step * step).sum()), 1e-9)
        grown_m = 0.0
        for k in range(size):
            grown_m += 0.5 * (arms_m[0, k] + arms_m[1, k]) * (within_rad[0, k] - within_rad[1, k])
        per_rad_m = max(grown_m / length, 0.5 * largest_m)
        points[told] = points[1] + carried_m / per_rad_m * step / length
    out = np.empty((n, n))
    slow_m2 = sd_m**2 - change_sd_m**2
    for i in range(n):
        for j in range(n):
            way2, along = 0.0, 0.0
            for k in range(size):
                way2 += (points[i, k] - points[j, k]) ** 2
                along += (points[i, k] - points[0, k]) * (points[j, k] - points[0, k])
            scaled = sqrt(3.0 * way2) / _GEOMETRY_POSTURE_RAD
            out[i, j] = change_sd_m**2 * (1.0 + scaled) * exp(-scaled)
            out[i, j] += slow_m2 * (1.0 + 3.0 * along / _GEOMETRY_POSTURE_RAD**2)
    return out


def _per_group(prefix: str, otherwise: np.ndarray) -> np.ndarray:
    """(32,) a constant of each group, and `otherwise` (32,) where the group has none."""
    known = constants("tissue")
    names = [f"{prefix}_{group.value}" for group, _ in GROUP_SIDES]
    found = zip(names, otherwise.tolist(), strict=True)
    return frozen_array([known[name].value if name in known else none for name, none in found])


_NONE = np.zeros(len(GROUP_SIDES))
_GEOMETRY_SD_M = _per_group("geometry_sd_m", _NONE)
_GEOMETRY_CHANGE_SD_M = np.minimum(
    _per_group("geometry_change_sd_m", _GEOMETRY_SD_M), _GEOMETRY_SD_M
)
_SHARE_SD_M_PER_RAD = _per_group("lumbar_share_sd_m_per_rad", _NONE)
_GEOMETRY_M2, _SHARE_M2_PER_RAD2 = _GEOMETRY_SD_M**2, _SHARE_SD_M_PER_RAD**2
_MODEL_LOW_RAD = frozen_array([row.model_low_rad for row in joint_limit_table()[_ANATOMICAL]])
_MODEL_HIGH_RAD = frozen_array([row.model_high_rad for row in joint_limit_table()[_ANATOMICAL]])
