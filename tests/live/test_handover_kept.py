"""A handover from what is kept of a person: the store, the summaries and the book beside it."""

import json
from datetime import date
from pathlib import Path

import pytest
from kept_days import EXERCISE, kept, of_day
from msgspec.structs import replace

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.errors import InputError, StorageError
from lengthwise.contracts.handover import GoalTold, PlannedTold, Rating, Screen
from lengthwise.contracts.person import Measure, MeasureName
from lengthwise.contracts.plan_book import MovementTold, PlanBook
from lengthwise.contracts.practice import ConstraintKept, Practice
from lengthwise.contracts.pull import HoldRelaxed, PullTotals
from lengthwise.contracts.screening import YesNo
from lengthwise.contracts.states import Estimate
from lengthwise.contracts.told import PainMoment, PainTold
from lengthwise.live import guided
from lengthwise.live.handover import told_by
from lengthwise.live.own_data import exported
from lengthwise.live.plan_book import book_of, keep_told, merged, tell_movement
from lengthwise.plan.handover import handover
from lengthwise.record.plan_book import BOOK_NAME
from lengthwise.record.store import ProfileStore
from lengthwise.reference.screening import screening
from lengthwise.report import handover_words
from lengthwise.report.handover_page import handover_page

NOON = 1767873600.0
"""2026-01-08, 12:00 UTC."""
GOOD = {q.id: q.good for q in screening().question}
BOTH = Practice(
    1.0,
    tuple(ConstraintKept(side, Coordinate.PELVIS_TILT, True, kept_s=55.0) for side in Side),
)


@pytest.fixture
def store(tmp_path: Path) -> ProfileStore:
    return ProfileStore.open(tmp_path, "anna")


def tell(store: ProfileStore, day: int, moment: PainMoment, nrs: float) -> None:
    session_id = of_day(day).session_id
    store.tell_pain(PainTold(session_id, moment, nrs, NOON))


def test_of_nobody_yet_it_tells_that_nothing_is_known(store: ProfileStore) -> None:
    told = told_by(store, now_s=NOON)
    assert told.who.name == "anna" and told.who.age_years is None
    assert told.screened.state is Screen.OPEN and told.sessions == ()
    assert told.screened.left_out == ()


def test_pain_of_the_next_day_is_that_of_the_next_date_and_of_no_later_one(
    store: ProfileStore,
) -> None:
    kept(store, of_day(1), of_day(2), of_day(4))
    for day, nrs in ((1, 4.0), (2, 5.0), (4, 3.0)):
        tell(store, day, PainMoment.BEFORE, nrs)
    tell(store, 1, PainMoment.AFTER, 2.0)
    first, second, last = told_by(store, now_s=NOON).sessions
    assert (first.before, first.after, first.next_day) == (4.0, 2.0, 5.0)
    assert second.next_day is None and last.next_day is None


def test_seconds_are_asked_of_the_sides_that_were_held(store: ProfileStore) -> None:
    left = Practice(1.0, BOTH.constraints[:1])
    kept(store, of_day(1, practice=BOTH), of_day(2, practice=left), of_day(3))
    both, one, unknown = told_by(store, now_s=NOON).sessions
    assert both.asked_s is not None and one.asked_s == both.asked_s / 2
    assert (both.sides, one.sides, unknown.sides) == (tuple(Side), (Side.LEFT,), ())
    assert unknown.asked_s is None


def test_tolerance_is_read_from_the_summaries_and_a_summary_that_is_gone_is_none(
    store: ProfileStore,
) -> None:
    kept(store, of_day(1), of_day(2))
    folder = store.session_folder(of_day(1).session_id).create().path
    written = {
        "range_results": [
            {"kind": kind, "coordinate": "hip_flexion_l", "angle_deg": 61.0, "angle_sd_deg": 3.0}
            for kind in ("tolerance", "extensibility")
        ]
    }
    (folder / "summary.json").write_text(json.dumps(written))
    (found,) = told_by(store, now_s=NOON).ranges
    assert (found.on, found.angle_deg, found.sd_deg) == (date(2026, 1, 1), 61.0, 3.0)
    (folder / "summary.json").write_text("{")
    assert told_by(store, now_s=NOON).ranges == ()


