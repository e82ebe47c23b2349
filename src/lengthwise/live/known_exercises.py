"""Exercises that a file names, checked against the list."""

from collections.abc import Iterable

from lengthwise.contracts.errors import InputError
from lengthwise.reference.exercises import exercises


def check_known(what: str, exercise_ids: Iterable[str]) -> None:
    """Raises InputError for an exercise that is none of the list."""
    for exercise_id in exercise_ids:
        if exercise_id not in exercises():
            raise InputError(
                what,
                value=f"exercise {exercise_id}",
                allowed="one of: lengthwise exercises list",
                remedy="correct or leave it out",
            )
