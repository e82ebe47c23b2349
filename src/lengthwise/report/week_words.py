"""Tests and weeks in words: what is short, why an exercise is in the week, what got too little."""

from collections.abc import Callable

from lengthwise.contracts.assessment import Verdict
from lengthwise.contracts.care import Direction
from lengthwise.contracts.week import Lack, Missing, NeededLength, PlannedItem, Purpose, Unmet, Why
from lengthwise.reference.exercises import exercises
from lengthwise.reference.rules import rules
from lengthwise.report.number_words import number
from lengthwise.report.words import first_upper, muscle_place, side_word

_BEST_RATIO = 0.995
_REASON = {
    Purpose.REST: "With much pain a position that feels easier comes before exercise.",
    Purpose.MOVE: "Easy movement stands in for far stretches for now.",
    Purpose.CONTROL: "It makes the deep muscles of the trunk work, which are never stretched; "
    "every week has it beside stretches.",
    Purpose.WALK: "Walking belongs to every week.",
}
LIGHT = (
    "It makes the deep muscles of the trunk work at little effort, as new pain asks for; they are "
    "never stretched."
)
LIGHT_CHANGE = (
    "Leave it out, and another light one takes its place; six weeks after pain began, work may "
    "grow."
)
"""Of work while pain is new."""
WOULD_CHANGE = {
    Purpose.REST: "Say which one eases. Leave out what does not, and another one takes its place; "
    "exercise comes back below pain of 7.",
    Purpose.MOVE: "Far stretches come back six weeks after pain began, or three days after it grew "
    "clearly worse.",
    Purpose.CONTROL: "Leave it out, and another exercise for the same muscles takes its place.",
    Purpose.LENGTH: "It leaves the plan once the muscle is no longer short on two days, once a "
    "rule bars it, or if you leave it out.",
    Purpose.WALK: "Nothing but your own wish; a shorter walk counts too.",
}
WAY = {
    Direction.FLEXION: "Rounding the low back, in the middle of the range, comes first while pain "
    "is new or worse: ",
    Direction.EXTENSION: "Arching the low back, in the middle of the range, comes first while pain "
    "is new or worse: ",
}
WAY_BY = ("on two days it drew the feeling in your leg up.", "your clinician named it.")
WAY_CHANGE = (
    "A test that finds otherwise, a day on which it brings the feeling further down, or your "
    "clinician's word; and six weeks after pain began, or three days after it grew clearly worse, "
    "other movement comes back."
)
"""Of a movement in the preferred direction."""
FELT_CHANGE = (
    "It leaves the plan once a test says that the muscle is long enough, once it feels tight no "
    "more, once a rule bars it, or if you leave it out."
)
"""Of what was felt and not measured."""
_VERDICT = {
    Verdict.SHORT: "short on two days, beyond what a repeat differs by",
    Verdict.ONE_DAY: "short on one day; test again on another",
    Verdict.NOT_BEYOND: "no further than a repeat differs by",
    Verdict.ENOUGH: "not short",
    Verdict.NO_CUT: "measured; nothing says from where it would be short",
    Verdict.NOT_MEASURED: "the sensors at hand cannot tell",
    Verdict.NOT_CONTROLLED: "says nothing: the pelvis was not known to be kept",
    Verdict.SYMPTOM: "says nothing: a symptom in the leg ended it",
    Verdict.SYMPTOM_NOT_ASKED: "says nothing: symptoms in the leg were not asked for",
}
LEFT_OUT = {
    "level": "they come at a later level.",
    "clinician": "your clinician left them out.",
    "wish": "you left them out.",
    "D.much_pain": "with pain of 7 or more there is only breathing, comfortable positions and "
    "walking.",
    "K.irritable": "pain that comes quickly and settles slowly comes before stretches.",
    "D.much_effort": "it works a muscle harder than half of what it can.",
    "F.flare_training": f"for {number('plan', 'flare_easy_days')} days of a flare there is "
    "easy movement, breathing and walking.",
}
NOT_TOLD = "Not known yet, so we stay on the safe side:"
UNTOLD = {
    "D.much_pain": "It waits until you say how your back is.",
    "K.irritable": "Stretches wait until you say how quickly your pain comes and settles.",
    "F.flare_training": "It waits until you say whether your back is clearly worse.",
}


