"""Signs of all coordinates, by moving the model and looking where a point goes.

World axes: x to the person's left, y to the back, z up.
"""

import numpy as np
import pytest
from anatomy_poses import stance

from lengthwise.body.anatomy import Anatomy
from lengthwise.body.conventions import rot_world_from_pelvis

ANATOMY = Anatomy.build()
LEFT, BACK, UP = np.eye(3)


def moved_m(bone: str, in_bone_m: tuple[float, float, float], **angles_deg: float) -> np.ndarray:
    """(3,) how far a point of a bone goes, in world axes."""

    def at(mean_rad: np.ndarray) -> np.ndarray:
        body = ANATOMY.place(mean_rad).body(bone)
        return np.asarray(body.xpos + body.xmat.reshape(3, 3) @ np.array(in_bone_m))

    return at(stance(**angles_deg)) - at(stance())


CHEST = ("torso", (0.1, 0.3, 0.0))
BREASTBONE = ("torso", (0.3, 0.0, 0.0))
RIGHT_HIP = ("pelvis", (-0.056, -0.078, 0.077))
PELVIS_FRONT = ("pelvis", (0.3, 0.0, 0.0))
PELVIS_TOP = ("pelvis", (0.0, 0.3, 0.0))

CASES = [
    ("lumbar_flexion", *CHEST, -BACK),
    ("lumbar_flexion", *CHEST, -UP),
    ("lumbar_side_bend", *CHEST, -LEFT),
    ("lumbar_rotation", *BREASTBONE, LEFT),
    ("hip_flexion_r", "femur_r", (0.0, -0.4, 0.0), -BACK),
    ("hip_flexion_l", "femur_l", (0.0, -0.4, 0.0), -BACK),
    ("hip_adduction_r", "femur_r", (0.0, -0.4, 0.0), LEFT),
    ("hip_adduction_l", "femur_l", (0.0, -0.4, 0.0), -LEFT),
    ("hip_rotation_r", "femur_r", (0.2, 0.0, 0.0), LEFT),
    ("hip_rotation_l", "femur_l", (0.2, 0.0, 0.0), -LEFT),
    ("knee_flexion_r", "tibia_r", (0.0, -0.4, 0.0), BACK),
    ("knee_flexion_l", "tibia_l", (0.0, -0.4, 0.0), BACK),
    ("ankle_dorsiflexion_r", "toes_r", (0.0, 0.0, 0.0), UP),
    ("ankle_dorsiflexion_l", "toes_l", (0.0, 0.0, 0.0), UP),
    ("pelvis_tilt", *PELVIS_TOP, -BACK),
    ("pelvis_obliquity", *RIGHT_HIP, UP),
    ("pelvis_rotation", *PELVIS_FRONT, LEFT),
]


@pytest.mark.parametrize(("coordinate", "bone", "point", "way"), CASES)
def test_a_positive_angle_moves_the_body_the_way_it_says(
    coordinate: str, bone: str, point: tuple[float, float, float], way: np.ndarray
) -> None:
    assert moved_m(bone, point, **{coordinate: 10.0}) @ way > 0.005
    assert moved_m(bone, point, **{coordinate: 20.0}) @ way > 0.01


@pytest.mark.parametrize(
    ("coordinate", "below", "above"),
    [
        ("lumbar_flexion", "sacrum", "torso"),
        ("lumbar_side_bend", "sacrum", "torso"),
        ("lumbar_rotation", "sacrum", "torso"),
        ("hip_flexion_r", "pelvis", "femur_r"),
        ("ankle_dorsiflexion_l", "tibia_l", "talus_l"),
    ],
)
def test_the_bones_turn_by_the_angle_asked_for(coordinate: str, below: str, above: str) -> None:
    placed = ANATOMY.place(stance(**{coordinate: 15.0}))
    turn = placed.body(below).xmat.reshape(3, 3).T @ placed.body(above).xmat.reshape(3, 3)
    assert np.degrees(np.arccos((np.trace(turn) - 1) / 2)) == pytest.approx(15.0, abs=1e-6)


def test_upright_bones_look_forward_up_and_right() -> None:
    placed = ANATOMY.place(stance())
    for bone in ("pelvis", "sacrum", "lumbar3", "torso", "femur_r", "tibia_l", "calcn_r"):
        turn = placed.body(bone).xmat.reshape(3, 3)
        assert turn[:, 0] == pytest.approx(-BACK, abs=1e-7), bone
        assert turn[:, 1] == pytest.approx(UP, abs=1e-7), bone
        assert turn[:, 2] == pytest.approx(-LEFT, abs=1e-7), bone


def test_a_standing_body_stands_on_its_feet() -> None:
    placed = ANATOMY.place(stance())
    height = {b: placed.body(b).xpos[2] for b in ("head", "torso", "femur_r", "tibia_r", "toes_r")}
    assert sorted(height, key=lambda b: height[b]) == [
        "toes_r",
        "tibia_r",
        "femur_r",
        "torso",
        "head",
    ]
    assert placed.body("femur_r").xpos[0] < 0 < placed.body("femur_l").xpos[0]


def test_pelvis_turns_in_the_order_rotation_obliquity_tilt() -> None:
    """Tilt is about the pelvis' own right axis: it stays level whatever the tilt."""
    for tilt in (0.0, 0.4, -0.7):
        right = rot_world_from_pelvis(tilt, 0.2, 0.5)[:, 2]
        assert right == pytest.approx(rot_world_from_pelvis(0.0, 0.2, 0.5)[:, 2], abs=1e-12)
        assert right[2] == pytest.approx(np.sin(0.2), abs=1e-12)
    turned = rot_world_from_pelvis(0.0, 0.0, 0.5)[:, 0]
    assert turned == pytest.approx([np.sin(0.5), -np.cos(0.5), 0.0], abs=1e-12)
