"""A direction that spreads a feeling is left out for seven days, and nothing else opens it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.contracts.assessment import DirectionTold, Effect, ResultsTold
from lengthwise.contracts.care import Direction
from lengthwise.plan.assessment import assessed_told
from lengthwise.plan.direction import (
    BAR_OF,
    BARRED_DAYS,
    PREFERRED_DAYS,
    bars_of,
    directions,
    effect_of,
    preferred_of,
)
from lengthwise.reference.exercises import exercises
from lengthwise.reference.rules import rules

FORWARD, BACKWARD = Direction.FLEXION, Direction.EXTENSION
reaches = st.one_of(st.none(), st.integers(0, 5))
tests = st.builds(
    DirectionTold, st.sampled_from(Direction), st.integers(1, 30), reaches, reaches,
    st.sampled_from((None, False, True)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "symptom", "effect"),
    [
        (3, 1, None, Effect.CENTRALISES),
        (1, 3, None, Effect.PERIPHERALISES),
        (2, 2, None, Effect.NO_CHANGE),
        (2, None, None, Effect.NOT_KNOWN),
        (3, 1, True, Effect.PERIPHERALISES),
        (None, None, True, Effect.PERIPHERALISES),
    ],
)
def test_what_movements_do(
    before: int | None, after: int | None, symptom: bool | None, effect: Effect
) -> None:
    assert effect_of(DirectionTold(FORWARD, 1, before, after, symptom)) is effect


def test_a_direction_that_spreads_is_left_out_for_seven_days() -> None:
    told = [DirectionTold(FORWARD, 10, 1, 3)]
    for day in range(10, 10 + BARRED_DAYS):
        assert bars_of(directions(told, day)) == ("K.flexion_barred",)
    assert bars_of(directions(told, 10 + BARRED_DAYS)) == ()
    assert BARRED_DAYS == 7


def test_a_better_day_does_not_open_it_early() -> None:
    told = [DirectionTold(BACKWARD, 10, 1, 3), DirectionTold(BACKWARD, 12, 3, 1)]
    (found,) = directions(told, 12)
    assert found.effect is Effect.CENTRALISES and found.barred_until_day == 17
    assert bars_of([found]) == ("K.extension_barred",)


@given(told=st.lists(tests, max_size=8), more=tests, today=st.integers(1, 40))
def test_one_more_test_never_opens_anything(
    told: list[DirectionTold], more: DirectionTold, today: int
) -> None:
    before = set(bars_of(directions(told, today)))
    assert before <= set(bars_of(directions([*told, more], today)))


@given(told=st.lists(tests, max_size=8))
def test_the_order_of_telling_does_not_matter(told: list[DirectionTold]) -> None:
    assert bars_of(directions(told, 20)) == bars_of(directions(list(reversed(told)), 20))


def test_its_bars_are_rules_that_exercises_name() -> None:
    both = [DirectionTold(d, 1, 0, 5) for d in Direction]
    bars = assessed_told(ResultsTold(directions=tuple(both))).bars
    assert set(bars) <= set(rules())
    for bar in bars:
        assert any(bar in e.contraindications for e in exercises().values())


def test_today_is_the_latest_day_told_where_none_is_stated() -> None:
    told = ResultsTold(
        directions=(DirectionTold(FORWARD, 1, 0, 2), DirectionTold(FORWARD, 9, 2, 2))
    )
    assert assessed_told(told).bars == ()
    assert assessed_told(ResultsTold(directions=told.directions, today=3)).bars != ()


def drawn(way: Direction, *days: int) -> list[DirectionTold]:
    return [DirectionTold(way, day, 3, 1) for day in days]


def test_a_direction_comes_first_once_it_drew_the_feeling_up_on_two_days() -> None:
    assert preferred_of(drawn(FORWARD, 1), 2) is None
    assert preferred_of(drawn(FORWARD, 1, 1), 2) is None
    assert preferred_of(drawn(FORWARD, 1, 2), 2) is FORWARD
    assert preferred_of(drawn(BACKWARD, 1, 2), 2) is BACKWARD
    both = [*drawn(FORWARD, 1, 2), *drawn(BACKWARD, 1, 2)]
    assert preferred_of(both, 2) is None, "nothing says which"


@pytest.mark.parametrize("later", [(3, 3), (1, 3), (3, None), (None, None)])
def test_its_last_day_decides(later: tuple[int | None, int | None]) -> None:
    told = [*drawn(FORWARD, 1, 2), DirectionTold(FORWARD, 4, *later)]
    assert preferred_of(told, 4) is None
    same_day = [*drawn(FORWARD, 1, 2), DirectionTold(FORWARD, 2, *later)]
    assert preferred_of(same_day, 2) is None


def test_it_grows_old() -> None:
    told = drawn(FORWARD, 1, 2)
    assert preferred_of(told, PREFERRED_DAYS) is FORWARD
    assert preferred_of(told, PREFERRED_DAYS + 1) is None


@given(told=st.lists(tests, max_size=10), today=st.integers(1, 60))
def test_what_comes_first_is_never_left_out_and_hangs_on_no_order(
    told: list[DirectionTold], today: int
) -> None:
    first = preferred_of(told, today)
    assert first == preferred_of(told[::-1], today)
    assert first is None or BAR_OF[first] not in bars_of(directions(told, today))


@given(told=st.lists(tests, max_size=8), today=st.integers(1, 40))
def test_flexion_and_extension_are_told_apart_by_nothing_but_their_name(
    told: list[DirectionTold], today: int
) -> None:
    other = {FORWARD: BACKWARD, BACKWARD: FORWARD}
    turned = [replace(t, direction=other[t.direction]) for t in told]
    first = preferred_of(told, today)
    assert preferred_of(turned, today) == (None if first is None else other[first])
