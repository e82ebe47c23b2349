"""In which words the safety questions are asked and what is said after them: reviewed ones alone.

A language asks them whole or not at all: as long as one of its texts is missing, or nobody has
reviewed exactly the words that stand in it, everything is asked and said in English, and an answer
that says it was read in that language is refused.
"""

from hashlib import sha256

import msgspec
from msgspec import Struct

from lengthwise.contracts.errors import InputError
from lengthwise.reference.emergency_numbers import Region
from lengthwise.reference.screening import Screening, Told, screening
from lengthwise.reference.translations import ENGLISH, Translation, languages, translation


class AskedQuestion(Struct, frozen=True):
    """One question as it is put."""

    id: str
    text: str


def screening_texts() -> tuple[str, ...]:
    """Every English text of the questions and of what follows them, in their order."""
    asked = screening()
    said = [text for told in asked.told.values() for text in (told.now, told.next)]
    forms = [*msgspec.structs.astuple(asked.call), *msgspec.structs.astuple(asked.seen)]
    return (*(q.text for q in asked.question), *said, *forms)


def fingerprint(to: Translation) -> str:
    """Of the words of the questions, English and translated: a change of either is a new review."""
    pairs = [[english, to.questions.get(english, "")] for english in screening_texts()]
    return sha256(msgspec.json.encode(pairs)).hexdigest()[:16]


def reviewed(to: Translation) -> bool:
    """Whether somebody has reviewed the questions of a language, whole and as they stand."""
    whole = all(to.questions.get(english) for english in screening_texts())
    review = to.questions_review
    return whole and bool(review.by and review.date) and review.fingerprint == fingerprint(to)


def language_of_questions(language: str) -> str:
    """In which language they are put to who reads in that one. Raises InputError on one that is not
    known."""
    to = translation(language)
    return language if to is not None and reviewed(to) else ENGLISH


def check_asked_in(language: str) -> None:
    """Raises InputError for answers to words that nobody has reviewed."""
    if language_of_questions(language) != language:
        raise InputError(
            "language of the safety questions",
            value=language,
            allowed=", ".join(a for a in languages() if language_of_questions(a) == a),
            remedy="answer them in one of these; nobody has reviewed them in the other",
        )


def questions_in(
    asked: Screening, ids: tuple[str, ...], to: Translation | None
) -> tuple[AskedQuestion, ...]:
    """The questions of those ids as they are put; also whether somebody has looked."""
    flags = {f"seen_{i}": i for i in (*asked.ids, "two_stops")}

    def words(question_id: str) -> str:
        question = asked.by_id(question_id)
        english = asked.seen_text(flags[question_id]) if question is None else question.text
        if to is None or not reviewed(to):
            return english
        if question is not None:
            return to.questions[question.text]
        about = asked.by_id(flags[question_id])
        if about is None:
            return to.questions[asked.seen.stops]
        form = asked.seen.doctor if about.looked_at_by == "doctor" else asked.seen.clinician
        return to.questions[form].format(text=to.questions[about.text])

    return tuple(AskedQuestion(i, words(i)) for i in ids)


def told_now(
    asked: Screening, region: Region | None, to: Translation | None = None
) -> dict[str, Told]:
    """What is said by outcome, with the numbers of a region that was chosen. None: nobody chose
    one, and none is guessed."""

    def said(english: str) -> str:
        return english if to is None or not reviewed(to) else to.questions[english]

    words = asked.call
    if region is None:
        fills = {
            "call": said(words.not_chosen),
            "call_small": said(words.not_chosen_small),
            "advice": "",
        }
    else:
        about = {"number": region.emergency, "country": region.name, "advice": region.advice}
        fills = {
            "call": said(words.chosen).format(**about),
            "call_small": said(words.chosen_small).format(**about),
            "advice": said(words.advice).format(**about) if region.advice else "",
        }
    return {
        outcome: Told(said(told.now), said(told.next).format(**fills))
        for outcome, told in asked.told.items()
    }
