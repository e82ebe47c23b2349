"""How a cue or a reason is said: its text, the same in a few words, its sound and its language."""

from msgspec import Struct

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Earcon
from lengthwise.reference.exercises import Exercise
from lengthwise.reference.reasons import reason_sentence, reasons
from lengthwise.reference.translations import ENGLISH, SYMPTOM_CUES, Translation


class Wording(Struct, frozen=True):
    """Text and short form are of one language; `earcon` None: no sound."""

    text: str
    short: str | None = None
    earcon: Earcon | None = None
    language: str = ENGLISH


def cue_wording(e: Exercise, cue: str, to: Translation | None) -> Wording:
    """A cue for the working side. What is not translated in both its forms stays English, and so
    does a question about a symptom until its translation was reviewed."""
    text, short, earcon = e.cues[cue], e.short_words(cue), e.sound(cue)
    barred = to is not None and cue in SYMPTOM_CUES and not to.safety_reviewed
    translated = None if to is None or barred else _translated(to, text, short, e.written_for)
    if to is None or translated is None:
        return Wording(e.cue_text(cue), e.short_text(cue), earcon)
    return Wording(*translated, earcon, to.language)


def reason_wording(reason_id: str, to: Translation | None) -> Wording:
    """A reason as it is said or shown. Words of safety stay English until they are reviewed.

    Raises KeyError for an id that is not listed.
    """
    text, spoken = reason_sentence(reason_id), reasons().spoken.get(reason_id)
    short, earcon = (spoken.short, spoken.sound) if spoken else (None, None)
    barred = to is not None and spoken is not None and spoken.safety and not to.safety_reviewed
    translated = None if to is None or barred else _translated(to, text, short, Side.LEFT)
    if to is None or translated is None:
        return Wording(text, short, earcon)
    return Wording(*translated, earcon, to.language)


def _translated(
    to: Translation, text: str, short: str | None, side: Side
) -> tuple[str, str | None] | None:
    """Both forms, or nothing: half a translation would speak two languages at once."""
    said = to.said(text, side)
    said_short = None if short is None else to.said(short, side)
    if said is None or (short is not None and said_short is None):
        return None
    return said, said_short
