"""The easy days of a kept plan: positions that ease, and the direction that tests have found."""

import pytest
from plan_told import DAY, INTAKE, LASTING, NONE_OF_THESE, NOON, NOW_S, all_told, plan_shown, today

from lengthwise.contracts.answers import AnswerName
from lengthwise.contracts.assessment import DirectionTold
from lengthwise.contracts.care import Direction
from lengthwise.contracts.own_plan import TestsTaken
from lengthwise.contracts.plan_book import PlanBook
from lengthwise.contracts.week import Clinician, PlannedItem, Purpose
from lengthwise.live import guided
from lengthwise.live.own_plan import kept_plan
from lengthwise.live.own_plan_told import DaySaid, tell_day, tell_intake, wish
from lengthwise.live.plan_book import keep_told
from lengthwise.plan.screening import Refusal
from lengthwise.record.store import ProfileStore

NEW = LASTING | {AnswerName.COURSE: "acute"}


def items_of_week(store: ProfileStore, at_s: float) -> list[PlannedItem]:
    made = kept_plan(store, at_s=at_s).week
    assert made is not None
    return [item for day in made.week.days for item in day.items]


def drawn_up(store: ProfileStore, way: Direction, *days_ago: int) -> None:
    last = NOON.date().toordinal()
    found = tuple(DirectionTold(way, last - n, 3, 1) for n in days_ago)
    store.add_plan_events((TestsTaken("gone", (), directions=found),), at_s=NOW_S)


def test_a_position_that_does_not_ease_is_left_out_for_good(store: ProfileStore) -> None:
    all_told(store, pain=8.0)
    first = next(i for i in today(store).items if i.purpose is Purpose.REST)
    assert "easier" in first.why and "does not" in first.would_change
    wish(store, first.exercise_id, "leave_out", at_s=NOW_S)
    for later in range(3):
        at_s = (NOON + later * DAY).timestamp()
        tell_day(store, DaySaid(pain=8.0), at_s=at_s)
        items = items_of_week(store, at_s)
        assert first.exercise_id not in {i.exercise_id for i in items}
        assert sum(i.purpose is Purpose.REST for i in items) >= 7


def test_a_position_that_eases_comes_more_often(store: ProfileStore) -> None:
    all_told(store, pain=8.0)
    wish(store, "rest_on_side", "like", at_s=NOW_S)
    items = items_of_week(store, NOW_S)
    often = [i for i in items if i.exercise_id == "rest_on_side"]
    assert len(often) > 2 and all(
        sum(i.exercise_id == other for i in items) <= len(often)
        for other in {i.exercise_id for i in items if i.purpose is Purpose.REST}
    )


@pytest.mark.parametrize(
    ("days_ago", "first"), [((1, 0), True), ((0,), False), ((0, 0), False), ((60, 59), False)]
)
def test_a_direction_found_on_two_days_comes_first_on_the_page(
    store: ProfileStore, days_ago: tuple[int, ...], first: bool
) -> None:
    drawn_up(store, Direction.FLEXION, *days_ago)
    tell_intake(store, INTAKE, NEW, at_s=NOW_S)
    tell_day(store, DaySaid(pain=3.0, answers=NONE_OF_THESE), at_s=NOW_S)
    moves = [i for i in today(store).items if i.purpose is Purpose.MOVE]
    assert moves and all(("drew the feeling" in i.why) is first for i in moves)
    if first:
        assert {"chair_round", "knees_rocking"} == {i.exercise_id for i in moves}
        assert all("test that finds otherwise" in i.would_change for i in moves)


def test_a_clinicians_direction_is_kept_and_said(store: ProfileStore) -> None:
    word = Clinician(reason="repeated movements in the room", preferred=Direction.EXTENSION)
    keep_told(store, PlanBook(clinician=word))
    tell_intake(store, INTAKE, NEW, at_s=NOW_S)
    tell_day(store, DaySaid(pain=3.0, answers=NONE_OF_THESE), at_s=NOW_S)
    moves = [i for i in today(store).items if i.purpose is Purpose.MOVE]
    assert moves and all("your clinician named it" in i.why for i in moves)
    assert all(any("clinician" in rule for rule in i.words.rules) for i in moves)


def test_what_waits_for_an_answer_stands_apart_from_what_is_left_out(store: ProfileStore) -> None:
    tell_intake(store, INTAKE, NEW, at_s=NOW_S)
    before = plan_shown(store).week
    tell_day(store, DaySaid(pain=3.0, answers=NONE_OF_THESE), at_s=NOW_S)
    after = plan_shown(store).week
    assert before is not None and after is not None
    assert any("of a flare" in bar for bar in before.open_bars), "whether it is one is not told"
    assert not any("of a flare" in bar for bar in (*before.bars, *after.bars, *after.open_bars))


def test_while_pain_is_new_nothing_on_the_page_works_hard(store: ProfileStore) -> None:
    tell_intake(store, INTAKE, NEW, at_s=NOW_S)
    tell_day(store, DaySaid(pain=3.0, answers=NONE_OF_THESE), at_s=NOW_S)
    week = plan_shown(store).week
    assert week is not None
    assert any("harder than new pain asks for" in bar for bar in week.bars)
    assert "bird_dog" not in {i.exercise_id for i in items_of_week(store, NOW_S)}
    assert all(day.takes_s <= 600.0 for day in week.days)


def test_what_a_clinician_lifted_can_be_begun(store: ProfileStore) -> None:
    """The door of a session goes by the word of the plan; safety and nerve it lifts nowhere."""
    tell_intake(store, INTAKE, NEW, at_s=NOW_S)
    tell_day(store, DaySaid(pain=3.0, answers=NONE_OF_THESE), at_s=NOW_S)
    assert guided.refusals(store)["bird_dog"] is Refusal.EXERCISE_BARRED
    keep_told(store, PlanBook(clinician=Clinician("seen", lifted=("P.acute_effort",))))
    found = guided.refusals(store)
    assert found["bird_dog"] is None
    assert found["side_bridge"] is found["box_lift"] is Refusal.EXERCISE_BARRED
