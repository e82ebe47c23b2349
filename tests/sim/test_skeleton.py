"""The stick figure against its own words: lengths stay, and each sign is what it says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate, mirrored
from lengthwise.contracts.observation import LANDMARK_INDEX, LANDMARKS, Posture, Segment
from lengthwise.sim.motion import derived
from lengthwise.sim.skeleton import Figure, figure

HEIGHT_M = 1.7


def seen(**angles_deg: float) -> Figure:
    pose = np.zeros(len(COORDINATES))
    for name, value in angles_deg.items():
        pose[INDEX[Coordinate(name)]] = np.radians(value)
    return figure(derived(pose), height_m=HEIGHT_M, posture=Posture.STANDING)


def point(body: Figure, name: str) -> np.ndarray:
    return body.landmarks_m[LANDMARK_INDEX[name]]


poses = st.lists(st.floats(-1.2, 1.2), min_size=16, max_size=16).map(
    lambda base: derived(np.array([*base, 0.0, 0.0, 0.0, 0.0, 0.0]))
)


@given(poses)
def test_bones_keep_their_lengths(pose: np.ndarray) -> None:
    body = figure(pose, height_m=HEIGHT_M, posture=Posture.STANDING)
    upright = seen()
    for a, b in (
        ("left_hip", "left_knee"),
        ("right_knee", "right_ankle"),
        ("left_shoulder", "right_shoulder"),
        ("left_hip", "right_hip"),
        ("left_heel", "left_foot_index"),
    ):
        before = np.linalg.norm(point(upright, a) - point(upright, b))
        assert np.linalg.norm(point(body, a) - point(body, b)) == pytest.approx(before)


@given(poses)
def test_a_mirrored_pose_is_the_mirrored_figure(pose: np.ndarray) -> None:
    other = np.zeros_like(pose)
    for c, i in INDEX.items():
        name, sign = mirrored(c)
        other[INDEX[name]] = sign * pose[i]
    body = figure(pose, height_m=HEIGHT_M, posture=Posture.STANDING)
    image = figure(other, height_m=HEIGHT_M, posture=Posture.STANDING)
    swapped = [
        LANDMARK_INDEX[n.replace("left", "right") if "left" in n else n.replace("right", "left")]
        for n in LANDMARKS
    ]
    assert image.landmarks_m[swapped] * [1, -1, 1] == pytest.approx(body.landmarks_m, abs=1e-9)


@given(poses, st.sampled_from(list(Posture)))
def test_the_body_rests_on_the_floor(pose: np.ndarray, posture: Posture) -> None:
    """Nothing that can carry goes through the floor, and something touches it."""
    body = figure(pose, height_m=HEIGHT_M, posture=posture, arms=False)
    flesh = {"heel": 0.0, "foot_index": 0.0, "ankle": 0.025, "knee": 0.03, "hip": 0.055}
    flesh |= {"shoulder": 0.045, "ear": 0.045}
    gaps = [
        point(body, f"{word}_{name}")[2] - share * HEIGHT_M
        for name, share in flesh.items()
        for word in ("left", "right")
    ]
    assert -0.004 < min(gaps) < 0.010


@given(poses, st.sampled_from(list(Posture)))
def test_arms_keep_their_lengths(pose: np.ndarray, posture: Posture) -> None:
    body = figure(pose, height_m=HEIGHT_M, posture=posture)
    for word in ("left", "right"):
        shoulder, elbow, wrist = (
            point(body, f"{word}_{n}") for n in ("shoulder", "elbow", "wrist")
        )
        assert np.linalg.norm(elbow - shoulder) == pytest.approx(0.186 * HEIGHT_M, abs=1e-6)
        assert np.linalg.norm(wrist - elbow) == pytest.approx(0.146 * HEIGHT_M, abs=1e-3)


@given(poses)
def test_the_chest_turns_as_its_coordinates_say(pose: np.ndarray) -> None:
    """The pelvis turned by flexion, side-bend and rotation of the chest, whatever the lumbar."""
    body = figure(pose, height_m=HEIGHT_M, posture=Posture.STANDING)
    flexion, side_bend, turn = (
        pose[INDEX[Coordinate(f"thorax_{way}")]] for way in ("flexion", "side_bend", "rotation")
    )
    chest = Rotation.from_euler("YXZ", [flexion, side_bend, turn]).as_matrix()
    assert body.rotation[Segment.PELVIS] @ chest == pytest.approx(body.rotation[Segment.THORAX])


X, Y, Z = 0, 1, 2


@pytest.mark.parametrize(
    ("coordinate", "moved", "against", "axis", "sign"),
    [
        ("pelvis_tilt", "left_shoulder", "left_hip", X, +1),
        ("pelvis_obliquity", "right_hip", "left_hip", Z, +1),
        ("pelvis_rotation", "right_hip", "left_hip", X, +1),
        ("lumbar_flexion", "left_shoulder", "left_hip", X, +1),
        ("lumbar_side_bend", "nose", "left_hip", Y, -1),
        ("lumbar_rotation", "right_shoulder", "left_shoulder", X, +1),
        ("hip_flexion_l", "left_knee", "left_hip", X, +1),
        ("hip_flexion_r", "right_knee", "right_hip", X, +1),
        ("hip_adduction_l", "left_knee", "left_hip", Y, -1),
        ("hip_adduction_r", "right_knee", "right_hip", Y, +1),
        ("hip_rotation_l", "left_foot_index", "left_heel", Y, -1),
        ("hip_rotation_r", "right_foot_index", "right_heel", Y, +1),
        ("knee_flexion_l", "left_ankle", "left_knee", X, -1),
        ("knee_flexion_r", "right_ankle", "right_knee", X, -1),
        ("ankle_dorsiflexion_l", "left_foot_index", "left_heel", Z, +1),
        ("ankle_dorsiflexion_r", "right_foot_index", "right_heel", Z, +1),
    ],
)
def test_sign_of_each_coordinate(
    coordinate: str, moved: str, against: str, axis: int, sign: int
) -> None:
    """Turning a coordinate by +20° moves a point against another in the named direction."""
    upright, turned = seen(), seen(**{coordinate: 20.0})
    before = (point(upright, moved) - point(upright, against))[axis]
    after = (point(turned, moved) - point(turned, against))[axis]
    assert sign * (after - before) > 0.02


def test_knee_bent_to_a_right_angle_is_a_right_angle() -> None:
    body = seen(knee_flexion_l=90)
    thigh = point(body, "left_hip") - point(body, "left_knee")
    shank = point(body, "left_ankle") - point(body, "left_knee")
    assert thigh @ shank == pytest.approx(0.0, abs=1e-9)


def test_segment_frames_turn_with_their_segments() -> None:
    body = seen(pelvis_tilt=30, hip_flexion_l=30)
    assert body.rotation[Segment.THIGH_L] == pytest.approx(np.eye(3), abs=1e-9)
    assert np.degrees(np.arccos(body.rotation[Segment.PELVIS][2, 2])) == pytest.approx(30)
