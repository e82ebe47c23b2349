"""Every cue has its few words and its sound; what is said in German, and when it is not."""

from pathlib import Path

import pytest
from msgspec.structs import replace

import lengthwise.reference
from lengthwise.cli.arguments import LANGUAGES
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.errors import InputError
from lengthwise.reference.exercise_parts import EARCON_OF
from lengthwise.reference.exercises import exercises, led_exercises, shared_short_phrases
from lengthwise.reference.reasons import Spoken, reasons
from lengthwise.reference.translation_check import check_translation, coverage, sayable_texts
from lengthwise.reference.translations import (
    Review,
    Translation,
    languages,
    safety_texts,
    translation,
)
from lengthwise.reference.wording import cue_wording, reason_wording
from lengthwise.reference.words import alarming_words

LUNGE = exercises()["half_kneeling_hip_flexor"]
SAFETY = sorted(i for i, s in reasons().spoken.items() if s.safety)


def german() -> Translation:
    found = translation("de")
    assert found is not None
    return found


def reviewed(to: Translation) -> Translation:
    return replace(to, review=Review("a reviewer", "2026-01-01", to.safety_fingerprint))


@pytest.mark.parametrize("exercise_id", sorted(exercises()))
def test_every_cue_has_a_text_a_few_words_and_a_sound_or_is_known_to_have_none(
    exercise_id: str,
) -> None:
    e = exercises()[exercise_id]
    spoken_by_constraints = {c.cue for c in e.constraints} | {c.kept for c in e.constraints}
    for side in Side:
        for cue in e.cues:
            said = cue_wording(e.for_side(side), cue, None)
            assert said.text and said.short and said.language == "en"
            assert len(said.short.split()) <= 6
            assert "{" not in said.text + said.short
            assert alarming_words(said.text + " " + said.short) == ()
            assert said.short[0].isupper() and said.short.endswith(".")
            assert cue in EARCON_OF or cue in spoken_by_constraints


def test_no_shared_short_form_is_of_a_cue_that_nobody_says() -> None:
    cues, _, _ = sayable_texts()
    assert set(shared_short_phrases()) <= cues


@pytest.mark.parametrize("reason_id", sorted(reasons().spoken))
def test_every_spoken_reason_has_a_few_calm_words(reason_id: str) -> None:
    said = reason_wording(reason_id, None)
    assert said.short and len(said.short.split()) <= 6
    assert alarming_words(said.short) == ()
    assert said.short.endswith(".")


def test_a_spoken_reason_states_its_sound_or_that_it_has_none() -> None:
    with pytest.raises(ValueError, match="silent"):
        Spoken("Wait here.")


def test_the_german_texts_are_in_order() -> None:
    assert check_translation(german()) == []


def test_the_languages_of_the_commands_are_those_that_are_there() -> None:
    folder = Path(lengthwise.reference.__file__).parent / "translations"
    assert {"en"} | {f.stem for f in folder.glob("*.toml")} == set(languages()) == set(LANGUAGES)


def test_every_exercise_and_every_spoken_reason_is_german() -> None:
    covered = coverage(reviewed(german()))
    assert set(covered.whole) == set(led_exercises())
    assert covered.untranslated == ()
    assert covered.reasons_translated == covered.reasons
    assert covered.safety_barred == ()
    assert covered.cues_translated == covered.cues


def test_sides_are_inflected() -> None:
    left, right = (cue_wording(LUNGE.for_side(s), "get_ready", german()) for s in Side)
    assert left.text == "Knie dich auf das linke Knie, rechter Fuß vorn."
    assert right.text == "Knie dich auf das rechte Knie, linker Fuß vorn."
    bend = exercises()["standing_side_bend"].for_side(Side.LEFT)
    assert "nach rechts hinüber" in cue_wording(bend, "ease_in", german()).text


@pytest.mark.parametrize("exercise_id", sorted(coverage(reviewed(german())).whole))
def test_what_eases_never_leads_further_in_german(exercise_id: str) -> None:
    e = led_exercises()[exercise_id]
    for cue in ("ease", "release"):
        words = cue_wording(e, cue, german())
        for text in (words.text, words.short or ""):
            assert not {"weiter", "tiefer", "näher", "höher"} & set(text.lower().split())


def test_what_is_not_translated_in_both_forms_is_english_and_says_so() -> None:
    whole = german()
    cue = "tuck_pelvis"
    short = LUNGE.short_words(cue)
    assert short is not None
    half = replace(whole, text={k: v for k, v in whole.text.items() if k != short})
    assert cue_wording(LUNGE, cue, whole).language == "de"
    assert cue_wording(LUNGE, cue, half) == cue_wording(LUNGE, cue, None)
    assert LUNGE.cues[cue] in coverage(half).untranslated


@pytest.mark.parametrize("reason_id", SAFETY)
def test_words_of_safety_are_german_only_once_reviewed_and_never_dropped(reason_id: str) -> None:
    drafts = replace(german(), review=Review())
    assert reason_wording(reason_id, drafts) == reason_wording(reason_id, None)
    assert reason_id in coverage(drafts).safety_barred
    assert reason_wording(reason_id, reviewed(drafts)).language == "de"


def test_a_test_asks_of_the_leg_in_german_only_once_reviewed() -> None:
    raised = led_exercises()["test_straight_leg_raise"]
    drafts = replace(german(), review=Review())
    assert cue_wording(raised, "changed", drafts) == cue_wording(raised, "changed", None)
    assert cue_wording(raised, "changed", reviewed(drafts)).language == "de"
    assert cue_wording(raised, "hold", drafts).language == "de"


def test_a_review_ends_when_one_word_of_safety_changes() -> None:
    read = reviewed(german())
    changed = replace(read, text=read.text | {safety_texts()[0]: "Weiter so."})
    assert read.safety_reviewed
    assert not changed.safety_reviewed
    assert [f.where for f in check_translation(changed)] == ["review"]
    other = replace(read, text=read.text | {"Stay here and breathe.": "Bleib und atme ruhig."})
    assert other.safety_reviewed
    assert not replace(read, review=Review(fingerprint=read.safety_fingerprint)).safety_reviewed


def test_what_is_not_in_order_is_found() -> None:
    def found(english: str, text: str) -> str:
        changed = replace(german(), text=german().text | {english: text})
        return " ".join(f.what for f in check_translation(changed))

    assert "alarms: falsch" in found("Wait here.", "Das ist falsch.")
    assert "said nowhere" in found("Nobody says this.", "Das sagt niemand.")
    assert "sides" in found("Now the {side} leg.", "Jetzt das Bein.")
    assert "words" in found("Wait here.", "Warte bitte hier an dieser einen Stelle.")
    assert "letters" in found("Ease off a little.", "Lass ein wenig nach" + ", ein wenig" * 8 + ".")
    assert "full stop" in found("Ease off a little.", "Lass nach")


def test_a_language_that_is_not_there_is_named() -> None:
    with pytest.raises(InputError, match="en, de"):
        translation("xx")
    with pytest.raises(InputError):
        translation("../words")
