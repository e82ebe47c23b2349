"""What repeated movements do to a feeling in the leg, and what that leaves out (rule K). Pure.

A direction in which the feeling goes further down is left out for seven days from the last time it
did. That it goes up, or stays, opens nothing and promises nothing (Van Dillen 2016). The one that
drew it up on two days is moved in first while pain is new or worse (rules D and F).
"""

from collections.abc import Iterable

from lengthwise.contracts.assessment import DirectionFound, DirectionTold, Effect
from lengthwise.contracts.care import Direction
from lengthwise.reference.constants import constant

BARRED_DAYS = round(constant("tests", "direction_barred_days"))
PREFERRED_DAYS = round(constant("tests", "direction_preferred_days"))
_DAYS_LEAST = round(constant("tests", "direction_days_least"))
BAR_OF = {Direction.FLEXION: "K.flexion_barred", Direction.EXTENSION: "K.extension_barred"}


def effect_of(told: DirectionTold) -> Effect:
    """A symptom of the leg that ended it is a feeling that spread, whatever was said before."""
    if told.symptom is True:
        return Effect.PERIPHERALISES
    if told.before is None or told.after is None:
        return Effect.NOT_KNOWN
    if told.after > told.before:
        return Effect.PERIPHERALISES
    return Effect.CENTRALISES if told.after < told.before else Effect.NO_CHANGE


def directions(told: Iterable[DirectionTold], today: int) -> tuple[DirectionFound, ...]:
    """Of each direction the latest test, and until which day it is left out; what was told of a
    later day than `today` counts too, as a clock that was set back must open nothing."""
    by_way: dict[Direction, list[DirectionTold]] = {}
    for each in told:
        by_way.setdefault(each.direction, []).append(each)
    found = []
    for way in Direction:
        tests = by_way.get(way, [])
        if not tests:
            continue
        spread = [t.day for t in tests if effect_of(t) is Effect.PERIPHERALISES]
        until = max(spread) + BARRED_DAYS if spread else None
        latest = max(tests, key=lambda t: t.day)
        barred = until is not None and today < until
        found.append(DirectionFound(way, effect_of(latest), latest.day, until if barred else None))
    return tuple(found)


def bars_of(found: Iterable[DirectionFound]) -> tuple[str, ...]:
    """Ids of `rules.toml` that hold today."""
    return tuple(BAR_OF[f.direction] for f in found if f.barred_until_day is not None)


def preferred_of(told: Iterable[DirectionTold], today: int) -> Direction | None:
    """The direction that drew the feeling up on two days of late, its last day among them, and is
    not left out. None where both did, or none."""
    told = list(told)
    found = [f.direction for f in directions(told, today) if f.barred_until_day is None]
    drawn = [way for way in found if _draws_up([t for t in told if t.direction is way], today)]
    return drawn[0] if len(drawn) == 1 else None


def _draws_up(told: list[DirectionTold], today: int) -> bool:
    by_day: dict[int, set[Effect]] = {}
    for each in told:
        by_day.setdefault(each.day, set()).add(effect_of(each))
    up = {day for day, effects in by_day.items() if effects == {Effect.CENTRALISES}}
    late = [day for day in up if today - PREFERRED_DAYS < day <= today]
    return len(late) >= _DAYS_LEAST and max(by_day) in up