def test_the_safety_questions_stand_as_they_are(
    store: ProfileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: NOON - 3600.0)
    guided.answer(store, GOOD, version=screening().version)
    assert told_by(store, now_s=NOON).screened.state is Screen.CLEAR
    assert told_by(store, now_s=NOON + 30 * 86400.0).screened.state is Screen.OLD
    kept(store, of_day(8))
    store.add_safety_stop(of_day(8).session_id, at_s=NOON)
    told = told_by(store, now_s=NOON)
    assert told.screened.state is Screen.STOPPED and told.sessions[-1].stops == ("X",)
    with_flag = GOOD | {"saddle": YesNo.YES}
    guided.answer(store, with_flag, version=screening().version)
    found = told_by(store, now_s=NOON).screened
    assert found.state is Screen.LOOK_FIRST and "numbness" in found.raised[0]


def test_age_goes_on_after_it_was_stated(store: ProfileStore) -> None:
    age = Measure(MeasureName.AGE, 43.0, 0.3, "2024-01-08T12:00:00Z")
    store.save_person(store.person().with_measures((age,)))
    told = told_by(store, now_s=NOON).who.age_years
    assert told is not None and abs(told - 45.0) < 0.01


def test_what_is_told_is_kept_and_nothing_left_out_is_forgotten(store: ProfileStore) -> None:
    goal = GoalTold("Stairs", (Rating(date(2026, 1, 2), 3.0),))
    keep_told(store, PlanBook(goal=goal, asks=("One?",), movements=(MovementTold("a", 4.0),)))
    keep_told(
        store, PlanBook(movement="Shoes", asks=("Two?",), movements=(MovementTold("a", 5.0),))
    )
    book = book_of(store)
    assert (book.goal, book.movement, book.asks) == (goal, "Shoes", ("One?", "Two?"))
    assert book.movements == (MovementTold("a", 5.0),)
    assert merged(book, book) == book
    told = told_by(store, now_s=NOON)
    assert told.goal == goal and told.asks == ("One?", "Two?")
    assert b"plan.json" in b"".join(exported(store))


def test_ratings_of_one_activity_go_on_and_a_plan_of_an_exercise_takes_the_place_of_the_last(
    store: ProfileStore,
) -> None:
    def goal(text: str, day: int, rating: float) -> PlanBook:
        return PlanBook(goal=GoalTold(text, (Rating(date(2026, 1, day), rating),)))

    for told in (goal("Stairs", 2, 3.0), goal("Stairs", 5, 4.0), goal("Stairs", 2, 2.0)):
        keep_told(store, told)
    kept_goal = book_of(store).goal
    assert kept_goal is not None and [r.rating for r in kept_goal.ratings] == [2.0, 4.0]
    keep_told(store, goal("Running", 6, 1.0))
    other = book_of(store).goal
    assert other is not None and (other.text, len(other.ratings)) == ("Running", 1)
    for times in (2.0, 3.0):
        planned = (PlannedTold(EXERCISE, times, date(2026, 1, 1)),)
        keep_told(store, PlanBook(planned=planned))
    assert [p.times_a_week for p in book_of(store).planned] == [3.0]


def test_a_book_of_another_version_is_one_line_and_stays(store: ProfileStore) -> None:
    (store.folder / BOOK_NAME).write_text('{"from_the_future": 1}')
    with pytest.raises(InputError, match=r"from_the_future.*newer lengthwise"):
        keep_told(store, PlanBook(movement="Shoes"))
    assert "from_the_future" in (store.folder / BOOK_NAME).read_text()


