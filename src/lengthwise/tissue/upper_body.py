"""Where the weight of the upper body acts, by body mass.

The anatomical model's own masses are not used: its pelvis is there twice (sacrum and pelvis, 18 kg
together) and it has no arms. Instead each part of the upper body is a point mass fixed to a bone:
its share of body mass is the mean of men and women in de Leva 1996, its place in front of the
spine that of Pearsall et al. 1996 (`constants_data/lumbar_load.toml`). Only what lies above L5-S1
is here.

Bone axes are x to the front, y up, z to the right; places are in the generic body's metres and grow
with the trunk.
"""

from functools import cache

import numpy as np
from msgspec import Struct

from lengthwise.reference.constants import constant

GRAVITY_M_S2 = constant("anatomy", "gravity_m_s2")
THORAX = "torso"
LUMBAR = ("lumbar5", "lumbar4", "lumbar3", "lumbar2", "lumbar1")
"""From below; each bone turns against the one below it at the level of the same place."""


class PointMass(Struct, frozen=True):
    """A part of the upper body. `bone` of the anatomical model; `at_m` (front, up) in its axes;
    `share` of body mass; `arm`: it hangs from there, so that some of it can be put down.
    """

    bone: str
    at_m: tuple[float, float]
    share: float
    arm: bool = False


@cache
def upper_body() -> tuple[PointMass, ...]:
    """The parts above L5-S1, 47 % of body mass; the pelvis and what lies below are not here."""

    def figure(name: str) -> float:
        return constant("lumbar_load", name)

    shoulder = [constant("anatomy", f"shoulder_{w}_in_thorax_m") for w in ("forward", "up")]
    slice_share = figure("lumbar_slice_ratio")
    rest = figure("middle_trunk_ratio") - len(LUMBAR) * slice_share
    lumbar_at = (figure("lumbar_slice_forward_m"), figure("lumbar_slice_up_m"))
    return (
        PointMass(THORAX, (figure("head_forward_m"), figure("head_up_m")), figure("head_ratio")),
        PointMass(
            THORAX,
            (figure("upper_trunk_forward_m"), figure("upper_trunk_up_m")),
            figure("upper_trunk_ratio"),
        ),
        PointMass(THORAX, (figure("lower_chest_forward_m"), figure("lower_chest_up_m")), rest),
        PointMass(THORAX, (shoulder[0], shoulder[1]), figure("arms_ratio"), arm=True),
        *(PointMass(bone, lumbar_at, slice_share) for bone in LUMBAR),
    )


def share_above(level: int) -> float:
    """Share of body mass above a level, 0 for L5-S1 to 4 for L1-L2."""
    above = {THORAX, *LUMBAR[level:]}
    return float(np.sum([part.share for part in upper_body() if part.bone in above]))
