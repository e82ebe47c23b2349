"""By which rule an exercise is left out, and that it was not told where that alone bars."""

from lengthwise.contracts.week import WeekAsked
from lengthwise.plan.eligible import not_told
from lengthwise.report.week_words import bar_words, untold_words


def bar_said(reason: str, asked: WeekAsked | None) -> str:
    """`asked` None: nothing was."""
    untold = asked is not None and not_told(reason, asked)
    return untold_words(reason) if untold else bar_words(reason)
