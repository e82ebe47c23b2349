"""Use case: a ramp to tolerance is offered where a held stretch is about to be begun.

What is against it is told by the function that decides it (`ramp_asked`), for each side. What is
only not answered is asked: the questions with what still counts of their answers.
"""

from msgspec import Struct

from lengthwise.contracts.answers import AnswerName
from lengthwise.contracts.care import Care
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.session import RampAsked, SessionConfig
from lengthwise.live import guided
from lengthwise.live.kept_answers import answers_at
from lengthwise.live.ramp_asked import (
    Refusal,
    asked_on,
    bars_of,
    refusals,
    targets_of,
    without_warmth,
)
from lengthwise.live.session_name import now_utc
from lengthwise.plan.ramp_permission import RampBar
from lengthwise.record.store import ProfileStore
from lengthwise.reference.answers import asked as questions
from lengthwise.reference.exercises import Exercise, led_exercises
from lengthwise.report.words import muscle_place

_OF_EXERCISE = frozenset({RampBar.LUMBAR_END_RANGE, RampBar.STABILISER, RampBar.NO_STRETCH})
_OPEN = {
    RampBar.PAIN_NOT_KNOWN: AnswerName.PAIN_NOW,
    RampBar.PAIN_RELIEF_NOT_KNOWN: AnswerName.PAIN_RELIEF,
    RampBar.FLARE_NOT_KNOWN: AnswerName.FLARE,
    RampBar.IRRITABLE_NOT_KNOWN: AnswerName.IRRITABLE,
    RampBar.NEURAL_SIGN_NOT_KNOWN: AnswerName.LEG_SIGN,
    RampBar.COURSE_NOT_KNOWN: AnswerName.COURSE,
    RampBar.HYPERMOBILE_NOT_KNOWN: AnswerName.HYPERMOBILE,
    RampBar.OSTEOPOROTIC_NOT_KNOWN: AnswerName.OSTEOPOROTIC,
    RampBar.PREGNANT_NOT_KNOWN: AnswerName.PREGNANT,
}


class SideOffered(Struct, frozen=True):
    """`side` None: both at once. `place`: what it lengthens, in plain anatomy. `refusals`: all that
    was answered or done and is against it; empty where nothing is but open questions."""

    side: Side | None
    place: str
    refusals: tuple[Refusal, ...]


class QuestionOffered(Struct, frozen=True):
    """`value`: the answer that counts now; None: none does. `open`: without it nothing is begun."""

    name: AnswerName
    ask: str
    why: str
    options: dict[str, str]
    most: float | None
    value: str | None
    open: bool


class RampOffered(Struct, frozen=True):
    exercise_id: str
    sides: tuple[SideOffered, ...]
    questions: tuple[QuestionOffered, ...]


def may_be_ramped(e: Exercise) -> bool:
    """By what the exercise is: whoever does it, and whenever."""
    sides = Side if e.bilateral else (e.written_for,)
    config = [SessionConfig(e.id, side, ramp=RampAsked(())) for side in sides]
    return not any(_OF_EXERCISE.intersection(bars_of(each)) for each in config)


def ramp_offered(store: ProfileStore, exercise_id: str) -> RampOffered:
    """What stands now. Raises InputError on an exercise that is not known."""
    chosen = led_exercises().get(exercise_id)
    if chosen is None:
        raise InputError(
            "exercise",
            value=exercise_id,
            allowed="one of the list",
            remedy="see: lengthwise exercises list",
        )
    now, person = now_utc(), store.person()
    care, today = guided.care_today(store, now), asked_on(person, now, now=True)
    sides = tuple(Side) if chosen.bilateral else (None,)
    found = {s: bars_of(SessionConfig(exercise_id, s, care=care, ramp=today)) for s in sides}
    return RampOffered(
        exercise_id,
        tuple(_side(chosen, side, bars) for side, bars in found.items()),
        _questions(store, now, care, {bar for bars in found.values() for bar in bars}),
    )


def _side(chosen: Exercise, side: Side | None, bars: tuple[RampBar, ...]) -> SideOffered:
    targets = targets_of(SessionConfig(chosen.id, side))
    against = tuple(bar for bar in without_warmth(bars) if bar not in _OPEN)
    place = muscle_place(*targets[0]) if targets else chosen.plain_name
    return SideOffered(side, place, refusals(against))


def _questions(
    store: ProfileStore, at_utc: str, care: Care, bars: set[RampBar]
) -> tuple[QuestionOffered, ...]:
    """In the order of asking; of two answers that one is shown that counts."""
    told = {a.name: a.value for a in answers_at(store.person(), at_utc, now=True)}
    open_now = {_OPEN[bar] for bar in bars if bar in _OPEN}
    if care.flare is True:
        told[AnswerName.FLARE] = "yes"  # the easy days, whatever was answered since
    return tuple(
        QuestionOffered(name, q.ask, q.why, q.options, q.most, told.get(name), name in open_now)
        for name, q in questions().items()
    )
