"""Whether the body keeps still what the exercise asks to keep still.

With x the coordinate now, x0 at the measured start, b the tolerance and s the sd of x - x0,

    P(beyond) = Phi((d - b) / s),   d = x - x0, x0 - x or |x - x0| by the constraint's direction.

Errors of one session are mostly shared between x and x0 and cancel in the difference; with r the
shared part of the variance, s^2 = r (sx - s0)^2 + (1 - r) (sx^2 + s0^2). Of a knee that may be
straight r is 0: it is told as far as knees go, and what that takes off a reading past straight is
not the same when it bends.
"""

from enum import IntEnum
from math import erf, hypot, isfinite, sqrt

from msgspec import Struct

from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant

_SHARED_BIAS_RATIO = constant("tissue", "shared_bias_ratio")
_SMALLEST_SD_RAD = 1e-4
_SQRT2 = sqrt(2.0)


_KNEES = frozenset({Coordinate.KNEE_FLEXION_L, Coordinate.KNEE_FLEXION_R})
_STRAIGHT_SDS = 2.0


def _may_be_straight(now: Estimate, start: Estimate) -> bool:
    return now.mean < _STRAIGHT_SDS * now.sd or start.mean < _STRAIGHT_SDS * start.sd


class Keeping(IntEnum):
    """How sure it is that a coordinate stays in place, worst first."""

    BEYOND = 0
    DOUBTFUL = 1
    NOT_KNOWN = 2
    KEPT = 3


_BEYOND, _DOUBTFUL = Keeping.BEYOND, Keeping.DOUBTFUL
_NOT_KNOWN, _KEPT = Keeping.NOT_KNOWN, Keeping.KEPT


class Limit(Struct, frozen=True):
    """A constraint of the working side. `direction` +1, -1 or 0 for both ways."""

    coordinate: Coordinate
    tolerance_rad: float
    direction: int
    cue: str
    kept_cue: str | None
    required: bool


class Deviation(Struct, frozen=True, gc=False):
    """One constraint now: `deviation_rad` signed change since the start; None: not known."""

    limit: Limit
    keeping: Keeping
    deviation_rad: float | None = None
    sd_rad: float | None = None
    probability: float | None = None


def difference_sd_rad(now_sd_rad: float, start_sd_rad: float) -> float:
    """Sd of a change within one session; see the head of this module."""
    apart_rad = now_sd_rad - start_sd_rad
    own = now_sd_rad * now_sd_rad + start_sd_rad * start_sd_rad
    return sqrt(_SHARED_BIAS_RATIO * apart_rad * apart_rad + (1.0 - _SHARED_BIAS_RATIO) * own)


def passed_rad(deviation_rad: float, limit: Limit) -> float:
    """How far it went the way that the constraint warns of."""
    return abs(deviation_rad) if limit.direction == 0 else deviation_rad * limit.direction


def beyond_probability(deviation_rad: float, sd_rad: float, limit: Limit) -> float:
    """One-sided probability that the tolerance is passed, 0..1."""
    beyond_rad = passed_rad(deviation_rad, limit) - limit.tolerance_rad
    standard = beyond_rad / max(sd_rad, _SMALLEST_SD_RAD)
    return 0.5 * (1.0 + erf(standard / _SQRT2))


def deviation(
    limit: Limit,
    now: Estimate | None,
    start: Estimate | None,
    *,
    compensation_probability: float,
    doubt_probability: float,
) -> Deviation:
    """One constraint judged. Not known where the coordinate, or its start, was not claimed, or
    where any number it rests on is not finite: a tolerance without an end is no tolerance.
    """
    if now is None or start is None:
        return Deviation(limit, _NOT_KNOWN)
    if not isfinite(now.mean + now.sd + start.mean + start.sd + limit.tolerance_rad):
        return Deviation(limit, _NOT_KNOWN)
    change_rad = now.mean - start.mean
    if limit.coordinate in _KNEES and _may_be_straight(now, start):
        sd_rad = hypot(now.sd, start.sd)
    else:
        sd_rad = difference_sd_rad(now.sd, start.sd)
    probability = beyond_probability(change_rad, sd_rad, limit)
    if probability >= compensation_probability:
        keeping = _BEYOND
    elif probability >= doubt_probability:
        keeping = _DOUBTFUL
    else:
        keeping = _KEPT
    return Deviation(limit, keeping, change_rad, sd_rad, probability)
