"""A ramp to tolerance as it is asked for: of what, on which side, and what is against it.

Nothing here computes: the edge of the live application asks it, too.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec import Struct

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.errors import InputError, SafetyRefusedError
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import Person
from lengthwise.contracts.session import RampAsked, SessionConfig
from lengthwise.plan.ramp_permission import RampBar, RampCase, ramp_bars
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import Exercise, exercise
from lengthwise.reference.ramp_bars import bar_words

_AGAIN_AFTER_S = constant("ramp", "again_after_s")
_OF_WARMTH = frozenset({RampBar.NOT_WARM, RampBar.WARM_NOT_KNOWN})
Muscle = tuple[MuscleGroup, Side]


def asked_on(person: Person, at_utc: str, *, now: bool = False) -> RampAsked:
    """With the ramps of the day before a time; what is kept of later ones has not happened yet.

    `now`: it is the present, so all were begun by then. One that seems later was begun under
    another clock; nobody knows how long ago, so it counts.
    """
    ago = [(r, (_utc(at_utc) - _utc(r.at_utc)).total_seconds()) for r in person.ramps]
    today = [r for r, s in ago if (now or s > 0.0) and s < _AGAIN_AFTER_S]
    return RampAsked(
        tuple((r.group, r.side) for r in today),
        tuple((r.group, r.side) for r in today if r.harmed is not False),
        holds=True,
    )


def check_asked(config: SessionConfig) -> None:
    """Raises InputError where a ramp is asked for and not told of what, and on which side."""
    if config.ramp is None:
        return
    if config.exercise_id is None:
        raise InputError(
            "--ramp", value="no exercise", allowed="a held stretch", remedy="name it: --exercise ID"
        )
    if config.side is None and exercise(config.exercise_id).bilateral:
        raise InputError(
            "--ramp",
            value=f"{config.exercise_id} without a side",
            allowed="one side at a time",
            remedy="add --side l or --side r",
        )


def check_permitted(config: SessionConfig) -> None:
    """Before somebody is led live, for whom the first gentle pull alone is not what was asked for.
    Raises InputError without a side, SafetyRefusedError with everything that is against it."""
    if config.exercise_id is None or config.ramp is None:
        return
    chosen = exercise(config.exercise_id)
    if config.side is None and chosen.bilateral:
        raise InputError(
            "ramp to tolerance", value="no side", allowed="l or r", remedy="choose one side"
        ).coded("ramp_side")
    found = refusals(without_warmth(bars_of(config)))
    if found:
        raise SafetyRefusedError(
            f"a ramp to tolerance in {chosen.name}",
            reason="; ".join(r.why for r in found),
            remedy="begin it without, or see beside each reason what would change it",
        )


def targets_of(config: SessionConfig) -> tuple[Muscle, ...]:
    """What the ramp of such a session lengthens, the first target first; empty without an
    exercise."""
    if config.exercise_id is None:
        return ()
    written, side = _written(config.exercise_id, config.side)
    return tuple((t.group, t.side) for t in written.for_side(side).targets)


def bars_of(config: SessionConfig) -> tuple[RampBar, ...]:
    """Everything against it by what is known at the start, that warmth is not known included.

    All targets must be such as may be ramped; which group was ramped today goes by the first.
    """
    muscles = targets_of(config)
    if config.ramp is None or config.exercise_id is None:
        return ()
    written, _ = _written(config.exercise_id, config.side)
    if not muscles:
        return (RampBar.NO_STRETCH,)
    found: dict[RampBar, None] = {}
    for place, (group, side) in enumerate(muscles):
        today = config.ramp.ramped_today if place == 0 else ()
        harmed = config.ramp.harmed_today
        case = RampCase(config.care, group, side, written, config.care.warm, today, harmed)
        found |= dict.fromkeys(ramp_bars(case))
    return tuple(bar for bar in RampBar if bar in found)


def without_warmth(found: Iterable[RampBar]) -> tuple[RampBar, ...]:
    """What keeps a ramp from being begun: warmth alone may still come in the session itself."""
    return tuple(bar for bar in found if bar not in _OF_WARMTH)


class Refusal(Struct, frozen=True):
    """One reason against a ramp, in plain words, and what would change it."""

    bar: RampBar
    why: str
    change: str


def refusals(found: Iterable[RampBar]) -> tuple[Refusal, ...]:
    words = bar_words()
    return tuple(Refusal(bar, words[bar.value].why, words[bar.value].change) for bar in found)


def _written(exercise_id: str, side: Side | None) -> tuple[Exercise, Side]:
    chosen = exercise(exercise_id)
    return chosen, side if side is not None and chosen.bilateral else chosen.written_for


def _utc(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
