"""With a force sensor torque is measured: torque at a joint, and extensibility beside tolerance.

At rest the passive torque of the tissue balances what pulls and what weighs,

    passive = -(force x lever + gravity),

all positive in the sense of the joint's coordinate (N.m), with the muscles silent and the limb
moved so slowly that nothing is spent on speeding it up.

Two results are told apart and never mixed (Weppler and Magnusson 2010, doi:10.2522/ptj.20090012):
**extensibility** is the angle at a torque that is the same every time; **tolerance** the angle that
was borne. Without a force sensor only tolerance exists.
"""

from enum import StrEnum
from math import cos, hypot, sin

import numpy as np
from msgspec import Struct

from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant

_GRAVITY_M_S2 = constant("anatomy", "gravity_m_s2")


class RangeKind(StrEnum):
    EXTENSIBILITY = "extensibility"
    TOLERANCE = "tolerance"


class RangeAbsent(StrEnum):
    """Why one of the two results is not there."""

    NO_FORCE = "no_force"
    NOT_MARKED = "not_marked"
    NOT_SEEN = "not_seen"
    NOT_REACHED = "not_reached"
    FROM_THE_START = "from_the_start"


class TorqueWindowAbsent(StrEnum):
    """Why no window is told in torque."""

    FIRST_NOT_MARKED = "first_not_marked"
    TOLERANCE_NOT_MARKED = "tolerance_not_marked"
    NO_TORQUE_THERE = "no_torque_there"
    TOO_CLOSE = "too_close"


class RangeResult(Struct, frozen=True):
    """An angle and the resisting torque there, which is None without a force sensor."""

    kind: RangeKind
    coordinate: Coordinate
    angle_rad: Estimate
    resisting_nm: Estimate | None


def applied_torque(force_n: Estimate, distance_m: Estimate, angle_rad: Estimate) -> Estimate:
    """Torque of a pull: force, distance of its anchor from the joint's axis, and the angle between
    the limb and the line of the pull (90 degrees: all of it turns the joint).

    Positive in the sense in which the pull turns at angles between 0 and 180 degrees.
    """
    turning = sin(angle_rad.mean)
    mean_nm = force_n.mean * distance_m.mean * turning
    parts = (
        force_n.sd * distance_m.mean * turning,
        force_n.mean * distance_m.sd * turning,
        force_n.mean * distance_m.mean * cos(angle_rad.mean) * angle_rad.sd,
    )
    return Estimate(mean_nm, hypot(*parts))


def limb_weight_torque(
    mass_kg: Estimate, distance_m: Estimate, elevation_rad: Estimate
) -> Estimate:
    """Torque by which a limb's weight lowers it, N.m, negative: the limb's centre of mass lies
    `distance_m` from the joint, `elevation_rad` above the horizontal (0: level, 90 degrees: up)."""
    level = cos(elevation_rad.mean)
    weight_n = mass_kg.mean * _GRAVITY_M_S2
    parts = (
        mass_kg.sd * _GRAVITY_M_S2 * distance_m.mean * level,
        weight_n * distance_m.sd * level,
        weight_n * distance_m.mean * sin(elevation_rad.mean) * elevation_rad.sd,
    )
    return Estimate(-weight_n * distance_m.mean * level, hypot(*parts))


def passive_torque(applied_nm: Estimate, gravity_nm: Estimate) -> Estimate:
    """Of the tissue about the joint, from what acts on the limb."""
    return Estimate(-(applied_nm.mean + gravity_nm.mean), hypot(applied_nm.sd, gravity_nm.sd))


def ramp(angle_rad: np.ndarray, resisting_nm: np.ndarray) -> tuple[np.ndarray, float]:
    """Which of the samples (k,) are the last way into the stretch, and its sense (1 or -1).

    The way ends with the last sample, begins where the angle was farthest from there, and only
    samples that went further than all before belong to it: a way back or a pause tells nothing.
    The sense is that in which the torque rises.
    """
    end = len(angle_rad) - 1
    least = int(np.argmin(resisting_nm))
    way = 1.0 if angle_rad[end] >= angle_rad[least] else -1.0
    along = way * angle_rad
    first = end - int(np.argmin(along[::-1]))
    furthest = np.maximum.accumulate(along[first:])
    fresh = np.concatenate(([True], furthest[1:] > furthest[:-1]))
    return first + np.flatnonzero(fresh), way


def extensibility(
    coordinate: Coordinate,
    angle_rad: np.ndarray,
    resisting_nm: np.ndarray,
    *,
    standard_nm: float,
    angle_sd_rad: float,
    torque_sd_nm: float,
) -> RangeResult | None:
    """The angle at which a ramp (k,) first resists with `standard_nm`.

    `angle_rad` must not fall; noise of the torque is taken out by the nearest curve that does not
    fall either. None where the standard torque was not reached, or was there from the start:
    nothing is read beyond what was pulled.
    """
    if len(angle_rad) < 2 or np.any(np.diff(angle_rad) < 0.0):
        raise ValueError("a ramp needs two angles or more that do not fall")
    # Imported here: 13 MB, and who is led without a force sensor needs none of it.
    from scipy.optimize import isotonic_regression

    rising_nm = isotonic_regression(resisting_nm).x
    if not rising_nm[0] < standard_nm <= rising_nm[-1]:
        return None
    after = int(np.searchsorted(rising_nm, standard_nm))
    low_nm, high_nm = float(rising_nm[after - 1]), float(rising_nm[after])
    low_rad, high_rad = float(angle_rad[after - 1]), float(angle_rad[after])
    share = (standard_nm - low_nm) / (high_nm - low_nm)
    at_rad = low_rad + share * (high_rad - low_rad)
    per_nm = _angle_per_torque(angle_rad, rising_nm, at_rad)
    sd_rad = hypot(angle_sd_rad, per_nm * torque_sd_nm)
    return RangeResult(
        RangeKind.EXTENSIBILITY,
        coordinate,
        Estimate(at_rad, sd_rad),
        Estimate(standard_nm, torque_sd_nm),
    )


def tolerance(
    coordinate: Coordinate, angle_rad: Estimate, resisting_nm: Estimate | None
) -> RangeResult:
    """The angle that was borne; `resisting_nm` None without a force sensor."""
    return RangeResult(RangeKind.TOLERANCE, coordinate, angle_rad, resisting_nm)


def _angle_per_torque(angle_rad: np.ndarray, rising_nm: np.ndarray, at_rad: float) -> float:
    """How far a torque error moves the angle: over the tenth of the ramp around it, because between
    two samples a curve freed of noise is flat or steep by chance."""
    reach_rad = 0.05 * float(angle_rad[-1] - angle_rad[0])
    low_nm, high_nm = np.interp([at_rad - reach_rad, at_rad + reach_rad], angle_rad, rising_nm)
    return 2.0 * reach_rad / max(float(high_nm - low_nm), 1e-9)
