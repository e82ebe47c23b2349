"""The compiled kernel against MuJoCo, for the generic and for scaled bodies."""

import mujoco
import numpy as np
import pytest
from anatomy_poses import MujocoLengths, poses
from hypothesis import given, settings

from lengthwise.body.anatomy import VALID_HIGH_RAD, VALID_LOW_RAD, Anatomy, BodyMeasures
from lengthwise.body.joint_map import JointCurve, JointMap
from lengthwise.body.muscle_paths import STRAIGHT, muscle_paths
from lengthwise.contracts.coordinates import ANATOMICAL

GENERIC = Anatomy.build()
SMALL = BodyMeasures(height_m=1.52)
UNEVEN = BodyMeasures(
    height_m=1.83,
    trunk_length_m=0.51,
    pelvis_width_m=0.16,
    thigh_length_m=0.46,
    shank_length_m=0.38,
)
BODIES = [BodyMeasures(), SMALL, UNEVEN]
WHOLE_M = 1e-12
"""A millionth of a micrometre: rounding, for straight and for wrapped paths alike."""


@pytest.mark.parametrize("measures", BODIES, ids=["generic", "small", "uneven"])
def test_every_length_is_that_of_mujoco(measures: BodyMeasures) -> None:
    """Straight and wrapped, over the whole valid range, at and between its corners."""
    anatomy = Anatomy.build(measures)
    oracle = MujocoLengths(anatomy)
    random = np.random.default_rng(7)
    inside = random.uniform(VALID_LOW_RAD, VALID_HIGH_RAD, (300, 13))
    corners = np.where(random.random((100, 13)) < 0.5, VALID_LOW_RAD, VALID_HIGH_RAD)
    some = np.vstack([np.zeros((1, 13)), inside, corners])
    apart_m = np.abs(
        anatomy.lengths_batch_m(some) - np.array([oracle.lengths_m(pose_rad) for pose_rad in some])
    )
    worst = int(np.argmax(apart_m.max(axis=0)))
    assert apart_m.max() < WHOLE_M, anatomy.muscle_names[worst]


@pytest.mark.parametrize("measures", BODIES, ids=["generic", "small", "uneven"])
def test_every_moment_arm_is_that_of_mujoco(measures: BodyMeasures) -> None:
    """To 1e-9 m, which is what the differences leave by which the oracle moves its joints.

    Away from the end of the knee's fit, where the slope of its joint has a bend.
    """
    anatomy = Anatomy.build(measures)
    oracle = MujocoLengths(anatomy)
    for pose_rad in np.random.default_rng(8).uniform(VALID_LOW_RAD, VALID_HIGH_RAD, (60, 13)):
        slopes_m = anatomy.lengths_and_moment_arms(pose_rad)[1]
        assert np.abs(slopes_m - oracle.slopes_m(pose_rad)).max() < 1e-9


@settings(max_examples=40)
@given(poses())
def test_lengths_come_out_the_same_bits_whoever_asks(pose_rad: np.ndarray) -> None:
    one = GENERIC.lengths_m(pose_rad)
    among = GENERIC.lengths_batch_m(np.array([np.zeros(13), pose_rad, pose_rad]))
    with_arms = GENERIC.lengths_and_moment_arms(pose_rad)[0]
    assert one.tobytes() == among[1].tobytes() == among[2].tobytes() == with_arms.tobytes()


def test_a_muscle_spans_what_mujoco_moves_it_by() -> None:
    oracle = MujocoLengths(GENERIC)
    random = np.random.default_rng(9).uniform(VALID_LOW_RAD, VALID_HIGH_RAD, (20, 13))
    moved = np.max([np.abs(oracle.slopes_m(pose_rad)) for pose_rad in random], axis=0) > 1e-8
    assert np.array_equal(moved, GENERIC.spans)


@pytest.mark.parametrize(
    ("muscle", "coordinates"),
    [
        ("MF_m1s_r", {"lumbar_flexion", "lumbar_side_bend", "lumbar_rotation"}),
        ("iliacus_r", {"hip_flexion_r", "hip_adduction_r", "hip_rotation_r"}),
        ("vasint_l", {"knee_flexion_l"}),
        ("gasmed_l", {"knee_flexion_l", "ankle_dorsiflexion_l"}),
        ("soleus_r", {"ankle_dorsiflexion_r"}),
        ("recfem_r", {"hip_flexion_r", "hip_adduction_r", "hip_rotation_r", "knee_flexion_r"}),
    ],
)
def test_a_muscle_spans_its_own_joints_only(muscle: str, coordinates: set[str]) -> None:
    row = GENERIC.spans[GENERIC.muscle_names.index(muscle)]
    assert {c.value for c, spanned in zip(ANATOMICAL, row, strict=True) if spanned} == coordinates


def test_answers_are_the_askers_own() -> None:
    """The next question does not change the last answer, and a question is not changed."""
    asked = np.full(13, 0.1)
    first = GENERIC.lengths_m(asked)
    kept = first.copy()
    GENERIC.lengths_m(np.zeros(13))
    assert first.tobytes() == kept.tobytes()
    assert np.array_equal(asked, np.full(13, 0.1))
    first[:] = 0.0
    assert GENERIC.lengths_m(asked).tobytes() == kept.tobytes()


def test_read_only_and_strided_poses_are_answered_like_others() -> None:
    wide = np.random.default_rng(3).uniform(VALID_LOW_RAD, VALID_HIGH_RAD, (4, 13))
    expected = GENERIC.lengths_batch_m(wide)
    strided = np.repeat(wide, 2, axis=0)[::2]
    strided.flags.writeable = False
    assert GENERIC.lengths_batch_m(strided).tobytes() == expected.tobytes()
    assert GENERIC.lengths_batch_m(np.asfortranarray(wide)).tobytes() == expected.tobytes()
    assert GENERIC.lengths_batch_m(np.empty((0, 13))).shape == (0, len(GENERIC.muscle_names))


def test_only_what_moves_is_in_the_tables() -> None:
    """Rib cage, pelvis and foot are one bone each, and 40 joints follow the 13 coordinates."""
    paths = GENERIC.paths
    assert paths.bone_names[0] == "pelvis"
    assert len(paths.bone_names) == 15
    assert len(paths.joint_index) == 40
    assert not (paths.step_index[:, 3] == paths.step_index[:, 4])[
        paths.step_index[:, 2] == STRAIGHT
    ].any()


_PATH = """<mujoco><worldbody><body name="pelvis"><site name="a" pos="0 0 .2"/>
<site name="side" pos="{side} 0 0"/><geom name="drum" type="cylinder" size=".05 .1"/>
<body pos="0 0 0"><joint name="hinge" axis="0 1 0"/><geom size=".01"/>
<site name="b" pos=".2 0 0"/></body></body></worldbody>
<tendon><spatial name="t"><site site="a"/><geom geom="drum" {named}/><site site="b"/></spatial>
</tendon></mujoco>"""


@pytest.mark.parametrize(
    ("side", "named", "message"),
    [(0.01, 'sidesite="side"', "inside surface drum"), (0.2, "", "drum without a side")],
)
def test_a_path_that_the_kernel_does_not_know_is_refused(
    side: float, named: str, message: str
) -> None:
    model = mujoco.MjModel.from_xml_string(_PATH.format(side=side, named=named))
    follows = {0: JointCurve(0, (0.0, 1.0, 0.0, 0.0, 0.0))}
    with pytest.raises(ValueError, match=message):
        muscle_paths(model, JointMap(np.zeros(1), follows), ("t",))
