"""What is offered next on a person's own ladder, and how expected and actual pain compare (rule A).

The offer is the first step, in the person's order, that is not settled: done on `settled_days`
days in a row that were borne well (rule G), hurt no more than expected, and were begun with
confidence. A step that was borne badly offers the one before. What was not told settles nothing.
More pain never offers a later step: a day moves a step's count up or back to none, no more.

What may not be given is not offered, and nothing beyond it: whom a rule keeps from the smaller
step is not led to the larger one. Only what somebody leaves out, or cannot get down for, is passed
by. In a flare, or where that was not asked, nothing new is offered, and with much pain none. Pure.
"""

from collections.abc import Sequence

from lengthwise.contracts.handover import Compared, Share
from lengthwise.contracts.ladder import (
    Day,
    Exposure,
    ExposureTold,
    Rung,
    RungStands,
    Step,
    Tried,
)
from lengthwise.contracts.progress import Grade, SessionTold
from lengthwise.contracts.week import WeekAsked
from lengthwise.plan.eligible import LeftOut, bars, left_out, much_pain
from lengthwise.plan.intervals import compared, paired, share
from lengthwise.plan.progression import graded
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import Exercise

_SETTLED_DAYS = int(constant("ladder", "settled_days"))
_CONFIDENT = constant("ladder", "confidence_least")
_WITHIN = constant("ladder", "expected_within_nrs")
_LEAST = int(constant("ladder", "tries_least"))
_RATINGS_LEAST = int(constant("handover", "span_least"))
_CORRELATION = constant("handover", "day_correlation")
_EVIDENCE = ("fear.expectancy", "fear.graded_exposure")
NOT_ASKED = "not_asked"
_PASSED_BY = frozenset({LeftOut.WISH, "S.cannot_kneel", "S.cannot_get_down_to_floor"})
"""Reasons that say nothing of what a back bears."""


def exposure(told: ExposureTold, known: dict[str, Exercise]) -> Exposure:
    """What is offered on the day; what is later does not count yet."""
    tries = sorted((t for t in told.tries if t.on <= told.today), key=lambda t: t.on)
    of = {r.id: [t for t in tries if t.rung == r.id] for r in told.rungs}
    rungs = tuple(_stands(r, of[r.id], told.asked, known) for r in told.rungs)
    action, rung, why, change = _offered(rungs, of, told.asked)
    return Exposure(
        action=action,
        rung=rung,
        rungs=rungs,
        less=no_more_than_expected(tries),
        gap=expected_against_actual(tries),
        confidence=_confidence(tries),
        reason=why,
        would_change=change,
        rule_ids=("A", "F") if why in ("flare", NOT_ASKED) else ("A",),
        evidence_ids=_EVIDENCE,
    )


def no_more_than_expected(tries: Sequence[Tried]) -> Share:
    """How often it hurt no more than expected, of those that tell both."""
    pairs = _pairs(tries)
    return share(sum(actual <= expected for expected, actual in pairs), len(pairs), least=_LEAST)


def expected_against_actual(tries: Sequence[Tried]) -> Compared:
    """`change` below zero: it hurts less than expected."""
    pairs = _pairs(tries)
    return paired([e for e, _ in pairs], [a for _, a in pairs], least=_LEAST)


def _pairs(tries: Sequence[Tried]) -> list[tuple[float, float]]:
    return [
        (t.expected, t.actual) for t in tries if t.expected is not None and t.actual is not None
    ]


def _confidence(tries: Sequence[Tried]) -> Compared:
    told = [t.confidence for t in tries if t.confidence is not None]
    half = len(told) // 2
    later = told[-half:] if half else []
    return compared(told[:half], later, least=_RATINGS_LEAST, correlation=_CORRELATION)


def _stands(
    rung: Rung, tries: Sequence[Tried], asked: WeekAsked | None, known: dict[str, Exercise]
) -> RungStands:
    return RungStands(
        id=rung.id,
        tries=len(tries),
        settled=_settled_days(tries) >= _SETTLED_DAYS,
        less=no_more_than_expected(tries),
        gap=expected_against_actual(tries),
        bars=_held_by(rung, asked, known),
    )


def _held_by(rung: Rung, asked: WeekAsked | None, known: dict[str, Exercise]) -> tuple[str, ...]:
    """What leaves a step out now."""
    if asked is None:
        return (NOT_ASKED,)
    holding = bars(asked)
    found = [rule for rule in rung.rules if rule in holding]
    found += [LeftOut.MUCH_PAIN] if much_pain(asked.care) else []
    if rung.exercise_id is not None:
        found += left_out(known[rung.exercise_id], asked, holding)
    return tuple(dict.fromkeys(map(str, found)))


def _settled_days(tries: Sequence[Tried]) -> int:
    """Good days in a row; once there were enough, a bad one takes them all back."""
    of_day: dict[Day, bool] = {}
    for t in tries:
        good = _good(t)
        if good is not None:
            of_day[t.on] = good and of_day.get(t.on, True)
    run = 0
    for day in sorted(of_day):
        run = run + 1 if of_day[day] else 0
    return run


def _good(t: Tried) -> bool | None:
    """None: too little was told of it to count either way."""
    grade = grade_of(t)
    if grade is Grade.RED or grade is Grade.AMBER:
        return False
    if t.actual is not None and t.expected is not None and t.actual > t.expected + _WITHIN:
        return False
    if t.confidence is not None and t.confidence < _CONFIDENT:
        return False
    told = grade is Grade.GREEN and t.expected is not None and t.confidence is not None
    return True if told else None


def grade_of(t: Tried) -> Grade:
    """How it was borne, as any session (rule G)."""
    stops = ("X",) if t.stopped else ()
    return graded(SessionTold(t.before, t.actual, stops), t.next_day)


def _offered(
    rungs: Sequence[RungStands], of: dict[str, list[Tried]], asked: WeekAsked | None
) -> tuple[Step, str | None, str, str]:
    """Action, step, why, and what would change it."""
    ways = [r for r in rungs if not r.bars or not set(r.bars) <= _PASSED_BY]
    done = [r for r in ways if r.settled and not r.bars]
    familiar = done[-1].id if done else None
    if asked is None or asked.care.flare is not False:
        why = "flare" if asked is not None and asked.care.flare else NOT_ASKED
        return Step.FAMILIAR, familiar, why, "flare_over"
    place = next((i for i, r in enumerate(ways) if not r.settled), None)
    if place is None:
        return Step.TOP, familiar, "top" if done else "barred", "again_worse"
    if ways[place].bars:
        return Step.FAMILIAR, familiar, "barred", "bar_over"
    rung, tries = ways[place], of[ways[place].id]
    if tries and grade_of(tries[-1]) is Grade.RED:
        below = [r.id for r in ways[:place] if not r.bars]
        return Step.EASIER, [rung.id, *below][-1], "red", "borne_well"
    if tries:
        return Step.AGAIN, rung.id, "not_settled", "settled"
    if place == 0:
        return Step.FIRST, rung.id, "first", "settled"
    return Step.NEXT, rung.id, "settled_before", "borne_badly"
