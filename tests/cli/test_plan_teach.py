"""`lengthwise plan teach`: what is open and why, from a file and of a kept person."""

import json
from pathlib import Path

import pytest
from command_lines import printed

from lengthwise.cli.main import main
from lengthwise.live import guided
from lengthwise.record.store import ProfileStore
from lengthwise.reference.screening import screening

GOOD = {q.id: q.good for q in screening().question}


def test_the_example_has_one_exercise_at_home_and_one_still_led(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = tmp_path / "teach.json"
    told.write_text(printed(capsys, "plan", "example", "--of", "teach"))
    found = json.loads(printed(capsys, "plan", "teach", str(told), "--json"))
    opened = {o["exercise_id"]: o["action"] for o in found["teaching"]["opened"]}
    assert opened["half_kneeling_hip_flexor"] == "home" and opened["bird_dog"] == "led"
    assert len(found["reasons"]) == len(found["would_change"]) == len(opened)
    assert "E" in found["rule_ids"] and "teaching.curriculum" in found["evidence_ids"]
    shown = printed(capsys, "plan", "teach", str(told), "--lessons")
    assert "Front of the hip: home practice." in shown and "What would change it:" in shown
    assert "Where to be and what stays still" in shown and "(not taught yet)" in shown


def test_a_curriculum_of_one_s_own_decides_in_place_of_the_packaged_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told, own = tmp_path / "teach.json", tmp_path / "own.json"
    told.write_text(printed(capsys, "plan", "example", "--of", "teach"))
    whole = json.loads(printed(capsys, "plan", "example", "--of", "curriculum"))
    whole["lesson"][0]["criteria"][0]["open_days"] = 5
    own.write_text(json.dumps(whole))
    out = printed(capsys, "plan", "teach", str(told), "--curriculum", str(own))
    assert "Front of the hip: led." in out
    whole["lesson"] = whole["lesson"][:2]
    own.write_text(json.dumps(whole))
    assert main(["plan", "teach", str(told), "--curriculum", str(own)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "allowed: 4 to 6" in line


def test_of_a_kept_person_nothing_is_open_before_what_may_be_given_was_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LENGTHWISE_HOME", str(tmp_path))
    with ProfileStore.open(tmp_path, "anna") as store:
        guided.answer(store, GOOD, version=screening().version)
    out = printed(capsys, "plan", "teach", "--person", "anna", "--exercise", "bird_dog")
    assert "Steady low back on all fours: not now." in out
    assert out.startswith("What would you like to be able to do again?")
    book = tmp_path / "book.json"
    ratings = [{"on": "2026-01-09", "rating": 4}, {"on": "2026-01-02", "rating": 2}]
    book.write_text(json.dumps({"goal": {"text": "Stairs", "ratings": ratings}}))
    printed(capsys, "plan", "keep", str(book), "--person", "anna")
    out = printed(capsys, "plan", "teach", "--person", "anna")
    assert out.startswith("For: “Stairs” (4 of 10 on 2026-01-09)\nNo exercise was done yet")
    assert main(["plan", "teach", "--person", "anna", "--answer", "pain_now=12"]) == 2
    assert "--answer pain_now" in capsys.readouterr().err
