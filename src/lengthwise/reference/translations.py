"""What is said to a person in other languages: one file each, by the English text.

English is the source and always complete. A text that a language lacks is said in English and
marked so. Words of safety (`Spoken.safety`) are said in another language only while the file names
who reviewed exactly the words that stand in it.
"""

import re
from functools import cache
from hashlib import sha256
from importlib.resources import files

import msgspec
from msgspec import Struct

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.errors import InputError
from lengthwise.reference.exercises import guided_tests
from lengthwise.reference.reasons import reasons
from lengthwise.reference.words import alarming_in

ENGLISH = "en"
SYMPTOM_CUES = ("changed", "reach")
"""What a test asks about a feeling in the leg. The answer bars, so these are words of safety."""


class Review(Struct, frozen=True, forbid_unknown_fields=True):
    """Who read the words of safety, when, and the fingerprint of what was read; empty: nobody."""

    by: str = ""
    date: str = ""
    fingerprint: str = ""


class Translation(Struct, frozen=True, forbid_unknown_fields=True):
    """One language. `side`: what fills `{side}` and `{other}`, to which a text may add an ending.

    `alarming`: words that no text may hold. `text`: English text to its translation, cues and
    their short forms and reasons alike. `questions`: the same of the safety questions and of what
    their answers mean, with a review of their own (`screening_words`).
    """

    language: str
    name: str
    side: dict[Side, str]
    alarming: tuple[str, ...]
    text: dict[str, str]
    review: Review = Review()
    questions: dict[str, str] = {}
    questions_review: Review = Review()

    def said(self, english: str, side: Side) -> str | None:
        """A text with its sides named; None where it is not translated."""
        found = self.text.get(english)
        if found is None:
            return None
        named = found.format(side=self.side[side], other=self.side[side.other])
        return named[:1].upper() + named[1:]

    @property
    def safety_fingerprint(self) -> str:
        """Of the words of safety, English and translated: a change of either is a new review."""
        pairs = [[english, self.text.get(english, "")] for english in safety_texts()]
        return sha256(msgspec.json.encode(pairs)).hexdigest()[:16]

    @property
    def safety_reviewed(self) -> bool:
        review = self.review
        named = bool(review.by and review.date)
        return named and review.fingerprint == self.safety_fingerprint

    def alarming_words(self, text: str) -> tuple[str, ...]:
        return alarming_in(text, self.alarming)


def safety_texts() -> tuple[str, ...]:
    """The English sentences and short forms that a stop or the envelope says, and what a test asks
    about a feeling in the leg, in their order."""
    known = reasons()
    spoken = [(known.sentence[i], s.short) for i, s in known.spoken.items() if s.safety]
    asked = [
        (t.cues[c], t.short_words(c))
        for t in guided_tests().values()
        for c in SYMPTOM_CUES
        if c in t.cues
    ]
    return tuple(dict.fromkeys(text for pair in (*spoken, *asked) for text in pair if text))


def languages() -> tuple[str, ...]:
    """English, then the others by their two letters."""
    folder = files("lengthwise.reference") / "translations"
    found = [f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")]
    return (ENGLISH, *sorted(found))


@cache
def translation(language: str) -> Translation | None:
    """The texts of a language, None for English. Raises InputError for one that is not there."""
    if language == ENGLISH:
        return None
    if not re.fullmatch("[a-z]{2}", language) or language not in languages():
        raise InputError(
            "language",
            value=language,
            allowed=", ".join(languages()),
            remedy="choose one of these",
        )
    raw = (files("lengthwise.reference") / "translations" / f"{language}.toml").read_bytes()
    return msgspec.toml.decode(raw, type=Translation)
