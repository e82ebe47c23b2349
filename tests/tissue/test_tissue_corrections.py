"""What would come of a coordinate that went back to its place: geometry, size and doubt."""

import numpy as np
import pytest
from fake_anatomy import FakeAnatomy
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from postures_of_body import body, within_limits

from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import ANATOMICAL, COORDINATES, INDEX, Coordinate, Side
from lengthwise.contracts.muscles import GROUP_INDEX, MuscleGroup
from lengthwise.contracts.states import BodyState, Correction, Precision
from lengthwise.reference.exercises import exercise
from lengthwise.tissue.corrections import lost_ratio, return_slope
from lengthwise.tissue.engine import Params, start, step
from lengthwise.tissue.range import range_bounds

FAKE = FakeAnatomy()
REAL = Anatomy.build()
LUNGE = exercise("half_kneeling_hip_flexor")
KNEELING = {"knee_flexion_l": 65.0, "knee_flexion_r": 115.0}
TIPPED = {"pelvis_tilt": 8.0, "lumbar_flexion": -8.0, "hip_flexion_l": -12.0, "hip_flexion_r": 93.0}
JOINTS = slice(INDEX[ANATOMICAL[0]], INDEX[ANATOMICAL[-1]] + 1)


def lunge_of(model: FakeAnatomy | Anatomy) -> Params:
    return Params(model, range_bounds(model), exercise=LUNGE, sides=(Side.LEFT,))


FAKE_LUNGE, REAL_LUNGE = lunge_of(FAKE), lunge_of(REAL)


def said(params: Params, body_state: BodyState) -> Precision:
    tissue = step(params, start(params), body_state)[1]
    assert tissue is not None
    return tissue.precision[0]


def correction(found: Precision, coordinate: Coordinate) -> Correction:
    return next(c for c in found.corrections if c.coordinate is coordinate)


def turned_rad(first: np.ndarray, second: np.ndarray) -> float:
    """Angle between two attitudes (9,)."""
    between = first.reshape(3, 3).T @ second.reshape(3, 3)
    return float(np.arccos(np.clip((np.trace(between) - 1.0) / 2.0, -1.0, 1.0)))


@settings(max_examples=25, deadline=None)
@given(
    within_limits(),
    st.sampled_from(("pelvis_tilt", "pelvis_obliquity", "pelvis_rotation")),
    st.floats(-0.3, 0.3),
    st.floats(-0.2, 0.2),
)
def test_a_pelvis_that_goes_back_leaves_thighs_where_they_are(
    joints_rad: np.ndarray, name: str, tilt_rad: float, obliquity_rad: float
) -> None:
    coordinate, small_rad = Coordinate(name), 0.01
    pose = np.zeros(len(COORDINATES))
    pose[JOINTS] = joints_rad
    pose[INDEX[Coordinate.PELVIS_TILT]] = tilt_rad
    pose[INDEX[Coordinate.PELVIS_OBLIQUITY]] = obliquity_rad
    back = pose.copy()
    back[INDEX[coordinate]] -= small_rad
    back[JOINTS] -= small_rad * return_slope(coordinate, pose)
    here, there = REAL.place(pose), REAL.place(back)
    assert turned_rad(here.body("pelvis").xmat, there.body("pelvis").xmat) > 0.9 * small_rad
    for side in "lr":
        thigh = f"femur_{side}"
        assert turned_rad(here.body(thigh).xmat, there.body(thigh).xmat) < 0.1 * small_rad


def test_an_upright_chest_stays_where_it_is_too() -> None:
    """By five levels that share the turn: within a tenth of it near upright."""
    for name in ("pelvis_tilt", "pelvis_obliquity", "pelvis_rotation"):
        coordinate, small_rad = Coordinate(name), 0.02
        pose = np.zeros(len(COORDINATES))
        pose[INDEX[Coordinate.LUMBAR_FLEXION]] = 0.2
        back = pose.copy()
        back[INDEX[coordinate]] -= small_rad
        back[JOINTS] -= small_rad * return_slope(coordinate, pose)
        here, there = REAL.place(pose), REAL.place(back)
        assert turned_rad(here.body("torso").xmat, there.body("torso").xmat) < 0.25 * small_rad


