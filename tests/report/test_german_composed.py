"""What the program puts together has its German, and what safety hangs on has none."""

import json
from pathlib import Path

import pytest
from german_samples import FLARE, LADDER_FLARE, SAMPLES, STOPPED, TO_SOMEBODY, written

from lengthwise.reference.reasons import reasons
from lengthwise.reference.translations import translation
from lengthwise.report.ladder_words import REASON
from lengthwise.report.week_words import bar_words

TEXTS = Path(__file__).parents[2] / "ui" / "src" / "texts"
TABLES = sorted(TEXTS.glob("*.de.json"))


def entries(table: Path) -> dict[str, str]:
    found = json.loads(table.read_text("utf-8"))
    nested = [v for v in found.values() if isinstance(v, dict)]
    return {k: v for of in nested or [found] for k, v in of.items()}


def test_the_page_is_asked_for_the_german_of_what_is_said_now() -> None:
    again = "write them anew: python tests/report/german_samples.py"
    assert SAMPLES.read_text("utf-8") == written(), again


@pytest.mark.parametrize("rule", sorted(TO_SOMEBODY | FLARE))
def test_a_rule_that_sends_to_somebody_stays_as_it_was_reviewed(rule: str) -> None:
    assert not any(bar_words(rule) in entries(table) for table in TABLES)


def test_words_of_a_flare_and_of_a_stop_stay_as_they_were_reviewed() -> None:
    stopped = reasons().sentence[f"test.{STOPPED.value}"]
    for english in (REASON[LADDER_FLARE], stopped):
        assert not any(english in entries(table) for table in TABLES)


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_no_german_of_the_program_alarms(table: Path) -> None:
    spoken = translation("de")
    assert spoken is not None
    found = {e: w for e, w in entries(table).items() if not w or spoken.alarming_words(w)}
    assert found == {}
