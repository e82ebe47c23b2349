"""Who may be led now: everything that was told in, one outcome out. Whatever is not plainly well is
a stop.

Pure. A question without an answer, an answer to a question that is not asked, answers to another
version, answers from the future, answers that are too old and answers from before a flare or a stop
all refuse. What closes a raised answer is `clearance` alone.
"""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from lengthwise.contracts.screening import YesNo
from lengthwise.plan.clearance import DAY_S, Clearance, Given, waited
from lengthwise.reference.exercises import Exercise
from lengthwise.reference.screening import Level, Question, Screening, seen_id


class Outcome(StrEnum):
    """`CLEAR`: may be led, without the exercises that are barred."""

    CLEAR = "clear"
    UNANSWERED = "unanswered"
    REFER = "refer"
    URGENT = "urgent"
    EMERGENCY = "emergency"


_GRAVEST = (Outcome.EMERGENCY, Outcome.URGENT, Outcome.REFER)
_OF_LEVEL = {
    Level.EMERGENCY: Outcome.EMERGENCY,
    Level.URGENT: Outcome.URGENT,
    Level.REFER: Outcome.REFER,
}


class Result(Struct, frozen=True):
    """`raised`: ids of the questions that decided; `unanswered`: those that are to be answered now;
    `barred`: rules whose exercises are left out; `looked_at`: raised answers that stand, and that
    somebody has looked at."""

    outcome: Outcome
    raised: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    barred: frozenset[str] = frozenset()
    looked_at: tuple[str, ...] = ()


class Refusal(StrEnum):
    """Why nothing is led now."""

    NEVER_ANSWERED = "never_answered"
    OTHER_VERSION = "other_version"
    FROM_THE_FUTURE = "from_the_future"
    EXPIRED = "expired"
    OUTCOME = "outcome"
    EXERCISE_BARRED = "exercise_barred"
    STOPPED_SINCE = "stopped_since"
    FLARE_SINCE = "flare_since"
    HELD = "held"


class _Due(StrEnum):
    """Why one question is to be answered now."""

    NEVER = "never"
    FUTURE = "future"
    OLD = "old"
    FLARE = "flare"


def due(
    asked: Screening, state: Clearance, *, now_s: float, flare_s: float | None = None
) -> tuple[str, ...]:
    """Ids of the questions that are to be answered now, in their order, with whether somebody has
    looked where that is open or has to be said again. Empty: none.

    `flare_s`: since when the present flare was told of, seconds since 1970; None: there is none.
    """
    everything = bool(state.flags) or state.stopped
    found: list[str] = []
    for q in asked.question:
        is_due = everything or _why_due(asked, q, state, now_s, flare_s) is not None
        found += [q.id] if is_due else []
        if q.id in state.flags or (is_due and q.id in state.looked_at):
            found.append(seen_id(q.id))
    return (*found, *(seen_id(f) for f in state.flags if asked.by_id(f) is None))


def result(
    asked: Screening, state: Clearance, *, now_s: float, flare_s: float | None = None
) -> Result:
    """What everything that was told comes to; the gravest decides, and each that is open is
    named."""
    raised = tuple(sorted(state.flags, key=lambda f: _place(asked, f)))
    outcomes = {_outcome(asked, flag) for flag in raised}
    unanswered = due(asked, state, now_s=now_s, flare_s=flare_s)
    gravest = next((o for o in _GRAVEST if o in outcomes), None)
    if gravest is None:
        gravest = Outcome.UNANSWERED if unanswered else Outcome.CLEAR
    barred = {
        rule
        for q in asked.question
        if (given := state.given.get(q.id)) is not None and given.answer != q.good
        for rule in q.rules
    }
    return Result(gravest, raised, unanswered, frozenset(barred), tuple(sorted(state.looked_at)))


def refusal(
    asked: Screening,
    state: Clearance,
    *,
    now_s: float,
    flare_s: float | None = None,
    exercise: Exercise | None = None,
) -> Refusal | None:
    """Why nothing may be led at `now_s`, or None where it may. `exercise`: the one that is asked
    for, None for whether any may be; `flare_s` as in `due`."""
    if not state.anything and not state.flags:
        return Refusal.NEVER_ANSWERED
    if state.flags:
        return Refusal.OUTCOME
    if not state.given:
        return Refusal.OTHER_VERSION
    if state.stopped:
        return Refusal.STOPPED_SINCE
    why = {_why_due(asked, q, state, now_s, flare_s) for q in asked.question}
    for reason, says in _REFUSED:
        if reason in why:
            return says
    found = result(asked, state, now_s=now_s, flare_s=flare_s)
    if found.outcome is not Outcome.CLEAR:
        return Refusal.OUTCOME
    if exercise is not None and found.barred & set(exercise.contraindications):
        return Refusal.EXERCISE_BARRED
    return None


_REFUSED = (
    (_Due.NEVER, Refusal.OUTCOME),
    (_Due.FUTURE, Refusal.FROM_THE_FUTURE),
    (_Due.OLD, Refusal.EXPIRED),
    (_Due.FLARE, Refusal.FLARE_SINCE),
)


def may_answer(asked: Screening, state: Clearance, *, now_s: float) -> bool:
    """Whether new answers are taken: editing an answer never clears it (rule S), a new day and
    somebody's look may. What was merely left open may be completed at once."""
    return all(waited(asked, times_s, now_s) for times_s in state.flags.values())


def adds_to(asked: Screening, state: Clearance, answers: Mapping[str, YesNo]) -> bool:
    """Whether answers raise something that is not open yet. They are taken also where nothing may
    be answered again: somebody who becomes worse meanwhile can say so, and it clears nothing."""
    return any(
        q.level is not Level.MODIFY and answers.get(q.id, q.good) != q.good
        for q in asked.question
        if q.id not in state.flags
    )


def _why_due(
    asked: Screening, q: Question, state: Clearance, now_s: float, flare_s: float | None
) -> _Due | None:
    given: Given | None = state.given.get(q.id)
    if given is None:
        return _Due.NEVER
    age_s = now_s - given.at_s
    if not age_s >= 0.0:
        return _Due.FUTURE
    valid = asked.valid
    if not age_s <= (valid.weekly_days if q.weekly else valid.whole_days) * DAY_S:
        return _Due.OLD
    if q.weekly and flare_s is not None and not given.at_s > flare_s:
        return _Due.FLARE
    return None


def _place(asked: Screening, flag: str) -> int:
    ids = [q.id for q in asked.question]
    return ids.index(flag) if flag in ids else len(ids)


def _outcome(asked: Screening, flag: str) -> Outcome:
    question = asked.by_id(flag)
    return Outcome.REFER if question is None else _OF_LEVEL[question.level]
