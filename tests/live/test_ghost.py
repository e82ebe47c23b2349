"""The outline over the body: the written postures, mirrored for the other side."""

from math import degrees

import numpy as np
import pytest

from lengthwise.contracts.coordinates import INDEX, Coordinate, mirrored_pose_rad
from lengthwise.live.ghost import ghost
from lengthwise.reference.exercises import led_exercises


@pytest.mark.parametrize("exercise_id", sorted(led_exercises()))
def test_the_other_side_is_the_mirror_image_and_nothing_is_unknown(exercise_id: str) -> None:
    found = ghost(exercise_id)
    for name in ("start", "span"):
        left, right = (np.array(found[side][name]) for side in "lr")
        assert np.isfinite(left).all() and np.abs(left).max() < np.pi
        np.testing.assert_allclose(mirrored_pose_rad(left), right, atol=1e-12)
    assert all(tolerance > 0.0 for _, tolerance, _ in found["l"]["kept"])


def test_half_kneeling_begins_on_the_knee_of_its_side() -> None:
    found = ghost("half_kneeling_hip_flexor")
    start = found["l"]["start"]
    bent = {
        c: degrees(start[INDEX[c]]) for c in (Coordinate.HIP_FLEXION_L, Coordinate.HIP_FLEXION_R)
    }
    assert abs(bent[Coordinate.HIP_FLEXION_L]) < 15.0 < 70.0 < bent[Coordinate.HIP_FLEXION_R]
    assert found["l"]["span"][INDEX[Coordinate.HIP_FLEXION_L]] < -0.2, "the hip opens"
    kept = [COORDINATE for COORDINATE, _, _ in found["l"]["kept"]]
    assert INDEX[Coordinate.PELVIS_TILT] in kept
