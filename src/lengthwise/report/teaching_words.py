"""What teaching has decided, in sentences: what is open, why, and what would change it."""

from collections.abc import Callable

from lengthwise.contracts.teaching import CriterionStands, Judged, Opened, Opening, Teaching, Track
from lengthwise.reference.curriculum import Criterion, Curriculum, Lesson
from lengthwise.reference.exercises import exercises
from lengthwise.report.week_words import bar_words
from lengthwise.report.words import joined_words

NOT_ASKED = "What may be given was not asked, which bars like a yes."
TO_ASK = "Answers to the safety questions that stand well, or a week's question beside the file."
REASON = {
    "booster": "It was learnt and has slipped, or was not seen for four weeks: one lesson again, "
    "led meanwhile.",
    "led": "It is done led, to the first gentle pull, until the lesson is learnt.",
    "home": "What home practice asks for was seen and learnt.",
    "timed": "It is done by the clock and asks for no lesson.",
    "alone": "It was kept without a word, a week after the last cues too.",
}
CHANGE = {
    "taught": "A visit in which it is taught.",
    "timed": "A rule of safety that leaves it out.",
    "missed": "Two days on which it does not stay, or four weeks in which it is not seen.",
}
_TRACK = {
    Track.CLINICIAN: "with a clinician",
    Track.SELF_TAUGHT: "self-taught, by the same criteria",
}
_ACTION = {
    Opening.CLOSED: "not now",
    Opening.LED: "led",
    Opening.HOME: "home practice",
    Opening.ALONE: "also without cues",
}


def opened_reason(o: Opened, words: Callable[[str], str] = bar_words) -> str:
    """`words`: of a rule that leaves it out."""
    if o.action is Opening.CLOSED:
        return " ".join(NOT_ASKED if bar == "not_asked" else words(bar) for bar in o.bars)
    return REASON[o.reason]


def opened_change(o: Opened, of: Curriculum, words: Callable[[str], str] = bar_words) -> str:
    """What would change it: of a closed one its first bar, else the first criterion that lacks."""
    if o.action is Opening.CLOSED:
        return _opens(o.would_change, words)
    criterion = criterion_of(o.would_change, of)
    return CHANGE[o.would_change] if criterion is None else criterion.to_open


def opened_words(o: Opened) -> str:
    """ "Front of the hip: home practice"."""
    name = exercises()[o.exercise_id].plain_name
    return f"{name}: {_ACTION[o.action]}" + (", one lesson again" if o.booster else "")


def next_words(t: Teaching, of: Curriculum) -> str:
    """What the next lesson is about, and for whom."""
    least, most = of.visits
    if not t.opened:
        return "No exercise was done yet, and none was named."
    if all(o.action is Opening.CLOSED for o in t.opened):
        return "Nothing may be given now, so no lesson is next."
    if not t.next_lessons:
        return f"Nothing more is to be learnt ({_TRACK[t.track]})."
    named = joined_words([f"“{lesson_of(i, of).name}”" for i in t.next_lessons])
    visits = f"; {least} to {most} visits in all" if t.track is Track.CLINICIAN else ""
    return f"Next, {_TRACK[t.track]}: {named}{visits}."


def criterion_words(c: CriterionStands, of: Curriculum) -> str:
    """How one criterion stands: its sentence, and what was seen of it last."""
    known = criterion_of(c.id, of)
    sentence = c.id if known is None else known.sentence
    if c.attested:
        how = "seen by the clinician"
    elif c.latest is Judged.NOT_SEEN:
        how = "not seen yet"
    else:
        how = "met" if c.latest is Judged.MET else "not met"
        how += "" if c.on is None else f" on {c.on.isoformat()}"
    stands = "learnt" if c.open else "slipped" if c.lost else "not yet"
    optional = "" if c.needed else ", nothing waits for it"
    return f"{sentence} {stands.capitalize()} ({how}{optional})."


def lesson_of(lesson_id: str, of: Curriculum) -> Lesson:
    return next(lesson for lesson in of.lesson if lesson.id == lesson_id)


def criterion_of(criterion_id: str, of: Curriculum) -> Criterion | None:
    return next((c for lesson in of.lesson for c in lesson.criteria if c.id == criterion_id), None)


def _opens(bar: str, words: Callable[[str], str]) -> str:
    return TO_ASK if bar == "not_asked" else words(bar)
