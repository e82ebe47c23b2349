"""A coordinate leaves its place by what was asked, and what supports the body stays."""

import itertools
from math import radians

import numpy as np
import pytest

from lengthwise.contracts.coordinates import INDEX, Coordinate
from lengthwise.contracts.observation import Posture, Segment
from lengthwise.reference.exercises import Constraint, Exercise, exercise, exercises
from lengthwise.sim.displaced import displaced
from lengthwise.sim.motion import tipped
from lengthwise.sim.skeleton import figure
from lengthwise.sim.stance import Stance

DECLARED = [(e, c) for e in exercises().values() for c in e.constraints]
PELVIS = ("pelvis_tilt", "pelvis_obliquity", "pelvis_rotation")
KEPT = (Segment.THORAX, Segment.THIGH_L, Segment.THIGH_R, Segment.SHANK_L, Segment.SHANK_R)


def name(case: object) -> str:
    return case.id if isinstance(case, Exercise) else getattr(case, "coordinate", "")


@pytest.mark.parametrize(("chosen", "constraint"), DECLARED, ids=name)
def test_every_declared_fault_can_be_simulated(chosen: Exercise, constraint: Constraint) -> None:
    asked = 1.6 * radians(constraint.tolerance_deg) * (constraint.direction or 1)
    stance, i = Stance(chosen), INDEX[constraint.coordinate]
    for share in (0.0, 0.45, 1.0):
        pose = stance.pose_rad(share)
        change = displaced(pose, constraint.coordinate, asked, stance) - pose
        assert change[i] == pytest.approx(asked, abs=1e-9)
        assert np.abs(change).max() <= abs(asked) + 1e-9, "nothing goes further than what leaves"
        none = displaced(pose, constraint.coordinate, 0.0, stance)
        assert none == pytest.approx(pose, abs=1e-12), "nothing leaves, nothing moves"


@pytest.mark.parametrize(("chosen", "constraint"), DECLARED, ids=name)
def test_what_leaves_little_by_little_never_jumps(chosen: Exercise, constraint: Constraint) -> None:
    """In eight steps no coordinate takes more than half as much again as an eighth of the whole."""
    asked = 1.6 * radians(constraint.tolerance_deg) * (constraint.direction or 1)
    stance = Stance(chosen)
    pose = stance.pose_rad(0.45)
    steps = [displaced(pose, constraint.coordinate, asked * k / 8.0, stance) for k in range(9)]
    for before, after in itertools.pairwise(steps):
        assert np.abs(after - before).max() <= 1.5 * abs(asked) / 8.0


@pytest.mark.parametrize("part", PELVIS)
@pytest.mark.parametrize("chosen", ["half_kneeling_hip_flexor", "chair_side_bend", "bird_dog"])
def test_thighs_and_chest_keep_their_place_when_the_pelvis_turns(chosen: str, part: str) -> None:
    stance = Stance(exercise(chosen))
    pose = stance.pose_rad(0.3)
    left = displaced(pose, Coordinate(part), 0.2, stance)
    before, after = (figure(p, height_m=1.7, posture=Posture.STANDING) for p in (pose, left))
    for segment in KEPT:
        assert after.rotation[segment] == pytest.approx(before.rotation[segment], abs=1e-9)


def test_a_tilt_is_the_usual_tip_of_the_pelvis() -> None:
    stance = Stance(exercise("half_kneeling_hip_flexor"))
    pose = stance.pose_rad(0.5)
    assert displaced(pose, Coordinate.PELVIS_TILT, 0.2, stance) == pytest.approx(
        tipped(pose, 0.2), abs=1e-9
    )


def test_a_foot_stays_flat_under_a_knee_that_bends_in_standing() -> None:
    stance = Stance(exercise("calf_at_wall"))
    pose = stance.pose_rad(0.0)
    bent = displaced(pose, Coordinate.KNEE_FLEXION_L, 0.3, stance)

    def foot_pitch(p: np.ndarray) -> float:
        tilt, hip, knee, ankle = (
            p[INDEX[Coordinate(c)]]
            for c in ("pelvis_tilt", "hip_flexion_l", "knee_flexion_l", "ankle_dorsiflexion_l")
        )
        return float(tilt - hip + knee - ankle)

    assert foot_pitch(bent) == pytest.approx(foot_pitch(pose), abs=1e-9)
