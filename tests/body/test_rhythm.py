"""The pelvis of one who lies goes with the legs, by a share of their own."""

import numpy as np
import pytest
from msgspec.structs import replace
from stick_figure import camera

from lengthwise.body import estimator
from lengthwise.body.kinematic_chain import JOINT
from lengthwise.body.process import joint_covariance
from lengthwise.body.rhythm import pelvis_followed
from lengthwise.body.session_state import marked
from lengthwise.body.trail import Sheared
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import ANATOMICAL, INDEX, Coordinate, Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import PersonSignal, Posture, SignalKind, View
from lengthwise.reference.constants import constant
from lengthwise.reference.postures import posture_mean_rad

TILT, LUMBAR = JOINT["pelvis_tilt"], JOINT["lumbar_flexion"]
HIP, OTHER_HIP = JOINT["hip_flexion_l"], JOINT["hip_flexion_r"]
JOINTS = len(JOINT)
SHARE_SD = constant("body", "pelvis_per_leg_raise_lying_sd")


def params(posture: Posture) -> estimator.Params:
    return estimator.Params((camera(View.LEFT),), posture, posture_mean_rad(posture))


LYING = params(Posture.SUPINE)
OWN = LYING.model.layout.rhythm


def bent(state: estimator.State, hip_rad: float) -> estimator.State:
    """The state with the mean of a hip there, and the pelvis gone with it."""
    mean = state.mean.copy()
    mean[HIP] = hip_rad
    return pelvis_followed(LYING, replace(state, mean=frozen_array(mean)), joints=np.eye(JOINTS))


def started() -> estimator.State:
    begun = estimator.start(LYING)
    return bent(replace(begun, trail=(), zero=replace(begun.zero, done=True)), 0.0)


def test_only_who_lies_has_a_share_of_their_own() -> None:
    assert OWN is not None and params(Posture.PRONE).model.layout.rhythm is not None
    standing = params(Posture.STANDING)
    assert standing.model.layout.rhythm is None
    state = estimator.start(standing)
    assert pelvis_followed(standing, state, joints=np.eye(JOINTS)) is state


def test_the_covariance_is_that_of_the_whole_transition() -> None:
    assert OWN is not None
    before = started()
    after = bent(before, 0.8)
    move = np.eye(len(before.mean))
    move[[TILT, HIP, OTHER_HIP], OWN], move[LUMBAR, OWN] = -0.8 * SHARE_SD, 0.8 * SHARE_SD
    np.testing.assert_allclose(after.covariance, move @ before.covariance @ move.T, atol=1e-12)
    np.testing.assert_array_equal(after.covariance, after.covariance.T)
    assert after.trail is not None and isinstance(after.trail[-1], Sheared)


def test_a_leg_that_was_raised_and_lowered_leaves_nothing_behind() -> None:
    before = started()
    after = bent(bent(before, 1.1), 0.0)
    np.testing.assert_allclose(after.mean, before.mean, atol=1e-15)
    np.testing.assert_allclose(after.covariance, before.covariance, atol=1e-12)


def test_between_near_positions_of_the_leg_the_doubt_cancels() -> None:
    """Of the tilt of the pelvis now less that at a mark, through the lumbar spine that takes it up:
    the share's sd times the way between both, however far the leg is up."""
    state = bent(started(), 0.9)
    signal = PersonSignal(1.0, SignalKind.FIRST_RESISTANCE, ((MuscleGroup.HAMSTRINGS, Side.LEFT),))
    state = marked(state, signal)
    held = state.covariance[LUMBAR, LUMBAR]
    state = bent(state, 1.1)
    (mark,) = state.marks
    at = ANATOMICAL.index(Coordinate.LUMBAR_FLEXION)
    now = state.covariance[LUMBAR, LUMBAR]
    variance = now + mark.pose.covariance[at, at] - 2.0 * mark.pose.shared[LUMBAR, at]
    slow = INDEX[Coordinate.LUMBAR_FLEXION]
    assert slow == LUMBAR and held < now
    # The slow part of the lumbar spine is in the mark and not among the joints.
    slow_rad2 = mark.pose.covariance[at, at] - held
    assert variance - slow_rad2 == pytest.approx((0.2 * SHARE_SD) ** 2, rel=1e-6)


def test_the_pelvis_stays_as_far_gone_while_the_leg_is_held() -> None:
    """What the joints do of their own is forgotten; a share of one's own is there all along."""
    assert OWN is not None
    state = started()
    mean = np.zeros(len(state.mean))
    mean[OWN] = 1.0
    state = replace(state, mean=frozen_array(mean))
    half = 0.5 * np.eye(JOINTS)
    for _ in range(20):
        mean = state.mean.copy()
        mean[:JOINTS] = half @ mean[:JOINTS]
        mean[HIP] = 1.0 - mean[OTHER_HIP] + 2.0 * mean[TILT]
        state = pelvis_followed(LYING, replace(state, mean=frozen_array(mean)), joints=half)
        assert state.mean[TILT] == pytest.approx(-SHARE_SD)
        assert state.mean[LUMBAR] == pytest.approx(SHARE_SD)


def test_who_still_stands_has_not_raised_a_leg() -> None:
    """Against lying, both thighs of someone upright point through the floor."""
    state = started()
    mean = state.mean.copy()
    mean[TILT] = 0.5 * np.pi
    up = pelvis_followed(LYING, replace(state, mean=frozen_array(mean)), joints=np.eye(JOINTS))
    np.testing.assert_array_equal(up.covariance, state.covariance)


def test_thighs_stay_on_the_floor_while_the_pelvis_tilts() -> None:
    """tilt - hip, a thigh's inclination, varies by how far thighs rise alone."""
    covariance = joint_covariance(Posture.SUPINE)
    tilted = joint_covariance(Posture.SUPINE, pelvis_kept=True)
    thigh = np.zeros(JOINTS)
    thigh[TILT], thigh[HIP] = 1.0, -1.0
    risen_rad2 = np.radians(constant("body", "hip_flexion_sd_deg")) ** 2
    assert thigh @ covariance @ thigh == pytest.approx(risen_rad2)
    assert thigh @ tilted @ thigh == pytest.approx(risen_rad2)
    assert tilted[TILT, TILT] < covariance[TILT, TILT]


def test_of_a_leg_raised_by_sixty_degrees_ten_are_the_pelvis() -> None:
    """A sixth, where the other leg stays on the floor."""
    covariance = joint_covariance(Posture.SUPINE)
    thighs = np.zeros((2, JOINTS))
    thighs[:, TILT] = 1.0
    thighs[0, HIP] = thighs[1, OTHER_HIP] = -1.0
    seen = thighs @ covariance @ thighs.T
    expected = covariance @ thighs.T @ np.linalg.solve(seen, np.radians([-60.0, 0.0]))
    assert np.degrees(expected[TILT]) == pytest.approx(-10.0, abs=0.1)
    assert np.degrees(expected[HIP]) == pytest.approx(50.0, abs=0.1)
    assert np.degrees(expected[OTHER_HIP]) == pytest.approx(-10.0, abs=0.1)
