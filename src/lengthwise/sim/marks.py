"""The simulated person's own marks and profile, as if they had been taken on another day."""

import numpy as np

from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.coordinates import ANATOMICAL, INDEX, Side
from lengthwise.contracts.muscles import ANATOMY_EDITION, GROUP_INDEX
from lengthwise.contracts.person import Mark, MarkKind, Measure, MeasureName, Person
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import Exercise
from lengthwise.sim.motion import Traits, pose_rad
from lengthwise.tissue.groups import GroupLengths
from lengthwise.tissue.range import RangeBounds

_MARKED_UTC = "2026-01-01T08:00:00Z"
_ANATOMICAL = slice(INDEX[ANATOMICAL[0]], INDEX[ANATOMICAL[-1]] + 1)


def simulated_person(
    traits: Traits, exercise: Exercise, *, anatomy: Anatomy, bounds: RangeBounds, setup: str
) -> Person:
    """A profile with height and both marks of each target, on both sides, taken in one set-up.

    `setup` is named as by `tissue.setup.setup_name`. `anatomy` and `bounds` belong to the person's
    height. The marks are the lengths at the person's own path shares, with the sd of marks of
    another day.
    """
    groups = GroupLengths.over(anatomy)
    upright_m = groups.lengths_m(np.zeros(len(ANATOMICAL)))
    sd_ratio = constant("sim", "mark_sd_ratio")
    marks = []
    for side in Side:
        mirrored = exercise.for_side(side)
        for kind, share in (
            (MarkKind.FIRST_RESISTANCE, traits.first_resistance),
            (MarkKind.TOLERANCE, traits.tolerance),
        ):
            length_m = groups.lengths_m(pose_rad(mirrored, share)[_ANATOMICAL])
            for target in mirrored.about:
                row = GROUP_INDEX[target.group, target.side]
                marks.append(
                    Mark(
                        group=target.group,
                        side=target.side,
                        kind=kind,
                        length_m=float(length_m[row]),
                        sd_m=sd_ratio * float(bounds.span_m[row]),
                        upright_m=float(upright_m[row]),
                        measured_utc=_MARKED_UTC,
                        setup=setup,
                        edition=ANATOMY_EDITION,
                    )
                )
    return Person(
        profile_id="simulated",
        measures=(Measure(MeasureName.HEIGHT, traits.height_m, 0.01, _MARKED_UTC),),
        marks=tuple(marks),
        simulated=True,
    )
