"""Where a plan begins, and a flare that is told: never higher for more pain or for less told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.contracts.assessment import TestResult, Verdict
from lengthwise.contracts.care import Care, Course
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.own_plan import Tight, TightPlace
from lengthwise.contracts.progress import DayTold, Move, SessionTold, Standing
from lengthwise.plan.assessment import assessed
from lengthwise.plan.beginning import first_level, needs_of
from lengthwise.plan.progression import step
from lengthwise.report.plan_words import begins

courses = st.sampled_from((None, *Course))
truths = st.sampled_from((None, False, True))
pains = st.one_of(st.none(), st.integers(0, 10).map(float))


@given(courses, truths, st.integers(0, 10), st.integers(0, 10))
def test_more_pain_never_begins_higher(
    course: Course | None, irritable: bool | None, one: int, other: int
) -> None:
    care = Care(course=course, irritable=irritable)
    low, high = sorted((one, other))
    assert first_level(care, float(high)).level <= first_level(care, float(low)).level


@given(courses, truths, pains)
def test_what_is_not_told_never_begins_higher_and_each_beginning_says_why(
    course: Course | None, irritable: bool | None, pain: float | None
) -> None:
    told = first_level(Care(course=course, irritable=irritable), pain)
    assert begins(told.reason).endswith(".") and told.rule_ids and told.evidence_ids
    for less in (
        first_level(Care(irritable=irritable), pain),
        first_level(Care(course=course), pain),
        first_level(Care(course=course, irritable=irritable), None),
    ):
        assert less.level <= told.level


@pytest.mark.parametrize(
    ("care", "pain", "level"),
    [
        (Care(course=Course.CHRONIC, irritable=False), 3.0, 2),
        (Care(course=Course.CHRONIC, irritable=False), 3.5, 1),
        (Care(course=Course.CHRONIC, irritable=False), 7.0, 0),
        (Care(course=Course.ACUTE, irritable=False), 1.0, 1),
        (Care(course=Course.CHRONIC, irritable=True), 1.0, 0),
    ],
)
def test_the_rules_by_hand(care: Care, pain: float, level: int) -> None:
    assert first_level(care, pain).level == level


def test_a_feeling_weighs_least_and_yields_to_what_was_measured() -> None:
    def leg_raise(value_deg: float, side: Side) -> list[TestResult]:
        return [
            TestResult("straight_leg_raise", day, value_deg, 2.0, side, None, False)
            for day in (1, 2)
        ]

    tight = [Tight(TightPlace.THIGH_BACK, side) for side in Side]
    found = assessed([*leg_raise(88.0, Side.LEFT), *leg_raise(40.0, Side.RIGHT)])
    assert {a.verdict for a in found.assessed} == {Verdict.ENOUGH, Verdict.SHORT}
    (need,) = needs_of(found, tight)
    assert (need.group, need.side) == (MuscleGroup.HAMSTRINGS, Side.RIGHT)
    assert need.weight > 0.1 and "degrees" in need.finding
    felt = needs_of(assessed([]), tight)
    assert [n.weight for n in felt] == [0.1, 0.1]


@given(st.integers(0, 5), st.floats(0.1, 1.0), pains)
def test_a_told_flare_is_easy_days_whatever_the_numbers_say(
    level: int, volume: float, pain: float | None
) -> None:
    after, decided = step(Standing(level, volume=volume), DayTold(5, pain=pain, flare=True))
    assert decided.move is Move.EASY_DAYS and after.end_range_from_day == 8
    assert after.level == max(level - 2, 0) and after.volume <= volume


def test_two_stops_of_one_day_hold_as_those_of_two_days() -> None:
    stopped = SessionTold(before=2.0, during=2.0, stops=("dizzy",))
    once, _ = step(Standing(2), DayTold(5, session=stopped))
    twice, decided = step(Standing(2), DayTold(5, session=stopped, more_stops=1))
    assert not once.held
    assert twice.held and decided.move is Move.CLINICIAN


def test_a_flare_opens_nothing_that_is_held() -> None:
    held = Standing(3, held=True)
    after, decided = step(held, DayTold(5, flare=True))
    assert after.held and decided.move is Move.CLINICIAN


def test_a_flare_that_is_told_again_in_its_days_takes_away_once() -> None:
    first, _ = step(Standing(4), DayTold(5, flare=True))
    second, decided = step(first, DayTold(6, flare=True))
    assert (second.level, second.volume) == (first.level, first.volume)
    assert decided.move is not Move.EASY_DAYS
