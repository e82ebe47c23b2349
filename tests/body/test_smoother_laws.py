"""The smoother against exact answers on linear sessions, and its laws on the real filter."""

import numpy as np
import pytest
from linear_session import CONSIDERED, SIZE, STEPS, drawn, filtered, plan, posterior

from lengthwise.body.smoother import smoothed
from lengthwise.contracts.codec import encode

SEEDS = range(6)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("begins_anew", [False, True])
def test_with_an_optimal_filter_it_is_the_exact_posterior(seed: int, begins_anew: bool) -> None:
    what = plan(seed, begins_anew=begins_anew)
    readings = drawn(what, seed).readings
    mean, covariance = posterior(what, readings)
    for k, state in enumerate(smoothed(filtered(what, readings, considered=None))):
        np.testing.assert_allclose(state.mean_rad, mean[k], atol=1e-9)
        np.testing.assert_allclose(state.covariance_rad2, covariance[k], atol=1e-9)


def test_with_considered_variables_the_stated_covariance_is_that_of_the_errors() -> None:
    """8000 people of one plan; a variance is then known to 1.6 % (sd), here allowed 7 %."""
    what, people = plan(3, begins_anew=True), 8000
    errors = np.empty((people, STEPS + 1, SIZE))
    for person in range(people):
        truth = drawn(what, person)
        found = smoothed(filtered(what, truth.readings, considered=CONSIDERED))
        errors[person] = np.array([s.mean_rad for s in found]) - truth.states
    for k, state in enumerate(found):
        sd = np.sqrt(state.covariance_rad2.diagonal())
        seen = errors[:, k].T @ errors[:, k] / people
        np.testing.assert_allclose(
            seen / np.outer(sd, sd), state.covariance_rad2 / np.outer(sd, sd), atol=0.07
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_with_considered_variables_it_lies_between_the_filter_and_the_posterior(seed: int) -> None:
    """In every direction, not only along the variables."""
    what = plan(seed)
    readings = drawn(what, seed).readings
    live = filtered(what, readings, considered=CONSIDERED)
    best = posterior(what, readings)[1]
    for k, (state, moment) in enumerate(zip(smoothed(live), live, strict=True)):
        gained = np.linalg.eigvalsh(moment.body.covariance_rad2 - state.covariance_rad2)
        assert gained.min() > -1e-9
        assert np.linalg.eigvalsh(state.covariance_rad2 - best[k]).min() > -1e-9


def test_the_last_moment_stays_as_it_was_told() -> None:
    what = plan(1)
    live = filtered(what, drawn(what, 1).readings, considered=CONSIDERED)
    last = smoothed(live)[-1]
    np.testing.assert_array_equal(last.mean_rad, live[-1].body.mean_rad)
    np.testing.assert_array_equal(last.covariance_rad2, live[-1].body.covariance_rad2)


def test_without_later_readings_nothing_is_changed() -> None:
    what = plan(2, blind=(5, 6, 7, 8, 9, 10, 11))
    live = filtered(what, drawn(what, 2).readings, considered=CONSIDERED)
    for state, moment in zip(smoothed(live)[5:], live[5:], strict=True):
        np.testing.assert_array_equal(state.mean_rad, moment.body.mean_rad)
        np.testing.assert_array_equal(state.covariance_rad2, moment.body.covariance_rad2)


def test_what_was_begun_anew_is_told_nothing_of_before_by_what_came_after() -> None:
    """Apart from what other variables carry across."""
    what = plan(4, begins_anew=True)
    alone = np.zeros_like(what.slopes)
    alone[7:, :, 1] = what.slopes[7:, :, 1]
    what = type(what)(np.eye(SIZE), what.stationary, what.gained, what.kept, alone, what.noises)
    live = filtered(what, drawn(what, 4).readings, considered=None)
    for state, moment in zip(smoothed(live)[:8], live[:8], strict=True):
        np.testing.assert_array_equal(state.mean_rad, moment.body.mean_rad)


def test_twice_the_same_byte_for_byte() -> None:
    what = plan(5)
    live = filtered(what, drawn(what, 5).readings, considered=CONSIDERED)
    assert encode(smoothed(live)) == encode(smoothed(live))
