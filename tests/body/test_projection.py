"""The compiled geometry against the simulated figure, which was written apart from it."""

from math import log

import numpy as np
import pytest

from lengthwise.body import projection
from lengthwise.body.kinematic_chain import COORDINATE_MAP, JOINT_MAP, joints_of
from lengthwise.contracts.observation import LANDMARK_INDEX, Posture
from lengthwise.sim.motion import derived
from lengthwise.sim.skeleton import figure

HEIGHT_M = 1.7
BODY_M = np.array([0.060, 0.105, 0.123, 0.105, 0.052, 0.245, 0.246, 0.039, 0.035, 0.105]) * HEIGHT_M
POINTS = [
    LANDMARK_INDEX[f"{side}_{name}"]
    for name in ("shoulder", "hip", "knee", "ankle", "heel", "foot_index")
    for side in ("left", "right")
]


def rows_of(joints: np.ndarray, *, away_m: float = 3.0) -> np.ndarray:
    rows = np.zeros((1, projection.INPUTS))
    rows[0, : projection.JOINT_COUNT] = joints
    rows[0, projection.ROOT + 2] = log(away_m)
    rows[0, projection.HIP_GAIN] = 1.0
    return rows


def random_pose(seed: int) -> np.ndarray:
    pose = np.random.default_rng(seed).normal(0.0, 0.4, 21)
    return derived(pose, chest_moves=True)


@pytest.mark.parametrize("seed", range(20))
def test_places_heights_and_image_are_those_of_the_figure(seed: int) -> None:
    pose = random_pose(seed)
    truth = figure(pose, height_m=HEIGHT_M, posture=Posture.STANDING).landmarks_m[POINTS]
    truth = truth - truth[2:4].mean(axis=0)
    out = projection.seen(rows_of(joints_of(pose)), BODY_M, 3.0)[0]
    np.testing.assert_allclose(out[projection.HEIGHTS_AT :], truth[:, 2], atol=1e-12)
    image = out[: projection.PAIRS_AT].reshape(-1, 2)
    away_m = 3.0 - truth[:, 0]
    np.testing.assert_allclose(image[:, 0], 3.0 * truth[:, 1] / away_m, atol=1e-12)
    np.testing.assert_allclose(image[:, 1], 3.0 * truth[:, 2] / away_m, atol=1e-12)
    behind = out[projection.PAIRS_AT : projection.UPS_AT]
    np.testing.assert_allclose(behind, truth[[1, 3], 0] - truth[[0, 2], 0], atol=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_joints_and_coordinates_are_one_posture(seed: int) -> None:
    pose = random_pose(seed)
    linear = JOINT_MAP @ joints_of(pose)
    np.testing.assert_allclose(linear[:19], pose[:19], atol=1e-12)
    np.testing.assert_array_equal(COORDINATE_MAP[:, :19], JOINT_MAP)


def test_from_the_front_hips_show_a_part_of_an_obliquity_and_from_the_side_all_of_it() -> None:
    joints = np.zeros(projection.JOINT_COUNT)
    joints[1] = 0.2
    for yaw, share in ((0.0, 0.55), (np.pi / 2, 1.0)):
        rows = rows_of(joints)
        rows[0, projection.YAW], rows[0, projection.HIP_GAIN] = yaw, 0.55
        image = projection.seen(rows, BODY_M, 3.0)[0, : projection.PAIRS_AT].reshape(-1, 2)
        risen = (image[3, 1] - image[2, 1]) / 2
        assert risen == pytest.approx(share * BODY_M[4] * np.sin(0.2), rel=0.05)


def test_a_camera_that_looks_down_sees_what_is_far_higher_up() -> None:
    rows = rows_of(np.zeros(projection.JOINT_COUNT))
    rows[0, 2] = 0.5
    level = projection.seen(rows, BODY_M, 3.0)[0]
    rows[0, projection.PITCH] = 0.2
    down = projection.seen(rows, BODY_M, 3.0)[0]
    # Turned to the left, the left shoulder is the far one.
    assert level[projection.PAIRS_AT] > 0
    assert (down[1] - down[3]) > (level[1] - level[3]) + 0.01


def test_differences_are_exact_for_the_mean_of_a_square() -> None:
    """Foreshortening: no slope at neutral, but a mean and a spread."""
    sd = 0.3
    root = np.eye(projection.JOINT_COUNT) * 1e-9
    root[9, 9] = sd
    here, slopes, bends = projection.differences(
        np.zeros(projection.JOINT_COUNT),
        np.zeros(projection.JOINT_COUNT),
        root,
        BODY_M,
        1.0,
        projection.UPRIGHT,
    )
    knee_height = projection.HEIGHTS_AT + 4
    assert abs(slopes[:, knee_height]).max() < 1e-9
    drawn = np.random.default_rng(0).normal(0.0, sd, 200_000)
    heights = -BODY_M[5] * np.cos(drawn)
    mean = here[knee_height] + bends[:, knee_height].sum()
    assert mean == pytest.approx(heights.mean(), abs=2e-4)
    spread = np.sqrt(2.0 * (bends[:, knee_height] ** 2).sum())
    assert spread == pytest.approx(heights.std(), rel=0.1)


def test_differences_are_those_of_every_pose_seen_by_itself() -> None:
    """Turns that a column of the root does not touch are kept from pose to pose within."""
    rng = np.random.default_rng(3)
    start, inputs = rng.normal(0.0, 0.3, projection.JOINT_COUNT), rows_of(np.zeros(19))[0]
    root = np.tril(rng.normal(0.0, 0.05, (projection.INPUTS, projection.INPUTS)))
    up = np.array([0.0, 0.6, 0.8])
    here, slopes, bends = projection.differences(start, inputs, root, BODY_M, 3.0, up)
    row = inputs.copy()
    row[: projection.JOINT_COUNT] += start

    def seen(of: np.ndarray) -> np.ndarray:
        return projection.seen(of[None], BODY_M, 3.0, up)[0]

    np.testing.assert_array_equal(here, seen(row))
    for i, column in enumerate(np.sqrt(3.0) * root.T):
        ahead, behind = seen(row + column), seen(row - column)
        np.testing.assert_allclose(slopes[i], (ahead - behind) / np.sqrt(12.0), atol=1e-12)
        np.testing.assert_allclose(bends[i], (ahead + behind - 2 * here) / 6.0, atol=1e-12)


def test_far_away_and_large_looks_like_near_and_small_along_a_straight_line() -> None:
    """The scale that one camera cannot see: every image point and depth stays when distance and all
    lengths grow by the same logarithm, mid-hip where it is in the image."""
    row = rows_of(np.linspace(-0.6, 0.7, projection.JOINT_COUNT))
    row[0, projection.ROOT : projection.ROOT + 3] = 0.2, -0.1, log(2.5)
    row[0, projection.HIP_GAIN] = 0.6
    lengths = slice(projection.LENGTHS, projection.LENGTHS + projection.LENGTH_COUNT)
    near = projection.seen(row, BODY_M, 2.5)[0]
    for grown in (-0.4, 0.3, 1.0):
        far = row.copy()
        far[0, lengths] += grown
        far[0, projection.ROOT + 2] += grown
        seen = projection.seen(far, BODY_M, 2.5)[0]
        image = slice(0, projection.PAIRS_AT)
        np.testing.assert_allclose(seen[image], near[image], atol=1e-12)
        depths = slice(projection.PAIRS_AT, projection.UPS_AT)
        np.testing.assert_allclose(seen[depths], np.exp(grown) * near[depths], atol=1e-12)
