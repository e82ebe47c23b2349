"""The pelvis of one who lies goes with the legs, by a share of their own."""

import numpy as np
import pytest
from msgspec.structs import replace
from stick_figure import camera

from lengthwise.body import estimator
from lengthwise.body.kinematic_chain import JOINT
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
HIP = JOINT["hip_flexion_l"]
SHARE_SD = constant("body", "pelvis_per_leg_raise_lying_sd")


def params(posture: Posture) -> estimator.Params:
    return estimator.Params((camera(View.LEFT),), posture, posture_mean_rad(posture))


LYING = params(Posture.SUPINE)
OWN = LYING.model.layout.rhythm


def bent(state: estimator.State, hip_rad: float) -> estimator.State:
    """The state with the mean of a hip there, and the pelvis gone with it."""
    mean = state.mean.copy()
    mean[HIP] = hip_rad
    return pelvis_followed(LYING, replace(state, mean=frozen_array(mean)))


def started() -> estimator.State:
    begun = estimator.start(LYING)
    return bent(replace(begun, trail=(), zero=replace(begun.zero, done=True)), 0.0)


def test_only_who_lies_has_a_share_of_their_own() -> None:
    assert OWN is not None and params(Posture.PRONE).model.layout.rhythm is not None
    standing = params(Posture.STANDING)
    assert standing.model.layout.rhythm is None
    state = estimator.start(standing)
    assert pelvis_followed(standing, state) is state


def test_the_covariance_is_that_of_the_whole_transition() -> None:
    assert OWN is not None
    before = started()
    after = bent(before, 0.8)
    move = np.eye(len(before.mean))
    move[TILT, OWN], move[LUMBAR, OWN] = -0.8 * SHARE_SD, 0.8 * SHARE_SD
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
