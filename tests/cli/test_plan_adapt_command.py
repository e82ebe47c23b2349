"""`lengthwise plan adapt`: the example, its schema, what it says, and what is wrong with others."""

import json
from pathlib import Path

import jsonschema
import pytest

from lengthwise.cli.main import main


@pytest.fixture
def example(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["plan", "example", "--of", "adapt"]) == 0
    told = capsys.readouterr().out
    assert main(["plan", "schema", "--of", "adapt"]) == 0
    jsonschema.validate(json.loads(told), json.loads(capsys.readouterr().out))
    path = tmp_path / "told.json"
    path.write_text(told)
    return path


def test_every_decision_says_its_rule_its_evidence_and_what_would_change_it(
    example: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plan", "adapt", str(example), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    for said in found["said"]:
        assert said["action"] and said["rule_ids"] and said["evidence_ids"]
        assert said["reason"].endswith(".") and said["would_change"].endswith(".")
    assert {"up", "smaller_step", "volume", "weigh"} <= {s["action"] for s in found["said"]}
    (window,) = found["windows"]
    assert window["ceiling_m"] < window["tolerance_m"] and window["stale_in_days"] > 0
    (order,) = found["orders"]
    assert order["turn"] == "off"
    assert order["exercises"][0]["exercise_id"] == "standing_hip_flexor"
    assert order["exercises"][0]["neighbours"][0]["case"]["well"] is True


def test_without_the_answers_of_safety_nothing_is_ordered_and_no_tolerance_counts(
    example: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    example.write_text(json.dumps({**json.loads(example.read_text()), "asked": None}))
    assert main(["plan", "adapt", str(example), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["orders"] == [] and found["asked"] is None
    (window,) = found["windows"]
    assert window["ceiling_m"] is None and "not_asked" in window["bounded_by"]


def test_what_is_closed_is_never_ordered_or_tried_in_turn(
    example: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = json.loads(example.read_text())
    told["asked"]["barred"] = ["S.falls_standing"]
    example.write_text(json.dumps({**told, "bandit": True}))
    assert main(["plan", "adapt", str(example), "--json"]) == 0
    (order,) = json.loads(capsys.readouterr().out)["orders"]
    named = {o["exercise_id"] for o in order["exercises"]}
    assert "chair_hip_flexor" in named and "standing_hip_flexor" not in named
    assert "standing_hip_flexor" not in order["turn"]["variants"]


def test_the_week_that_follows_is_asked_for_with_what_was_adapted(
    example: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plan", "adapt", str(example), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["asked"]["level"] == 3 and found["asked"]["volume"] == found["volume"] < 1.0
    assert [n["weight"] for n in found["asked"]["needs"]] == [1.0, 0.5]
    assert found["asked"]["sitting_h"] == 8.0
    (tmp_path / "asked.json").write_text(json.dumps(found["asked"]))
    assert main(["plan", "week", str(tmp_path / "asked.json"), "--json"]) == 0
    week = json.loads(capsys.readouterr().out)
    weights = {n["group"]: n["weight"] for n in week["week"]["needs"]}
    assert weights == {"psoas": 1.0, "calf": pytest.approx(0.5 / 1.2)}


def test_it_is_told_in_sentences(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "adapt", str(example)]) == 0
    shown = capsys.readouterr().out
    assert "What would change it:" in shown and "now: level 3" in shown
    assert "psoas l: ceiling at 269 mm" in shown and "equivalent, by days like today" in shown


def test_variants_are_tried_in_turn_only_where_it_is_asked_for(
    example: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    example.write_text(json.dumps({**json.loads(example.read_text()), "bandit": True, "seed": 4}))
    turns = []
    for _ in range(2):
        assert main(["plan", "adapt", str(example), "--json"]) == 0
        turns.append(json.loads(capsys.readouterr().out)["orders"][0]["turn"])
    assert turns[0] == turns[1] and turns[0]["chosen"] in turns[0]["variants"]
    assert sum(turns[0]["propensities"]) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "truncated"),
        ("{}", "level: found nothing"),
        ('{"level": 9, "days": []}', "a level is 9; allowed: 0 to 5"),
        ('{"level": 1, "days": [{"told": {"day": 1}, "month": 13}]}', "a month is 13"),
        ('{"level": 1, "days": [{"told": {"day": 1}, "lived": {"stress": 11}}]}', "stress is 11"),
        ('{"level": 1, "days": [{"told": {"day": 2}}, {"told": {"day": 2}}]}', "after day 2"),
        (
            '{"level": 1, "days": [{"told": {"day": 1}, "borne": '
            '[{"exercise_id": "x", "well": true}]}]}',
            "exercise: x",
        ),
        ('{"level": 1, "sessions_a_week": 0, "days": []}', "sessions a week are 0"),
    ],
)
def test_a_file_that_tells_no_days_is_one_line(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "told.json"
    path.write_text(text)
    assert main(["plan", "adapt", str(path)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
