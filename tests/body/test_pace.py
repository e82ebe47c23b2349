"""Laws of how fast joints go on: what is seen to stand still stays, the rest goes on."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lengthwise.body.kinematic_chain import JOINT, JOINTS
from lengthwise.body.pace import (
    HIDDEN_RATIO,
    LONGEST_S,
    kept_at,
    pace,
    unpaid_s,
    unseen_share,
    whitened,
)
from lengthwise.body.process import joint_covariance, session_model
from lengthwise.contracts.observation import Posture
from lengthwise.reference.postures import posture_mean_rad

SIZE = len(JOINTS)
KNEE, HIP = JOINT["knee_flexion_l"], JOINT["hip_flexion_l"]
POSTURES = (Posture.STANDING, Posture.SITTING, Posture.HALF_KNEELING, Posture.SUPINE)


def tau_s(posture: Posture) -> np.ndarray:
    model = session_model((), posture, posture_mean_rad(posture)[:SIZE], body_m=np.ones(10))
    return model.tau_s[:SIZE]


def kept(
    posture: Posture, slope: np.ndarray, stirring: float, dt_s: float = 1.0 / 30.0
) -> tuple[np.ndarray, np.ndarray]:
    """What is kept of the joints, and their stationary covariance."""
    stationary = joint_covariance(posture)
    root, inverse = whitened(stationary)
    sds = np.full(len(slope), 0.02)
    going = pace(root, inverse, tau_s(posture), slope, sds, stirring, HIDDEN_RATIO)
    np.testing.assert_array_equal(going, going.T)
    return kept_at(going, root, inverse, dt_s), stationary


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    posture=st.sampled_from(POSTURES),
    stirring=st.floats(0.0, 1.0),
    dt_s=st.floats(0.0, LONGEST_S),
)
def test_whatever_is_seen_the_process_adds_no_negative_variance(
    seed: int, posture: Posture, stirring: float, dt_s: float
) -> None:
    """S - F S F' is a covariance, so S is what the process tends to."""
    rng = np.random.default_rng(seed)
    move, stationary = kept(posture, rng.normal(0.0, 0.5, (30, SIZE)), stirring, dt_s)
    scale = np.sqrt(stationary.diagonal())
    added = (stationary - move @ stationary @ move.T) / np.outer(scale, scale)
    assert np.linalg.eigvalsh(0.5 * (added + added.T)).min() > -1e-9


@pytest.mark.parametrize("posture", POSTURES)
def test_while_something_moves_joints_go_on_by_the_clock(posture: Posture) -> None:
    move, _ = kept(posture, np.random.default_rng(1).normal(size=(30, SIZE)), 1.0)
    np.testing.assert_allclose(move, np.diag(np.exp(-1.0 / 30.0 / tau_s(posture))), atol=1e-9)


@pytest.mark.parametrize("posture", POSTURES)
def test_joints_that_hang_together_have_one_time_constant(posture: Posture) -> None:
    """Otherwise the stationary covariance would not be that of the process."""
    together = np.abs(joint_covariance(posture)) > 1e-12
    times = np.broadcast_to(tau_s(posture), together.shape)
    assert (times == times.T)[together].all()


def test_what_is_seen_stays_and_what_could_move_unseen_goes_on_slower() -> None:
    slope = np.zeros((1, SIZE))
    slope[0, KNEE] = 0.42
    move, _ = kept(Posture.STANDING, slope, 0.0)
    by_clock = np.exp(-1.0 / 30.0 / tau_s(Posture.STANDING))
    assert 1.0 - move[KNEE, KNEE] < 0.02 * (1.0 - by_clock[KNEE])
    slower = (1.0 - move[HIP, HIP]) / (1.0 - by_clock[HIP])
    assert slower == pytest.approx(HIDDEN_RATIO, rel=0.05)


def test_of_two_joints_that_make_one_landmark_stay_only_their_difference_goes_on() -> None:
    """A knee that bends as the hip does keeps the ankle under the hip: nothing shows."""
    slope = np.zeros((1, SIZE))
    slope[0, KNEE], slope[0, HIP] = 0.42, -0.42
    move, stationary = kept(Posture.STANDING, slope, 0.0)
    shown = slope[0] / np.sqrt(slope[0] @ stationary @ slope[0])
    unseen = np.zeros(SIZE)
    unseen[[KNEE, HIP]] = 1.0
    unseen -= (unseen @ stationary @ shown) * shown
    unseen /= np.sqrt(unseen @ stationary @ unseen)
    lost = [1.0 - row @ move @ stationary @ row for row in (shown, unseen)]
    assert lost[0] < 0.05 * lost[1]


def test_two_short_times_are_one_long_one() -> None:
    slope = np.random.default_rng(3).normal(0.0, 0.3, (12, SIZE))
    once, _ = kept(Posture.SUPINE, slope, 0.4, 0.1)
    twice, _ = kept(Posture.SUPINE, slope, 0.4, 0.2)
    np.testing.assert_allclose(once @ once, twice, atol=2e-5)


def test_who_is_not_seen_holds_still_for_a_while_and_then_goes_by_the_clock() -> None:
    times_s = np.linspace(0.0, 20.0, 400)
    shares = np.array([unseen_share(t) for t in times_s])
    assert (shares[times_s <= LONGEST_S] == 0.0).all()
    assert (np.diff(shares) >= 0.0).all()
    assert shares[-1] > 0.99
    # What is not given yet is what is left of the time: nobody is owed more than has passed.
    owed_s = np.array([unpaid_s(t) for t in times_s])
    passed_s = np.maximum(times_s - LONGEST_S, 0.0)
    given_s = np.concatenate(
        [[0.0], np.cumsum(np.diff(times_s) * 0.5 * (shares[1:] + shares[:-1]))]
    )
    np.testing.assert_allclose(owed_s + given_s, passed_s, atol=2e-3)
