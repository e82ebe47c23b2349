"""What must hold for muscle lengths in every posture."""

import numpy as np
import pytest
from anatomy_poses import length_m, mirrored_pose, other_side, pose, poses, stance
from hypothesis import given, settings
from hypothesis import strategies as st

from lengthwise.body.anatomy import VALID_HIGH_RAD, VALID_LOW_RAD, Anatomy, BodyMeasures
from lengthwise.body.conventions import JOINT_AXES
from lengthwise.contracts.coordinates import ANATOMICAL, Coordinate
from lengthwise.reference.lumbar_shares import LUMBAR_TOTALS, level_shares, shares_of
from lengthwise.reference.muscle_groups import muscle_group_table

ANATOMY = Anatomy.build()
STANDING = ANATOMY.placing()
FASCICLES = ("L1_VB", "L1_TP", "L1_L2_IVD", "L2_TP", "L2_L3_IVD", "L3_TP")


@settings(max_examples=60, deadline=None)
@given(poses())
def test_the_mirrored_body_has_the_mirrored_lengths(pose_rad: np.ndarray) -> None:
    """Left and right paths of the package agree to .04 mm, so no further than that."""
    here, there = ANATOMY.lengths_m(pose_rad), ANATOMY.lengths_m(mirrored_pose(pose_rad))
    partner = [ANATOMY.muscle_names.index(other_side(m)) for m in ANATOMY.muscle_names]
    apart_mm = 1e3 * np.abs(here - there[partner])
    worst = int(np.argmax(apart_mm))
    assert apart_mm[worst] < 0.05, ANATOMY.muscle_names[worst]


@settings(max_examples=25, deadline=None)
@given(poses(), st.integers(0, 12))
def test_moment_arms_are_the_derivative_of_length(pose_rad: np.ndarray, i: int) -> None:
    step = 1e-6
    pose_rad = np.clip(pose_rad, VALID_LOW_RAD + 2 * step, VALID_HIGH_RAD - 2 * step)
    ahead, behind = pose_rad.copy(), pose_rad.copy()
    ahead[i] += step
    behind[i] -= step
    numeric = (ANATOMY.lengths_m(ahead) - ANATOMY.lengths_m(behind)) / (2 * step)
    slopes = ANATOMY.lengths_and_moment_arms(pose_rad)[1][:, i]
    assert np.abs(numeric - slopes).max() < 2e-7


@settings(max_examples=20, deadline=None)
@given(poses())
def test_a_muscle_has_no_slope_in_a_coordinate_it_does_not_span(pose_rad: np.ndarray) -> None:
    slopes = ANATOMY.lengths_and_moment_arms(pose_rad)[1]
    assert not slopes[~ANATOMY.spans].any()


@settings(max_examples=10, deadline=None)
@given(st.lists(poses(), min_size=2, max_size=4))
def test_a_batch_is_its_frames_bit_for_bit_whatever_was_asked_before(
    some: list[np.ndarray],
) -> None:
    batch = ANATOMY.lengths_batch_m(np.array(some))
    for row, pose_rad in zip(batch[::-1], some[::-1], strict=True):
        assert row.tobytes() == ANATOMY.lengths_m(pose_rad).tobytes()
        assert row.tobytes() == ANATOMY.lengths_and_moment_arms(pose_rad)[0].tobytes()


@settings(max_examples=15, deadline=None)
@given(poses(), st.tuples(*[st.floats(-180, 180)] * 3))
def test_the_attitude_of_the_pelvis_changes_no_length(
    pose_rad: np.ndarray, attitude_deg: tuple[float, float, float]
) -> None:
    tilt, obliquity, rotation = attitude_deg
    mean_rad = stance(pelvis_tilt=tilt, pelvis_obliquity=obliquity, pelvis_rotation=rotation)
    mean_rad[3:16] = pose_rad
    placed = ANATOMY.place(mean_rad)
    assert np.abs(placed.ten_length - ANATOMY.lengths_m(pose_rad)).max() < 1e-9


