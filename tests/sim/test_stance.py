"""Poses along an exercise's path: what rests on the floor rests there, joints keep their limits."""

import numpy as np
import pytest

from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate, Side, mirrored
from lengthwise.contracts.observation import LANDMARK_INDEX, Posture
from lengthwise.reference.exercises import Exercise, exercise, exercises
from lengthwise.reference.joint_limits import joint_limits_rad
from lengthwise.sim.skeleton import Figure, figure
from lengthwise.sim.stance import Stance

HEIGHT_M = 1.7
LUNGE = "half_kneeling_hip_flexor"
SHARES = (0.0, 0.3, 0.7, 1.0)
WRITTEN = list(exercises().values())
"""For the left side. The right is exactly its mirror image, which is the second law here."""


def named(e: Exercise) -> str:
    return e.id


def seen(exercise_id: str, share: float, side: Side = Side.LEFT) -> Figure:
    e = exercise(exercise_id).for_side(side)
    return figure(Stance(e).pose_rad(share), height_m=HEIGHT_M, posture=e.start_posture)


def at(body: Figure, name: str) -> np.ndarray:
    return body.landmarks_m[LANDMARK_INDEX[name]]


@pytest.mark.parametrize("e", WRITTEN, ids=named)
def test_joint_limits_are_kept(e: Exercise) -> None:
    for stance in (Stance(e.for_side(side)) for side in Side):
        for share in (-1.0, *SHARES, 1.15):
            pose = stance.pose_rad(share)
            for c in COORDINATES[3:16]:
                low, high = joint_limits_rad()[c]
                assert low - 1e-9 <= pose[INDEX[c]] <= high + 1e-9, (c, share)


@pytest.mark.parametrize("e", WRITTEN, ids=named)
def test_the_other_side_is_the_mirrored_pose(e: Exercise) -> None:
    left, right = (Stance(e.for_side(side)) for side in Side)
    for share in (-1.0, *SHARES, 1.15):
        pose, other = left.pose_rad(share), right.pose_rad(share)
        for c, i in INDEX.items():
            name, sign = mirrored(c)
            assert other[INDEX[name]] == pytest.approx(sign * pose[i], abs=1e-9), (c, share)


@pytest.mark.parametrize("e", [e for e in WRITTEN if e.path], ids=named)
def test_the_target_joint_goes_the_whole_way(e: Exercise) -> None:
    """What follows from the floor changes the way of the first coordinate by 20 degrees at most."""
    stance = Stance(e)
    first = stance.exercise.path[0]
    travelled = stance.pose_rad(1.0) - stance.pose_rad(0.0)
    asked = np.radians(first.end_deg - first.start_deg)
    assert travelled[INDEX[first.coordinate]] == pytest.approx(asked, abs=np.radians(20))


@pytest.mark.parametrize("share", SHARES)
def test_half_kneeling_kneels_with_the_other_foot_flat(share: float) -> None:
    body = seen(LUNGE, share)
    assert at(body, "left_knee")[2] == pytest.approx(0.030 * HEIGHT_M, abs=0.01)
    assert at(body, "left_foot_index")[2] == pytest.approx(0.0, abs=0.01)
    assert at(body, "right_heel")[2] == pytest.approx(0.0, abs=0.01)
    assert at(body, "right_foot_index")[2] == pytest.approx(0.0, abs=0.01)
    assert at(body, "right_knee")[2] > 0.4


def test_in_the_lunge_knee_and_front_foot_stay_and_the_pelvis_goes_forward() -> None:
    start, end = seen(LUNGE, 0.0), seen(LUNGE, 1.0)
    for name in ("left_knee", "right_heel", "right_ankle"):
        assert at(end, name) == pytest.approx(at(start, name), abs=0.01)
    assert at(end, "left_hip")[0] - at(start, "left_hip")[0] > 0.12


@pytest.mark.parametrize("exercise_id", ["cat_cow", "bird_dog"])
def test_on_all_fours_hands_knees_and_toes_are_on_the_floor(exercise_id: str) -> None:
    body = seen(exercise_id, 0.0)
    for word in ("left", "right"):
        assert at(body, f"{word}_knee")[2] == pytest.approx(0.030 * HEIGHT_M, abs=0.01)
        assert at(body, f"{word}_foot_index")[2] == pytest.approx(0.0, abs=0.01)
        assert at(body, f"{word}_wrist")[2] == pytest.approx(0.030 * HEIGHT_M, abs=0.01)
    thigh = at(body, "left_hip") - at(body, "left_knee")
    assert thigh[2] == pytest.approx(np.linalg.norm(thigh), rel=0.01)


def test_bird_dog_lifts_the_working_leg_and_the_opposite_arm() -> None:
    body = seen("bird_dog", 1.0)
    assert at(body, "left_knee")[2] > 0.25
    assert at(body, "right_wrist")[2] > 0.4
    assert at(body, "right_knee")[2] == pytest.approx(0.030 * HEIGHT_M, abs=0.01)
    assert at(body, "left_wrist")[2] < 0.1


def test_the_raised_leg_points_to_where_its_angle_says() -> None:
    body = seen("supine_hamstring", 1.0)
    leg = at(body, "left_ankle") - at(body, "left_hip")
    assert np.degrees(np.arctan2(leg[2], leg[0])) == pytest.approx(75.0, abs=0.5)
    assert at(body, "right_ankle")[2] < 0.12


def test_the_side_bend_brings_the_head_to_the_right() -> None:
    start, end = seen("standing_side_bend", 0.0), seen("standing_side_bend", 1.0)
    assert at(end, "nose")[1] - at(start, "nose")[1] < -0.1
    assert at(end, "left_heel") == pytest.approx(at(start, "left_heel"), abs=1e-3)


def test_cat_and_cow_are_opposite_ends() -> None:
    stance = Stance(exercise("cat_cow"))
    lumbar = INDEX[Coordinate.LUMBAR_FLEXION]
    assert np.degrees(stance.pose_rad(1.0)[lumbar]) == pytest.approx(30)
    assert np.degrees(stance.pose_rad(-1.0)[lumbar]) == pytest.approx(-12)


@pytest.mark.parametrize("e", WRITTEN, ids=named)
def test_a_pose_has_no_jump_along_the_path(e: Exercise) -> None:
    stance = Stance(e)
    poses = np.array([stance.pose_rad(s) for s in np.linspace(-0.2, 1.1, 131)])
    assert np.degrees(np.abs(np.diff(poses, axis=0))).max() < 3.0


def test_a_body_on_its_back_lies_level() -> None:
    e = exercise("supine_hamstring")
    body = figure(Stance(e).pose_rad(0.0), height_m=HEIGHT_M, posture=Posture.SUPINE)
    heights = [at(body, n)[2] for n in ("left_hip", "left_shoulder", "left_knee", "left_ankle")]
    assert max(heights) - min(heights) < 0.05
    assert at(body, "nose")[2] > at(body, "left_ear")[2]
