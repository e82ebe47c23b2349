"""What closes a kept plan: flares, stops, much pain, and what of it holds at every door."""

import time
from datetime import timedelta

import pytest
from plan_told import DAY, GOOD, INTAKE, NONE_OF_THESE, NOON, NOW_S, VERSION, all_told, led, today

from lengthwise.contracts.answers import Answer, AnswerName
from lengthwise.contracts.errors import SafetyRefusedError
from lengthwise.contracts.own_plan import Change, DayDecided
from lengthwise.contracts.progress import Move
from lengthwise.contracts.screening import YesNo
from lengthwise.contracts.told import PainMoment
from lengthwise.contracts.week import Purpose
from lengthwise.live import guided
from lengthwise.live.looking_back import tell_pain
from lengthwise.live.own_plan import (
    asked_for,
    care_now,
    kept_plan,
    now_standing,
    plan_of_today,
    utc_of,
)
from lengthwise.live.own_plan_history import plan_history
from lengthwise.live.own_plan_told import (
    DaySaid,
    settle,
    tell_day,
    tell_flare,
    tell_intake,
    tell_looked,
)
from lengthwise.plan.screening import Refusal
from lengthwise.record.store import ProfileStore
from lengthwise.reference.exercise_parts import ExerciseKind
from lengthwise.reference.exercises import exercise, led_exercises
from lengthwise.reference.screening import TWO_STOPS, screening, seen_id
from lengthwise.report import progress_words

BREATHING, WALKING = ExerciseKind.BREATHING, ExerciseKind.WALKING
LOOKED = GOOD | {seen_id(TWO_STOPS): YesNo.YES}


def plan_of(store: ProfileStore) -> DayDecided:
    return [k.event for k in store.plan_events() if isinstance(k.event, DayDecided)][-1]


def test_a_flare_closes_everything_until_the_questions_are_answered_anew(
    store: ProfileStore,
) -> None:
    all_told(store)
    tell_flare(store, at_s=NOW_S)
    assert guided.standing(store).refusal is not None
    assert all(item.not_now for item in today(store).items)
    with pytest.raises(SafetyRefusedError):
        guided.check_may_be_led(store, exercise("seated_breathing"))
    guided.answer(store, GOOD, version=VERSION)
    tell_day(store, DaySaid(pain=5.0, answers=NONE_OF_THESE), at_s=NOW_S)
    found = today(store)
    assert found.easy and found.level == 0 and found.volume == pytest.approx(0.5)
    assert found.decided.move is Move.EASY_DAYS
    for n in range(3):
        at_s = (NOON + n * DAY).timestamp()
        tell_day(store, DaySaid(pain=3.0, answers=NONE_OF_THESE), at_s=at_s)
        items = today(store, at_s=at_s).items
        assert items and not any(i.purpose is Purpose.LENGTH and not i.not_now for i in items)
        assert guided.standing(store, exercise("seated_hamstring")).refusal is not None
    after = (NOON + 3 * DAY).timestamp()
    tell_day(store, DaySaid(pain=2.0, answers=NONE_OF_THESE), at_s=after)
    assert not today(store, at_s=after).easy


def test_a_flare_that_needs_a_doctor_is_not_led_at_all(store: ProfileStore) -> None:
    all_told(store)
    tell_flare(store, at_s=NOW_S)
    guided.answer(store, GOOD | {"bladder_bowel": YesNo.YES}, version=VERSION)
    tell_day(store, DaySaid(pain=2.0, answers=NONE_OF_THESE), at_s=NOW_S)
    assert all(item.not_now for item in today(store).items)
    assert not guided.standing(store).may_answer


