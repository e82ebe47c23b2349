"""Where a person's joints end, and how surely: measured, else as in people of the age and sex.

Ends are written for the right side of the body: the left side's are those of its mirror image. Of
a person of unknown age they are everybody's (`reference.joint_limits`, the wide end on purpose);
the sd then says how far adults are from that.
"""

from collections.abc import Sequence
from enum import IntEnum
from functools import cache
from math import inf

from msgspec import Struct

from lengthwise.contracts.coordinates import ANATOMICAL, Side
from lengthwise.contracts.movements import MeasuredLimit, Movement, Sex
from lengthwise.reference.constants import constant, constants
from lengthwise.reference.joint_limits import feasible_limits_rad, joint_limit_table
from lengthwise.reference.joint_norms import Limit, adult_distance_rad, norm, stopped

AXES = 8
"""Lumbar flexion, side-bend, rotation; hip flexion, adduction, rotation, knee, ankle (right)."""

HIP, KNEE = 3, 6


class Dependence(IntEnum):
    """Places, after the low and the high end of each axis, of what one joint leaves another.

    `STRAIGHT`: hip flexion that a straight knee allows; `BENT`: knee flexion that frees the hip
    wholly; `EXTENDED`: knee flexion that is left at the end of hip extension.
    """

    STRAIGHT = 2 * AXES
    BENT = 2 * AXES + 1
    EXTENDED = 2 * AXES + 2


ENDS = 2 * AXES + len(Dependence)
_RIGHT = (0, 1, 2, 8, 9, 10, 11, 12)
"""Where the axes stand in ANATOMICAL."""

_CONSTANTS = {
    Dependence.STRAIGHT: "straight_knee_hip_flexion_rad",
    Dependence.BENT: "full_hip_flexion_knee_rad",
    Dependence.EXTENDED: "extended_hip_knee_flexion_rad",
}
_PLACES: tuple[tuple[Movement, bool, int, float], ...] = (
    (Movement.LUMBAR_FLEXION, True, AXES + 0, 1.0),
    (Movement.LUMBAR_EXTENSION, True, 0, -1.0),
    (Movement.LUMBAR_SIDE_BEND, True, AXES + 1, 1.0),
    (Movement.LUMBAR_SIDE_BEND, False, 1, -1.0),
    (Movement.LUMBAR_ROTATION, True, 2, -1.0),
    (Movement.LUMBAR_ROTATION, False, AXES + 2, 1.0),
    (Movement.HIP_FLEXION, True, AXES + HIP, 1.0),
    (Movement.HIP_EXTENSION, True, HIP, -1.0),
    (Movement.HIP_ADDUCTION, True, AXES + 4, 1.0),
    (Movement.HIP_ABDUCTION, True, 4, -1.0),
    (Movement.HIP_INTERNAL_ROTATION, True, AXES + 5, 1.0),
    (Movement.HIP_EXTERNAL_ROTATION, True, 5, -1.0),
    (Movement.KNEE_FLEXION, True, AXES + KNEE, 1.0),
    (Movement.KNEE_EXTENSION, True, KNEE, -1.0),
    (Movement.ANKLE_DORSIFLEXION, True, AXES + 7, 1.0),
    (Movement.ANKLE_PLANTARFLEXION, True, 7, -1.0),
    (Movement.STRAIGHT_LEG_RAISE, True, Dependence.STRAIGHT, 1.0),
)
"""Movement, whether it goes to the own side of the body, its place among the ends, its sign."""


class JointEnds(Struct, frozen=True):
    """Ends of one side (19 each): low of every axis, high of every axis, dependences; radians."""

    value_rad: tuple[float, ...]
    sd_rad: tuple[float, ...]


class PersonEnds(Struct, frozen=True):
    """`left` is written for the mirror image, in which the left leg is the right one."""

    left: JointEnds
    right: JointEnds


def person_ends(
    *, age_years: float | None, sex: Sex | None, measured: Sequence[MeasuredLimit] = ()
) -> PersonEnds:
    """Of a person; a movement's latest measurement comes before the norm."""
    years = None if age_years is None else round(age_years)
    left, right = (_side_ends(side, years, sex, measured) for side in (Side.LEFT, Side.RIGHT))
    return PersonEnds(left, right)


def _side_ends(
    own: Side, age_years: int | None, sex: Sex | None, measured: Sequence[MeasuredLimit]
) -> JointEnds:
    latest = {(m.movement, m.side): m for m in sorted(measured, key=lambda m: m.measured_utc)}
    usual = everybody()
    value, sd = list(usual.value_rad), list(usual.sd_rad)
    for movement, to_own, place, sign in _PLACES:
        side = (own if to_own else own.other) if movement.sided else None
        found = latest.get((movement, side))
        if found is not None:
            end_rad, sd_rad = found.value_rad, found.sd_rad
        elif age_years is not None:
            limit = norm(movement, age_years, sex)
            end_rad, sd_rad = limit.value_rad, limit.sd_rad
        else:
            continue
        value[place], sd[place] = stopped(Limit(sign * end_rad, sd_rad), _stop_rad(place))
    return JointEnds(tuple(value), tuple(sd))


@cache
def everybody() -> JointEnds:
    """The ends that are taken where nothing is known of a person."""
    limits = [feasible_limits_rad()[ANATOMICAL[i]] for i in _RIGHT]
    named = [constants("tissue")[name] for name in _CONSTANTS.values()]
    value = [
        *(low for low, _ in limits),
        *(high for _, high in limits),
        *(constant("tissue", name) for name in _CONSTANTS.values()),
    ]
    # Low and high of a constant stand for two sd each way.
    sd = [0.0] * (2 * AXES) + [(c.high - c.low) / 4.0 for c in named]
    for movement, _, place, sign in _PLACES:
        sd[place] = adult_distance_rad(movement, sign * value[place], _stop_rad(place))
    return JointEnds(tuple(value), tuple(sd))


@cache
def _stop_rad(place: int) -> float:
    """Where the anatomical model stops before an end does, else infinite. Only flexions stop."""
    if not AXES <= place < 2 * AXES:
        return inf
    by_name = {limit.coordinate: limit for limit in joint_limit_table()}
    return by_name[ANATOMICAL[_RIGHT[place - AXES]]].model_high_rad


EVERYBODY = PersonEnds(everybody(), everybody())
