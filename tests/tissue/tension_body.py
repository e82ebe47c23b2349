"""The generic body and a taller one with their passive curves, built once for the tests."""

from functools import cache

import numpy as np
from msgspec import Struct

from lengthwise.body.anatomy import Anatomy, BodyMeasures
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES, MuscleGroup
from lengthwise.tissue.groups import GroupLengths
from lengthwise.tissue.passive_curve import GroupCurves

COUNT = len(GROUP_SIDES)
KNOWN = np.ones(COUNT, dtype=bool)
SURE = np.zeros(COUNT)
HAMSTRINGS = GROUP_INDEX[MuscleGroup.HAMSTRINGS, Side.RIGHT]


class TenseBody(Struct, frozen=True):
    anatomy: Anatomy
    groups: GroupLengths
    curves: GroupCurves


@cache
def tense_body(height_m: float | None = None) -> TenseBody:
    measures = None if height_m is None else BodyMeasures(height_m=height_m)
    anatomy = Anatomy.build(measures)
    return TenseBody(
        anatomy, GroupLengths.over(anatomy), GroupCurves.over(anatomy, Anatomy.build())
    )