@pytest.mark.parametrize(
    "said",
    [
        DaySaid(answers={AnswerName.FLARE: "yes"}),
        DaySaid(pain=6.0, change=Change.WORSE, activity_lost=True),
    ],
    ids=["answered", "by its numbers"],
)
def test_a_flare_that_nobody_pressed_asks_the_questions_as_well(
    store: ProfileStore, said: DaySaid, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_told(store)
    led(store, NOON, before=2.0, most=2.0)
    tomorrow = (NOON + DAY).timestamp()
    tell_day(store, said, at_s=tomorrow)
    monkeypatch.setattr(time, "time", lambda: tomorrow + 60.0)
    found = today(store, at_s=tomorrow)
    assert found.easy and found.decided.move is Move.EASY_DAYS
    assert guided.standing(store).refusal is not None
    assert [k.kind for k in plan_history(store)].count("flare") == 1
    guided.answer(store, GOOD, version=VERSION)
    tell_day(store, DaySaid(answers=NONE_OF_THESE), at_s=tomorrow)
    assert guided.standing(store).refusal is None, "once is enough"
    assert today(store, at_s=tomorrow).easy


def test_bad_news_of_a_first_session_counts_though_the_second_tells_nothing(
    store: ProfileStore,
) -> None:
    all_told(store)
    led(store, NOON + timedelta(hours=1), before=2.0, most=7.0)
    led(store, NOON + timedelta(hours=2), before=2.0, most=None)
    tomorrow = (NOON + DAY).timestamp()
    tell_day(store, DaySaid(pain=2.0), at_s=tomorrow)
    assert today(store, at_s=tomorrow).decided.move is Move.DOWN


def test_good_news_of_a_first_session_says_nothing_of_the_second(store: ProfileStore) -> None:
    all_told(store)
    led(store, NOON + timedelta(hours=1), before=2.0, most=2.0)
    led(store, NOON + timedelta(hours=2), before=2.0, most=None)
    tomorrow = (NOON + DAY).timestamp()
    tell_day(store, DaySaid(pain=2.0), at_s=tomorrow)
    assert today(store, at_s=tomorrow).decided.reason == progress_words.REASONS["not_known"]


def test_a_flare_that_is_said_twice_takes_away_once(store: ProfileStore) -> None:
    all_told(store)
    tell_flare(store, at_s=NOW_S)
    tell_flare(store, at_s=NOW_S + 60.0)
    assert today(store).volume == pytest.approx(0.5)


def test_two_stops_within_a_week_hold_the_plan_until_somebody_has_looked(
    store: ProfileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_told(store)
    for n in (0, 1):
        at = NOON + n * DAY
        session_id = led(store, at, before=2.0, most=3.0)
        store.add_safety_stop(session_id, at_s=at.timestamp())
    on_the_day = (NOON + DAY).timestamp()
    monkeypatch.setattr(time, "time", lambda: on_the_day + 60.0)
    tell_day(store, DaySaid(pain=2.0, answers=NONE_OF_THESE), at_s=on_the_day)
    found = today(store, at_s=on_the_day)
    assert found.held and found.decided.move is Move.CLINICIAN
    assert all(item.not_now for item in found.items)
    with pytest.raises(SafetyRefusedError, match="tomorrow at the earliest"):
        tell_looked(store, "my physiotherapist", at_s=on_the_day)
    with pytest.raises(SafetyRefusedError, match="tomorrow at the earliest"):
        guided.answer(store, LOOKED, version=VERSION)
    later = (NOON + 2 * DAY).timestamp() + 120.0
    monkeypatch.setattr(time, "time", lambda: later)
    with pytest.raises(SafetyRefusedError, match="nobody is named"):
        tell_looked(store, " ", at_s=later)
    with pytest.raises(SafetyRefusedError, match="questions are open"):
        tell_looked(store, "my physiotherapist", at_s=later)
    guided.answer(store, LOOKED, version=VERSION)
    tell_looked(store, "my physiotherapist", at_s=later)
    assert not today(store, at_s=later).held
    assert guided.standing(store, exercise("seated_hamstring")).refusal is None


def test_a_held_plan_holds_every_door_and_guided_tests_too(store: ProfileStore) -> None:
    """By its own rules alone, with nothing open among the safety questions."""
    all_told(store)
    for n in (0, 1):
        session_id = led(store, NOON + n * DAY, before=1.0, most=9.0)
        assert session_id
    on_the_day = (NOON + DAY).timestamp()
    tell_day(store, DaySaid(pain=2.0, answers=NONE_OF_THESE), at_s=on_the_day)
    assert plan_of_today(store, at_s=on_the_day).held
    guided.answer(store, GOOD, version=VERSION)
    assert guided.standing(store).refusal is None
    refused = guided.refusals(store)
    assert {i for i, why in refused.items() if why is None} == {
        e.id for e in led_exercises().values() if e.kind in (BREATHING, WALKING)
    }
    with pytest.raises(SafetyRefusedError, match="doctor or physiotherapist"):
        guided.check_may_be_led(store, led_exercises()["test_sorensen"])


def test_the_easy_days_hold_at_the_door_whatever_is_answered(store: ProfileStore) -> None:
    now_s = time.time()
    all_told(store, at_s=now_s)
    tell_flare(store, at_s=now_s)
    guided.answer(store, GOOD, version=VERSION)
    barred = {i for i, why in guided.refusals(store).items() if why is Refusal.EXERCISE_BARRED}
    assert barred
    tell_intake(store, INTAKE, {AnswerName.FLARE: "no"}, at_s=now_s)
    tell_day(store, DaySaid(answers={AnswerName.FLARE: "no"}), at_s=now_s)
    of_a_file = Answer(AnswerName.FLARE, "no", utc_of(now_s))
    store.save_person(store.person().with_answers((of_a_file,)))
    after = {i for i, why in guided.refusals(store).items() if why is Refusal.EXERCISE_BARRED}
    assert barred <= after


def test_where_a_flare_cannot_be_kept_whole_nobody_is_led(
    store: ProfileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process that makes the week dies half-way; and it is told again."""
    all_told(store)
    led(store, NOON, before=2.0, most=2.0)
    tomorrow = (NOON + DAY).timestamp()
    monkeypatch.setattr(time, "time", lambda: tomorrow + 60.0)

    def dies(*_: object, **__: object) -> None:
        raise OSError

    said = DaySaid(pain=6.0, change=Change.WORSE, activity_lost=True)
    with monkeypatch.context() as broken:
        broken.setattr(ProfileStore, "add_plan_events", dies)
        with pytest.raises(OSError):
            tell_day(store, said, at_s=tomorrow)
    assert guided.standing(store).refusal is not None
    guided.answer(store, GOOD, version=VERSION)
    tell_day(store, said, at_s=tomorrow + 60.0)
    assert guided.standing(store).refusal is not None


def test_answers_of_the_first_day_hold_after_those_of_a_week_later(
    store: ProfileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is asked weekly is not all that was answered."""
    all_told(store)
    later = (NOON + 8 * DAY).timestamp()
    monkeypatch.setattr(time, "time", lambda: later)
    weekly = {q.id: q.good for q in screening().question if q.weekly}
    guided.answer(store, weekly, version=VERSION)
    assert guided.standing(store).refusal is None
    plan = kept_plan(store, at_s=later)
    standing = now_standing(store, plan)
    assert standing is not None
    asked = asked_for(store, plan, standing, care_now(store, standing, at_s=later))
    assert asked.kneel is not None and asked.floor is not None


def test_pain_that_rose_in_a_session_is_a_stop_whenever_it_is_told(store: ProfileStore) -> None:
    all_told(store)
    session_id = led(store, NOON, before=1.0, most=None)
    assert guided.standing(store).refusal is None
    tell_pain(store, session_id, PainMoment.AFTER, 3.0)
    assert guided.standing(store).refusal is None
    tell_pain(store, session_id, PainMoment.AFTER, 4.0)
    assert guided.standing(store).refusal is Refusal.STOPPED_SINCE


def test_what_a_session_told_counts_after_it_is_deleted(store: ProfileStore) -> None:
    all_told(store)
    session_id = led(store, NOON, before=1.0, most=6.0)
    settle(store, at_s=NOON.timestamp())
    kept = plan_of(store)
    store.delete_session(session_id)
    assert plan_of(store) == kept
