"""Which coordinates have lengthened a target by leaving their place, against the lengths."""

from math import radians

import numpy as np
import pytest
from postures_of_body import body

from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.coordinates import ANATOMICAL, INDEX, Coordinate, Side
from lengthwise.contracts.states import Precision
from lengthwise.reference.exercises import exercise
from lengthwise.tissue.engine import Params, start, step
from lengthwise.tissue.lengthened import lengthened_by
from lengthwise.tissue.range import range_bounds

REAL = Anatomy.build()
OBLIQUITY, TILT = Coordinate.PELVIS_OBLIQUITY, Coordinate.PELVIS_TILT


def params(exercise_id: str) -> Params:
    return Params(REAL, range_bounds(REAL), exercise=exercise(exercise_id), sides=(Side.LEFT,))


BEND, LUNGE = params("standing_side_bend"), params("half_kneeling_hip_flexor")


def hitched(obliquity_deg: float) -> dict[str, float]:
    """A pelvis that turns between a chest and legs that stay, in a bend to the right."""
    return {
        "lumbar_side_bend": 15.0 + obliquity_deg,
        "thorax_side_bend": 22.0 + obliquity_deg,
        "pelvis_obliquity": obliquity_deg,
        "hip_adduction_l": -obliquity_deg,
        "hip_adduction_r": obliquity_deg,
    }


def said(of: Params, **options: object) -> Precision:
    tissue = step(of, start(of), body(**options))[1]  # type: ignore[arg-type]
    assert tissue is not None
    return tissue.precision[0]


@pytest.mark.parametrize("obliquity_deg", [9.0, -9.0])
def test_a_pelvis_that_hitches_in_a_side_bend_lengthens_one_way_only(obliquity_deg: float) -> None:
    """The left flank grows where the right side of the pelvis comes up against the ribs."""
    there = said(BEND, sd_deg=1.0, **hitched(obliquity_deg))
    rows = BEND.aims[0].rows

    def fraction(joints_deg: dict[str, float]) -> np.ndarray:
        pose = np.zeros(len(ANATOMICAL))
        for name, value in joints_deg.items():
            if Coordinate(name) in ANATOMICAL:
                pose[ANATOMICAL.index(Coordinate(name))] = radians(value)
        lengths_m = BEND.groups.lengths_m(pose)
        return np.asarray((lengths_m / BEND.span_m)[rows])

    grew = bool((fraction(hitched(obliquity_deg)) > fraction(hitched(0.0))).all())
    assert grew == (obliquity_deg > 0.0)
    assert (OBLIQUITY in there.lengthened_by) == grew


def test_it_is_told_of_targets_that_are_not_claimed_and_not_of_what_is_hidden_or_unsure() -> None:
    hidden_legs = (Coordinate.HIP_FLEXION_L, Coordinate.KNEE_FLEXION_L)
    assert OBLIQUITY in said(BEND, sd_deg=1.0, unseen=hidden_legs, **hitched(9.0)).lengthened_by
    assert said(BEND, sd_deg=1.0, unseen=(OBLIQUITY,), **hitched(9.0)).lengthened_by == ()
    assert said(BEND, sd_deg=9.0, **hitched(9.0)).lengthened_by == ()
    assert said(BEND, sd_deg=1.0, **hitched(2.0)).lengthened_by == ()


def test_a_pelvis_that_tips_forward_in_a_lunge_takes_stretch_and_gives_none() -> None:
    tipped = {"pelvis_tilt": 8.0, "lumbar_flexion": -8.0, "hip_flexion_l": -12.0}
    found = said(LUNGE, sd_deg=1.0, knee_flexion_l=65.0, hip_flexion_r=93.0, **tipped)
    assert TILT not in found.lengthened_by
    assert TILT in {c.coordinate for c in found.corrections}


@pytest.mark.parametrize(("slopes", "told"), [((1.0, 0.5), True), ((1.0, -0.1), False)])
def test_every_target_has_to_be_lengthened(slopes: tuple[float, float], told: bool) -> None:
    """Two targets that are straight lines in one knee, 0.2 rad out of its place."""
    knee = Coordinate.KNEE_FLEXION_L
    per_rad = np.zeros((2, len(ANATOMICAL)))
    per_rad[:, ANATOMICAL.index(knee)] = slopes
    pose = np.zeros(21)
    pose[INDEX[knee]] = 0.2

    def at(joints_rad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return per_rad @ joints_rad, per_rad

    joints = pose[INDEX[ANATOMICAL[0]] : INDEX[ANATOMICAL[-1]] + 1]
    for sd_rad, sure in ((0.1, True), (0.14, False)):
        found = lengthened_by(
            ((knee, 0.0),),
            coordinates_rad=pose,
            covariance_rad2=np.eye(21) * sd_rad**2,
            fraction=at(joints)[0],
            slope=per_rad,
            at=at,
        )
        assert found == ((knee,) if told and sure else ())
