"""Upright standing says where joints are, not how somebody will lie or kneel."""

import numpy as np
import pytest
from msgspec.structs import replace
from stick_figure import camera

from lengthwise.body import estimator
from lengthwise.body.kinematic_chain import BODY_SIZE, JOINTS, JOINTS_MAP
from lengthwise.body.session_state import marked
from lengthwise.body.zeroing import held_anew
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import PersonSignal, Posture, SignalKind, View
from lengthwise.reference.postures import posture_mean_rad

LYING = estimator.Params(
    (camera(View.LEFT),), Posture.SUPINE, posture_mean_rad(Posture.SUPINE), zero_s=(0.0, 3.0)
)
OWN = np.arange(len(JOINTS), BODY_SIZE)
REST = np.arange(BODY_SIZE, LYING.model.layout.size)


def standing(seed: int) -> estimator.State:
    """A state in which everything has been read together with everything."""
    state = estimator.start(LYING)
    rng = np.random.default_rng(seed)
    n = len(state.mean)
    drawn = rng.normal(size=(n, n)) * np.sqrt(np.diag(state.covariance))[:, None] / np.sqrt(n)
    mean = 0.1 * rng.normal(size=n)
    return replace(
        state, mean=frozen_array(mean), covariance=frozen_array(drawn @ drawn.T), trail=()
    )


@pytest.mark.parametrize("seed", range(3))
def test_what_was_read_of_the_pose_stays(seed: int) -> None:
    before = standing(seed)
    after = held_anew(LYING, before)
    joints = JOINTS_MAP
    np.testing.assert_allclose(
        joints @ after.mean[:BODY_SIZE], joints @ before.mean[:BODY_SIZE], atol=1e-12
    )
    was = joints @ before.covariance[:BODY_SIZE, :BODY_SIZE] @ joints.T
    now = joints @ after.covariance[:BODY_SIZE, :BODY_SIZE] @ joints.T
    np.testing.assert_allclose(now, was, atol=1e-12)
    np.testing.assert_allclose(
        joints @ after.covariance[:BODY_SIZE][:, REST],
        joints @ before.covariance[:BODY_SIZE][:, REST],
        atol=1e-12,
    )
    assert np.linalg.eigvalsh(after.covariance).min() > -1e-12


def test_how_the_start_posture_is_held_is_as_at_first() -> None:
    after = held_anew(LYING, standing(0))
    np.testing.assert_array_equal(after.mean[OWN], 0.0)
    np.testing.assert_allclose(
        after.covariance[np.ix_(OWN, OWN)], LYING.model.first[np.ix_(OWN, OWN)]
    )
    np.testing.assert_array_equal(after.covariance[np.ix_(OWN, REST)], 0.0)


def test_the_difference_from_a_mark_stays() -> None:
    """A pose that was marked in standing is as far away as before."""
    signal = PersonSignal(1.0, SignalKind.FIRST_RESISTANCE, ((MuscleGroup.PSOAS, Side.LEFT),))
    before = marked(standing(1), signal)
    after = held_anew(LYING, before)
    np.testing.assert_allclose(
        JOINTS_MAP @ after.marks[0].pose.shared[:BODY_SIZE],
        JOINTS_MAP @ before.marks[0].pose.shared[:BODY_SIZE],
        atol=1e-12,
    )