def reason(why: Why) -> str:
    """Why an exercise is in the week, in a sentence or two."""
    if why.direction is not None:
        return WAY[why.direction] + WAY_BY["clinician" in why.rule_ids]
    if _is_light(why):
        return LIGHT
    if why.purpose is not Purpose.LENGTH:
        return _REASON[why.purpose]
    named = " and ".join(_need(need) for need in why.serves)
    sentence = f"It lengthens the {named}."
    if why.gain_ratio is None or why.among < 2:
        return sentence
    if why.gain_ratio >= _BEST_RATIO:
        return f"{sentence} Of {why.among} that may be given for it, it takes the muscle furthest."
    share = round(100.0 * why.gain_ratio)
    return f"{sentence} It takes the muscle {share} % as far as the best of {why.among}."


def item_words(item: PlannedItem) -> str:
    """An exercise of a day with its sides and how often it is held for how long."""
    sides = " and ".join(map(side_word, item.sides))
    if item.purpose in (Purpose.BREATH, Purpose.REST, Purpose.WALK):
        dose = f"{item.hold_s / 60.0:.0f} min"
    else:
        dose = f"{item.rounds} × {item.hold_s:.0f} s"
    name = exercises()[item.exercise_id].plain_name
    return ", ".join(filter(None, (name, sides, dose)))


def verdict(of: Verdict) -> str:
    """What the results of a test say, in a clause."""
    return _VERDICT[of]


def amount(deg: float | None, seconds: float | None) -> str:
    """A result of a test in its unit; empty without one."""
    if deg is not None:
        return f"{deg:.0f}°"
    return "" if seconds is None else f"{seconds:.0f} s"


def would_change(why: Why) -> str:
    if why.direction is not None:
        return WAY_CHANGE
    if _is_light(why):
        return LIGHT_CHANGE
    felt = why.purpose is Purpose.LENGTH and "I" not in why.rule_ids
    return FELT_CHANGE if felt else WOULD_CHANGE[why.purpose]


def _is_light(why: Why) -> bool:
    return why.purpose is Purpose.CONTROL and "P" in why.rule_ids


def unmet(found: Unmet, words: Callable[[str], str] | None = None) -> str:
    """What gets less than five minutes, and why. `words`: of a rule; None: as `bar_words`."""
    minutes = f"{found.week_s / 60.0:.1f}" if found.week_s > 0.0 else "no"
    sentence = f"The {_need(found.need)} gets {minutes} minutes this week: "
    if found.lack is Lack.TIME:
        return sentence + "what matters more fills the days."
    if found.lack is Lack.NO_EXERCISE:
        return sentence + "there is no stretch for it."
    return sentence + " ".join(map(words or bar_words, found.bars))


def missing(found: Missing, words: Callable[[str], str] | None = None) -> str:
    """That control or walking is not in a week, and why."""
    sentence = f"This week has no {_MISSING[found.purpose]}: "
    if not found.bars:
        return sentence + "its days are too short for it."
    return sentence + " ".join(map(words or bar_words, found.bars))


_MISSING = {
    Purpose.CONTROL: "work for the deep muscles of the trunk",
    Purpose.WALK: "walking among its exercises",
}


def _need(need: NeededLength) -> str:
    found = f" ({need.finding})" if need.finding else ""
    return f"{muscle_place(need.group, need.side)}{found}"


def bar_words(rule: str) -> str:
    """By which rule or reason an exercise is left out, in a sentence."""
    known = rules().get(rule)
    return first_upper(LEFT_OUT[rule] if known is None else known.sentence)


def untold_words(rule: str) -> str:
    """The same of what holds only because it was not told."""
    return UNTOLD.get(rule) or f"{NOT_TOLD} {bar_words(rule)}"
