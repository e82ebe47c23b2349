"""`lengthwise assess`: what is printed, and one line where something is wrong."""

import json
from datetime import date
from pathlib import Path

import pytest

from lengthwise.cli.main import main
from lengthwise.contracts.assessment import TestResult as Result
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.tested import Tested, Untaken
from lengthwise.live.assess_known import Known, KnownBy
from lengthwise.live.assess_page import page, plain
from lengthwise.live.assess_real import Real
from lengthwise.live.own_plan_told import tell_results
from lengthwise.record.store import ProfileStore
from lengthwise.reference.exercises import guided_tests
from lengthwise.reference.words import alarming_words
from lengthwise.report.tested_words import cut_words, result_words, taken_lines


def said(capsys: pytest.CaptureFixture[str], *asked: str) -> str:
    assert main(list(asked)) == 0
    return capsys.readouterr().out


def test_every_test_is_listed_and_shown_without_an_alarming_word(
    capsys: pytest.CaptureFixture[str],
) -> None:
    listed = json.loads(said(capsys, "assess", "list", "--json"))
    assert [t["id"] for t in listed] == sorted(guided_tests())
    for test in guided_tests().values():
        shown = said(capsys, "assess", "show", test.id)
        assert "How the result is taken" in shown and not alarming_words(shown)
        assert all(line.strip() for line in taken_lines(test))


def test_tests_are_listed_apart_from_exercises(capsys: pytest.CaptureFixture[str]) -> None:
    assert "test_sorensen" not in said(capsys, "exercises", "list")


def test_what_is_no_test_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nothing = str(tmp_path / "no.csv")
    for asked in (
        ["assess", "run", nothing, "--test", "cat_cow"],
        ["assess", "known", "--test", "cat_cow"],
        ["assess", "run", nothing, "--test", "test_standing"],
        ["assess", "run", nothing, "--test", "test_standing", "--pain", "11"],
    ):
        assert main(asked) == 2
        told = capsys.readouterr().err.strip()
        assert told.startswith("lengthwise") and "\n" not in told


@pytest.mark.parametrize(
    ("tested", "words"),
    [
        (Tested("test_straight_leg_raise", Side.LEFT, 64.2, 3.3, 2, True, False), "64° (sd 3.3°)"),
        (Tested("test_sorensen", None, 240.0, 0.5, at_least=True), "at least 240 s"),
        (Tested("test_modified_thomas", Side.LEFT, untaken=Untaken.NOT_CONTROLLED), "no result"),
        (Tested("test_repeated_flexion", None, reach_before=1, reach_after=3), "1 before, 3 after"),
        (Tested("test_straight_leg_raise", Side.LEFT, 40.0, 3.0, 1, True, True), "changed with it"),
    ],
)
def test_a_result_in_words(tested: Tested, words: str) -> None:
    assert words in result_words(tested)
    assert not alarming_words(result_words(tested))


def test_the_page_leaves_a_cell_empty_where_nothing_is_known() -> None:
    raised = KnownBy(
        "test_straight_leg_raise",
        (
            Known("test_straight_leg_raise", "camera", None, None, False),
            Known("test_straight_leg_raise", "imu6", 4.0, 5.0, True, 13.9),
        ),
        ("sacrum", "thigh_l"),
        Known("test_straight_leg_raise", "sacrum+thigh_l", 4.5, 5.0, False, 15.0),
    )
    turned = KnownBy(
        "test_hip_internal_rotation",
        tuple(Known("test_hip_internal_rotation", s, None, None, True) for s in ("camera", "imu6")),
        (),
    )
    seen = Real("take", "lean", 40.0, 5.0, 42.0, "markers", "pelvis kept")
    text = page([raised, turned], [seen])
    least = "sacrum and thigh_l: 4.5° / 5.0° *(not kept)*"
    assert f"|  | 4.0° / 5.0° | {least} |" in text
    assert "no sensor of the present kinds" in text and "| 14° | below 70°" in text
    assert "| take | lean | 40.0° (sd 5.0°) | 42.0° | markers | pelvis kept |" in text
    assert "would need: no sensor of the present kinds" in plain([turned])
    assert not alarming_words(text)
    assert cut_words(guided_tests()[raised.test_id]) == "below 70°, or 15° beside the other"


def test_results_that_were_typed_are_seen_wherever_results_are_and_say_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LENGTHWISE_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    on = date(2026, 1, 2).toordinal()
    with ProfileStore.open(tmp_path, "anna"):
        pass
    shown = said(capsys, "assess", "results", "--profile", "anna")
    assert "no test is kept yet" in shown and "what it says" not in shown
    shown = said(capsys, "plan", "assess", "--profile", "anna")
    assert "no result of a test is kept yet" in shown and "what it says" not in shown
    with ProfileStore.open(tmp_path, "anna") as store:
        for day in (on, on + 7):
            one = Result("straight_leg_raise", day, 50.0, 1.0, Side.LEFT, None, False)
            tell_results(store, (one,), at_s=1767873600.0)
    for asked in (("assess", "results", "--profile"), ("plan", "assess", "--profile")):
        shown = " ".join(said(capsys, *asked, "anna").split())
        assert "2026-01-02 Straight-leg raise, left: 50° (sd 1.0°); typed by hand" in shown
        assert "short on two days" in shown and "need: hamstrings l" in shown
    told = json.loads(said(capsys, "assess", "results", "--profile", "anna", "--json"))
    assert len(told["typed"]) == len(told["told"]["results"]) == 2
    page = " ".join(said(capsys, "plan", "handover", "--person", "anna").split())
    assert page.count("left: 50° (sd 1.0°); typed by hand: short on two days") == 2
