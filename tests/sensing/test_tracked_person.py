"""One person is followed, however many poses the model reports."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.contracts.observation import LANDMARK_INDEX
from lengthwise.sensing import tracked_person
from lengthwise.sensing.tracked_person import ESTABLISHED_S, FORGET_S, Choice, Tracks

HEIGHTS = {"shoulder": 0.2, "elbow": 0.4, "wrist": 0.55, "hip": 0.55, "knee": 0.78, "ankle": 1.0}
RATE_HZ = 30


def person(x_px: float, y_px: float = 100.0, *, height_px: float = 400.0) -> np.ndarray:
    """An upright pose (33, 2) with its middle at x and its head at y."""
    pose = np.full((33, 2), (x_px, y_px), dtype="f8")
    for part, share in HEIGHTS.items():
        for side, sign in (("left", 1), ("right", -1)):
            offset = (sign * 0.1 * height_px, share * height_px)
            pose[LANDMARK_INDEX[f"{side}_{part}"]] += offset
    return pose


def run(images: list[list[np.ndarray]], *, rate_hz: float = RATE_HZ) -> list[Choice]:
    state, choices = Tracks(), []
    for i, poses in enumerate(images):
        state, choice = tracked_person.step(state, poses, i / rate_hz)
        choices.append(choice)
    return choices


@given(st.integers(1, 60), st.floats(5, 60))
def test_one_person_alone_is_always_the_one(count: int, rate_hz: float) -> None:
    choices = run([[person(500 + i)] for i in range(count)], rate_hz=rate_hz)
    assert choices == [Choice(0, 1)] * count


@given(st.lists(st.booleans(), min_size=5, max_size=80))
def test_the_order_in_which_poses_are_reported_does_not_matter(swapped: list[bool]) -> None:
    images, wanted = [[person(300)]], [0]
    for i, swap in enumerate(swapped):
        both = [person(300 + 2 * i), person(1200 - 2 * i, height_px=500)]
        images.append(both[::-1] if swap else both)
        wanted.append(1 if swap else 0)
    assert [c.pose for c in run(images)] == wanted


def test_someone_else_counts_only_after_a_while() -> None:
    images = [[person(300)]] + [[person(300), person(1200)] for _ in range(60)]
    counts = [c.person_count for c in run(images)]
    assert counts[1] == 1 and counts[-1] == 2
    assert counts.index(2) == pytest.approx(1 + ESTABLISHED_S * RATE_HZ, abs=1)


def test_a_ghost_of_some_frames_is_never_counted() -> None:
    images = [[person(300)] + ([person(900)] if 20 <= i < 30 else []) for i in range(90)]
    assert {c.person_count for c in run(images)} == {1}


@given(st.floats(-30, 30), st.floats(-30, 30))
def test_the_same_person_reported_twice_is_one(dx: float, dy: float) -> None:
    images = [[person(300), person(300 + dx, 100 + dy)] for _ in range(60)]
    choices = run(images)
    assert {c.person_count for c in choices} == {1}
    assert {c.pose for c in choices} <= {0, 1}


def test_another_person_is_not_taken_while_the_followed_one_is_briefly_out_of_sight() -> None:
    both = [person(300), person(1200)]
    images = [both] * 40 + [[person(1200)]] * 15 + [both] * 5
    choices = run(images)
    assert choices[39] == Choice(0, 2)
    assert set(choices[40:55]) == {Choice(None, 1)}
    assert choices[-1] == Choice(0, 2)


def test_the_one_who_stays_is_followed_once_the_other_has_left() -> None:
    images = [[person(300)]] * 20 + [[person(300), person(1200)]] * 40 + [[person(1200)]] * 60
    choices = run(images)
    assert choices[59].pose == 0
    assert choices[60].pose is None
    first = next(i for i, c in enumerate(choices[60:]) if c.pose == 0)
    assert first == pytest.approx(FORGET_S * RATE_HZ, abs=2)


def test_of_two_at_once_the_taller_in_the_image_is_followed() -> None:
    images = [[person(300, height_px=300), person(1200, height_px=500)]] * 5
    assert [c.pose for c in run(images)] == [1] * 5


def test_a_person_who_moves_fast_stays_the_same() -> None:
    """A jump from a wall: half a body height in a third of a second, someone else standing by."""
    images = [[person(300 + 25 * i, 100 + 18 * i), person(1400)] for i in range(30)]
    images = [[person(300)]] * 20 + images
    assert {c.pose for c in run(images)} == {0}
