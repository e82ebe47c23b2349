"""Nobody is led whose answers are not plainly well."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.contracts.screening import Screened, YesNo
from lengthwise.plan.screening import (
    Outcome,
    Refusal,
    may_answer_again,
    refusal,
    result,
)
from lengthwise.reference.exercises import exercise, exercises
from lengthwise.reference.rules import rules
from lengthwise.reference.screening import Level, screening
from lengthwise.reference.words import alarming_words

ASKED = screening()
GOOD = {q.id: q.good for q in ASKED.question}
NOW_S = 1_800_000_000.0
DAY_S = 86_400.0
OTHER = {YesNo.YES: YesNo.NO, YesNo.NO: YesNo.YES}
BARRING = [q.id for q in ASKED.question if q.level is not Level.MODIFY]

any_answers = st.dictionaries(
    st.sampled_from([q.id for q in ASKED.question]), st.sampled_from(YesNo)
)


def answered(answers: dict[str, YesNo] | None = None, *, at_s: float = NOW_S) -> Screened:
    return Screened(ASKED.version, at_s, GOOD if answers is None else answers)


@given(any_answers)
def test_only_whole_and_good_answers_are_clear(answers: dict[str, YesNo]) -> None:
    whole = answers.keys() == GOOD.keys()
    barring = any(answers.get(q) != GOOD[q] for q in BARRING)
    clear = result(ASKED, answers).outcome is Outcome.CLEAR
    assert clear == (whole and not barring)
    assert (refusal(ASKED, answered(answers), now_s=NOW_S) is None) == clear


@given(any_answers, st.sampled_from(sorted(GOOD)))
def test_one_more_raised_answer_never_makes_it_better(answers: dict[str, YesNo], q: str) -> None:
    order = [
        Outcome.CLEAR,
        Outcome.UNANSWERED,
        Outcome.REFER,
        Outcome.URGENT,
        Outcome.EMERGENCY,
    ]
    before = result(ASKED, answers | {q: GOOD[q]})
    after = result(ASKED, answers | {q: OTHER[GOOD[q]]})
    assert order.index(after.outcome) >= order.index(before.outcome)
    assert after.barred >= before.barred


def test_every_question_alone_bars_what_it_says() -> None:
    of_level = {
        Level.EMERGENCY: Outcome.EMERGENCY,
        Level.URGENT: Outcome.URGENT,
        Level.REFER: Outcome.REFER,
        Level.MODIFY: Outcome.CLEAR,
    }
    for question in ASKED.question:
        found = result(ASKED, GOOD | {question.id: OTHER[question.good]})
        assert found.outcome is of_level[question.level], question.id
        assert found.barred == set(question.rules)
        assert question.level is not Level.MODIFY or question.rules, "it would change nothing"


def test_what_a_question_bars_is_a_rule_and_bars_an_exercise() -> None:
    named = {rule for q in ASKED.question for rule in q.rules}
    assert named <= rules().keys()
    carried = {rule for e in exercises().values() for rule in e.contraindications}
    assert named & carried
    asked_at_intake = {rule for rule in rules() if rule.startswith("S.")}
    assert named == asked_at_intake, "a rule of screening that no question asks about"


def test_somebody_who_cannot_kneel_is_led_on_a_chair_and_not_on_a_knee() -> None:
    given = answered(GOOD | {"kneel": YesNo.NO})
    assert refusal(ASKED, given, now_s=NOW_S) is None
    kneeling = exercise("half_kneeling_hip_flexor")
    assert refusal(ASKED, given, now_s=NOW_S, exercise=kneeling) is Refusal.EXERCISE_BARRED
    led = [
        e for e in exercises().values() if refusal(ASKED, given, now_s=NOW_S, exercise=e) is None
    ]
    assert led and all("S.cannot_kneel" not in e.contraindications for e in led)


def test_an_answer_of_another_time_does_not_count() -> None:
    assert refusal(ASKED, None, now_s=NOW_S) is Refusal.NEVER_ANSWERED
    later = NOW_S + ASKED.valid.days * DAY_S
    assert refusal(ASKED, answered(), now_s=later) is None
    assert refusal(ASKED, answered(), now_s=later + 1.0) is Refusal.EXPIRED
    assert refusal(ASKED, answered(), now_s=NOW_S - 1.0) is Refusal.FROM_THE_FUTURE
    assert refusal(ASKED, answered(at_s=float("nan")), now_s=NOW_S) is Refusal.FROM_THE_FUTURE
    old = replace(answered(), version=ASKED.version - 1)
    assert refusal(ASKED, old, now_s=NOW_S) is Refusal.OTHER_VERSION
    stopped = refusal(ASKED, answered(), now_s=NOW_S + 9.0, stopped_since=True)
    assert stopped is Refusal.STOPPED_SINCE


def test_editing_an_answer_does_not_clear_it() -> None:
    grave = answered(GOOD | {"saddle": YesNo.YES})
    assert not may_answer_again(ASKED, grave, now_s=NOW_S + 60.0)
    assert may_answer_again(ASKED, grave, now_s=NOW_S + DAY_S)
    assert may_answer_again(ASKED, answered({}), now_s=NOW_S + 60.0)


def test_an_answer_to_nothing_that_is_asked_is_not_taken_for_one() -> None:
    strange = result(ASKED, GOOD | {"something_else": YesNo.NO})
    assert strange.outcome is Outcome.UNANSWERED


def test_no_word_of_it_alarms() -> None:
    texts = [q.text for q in ASKED.question]
    texts += [line for told in ASKED.told.values() for line in (told.now, told.next)]
    for text in texts:
        assert alarming_words(text) == (), text
    assert ASKED.told.keys() == set(Outcome) - {Outcome.CLEAR}
