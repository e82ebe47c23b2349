"""Every sentence of a decision has its German on the page, but for those that safety hangs on."""

import json
from pathlib import Path

import pytest

from lengthwise.live import tests_shown
from lengthwise.report import plan_words, progress_words, test_results

GERMAN = json.loads(
    (Path(__file__).parents[2] / "ui" / "src" / "texts" / "decisions.de.json").read_text("utf-8")
)
ENGLISH_YET = {"held", "stops", "cleared", "flare", "flare_told", "flare_on"}
"""Nobody has reviewed a translation of these."""
SAFETY_RULES = {"S", "X", "F"}


def sentences() -> list[str]:
    of_days = [s for i, s in progress_words.REASONS.items() if i not in ENGLISH_YET]
    of_tests = [s for v, s in test_results.COUNTS.items() if v.value != "symptom"]
    rules = [s for i, s in plan_words.RULES.items() if i not in SAFETY_RULES]
    return [*of_days, *of_tests, *rules, *plan_words.BEGINS.values(), *tests_shown.WHYS]


@pytest.mark.parametrize("sentence", sentences())
def test_it_is_said_in_german(sentence: str) -> None:
    assert GERMAN.get(sentence)


@pytest.mark.parametrize("safety", sorted(ENGLISH_YET))
def test_what_safety_hangs_on_stays_as_it_was_reviewed(safety: str) -> None:
    assert progress_words.REASONS[safety] not in GERMAN
