"""The smoother against exact answers on linear sessions, and its laws on the real filter."""

from dataclasses import replace as replace_fields

import numpy as np
import pytest
from linear_session import CHANCES, CONSIDERED, SIZE, came_about, drawn, filtered, plan, posterior
from msgspec.structs import replace
from stick_figure import camera, frame, side_figure
from test_estimator_laws import PELVIS, THIGH, mixed_session, params, run, sd_rad

from lengthwise.body import estimator
from lengthwise.body.smoother import Moment, Waiting, moment, smoothed, take
from lengthwise.contracts.codec import encode, frozen_array
from lengthwise.contracts.coordinates import INDEX, Coordinate
from lengthwise.contracts.observation import Observation, Tick, View
from lengthwise.contracts.states import BodyState

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
    """Errors are linear in what happens by chance: one person for each of it says all of them."""
    what = plan(3, begins_anew=True)
    errors = []
    for chances in np.eye(CHANCES):
        truth = came_about(what, chances)
        found = smoothed(filtered(what, truth.readings, considered=CONSIDERED))
        errors.append(np.array([s.mean_rad for s in found]) - truth.states)
    for k, state in enumerate(found):
        by_chance = np.array(errors)[:, k]
        np.testing.assert_allclose(by_chance.T @ by_chance, state.covariance_rad2, atol=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_with_considered_variables_it_lies_between_the_filter_and_the_posterior(seed: int) -> None:
    """In every direction, not only along the variables."""
    what = plan(seed)
    readings = drawn(what, seed).readings
    live = filtered(what, readings, considered=CONSIDERED)
    best = posterior(what, readings)[1]
    for k, (state, told) in enumerate(zip(smoothed(live), live, strict=True)):
        gained = np.linalg.eigvalsh(told.body.covariance_rad2 - state.covariance_rad2)
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
    for state, told in zip(smoothed(live)[5:], live[5:], strict=True):
        np.testing.assert_array_equal(state.mean_rad, told.body.mean_rad)
        np.testing.assert_array_equal(state.covariance_rad2, told.body.covariance_rad2)


def test_what_was_begun_anew_is_told_nothing_of_before_by_what_came_after() -> None:
    """Apart from what other variables carry across."""
    what = plan(4, begins_anew=True)
    alone = np.zeros_like(what.slopes)
    alone[7:, :, 3] = what.slopes[7:, :, 3]
    what = replace_fields(what, first=np.eye(SIZE), slopes=alone)
    live = filtered(what, drawn(what, 4).readings, considered=None)
    for state, told in zip(smoothed(live)[:8], live[:8], strict=True):
        np.testing.assert_array_equal(state.mean_rad, told.body.mean_rad)


def test_twice_the_same_byte_for_byte() -> None:
    what = plan(5)
    live = filtered(what, drawn(what, 5).readings, considered=CONSIDERED)
    assert encode(smoothed(live)) == encode(smoothed(live))


# --- the real filter ---------------------------------------------------------------------------


PARAMS = params(camera(View.LEFT), PELVIS, THIGH, zero_s=(0.0, 0.4))


def looked_back(
    observations: list[Observation], given: estimator.Params = PARAMS, *, knees_limit: bool = True
) -> tuple[list[BodyState], list[BodyState], int]:
    """The estimate live and afterwards, and how many moments waited at most; as the filter has it
    where what knees can be is left out."""
    state, most = replace(estimator.start(given), trail=()), 0
    waiting: Waiting = ()
    live: list[BodyState] = []
    found: list[BodyState] = []
    for observation in observations:
        state, out = estimator.step(given, state, observation)
        if out.state is not None:
            now = moment(given, state, out.state)
            now = now if knees_limit else _with_knees_that_go_anywhere(now)
            live.append(now.body)
            waiting, ready = take(waiting, now)
            most = max(most, len(waiting))
            found += ready
            state = replace(state, trail=())
    return live, found + smoothed(waiting), most


def _with_knees_that_go_anywhere(now: Moment) -> Moment:
    own = replace(now.own, shown=np.zeros_like(now.own.shown))
    mean_rad, covariance_rad2 = frozen_array(own.mean_rad), frozen_array(own.covariance_rad2)
    body = replace(now.body, mean_rad=mean_rad, covariance_rad2=covariance_rad2)
    return replace(now, body=body, own=own)


def test_a_trail_changes_nothing_of_what_is_told_live() -> None:
    observations = mixed_session(0)
    plain = run(PARAMS, observations)[1]
    assert encode(looked_back(observations)[0]) == encode(plain)


def test_afterwards_nothing_is_known_less_surely_and_the_same_is_claimed() -> None:
    live, after, _ = looked_back(mixed_session(1), knees_limit=False)
    assert len(after) == len(live)
    for before, now in zip(live, after, strict=True):
        gained = np.linalg.eigvalsh(before.covariance_rad2 - now.covariance_rad2)
        assert gained.min() > -1e-10
        assert np.linalg.eigvalsh(now.covariance_rad2).min() > -1e-10
        assert (now.t_s, now.unseen, now.quality) == (before.t_s, before.unseen, before.quality)
    middle = len(live) // 2
    assert (sd_rad(after[middle]) < sd_rad(live[middle])).all()
    assert encode(after[-1].mean_rad) == encode(live[-1].mean_rad)


def test_afterwards_too_a_knee_is_told_as_far_as_knees_go() -> None:
    """A leg that is read ten degrees past straight, in both directions of time."""
    seen: list[Observation] = [
        frame(k / 30, side_figure(knee_deg=(-10, 0)), View.LEFT) for k in range(120)
    ]
    _, after, _ = looked_back(seen, params(camera(View.LEFT)))
    _, free, _ = looked_back(seen, params(camera(View.LEFT)), knees_limit=False)
    knee = INDEX[Coordinate.KNEE_FLEXION_L]
    for now, own in zip(after[60:], free[60:], strict=True):
        assert own.mean_rad[knee] < np.radians(-4.0) < now.mean_rad[knee]
        assert np.linalg.eigvalsh(own.covariance_rad2 - now.covariance_rad2).min() > -1e-10


def test_afterwards_twice_the_same_byte_for_byte() -> None:
    assert encode(looked_back(mixed_session(2))[1]) == encode(looked_back(mixed_session(2))[1])


def test_few_moments_wait_however_long_a_session_is() -> None:
    """Ticks alone, twenty a second: look-ahead and block of 0.4 s hold nine."""
    ticks: list[Observation] = [Tick(k / 20.0) for k in range(400)]
    live, after, most = looked_back(ticks)
    assert len(after) == len(live) == 400
    assert [state.t_s for state in after] == [k / 20.0 for k in range(400)]
    assert 6 <= most <= 9


def leg_error_rad(seconds: float) -> tuple[np.ndarray, np.ndarray]:
    """(frames, 2) errors of hip and knee, live and afterwards, from 1.5 s on.

    Standing, then a hip bends by 50 and its knee by 60 degrees in so many seconds, and back.
    """
    rng = np.random.default_rng(4)
    t_s = np.arange(int(30 * (2.5 + 2.0 * seconds))) / 30.0
    phase = np.clip((t_s - 1.5) / seconds, 0.0, 2.0)
    share = 0.5 - 0.5 * np.cos(np.pi * phase)
    seen: list[Observation] = [
        frame(
            t,
            side_figure(hip_deg=(50 * now, 0), knee_deg=(60 * now, 0)),
            View.LEFT,
            noise_px=rng.normal(0.0, 1.5, (33, 2)),
        )
        for t, now in zip(t_s.tolist(), share.tolist(), strict=True)
    ]
    live, after, _ = looked_back(seen, params(camera(View.LEFT), zero_s=(0.0, 1.4)))
    at = [INDEX[Coordinate.HIP_FLEXION_L], INDEX[Coordinate.KNEE_FLEXION_L]]
    truth = np.radians(np.outer(share, (50.0, 60.0)))
    errors = [np.array([s.mean_rad[at] for s in states]) - truth for states in (live, after)]
    return errors[0][46:], errors[1][46:]


def test_a_knee_at_the_pace_of_a_stretch_is_nearer_to_the_truth_afterwards() -> None:
    live, after = leg_error_rad(2.0)
    assert np.sqrt(np.mean(after[:, 1] ** 2)) < 0.95 * np.sqrt(np.mean(live[:, 1] ** 2))


def test_the_turning_point_of_a_movement_of_a_second_is_hardly_rounded_off() -> None:
    """By 1.5 degrees at most; one of half a second loses 5 (docs/decisions/0013)."""
    live, after = leg_error_rad(1.0)
    turn = slice(25, 35)
    assert (after[turn].mean(axis=0) - live[turn].mean(axis=0) > np.radians(-1.5)).all()
