"""What is decided of a day, in sentences: why, and what would change it."""

from lengthwise.contracts.progress import Decided

WHILE_HELD = (
    "A doctor or physiotherapist looks first; breathing and walking are fine if they feel well."
)
"""Of a plan, and of each exercise that waits for it."""
REASONS = {
    "held": f"Two sessions within a week were stopped by a symptom. {WHILE_HELD}",
    "stops": f"This is the second stop by a symptom within a week. {WHILE_HELD}",
    "cleared": "Somebody has looked, so it goes on one level lower, with three tenths less of it.",
    "flare": "Your back is clearly worse than in the week before and you left things undone: three "
    "days of easy movement, breathing and walking, then two levels less and half of it.",
    "flare_told": "You said that your back is clearly worse: three days of easy movement, "
    "breathing and walking, then two levels less and half of it.",
    "missed_long": "After more than two weeks without a session what is short is measured anew; it "
    "goes on one level lower than before them.",
    "missed": "After some days without a session it goes on one level lower.",
    "nothing_new": "There is nothing new to go by, so it stays as it is.",
    "not_known": "How the last session was borne was not told, so nothing changes.",
    "red": "The last session hurt more than it should, or more the day after: one level less, and "
    "three tenths less of it.",
    "ambers": "Two sessions hurt a little more than they should: one level less, and three tenths "
    "less of it.",
    "amber": "The last session hurt a little more than it should; it stays as it is.",
    "flare_on": "Your back is still clearly worse and you left things undone: the easy days go on. "
    "It is the same flare, so the level is not lowered for it again.",
    "tests_alone": "Tests were led and no exercise, which is no reason for more or for less: it "
    "stays as it is.",
    "sore": "The last session was no reason for less. But pain above 3 in it, or more than usual, "
    "is none for more: it stays as it is.",
    "rising": "Sessions were borne well, but usual pain is more than in the week before: it stays "
    "as it is.",
    "stage": "Sessions were borne well, but usual pain is above 3: moving to the very end of a "
    "range and loads wait until it is less.",
    "greens": "Sessions on three days or more were borne well, and this level has lasted a week: "
    "one level more.",
    "greens_volume": "Sessions on three days were borne well: some of what was taken of the volume "
    "comes back; the level stays.",
    "green": "The last session was borne well; it stays as it is for now.",
}
_WOULD_CHANGE = {
    "cleared": "A doctor's or physiotherapist's look.",
    "stop": "Another stop.",
    "flare_over": "Three days, and pain as it was before.",
    "greens": "Three sessions borne well, and seven days at this level.",
    "tested": "The test of what is short.",
    "tell_pain": "Tell the pain before, during and the day after.",
    "amber_again": "Another such session lowers it; sessions borne well raise it.",
    "steady": "Pain of 3 or less before a session; or up to 5 that is no more in the session and "
    "the day after than it usually is.",
    "little_pain": "Usual pain of 3 or less over a week.",
    "not_rising": "A week with no more pain than the one before.",
    "red": "A session that hurts more than 5, or 2 more the day after.",
}


def reason(decided: Decided) -> str:
    return REASONS[decided.reason]


def would_change(decided: Decided) -> str:
    return _WOULD_CHANGE[decided.would_change]
