"""Questions of safety are asked in reviewed words alone, and no number is guessed."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from lengthwise.contracts.errors import InputError
from lengthwise.live.safety_questions import REGION_NAME, choose_region, chosen_region
from lengthwise.plan.screening import Outcome
from lengthwise.reference import screening_words
from lengthwise.reference.emergency_numbers import region, regions
from lengthwise.reference.screening import screening
from lengthwise.reference.screening_words import (
    check_asked_in,
    fingerprint,
    language_of_questions,
    questions_in,
    screening_texts,
    told_now,
)
from lengthwise.reference.translations import Review, Translation, languages, translation

ASKED = screening()
IDS = (*ASKED.ids, *ASKED.seen_ids)


def german(*, reviewed: bool = True, **changed: str) -> Translation:
    """German whose every word of the questions is marked, read by somebody or not."""
    found = translation("de")
    assert found is not None
    words = {english: f"de {english}" for english in screening_texts()} | changed
    bare = replace(found, questions=words)
    review = Review("somebody", "2026-01-31", fingerprint(bare)) if reviewed else Review()
    return replace(bare, questions_review=review)


def test_as_long_as_nobody_has_reviewed_them_they_are_asked_in_english() -> None:
    for language in languages():
        assert language_of_questions(language) == "en"
    for to in (german(reviewed=False), None):
        assert all(not q.text.startswith("de ") for q in questions_in(ASKED, IDS, to))
        assert not told_now(ASKED, None, to)["emergency"].now.startswith("de ")


def test_answers_to_words_that_nobody_has_reviewed_are_refused() -> None:
    with pytest.raises(InputError, match="reviewed"):
        check_asked_in("de")
    check_asked_in("en")


def test_reviewed_they_are_asked_whole_and_one_other_word_takes_the_review_back() -> None:
    to = german()
    assert all(q.text.startswith("de ") for q in questions_in(ASKED, IDS, to))
    assert told_now(ASKED, region("DE"), to)["emergency"].next.startswith("de de Call 112")
    for english in (ASKED.question[3].text, ASKED.told["emergency"].next, ASKED.seen.doctor):
        changed = replace(to, questions=to.questions | {english: "something else"})
        assert not screening_words.reviewed(changed)
        missing = {e: t for e, t in to.questions.items() if e != english}
        assert not screening_words.reviewed(replace(to, questions=missing))


def test_no_number_is_said_until_a_country_is_chosen(tmp_path: Path) -> None:
    assert chosen_region(tmp_path) is None
    for told in told_now(ASKED, None).values():
        assert not any(letter.isdigit() for letter in told.now + told.next)
    choose_region(tmp_path, "GB")
    assert chosen_region(tmp_path) == "GB"
    told = told_now(ASKED, region("GB"))
    assert told["emergency"].next.startswith("Call 999 (the United Kingdom)")
    assert "999" in told["urgent"].next and "111" in told["urgent"].next
    choose_region(tmp_path, None)
    assert chosen_region(tmp_path) is None


@pytest.mark.parametrize("kept", [b"", b"{}", b'{"region":"XX"}', b'{"region":"DE","more":1}'])
def test_what_is_kept_and_is_no_country_says_no_number(tmp_path: Path, kept: bytes) -> None:
    (tmp_path / REGION_NAME).write_bytes(kept)
    assert chosen_region(tmp_path) is None


def test_a_country_whose_number_is_not_kept_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="allowed: AT"):
        choose_region(tmp_path, "XX")
    assert not (tmp_path / REGION_NAME).exists()


def test_every_country_has_a_number_and_where_it_is_from() -> None:
    for code, found in regions().items():
        assert len(code) == 2 and code.isupper(), code
        assert found.emergency.isdigit() and 3 <= len(found.emergency) <= 5, code
        assert found.source and found.name, code
        assert all(part.isdigit() for part in found.advice.split()), code


def test_what_is_said_tells_what_was_noticed_what_to_do_and_no_form_is_left_open() -> None:
    for country in (None, *regions().values()):
        told = told_now(ASKED, country)
        assert told.keys() == {o.value for o in Outcome if o is not Outcome.CLEAR} | {"modify"}
        for each in told.values():
            assert "{" not in each.now + each.next
            assert each.now.endswith(".") and each.next.endswith(".")
        assert "today" in told["emergency"].now and "emergency department" in told["emergency"].next
