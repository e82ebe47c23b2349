"""A person's week, made where there is something to compute with; see `live/apart`."""

from lengthwise.contracts.week import Week, WeekAsked
from lengthwise.live.plan_effects import effects_table
from lengthwise.plan.week import planned
from lengthwise.reference.exercises import exercises


def week_made(asked: WeekAsked) -> tuple[Week, str]:
    """The week, and the digest of the table of effects that it was made with."""
    effects = effects_table()
    return planned(asked, exercises().values(), effects.of), effects.digest
