"""Strain of the sciatic and the femoral nerve: laws, measured movements, honest doubt."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from postures_of_body import anatomical_rad, within_limits
from whole_postures import random_rad

from lengthwise.body.anatomy import Anatomy, BodyMeasures
from lengthwise.contracts.coordinates import ANATOMICAL, Coordinate, Side
from lengthwise.contracts.states import NerveStrain, SideStrain
from lengthwise.reference.constants import constant
from lengthwise.reference.nerve_paths import nerve_paths
from lengthwise.tissue.groups import mirror
from lengthwise.tissue.nerve import (
    NerveParams,
    nerve_strain,
    sciatic_travel_m,
    strains_and_slopes,
)
from lengthwise.tissue.nerve_geometry import path_points_m

ANATOMY = Anatomy.build()
PARAMS = NerveParams.of(ANATOMY)
SURE = np.zeros((len(ANATOMICAL), len(ANATOMICAL)))
KNOWN = (True, True)
LEG_RAISES = (0, 15, 30, 45, 60, 75, 90)


def right(**angles_deg: float) -> SideStrain:
    named = {f"{n}_r" if not n.startswith("lumbar") else n: v for n, v in angles_deg.items()}
    return nerve_strain(PARAMS, anatomical_rad(**named), SURE, ankle_known=KNOWN).right


def sciatic(**angles_deg: float) -> float:
    return right(**angles_deg).sciatic.mean


def femoral(**angles_deg: float) -> float:
    return right(**angles_deg).femoral.mean


def test_lengths_are_those_of_the_points_on_the_models_bones() -> None:
    """Also scaled segment by segment, and wherever the pelvis stands in space."""
    anatomy = Anatomy.build(BodyMeasures(height_m=1.8, thigh_length_m=0.40, trunk_length_m=0.50))
    params = NerveParams.of(anatomy)
    for seed in range(8):
        mean = random_rad(np.random.default_rng(seed), sd_deg=15.0)
        mean[9] = mean[14] = abs(mean[14])
        points = path_points_m(anatomy, nerve_paths().sciatic, mean)
        told = strains_and_slopes(params, mean[3:16], Side.RIGHT)[0][0]
        length_m = np.linalg.norm(np.diff(points, axis=0), axis=1).sum()
        assert length_m / params.zero_m[0] - 1.0 == pytest.approx(told, abs=1e-6)


def test_upright_is_zero_on_both_sides() -> None:
    found = nerve_strain(PARAMS, np.zeros(13), SURE, ankle_known=KNOWN)
    for side in Side:
        assert found.of(side).sciatic.mean == pytest.approx(0.0, abs=1e-12)
        assert found.of(side).femoral.mean == pytest.approx(0.0, abs=1e-12)
        assert found.of(side).sciatic.sd > 0.0


@given(within_limits())
@settings(max_examples=40, deadline=None)
def test_the_mirrored_posture_strains_the_other_side(posture: np.ndarray) -> None:
    one = nerve_strain(PARAMS, posture, np.eye(13) * 1e-3, ankle_known=(True, False))
    other = nerve_strain(PARAMS, mirror(posture), np.eye(13) * 1e-3, ankle_known=(False, True))
    for side in Side:
        here, there = one.of(side), other.of(side.other)
        assert here.sciatic.mean == pytest.approx(there.sciatic.mean, abs=1e-12)
        assert here.femoral.sd == pytest.approx(there.femoral.sd, abs=1e-12)
        assert here.dorsiflexion_gain_ratio == pytest.approx(there.dorsiflexion_gain_ratio)


def test_left_paths_are_those_of_the_models_left_leg() -> None:
    """The mirror image is taken; the model's own left bones agree."""
    mean = random_rad(np.random.default_rng(2), sd_deg=15.0)
    mean[9], mean[14] = 0.6, 0.2
    path = tuple(
        type(p)(
            p.bone.replace("_r", "_l"), (p.at_m[0], p.at_m[1], -p.at_m[2]), p.why
        )
        for p in nerve_paths().sciatic
    )  # fmt: skip
    points = path_points_m(ANATOMY, path, mean)
    told = strains_and_slopes(PARAMS, mean[3:16], Side.LEFT)[0][0]
    length_m = np.linalg.norm(np.diff(points, axis=0), axis=1).sum()
    assert length_m / PARAMS.zero_m[0] - 1.0 == pytest.approx(told, abs=1e-5)


def test_raising_the_straight_leg_strains_the_sciatic_nerve_monotonically() -> None:
    strains = [sciatic(hip_flexion=h) for h in range(0, 111, 5)]
    assert np.all(np.diff(strains) > 0.0)
    assert 0.01 < sciatic(hip_flexion=30) < 0.03
    assert 0.03 < sciatic(hip_flexion=90) < 0.08


