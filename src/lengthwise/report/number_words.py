"""Constants of the plan in sentences, as they hold: a sentence never says what was changed."""

from lengthwise.reference.constants import constant

_WORDS = (
    "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
)  # fmt: skip
_WEEK, _WEEKS = 7, {7: "a week", 14: "two weeks"}


def number(area: str, name: str) -> str:
    """A count in a word, or its digits: "three", "12", "4.5"."""
    value = constant(area, name)
    whole = value.is_integer() and 0 <= value < len(_WORDS)
    return _WORDS[int(value)] if whole else f"{value:g}"


def digits(area: str, name: str) -> str:
    """A place on a scale: "5"."""
    return f"{constant(area, name):g}"


def span(area: str, name: str) -> str:
    """A number of days: "a week", "ten days"."""
    days = constant(area, name)
    return _WEEKS.get(int(days)) or f"{number(area, name)} days"


def less(area: str, name: str) -> str:
    """What a part that is kept takes away: "three tenths less", "half of it"."""
    kept = constant(area, name)
    if kept == 0.5:
        return "half of it"
    tenths = round(10.0 * (1.0 - kept), 6)
    if tenths.is_integer():
        return f"{_WORDS[int(tenths)]} tenth{'s' if tenths > 1 else ''} less"
    return f"{100.0 * (1.0 - kept):.0f} % less"