def test_a_lunge_that_tips_the_pelvis_has_lost_the_iliopsoas_and_tucking_brings_it_back() -> None:
    """8 degrees of tip, of 25 that the hip opens, take more than a quarter of the stretch."""
    found = said(REAL_LUNGE, body(**KNEELING, **TIPPED))
    tuck = found.corrections[0]
    assert tuck.coordinate is Coordinate.PELVIS_TILT
    assert np.degrees(tuck.moved.mean) == pytest.approx(8.0)
    assert found.gained is not None
    assert 0.25 < tuck.gain.mean / (found.gained + tuck.gain.mean) < 0.9
    clean = said(REAL_LUNGE, body(**KNEELING, hip_flexion_l=-20.0, hip_flexion_r=85.0))
    assert clean.corrections == ()
    assert clean.gained == pytest.approx(found.gained + tuck.gain.mean, abs=0.01)


def test_the_gain_is_that_of_the_lengths_themselves() -> None:
    """Of a coordinate that moves alone: the fraction there less the fraction here."""
    lean = replace(
        LUNGE, constraints=(replace(LUNGE.constraints[0], coordinate=Coordinate.HIP_FLEXION_L),)
    )
    params = Params(FAKE, FAKE_LUNGE.bounds, exercise=lean, sides=(Side.LEFT,))
    away, home = body(**KNEELING, hip_flexion_l=30.0), body(**KNEELING, hip_flexion_l=5.0)
    found = correction(said(params, away), Coordinate.HIP_FLEXION_L)
    rows = [GROUP_INDEX[g, Side.LEFT] for g in (MuscleGroup.PSOAS, MuscleGroup.ILIACUS)]
    here, there = (step(params, start(params), b)[1] for b in (away, home))
    assert here is not None and there is not None
    gain = (there.range_fraction - here.range_fraction)[rows].mean()
    assert found.gain.mean == pytest.approx(gain, abs=1e-12)


def test_its_sd_is_that_of_many_bodies() -> None:
    rng = np.random.default_rng(5)
    shape = rng.normal(size=(21, 21)) * np.radians(0.6)
    covariance = shape @ shape.T
    middle = replace(body(**KNEELING, **TIPPED), covariance_rad2=frozen_array(covariance))
    stated = correction(said(REAL_LUNGE, middle), Coordinate.PELVIS_TILT).gain.sd
    drawn = rng.multivariate_normal(middle.mean_rad, covariance, size=600)
    gains = [
        correction(
            said(REAL_LUNGE, replace(middle, mean_rad=frozen_array(mean_rad))),
            Coordinate.PELVIS_TILT,
        ).gain.mean
        for mean_rad in drawn
        if abs(mean_rad[0]) > np.radians(3.1)
    ]
    assert len(gains) > 500
    assert np.std(gains) == pytest.approx(stated, rel=0.1)


def test_what_is_not_known_is_not_said_to_help() -> None:
    tipped = {**KNEELING, **TIPPED}
    hidden = said(REAL_LUNGE, body(unseen=(Coordinate.PELVIS_TILT,), **tipped))
    assert Coordinate.PELVIS_TILT not in {c.coordinate for c in hidden.corrections}
    no_target = said(REAL_LUNGE, body(unseen=(Coordinate.HIP_FLEXION_L,), **tipped))
    assert no_target.corrections == ()
    assert no_target.gained is None


def test_the_most_helpful_comes_first() -> None:
    found = said(
        REAL_LUNGE, body(trunk_side_lean=-12.0, lumbar_side_bend=-12.0, **KNEELING, **TIPPED)
    )
    gains = [c.gain.mean for c in found.corrections]
    assert len(gains) >= 2
    assert gains == sorted(gains, reverse=True)


def test_where_there_is_no_stretch_nothing_is_lost_of_it() -> None:
    """At the start posture a tipped pelvis takes only what was not there."""
    at_start = {"hip_flexion_l": 17.0, "hip_flexion_r": 97.0, "knee_flexion_l": 90.0}
    found = said(
        REAL_LUNGE, body(pelvis_tilt=12.0, lumbar_flexion=-12.0, knee_flexion_r=90.0, **at_start)
    )
    assert found.corrections[0].coordinate is Coordinate.PELVIS_TILT
    assert lost_ratio(found, Coordinate.PELVIS_TILT) is None
    tipped = said(REAL_LUNGE, body(**KNEELING, **TIPPED))
    assert 0.2 < (lost_ratio(tipped, Coordinate.PELVIS_TILT) or 0.0) < 0.5
    unsure = said(REAL_LUNGE, body(sd_deg=8.0, **KNEELING, **TIPPED))
    assert lost_ratio(unsure, Coordinate.PELVIS_TILT) is None
