"""Every reason against a ramp has plain words, and says what would change it."""

import pytest

from lengthwise.plan.ramp_permission import RampBar
from lengthwise.reference.answers import asked
from lengthwise.reference.constants import constants
from lengthwise.reference.ramp_bars import bar_words
from lengthwise.reference.words import alarming_words


def test_each_has_words_and_nothing_else_has() -> None:
    assert list(bar_words()) == [bar.value for bar in RampBar]


@pytest.mark.parametrize("bar", RampBar)
def test_the_words_are_plain_and_say_what_changes_it(bar: RampBar) -> None:
    words = bar_words()[bar.value]
    for text in (words.why, words.change):
        assert alarming_words(text) == ()
        assert text and not text.endswith(".") and len(text) <= 110
        assert not {"flare", "neural", "beighton", "irritable"} & set(text.split())


@pytest.mark.parametrize("bar", [b for b in RampBar if b.value.endswith("_not_known")])
def test_what_was_not_asked_names_the_way_to_answer_it(bar: RampBar) -> None:
    change = bar_words()[bar.value].change
    named = [name for name in asked() if f"--answer {name.value}=" in change]
    others = {RampBar.WARM_NOT_KNOWN: "--warm", RampBar.TODAY_NOT_KNOWN: "--profile"}
    assert len(named) == 1 or others[bar] in change


def test_every_constant_of_the_ramp_is_within_its_range() -> None:
    for entry in constants("ramp").values():
        assert entry.low <= entry.value <= entry.high and entry.source and entry.note
