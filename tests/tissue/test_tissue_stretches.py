"""Canonical stretches lengthen what they are said to, or what is said of them has been changed."""

import numpy as np
import pytest
from three_bodies import BODIES, built

from lengthwise.contracts.coordinates import ANATOMICAL
from lengthwise.contracts.muscles import GROUP_INDEX
from lengthwise.reference.joint_limits import feasible_limits_rad
from lengthwise.reference.stretches import Stretch, stretches
from lengthwise.tissue.gains import Fractions, fractions_of, gains, rank
from lengthwise.tissue.groups import GroupLengths

STEPS = 40


@pytest.fixture(scope="module", params=BODIES, ids=str)
def fractions(request: pytest.FixtureRequest) -> Fractions:
    anatomy, bounds = built(request.param)
    return fractions_of(GroupLengths.over(anatomy), bounds)


@pytest.mark.parametrize("stretch", stretches(), ids=lambda s: s.id)
def test_the_declared_target_is_among_the_three_that_gain_most(
    stretch: Stretch, fractions: Fractions
) -> None:
    gained = gains(fractions, stretch)
    for muscle in stretch.targets:
        assert rank(gained, muscle, stretch.region) <= 3
        assert gained[GROUP_INDEX[muscle]] > 0.02


@pytest.mark.parametrize("stretch", [s for s in stretches() if s.refuted], ids=lambda s: s.id)
def test_what_is_said_and_refuted_is_not_among_them(stretch: Stretch, fractions: Fractions) -> None:
    gained = gains(fractions, stretch)
    for muscle in stretch.refuted:
        assert rank(gained, muscle, stretch.region) > 3 or gained[GROUP_INDEX[muscle]] < 0.02
    assert stretch.note


@pytest.mark.parametrize("stretch", stretches(), ids=lambda s: s.id)
def test_a_target_lengthens_all_along_its_stretch(stretch: Stretch, fractions: Fractions) -> None:
    way = [
        fractions(stretch.start_rad + share * (stretch.end_rad - stretch.start_rad))
        for share in np.linspace(0.0, 1.0, STEPS + 1)
    ]
    for muscle in stretch.targets:
        steps = np.diff([at[GROUP_INDEX[muscle]] for at in way])
        assert (steps > -1e-4).all()


@pytest.mark.parametrize("stretch", stretches(), ids=lambda s: s.id)
def test_both_postures_are_feasible(stretch: Stretch) -> None:
    for posture in (stretch.start_rad, stretch.end_rad):
        for coordinate, angle in zip(ANATOMICAL, posture, strict=True):
            low, high = feasible_limits_rad()[coordinate]
            assert low - 1e-9 <= angle <= high + 1e-9
