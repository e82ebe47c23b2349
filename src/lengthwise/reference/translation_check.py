"""What is to be put right in a translation, and how much of what is said it covers."""

from string import Formatter

from msgspec import Struct

from lengthwise.contracts.coordinates import Side
from lengthwise.reference.exercise_check import Finding
from lengthwise.reference.exercise_parts import SHORT_WORDS
from lengthwise.reference.exercises import Exercise, led_exercises
from lengthwise.reference.reasons import reasons
from lengthwise.reference.translations import Translation, safety_texts
from lengthwise.reference.wording import cue_wording, reason_wording

LONGEST_CUE_TRANSLATED = 75
"""Letters of a cue in another language: a quarter more than in English."""
_LONGER_RATIO = 1.5
"""A reason may grow by this much: it is read more than heard."""


class Coverage(Struct, frozen=True):
    """`cues`, `reasons`: how many are said, `..._translated` in the language. `whole`: exercises
    and tests with every cue; `untranslated`: texts that are said in English; `safety_barred`:
    reasons that are translated or not, and said in English until someone reviews them.
    """

    language: str
    name: str
    cues: int
    cues_translated: int
    reasons: int
    reasons_translated: int
    whole: tuple[str, ...]
    untranslated: tuple[str, ...]
    safety_barred: tuple[str, ...]
    safety_fingerprint: str


def coverage(to: Translation) -> Coverage:
    found = led_exercises().values()
    cues = [
        (e, cue, cue_wording(e, cue, to).language == to.language) for e in found for cue in e.cues
    ]
    spoken = reasons().spoken
    barred = () if to.safety_reviewed else tuple(i for i, s in spoken.items() if s.safety)
    said = {i: reason_wording(i, to).language == to.language for i in spoken}
    closed = set() if to.safety_reviewed else set(safety_texts())
    texts = {e.cues[cue] for e, cue, translated in cues if not translated} - closed
    texts |= {
        reasons().sentence[i]
        for i, translated in said.items()
        if not translated and i not in barred
    }
    return Coverage(
        language=to.language,
        name=to.name,
        cues=len(cues),
        cues_translated=sum(translated for _, _, translated in cues),
        reasons=len(said),
        reasons_translated=sum(said.values()),
        whole=tuple(e.id for e in found if all(t for of, _, t in cues if of is e)),
        untranslated=tuple(sorted(texts)),
        safety_barred=barred,
        safety_fingerprint=to.safety_fingerprint,
    )


def check_translation(to: Translation) -> list[Finding]:
    """Everything found, in the order of the file; empty when it is in order."""
    cues, shorts, sentences = sayable_texts()
    found = [
        Finding("side", f"names no {side.name.lower()} side")
        for side in Side
        if not to.side.get(side)
    ]
    for english, text in to.text.items():
        where = f"text.{english}"
        if english not in cues | shorts | sentences:
            found.append(Finding(where, "is said nowhere"))
        if not text or to.alarming_words(text):
            found.append(
                Finding(where, f"is empty or alarms: {', '.join(to.alarming_words(text))}")
            )
        if not text.endswith("."):
            found.append(Finding(where, "ends without a full stop"))
        # What names a side must name it still: "left" lost in translation is a wrong leg. A short
        # form may leave sides out, but not exchange them.
        if not _names(text) <= {"side", "other"} or _names(text) != _names(english):
            found.append(Finding(where, "does not name the sides that the English names"))
            continue
        longest = max((len(to.said(english, side) or "") for side in Side), default=0)
        if english in cues and longest > LONGEST_CUE_TRANSLATED:
            found.append(Finding(where, f"is longer than {LONGEST_CUE_TRANSLATED} letters"))
        if english in sentences - cues and longest > _LONGER_RATIO * len(english):
            found.append(Finding(where, f"is longer than {_LONGER_RATIO:g} times the English"))
        if english in shorts and len(text.split()) > SHORT_WORDS:
            found.append(Finding(where, f"has more than {SHORT_WORDS} words"))
    review = to.review
    if (review.by or review.date or review.fingerprint) and not to.safety_reviewed:
        found.append(
            Finding("review", f"is of other words than stand here: {to.safety_fingerprint}")
        )
    unworded = [t for t in safety_texts() if t not in to.text]
    return found + [
        Finding(f"text.{t}", "is a word of safety and not translated") for t in unworded
    ]


def sayable_texts() -> tuple[set[str], set[str], set[str]]:
    """Every English text that can be said: cues, short forms, sentences of reasons."""
    every: list[tuple[Exercise, str]] = [
        (e, cue) for e in led_exercises().values() for cue in e.cues
    ]
    known = reasons()
    cues = {e.cues[cue] for e, cue in every}
    shorts = {short for e, cue in every if (short := e.short_words(cue)) is not None}
    shorts |= {s.short for s in known.spoken.values()}
    return cues, shorts, {known.sentence[i] for i in known.spoken}


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
