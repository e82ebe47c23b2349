"""A person's plan in words: what was decided, by which rules, and what these rules say."""

from lengthwise.contracts.own_plan import (
    Begun,
    DayDecided,
    FlareTold,
    IntakeTold,
    LivedTold,
    Looked,
    PlanEvent,
    ResultsKept,
    TakenBack,
    TestsTaken,
    WeekMade,
)
from lengthwise.contracts.week import Action
from lengthwise.reference.evidence import evidence
from lengthwise.report import progress_words
from lengthwise.report.founded_words import founded_words
from lengthwise.report.number_words import digits, number, span
from lengthwise.report.tested_words import result_words
from lengthwise.report.week_words import bar_words

RULES = {
    "A": "Expected pain: what is expected to hurt much begins with a third, and grows as it hurts "
    "less than that.",
    "B": "Time: at most ten minutes a day, breathing and coming in included.",
    "C": "Usual: what counts is what was usual over four weeks.",
    "D": "Dose: 30 seconds, two or three times, 5 to 10 minutes a week for a muscle and side; new "
    "pain gets little effort, much pain calm positions, and nobody is told to rest.",
    "F": f"Flare: {number('plan', 'flare_easy_days')} days without the far end of any movement, "
    "then less than before.",
    "G": "Pain monitoring: how a session was borne decides whether it goes up, stays or goes down; "
    f"steady pain up to {digits('plan', 'steady_most_nrs')} may go up too, to the full dose.",
    "I": "What is short: counted only beyond what a repeat differs by, on two days.",
    "K": "Stage and direction: much pain gets calm first, little pain gets short holds; a "
    "direction that spreads a feeling down the leg waits, one that draws it up comes first while "
    "pain is new.",
    "L": "Looking back: where sessions were done and it is hardly better, other muscles come first "
    "after six weeks, and somebody looks after twelve.",
    "M": f"Missed days: after {number('plan', 'missed_down_days')} days one level less, after "
    f"{span('plan', 'missed_retest_days')} the tests come again.",
    "P": "Phase: in the first six weeks easy movement comes before far stretches.",
    "S": "Safety questions: what needs somebody's look first is not led.",
    "T": "Targets: deep muscles of the trunk work and are never stretched; each week has walking.",
    "X": "Stops: a symptom ends a session; two within a week are for a clinician.",
    "clinician": "A clinician's word: it comes before phase, level and wish.",
    "wish": "Wishes: what you leave out, or do not have at hand, is not planned.",
}
BEGINS = {
    "pain_not_told": "Usual pain was not told, so it begins with the calmest level.",
    "much_pain": "Usual pain is 7 or more, so it begins with breathing, comfortable positions and "
    "walking.",
    "irritable": "Pain comes up quickly and settles slowly, so it begins with the calmest level.",
    "irritable_not_told": "How quickly pain comes up was not told, so it begins with the calmest "
    "level.",
    "acute": "The pain is younger than six weeks, so it begins with easy movement.",
    "course_not_told": "How long the pain has lasted was not told, so it begins as with new pain.",
    "some_pain": "Usual pain is 4 to 6, so it begins with easy movement in mid-range.",
    "little_pain": "Usual pain is 3 or less, so it begins with short holds.",
}
CHANGED_BY = {
    IntakeTold: "Change it at any time.",
    ResultsKept: "The same test on another day.",
    TestsTaken: "The same test on another day.",
    TakenBack: "A new result.",
    LivedTold: "Another word about that day.",
    FlareTold: "Three days, and pain as it was before.",
    Looked: "Another stop by a symptom.",
    WeekMade: "Seven days, another level, a new answer, a test, or your own wish.",
}


def begins(reason: str) -> str:
    return BEGINS[reason]


def action(event: PlanEvent) -> str:
    """One word or two for a timeline."""
    match event:
        case DayDecided():
            return event.decided.move.value
        case WeekMade():
            return event.week.action.value
    return str(type(event).__struct_config__.tag)


def sentence(event: PlanEvent) -> str:
    """What was told or decided, and why."""
    match event:
        case IntakeTold():
            return "You said what the plan goes by."
        case Begun():
            return f"The plan begins at level {event.level}. {BEGINS[event.reason]}"
        case DayDecided():
            return progress_words.reason(event.decided)
        case ResultsKept():
            n = len(event.results)
            return "A result of a test was kept." if n == 1 else f"{n} results of tests were kept."
        case TestsTaken():
            return " ".join(f"{result_words(t)}." for t in event.tested).replace("..", ".")
        case TakenBack():
            return "A result of a test was taken back. It stays in this list and counts no more."
        case LivedTold():
            return "You said how the night and the day were."
        case FlareTold():
            return "Your back is clearly worse than usual, so the safety questions came again."
        case Looked():
            return f"{event.who} has looked."
        case WeekMade():
            minutes = sum(day.takes_s for day in event.week.days) / 60.0
            held = sum(event.week.gives_s) / 60.0
            begun = f"A week of {minutes:.0f} minutes in all at level {event.asked.level}"
            if event.week.action is Action.NO_STRETCH:
                return f"{begun}, without a stretch: nothing is to be lengthened for now."
            return f"{begun}, of which {held:.0f} lengthen, each muscle counted by itself."


def would_change(event: PlanEvent) -> str:
    match event:
        case DayDecided():
            return progress_words.would_change(event.decided)
        case Begun():
            return progress_words.WOULD_CHANGE["greens"]
    return CHANGED_BY[type(event)]


def rule_words(rule_id: str) -> str:
    """What a rule says, in a sentence."""
    return RULES.get(rule_id) or bar_words(rule_id)


def evidence_words(evidence_id: str) -> str:
    """The claim, with how well it is founded."""
    found = evidence()[evidence_id]
    return f"{found.claim} ({founded_words(found)})"
