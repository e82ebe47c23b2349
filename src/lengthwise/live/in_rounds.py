"""An exercise with as many rounds as a plan has for it today."""

from msgspec.structs import replace

from lengthwise.reference.exercises import Exercise

_MOST = 3
"""Rule D: two or three times."""


def in_rounds(e: Exercise, rounds: int | None) -> Exercise:
    """None: as its file has it. Never more than three, or than its file has."""
    if rounds is None:
        return e
    rounds = min(max(rounds, 1), max(e.dose.rounds, _MOST))
    if rounds == e.dose.rounds:
        return e
    sets = e.dose.sets if rounds % e.dose.sets == 0 else 1
    return replace(e, dose=replace(e.dose, sets=sets, repetitions=rounds // sets))