def test_before_and_after_are_told_one_by_one_and_go_with_their_session(
    store: ProfileStore,
) -> None:
    kept(store, of_day(1), of_day(2))
    first, second = (s.session_id for s in store.sessions())
    tell_movement(store, first, before=5.0)
    tell_movement(store, second, before=4.0)
    tell_movement(store, first, after=3.0)
    rows = [(s.movement_before, s.movement_after) for s in told_by(store, now_s=NOON).sessions]
    assert rows == [(5.0, 3.0), (4.0, None)]
    with pytest.raises(InputError):
        tell_movement(store, "20260109T080000Z-abcdef", after=3.0)
    store.delete_session(first)
    assert [m.session_id for m in book_of(store).movements] == [second]
    assert first.encode() not in (store.folder / BOOK_NAME).read_bytes()


def test_what_cannot_be_written_leaves_what_was_there(
    store: ProfileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_told(store, PlanBook(movement="Shoes"))

    def full(path: Path, content: bytes) -> None:
        path.write_bytes(content[:5])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("lengthwise.record.plan_book.write_bytes", full)
    with pytest.raises(StorageError, match="No space left"):
        keep_told(store, PlanBook(movement="Stairs"))
    assert book_of(store).movement == "Shoes"
    assert [p.name for p in store.folder.glob("plan.json*")] == [BOOK_NAME]


def test_an_empty_text_is_none_that_was_told() -> None:
    first, second = Rating(date(2026, 1, 2), 3.0), Rating(date(2026, 1, 9), 5.0)
    kept = PlanBook(goal=GoalTold("Running", (first,)), movement="Shoes")
    for empty in ("", "  "):
        told = PlanBook(goal=GoalTold(empty, (second,)), movement=empty)
        book = merged(kept, told)
        assert book.goal == GoalTold("Running", (first, second)) and book.movement == "Shoes"
        assert merged(PlanBook(), told).goal is None


def test_what_goes_of_a_pull_is_on_the_sheet_and_without_a_gauge_it_is_said_not_to_be_known(
    store: ProfileStore,
) -> None:
    at = Estimate(1.0, 0.03)
    for day, loss in ((1, 0.2), (12, 0.22), (30, 0.5)):
        hold = HoldRelaxed(9.0, 30.0, Estimate(loss, 0.02), at, 80.0)
        pulled = PullTotals("gauge", Coordinate.HIP_FLEXION_L, stiff=True, relaxed=(hold,))
        kept(store, replace(of_day(day), pulled=pulled))
    (one,) = (told := told_by(store, now_s=NOON + 30 * 86400.0)).relaxed
    assert (one.exercise_id, one.sessions) == (EXERCISE, 3)
    first, last, change = handover_words.relaxed_words(one)
    assert (first, last) == ("20 % (sd 2 %), 2026-01-01", "50 % (sd 2 %), 2026-01-30")
    assert change.startswith("+7.") and "a week, beyond" in change
    sheet = handover(told)
    assert "Left hip bend at 57" in handover_words.text(sheet)
    assert "20 % (sd" in handover_page(sheet)
    (then,) = told_by(store, now_s=NOON).relaxed
    assert (then.sessions, then.last.ratio, then.per_week) == (1, 0.2, None), "no later day"
    none = handover(replace(told, relaxed=()))
    assert "Without a force sensor" in handover_words.text(none)


def test_a_hold_in_which_the_pull_doubled_does_not_end_the_handover(store: ProfileStore) -> None:
    at = Estimate(1.0, 0.03)
    for day, loss in ((1, -1.4), (12, 0.22)):
        hold = HoldRelaxed(9.0, 30.0, Estimate(loss, 0.02), at, 80.0)
        pulled = PullTotals("gauge", Coordinate.HIP_FLEXION_L, stiff=True, relaxed=(hold,))
        kept(store, replace(of_day(day), pulled=pulled))
    (one,) = told_by(store, now_s=NOON + 30 * 86400.0).relaxed
    assert (one.sessions, one.last.ratio) == (1, 0.22)