def test_dorsiflexion_strains_at_every_leg_raise_and_pointing_slackens() -> None:
    """Bueno-Gracia 2019: at 0, 30, 60 and 90 degrees of hip flexion."""
    for hip in LEG_RAISES:
        neutral = sciatic(hip_flexion=hip)
        assert sciatic(hip_flexion=hip, ankle_dorsiflexion=20) > neutral + 0.005
        assert sciatic(hip_flexion=hip, ankle_dorsiflexion=-30) < neutral - 0.005
        assert right(hip_flexion=hip).dorsiflexion_gain_ratio > 0.005


def test_the_differential_is_nothing_while_the_nerve_hangs_slack() -> None:
    slack = right(hip_flexion=0, knee_flexion=110)
    assert slack.sciatic.mean < -0.03
    assert slack.dorsiflexion_gain_ratio == 0.0


def test_rounding_the_back_strains_both_a_straight_and_a_raised_leg() -> None:
    for hip in (0, 45, 80):
        grows = [sciatic(hip_flexion=hip, lumbar_flexion=b) for b in (-20, 0, 20, 40, 60)]
        assert np.all(np.diff(grows) > 0.003)


def test_bending_the_knee_slackens_the_sciatic_nerve() -> None:
    for hip in (0, 45, 90):
        bent = [sciatic(hip_flexion=hip, knee_flexion=k) for k in (0, 30, 60, 90, 120)]
        assert np.all(np.diff(bent) < 0.0)
    assert sciatic(hip_flexion=90, knee_flexion=90) == pytest.approx(0.0, abs=0.015)


def test_prone_knee_bend_strains_the_femoral_nerve_and_hip_extension_adds() -> None:
    for hip in (-20, 0):
        bent = [femoral(hip_flexion=hip, knee_flexion=k) for k in (0, 30, 60, 90, 110)]
        assert np.all(np.diff(bent) > 0.0)
    assert femoral(hip_flexion=-15, knee_flexion=90) > femoral(knee_flexion=90) + 0.005
    assert femoral(hip_flexion=60) < -0.005
    assert femoral(lumbar_side_bend=-20) > femoral(lumbar_side_bend=20)


def test_the_nerve_slides_as_far_as_ultrasound_has_seen() -> None:
    """Ridehalgh 2014: straightening the knee from 90 degrees moves the sciatic nerve at the back of
    the thigh by 9.92 mm (sd 2.2) with 30 and 12.4 mm (4.4) with 60 degrees of hip flexion, towards
    the foot; inside mean +- 2 sd, and farther in the second."""
    moved = []
    for hip, mean_m, sd_m in ((30.0, 0.00992, 0.0022), (60.0, 0.0124, 0.0044)):
        bent = anatomical_rad(hip_flexion_r=hip, knee_flexion_r=90.0)
        straight = anatomical_rad(hip_flexion_r=hip)
        moved.append(sciatic_travel_m(PARAMS, bent, straight, Side.RIGHT))
        assert abs(moved[-1] - mean_m) < 2.0 * sd_m
    assert moved[1] > moved[0]


def test_raising_the_leg_draws_the_nerve_towards_the_hip_and_the_foot_draws_it_back() -> None:
    """Coppieters 2006: proximal at the thigh with hip flexion, distal with dorsiflexion."""
    flat, raised = np.zeros(13), anatomical_rad(hip_flexion_r=60)
    foot_up = anatomical_rad(hip_flexion_r=60, ankle_dorsiflexion_r=20)
    assert sciatic_travel_m(PARAMS, flat, raised, Side.RIGHT) < -0.01
    assert sciatic_travel_m(PARAMS, raised, foot_up, Side.RIGHT) > 0.001


def test_an_ankle_that_is_not_known_counts_as_dorsiflexed() -> None:
    pointed = anatomical_rad(hip_flexion_r=60, ankle_dorsiflexion_r=-30)
    far = anatomical_rad(hip_flexion_r=60, ankle_dorsiflexion_r=28)
    up = sciatic(hip_flexion=60, ankle_dorsiflexion=20)
    unknown = nerve_strain(PARAMS, pointed, SURE, ankle_known=(True, False)).right
    known = nerve_strain(PARAMS, pointed, SURE, ankle_known=KNOWN).right
    farther = nerve_strain(PARAMS, far, SURE, ankle_known=(True, False)).right
    assert unknown.ankle_assumed and not known.ankle_assumed
    assert unknown.sciatic.mean == pytest.approx(up, abs=1e-5)
    assert known.sciatic.mean < unknown.sciatic.mean < farther.sciatic.mean


def test_a_known_ankle_never_reads_higher_than_the_assumed_one() -> None:
    for ankle in (-50, -20, 0, 20):
        posture = anatomical_rad(hip_flexion_r=45, ankle_dorsiflexion_r=ankle)
        known = nerve_strain(PARAMS, posture, SURE, ankle_known=KNOWN).right.sciatic.mean
        assumed = nerve_strain(PARAMS, posture, SURE, ankle_known=(True, False)).right
        assert known <= assumed.sciatic.mean + 1e-12


