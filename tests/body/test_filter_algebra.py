"""The filter's own matrix routines against numpy, and the laws of its update."""

import numpy as np
import pytest

from lengthwise.body import matrices
from lengthwise.body.fusion import Mark, Reading, update, weighed


def drawn(seed: int, n: int = 12, m: int = 5) -> tuple[np.ndarray, np.ndarray, Reading]:
    """Mean (n,), covariance (n, n) and m readings of a linear problem."""
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(n, n))
    slope = rng.normal(size=(m, n))
    noise = np.diag(rng.uniform(0.1, 1.0, m))
    return rng.normal(size=n), root @ root.T, Reading(rng.normal(size=m), slope, noise)


@pytest.mark.parametrize("seed", range(5))
def test_roots_solutions_and_products(seed: int) -> None:
    _, covariance, reading = drawn(seed)
    root = matrices.lower_root(covariance)
    np.testing.assert_allclose(root @ root.T, covariance, rtol=1e-9, atol=1e-9)
    right = np.random.default_rng(seed).normal(size=(12, 3))
    np.testing.assert_allclose(root @ matrices.solved_lower(root, right), right, atol=1e-9)
    np.testing.assert_allclose(root.T @ matrices.solved_upper(root, right), right, atol=1e-9)
    np.testing.assert_allclose(
        matrices.product(reading.slope, covariance), reading.slope @ covariance, atol=1e-9
    )


@pytest.mark.parametrize("n", [1, 2, 5, 8, 13])
@pytest.mark.parametrize("m", [1, 2, 3, 4, 7, 9])
def test_rows_taken_several_at_once_are_all_taken(n: int, m: int) -> None:
    rng = np.random.default_rng(10 * n + m)
    slope, root = rng.normal(size=(m, n)), np.tril(rng.normal(size=(m, m))) + 3.0 * np.eye(m)
    slope[:, rng.uniform(size=n) < 0.3] = 0.0
    half = rng.normal(size=(n, n))
    covariance, nothing = half @ half.T, np.zeros(n, dtype=bool)
    np.testing.assert_allclose(matrices.product(slope, covariance), slope @ covariance, atol=1e-12)
    np.testing.assert_allclose(
        matrices.lowered(covariance, slope, nothing), covariance - slope.T @ slope, atol=1e-12
    )
    np.testing.assert_allclose(
        matrices.carried(slope, covariance), slope @ covariance @ slope.T, atol=1e-11
    )
    np.testing.assert_allclose(root @ matrices.solved_lower(root, slope), slope, atol=1e-10)
    np.testing.assert_allclose(root.T @ matrices.solved_upper(root, slope), slope, atol=1e-10)


def test_a_singular_covariance_still_has_a_root() -> None:
    one = np.ones((4, 4))
    root = matrices.lower_root(one)
    np.testing.assert_allclose(root @ root.T, one, atol=1e-5)


@pytest.mark.parametrize("seed", range(5))
def test_without_considered_variables_it_is_the_kalman_update(seed: int) -> None:
    mean, covariance, reading = drawn(seed)
    after = update(mean, covariance, weighed(covariance, reading), considered=None)
    information = np.linalg.inv(covariance) + reading.slope.T @ np.linalg.solve(
        reading.noise, reading.slope
    )
    np.testing.assert_allclose(after.covariance, np.linalg.inv(information), atol=1e-7)
    np.testing.assert_array_equal(after.covariance, after.covariance.T)


@pytest.mark.parametrize("seed", range(5))
def test_considered_variables_stay_and_their_covariance_is_true(seed: int) -> None:
    """Against the covariance of the errors for the gain that was really used."""
    mean, covariance, reading = drawn(seed)
    considered = np.arange(12) >= 8
    after = update(mean, covariance, weighed(covariance, reading), considered=considered)
    np.testing.assert_array_equal(after.mean[considered], mean[considered])
    np.testing.assert_array_equal(after.covariance[8:, 8:], covariance[8:, 8:])
    spread = reading.slope @ covariance @ reading.slope.T + reading.noise
    gain = covariance @ reading.slope.T @ np.linalg.inv(spread)
    gain[considered] = 0.0
    left = np.eye(12) - gain @ reading.slope
    true = left @ covariance @ left.T + gain @ reading.noise @ gain.T
    np.testing.assert_allclose(after.covariance, true, atol=1e-8)


@pytest.mark.parametrize("seed", range(3))
def test_a_mark_keeps_the_true_covariance_of_a_difference(seed: int) -> None:
    """Augmented by hand: the marked copy is one more considered variable."""
    mean, covariance, reading = drawn(seed)
    pick = np.eye(12)[:3]
    mark = Mark(pick @ mean, pick @ covariance @ pick.T, covariance @ pick.T)
    considered = np.arange(12) >= 8
    kept = update(
        mean, covariance, weighed(covariance, reading), considered=considered, marks=(mark,)
    )
    whole = np.block([[covariance, covariance @ pick.T], [pick @ covariance, mark.covariance]])
    wide = Reading(reading.innovation, np.hstack([reading.slope, np.zeros((5, 3))]), reading.noise)
    both = update(
        np.concatenate([mean, mark.mean]),
        whole,
        weighed(whole, wide),
        considered=np.concatenate([considered, [True] * 3]),
    )
    np.testing.assert_allclose(kept.marks[0].shared, both.covariance[:12, 12:], atol=1e-8)
    np.testing.assert_array_equal(kept.marks[0].mean, mark.mean)
    np.testing.assert_allclose(kept.covariance, both.covariance[:12, :12], atol=1e-8)


def test_drift_keeps_a_stationary_covariance() -> None:
    _, stationary, _ = drawn(1)
    stationary[:5, 5:] = stationary[5:, :5] = 0.0
    joints = 0.1 * np.random.default_rng(1).normal(size=(5, 5)) + 0.7 * np.eye(5)
    out = matrices.drifted(stationary, joints, np.full(12, 0.8), stationary, np.zeros(12))
    np.testing.assert_allclose(out, stationary, atol=1e-12)


def test_drift_is_that_of_the_whole_transition() -> None:
    covariance, stationary = drawn(3)[1], drawn(2)[1]
    stationary[:5, 5:] = stationary[5:, :5] = 0.0
    rng = np.random.default_rng(2)
    joints, kept, gained = rng.normal(size=(5, 5)), rng.uniform(size=12), rng.uniform(size=12)
    kept[5:] = kept[5]
    whole = np.diag(kept)
    whole[:5, :5] = joints
    expected = whole @ (covariance - stationary) @ whole.T + stationary + np.diag(gained)
    out = matrices.drifted(covariance, joints, kept, stationary, gained)
    np.testing.assert_allclose(out, expected, atol=1e-12)
    np.testing.assert_array_equal(out, out.T)
