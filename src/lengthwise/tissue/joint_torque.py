"""Passive torque of a joint: tension of the muscle groups through their arms, and the rest.

With T_g the tensions, l_g the lengths and q the coordinate,

    torque = - sum of T_g dl_g/dq + rest(q),

positive where it turns the joint in the positive sense of the coordinate (N.m). The rest is what
the groups do not hold: capsule and ligaments, skin, and muscles in no group (vasti, sartorius, the
short head of biceps femoris, muscles of the shank). It depends on its own joint only,

    rest(q) = offset + exp(a - b q) - exp(e + f q).

With dT_g / dl_g as errors take it on (`Tension.taken_on_n_per_m`), an error in the posture q' comes
through once, over all groups and the rest,

    J = - sum of (dT_g/dl_g dl_g/dq dl_g/dq' + T_g d2l_g/dq dq') + drest/dq,   var = J C J',

and what is a group's own is added as independent: the anatomical model, the personal figures, what
relaxation lost, and the part of the tension's sd that is bent rather than taken on. Of groups whose
figures were marked in one ramp these are not independent: a person who feels a stretch early feels
it early in all of them. `alike` adds them as sizes then, the widest that they can be together.

How arms change with the posture is `arms_turn`; where it is not given that term is left out, which
in a tense leg raise makes the sd 15 to 20 % too wide.
"""

from math import exp, hypot, sqrt

import numpy as np

from lengthwise.contracts.coordinates import ANATOMICAL, Coordinate
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant
from lengthwise.reference.passive_torque import RestTorque
from lengthwise.tissue.groups import GroupLengths
from lengthwise.tissue.moments import model_variance_m2
from lengthwise.tissue.passive_tension import Tension

_REST_SD_RATIO = constant("tension", "rest_sd_ratio")
_REST_SD_NM = constant("tension", "rest_sd_nm")
_CROSSES_M = 1e-6
_TURN_RAD = 0.01
_STEEPEST = 30.0
"""Exponents beyond this are no joint."""


def arms_turn(groups: GroupLengths, posture_rad: np.ndarray, coordinate: Coordinate) -> np.ndarray:
    """(32, 13) d2 length / d coordinate d each coordinate, m/rad^2, at a posture (13,).

    By a central difference along one coordinate alone: second derivatives are symmetric.
    """
    step = np.zeros(len(ANATOMICAL))
    step[ANATOMICAL.index(coordinate)] = _TURN_RAD
    ahead_m, behind_m = (
        groups.lengths_and_slopes(posture_rad + sign * step)[1] for sign in (1.0, -1.0)
    )
    return np.asarray((ahead_m - behind_m) / (2.0 * _TURN_RAD))


def joint_torque(
    tension: Tension,
    coordinate: Coordinate,
    *,
    posture_rad: np.ndarray,
    arms_m: np.ndarray,
    covariance_rad2: np.ndarray,
    turn_m: np.ndarray | None = None,
    rest: RestTorque | None = None,
    rows: np.ndarray | None = None,
    alike: bool = False,
) -> Estimate | None:
    """Passive torque about one anatomical coordinate; without `rest`, of the muscle groups alone.

    `rows`: of these groups of GROUP_SIDES only; None: of all that cross the joint.

    `posture_rad` (13,), `arms_m` (32, 13) d length / d coordinate in m/rad, `covariance_rad2`
    (13, 13), `turn_m` (32, 13) as from `arms_turn`. None where the tension of a group that crosses
    the joint is not known.
    """
    place = ANATOMICAL.index(coordinate)
    crosses = np.flatnonzero(np.abs(arms_m[:, place]) > _CROSSES_M) if rows is None else rows
    if not np.all(tension.known[crosses]):
        return None
    arms_m = arms_m[crosses]
    arm_m, tension_n = arms_m[:, place], tension.tension_n[crosses]
    taken_on = tension.taken_on_n_per_m[crosses]
    mean_nm, slope_nm = -float(arm_m @ tension_n), -((taken_on * arm_m) @ arms_m)
    if turn_m is not None:
        slope_nm -= tension_n @ turn_m[crosses]
    variance = 0.0
    if rest is not None:
        here, slope = _rest(rest, float(posture_rad[place]))
        mean_nm, variance = mean_nm + here.mean, here.sd**2
        slope_nm[place] += slope
    of_posture_m2 = ((arms_m @ covariance_rad2) * arms_m).sum(axis=1)
    through_posture = taken_on**2 * np.maximum(of_posture_m2, 0.0)
    of_model = taken_on**2 * model_variance_m2(posture_rad)[crosses]
    own = np.maximum(tension.sd_n[crosses] ** 2 - through_posture, of_model)
    of_groups = float(np.abs(arm_m) @ np.sqrt(own)) ** 2 if alike else float(arm_m**2 @ own)
    variance += float(slope_nm @ covariance_rad2 @ slope_nm) + of_groups
    return Estimate(mean_nm, sqrt(max(variance, 0.0)))


def rest_torque(rest: RestTorque, angle_rad: float) -> Estimate:
    """Torque of the rest at an angle, with the doubt that people differ."""
    return _rest(rest, angle_rad)[0]


def _rest(rest: RestTorque, angle_rad: float) -> tuple[Estimate, float]:
    """The same, and its slope in N.m/rad."""
    low_nm = exp(min(rest.low_log_nm - rest.low_rate * angle_rad, _STEEPEST))
    high_nm = exp(min(rest.high_log_nm + rest.high_rate * angle_rad, _STEEPEST))
    size_nm = max(low_nm, high_nm, abs(rest.offset_nm))
    found = Estimate(
        rest.offset_nm + low_nm - high_nm, hypot(_REST_SD_NM, _REST_SD_RATIO * size_nm)
    )
    return found, -rest.low_rate * low_nm - rest.high_rate * high_nm
