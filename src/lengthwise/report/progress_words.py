"""What is decided of a day, in sentences: why, and what would change it."""

from lengthwise.contracts.progress import Decided

REASONS = {
    "held": "Two sessions within a week were stopped by a symptom, so a doctor or physiotherapist "
    "looks first; until then nothing is stretched.",
    "stops": "This is the second stop by a symptom within a week, so a doctor or physiotherapist "
    "looks first; walking is fine if it feels well.",
    "cleared": "Somebody has looked, so it goes on one level lower, with a third less of it.",
    "flare": "Your back is clearly worse than in the week before and you left things undone: three "
    "days of easy movement, breathing and walking, then two levels less.",
    "flare_told": "You said that your back is clearly worse: three days of easy movement, "
    "breathing and walking, then two levels less and half of it.",
    "missed_long": "After more than two weeks without a session, what is short is measured anew, "
    "one level lower.",
    "missed": "After some days without a session it goes on one level lower.",
    "nothing_new": "There is no new session to go by.",
    "not_known": "How the last session was borne was not told, so nothing changes.",
    "red": "The last session hurt more than it should, or more the day after: one level less, and "
    "a third less of it.",
    "ambers": "Two sessions hurt a little more than they should: one level less, and a third less.",
    "amber": "The last session hurt a little more than it should; it stays as it is.",
    "sore": "It was borne without more pain, but there was pain before it: it stays as it is.",
    "greens": "Several sessions in a row were borne well for a week: one thing more.",
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
    "less_pain": "Pain of 3 or less before a session.",
    "red": "A session that hurts more than 5, or 2 more the day after.",
}


def reason(decided: Decided) -> str:
    return REASONS[decided.reason]


def would_change(decided: Decided) -> str:
    return _WOULD_CHANGE[decided.would_change]