def test_no_type_offers_a_clearance() -> None:
    """Numbers with doubt only: nothing that could be read as harmless."""
    fields = {*SideStrain.__struct_fields__, *NerveStrain.__struct_fields__}
    assert fields == {
        "sciatic", "femoral", "dorsiflexion_gain_ratio", "ankle_assumed", "left", "right",
    }  # fmt: skip


@given(within_limits(), st.integers(0, 1000))
@settings(max_examples=25, deadline=None)
def test_slopes_are_those_of_small_steps(posture: np.ndarray, seed: int) -> None:
    step = np.random.default_rng(seed).normal(size=13) * 1e-5
    for side in Side:
        slope = strains_and_slopes(PARAMS, posture, side)[1]
        more = strains_and_slopes(PARAMS, posture + step, side)[0]
        less = strains_and_slopes(PARAMS, posture - step, side)[0]
        np.testing.assert_allclose((more - less) / 2.0, slope @ step, atol=2e-9)


@pytest.mark.parametrize(
    "angles",
    [
        {"hip_flexion_r": 60.0},
        {"hip_flexion_r": 80.0, "lumbar_flexion": 40.0, "ankle_dorsiflexion_r": 10.0},
        {"hip_flexion_r": -10.0, "knee_flexion_r": 80.0, "lumbar_side_bend": -8.0},
    ],
)
def test_sd_by_the_covariance_is_that_of_drawn_postures(angles: dict[str, float]) -> None:
    """Within 10 % over 4,000 draws of joints that err together by some 3 degrees each."""
    mean = anatomical_rad(**angles)
    rng = np.random.default_rng(11)
    root = rng.normal(size=(13, 13))
    covariance = root @ root.T / 13.0 * np.radians(3.0) ** 2
    sure, unsure = (
        nerve_strain(PARAMS, mean, c, ankle_known=KNOWN).right for c in (SURE, covariance)
    )
    drawn = rng.multivariate_normal(mean, covariance, 4000)
    told = np.array([strains_and_slopes(PARAMS, d, Side.RIGHT)[0] for d in drawn])
    for n, (a, b) in enumerate(((sure.sciatic, unsure.sciatic), (sure.femoral, unsure.femoral))):
        assert np.sqrt(b.sd**2 - a.sd**2) == pytest.approx(told[:, n].std(), rel=0.1)


def test_what_is_no_posture_is_refused() -> None:
    with pytest.raises(ValueError, match="expected"):
        nerve_strain(PARAMS, np.zeros(21), SURE, ankle_known=KNOWN)
    with pytest.raises(ValueError, match="finite"):
        nerve_strain(PARAMS, np.zeros(13), np.full_like(SURE, np.inf), ankle_known=KNOWN)


def test_doubt_is_at_least_what_people_differ_by() -> None:
    found = right(hip_flexion=70)
    assert found.sciatic.sd >= constant("nerve", "anatomy_sd_ratio") * found.sciatic.mean
    rounded = right(hip_flexion=70, lumbar_flexion=50)
    assert rounded.sciatic.sd > found.sciatic.sd


def test_the_paths_run_on_the_right_and_down_and_one_joint_at_a_time() -> None:
    order = ["lumbar1", "lumbar2", "lumbar3", "lumbar4", "lumbar5", "sacrum", "pelvis", "femur_r",
             "patella_r", "tibia_r", "calcn_r"]  # fmt: skip
    for path in (nerve_paths().sciatic, nerve_paths().femoral):
        rows = [order.index(point.bone) for point in path]
        assert rows == sorted(rows)
        points = path_points_m(ANATOMY, path, np.zeros(21))
        assert np.all(np.diff(points[:, 2]) < 0.0)
        assert np.all(points[:, 0] < 0.0), "world x is the left"


def test_the_sciatic_path_passes_behind_every_joint_and_the_femoral_in_front_of_the_hip() -> None:
    """Signs of the slopes upright, which a path on the wrong side would turn round."""
    slope = strains_and_slopes(PARAMS, np.zeros(13), Side.RIGHT)[1]
    at = {c: i for i, c in enumerate(ANATOMICAL)}
    assert slope[0, at[Coordinate.LUMBAR_FLEXION]] > 0.0
    assert slope[0, at[Coordinate.HIP_FLEXION_R]] > 0.0
    assert slope[0, at[Coordinate.KNEE_FLEXION_R]] < 0.0
    assert slope[0, at[Coordinate.ANKLE_DORSIFLEXION_R]] > 0.0
    assert slope[1, at[Coordinate.HIP_FLEXION_R]] < 0.0
    assert slope[1, at[Coordinate.KNEE_FLEXION_R]] > 0.0
    assert np.all(slope[:, [at[c] for c in ANATOMICAL if c.value.endswith("_l")]] == 0.0)
