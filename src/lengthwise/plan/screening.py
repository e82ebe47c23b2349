"""Who may be led today: answers in, one outcome out. Whatever is not plainly well is a stop.

Pure. A question without an answer, an answer to a question that is not asked, answers to another
version, answers from the future and answers that are too old all refuse. Nothing here clears a
flag: only answers that are given anew can, a day later at the earliest, once somebody has looked.
"""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from lengthwise.contracts.screening import Screened, YesNo
from lengthwise.reference.exercises import Exercise
from lengthwise.reference.screening import Level, Screening

_DAY_S = 24 * 3600.0
_RESCREEN_S = _DAY_S
"""After an answer that refers, before another one is taken (rule S)."""


class Outcome(StrEnum):
    """`CLEAR`: may be led, without the exercises that are barred."""

    CLEAR = "clear"
    UNANSWERED = "unanswered"
    REFER = "refer"
    URGENT = "urgent"
    EMERGENCY = "emergency"


_GRAVEST = (Outcome.EMERGENCY, Outcome.URGENT, Outcome.REFER, Outcome.UNANSWERED)
_OF_LEVEL = {
    Level.EMERGENCY: Outcome.EMERGENCY,
    Level.URGENT: Outcome.URGENT,
    Level.REFER: Outcome.REFER,
}


class Result(Struct, frozen=True):
    """`raised`: ids of the questions that decided; `unanswered`: those without a usable answer;
    `barred`: rules whose exercises are left out."""

    outcome: Outcome
    raised: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    barred: frozenset[str] = frozenset()


class Refusal(StrEnum):
    """Why nothing is led now."""

    NEVER_ANSWERED = "never_answered"
    OTHER_VERSION = "other_version"
    FROM_THE_FUTURE = "from_the_future"
    EXPIRED = "expired"
    OUTCOME = "outcome"
    EXERCISE_BARRED = "exercise_barred"
    STOPPED_SINCE = "stopped_since"


def result(asked: Screening, answers: Mapping[str, YesNo]) -> Result:
    """What the answers come to; the gravest decides, and each that raises something is named."""
    raised: list[str] = []
    unanswered: list[str] = []
    barred: set[str] = set()
    outcomes: set[Outcome] = set()
    for question in asked.question:
        answer = answers.get(question.id)
        if answer is None:
            unanswered.append(question.id)
            outcomes.add(Outcome.UNANSWERED)
            continue
        if answer == question.good:
            continue
        barred.update(question.rules)
        if question.level is not Level.MODIFY:
            raised.append(question.id)
            outcomes.add(_OF_LEVEL[question.level])
    gravest = next((o for o in _GRAVEST if o in outcomes), Outcome.CLEAR)
    if gravest is Outcome.CLEAR and answers.keys() - {q.id for q in asked.question}:
        gravest = Outcome.UNANSWERED
    return Result(gravest, tuple(raised), tuple(unanswered), frozenset(barred))


def refusal(
    asked: Screening,
    given: Screened | None,
    *,
    now_s: float,
    exercise: Exercise | None = None,
    stopped_since: bool = False,
) -> Refusal | None:
    """Why nothing may be led at `now_s`, or None where it may.

    `stopped_since`: a session ended with a symptom or with pain after these answers were kept; they
    no longer count. `exercise`: the one that is asked for, None for whether any may be.
    """
    if given is None:
        return Refusal.NEVER_ANSWERED
    if given.version != asked.version:
        return Refusal.OTHER_VERSION
    age_s = now_s - given.at_s
    if not age_s >= 0.0:
        return Refusal.FROM_THE_FUTURE
    if not age_s <= asked.valid.days * _DAY_S:
        return Refusal.EXPIRED
    if stopped_since:
        return Refusal.STOPPED_SINCE
    found = result(asked, given.answers)
    if found.outcome is not Outcome.CLEAR:
        return Refusal.OUTCOME
    if exercise is not None and found.barred & set(exercise.contraindications):
        return Refusal.EXERCISE_BARRED
    return None


def may_answer_again(asked: Screening, given: Screened | None, *, now_s: float) -> bool:
    """Whether new answers are taken: editing an answer never clears it (rule S), a new day and
    somebody's look may. What was merely left open may be completed at once."""
    if given is None:
        return True
    found = result(asked, given.answers)
    if found.outcome in (Outcome.CLEAR, Outcome.UNANSWERED):
        return True
    return now_s - given.at_s >= _RESCREEN_S
