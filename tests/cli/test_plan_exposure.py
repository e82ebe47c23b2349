"""`lengthwise plan exposure`: the next step, from a file and of a kept person."""

import json
import time
from pathlib import Path

import pytest
from command_lines import printed

from lengthwise.cli.main import main
from lengthwise.contracts.answers import AnswerName
from lengthwise.live import guided
from lengthwise.live.kept_answers import answer
from lengthwise.live.session_name import now_utc
from lengthwise.record.store import ProfileStore
from lengthwise.reference.screening import screening

GOOD = {q.id: q.good for q in screening().question}


def test_the_example_says_what_is_offered_and_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = tmp_path / "exposure.json"
    told.write_text(printed(capsys, "plan", "example", "--of", "exposure"))
    found = json.loads(printed(capsys, "plan", "exposure", str(told), "--json"))
    assert (found["exposure"]["action"], found["exposure"]["rung"]) == ("again", "hinge")
    assert found["rule_ids"] == ["A"] and "fear.graded_exposure" in found["evidence_ids"]
    shown = printed(capsys, "plan", "exposure", str(told))
    assert "always yours to choose" in shown and "What would change it:" in shown
    assert "in 5 of 5 (57 to 100 %)" in shown


def test_ladders_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Bending forward" in printed(capsys, "plan", "exposure", "--ladders")
    found = json.loads(printed(capsys, "plan", "exposure", "--ladders", "--json"))
    assert len(found["ladder"]) >= 4


def test_a_kept_ladder_grows_step_by_step_and_none_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LENGTHWISE_HOME", str(tmp_path))
    with ProfileStore.open(tmp_path, "anna") as store:
        guided.answer(store, GOOD, version=screening().version)
    assert main(["plan", "exposure", "--person", "anna"]) == 2
    assert "none chosen yet" in capsys.readouterr().err
    book = tmp_path / "book.json"
    book.write_text('{"rungs": [{"id": "shoes", "text": "Tying my shoes"}]}')
    printed(capsys, "plan", "keep", str(book), "--person", "anna")
    book.write_text('{"tries": [{"on": "2026-01-02", "rung": "shoes", "expected": 5}]}')
    printed(capsys, "plan", "keep", str(book), "--person", "anna")
    out = printed(capsys, "plan", "exposure", "--person", "anna")
    assert "Nothing is offered for now" in out and "It waits until you say how your back is" in out
    book.write_text('{"tries": [{"on": "2026-01-02", "rung": "stairs"}]}')
    printed(capsys, "plan", "keep", str(book), "--person", "anna")
    assert main(["plan", "exposure", "--person", "anna"]) == 2
    assert "stairs was tried" in capsys.readouterr().err


def test_a_flare_that_was_told_is_not_lifted_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told without a plan that has begun, and the safety questions answered well since."""
    monkeypatch.setenv("LENGTHWISE_HOME", str(tmp_path))
    with ProfileStore.open(tmp_path, "anna") as store:
        told = answer(AnswerName.FLARE, "yes", now_utc())
        store.save_person(store.person().with_answers((told,)))
        after_s = time.time() + 60.0
        monkeypatch.setattr("time.time", lambda: after_s)
        guided.answer(store, GOOD, version=screening().version)
    book = tmp_path / "book.json"
    book.write_text('{"rungs": [{"id": "shoes", "text": "Tying my shoes"}]}')
    printed(capsys, "plan", "keep", str(book), "--person", "anna")
    asked = ("plan", "exposure", "--person", "anna", "--answer", "flare=no", "--json")
    assert json.loads(printed(capsys, *asked))["exposure"]["reason"] == "flare"


def test_a_file_that_tells_no_ladder_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = tmp_path / "exposure.json"
    for text, said in (
        ('{"today": "2026-01-01", "rungs": []}', "a ladder has steps"),
        ('{"today": "2026-01-01", "rungs": [{"id": "a", "text": "A", "exercise_id": "x"}]}', "x"),
        ('{"today": "2026-01-01", "rungs": [{"id": "a", "text": ""}]}', "no id or no text"),
    ):
        told.write_text(text)
        assert main(["plan", "exposure", str(told)]) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert said in line
