"""What an exercise asks for, in a number."""

from lengthwise.contracts.coordinates import Side
from lengthwise.reference.exercises import Exercise


def asked_seconds(exercise: Exercise, side: Side | None) -> float:
    """Seconds of hold that the exercise asks for, over all repetitions and sides."""
    sides = 2 if exercise.bilateral and side is None else 1
    return exercise.dose.hold_s * exercise.dose.repetitions * sides