@settings(max_examples=25, deadline=None)
@given(poses())
def test_lumbar_levels_add_up_to_the_total(pose_rad: np.ndarray) -> None:
    position = ANATOMY.joint_positions(pose_rad[None])[0]
    for i, axis in enumerate(JOINT_AXES[:3]):
        levels = np.array(
            [position[ANATOMY.model.joint(hinge).qposadr[0]] for hinge in axis.hinges]
        )
        assert levels.sum() == pytest.approx(axis.sign * pose_rad[i], abs=1e-12)
        shares = np.array(level_shares()[axis.coordinate].shares)
        assert levels == pytest.approx(axis.sign * pose_rad[i] * shares, abs=2e-4)


def test_lumbar_shares_add_up_to_one() -> None:
    for total in LUMBAR_TOTALS:
        assert sum(shares_of(total)) == pytest.approx(1.0, abs=1e-15)


@settings(max_examples=25, deadline=None)
@given(poses(), poses())
def test_a_whole_psoas_is_a_lumbar_part_plus_a_hip_part(a: np.ndarray, b: np.ndarray) -> None:
    """Exchanging the lumbar angles of two postures exchanges the lumbar parts exactly."""
    lumbar_a, lumbar_b = np.concatenate([a[:3], b[3:]]), np.concatenate([b[:3], a[3:]])
    whole = [m.startswith("psoas_composite_") for m in ANATOMY.muscle_names]
    together = ANATOMY.lengths_m(a) + ANATOMY.lengths_m(b)
    exchanged = ANATOMY.lengths_m(lumbar_a) + ANATOMY.lengths_m(lumbar_b)
    assert np.abs(together - exchanged)[whole].max() < 1e-12


