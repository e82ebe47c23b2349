"""The ladder of feared movements: laws over made-up tries, then cases worked by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.contracts.handover import Change
from lengthwise.contracts.ladder import Exposure, ExposureTold, Rung, Step, Tried
from lengthwise.live.week import EXAMPLE
from lengthwise.plan.ladder import exposure
from lengthwise.reference.exercises import exercises
from lengthwise.reference.ladders import ladders
from lengthwise.reference.rules import rules
from lengthwise.reference.words import alarming_words
from lengthwise.report import ladder_words as said

BEGAN = date(2026, 1, 1)
RUNGS = (Rung("a", "One"), Rung("b", "Two", "hip_hinge"), Rung("c", "Three"), Rung("d", "Four"))
IDS = [r.id for r in RUNGS]
NRS = st.integers(0, 10).map(float)
TOLD_NRS = st.sampled_from([None, 0.0, 1.0, 2.0, 2.0, 3.0, 6.0])
TRIES = st.builds(
    Tried,
    st.integers(0, 12).map(lambda n: BEGAN + timedelta(days=n)),
    st.sampled_from(["a", "a", "a", "b", "b", "c"]),
    expected=st.sampled_from([None, 3.0, 6.0]),
    actual=TOLD_NRS,
    before=st.sampled_from([None, 1.0, 2.0, 2.0]),
    next_day=TOLD_NRS,
    confidence=st.sampled_from([None, 3.0, 6.0, 7.0, 8.0]),
)
TOLD = st.lists(TRIES, max_size=14).map(
    lambda tries: ExposureTold(BEGAN + timedelta(days=20), RUNGS, tuple(tries), EXAMPLE)
)


def offered(told: ExposureTold) -> Exposure:
    return exposure(told, dict(exercises()))


def height(found: Exposure) -> int:
    """How high on the ladder; above all of it once it is done."""
    return len(IDS) if found.action is Step.TOP else IDS.index(found.rung or "a")


@settings(max_examples=300)
@given(TOLD, st.integers(0, 13), st.sampled_from(["actual", "next_day"]), NRS)
def test_more_pain_never_offers_a_higher_step(
    told: ExposureTold, place: int, which: str, more: float
) -> None:
    if place >= len(told.tries) or getattr(told.tries[place], which) is None:
        return
    tries = list(told.tries)
    worse = min(getattr(tries[place], which) + more, 10.0)
    tries[place] = replace(tries[place], **{which: worse})
    assert height(offered(replace(told, tries=tuple(tries)))) <= height(offered(told))


@settings(max_examples=200)
@given(TOLD, st.integers(0, 13), st.sampled_from(["expected", "actual", "before", "confidence"]))
def test_what_was_not_told_settles_nothing(told: ExposureTold, place: int, which: str) -> None:
    if place >= len(told.tries):
        return
    tries = [replace(t, **{which: None}) for t in told.tries]
    assert not any(r.settled for r in offered(replace(told, tries=tuple(tries))).rungs)


@settings(max_examples=100)
@given(TOLD)
def test_nothing_new_is_offered_in_a_flare_or_where_nobody_asked(told: ExposureTold) -> None:
    flaring = replace(EXAMPLE, care=replace(EXAMPLE.care, flare=True))
    unasked = replace(EXAMPLE, care=replace(EXAMPLE.care, flare=None))
    for asked in (flaring, unasked, None):
        found = offered(replace(told, asked=asked))
        settled = {r.id for r in found.rungs if r.settled}
        assert found.action is Step.FAMILIAR and (found.rung is None or found.rung in settled)


CAN = {"S.cannot_kneel", "S.cannot_get_down_to_floor"}


@settings(max_examples=200)
@given(TOLD, st.sampled_from(sorted(rules().keys() - CAN)), st.sampled_from(["bending", "lifting"]))
def test_one_more_flag_never_offers_a_higher_step(told: ExposureTold, rule: str, name: str) -> None:
    """Whoever is kept from the smaller step is not led to the larger one beyond it."""
    rungs = next(each.rungs for each in ladders().ladder if each.id == name)
    places = {id: rungs[n].id for n, id in enumerate(IDS)}
    tries = tuple(replace(t, rung=places[t.rung]) for t in told.tries)
    asked = replace(EXAMPLE, level=5)
    on = ExposureTold(told.today, rungs, tries, asked)
    ids = [r.id for r in rungs]

    def at(found: Exposure) -> int:
        if found.rung is None:
            return -1
        return len(ids) if found.action is Step.TOP else ids.index(found.rung)

    flagged = offered(replace(on, asked=replace(asked, barred=(rule,))))
    assert at(flagged) <= at(offered(on))


@pytest.mark.parametrize("pain", [None, 7.0, 9.0])
def test_with_much_pain_no_step_is_offered_whatever_it_is_done_as(pain: float | None) -> None:
    asked = replace(EXAMPLE, care=replace(EXAMPLE.care, baseline_nrs=pain))
    found = offered(ExposureTold(BEGAN, RUNGS, (), asked))
    assert (found.action, found.rung, found.reason) == (Step.FAMILIAR, None, "barred")
    assert all("D.much_pain" in r.bars for r in found.rungs)


def test_a_level_that_is_not_reached_is_not_passed_by() -> None:
    """At level 0 both bends of the ladder wait; tying shoes is harder, and waits with them."""
    rungs = next(each.rungs for each in ladders().ladder if each.id == "bending")
    up = (good(1, "rock"), good(2, "rock"))
    on = ExposureTold(BEGAN + timedelta(days=9), rungs, up, replace(EXAMPLE, level=0))
    found = offered(on)
    assert (found.action, found.rung, found.rule_ids) == (Step.FAMILIAR, "rock", ("A",))


@settings(max_examples=100)
@given(TOLD)
def test_what_may_not_be_given_is_never_offered(told: ExposureTold) -> None:
    found = offered(replace(told, asked=replace(EXAMPLE, left_out=("hip_hinge",))))
    assert found.rung != "b" and found.rungs[1].bars == ("wish",)


def good(day: int, rung: str, **other: object) -> Tried:
    told = {"expected": 4.0, "actual": 2.0, "before": 2.0, "next_day": 2.0, "confidence": 6.0}
    return Tried(BEGAN + timedelta(days=day), rung, **(told | other))  # type: ignore[arg-type]


def of(*tries: Tried) -> Exposure:
    return offered(ExposureTold(BEGAN + timedelta(days=20), RUNGS, tries, EXAMPLE))


def test_two_good_days_offer_the_next_step_and_two_tries_of_one_day_do_not() -> None:
    assert (of().action, of().rung) == (Step.FIRST, "a")
    once = of(good(1, "a"), good(1, "a"))
    assert (once.action, once.rung) == (Step.AGAIN, "a")
    twice = of(good(1, "a"), good(2, "a"))
    assert (twice.action, twice.rung) == (Step.NEXT, "b")
    afraid = of(good(1, "a"), good(2, "a", confidence=3.0))
    assert (afraid.action, afraid.rung) == (Step.AGAIN, "a")


def test_a_step_that_hurt_too_much_offers_the_one_before() -> None:
    up = (good(1, "a"), good(2, "a"))
    red = of(*up, good(3, "b", actual=7.0))
    assert (red.action, red.rung, red.reason) == (Step.EASIER, "a", "red")
    stopped = of(*up, good(3, "b", stopped=True))
    assert (stopped.action, stopped.rung) == (Step.EASIER, "a")
    after = of(*up, good(3, "b", next_day=4.5))
    assert (after.action, after.rung) == (Step.EASIER, "a")


def test_all_done_and_worse_again_comes_back() -> None:
    up = [good(n, IDS[n // 2]) for n in range(8)]
    assert of(*up).action is Step.TOP
    assert of(*up, good(9, "c", actual=3.5, expected=2.0)).rung == "c"


def test_expected_and_actual_pain_are_compared_in_pairs_and_few_are_said_to_be_few() -> None:
    few = of(*[good(n, "a") for n in range(4)])
    assert (few.less.told, few.gap.verdict) == (False, Change.TOO_FEW)
    many = of(
        *[good(n, "a", actual=2.0 + 0.5 * (n % 2)) for n in range(6)], good(7, "a", actual=None)
    )
    assert (many.less.count, many.less.among) == (6, 6)
    assert many.gap.verdict is Change.LESS and many.gap.change == pytest.approx(-1.75)


def test_a_ladder_of_nothing_or_of_what_is_not_on_it_is_refused() -> None:
    with pytest.raises(ValueError, match="has steps"):
        ExposureTold(BEGAN, ())
    with pytest.raises(ValueError, match="z was tried"):
        ExposureTold(BEGAN, RUNGS, (Tried(BEGAN, "z"),))


def test_ladders_name_exercises_that_are_there_and_no_word_alarms() -> None:
    for ladder in ladders().ladder:
        assert {r.exercise_id for r in ladder.rungs} - {None} <= exercises().keys()
        assert {rule for r in ladder.rungs for rule in r.rules} <= rules().keys()
        assert all(r.rules or r.exercise_id for r in ladder.rungs), "no step is free of every rule"
        assert [r.text for r in ladder.rungs if alarming_words(r.text)] == []
    texts = [*said.REASON.values(), *said.CHANGE.values(), *said._ACTION.values()]
    assert [t for t in texts if alarming_words(t)] == []
