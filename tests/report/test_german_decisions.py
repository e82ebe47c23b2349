"""Every sentence of a decision has its German on the page, but for those that safety hangs on."""

import json
from pathlib import Path

import pytest

from lengthwise.contracts.tested import Untaken
from lengthwise.live import tests_shown
from lengthwise.reference.assessments import assessments
from lengthwise.reference.evidence import evidence
from lengthwise.reference.exercises import exercises, guided_tests
from lengthwise.reference.reasons import reasons
from lengthwise.reference.translations import translation
from lengthwise.reference.wearing import place_for_exercise, positions
from lengthwise.report import plan_words, progress_words, test_results, tested_words
from lengthwise.report.words import labels

TEXTS = Path(__file__).parents[2] / "ui" / "src" / "texts"
GERMAN = json.loads((TEXTS / "decisions.de.json").read_text("utf-8"))
NAMES = json.loads((TEXTS / "names.de.json").read_text("utf-8"))
EXERCISES = json.loads((TEXTS / "exercises.de.json").read_text("utf-8"))
EVIDENCE = json.loads((TEXTS / "evidence.de.json").read_text("utf-8"))
ENGLISH_YET = {"held", "stops", "cleared", "flare", "flare_told", "flare_on"}
"""Nobody has reviewed a translation of these."""
SAFETY_RULES = {"S", "X", "F"}


def sentences() -> list[str]:
    of_days = [s for i, s in progress_words.REASONS.items() if i not in ENGLISH_YET]
    of_tests = [s for v, s in test_results.COUNTS.items() if v.value != "symptom"]
    rules = [s for i, s in plan_words.RULES.items() if i not in SAFETY_RULES]
    return [*of_days, *of_tests, *rules, *plan_words.BEGINS.values(), *tests_shown.WHYS]


@pytest.mark.parametrize("sentence", sentences())
def test_it_is_said_in_german(sentence: str) -> None:
    assert GERMAN.get(sentence)


@pytest.mark.parametrize("safety", sorted(ENGLISH_YET))
def test_what_safety_hangs_on_stays_as_it_was_reviewed(safety: str) -> None:
    assert progress_words.REASONS[safety] not in GERMAN


def test_every_muscle_and_angle_has_a_german_name() -> None:
    known = labels()
    assert set(NAMES["muscle"]) == {place for place, _ in known.muscle.values()}
    assert set(NAMES["coordinate"]) >= {name for name, _, _ in known.coordinate.values()}
    assert all(("{linken}" in words) != ("{links}" in words) for words in NAMES["muscle"].values())


def test_where_a_sensor_is_worn_and_what_a_test_asks_is_said_in_german() -> None:
    worn = {position.name for position in positions().values()}
    asked = {tested_words.way_words(test) for test in guided_tests().values()}
    shown = {position.picture for position in positions().values()}
    why = {place_for_exercise(e).why for e in (*exercises().values(), *guided_tests().values())}
    clears = {area.clear for area in labels().area if area.clear}
    assert clears | worn | shown | why | asked | set(tests_shown.SENSORS.values()) <= set(GERMAN)


def test_what_is_led_and_what_it_takes_has_a_german_name() -> None:
    led = [*exercises().values(), *guided_tests().values()]
    said = {text for e in led for text in (e.plain_name, e.name, e.summary, *e.equipment)}
    assert said | {a.name for a in assessments().values()} == set(EXERCISES)


def test_what_an_exercise_of_a_plan_rests_on_is_said_in_german() -> None:
    known = evidence()
    shown = {known[i].claim for e in exercises().values() for i in e.evidence}
    assert shown <= set(EVIDENCE) <= {entry.claim for entry in known.values()}


def test_why_a_test_has_no_result_is_said_as_the_coach_says_it() -> None:
    coach = translation("de")
    assert coach is not None
    english = [reasons().sentence[f"test.{why.value}"] for why in Untaken]
    assert {s: GERMAN.get(s) for s in english} == {s: coach.text.get(s) for s in english}
