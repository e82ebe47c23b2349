"""What held a stretch back is named by the rule that did, and by it alone where it alone did."""

from collections import Counter

import pytest
from msgspec.structs import replace

from lengthwise.contracts.care import Care, Course
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.week import NeededLength, WeekAsked
from lengthwise.live.evaluation.planning_arms import later_course
from lengthwise.live.evaluation.planning_trace import HELD, held_back, traced
from lengthwise.reference.exercises import exercises

WELL = Care(
    baseline_nrs=2.0,
    course=Course.CHRONIC,
    neural_signs=(),
    flare=False,
    irritable=False,
    hypermobile=False,
    osteoporotic=False,
    pregnant=False,
)
ASKED = WeekAsked(
    level=2,
    care=WELL,
    needs=(NeededLength(MuscleGroup.HAMSTRINGS, Side.LEFT, 1.0),),
    barred=(),
    kneel=True,
    floor=True,
)


def back(asked: WeekAsked, *, held: bool = False) -> tuple[str, ...]:
    return held_back(asked, held=held, known=exercises())


@pytest.mark.parametrize(
    ("care", "level", "word"),
    [
        ({}, 0, "(G)"),
        ({"course": Course.ACUTE}, 2, "first six weeks"),
        ({"course": None}, 2, "not told"),
        ({"irritable": True}, 2, "(K)"),
        ({"baseline_nrs": 7.0}, 2, "(D)"),
        ({"baseline_nrs": None}, 2, "pain of the day not told"),
        ({"hypermobile": True}, 2, "very mobile"),
    ],
)
def test_one_thing_in_the_way_is_named_alone(
    care: dict[str, object], level: int, word: str
) -> None:
    found = back(replace(ASKED, level=level, care=replace(WELL, **care)))
    assert len(found) == 1 and word in found[0]


def test_where_something_may_be_given_nothing_is_named() -> None:
    assert back(ASKED) == ()
    assert back(ASKED, held=True) == (HELD,)
    both = back(replace(ASKED, level=0, care=replace(WELL, course=Course.ACUTE)))
    assert len(both) == 2


def test_days_are_counted_for_each_cause_and_apart_where_it_was_the_only_one() -> None:
    causes = Counter({(): 5, ("a",): 3, ("a", "b"): 2})
    table, _ = traced(causes, Counter(), 1)
    assert [row[1:] for row in table.rows] == [(5, 50.0, None), (5, 50.0, 3), (2, 20.0, 0)]


def test_an_episode_of_six_weeks_is_past_them_six_weeks_later() -> None:
    acute = [later_course(Course.ACUTE, day) for day in (0, 41, 42, 83, 84)]
    assert acute == [Course.ACUTE] * 2 + [Course.SUBACUTE] * 2 + [Course.CHRONIC]
    assert later_course(Course.SUBACUTE, 42) is Course.CHRONIC
    assert later_course(None, 80) is None
