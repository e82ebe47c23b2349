"""Tempo and smoothness on the page: as it was told, with its doubt, and nothing of a hold."""

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Decision, DecisionKind, Phase, Reason
from lengthwise.reference.words import alarming_words
from lengthwise.report.evenness import evenness_html

NUMBERS = {
    "movements": 8.0,
    "cycle_s": 6.24,
    "cycle_sd_s": 0.31,
    "asked_s": 6.0,
    "log_jerk": -10.42,
    "log_jerk_change": -0.81,
    "log_jerk_change_sd": 0.2,
}


def released(reason: Reason, side: Side | None = None) -> Decision:
    return Decision(60.0, DecisionKind.PHASE, Phase.RELEASE, "hip_hinge", side, (reason,))


def test_each_set_is_a_line_with_tempo_change_and_doubt() -> None:
    told = [
        released(Reason("set.less_smooth", NUMBERS), Side.LEFT),
        released(Reason("set.untold", {"movements": 1.0, "cycle_s": 5.0}), Side.RIGHT),
    ]
    page = evenness_html(told)
    assert page.count("<li>") == 2
    assert "Left: 8 movements seen, about 6.2 s each (± 0.3 s), asked for 6 s." in page
    assert "later against first -0.8 ± 0.2." in page
    assert "Right: 1 movement seen, about 5.0 s each." in page
    assert page.count("Smoothness -10.4") == 1, "no number where it is not known"
    assert alarming_words(page) == ()


def test_a_hold_has_no_such_line() -> None:
    assert evenness_html([released(Reason("hold.complete", {"effective_s": 30.0}))]) == ""


def test_nothing_counted_is_said_so() -> None:
    page = evenness_html([released(Reason("set.untold", {"movements": 0.0}))])
    assert "No movement was seen well enough." in page and "0.0 s" not in page
