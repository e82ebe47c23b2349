"""Whom the estimate follows: one person, found again elsewhere and after a pause."""

from math import degrees, sqrt

import pytest
from gated import FPS_HZ, KNEE, SIDE, bent, run
from stick_figure import frame, side_figure

from lengthwise.contracts.coordinates import INDEX
from lengthwise.contracts.observation import (
    RejectionReason,
    Tick,
    View,
)
from lengthwise.contracts.states import Unseen


def test_another_person_is_not_followed_and_the_first_is_found_again() -> None:
    """One second of somebody a metre away with straight knees changes nothing."""
    other = [
        frame(1.0 + k / FPS_HZ, side_figure(), View.LEFT, shift_px=(-320.0, 0.0)) for k in range(24)
    ]
    body, counted = run(SIDE, [*bent(30), *other, *bent(15, from_s=1.8)])
    assert counted == {RejectionReason.JUMP: 1, RejectionReason.SECOND_PERSON: 23}
    assert degrees(body[-1].mean_rad[INDEX[KNEE]]) == pytest.approx(40, abs=2)
    assert degrees(min(b.mean_rad[INDEX[KNEE]] for b in body[30:])) > 30


def test_a_larger_person_at_the_same_place_is_another_one() -> None:
    larger = [frame(1.0 + k / FPS_HZ, side_figure(), View.LEFT, size=1.4) for k in range(10)]
    _, counted = run(SIDE, [*bent(30), *larger])
    assert counted == {RejectionReason.JUMP: 1, RejectionReason.SECOND_PERSON: 9}


def test_a_person_who_has_moved_away_is_followed_again_in_bounded_time() -> None:
    away = [
        frame(1.0 + k / FPS_HZ, side_figure(knee_deg=(10, 10)), View.LEFT, shift_px=(-320.0, 0.0))
        for k in range(60)
    ]
    body, counted = run(SIDE, [*bent(30), *away])
    assert 25 <= counted[RejectionReason.SECOND_PERSON] <= 31
    assert degrees(body[-1].mean_rad[INDEX[KNEE]]) == pytest.approx(10, abs=4)
    assert body[-1].unseen[INDEX[KNEE]] is Unseen.UNCERTAIN


def test_walking_across_the_image_is_no_second_person() -> None:
    walking = [
        frame(k / FPS_HZ, side_figure(), View.LEFT, shift_px=(-5.0 * k, 0.0)) for k in range(90)
    ]
    assert not run(SIDE, [*walking])[1]


def test_a_first_frame_on_something_else_does_not_hold_on_to_it() -> None:
    """Models often begin on a shape in the background; the person is taken soon after."""
    ghost = frame(0.0, side_figure(), View.LEFT, shift_px=(300.0, 200.0), size=1.8)
    body, counted = run(SIDE, [ghost, *bent(30, from_s=1 / FPS_HZ)])
    assert counted[RejectionReason.SECOND_PERSON] <= 8
    assert degrees(body[-1].mean_rad[INDEX[KNEE]]) == pytest.approx(40, abs=2)


def test_nobody_gets_elsewhere_between_two_frames() -> None:
    """Someone else for three seconds; the first one is followed again at once."""
    long = bent(150)
    other = [
        frame(5.0 + k / FPS_HZ, side_figure(), View.LEFT, shift_px=(-320.0, 0.0)) for k in range(90)
    ]
    body, counted = run(SIDE, [*long, *other, *bent(15, from_s=8.0)])
    assert counted == {RejectionReason.JUMP: 1, RejectionReason.SECOND_PERSON: 89}
    knee_deg = [degrees(b.mean_rad[INDEX[KNEE]]) for b in body]
    assert knee_deg[-1] == pytest.approx(knee_deg[149], abs=1)


def test_nobody_walks_a_metre_in_a_third_of_a_second() -> None:
    """Ten frames are lost, then somebody a metre aside is seen for two seconds."""
    long = bent(150)
    other = [
        frame(5.33 + k / FPS_HZ, side_figure(), View.LEFT, shift_px=(-320.0, 0.0))
        for k in range(60)
    ]
    body, counted = run(SIDE, [*long, *other, *bent(15, from_s=7.4)])
    assert counted == {
        RejectionReason.LOST: 2,
        RejectionReason.JUMP: 1,
        RejectionReason.SECOND_PERSON: 59,
    }
    knee_deg = [degrees(b.mean_rad[INDEX[KNEE]]) for b in body]
    assert knee_deg[-1] == pytest.approx(knee_deg[149], abs=1)


def test_after_a_pause_the_person_may_be_elsewhere() -> None:
    away = [
        frame(6.0 + k / FPS_HZ, side_figure(), View.LEFT, shift_px=(-320.0, 0.0)) for k in range(60)
    ]
    _, counted = run(SIDE, [*bent(150), *away])
    assert counted == {
        RejectionReason.LOST: 1,
        RejectionReason.JUMP: 1,
        RejectionReason.SECOND_PERSON: 20,
    }


def test_who_comes_back_somewhat_lower_after_another_was_seen_is_followed_within_a_second() -> None:
    """Two seconds of another, meanwhile the person goes down by a third of a metre."""
    other = [
        frame(5.0 + k / FPS_HZ, side_figure(), View.LEFT, shift_px=(-320.0, 0.0)) for k in range(60)
    ]
    figure = side_figure(knee_deg=(40.0, 40.0))
    lower = [frame(7.0 + k / FPS_HZ, figure, View.LEFT, shift_px=(0.0, 105.0)) for k in range(45)]
    body, counted = run(SIDE, [*bent(150), *other, *lower])
    assert counted[RejectionReason.SECOND_PERSON] + counted[RejectionReason.JUMP] < 60 + 25
    assert body[-1].unseen[INDEX[KNEE]] is not Unseen.STALE


def after_a_pause(knee_deg: float) -> tuple[float, float]:
    """Mean and sd of the knee, degrees, half a second after a pause of 1.5 s that followed a hold
    at 40 degrees."""
    ticks = [Tick(5.0 + 0.05 * k) for k in range(30)]
    body, _ = run(SIDE, [*bent(150), *ticks, *bent(15, from_s=6.5, knee_deg=knee_deg)])
    at = INDEX[KNEE]
    assert body[-16].unseen[at] is Unseen.STALE
    return degrees(body[-1].mean_rad[at]), degrees(sqrt(body[-1].covariance_rad2[at, at]))


def test_a_pose_held_through_a_pause_is_known_soon_after_as_it_was_before() -> None:
    before, _ = run(SIDE, bent(150))
    at = INDEX[KNEE]
    mean_deg, sd_deg = after_a_pause(40.0)
    assert mean_deg == pytest.approx(degrees(before[-1].mean_rad[at]), abs=0.5)
    assert 1.0 <= sd_deg / degrees(sqrt(before[-1].covariance_rad2[at, at])) < 1.12


def test_a_pose_that_changed_in_a_pause_is_read_anew_and_less_surely() -> None:
    held, changed = after_a_pause(40.0), after_a_pause(75.0)
    assert changed[0] - held[0] == pytest.approx(35.0, abs=4.0)
    assert changed[1] > 1.15 * held[1]
