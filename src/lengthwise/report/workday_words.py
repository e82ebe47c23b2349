"""A working day in words: breaks to move as suggestions, never a verdict on how somebody sits."""

from lengthwise.contracts.workday import Break, Workday
from lengthwise.reference.exercises import exercises
from lengthwise.report.words import joined_words, side_word

REASON = {
    "breaks": "Short breaks to move, in the middle of the longest times without one; each can be "
    "put off as often as you like. How you sit is no finding; moving now and then is the point.",
    "none_needed": "Your day has breaks enough already.",
    "none_wanted": "You wanted none, or nothing that may be given fits into them.",
}
CHANGE = {
    "more_breaks": "More breaks a day, or longer ones; as many as you like.",
    "other_day": "Other hours, other breaks, or your wish.",
}


def workday_reason(day: Workday) -> str:
    return REASON[day.reason]


def workday_change(day: Workday) -> str:
    return CHANGE[day.would_change]


def clock_words(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def break_words(b: Break) -> str:
    """ "10:15, 2 min: some steps"."""
    what = "some steps"
    if b.exercise_id is not None:
        sides = f", {joined_words([side_word(s) for s in b.sides])}" if b.sides else ""
        what = exercises()[b.exercise_id].plain_name + sides
    return f"{clock_words(b.at_min)}, {b.minutes:g} min: {what}"


def longest_words(day: Workday) -> str:
    return (
        f"Longest time without a break: {day.longest_min} min"
        + (
            ""
            if day.longest_min == day.longest_before_min
            else f", {day.longest_before_min} before"
        )
        + "."
    )
