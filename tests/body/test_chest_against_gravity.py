"""Trunk flexion and side lean are those of the chest itself, however pelvis and spine make it."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from lengthwise.body import projection
from lengthwise.body.kinematic_chain import TRUNK_PARTS, joints_of, trunk_slope
from lengthwise.contracts.coordinates import (
    INDEX,
    TRUNK,
    Coordinate,
    chest_against_gravity,
    chest_up,
)


def pose(seed: int) -> np.ndarray:
    out = np.random.default_rng(seed).normal(0.0, 0.35, 21)
    out[TRUNK] = chest_against_gravity(out)
    return out


@pytest.mark.parametrize("seed", range(20))
def test_it_is_the_side_lean_of_the_whole_turn_of_the_chest(seed: int) -> None:
    q = pose(seed)
    tilt, obliquity, rotation = q[:3]
    flexion, bend, turn = q[INDEX[Coordinate.THORAX_FLEXION] :][:3]
    pelvis = Rotation.from_euler("ZXY", [rotation, -obliquity, tilt])
    chest = pelvis * Rotation.from_euler("YXZ", [flexion, bend, turn])
    _, lean, forward = chest.as_euler("ZXY")
    assert chest_against_gravity(q) == pytest.approx((forward, lean))


@pytest.mark.parametrize("seed", range(5))
def test_the_projection_has_the_same_up_in_the_chest(seed: int) -> None:
    row = np.zeros((1, projection.INPUTS))
    row[0, : projection.JOINT_COUNT] = joints_of(pose(seed))
    ups = projection.seen(row, np.ones(10), 1.0)[0, projection.UPS_AT : projection.PLACES_AT]
    assert ups[6:9] == pytest.approx(chest_up(pose(seed)))


@pytest.mark.parametrize("seed", range(10))
def test_slopes_are_those_of_small_changes(seed: int) -> None:
    q, small = pose(seed), 1e-6
    for i, slope in zip(TRUNK_PARTS, trunk_slope(q).T, strict=True):
        change = np.zeros(21)
        change[i] = small
        ahead, behind = chest_against_gravity(q + change), chest_against_gravity(q - change)
        numeric = (np.array(ahead) - np.array(behind)) / (2 * small)
        np.testing.assert_allclose(slope, numeric, atol=1e-6)


def test_a_turn_of_a_bent_trunk_is_a_lean() -> None:
    bent = np.zeros(21)
    bent[INDEX[Coordinate.PELVIS_TILT]] = np.radians(90)
    bent[INDEX[Coordinate.THORAX_ROTATION]] = np.radians(30)
    _, lean = chest_against_gravity(bent)
    assert np.degrees(lean) == pytest.approx(30.0)


def test_lying_on_the_side_slopes_stay_finite() -> None:
    lying = np.zeros(21)
    lying[INDEX[Coordinate.PELVIS_OBLIQUITY]] = np.radians(-90)
    assert np.isfinite(trunk_slope(lying)).all()
    assert np.abs(trunk_slope(lying)).max() <= 10.0 + 1e-9
