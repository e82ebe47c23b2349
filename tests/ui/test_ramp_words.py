"""Why no ramp is led is said in German as well; what sends to somebody stays as it was reviewed."""

import json
from pathlib import Path

from lengthwise.coach.ramping import END_REASON
from lengthwise.live.ramp_read import ENDS
from lengthwise.plan.ramp_permission import RampBar
from lengthwise.reference.ramp_bars import bar_words
from lengthwise.reference.translations import translation
from lengthwise.reference.words import alarming_words

TEXTS = Path(__file__).parents[2] / "ui" / "src" / "texts"
ASKED = {bar for bar in RampBar if bar.endswith("_not_known")}
"""Asked instead, or open until the session itself sees it."""
NEVER_ON_A_PAGE = {RampBar.NOT_WARM}


def test_each_reason_against_a_ramp_has_its_german() -> None:
    german = json.loads((TEXTS / "decisions.de.json").read_text(encoding="utf-8"))
    spoken = translation("de")
    assert spoken is not None
    sends_to_somebody = {bar_words()[RampBar.OSTEOPOROTIC].change}
    assert sends_to_somebody.isdisjoint(german)
    names_a_command = {bar_words()[RampBar.NO_STRETCH].change}
    for bar in set(RampBar) - ASKED - NEVER_ON_A_PAGE:
        words = bar_words()[bar]
        for text in {words.why, words.change} - sends_to_somebody - names_a_command:
            assert text in german, bar
            assert not alarming_words(text) and not spoken.alarming_words(german[text])


def test_each_end_of_a_ramp_has_words_on_the_page() -> None:
    assert frozenset(END_REASON.values()) == ENDS
    written = (TEXTS / "en.ramp.ts").read_text(encoding="utf-8")
    for reason in ENDS:
        assert f'"{reason.replace("ramp.", "ramp.end.")}":' in written
