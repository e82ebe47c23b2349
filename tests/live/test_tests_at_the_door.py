"""What a test told of the leg closes the door, whether or not a plan has taken it in."""

from datetime import datetime

import pytest
from kept_days import of_day
from msgspec.structs import replace

from lengthwise.contracts.assessment import TestResult
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.own_plan import ResultsKept, TestsTaken
from lengthwise.contracts.tested import Tested
from lengthwise.live import guided, tests_read
from lengthwise.live.own_plan import impairments, kept_plan, plan_of_today
from lengthwise.live.own_plan_told import settle, take_back, tell_results
from lengthwise.plan.screening import Refusal
from lengthwise.record.store import ProfileStore
from lengthwise.reference.exercises import exercises

NOW = datetime.now().replace(hour=12, minute=0, second=0, microsecond=0)
NOW_S = NOW.timestamp()
SPREAD = Tested("test_repeated_extension", None, reach_before=1, reach_after=3, symptom=True)
FELT = Tested("test_straight_leg_raise", Side.LEFT, 55.0, 4.0, 2, True, True)
LEG = {"N.femoral_symptoms", "N.sciatic_symptoms"}


def led(store: ProfileStore, tested: Tested, monkeypatch: pytest.MonkeyPatch) -> str:
    """A session of a test is over and listed; nobody has decided anything since."""
    done = replace(
        of_day(1),
        session_id=f"{NOW:%Y%m%dT%H%M%S}Z-a1b2c3",
        started_utc=NOW.astimezone().isoformat(),
        exercise_id=tested.test_id,
    )
    store.add_session(done, store.session_folder(done.session_id).sealed)
    monkeypatch.setattr(tests_read, "tested_of", lambda _: (tested,))
    return done.session_id


def barred_by(rule: str) -> str:
    return next(e.id for e in exercises().values() if rule in e.contraindications)


@pytest.mark.parametrize(
    ("tested", "rule"), [(SPREAD, "K.extension_barred"), (FELT, "N.sciatic_symptoms")]
)
def test_a_feeling_in_the_leg_closes_the_door_before_any_page_asks_what_came_of_it(
    store: ProfileStore, monkeypatch: pytest.MonkeyPatch, tested: Tested, rule: str
) -> None:
    exercise = exercises()[barred_by(rule)]
    assert guided.standing(store, exercise).refusal is None
    led(store, tested, monkeypatch)
    assert guided.standing(store, exercise).refusal is Refusal.EXERCISE_BARRED
    settle(store, at_s=NOW_S)
    assert guided.standing(store, exercise).refusal is Refusal.EXERCISE_BARRED
    assert plan_of_today(store, at_s=NOW_S + 8 * 86400.0).bars == frozenset()


def test_taking_back_or_deleting_a_led_test_opens_nothing_that_the_leg_closed(
    store: ProfileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id = led(store, FELT, monkeypatch)
    settle(store, at_s=NOW_S)
    (place,) = [k.place for k in store.plan_events() if isinstance(k.event, TestsTaken)]
    take_back(store, place, at_s=NOW_S)
    plan = kept_plan(store, at_s=NOW_S)
    assert set(impairments(plan).bars) == LEG
    assert not any(r.value_deg for r in plan.results), "the number counts no more"
    store.delete_session(session_id)
    assert set(impairments(kept_plan(store, at_s=NOW_S)).bars) == LEG
    assert plan_of_today(store, at_s=NOW_S).bars == LEG


def test_correcting_what_was_typed_does_not_unsay_the_leg(store: ProfileStore) -> None:
    day = NOW.toordinal()
    typed = TestResult("straight_leg_raise", day, 48.0, 5.0, Side.LEFT, symptom=True)
    tell_results(store, (typed,), at_s=NOW_S)
    (place,) = [k.place for k in store.plan_events() if isinstance(k.event, ResultsKept)]
    right = replace(typed, value_deg=84.0, symptom=False)
    tell_results(store, (right,), at_s=NOW_S, replaces=place)
    plan = kept_plan(store, at_s=NOW_S)
    assert set(impairments(plan).bars) == LEG
    assert [r.value_deg for r in plan.results if r.value_deg is not None] == [84.0]
