"""A compensation at a first gentle pull, in simulated bodies: before a word, below the ceiling."""

from math import radians

import numpy as np
import pytest

from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.coordinates import ANATOMICAL, INDEX, Side
from lengthwise.contracts.muscles import GROUP_INDEX, MuscleGroup
from lengthwise.contracts.person import Window
from lengthwise.reference.exercises import Behaviour, Exercise, exercises
from lengthwise.sim.displaced import displaced
from lengthwise.sim.motion import Traits
from lengthwise.sim.stance import Stance
from lengthwise.tissue.groups import GroupLengths

JOINTS = slice(INDEX[ANATOMICAL[0]], INDEX[ANATOMICAL[-1]] + 1)
GROUPS = GroupLengths.over(Anatomy.build())
CEILING = Window(MuscleGroup.PSOAS, Side.LEFT).ceiling
STRETCHES = [e for e in exercises().values() if e.behaviour is Behaviour.HELD_IN_WINDOW]
SEEN_LATE = 1.6
"""Tolerances by which the evaluation of the coach lets people leave their place."""


@pytest.mark.parametrize("chosen", STRETCHES, ids=lambda e: e.id)
def test_nobody_is_carried_over_by_what_leaves_unseen(chosen: Exercise) -> None:
    stance, rows = Stance(chosen), [GROUP_INDEX[t.group, t.side] for t in chosen.targets]
    for seed in range(100, 115):
        person = Traits.drawn(seed)
        first, tolerance = map(stance.pose_rad, (person.first_resistance, person.tolerance))
        gone = [
            displaced(first, c.coordinate, way * SEEN_LATE * radians(c.tolerance_deg), stance)
            for c in chosen.constraints
            for way in ((c.direction,) if c.direction else (1, -1))
        ]
        lengths = GROUPS.lengths_batch_m(np.array([first, tolerance, *gone])[:, JOINTS])[:, rows]
        span = lengths[1] - lengths[0]
        placed = span > 1e-4
        assert ((lengths[2:] - lengths[0])[:, placed] / span[placed] <= CEILING).all()
