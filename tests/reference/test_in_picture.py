"""What a camera has to see follows from the angles that an exercise must know."""

import pytest

from lengthwise.contracts.coordinates import Side
from lengthwise.reference.areas import about_s, area_of
from lengthwise.reference.exercises import Exercise, exercise, exercises
from lengthwise.reference.in_picture import Seen, legs_watched, near_side, parts_needed

ALL = [pytest.param(e, id=e.id) for e in exercises().values()]


@pytest.mark.parametrize("e", ALL)
def test_both_ends_of_every_segment_of_a_required_angle_are_wanted(e: Exercise) -> None:
    parts = set(parts_needed(e))
    for coordinate in e.required:
        if coordinate.value.startswith("hip_"):
            assert {Seen.SHOULDERS, Seen.HIPS, Seen.KNEES} <= parts
        if coordinate.value.startswith("knee_"):
            assert {Seen.HIPS, Seen.KNEES, Seen.ANKLES} <= parts


@pytest.mark.parametrize("e", ALL)
def test_the_mirrored_exercise_wants_the_same_of_the_other_side(e: Exercise) -> None:
    other = e.for_side(Side.RIGHT)
    assert parts_needed(other) == parts_needed(e)
    assert {s.other for s in legs_watched(other)} == set(legs_watched(e))
    near, mirrored = near_side(e), near_side(other)
    assert (None if near is None else near.other) == mirrored


@pytest.mark.parametrize("e", ALL)
def test_every_exercise_has_an_area_and_a_length(e: Exercise) -> None:
    assert area_of(e)
    assert about_s(e) > 0.0


def test_who_walks_about_need_not_be_seen_and_who_breathes_only_in_part() -> None:
    assert parts_needed(exercise("walking")) == ()
    assert parts_needed(exercise("seated_breathing")) == (Seen.HEAD, Seen.SHOULDERS, Seen.HIPS)


def test_a_lunge_is_seen_from_its_working_side_down_to_the_ankles() -> None:
    lunge = exercise("half_kneeling_hip_flexor").for_side(Side.RIGHT)
    assert near_side(lunge) is Side.RIGHT and legs_watched(lunge) == (Side.RIGHT,)
    assert parts_needed(lunge) == (
        Seen.HEAD, Seen.SHOULDERS, Seen.HIPS, Seen.KNEES, Seen.ANKLES,
    )  # fmt: skip
