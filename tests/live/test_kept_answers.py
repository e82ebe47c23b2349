"""Answers of a person on their way into a session: dated, over in time, and never assumed."""

from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.contracts.answers import Answer, AnswerName
from lengthwise.contracts.care import Care, Course, Nerve, NeuralSign
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.person import Person
from lengthwise.live.kept_answers import (
    answers_at,
    care_at,
    named_answer,
    put_questions,
    unanswered,
)
from lengthwise.reference.answers import asked

TOLD = "2026-02-01T08:00:00Z"
EAST = timezone(timedelta(hours=9))
ALL_CLEAR = (
    "pain_now=2", "pain_relief=no", "flare=no", "irritable=no", "leg_sign=no", "course=chronic",
    "hypermobile=3", "osteoporotic=no", "pregnant=no",
)  # fmt: skip


def person(*texts: str) -> Person:
    return Person("anna").with_answers(tuple(named_answer(t, TOLD) for t in texts))


def test_answers_become_the_care_of_the_day() -> None:
    care = care_at(Care(), person(*ALL_CLEAR), TOLD)
    assert care == Care(
        baseline_nrs=2.0,
        course=Course.CHRONIC,
        neural_signs=(),
        pain_relief=False,
        flare=False,
        irritable=False,
        hypermobile=False,
        osteoporotic=False,
        pregnant=False,
    )
    assert unanswered(person(*ALL_CLEAR), TOLD) == ()


def test_a_leg_stands_for_both_of_its_nerves() -> None:
    care = care_at(Care(), person("leg_sign=left"), TOLD)
    assert care.neural_signs == (
        NeuralSign(Side.LEFT, Nerve.SCIATIC),
        NeuralSign(Side.LEFT, Nerve.FEMORAL),
    )


def test_what_is_stated_for_the_session_stands_above_what_was_answered() -> None:
    stated = Care(pain_relief=True, baseline_nrs=6.0)
    care = care_at(stated, person("pain_relief=no", "pain_now=1"), TOLD)
    assert (care.pain_relief, care.baseline_nrs) == (True, 6.0)


def test_the_answers_of_a_day_end_with_it_where_the_person_lives() -> None:
    """By hand: 8:00 UTC is 17:00 nine hours to the east, where the day ends at 15:00 UTC."""
    told = named_answer("flare=no", TOLD, zone=EAST)
    assert told.expires_utc == "2026-02-01T15:00:00Z"
    anna = Person("anna", answers=(told,))
    assert answers_at(anna, "2026-02-01T14:59:59Z") == (told,)
    assert answers_at(anna, "2026-02-01T15:00:00Z") == ()


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("flare=yes", "2026-02-04T08:00:00Z"),
        ("leg_sign=both", "2026-02-08T08:00:00Z"),
        ("course=acute", "2026-03-15T08:00:00Z"),
        ("course=subacute", "2026-02-15T08:00:00Z"),
        ("pregnant=no", "2026-03-01T08:00:00Z"),
        ("hypermobile=6", None),
        ("osteoporotic=no", None),
    ],
)
def test_how_long_each_counts(text: str, until: str | None) -> None:
    assert named_answer(text, TOLD).expires_utc == until


def test_what_is_over_or_was_told_later_is_not_known() -> None:
    anna = person(*ALL_CLEAR)
    later = care_at(Care(), anna, "2026-02-03T08:00:00Z")
    assert (later.flare, later.irritable, later.baseline_nrs) == (None, None, None)
    assert later.hypermobile is False
    assert care_at(Care(), anna, "2026-01-31T08:00:00Z") == Care()


def test_under_a_clock_that_was_set_back_what_forbids_counts_and_what_allows_does_not() -> None:
    told = (
        named_answer("leg_sign=left", "2031-01-01T08:00:00Z"),
        named_answer("flare=no", "2031-01-01T08:00:00Z"),
    )
    person = Person("anna").with_answers(told)
    care = care_at(Care(), person, "2026-01-01T08:00:00Z", now=True)
    assert care.neural_signs and care.flare is None
    earlier = care_at(Care(), person, "2026-01-01T08:00:00Z")
    assert earlier.neural_signs is None, "of a recording of then, it was told later"


@given(kept=st.sets(st.sampled_from(ALL_CLEAR)))
def test_what_was_not_answered_stays_open(kept: set[str]) -> None:
    names = {AnswerName(text.partition("=")[0]) for text in kept}
    assert set(unanswered(person(*kept), TOLD)) == set(AnswerName) - names


@pytest.mark.parametrize(
    ("text", "told"),
    [("flares=no", "pain_relief"), ("flare", "yes, no"), ("pain_now=much", "0 to 10")],
)
def test_what_cannot_be_is_one_line(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told) as found:
        named_answer(text, TOLD)
    assert "\n" not in str(found.value)


def asking(*typed: str) -> tuple[tuple[Answer, ...], list[str]]:
    waiting, put = list(typed), []

    def ask(text: str) -> str:
        put.append(text)
        return waiting.pop(0)

    names = (AnswerName.FLARE, AnswerName.PAIN_NOW)
    return put_questions(names, TOLD, ask=ask, say=put.append), put


def test_each_question_is_put_in_its_words_and_nothing_typed_leaves_it_open() -> None:
    answers, put = asking("No", "")
    assert [(a.name, a.value) for a in answers] == [(AnswerName.FLARE, "no")]
    assert asked()[AnswerName.FLARE].ask in put[0] and asked()[AnswerName.PAIN_NOW].ask in put[1]
    assert put[-1].strip() == "left open"


def test_what_cannot_be_is_asked_once_more_and_then_left_open() -> None:
    answers, _ = asking("perhaps", "yes", "eleven", "twelve")
    assert [(a.name, a.value) for a in answers] == [(AnswerName.FLARE, "yes")]


def test_a_newer_answer_takes_the_place_of_the_older() -> None:
    anna = person("flare=yes").with_answers((named_answer("flare=no", "2026-02-02T08:00:00Z"),))
    assert [a.value for a in anna.answers] == ["no"]
