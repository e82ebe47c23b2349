"""Nobody is led whose answers are not plainly well; a look and a day alone close a flag."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.contracts.care import Care
from lengthwise.contracts.screening import SafetyStop, Screened, Told, YesNo
from lengthwise.plan.clearance import DAY_S, clearance, step
from lengthwise.plan.eligible import as_screened
from lengthwise.plan.screening import (
    Outcome,
    Refusal,
    Result,
    due,
    may_answer,
    refusal,
    result,
)
from lengthwise.reference.exercises import Exercise, exercise, exercises
from lengthwise.reference.rules import rules
from lengthwise.reference.screening import TWO_STOPS, Level, SeenBy, screening, seen_id
from lengthwise.reference.words import alarming_words

ASKED = screening()
GOOD = {q.id: q.good for q in ASKED.question}
RAISED = {q.id: q.raised for q in ASKED.question}
WEEKLY = {q.id: q.good for q in ASKED.question if q.weekly}
NOW_S = 1_800_000_000.0
BARRING = [q for q in ASKED.question if q.level is not Level.MODIFY]
OF_LEVEL = {
    Level.EMERGENCY: Outcome.EMERGENCY,
    Level.URGENT: Outcome.URGENT,
    Level.REFER: Outcome.REFER,
    Level.MODIFY: Outcome.CLEAR,
}

any_answers = st.dictionaries(
    st.sampled_from([q.id for q in ASKED.question]), st.sampled_from(YesNo)
)


def answered(answers: dict[str, YesNo] | None = None, *, at_s: float = NOW_S) -> Screened:
    return Screened(ASKED.version, at_s, GOOD if answers is None else answers)


def why(
    told: Iterable[Told],
    *,
    now_s: float = NOW_S,
    flare_s: float | None = None,
    exercise: Exercise | None = None,
) -> Refusal | None:
    state = clearance(ASKED, told)
    return refusal(ASKED, state, now_s=now_s, flare_s=flare_s, exercise=exercise)


def found(told: Iterable[Told], *, now_s: float = NOW_S) -> Result:
    return result(ASKED, clearance(ASKED, told), now_s=now_s)


@given(any_answers)
def test_only_whole_and_good_answers_are_clear(answers: dict[str, YesNo]) -> None:
    whole = answers.keys() == GOOD.keys()
    barring = any(answers.get(q.id) != q.good for q in BARRING)
    clear = found([answered(answers)]).outcome is Outcome.CLEAR
    assert clear == (whole and not barring)
    assert (why([answered(answers)]) is None) == clear


@given(any_answers, st.sampled_from(sorted(GOOD)))
def test_one_more_raised_answer_never_makes_it_better(answers: dict[str, YesNo], q: str) -> None:
    order = list(Outcome)
    before = found([answered(answers | {q: GOOD[q]})])
    after = found([answered(answers | {q: RAISED[q]})])
    assert order.index(after.outcome) >= order.index(before.outcome)
    assert after.barred >= before.barred


def test_every_question_alone_bars_what_it_says() -> None:
    for question in ASKED.question:
        told = found([answered(GOOD | {question.id: RAISED[question.id]})])
        assert told.outcome is OF_LEVEL[question.level], question.id
        assert told.barred == set(question.rules)
        assert question.level is not Level.MODIFY or question.rules, "it would change nothing"


def test_what_a_question_bars_is_a_rule_and_bars_an_exercise() -> None:
    named = {rule for q in ASKED.question for rule in q.rules}
    assert named <= rules().keys()
    carried = {rule for e in exercises().values() for rule in e.contraindications}
    assert named & carried
    asked_at_intake = {rule for rule in rules() if rule.startswith("S.")}
    assert {rule for rule in named if rule.startswith("S.")} == asked_at_intake, (
        "a rule of screening that no question asks about"
    )


def test_somebody_who_cannot_kneel_is_led_on_a_chair_and_not_on_a_knee() -> None:
    told = [answered(GOOD | {"kneel": YesNo.NO})]
    assert why(told) is None
    assert why(told, exercise=exercise("half_kneeling_hip_flexor")) is Refusal.EXERCISE_BARRED
    led = [e for e in exercises().values() if why(told, exercise=e) is None]
    assert led and all("S.cannot_kneel" not in e.contraindications for e in led)


def test_an_answer_of_another_time_or_version_does_not_count() -> None:
    assert why([]) is Refusal.NEVER_ANSWERED
    weekly, whole = ASKED.valid.weekly_days * DAY_S, ASKED.valid.whole_days * DAY_S
    assert why([answered()], now_s=NOW_S + weekly) is None
    assert why([answered()], now_s=NOW_S + weekly + 1.0) is Refusal.EXPIRED
    again = [answered(), answered(WEEKLY, at_s=NOW_S + whole - 1.0)]
    assert why(again, now_s=NOW_S + whole) is None
    assert why(again, now_s=NOW_S + whole + 1.0) is Refusal.EXPIRED
    assert why([answered()], now_s=NOW_S - 1.0) is Refusal.FROM_THE_FUTURE
    assert why([answered(at_s=float("nan"))]) is Refusal.FROM_THE_FUTURE
    assert why([replace(answered(), version=ASKED.version - 1)]) is Refusal.OTHER_VERSION


def test_each_week_only_the_weekly_questions_are_due_and_with_a_flare_too() -> None:
    state = clearance(ASKED, [answered()])
    assert due(ASKED, state, now_s=NOW_S) == ()
    later = NOW_S + ASKED.valid.weekly_days * DAY_S + 1.0
    assert due(ASKED, state, now_s=later) == tuple(WEEKLY)
    flare = {"now_s": NOW_S + 60.0, "flare_s": NOW_S + 30.0}
    assert due(ASKED, state, **flare) == tuple(WEEKLY)
    assert refusal(ASKED, state, **flare) is Refusal.FLARE_SINCE
    told = step(ASKED, state, answered(WEEKLY, at_s=NOW_S + 40.0))
    assert refusal(ASKED, told, **flare) is None
    cauda_equina = {"bladder_bowel", "saddle", "both_legs", "growing_weakness"}
    assert cauda_equina <= WEEKLY.keys()
    assert {q.id for q in ASKED.question if q.level is Level.EMERGENCY} <= WEEKLY.keys()


@pytest.mark.parametrize("left_open", sorted(WEEKLY))
def test_one_weekly_question_left_open_stops(left_open: str) -> None:
    later = NOW_S + 8 * DAY_S
    part = {q: a for q, a in WEEKLY.items() if q != left_open}
    assert why([answered(), answered(part, at_s=later)], now_s=later) is Refusal.EXPIRED


def test_after_a_stop_everything_is_asked_and_a_part_is_not_enough() -> None:
    stopped: list[Told] = [answered(), SafetyStop(NOW_S + 10.0)]
    assert why(stopped, now_s=NOW_S + 20.0) is Refusal.STOPPED_SINCE
    part = [*stopped, answered(WEEKLY, at_s=NOW_S + 20.0)]
    assert why(part, now_s=NOW_S + 30.0) is Refusal.STOPPED_SINCE
    assert due(ASKED, clearance(ASKED, part), now_s=NOW_S + 30.0) == tuple(GOOD)
    assert why([*stopped, answered(at_s=NOW_S + 20.0)], now_s=NOW_S + 30.0) is None


def test_two_stops_in_a_week_ask_for_a_clinician() -> None:
    """Rule X. Between them the questions were answered well."""
    two: list[Told] = [
        answered(),
        SafetyStop(NOW_S),
        answered(at_s=NOW_S + 9.0),
        SafetyStop(NOW_S + 6 * DAY_S),
    ]
    later = NOW_S + 7.5 * DAY_S
    assert found(two, now_s=later).raised == (TWO_STOPS,)
    assert why([*two, answered(at_s=later)], now_s=later) is Refusal.OUTCOME
    seen = GOOD | {seen_id(TWO_STOPS): YesNo.YES}
    assert why([*two, answered(seen, at_s=later)], now_s=later) is None
    apart: list[Told] = [answered(), SafetyStop(NOW_S), SafetyStop(NOW_S + 7.1 * DAY_S)]
    assert found(apart, now_s=NOW_S + 8 * DAY_S).raised == ()


@pytest.mark.parametrize("question", BARRING, ids=lambda q: q.id)
def test_a_flag_is_closed_by_a_look_and_a_day_alone(question) -> None:  # type: ignore[no-untyped-def]
    q = question.id
    raised = [answered(GOOD | {q: RAISED[q]})]
    day = NOW_S + DAY_S
    looked = GOOD if question.looked_at_by is SeenBy.NOBODY else GOOD | {seen_id(q): YesNo.YES}
    assert not may_answer(ASKED, clearance(ASKED, raised), now_s=day - 1.0)
    assert may_answer(ASKED, clearance(ASKED, raised), now_s=day)
    assert why([*raised, answered(looked, at_s=day)], now_s=day) is None
    # Too early, without the look, and a part of the questions: each leaves it open.
    early = answered(looked, at_s=day - 1.0)
    assert why([*raised, early], now_s=day) is Refusal.OUTCOME
    if question.looked_at_by is not SeenBy.NOBODY:
        assert why([*raised, answered(at_s=day)], now_s=day) is Refusal.OUTCOME
    part = {i: a for i, a in looked.items() if i != "kneel"}
    assert why([*raised, answered(part, at_s=day)], now_s=day) is Refusal.OUTCOME


@pytest.mark.parametrize("question", BARRING, ids=lambda q: q.id)
def test_an_answer_that_stands_is_said_to_be_looked_at_each_time(question) -> None:  # type: ignore[no-untyped-def]
    q = question.id
    raised, day = GOOD | {q: RAISED[q]}, NOW_S + DAY_S
    seen = raised | {seen_id(q): YesNo.YES}
    told: list[Told] = [answered(raised), answered(seen, at_s=day)]
    assert (why(told, now_s=day) is None) == question.stands
    if not question.stands:
        return
    assert found(told, now_s=day).looked_at == (q,)
    assert found(told, now_s=day).barred == set(question.rules)
    assert seen_id(q) in due(ASKED, clearance(ASKED, told), now_s=day + 90 * DAY_S)
    assert why([*told, answered(seen, at_s=day + 60.0)], now_s=day + 60.0) is None
    assert why([*told, answered(raised, at_s=day + 60.0)], now_s=day + 60.0) is Refusal.OUTCOME


def test_no_emergency_may_stand() -> None:
    for question in ASKED.question:
        if question.level is Level.EMERGENCY:
            assert not question.stands and question.looked_at_by is SeenBy.DOCTOR
        if question.level is Level.URGENT:
            assert question.looked_at_by is SeenBy.DOCTOR


def test_who_says_at_once_that_somebody_has_looked_waits_all_the_same() -> None:
    told = answered(GOOD | {"cancer": YesNo.YES, seen_id("cancer"): YesNo.YES})
    assert why([told]) is Refusal.OUTCOME


def test_what_an_earlier_version_raised_stays_raised() -> None:
    old = Screened(ASKED.version - 1, NOW_S, GOOD | {"saddle": YesNo.YES})
    day = NOW_S + DAY_S
    assert why([old, answered(at_s=day)], now_s=day) is Refusal.OUTCOME
    looked = answered(GOOD | {seen_id("saddle"): YesNo.YES}, at_s=day)
    assert why([old, looked], now_s=day) is None
    of_version_one = {
        "adult", "bladder_bowel", "saddle", "both_legs", "growing_weakness", "belly_or_fever",
        "chest", "calf", "cancer", "weight_fever", "fall_or_blow", "strong_chest_spine",
        "inflammatory", "leg_pain_numbness", "pregnant", "spine_operation",
    }  # fmt: skip
    assert of_version_one <= ASKED.ids, "an id that was given up would clear what it raised"


def test_an_answer_to_nothing_that_is_asked_is_not_taken_for_one() -> None:
    strange = answered(GOOD | {"something_else": YesNo.NO})
    assert why([strange]) is Refusal.OTHER_VERSION
    raising = answered(GOOD | {"something_else": YesNo.NO, "saddle": YesNo.YES})
    assert why([raising]) is Refusal.OUTCOME


def test_of_two_answers_the_one_that_bars_counts() -> None:
    told = Care(osteoporotic=False, hypermobile=False, pregnant=False)
    raised = found(
        [answered(GOOD | dict.fromkeys(("osteoporosis", "hypermobile", "pregnant"), YesNo.YES))]
    )
    care = as_screened(told, raised.barred)
    assert care.osteoporotic and care.hypermobile and care.pregnant
    assert as_screened(told, frozenset()) == told


def test_pregnancy_that_was_looked_at_leaves_sitting_standing_and_side_lying() -> None:
    raised, day = GOOD | {"pregnant": YesNo.YES}, NOW_S + DAY_S
    seen = raised | {seen_id("pregnant"): YesNo.YES}
    told: list[Told] = [answered(raised), answered(seen, at_s=day)]
    led = {e.id for e in exercises().values() if why(told, now_s=day, exercise=e) is None}
    assert {"seated_hamstring", "standing_hip_flexor", "side_lying_quadriceps"} <= led
    assert not led & {"prone_knee_bend", "press_up", "supine_hamstring", "bridge"}


def test_no_word_of_it_alarms_and_every_outcome_has_its_words() -> None:
    texts = [q.text for q in ASKED.question]
    texts += [line for told in ASKED.told.values() for line in (told.now, told.next)]
    texts += [ASKED.seen_text(i) for i in (*ASKED.ids, TWO_STOPS)]
    for text in texts:
        assert alarming_words(text) == (), text
    assert set(ASKED.told) == {o.value for o in Outcome if o is not Outcome.CLEAR} | {"modify"}
