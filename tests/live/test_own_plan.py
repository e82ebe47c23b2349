"""A person's plan as it is kept: told, decided, made again, shown and taken along."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from msgspec.structs import replace
from plan_told import (
    DAY,
    GOOD,
    INTAKE,
    LASTING,
    NONE_OF_THESE,
    NOON,
    NOW_S,
    VERSION,
    all_told,
    led,
    plan_shown,
    today,
)

from lengthwise.contracts.answers import AnswerName
from lengthwise.contracts.assessment import TestResult
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.handover import GoalTold
from lengthwise.contracts.own_plan import (
    AtHand,
    Begun,
    Change,
    DayDecided,
    Intake,
    PlanEvent,
    Tight,
    TightPlace,
    WeekMade,
)
from lengthwise.contracts.plan_book import PlanBook
from lengthwise.contracts.progress import Move
from lengthwise.contracts.screening import YesNo
from lengthwise.contracts.week import Clinician, Purpose
from lengthwise.live import constant_edits, guided
from lengthwise.live.exercise_effects import effects_of
from lengthwise.live.handover import told_by
from lengthwise.live.own_data import exported
from lengthwise.live.own_plan_history import plan_history
from lengthwise.live.own_plan_shown import WAITS
from lengthwise.live.own_plan_told import (
    DaySaid,
    begun,
    tell_day,
    tell_flare,
    tell_intake,
    tell_results,
    wish,
)
from lengthwise.live.plan_book import keep_told
from lengthwise.live.plan_effects import effects_table
from lengthwise.live.whole_book import whole_book
from lengthwise.plan.progression import step
from lengthwise.plan.week import planned
from lengthwise.record.store import ProfileStore
from lengthwise.reference.at_hand import is_at_hand, needs
from lengthwise.reference.edits import Edit
from lengthwise.reference.exercises import exercise, exercises


def events(store: ProfileStore) -> list[PlanEvent]:
    return [kept.event for kept in store.plan_events()]


def test_without_an_intake_there_is_no_plan_and_none_is_decided(store: ProfileStore) -> None:
    tell_day(store, DaySaid(pain=3.0), at_s=NOW_S)
    found = plan_shown(store)
    assert found.intake is None and found.today is None and found.week is None
    assert events(store) == []


def test_an_empty_intake_is_taken_and_nothing_is_taken_for_fine(store: ProfileStore) -> None:
    tell_intake(store, Intake(), {}, at_s=NOW_S)
    found = today(store)
    assert found.level == 0
    given = [i for i in found.items if not i.not_now]
    assert {i.purpose for i in given} <= {Purpose.BREATH, Purpose.WALK}
    assert plan_shown(store).week is not None


def test_what_is_open_today_bars_as_it_would_answered_badly(store: ProfileStore) -> None:
    """A later day: nothing was asked yet, so no stretch may be given, and it says why."""
    all_told(store)
    week = next(e for e in reversed(events(store)) if isinstance(e, WeekMade))
    for n, day in enumerate(week.week.days):
        for item in today(store, at_s=(NOON + n * DAY).timestamp()).items:
            if item.purpose is Purpose.LENGTH and n > 0:
                assert item.not_now and item.not_now[0] == WAITS
        assert {i.exercise_id for i in day.items} == {
            i.exercise_id for i in today(store, at_s=(NOON + n * DAY).timestamp()).items
        }


def test_nothing_is_given_that_a_session_would_be_refused_for(store: ProfileStore) -> None:
    all_told(store)
    for n in range(7):
        at_s = (NOON + n * DAY).timestamp()
        tell_day(store, DaySaid(pain=2.0, answers=NONE_OF_THESE), at_s=at_s)
        for item in today(store, at_s=at_s).items:
            if not item.not_now:
                assert guided.standing(store, exercise(item.exercise_id)).refusal is None
    guided.answer(store, GOOD | {"saddle": YesNo.YES}, version=VERSION)
    assert all(item.not_now for item in today(store).items)


def test_each_item_says_why_and_what_would_change_it(store: ProfileStore) -> None:
    all_told(store)
    week = plan_shown(store).week
    assert week is not None and len(week.days) == 7 and week.days[0].today
    assert {m.name for m in week.muscles} and any(m.week_s > 0.0 for m in week.muscles)
    for item in today(store).items:
        assert item.why.endswith(".") and item.would_change.endswith(".")
        assert item.words.rules
    assert all(d.takes_s <= 600.0 for d in week.days)


CALM = {Purpose.BREATH, Purpose.REST, Purpose.WALK}


def test_much_pain_today_leaves_breathing_positions_that_ease_and_walking(
    store: ProfileStore,
) -> None:
    all_told(store, pain=8.0)
    given = [i for i in today(store).items if not i.not_now]
    assert {i.purpose for i in given} <= CALM
    assert Purpose.REST in {i.purpose for i in given}


def test_a_number_more_does_not_shuffle_the_week(store: ProfileStore) -> None:
    all_told(store)
    before = [e for e in events(store) if isinstance(e, WeekMade)]
    tell_day(store, DaySaid(pain=3.0), at_s=NOW_S)
    tell_day(store, DaySaid(pain=1.0), at_s=(NOON + DAY).timestamp())
    assert [e for e in events(store) if isinstance(e, WeekMade)] == before


def test_the_first_day_says_how_the_plan_begins_also_after_what_was_led(
    store: ProfileStore,
) -> None:
    """A session or a test of the day is judged by the day after: until then nothing is decided."""
    all_told(store)
    at_first = today(store).decided
    assert "begins at level 2" in at_first.reason
    led(store, NOON + timedelta(hours=1), before=2.0, most=3.0)
    assert today(store).decided == at_first
    tomorrow = (NOON + DAY).timestamp()
    tell_day(store, DaySaid(pain=2.0), at_s=tomorrow)
    assert "borne well" in today(store, at_s=tomorrow).decided.reason


def test_the_day_after_is_asked_for_and_a_bad_one_takes_away(store: ProfileStore) -> None:
    all_told(store)
    led(store, NOON + timedelta(hours=1), before=2.0, most=3.0)
    assert not today(store).check_in, "not on the same day"
    tomorrow = (NOON + DAY).timestamp()
    assert today(store, at_s=tomorrow).check_in
    tell_day(store, DaySaid(pain=5.0, change=Change.WORSE, activity_lost=False), at_s=tomorrow)
    found = today(store, at_s=tomorrow)
    assert found.decided.move is Move.DOWN and found.level == 1
    assert found.volume == pytest.approx(0.7)
    assert not found.check_in and found.change is Change.WORSE


def test_a_clinicians_word_is_kept_with_its_reason_and_holds_in_the_plan(
    store: ProfileStore,
) -> None:
    """It caps, leaves out and lifts phases; it lifts nothing that the safety questions raise."""

    def stretches(word: Clinician | None) -> set[str]:
        if word is not None:
            keep_told(store, PlanBook(clinician=word))
        tell_day(store, DaySaid(pain=2.0, answers=NONE_OF_THESE), at_s=NOW_S)
        week = [e for e in events(store) if isinstance(e, WeekMade)][-1].week
        items = [i for day in week.days for i in day.items]
        return {i.exercise_id for i in items if i.purpose is Purpose.LENGTH}

    tell_intake(store, INTAKE, LASTING | {AnswerName.COURSE: "acute"}, at_s=NOW_S)
    assert stretches(None) == set()
    word = Clinician("seen, stiff and calm", lifted=("P.acute_end_range",))
    found = stretches(word)
    one = min(found)
    assert one not in stretches(replace(word, reason="not that one", left_out=(one,)))
    assert stretches(Clinician("seen again", level_most=0)) == set()
    said = [d.sentence for d in whole_book(store, at_s=NOW_S).decided if "clinician" in d.rule_ids]
    assert len(said) == 3 and "Reason: seen, stiff and calm." in said[0]
    assert "no level above 0" in said[2]
    with pytest.raises(InputError, match=r"lifted: P\.none"):
        keep_told(store, PlanBook(clinician=Clinician("x", lifted=("P.none",))))


def test_the_week_says_what_a_clinician_has_changed_and_why(
    store: ProfileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_told(store)
    shown = plan_shown(store).week
    assert shown is not None and shown.edited == ()
    edit = Edit(
        "ladder.settled_days", 3.0, 2.0, "A. Physio", "slow to trust", "2026-11-30T08:00:00Z"
    )
    monkeypatch.setattr(constant_edits, "in_force_here", lambda: {edit.constant: edit})
    shown = plan_shown(store).week
    assert shown is not None
    (line,) = shown.edited
    assert line.startswith("A. Physio has chosen 3 in place of 2 days. Days in a row on which")
    assert line.endswith("Reason: slow to trust.") and "ladder." not in line


def test_a_day_of_tests_alone_is_no_session_borne_well(store: ProfileStore) -> None:
    all_told(store)
    for n, exercise_id in ((0, "test_straight_leg_raise"), (1, "seated_hamstring")):
        at = NOON + n * DAY
        tell_day(store, DaySaid(pain=2.0, answers=NONE_OF_THESE), at_s=at.timestamp())
        led(store, at + timedelta(hours=1), before=2.0, most=2.0, exercise_id=exercise_id)
    tomorrow, later = ((NOON + n * DAY).timestamp() for n in (1, 2))
    tell_day(store, DaySaid(pain=2.0), at_s=tomorrow)
    assert "Tests were led and no exercise" in today(store, at_s=tomorrow).decided.reason
    tell_day(store, DaySaid(pain=2.0), at_s=later)
    assert "borne well" in today(store, at_s=later).decided.reason


def test_pain_at_its_most_that_was_not_told_is_never_taken_for_well_borne(
    store: ProfileStore,
) -> None:
    all_told(store)
    led(store, NOON + timedelta(hours=1), before=2.0, most=None)
    tomorrow = (NOON + DAY).timestamp()
    tell_day(store, DaySaid(pain=2.0, change=Change.SAME), at_s=tomorrow)
    days = [e for e in events(store) if isinstance(e, DayDecided)]
    assert days[-1].decided.reason == "not_known"
    assert days[-1].after.green_days == ()


def test_what_is_told_after_a_session_is_not_its_pain_before(store: ProfileStore) -> None:
    all_told(store)
    led(store, NOON + timedelta(hours=1), before=2.0, most=3.0)
    tell_day(store, DaySaid(pain=6.0), at_s=NOW_S + 7200.0)
    assert today(store, at_s=NOW_S + 7200.0).pain == 2.0


def test_a_deleted_session_takes_no_decision_back(store: ProfileStore) -> None:
    all_told(store)
    session_id = led(store, NOON + timedelta(hours=1), before=2.0, most=6.0)
    tomorrow = (NOON + DAY).timestamp()
    tell_day(store, DaySaid(pain=2.0, change=Change.SAME), at_s=tomorrow)
    assert today(store, at_s=tomorrow).decided.move is Move.DOWN
    store.delete_session(session_id)
    tell_day(store, DaySaid(pain=2.0), at_s=tomorrow)
    assert today(store, at_s=tomorrow).decided.move is Move.DOWN


def test_away_for_long_it_goes_on_lower_though_nobody_tells_anything(store: ProfileStore) -> None:
    all_told(store)
    led(store, NOON, before=2.0, most=2.0)
    later = (NOON + 20 * DAY).timestamp()
    guided.answer(store, GOOD, version=VERSION)
    tell_day(store, DaySaid(), at_s=later)
    found = today(store, at_s=later)
    assert found.decided.move is Move.RETEST and found.level == 1


def test_every_kept_decision_is_made_again_from_what_is_kept_of_it(store: ProfileStore) -> None:
    all_told(store)
    led(store, NOON + timedelta(hours=1), before=2.0, most=6.0)
    tell_day(store, DaySaid(pain=4.0, change=Change.WORSE), at_s=(NOON + DAY).timestamp())
    tell_results(store, (TestResult("straight_leg_raise", 1, 50.0, 4.0, Side.LEFT, None, False),
                         TestResult("straight_leg_raise", 2, 48.0, 4.0, Side.LEFT, None, False)),
                 at_s=(NOON + DAY).timestamp())  # fmt: skip
    tell_flare(store, at_s=(NOON + 2 * DAY).timestamp())
    guided.answer(store, GOOD, version=VERSION)
    tell_day(store, DaySaid(pain=4.0), at_s=(NOON + 2 * DAY).timestamp())
    effects = effects_table()
    seen = {"day": 0, "week": 0, "begun": 0}
    for event in events(store):
        match event:
            case DayDecided():
                assert step(event.before, event.told) == (event.after, event.decided)
                seen["day"] += 1
            case WeekMade():
                assert event.effects == effects.digest
                assert planned(event.asked, exercises().values(), effects.of) == event.week
                seen["week"] += 1
            case Begun():
                told = Intake(usual_nrs=event.usual_nrs)
                assert begun(event.day, event.care, told) == event
                seen["begun"] += 1
    assert seen["day"] >= 3 and seen["week"] >= 3 and seen["begun"] == 1


def test_the_timeline_tells_each_decision_once_with_its_rules(store: ProfileStore) -> None:
    all_told(store)
    tell_day(store, DaySaid(pain=3.0), at_s=NOW_S)
    kept = plan_history(store)
    assert [k.kind for k in kept].count("day") == 1
    assert [k.kind for k in kept][-2:] == ["begun", "intake"]
    for each in kept:
        assert each.sentence.endswith(".") and each.would_change.endswith(".")
        if each.kind in ("day", "week", "begun"):
            assert each.rule_ids and each.words.rules
    assert sorted((k.at_utc for k in kept), reverse=True) == [k.at_utc for k in kept]


def test_a_wish_is_followed_at_once(store: ProfileStore) -> None:
    all_told(store)
    made = next(e for e in reversed(events(store)) if isinstance(e, WeekMade))
    unwanted = next(w.exercise_id for w in made.week.why if w.purpose is Purpose.LENGTH)
    wish(store, unwanted, "leave_out", at_s=NOW_S)
    anew = next(e for e in reversed(events(store)) if isinstance(e, WeekMade))
    assert unwanted not in {w.exercise_id for w in anew.week.why}
    wish(store, unwanted, "as_it_comes", at_s=NOW_S)
    again = next(e for e in reversed(events(store)) if isinstance(e, WeekMade))
    assert again.week == made.week
    with pytest.raises(InputError):
        wish(store, "somersault", "like", at_s=NOW_S)


def test_what_is_not_at_hand_is_not_said_to_be_unwanted(store: ProfileStore) -> None:
    hips = tuple(Tight(TightPlace.HIP_FRONT, side) for side in Side)
    tell_intake(store, replace(INTAKE, at_hand=None, tight=hips), LASTING, at_s=NOW_S)
    tell_day(store, DaySaid(pain=2.0, answers=NONE_OF_THESE), at_s=NOW_S)
    week = plan_shown(store).week
    assert week is not None and week.unmet
    assert not any("You left them out." in line for line in week.unmet)
    assert any("not at hand" in line for line in week.unmet)


def test_only_what_is_at_hand_is_planned(store: ProfileStore) -> None:
    tell_intake(store, replace(INTAKE, at_hand=None), LASTING, at_s=NOW_S)
    tell_day(store, DaySaid(pain=2.0, answers=NONE_OF_THESE), at_s=NOW_S)
    made = next(e for e in reversed(events(store)) if isinstance(e, WeekMade))
    assert made.week.why
    for why in made.week.why:
        assert is_at_hand(exercise(why.exercise_id), ())


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("steady chair against a wall", {AtHand.CHAIR}),
        ("box of 2 to 5 kg on a low stool", {AtHand.WEIGHT, AtHand.STEP}),
        ("strap or towel around the foot", {AtHand.STRAP}),
        ("wall", set()),
        ("firm bed or mat", {AtHand.BED, AtHand.MAT}),
    ],
)
def test_equipment_is_read_out_of_its_words(line: str, named: set[AtHand]) -> None:
    assert needs(line) == named


def test_a_size_alone_changes_nothing_of_the_table() -> None:
    """So that one table of the generic body serves everybody of whom only a height is known."""
    chosen = [exercise("seated_hamstring"), exercise("half_kneeling_hip_flexor")]
    table = effects_table().of
    for found in effects_of(chosen, height_m=1.72):
        for one, other in zip(found.groups, table[found.exercise_id].groups, strict=True):
            assert one.gain == pytest.approx(other.gain, abs=1e-9)


def test_the_plan_is_taken_along_and_goes_with_everything_else(store: ProfileStore) -> None:
    all_told(store)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(exported(store))))
    kept = json.loads(archive.read("plan.json"))
    assert kept[0]["event"]["intake"]["activity"] == INTAKE.activity
    assert {"intake", "begun", "day", "week"} <= {k["event"]["type"] for k in kept}


def test_the_sheet_for_the_physiotherapist_tells_of_the_plan_on_the_page(
    store: ProfileStore,
) -> None:
    all_told(store)
    led(store, NOON, before=2.0, most=7.0)
    tomorrow = (NOON + DAY).timestamp()
    tell_day(store, DaySaid(pain=4.0, change=Change.WORSE), at_s=tomorrow)
    told = told_by(store, now_s=tomorrow)
    assert told.goal is not None and told.goal.text == INTAKE.activity
    assert told.movement == INTAKE.movement
    made = [k.event for k in store.plan_events() if isinstance(k.event, WeekMade)][-1]
    of_week = [item.exercise_id for day in made.week.days for item in day.items]
    assert {p.exercise_id: p.times_a_week for p in told.planned} == {
        name: of_week.count(name) for name in of_week
    }
    assert "G" in told.decided[-1].rule_ids
    keep_told(store, PlanBook(goal=GoalTold("walk to work")))
    assert told_by(store, now_s=tomorrow).goal == GoalTold("walk to work")
