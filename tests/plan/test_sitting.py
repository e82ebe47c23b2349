"""Hours that are sat: whatever is told of them, and where, they weigh once, a fifth at most."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.contracts.adaptation import AdaptDay, AdaptTold, Lived
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.progress import DayTold
from lengthwise.contracts.week import NeededLength, WeekAsked
from lengthwise.live.week import EXAMPLE
from lengthwise.live.workday import example_workday
from lengthwise.plan.adapting import adapt, asked_of, begun
from lengthwise.plan.sitting import SHORT_SITTING, sitting_ratio, weighed
from lengthwise.plan.week import planned
from lengthwise.plan.workday import workday
from lengthwise.reference.exercises import exercises

hours = st.none() | st.floats(0.0, 24.0)
GROUPS = (MuscleGroup.PSOAS, MuscleGroup.HAMSTRINGS, MuscleGroup.CALF)
weights = st.lists(st.floats(0.05, 1.0), min_size=len(GROUPS), max_size=len(GROUPS))


def asked_with(weights: list[float]) -> WeekAsked:
    needs = (NeededLength(g, Side.LEFT, w) for g, w in zip(GROUPS, weights, strict=True))
    return replace(EXAMPLE, needs=tuple(needs))


def lived_through(asked: WeekAsked, hours: float | None, days: int = 8) -> WeekAsked:
    """The question for a week after so many days of so many hours."""
    state = begun(AdaptTold(asked.level, ()))
    for day in range(1, days + 1):
        state, _ = adapt(state, AdaptDay(DayTold(day), lived=Lived(sitting_h=hours)))
    return asked_of(asked, state)


@settings(max_examples=20, deadline=None)
@given(of_day=hours, of_days=hours, of_week=hours, of=weights)
def test_whatever_is_told_no_need_is_weighed_by_more_than_a_fifth_in_all(
    of_day: float | None, of_days: float | None, of_week: float | None, of: list[float]
) -> None:
    asked = asked_with(of)
    day = replace(example_workday(), sitting_h=of_day, asked=replace(asked, sitting_h=of_week))
    found = workday(day, exercises())
    assert all(0.8 - 1e-9 <= ratio <= 1.2 + 1e-9 for ratio in found.weighed.values())
    assert day.asked is not None
    lived = lived_through(day.asked, of_days)
    assert lived.needs == asked.needs
    for before in (lived, asked_of(lived, begun(AdaptTold(asked.level, ())))):
        week = planned(before, exercises().values(), {})
        first = {(n.group, n.side): n.weight for n in asked.needs}
        for need in week.needs:
            assert 0.8 - 1e-9 <= need.weight / first[need.group, need.side] <= 1.2 + 1e-9


def test_the_same_hours_told_of_a_day_and_of_many_days_weigh_alike() -> None:
    asked = asked_with([0.6, 0.6, 0.6])
    for hours in (0.0, 4.0, 7.0, 12.0):
        told = replace(example_workday(), sitting_h=hours, asked=asked)
        of_day = workday(told, exercises()).weighed
        week = planned(lived_through(asked, hours), exercises().values(), {})
        of_week = {f"{n.group.value}_{n.side.value}": n.weight / 0.6 for n in week.needs}
        assert {k: w for k, w in of_week.items() if w != 1.0} == pytest.approx(of_day)


def test_more_hours_never_weigh_the_front_of_the_hip_less() -> None:
    need = NeededLength(MuscleGroup.PSOAS, Side.LEFT, 0.6)
    found = [weighed((need,), float(h))[0].weight for h in range(17)]
    assert found == sorted(found)
    assert [found[h] for h in (0, 5, 16)] == pytest.approx([0.48, 0.6, 0.72])


def test_nothing_told_weighs_nothing_and_no_other_muscle_is_weighed() -> None:
    assert sitting_ratio(None) == 1.0
    for group in MuscleGroup:
        need = NeededLength(group, Side.RIGHT, 0.5)
        assert weighed((need,), None) == (need,)
        assert (weighed((need,), 12.0) != (need,)) is (group in SHORT_SITTING)


def test_hours_of_a_few_days_are_not_usual_ones() -> None:
    asked = asked_with([0.6, 0.6, 0.6])
    assert lived_through(asked, 12.0, days=6).sitting_h is None
    assert lived_through(asked, 12.0, days=7).sitting_h == 12.0
    stated = replace(asked, sitting_h=3.0)
    assert lived_through(stated, None).sitting_h == 3.0


def test_hours_that_cannot_be_are_refused() -> None:
    for hours in (-1.0, 25.0, float("nan")):
        with pytest.raises(ValueError, match="allowed: 0 to 24"):
            replace(EXAMPLE, sitting_h=hours)
