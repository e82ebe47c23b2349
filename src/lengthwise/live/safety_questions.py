"""Use case: the safety questions as they are put now, and the country whose numbers are said.

The country lies beside the profiles and not in one: it is where this machine stands, it tells
nothing of a person, and its number is to be had while a profile is locked.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from lengthwise.contracts.errors import InputError
from lengthwise.contracts.screening import YesNo
from lengthwise.live.guided import questions_now
from lengthwise.record.session_folder import make_private_folder
from lengthwise.record.store import ProfileStore
from lengthwise.reference.emergency_numbers import Region, region
from lengthwise.reference.screening import Told, screening
from lengthwise.reference.screening_words import (
    AskedQuestion,
    language_of_questions,
    questions_in,
    told_now,
)
from lengthwise.reference.translations import ENGLISH, translation

REGION_NAME = "region.json"
_STOPS = "Were two sessions within a week stopped by a symptom?"


class _Chosen(Struct, frozen=True, forbid_unknown_fields=True):
    region: str


class AskedNow(Struct, frozen=True):
    """`question`: what is to be answered now. `language`: of all words here. `region`: two letters
    of the country that was chosen; None: nobody chose one, and no number is said."""

    version: int
    language: str
    told: dict[str, Told]
    question: tuple[AskedQuestion, ...]
    region: str | None


def asked_now(store: ProfileStore, home: Path, *, language: str = ENGLISH) -> AskedNow:
    """Raises InputError on a language that is not known."""
    spoken, asked, code = language_of_questions(language), screening(), chosen_region(home)
    to = translation(spoken)
    return AskedNow(
        version=asked.version,
        language=spoken,
        told=told_now(asked, None if code is None else region(code), to),
        question=questions_in(asked, questions_now(store), to),
        region=code,
    )


class Answered(Struct, frozen=True):
    """A question with the answer that asks somebody to look first."""

    id: str
    text: str
    answer: YesNo


def what_raised(raised: Sequence[str], *, language: str = ENGLISH) -> tuple[Answered, ...]:
    """The answers that decided, in the words in which they were asked. Raises InputError on a
    language that is not known."""
    asked, to = screening(), translation(language_of_questions(language))
    found = []
    for question_id in raised:
        question = asked.by_id(question_id)
        if question is None:
            found.append(Answered(question_id, _STOPS, YesNo.YES))
            continue
        (put,) = questions_in(asked, (question_id,), to)
        found.append(Answered(question_id, put.text, question.raised))
    return tuple(found)


def what_now(home: Path) -> dict[str, Told]:
    """What is said by outcome, in English, with the number of the country that was chosen."""
    return told_now(screening(), _region(home))


def chosen_region(home: Path) -> str | None:
    """Two letters; None: nobody chose one, or what is kept is none of those that are known."""
    try:
        code = msgspec.json.decode((home / REGION_NAME).read_bytes(), type=_Chosen).region
        region(code)
    except (OSError, msgspec.MsgspecError, InputError):
        return None
    return code


def choose_region(home: Path, code: str | None) -> Region | None:
    """Keep the country that was chosen; None: none any more. Raises InputError."""
    if code is None:
        (home / REGION_NAME).unlink(missing_ok=True)
        return None
    found = region(code)
    make_private_folder(home)
    (home / REGION_NAME).write_bytes(msgspec.json.encode(_Chosen(code)))
    return found


def _region(home: Path) -> Region | None:
    code = chosen_region(home)
    return None if code is None else region(code)
