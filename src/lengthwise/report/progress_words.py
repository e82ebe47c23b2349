"""What is decided of a day, in sentences: why, and what would change it."""

from lengthwise.contracts.progress import Decided
from lengthwise.report.number_words import digits, less, number, span
from lengthwise.report.words import first_upper

_GREENS = number("plan", "up_green_days")
_LITTLE, _MOST = digits("plan", "green_most_nrs"), digits("plan", "amber_most_nrs")
_STEADY = digits("plan", "steady_most_nrs")
_LESS = less("plan", "down_volume_ratio")
_EASY = number("plan", "flare_easy_days")
_AFTER_FLARE = (
    f"{_EASY} days of easy movement, breathing and walking, then "
    f"{number('plan', 'flare_levels')} levels less and {less('plan', 'flare_volume_ratio')}."
)
WHILE_HELD = (
    "A doctor or physiotherapist looks first; breathing and walking are fine if they feel well."
)
"""Of a plan, and of each exercise that waits for it."""
REASONS = {
    "held": f"Two sessions within a week were stopped by a symptom. {WHILE_HELD}",
    "stops": f"This is the second stop by a symptom within a week. {WHILE_HELD}",
    "cleared": f"Somebody has looked, so it goes on one level lower, with {_LESS} of it.",
    "flare": "Your back is clearly worse than in the week before and you left things undone: "
    + _AFTER_FLARE,
    "flare_told": f"You said that your back is clearly worse: {_AFTER_FLARE}",
    "missed_long": f"After more than {span('plan', 'missed_retest_days')} without a session what "
    "is short is measured anew; it goes on one level lower than before them.",
    "missed": "After some days without a session it goes on one level lower.",
    "nothing_new": "There is nothing new to go by, so it stays as it is.",
    "not_known": "How the last session was borne was not told, so nothing changes.",
    "red": "The last session hurt more than it should, or more the day after: one level less, and "
    f"{_LESS} of it.",
    "ambers": f"{first_upper(number('plan', 'down_ambers'))} sessions hurt a little more than they "
    f"should: one level less, and {_LESS} of it.",
    "amber": "The last session hurt a little more than it should; it stays as it is.",
    "flare_on": "Your back is still clearly worse and you left things undone: the easy days go on. "
    "It is the same flare, so the level is not lowered for it again.",
    "tests_alone": "Tests were led and no exercise, which is no reason for more or for less: it "
    "stays as it is.",
    "sore": f"The last session was no reason for less. But pain above {_LITTLE} in it, or more "
    "than usual, is none for more: it stays as it is.",
    "rising": "Sessions were borne well, but usual pain is more than in the week before: it stays "
    "as it is.",
    "stage": f"Sessions were borne well, but usual pain is above {_LITTLE}: moving to the very end "
    "of a range and loads wait until it is less.",
    "greens": f"Sessions on {_GREENS} days or more were borne well, and this level has lasted "
    f"{span('plan', 'up_days_at_level')}: one level more.",
    "greens_volume": f"Sessions on {_GREENS} days were borne well: some of what was taken of the "
    "volume comes back; the level stays.",
    "green": "The last session was borne well; it stays as it is for now.",
}
WOULD_CHANGE = {
    "cleared": "A doctor's or physiotherapist's look.",
    "stop": "Another stop.",
    "flare_over": f"{first_upper(_EASY)} days, and pain as it was before.",
    "greens": f"{first_upper(_GREENS)} sessions borne well, and "
    f"{number('plan', 'up_days_at_level')} days at this level.",
    "tested": "The test of what is short.",
    "tell_pain": "Tell the pain before, during and the day after.",
    "amber_again": "Another such session lowers it; sessions borne well raise it.",
    "steady": f"Pain of {_LITTLE} or less before a session; or up to {_STEADY} that is no more in "
    "the session and the day after than it usually is.",
    "little_pain": f"Usual pain of {_LITTLE} or less over a week.",
    "not_rising": "A week with no more pain than the one before.",
    "red": f"A session that hurts more than {_MOST}, or {digits('plan', 'red_rise_nrs')} more the "
    "day after.",
}


def reason(decided: Decided) -> str:
    return REASONS[decided.reason]


def would_change(decided: Decided) -> str:
    return WOULD_CHANGE[decided.would_change]
