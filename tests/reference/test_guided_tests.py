"""Test files: what every one must be, beside what every exercise must be."""

from importlib.resources import files
from math import radians

import jsonschema
import msgspec
import pytest
from msgspec.structs import replace

from lengthwise.coach import coach
from lengthwise.coach.taking_params import Params, measured_parts, way_rad
from lengthwise.contracts.coordinates import COORDINATES, Side, mirrored
from lengthwise.reference.assessments import assessments
from lengthwise.reference.exercise_check import check_exercise
from lengthwise.reference.exercise_schema import exercise_schema
from lengthwise.reference.exercise_taken import Asked, Way
from lengthwise.reference.exercises import Exercise, exercise, exercises, guided_tests
from lengthwise.reference.reasons import reason_sentences
from lengthwise.reference.words import alarming_words

FOLDER = files("lengthwise.reference") / "tests_data"
ALL = list(guided_tests().values())


@pytest.mark.parametrize("test", ALL, ids=lambda t: t.id)
def test_every_file_fits_the_schema_and_nothing_is_to_be_put_right(test: Exercise) -> None:
    content = msgspec.toml.decode((FOLDER / f"{test.id}.toml").read_bytes())
    jsonschema.Draft202012Validator(exercise_schema()).validate(content)
    assert check_exercise(test, frozenset(exercises()) | frozenset(guided_tests())) == []


@pytest.mark.parametrize("test", ALL, ids=lambda t: t.id)
def test_a_test_stretches_nothing_stops_at_any_word_and_has_a_result(test: Exercise) -> None:
    assert test.taken is not None and test.targets == ()
    assert set(test.taken.stops) <= set(reason_sentences())
    assert {"stop.person", "symptom.leg", "symptom.dizzy", "pain.stop"} <= set(test.taken.stops)
    told = test.taken.result in assessments()
    assert told is (test.taken.way in (Way.FURTHEST, Way.HELD, Way.STILL))
    assert not alarming_words(f"{test.taken.why} {test.taken.open}")
    for asked in test.taken.asks:
        assert asked.value in test.cues


@pytest.mark.parametrize("test", ALL, ids=lambda t: t.id)
def test_what_is_measured_grows_along_the_path_on_both_sides(test: Exercise) -> None:
    for side in Side:
        written = test.for_side(side)
        assert way_rad(written) >= radians(5.0)
        assert Params(coach.Params(test, (side,))).rule(0).way is test.taken.way  # type: ignore[union-attr]
    assert way_rad(test.for_side(Side.RIGHT)) == pytest.approx(way_rad(test))


@pytest.mark.parametrize("test", ALL, ids=lambda t: t.id)
def test_the_other_side_measures_the_mirrored_angle(test: Exercise) -> None:
    assert test.for_side(Side.RIGHT).for_side(Side.LEFT) == test
    for part, other in zip(
        measured_parts(test), measured_parts(test.for_side(Side.RIGHT)), strict=True
    ):
        name, sign = mirrored(part.coordinate)
        assert (other.coordinate, other.factor) == (name, sign * part.factor)
        assert name in COORDINATES


def test_a_test_is_found_by_its_id_and_is_none_of_the_exercises_that_are_planned() -> None:
    assert not set(exercises()) & set(guided_tests())
    assert all(exercise(name).id == name for name in guided_tests())
    assert all(e.taken is None for e in exercises().values())


def test_what_does_not_fit_together_is_refused() -> None:
    raised = guided_tests()["test_straight_leg_raise"]
    assert raised.taken is not None
    for wrong in (
        replace(raised.taken, parts=()),
        replace(raised.taken, cycles=10),
        replace(raised.taken, asks=(Asked.REACH,)),
        replace(raised.taken, stops=()),
        replace(raised.taken, way=Way.HELD),
        replace(raised.taken, controls=(COORDINATES[0], COORDINATES[3])),
    ):
        with pytest.raises(ValueError, match="test_straight_leg_raise"):
            replace(raised, taken=wrong)
