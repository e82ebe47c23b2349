"""Every reason has its sentence, every sentence its reason, and no code knows an exercise."""

import re
from pathlib import Path

import pytest

import lengthwise.coach
from lengthwise.coach.reasons import ALL_REASON_IDS, ReasonId
from lengthwise.coach.settings import Settings, published_settings
from lengthwise.reference.constants import constants
from lengthwise.reference.exercises import exercises
from lengthwise.reference.reasons import reason_sentence, reason_sentences
from lengthwise.reference.words import alarming_words

SOURCES = sorted(Path(lengthwise.coach.__file__).parent.rglob("*.py"))


def test_the_listed_reasons_are_those_that_can_be_given() -> None:
    assert set(reason_sentences()) == ALL_REASON_IDS


def test_every_reason_is_given_somewhere() -> None:
    """An id that no code names could never be seen."""
    code = "".join(s.read_text() for s in SOURCES if s.name != "reasons.py")
    unused = [member.name for member in ReasonId if f"ReasonId.{member.name}" not in code]
    assert unused == []


@pytest.mark.parametrize("reason_id", sorted(ALL_REASON_IDS))
def test_sentences_are_calm_whole_and_short(reason_id: str) -> None:
    sentence = reason_sentence(reason_id)
    assert alarming_words(sentence) == ()
    assert sentence[0].isupper() or sentence.startswith("I ")
    assert sentence.endswith(".")
    stops = ("stop.person", "symptom.leg", "symptom.dizzy", "pain.stop")
    assert len(sentence) <= (260 if reason_id in stops else 110)


def test_a_stop_says_what_was_noticed_then_what_to_do_then_when_to_seek_help() -> None:
    text = reason_sentence("stop.person")
    noticed, act, seek = (text.index(w) for w in ("You asked to stop", "Come back", "seek help"))
    assert noticed < act < seek


def test_no_code_branches_on_an_exercise() -> None:
    for source in SOURCES:
        text = source.read_text()
        for exercise_id in exercises():
            assert f'"{exercise_id}"' not in text, f"{source.name} knows {exercise_id}"


def test_no_clock_file_or_chance_in_the_coach() -> None:
    barred = re.compile(r"^\s*(?:import|from)\s+(time|datetime|random|os|pathlib|logging)\b", re.M)
    for source in SOURCES:
        assert not barred.search(source.read_text()), source.name


def test_every_constant_is_read_and_within_its_range() -> None:
    listed = constants("coach")
    assert set(listed) == set(Settings.__struct_fields__)
    for name, entry in listed.items():
        assert entry.low <= getattr(published_settings(), name) <= entry.high
        assert entry.source
        assert entry.note
    code = "".join(s.read_text() for s in SOURCES if s.name != "settings.py")
    assert [name for name in listed if f".{name}" not in code] == []
