"""`lengthwise plan workday`: breaks of a day, and needs that `plan week` takes."""

import json
from pathlib import Path

import pytest
from command_lines import printed

from lengthwise.cli.main import main
from lengthwise.live import guided
from lengthwise.record.store import ProfileStore
from lengthwise.reference.screening import screening

GOOD = {q.id: q.good for q in screening().question}


def test_the_example_gives_breaks_and_hours_for_a_week(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = tmp_path / "day.json"
    told.write_text(printed(capsys, "plan", "example", "--of", "workday"))
    found = json.loads(printed(capsys, "plan", "workday", str(told), "--json"))
    assert found["action"] == "breaks" and found["rule_ids"] == ["W"]
    assert found["workday"]["weighed"]["psoas_l"] == pytest.approx(1.0 + 0.2 * 2 / 3)
    asked = json.loads(printed(capsys, "plan", "example"))
    week = tmp_path / "week.json"
    week.write_text(json.dumps({**asked, "sitting_h": json.loads(told.read_text())["sitting_h"]}))
    printed(capsys, "plan", "week", str(week))
    shown = printed(capsys, "plan", "workday", str(told))
    assert "some steps" in shown and "put off as often as you like" in " ".join(shown.split())


def test_of_a_kept_person_only_steps_before_the_questions_of_the_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LENGTHWISE_HOME", str(tmp_path))
    with ProfileStore.open(tmp_path, "anna") as store:
        guided.answer(store, GOOD, version=screening().version)
    assert main(["plan", "workday", "--person", "anna"]) == 2
    assert "none kept yet" in capsys.readouterr().err
    book = tmp_path / "book.json"
    day = {"from_min": 540, "until_min": 780, "desk": "sitting", "sitting_h": 6}
    book.write_text(json.dumps({"workday": day}))
    printed(capsys, "plan", "keep", str(book), "--person", "anna")
    shown = printed(capsys, "plan", "workday", "--person", "anna")
    assert shown.count("some steps") >= 3 and "chair" not in shown


def test_a_day_that_cannot_be_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = tmp_path / "day.json"
    told.write_text('{"from_min": 900, "until_min": 540, "desk": "sitting"}')
    assert main(["plan", "workday", str(told)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "the end after the beginning" in line
