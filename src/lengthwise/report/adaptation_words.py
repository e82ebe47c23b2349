"""What a plan adapts, in sentences: why, and what would change it."""

from lengthwise.contracts.adaptation import Adaptation

REASONS = {
    "asked_flare": "Your back is clearly worse, so the safety questions come first.",
    "asked_stop": "A session was stopped, so the safety questions come before the next one.",
    "new_range": "What is new at this level is movement through the middle of the range.",
    "new_hold": "What is new at this level is how long a stretch is held.",
    "new_dynamics": "What is new at this level is moving slowly to the end of the range.",
    "new_load": "What is new at this level is a load.",
    "new_volume": "Some of the volume that was taken away comes back; the level stays.",
    "few_sessions": "Fewer than seven in ten of the planned sessions were done, so it is too early "
    "to judge the exercises.",
    "pain_not_told": "Too few days of pain were told to say whether it has helped.",
    "better": "It is at least three tenths better than in the first week: it goes on.",
    "no_better": "Six weeks were done and it is less than three tenths better: other muscles come "
    "first now.",
    "nothing_stretched": "Six weeks have passed without a stretch and it is less than three tenths "
    "better: what is short is measured anew.",
    "no_better_late": "Twelve weeks were done and it is less than three tenths better: a doctor or "
    "physiotherapist looks at the plan.",
    "much_expected": "It was expected to hurt a lot, so it begins with a third of it.",
    "hurt_much": "It hurt more than it should, so there is a third less of it.",
    "less_than_expected": "It hurt less than was expected, so there is a third more of it.",
    "as_expected": "It hurt about as much as was expected, so it stays as it is.",
    "actual_not_told": "How much it hurt was not told, so it stays as it is.",
    "stress_more": "Today is calmer than usual: a little more.",
    "stress_less": "Today is more strained than usual: a little less.",
    "sleep_more": "You slept longer than usual: a little more.",
    "sleep_less": "You slept less than usual: a little less.",
    "activity_less": "You were on your feet more than usual: a little less beside it.",
    "season_more": "In summer a little more is planned.",
    "season_less": "In the dark months a little less is planned, so that it is done.",
    "sitting_more": "On most days you sit for long, so what is shorter in a seat counts a "
    "little more. Sitting is fine, and so is moving in between.",
    "sitting_less": "On most days you sit little, so what is shorter in a seat counts a little "
    "less.",
}
_WOULD_CHANGE = {
    "borne_badly": "A session that hurts more than 5, or 2 more the day after.",
    "answered": "The safety questions, answered.",
    "sessions": "More of the planned sessions.",
    "tell_pain": "Pain told on three days of a week.",
    "no_longer_better": "Pain that comes back to what it was.",
    "better_by_then": "Pain three tenths below that of the first week.",
    "look": "A doctor's or physiotherapist's look.",
    "tested": "The test of what is short.",
    "hurts_more": "Pain above 5 in it.",
    "hurts_less": "Pain of 3 or less in it, and less than expected.",
    "stress_usual": "A day as strained as usual.",
    "sleep_usual": "A night as long as usual.",
    "activity_usual": "As much on your feet as usual.",
    "season_usual": "Spring or autumn.",
    "sitting_usual": "About five hours in a seat on most days.",
}


def reason(adapted: Adaptation) -> str:
    return REASONS[adapted.reason]


def would_change(adapted: Adaptation) -> str:
    return _WOULD_CHANGE[adapted.would_change]
