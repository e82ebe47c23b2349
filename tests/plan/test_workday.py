"""Breaks in a working day: laws over made-up days, then cases worked by hand."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.contracts.workday import Desk, Doing, Pause, Workday, WorkdayTold
from lengthwise.live.week import EXAMPLE
from lengthwise.live.workday import example_workday
from lengthwise.plan.allocation import takes_s
from lengthwise.plan.eligible import eligible
from lengthwise.plan.workday import workday
from lengthwise.reference.exercise_parts import Place
from lengthwise.reference.exercises import exercises
from lengthwise.reference.words import alarming_words
from lengthwise.report import workday_words as said

ASKED = [None, EXAMPLE, replace(EXAMPLE, level=0), replace(EXAMPLE, kneel=None, barred=None)]
PAUSES = st.lists(st.builds(Pause, st.integers(0, 1400), st.integers(1, 120)), max_size=4).map(
    tuple
)


@st.composite
def days(draw: st.DrawFn) -> WorkdayTold:
    begin = draw(st.integers(0, 1200))
    return WorkdayTold(
        from_min=begin,
        until_min=begin + draw(st.integers(1, 1440 - begin)),
        desk=draw(st.sampled_from(Desk)),
        sitting_h=draw(st.none() | st.floats(0.0, 16.0)),
        pauses=draw(PAUSES),
        minutes_each=draw(st.sampled_from([1.0, 2.0, 5.0, 10.0])),
        most=draw(st.integers(0, 12)),
        stands=draw(st.booleans()),
        asked=draw(st.sampled_from(ASKED)),
    )


def of(told: WorkdayTold) -> Workday:
    return workday(told, exercises())


@settings(max_examples=200)
@given(days())
def test_breaks_are_in_working_hours_outside_other_breaks_and_never_too_many_or_close(
    told: WorkdayTold,
) -> None:
    found = of(told)
    at = [b.at_min for b in found.breaks]
    assert len(at) <= told.most and at == sorted(at)
    assert all(told.from_min < m < told.until_min for m in at)
    assert not any(p.at_min < m < p.at_min + p.minutes for p in told.pauses for m in at)
    assert all(b - a >= 20 for a, b in pairwise(at))
    edges = [e for p in told.pauses for e in (p.at_min, p.at_min + p.minutes)]
    free = [e for e in edges if not any(p.at_min < e < p.at_min + p.minutes for p in told.pauses)]
    within = [e for e in free if told.from_min < e < told.until_min]
    assert not any(abs(m - e) < 20 for m in at for e in within)


@settings(max_examples=100)
@given(days())
def test_one_break_more_never_makes_the_longest_time_without_one_longer(told: WorkdayTold) -> None:
    found = of(told)
    assert found.longest_min <= found.longest_before_min
    more = of(replace(told, most=min(told.most + 1, 24)))
    assert more.longest_min <= found.longest_min and len(more.breaks) >= len(found.breaks)


@settings(max_examples=100)
@given(days())
def test_only_what_may_be_given_fits_the_minutes_and_the_place_is_suggested(
    told: WorkdayTold,
) -> None:
    able = (
        set() if told.asked is None else {e.id for e in eligible(told.asked, exercises().values())}
    )
    for b in of(told).breaks:
        if b.doing is Doing.WALK:
            assert told.stands and b.exercise_id is None
            continue
        assert b.exercise_id in able
        e = exercises()[b.exercise_id]
        assert told.stands or e.place is Place.DESK
        assert takes_s(e, max(len(b.sides), 1), 1) <= 60.0 * b.minutes


def test_an_office_day_gets_its_breaks_in_the_middle_of_the_longest_times() -> None:
    day = replace(example_workday(), pauses=(), from_min=540, until_min=780, most=3)
    assert [b.at_min for b in of(day).breaks] == [600, 660, 720]
    assert of(day).breaks[0].doing is Doing.WALK
    assert of(day).longest_min == 60 and of(day).too_few
    assert not of(replace(day, most=12)).too_few
    assert of(replace(day, until_min=580)).reason == "none_needed"
    assert of(replace(day, most=0)).reason == "none_wanted"


def test_who_is_on_their_feet_is_not_sent_walking() -> None:
    for desk in (Desk.STANDING, Desk.ON_THE_MOVE):
        assert all(
            b.doing is Doing.EXERCISE for b in of(replace(example_workday(), desk=desk)).breaks
        )
    assert of(replace(example_workday(), stands=False, asked=None)).breaks == ()


def test_no_word_is_a_verdict_on_how_somebody_sits() -> None:
    texts = [*said.REASON.values(), *said.CHANGE.values()]
    for text in texts:
        assert alarming_words(text) == () and "posture" not in text.lower()
        assert not any(word in text.lower() for word in ("slump", "should sit", "correct"))


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"from_min": 600, "until_min": 600}, "work is from"),
        ({"sitting_h": 30.0}, "hours sitting"),
        ({"minutes_each": 0.0}, "a break is"),
        ({"most": 25}, "at most 25"),
    ],
)
def test_a_day_that_cannot_be_is_refused(change: dict[str, object], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        replace(example_workday(), **change)  # type: ignore[arg-type]
