"""Start postures: written for the left side, mirrored whole for the right."""

import numpy as np
import pytest

from lengthwise.contracts.coordinates import (
    COORDINATES,
    INDEX,
    Coordinate,
    Side,
    mirrored,
    mirrored_pose_rad,
)
from lengthwise.contracts.observation import Posture
from lengthwise.reference.exercises import exercise, exercises
from lengthwise.reference.postures import posture_mean_rad


def _mirror(mean_rad: np.ndarray) -> np.ndarray:
    order = [INDEX[mirrored(c)[0]] for c in COORDINATES]
    return mean_rad[order] * np.array([mirrored(c)[1] for c in COORDINATES])


@pytest.mark.parametrize("posture", list(Posture))
def test_the_right_side_is_the_mirror_image_of_the_left(posture: Posture) -> None:
    left, right = posture_mean_rad(posture), posture_mean_rad(posture, side=Side.RIGHT)
    np.testing.assert_allclose(right, _mirror(left), atol=1e-12)


@pytest.mark.parametrize("exercise_id", exercises())
def test_so_is_the_start_of_every_exercise(exercise_id: str) -> None:
    written = exercise(exercise_id)
    starts = [
        posture_mean_rad(e.start_posture, overrides_rad=e.start_rad(), side=e.written_for)
        for e in (written.for_side(side) for side in Side)
    ]
    np.testing.assert_allclose(starts[1], _mirror(starts[0]), atol=1e-12)


def test_the_foot_behind_is_on_the_side_of_the_knee_that_kneels() -> None:
    lunge = exercise("half_kneeling_hip_flexor").for_side(Side.RIGHT)
    start = posture_mean_rad(
        lunge.start_posture, overrides_rad=lunge.start_rad(), side=lunge.written_for
    )
    behind, front = Coordinate.ANKLE_DORSIFLEXION_R, Coordinate.ANKLE_DORSIFLEXION_L
    assert start[INDEX[behind]] < -0.4
    assert start[INDEX[front]] == 0.0


def test_a_pose_mirrored_twice_is_itself_and_has_no_negative_zero() -> None:
    for posture in Posture:
        left = posture_mean_rad(posture)
        once = mirrored_pose_rad(left)
        assert np.array_equal(mirrored_pose_rad(once), left)
        assert not np.signbit(once[once == 0.0]).any()
