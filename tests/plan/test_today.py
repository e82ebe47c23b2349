"""What of a week is done today: never more than seven days may hold, and calm things while held."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.progress import Standing
from lengthwise.contracts.week import Action, Day, PlannedItem, Purpose, Week
from lengthwise.plan.today import lengthens_s, of_today
from lengthwise.reference.exercises import exercises

KNOWN = exercises()
BREATH = PlannedItem("supine_breathing", (), Purpose.BREATH, 1, 60.0, 60.0)
WALK = PlannedItem("walking", (), Purpose.WALK, 1, 300.0, 310.0)
HOLD = PlannedItem("bird_dog", tuple(Side), Purpose.CONTROL, 2, 10.0, 80.0)
stretches = st.builds(
    lambda name, sides, rounds: PlannedItem(
        name, sides, Purpose.LENGTH, rounds, 30.0, max(len(sides), 1) * rounds * 40.0
    ),
    st.sampled_from(("supine_hamstring", "seated_hamstring", "knee_to_opposite_shoulder")),
    st.sampled_from(((Side.LEFT,), (Side.RIGHT,), tuple(Side))),
    st.integers(1, 3),
)


def week_of(*items: PlannedItem) -> Week:
    days = tuple(Day(n, items) for n in range(1, 8))
    return Week(Action.WEEK, days, (), (), (), (), (), ())


@given(
    items=st.lists(stretches, max_size=4),
    before=st.lists(st.floats(0.0, 900.0), min_size=12, max_size=12),
)
def test_seven_days_never_hold_more_than_a_muscle_may_have(
    items: list[PlannedItem], before: list[float]
) -> None:
    named = sorted({m for i in items for m in lengthens_s(i, KNOWN)})
    given_s = dict(zip(named, before, strict=False))
    planned = [WALK, *items]
    done = of_today(week_of(*planned), 4, Standing(3), given_s, KNOWN)
    sums = dict(given_s)
    for item in done:
        for muscle, s in lengthens_s(item, KNOWN).items():
            sums[muscle] = sums.get(muscle, 0.0) + s
            assert sums[muscle] <= 600.0
    assert done[0] == WALK
    assert sum(i.takes_s for i in done) <= sum(i.takes_s for i in planned) + 1e-9


@pytest.mark.parametrize("number", range(1, 8))
def test_while_the_plan_is_held_there_is_breathing_and_walking(number: int) -> None:
    stretch = PlannedItem("supine_hamstring", tuple(Side), Purpose.LENGTH, 2, 30.0, 160.0)
    week = week_of(BREATH, HOLD, stretch, WALK)
    assert of_today(week, number, Standing(3), {}, KNOWN) == (BREATH, HOLD, stretch, WALK)
    assert of_today(week, number, Standing(3, held=True), {}, KNOWN) == (BREATH, WALK)


@pytest.mark.parametrize(("thirds", "rounds"), [(1, 1), (2, 2), (3, 3), (9, 3)])
def test_what_is_expected_to_hurt_is_done_in_part(thirds: int, rounds: int) -> None:
    stretch = PlannedItem("supine_hamstring", (Side.LEFT,), Purpose.LENGTH, 3, 30.0, 120.0)
    week = week_of(stretch)
    (done,) = of_today(week, 1, Standing(3), {}, KNOWN, {"supine_hamstring": thirds})
    assert (done.rounds, done.takes_s) == (rounds, 40.0 * rounds)


@given(items=st.lists(stretches, max_size=4), before=st.floats(0.0, 700.0))
def test_the_mirrored_person_does_the_mirrored_day(items: list[PlannedItem], before: float) -> None:
    turned = [replace(i, sides=tuple(s.other for s in i.sides)) for i in items]
    named = sorted({m for i in items for m in lengthens_s(i, KNOWN)})[:1]
    one = of_today(week_of(*items), 1, Standing(3), dict.fromkeys(named, before), KNOWN)
    given_s = {(group, side.other): before for group, side in named}
    other = of_today(week_of(*turned), 1, Standing(3), given_s, KNOWN)
    assert [(i.exercise_id, i.rounds) for i in one] == [(i.exercise_id, i.rounds) for i in other]
