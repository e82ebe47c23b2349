"""What a person is asked: plain questions, usable answers only, and what forbids counts longer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.contracts.answers import AnswerName
from lengthwise.reference.answers import DAY, LASTING, Asked, asked
from lengthwise.reference.constants import constant, constants
from lengthwise.reference.words import alarming_words


def length_days(lasts: str) -> float:
    return {DAY: 1.0, LASTING: float("inf")}.get(lasts) or constant("answers", lasts)


def values(question: Asked) -> list[str]:
    if question.most is None:
        return list(question.options)
    return [str(n) for n in range(int(question.most) + 1)]


@pytest.mark.parametrize("name", AnswerName)
def test_each_question_is_asked_calmly_and_can_be_answered(name: AnswerName) -> None:
    question = asked()[name]
    assert question.ask.endswith("?") and question.why.endswith(".")
    said = " ".join([question.ask, question.why, *question.options.values()])
    assert alarming_words(said) == ()
    assert not {"beighton", "nrs", "neural", "irritable"} & set(said.lower().split())
    assert bool(question.options) != (question.most is not None)
    assert set(question.forbidding) <= set(question.options)
    assert all(question.usable(v.upper()) == v for v in values(question))


@pytest.mark.parametrize("name", AnswerName)
def test_what_forbids_counts_at_least_as_long_as_what_allows(name: AnswerName) -> None:
    question = asked()[name]
    assert length_days(question.forbids) >= length_days(question.allows)
    for value in values(question):
        expected = question.forbids if question.forbids_with(value) else question.allows
        assert question.lasts(value) == expected


def test_what_changes_by_the_day_is_asked_each_day() -> None:
    """What allows: pain, relief, a flare, irritability and a leg end with the day."""
    daily = {n for n, q in asked().items() if q.allows == DAY}
    assert daily == {"pain_now", "pain_relief", "flare", "irritable", "leg_sign"}


@given(text=st.text(max_size=8), name=st.sampled_from(AnswerName))
def test_whatever_is_typed_is_an_answer_that_is_offered_or_none(
    text: str, name: AnswerName
) -> None:
    question = asked()[name]
    usable = question.usable(text)
    if usable is None:
        return
    if question.most is None:
        assert usable in question.options
    else:
        assert 0.0 <= float(usable) <= question.most
    assert question.usable(usable) == usable


@pytest.mark.parametrize("text", ["nan", "inf", "-1", "11", "", "yes"])
def test_what_is_no_number_is_no_pain(text: str) -> None:
    assert asked()[AnswerName.PAIN_NOW].usable(text) is None


def test_five_of_nine_is_where_hypermobility_begins() -> None:
    """Rule S: Beighton 5 or more."""
    question = asked()[AnswerName.HYPERMOBILE]
    assert [question.forbids_with(str(n)) for n in (4, 5)] == [False, True]


def test_every_constant_of_the_answers_is_used_and_within_its_range() -> None:
    named = {getattr(q, f) for q in asked().values() for f in ("allows", "forbids", "forbids_from")}
    for name, entry in constants("answers").items():
        assert name in named
        assert entry.low <= entry.value <= entry.high and entry.source and entry.note
