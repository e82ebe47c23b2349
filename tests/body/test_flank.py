"""The longest lever of the model, external oblique in side-bend, against the breadth of people.

Of levers by level in men and women (Jorgensen 2001, McGill 1993, Moga 1993, Kumar 1988) no table
could be read, so none is used. Read was how broad iliac crests are, where the muscle ends: 28.1 cm
(sd 2.1) in 247 men, 27.6 (2.3) in 260 women (Heinz et al. 2003, J Stat Educ 11:2, biiliac
diameter).
"""

from math import radians

import numpy as np
import pytest
from anatomy_poses import pose

from lengthwise.body.anatomy import Anatomy
from lengthwise.body.conventions import JOINT_AXES
from lengthwise.contracts.coordinates import ANATOMICAL, COORDINATES, INDEX, Coordinate
from lengthwise.reference.lumbar_shares import LUMBAR_TOTALS, shares_of

ANATOMY = Anatomy.build()
MUSCLE = "EO5_r"
ENDS = ("EO5_EO5-P2_r", "EO5_EO5-P1_r")
"""On the crest and on the ribs: a straight line."""
HINGES = JOINT_AXES[1].hinges
"""Of side-bend, from the lowest level up."""
HALF_CREST_M = 0.276 / 2.0
"""Of women, the narrower ones."""


def beside_discs_m(**angles_deg: float) -> dict[str, float]:
    """How far aside of each disc the muscle passes it, in the frame of the vertebra above; only
    discs between its two ends."""
    model, mean = ANATOMY.model, np.zeros(len(COORDINATES))
    for name, angle_deg in angles_deg.items():
        mean[INDEX[Coordinate(name)]] = radians(angle_deg)
    placed = ANATOMY.place(mean)
    crest, ribs = (placed.site_xpos[model.site(end).id] for end in ENDS)
    found = {}
    for hinge in HINGES:
        joint = model.joint(hinge).id
        disc, bone = placed.xanchor[joint], placed.xmat[model.jnt_bodyid[joint]].reshape(3, 3)
        up, aside = bone[:, 1], bone[:, 2]
        share = (disc - crest) @ up / ((ribs - crest) @ up)
        if 0.0 < share < 1.0:
            found[hinge] = float((crest + share * (ribs - crest) - disc) @ aside)
    return found


def lever_m(**angles_deg: float) -> float:
    slopes = ANATOMY.lengths_and_moment_arms(pose(**angles_deg))[1]
    row = ANATOMY.muscle_names.index(MUSCLE)
    return abs(float(slopes[row, ANATOMICAL.index(Coordinate.LUMBAR_SIDE_BEND)]))


def test_the_flank_is_no_farther_out_than_crests_of_people_are() -> None:
    for aside_m in beside_discs_m().values():
        assert 0.11 < aside_m < 0.12 < HALF_CREST_M - 0.5 * 0.023


def test_the_lever_is_the_way_aside_times_how_upright_the_muscle_runs() -> None:
    """The reason why it grows as the ribs turn over the crest: 11.1 cm upright, 11.6 turned.

    Worked by hand upright: 28 mm forwards on 111 mm of height from the ribs to the crest make a
    cosine of .969, and the level with the largest share has 11.5 cm aside.
    """
    levels = beside_discs_m()
    assert lever_m() == pytest.approx(0.969 * np.mean(list(levels.values())), rel=0.02)
    assert lever_m() < lever_m(lumbar_rotation=7.0) < lever_m(lumbar_rotation=16.0)
    assert lever_m(lumbar_rotation=16.0) < 1.01 * max(levels.values())


def test_bent_away_the_flank_stays_where_it_is_upright() -> None:
    """A straight line is enough: rectus abdominis lost 3.7 cm to the belly and was led round it."""
    upright = beside_discs_m()
    for side_bend in (-29.0, -15.0, 15.0):
        bent = beside_discs_m(lumbar_side_bend=side_bend)
        for disc in bent.keys() & upright.keys():
            assert bent[disc] == pytest.approx(upright[disc], abs=0.01), (side_bend, disc)


def test_the_level_shares_weigh_the_levers_of_the_levels() -> None:
    """Whatever share a level takes, none has a lever beyond the breadth of the crest."""
    model, mean = ANATOMY.model, np.zeros(len(COORDINATES))
    mean[INDEX[Coordinate.LUMBAR_ROTATION]] = radians(7.0)
    placed = ANATOMY.place(mean)
    crest, ribs = (placed.site_xpos[model.site(end).id] for end in ENDS)
    along = (ribs - crest) / np.linalg.norm(ribs - crest)
    joints = [model.joint(hinge).id for hinge in HINGES]
    levels_m = np.array(
        [np.cross(crest - placed.xanchor[j], along) @ placed.xaxis[j] for j in joints]
    )
    assert np.abs(levels_m).max() < HALF_CREST_M
    whole_m = abs(float(np.array(shares_of(LUMBAR_TOTALS[1])) @ levels_m))
    assert whole_m == pytest.approx(lever_m(lumbar_rotation=7.0), abs=1e-9)