@settings(max_examples=25, deadline=None)
@given(poses())
def test_the_hip_part_of_every_whole_psoas_is_that_of_the_model(pose_rad: np.ndarray) -> None:
    upright = np.concatenate([np.zeros(3), pose_rad[3:]])
    change = ANATOMY.lengths_m(upright) - ANATOMY.lengths_m(np.zeros(13))
    for side in ("l", "r"):
        hip = change[ANATOMY.muscle_names.index(f"psoas_{side}")]
        for fascicle in FASCICLES:
            whole = ANATOMY.muscle_names.index(f"psoas_composite_{fascicle}_{side}")
            assert change[whole] == pytest.approx(hip, abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(poses(), poses())
def test_sartorius_and_tensor_fasciae_latae_are_a_hip_part_plus_a_knee_part(
    a: np.ndarray, b: np.ndarray
) -> None:
    """Exchanging the hip angles of two postures exchanges the hip parts exactly."""
    hips = [i for i, c in enumerate(ANATOMICAL) if c.value.startswith("hip_")]
    hips_a, hips_b = b.copy(), a.copy()
    hips_a[hips], hips_b[hips] = a[hips], b[hips]
    two_joint = [m.startswith(("sart_", "tfl_")) for m in ANATOMY.muscle_names]
    together = ANATOMY.lengths_m(a) + ANATOMY.lengths_m(b)
    exchanged = ANATOMY.lengths_m(hips_a) + ANATOMY.lengths_m(hips_b)
    assert sum(two_joint) == 4
    assert np.abs(together - exchanged)[two_joint].max() < 1e-12


def test_hip_extension_lengthens_the_whole_psoas() -> None:
    """5.5 mm at 20 degrees; with 20 degrees of side-bend away 11 mm (mean of the fascicles)."""
    assert _psoas_gain_mm(hip_flexion_r=-20) == pytest.approx(5.5, abs=0.1)
    away = _psoas_gain_mm(hip_flexion_r=-20, lumbar_side_bend=-20)
    assert away == pytest.approx(11.0, abs=0.2)


@pytest.mark.parametrize("side", ["l", "r"])
def test_a_lunge_that_tips_the_pelvis_forward_loses_most_of_the_stretch(side: str) -> None:
    """The thigh stays 20 degrees behind the vertical; tilt and lordosis of 15 replace the hip's."""
    kept = _psoas_gain_mm(side, **{f"hip_flexion_{side}": -20})
    lost = _psoas_gain_mm(side, **{f"hip_flexion_{side}": -5, "lumbar_flexion": -15})
    assert lost == pytest.approx(1.8, abs=0.1)
    assert lost < 0.4 * kept


@pytest.mark.parametrize(
    ("muscle", "angles_deg"),
    [
        ("LTpL_L1_r", {"lumbar_flexion": 30}),
        ("MF_m1s_r", {"lumbar_flexion": 30}),
        ("QL_post_I_2_L3_r", {"lumbar_side_bend": -20}),
        ("rect_abd_r", {"lumbar_flexion": -20}),
        ("rect_abd_r", {"lumbar_side_bend": -20}),
        ("IL_R10_r", {"lumbar_side_bend": -20}),
        ("semimem_r", {"hip_flexion_r": 60}),
        ("semimem_r", {"knee_flexion_r": -0.0, "hip_flexion_r": 30}),
        ("recfem_r", {"hip_flexion_r": -20}),
        ("recfem_r", {"knee_flexion_r": 60}),
        ("iliacus_l", {"hip_flexion_l": -20}),
        ("glmed2_r", {"hip_adduction_r": 20}),
        ("addlong_l", {"hip_adduction_l": -20}),
        ("piri_r", {"hip_flexion_r": 45}),
        ("soleus_l", {"ankle_dorsiflexion_l": 20}),
    ],
)
def test_each_muscle_is_lengthened_by_its_stretch(
    muscle: str, angles_deg: dict[str, float]
) -> None:
    """Anatomy-book stretches, on the right side of the body."""
    assert length_m(ANATOMY, muscle, **angles_deg) > length_m(ANATOMY, muscle) + 1e-3


@pytest.mark.parametrize("measures", [BodyMeasures(), BodyMeasures(height_m=1.95)])
def test_no_path_jumps_within_the_range(measures: BodyMeasures) -> None:
    """What a muscle does in .05 degree is a tenth of what it does in half a degree, everywhere.

    A jump would stay whole in the small step, a lever shrinks with it. Largest half degree: 1.01 mm
    for the generic body, of external oblique in side-bend, whose lever is 11.6 cm; with 1 mm per
    half degree a lever ends at 11.5 cm. `test_flank` holds it against the breadth of people. Swept
    as in `bench/half_degrees.py`, fewer poses.
    """
    anatomy, rng = Anatomy.build(measures), np.random.default_rng(5)
    longest_arm_m = 0.117 * anatomy.scales.trunk
    for pose_rad in rng.uniform(VALID_LOW_RAD, VALID_HIGH_RAD, (6, len(ANATOMICAL))):
        for i in range(len(ANATOMICAL)):
            swept = sweep(anatomy, pose_rad, i, step_rad=np.radians(0.05))
            worst = int(np.argmax(swept))
            assert swept[worst] < longest_arm_m * np.radians(0.05), anatomy.muscle_names[worst]


def test_a_half_degree_moves_a_muscle_as_far_as_the_one_before() -> None:
    """To .2 mm anywhere: the largest of 200 sweeps of each coordinate is .13 mm, of a muscle that
    comes to touch a surface. One path that jumped by 1 mm would show as 1 mm."""
    rng = np.random.default_rng(9)
    for pose_rad in rng.uniform(VALID_LOW_RAD, VALID_HIGH_RAD, (20, len(ANATOMICAL))):
        for i in range(len(ANATOMICAL)):
            at_rad = np.arange(VALID_LOW_RAD[i], VALID_HIGH_RAD[i] + 1e-9, np.radians(0.5))
            along = np.repeat(pose_rad[None], len(at_rad), axis=0)
            along[:, i] = at_rad
            jumps_m = np.abs(np.diff(ANATOMY.lengths_batch_m(along), n=2, axis=0)).max(axis=0)
            assert jumps_m.max() < 2e-4, ANATOMY.muscle_names[int(np.argmax(jumps_m))]


def test_lumbar_flexion_ends_where_its_reason_says_and_not_at_a_jump_upwards() -> None:
    """Below -34 the lowest longissimus flips; upwards nothing jumps to 75 any more, since rectus
    abdominis is led, and the end at 63 is that of the range fractions."""
    twisted = pose(lumbar_rotation=-20.0)
    leant_back = np.repeat(twisted[None], 41, axis=0)
    leant_back[:, 0] = np.radians(np.linspace(-36.0, -32.0, 41))
    row = ANATOMY.muscle_names.index("LTpT_R12_r")
    assert np.abs(np.diff(ANATOMY.lengths_batch_m(leant_back)[:, row])).max() > 0.3
    assert np.degrees(VALID_LOW_RAD[0]) > -34.0
    rng = np.random.default_rng(6)
    for pose_rad in rng.uniform(VALID_LOW_RAD, VALID_HIGH_RAD, (8, len(ANATOMICAL))):
        bent = np.repeat(pose_rad[None], 241, axis=0)
        bent[:, 0] = np.radians(np.linspace(63.0, 75.0, 241))
        steps_m = np.abs(np.diff(ANATOMY.lengths_batch_m(bent), axis=0)).max(axis=0)
        assert steps_m.max() < 0.1 * np.radians(0.05)


def sweep(anatomy: Anatomy, pose_rad: np.ndarray, i: int, *, step_rad: float) -> np.ndarray:
    """(n,) largest change of each muscle in a step of coordinate i, over its range."""
    at_rad = np.arange(VALID_LOW_RAD[i], VALID_HIGH_RAD[i] + 1e-9, step_rad)
    along = np.repeat(pose_rad[None], len(at_rad), axis=0)
    along[:, i] = at_rad
    return np.asarray(np.abs(np.diff(anatomy.lengths_batch_m(along), axis=0)).max(axis=0))


@settings(max_examples=60, deadline=None)
@given(poses(), st.integers(0, 12), st.floats(0.0, 1.0))
def test_every_half_degree_changes_a_muscle_by_what_its_moment_arms_say(
    pose_rad: np.ndarray, i: int, where: float
) -> None:
    """To .4 mm: a path that comes to touch a surface bends there, and its lever with it."""
    half = np.radians(0.5)
    before, after = pose_rad.copy(), pose_rad.copy()
    before[i] = VALID_LOW_RAD[i] + where * (VALID_HIGH_RAD[i] - VALID_LOW_RAD[i] - half)
    after[i] = before[i] + half
    (start_m, arm_m), (end_m, end_arm_m) = (
        ANATOMY.lengths_and_moment_arms(p) for p in (before, after)
    )
    apart = np.abs(end_m - start_m - 0.5 * half * (arm_m + end_arm_m)[:, i])
    worst = int(np.argmax(apart))
    assert apart[worst] < 4e-4, ANATOMY.muscle_names[worst]


def test_every_fascicle_of_the_group_table_is_in_the_model() -> None:
    assert {f.muscle for f in muscle_group_table()} <= set(ANATOMY.muscle_names)


def test_there_are_290_muscles_and_22_whole_psoas_fascicles_with_plain_names() -> None:
    names = ANATOMY.muscle_names
    assert len(names) == len(set(names)) == 312
    assert sum(m.startswith("psoas_composite_") for m in names) == 22
    assert all(m.replace("_", "").isalnum() and m[-2:] in ("_l", "_r") for m in names)
    assert ANATOMY.model.nu == ANATOMY.model.neq == 0


@settings(max_examples=25, deadline=None)
@given(poses())
def test_bones_one_pose_after_the_other_stand_where_each_stands_alone(pose_rad: np.ndarray) -> None:
    mean_rad = np.concatenate([[0.3, -0.2, 0.1], pose_rad, np.zeros(5)])
    alone, after = ANATOMY.place(mean_rad), STANDING(mean_rad)
    assert np.array_equal(alone.xpos, after.xpos) and np.array_equal(alone.xmat, after.xmat)


def test_what_is_not_a_posture_is_refused() -> None:
    unknown = np.zeros(13)
    unknown[4] = np.nan
    for refused in (np.zeros(12), np.zeros((1, 13)), unknown):
        with pytest.raises(ValueError):
            ANATOMY.lengths_m(refused)
    with pytest.raises(ValueError):
        ANATOMY.place(np.zeros(13))


def test_joint_axes_follow_the_order_of_the_coordinates() -> None:
    assert tuple(axis.coordinate for axis in JOINT_AXES) == ANATOMICAL
    assert Coordinate.LUMBAR_FLEXION is ANATOMICAL[0]


def _psoas_gain_mm(side: str = "r", **angles_deg: float) -> float:
    """Mean gain of the whole fascicles of one side against upright standing."""
    whole = [m.startswith("psoas_composite_") and m.endswith(side) for m in ANATOMY.muscle_names]
    gain = ANATOMY.lengths_m(pose(**angles_deg)) - ANATOMY.lengths_m(pose())
    return float(1e3 * gain[whole].mean())
