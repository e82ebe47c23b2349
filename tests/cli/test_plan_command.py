"""`lengthwise plan`: a week from a file, the form of that file, and what is wrong with others."""

import json
from pathlib import Path

import jsonschema
import pytest

from lengthwise.cli.main import main
from lengthwise.reference.evidence import evidence


def test_the_example_is_of_the_schema_and_gives_a_week(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plan", "example"]) == 0
    example = capsys.readouterr().out
    assert main(["plan", "schema"]) == 0
    jsonschema.validate(json.loads(example), json.loads(capsys.readouterr().out))
    asked = tmp_path / "asked.json"
    asked.write_text(example)
    assert main(["plan", "week", str(asked), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["action"] == "week" and len(told["week"]["days"]) == 7
    assert len(told["reasons"]) == len(told["would_change"]) == len(told["week"]["why"])
    assert "dose.saturation" in told["evidence_ids"] and "B" in told["rule_ids"]
    assert main(["plan", "week", str(asked)]) == 0
    shown = capsys.readouterr().out
    assert "What would change it:" in shown and "back of the left thigh" in shown
    flat = " ".join(shown.split())
    assert (
        "Back of the thigh, left and right, 3 × 30 s" in flat
        and "Walk at your own pace, 5 min" in flat
    )
    assert "[rules I, T, D, B, expert default]" in flat and "F" not in told["rule_ids"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "truncated"),
        ("\udc80", "malformed"),
        ("{}", "level: found nothing"),
        ('{"level": 9, "care": {}}', "a level is 9; allowed: 0 to 5"),
        ('{"level": 2, "care": {}, "minutes_a_day": 11}', "minutes a day are 11"),
        ('{"level": 2, "care": {}, "barred": ["S.none"]}', "barred: S.none"),
        ('{"level": 2, "care": {}, "liked": ["x"]}', "liked: x"),
        ('{"level": 2, "care": {"baseline_nrs": 12}}', "baseline pain is 12"),
        ('{"level": 2, "care": {}, "needs": [{"group": "toes"}]}', "toes"),
        ("[" * 5000, "plan schema"),
    ],
)
def test_a_file_that_asks_for_no_week_is_one_line(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = tmp_path / "asked.json"
    asked.write_bytes(text.encode(errors="surrogateescape"))
    assert main(["plan", "week", str(asked)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


def test_a_file_that_is_not_there_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plan", "week", str(tmp_path / "none.json")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "No such file" in line and "lengthwise plan schema" in line


def test_days_are_replayed_with_their_reasons(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = tmp_path / "days.json"
    session = {"before": 2, "during": 6}
    days = {"level": 3, "days": [{"day": 1, "session": session}, {"day": 2, "pain": 2}]}
    told.write_text(json.dumps(days))
    assert main(["plan", "schema", "--of", "days"]) == 0
    jsonschema.validate(days, json.loads(capsys.readouterr().out))
    assert main(["plan", "days", str(told), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["standing"]["level"] == 2 and found["decided"][-1]["move"] == "down"
    assert main(["plan", "days", str(told)]) == 0
    assert "now: level 2, 70% of its volume" in capsys.readouterr().out
    told.write_text('{"level": 3, "days": [{"day": 2}, {"day": 2}]}')
    assert main(["plan", "days", str(told)]) == 2
    assert "after day 2" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "form", "action"),
    [
        ("week", "week", "week"),
        ("days", "days", "down"),
        ("assess", "results", "short"),
        ("adapt", "adapt", "stay"),
        ("exposure", "exposure", None),
        ("teach", "teach", None),
        ("workday", "workday", None),
    ],
)
def test_every_decision_of_the_plan_has_the_same_four_parts(
    command: str,
    form: str,
    action: str | None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Action, rules, evidence, and what would change it, of an example that its schema allows."""
    assert main(["plan", "example", "--of", form]) == 0
    example = capsys.readouterr().out
    assert main(["plan", "schema", "--of", form]) == 0
    jsonschema.validate(json.loads(example), json.loads(capsys.readouterr().out))
    (tmp_path / "told.json").write_text(example)
    assert main(["plan", command, str(tmp_path / "told.json"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["action"] == action if action else told["action"]
    assert told["rule_ids"] and told["reasons"] and set(told["evidence_ids"]) <= evidence().keys()
    assert len(told["reasons"]) == len(told["would_change"])


def test_results_of_tests_become_needs_of_a_week(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = tmp_path / "results.json"
    row = {"test": "straight_leg_raise", "side": "l", "sd_deg": 1.0, "symptom": False}
    results = {"results": [{**row, "day": 1, "value_deg": 50}, {**row, "day": 8, "value_deg": 54}]}
    told.write_text(json.dumps(results))
    assert main(["plan", "schema", "--of", "results"]) == 0
    jsonschema.validate(results, json.loads(capsys.readouterr().out))
    assert main(["plan", "assess", str(told), "--json"]) == 0
    needs = json.loads(capsys.readouterr().out)["needs"]
    assert main(["plan", "example"]) == 0
    asked = {**json.loads(capsys.readouterr().out), "needs": needs}
    (tmp_path / "asked.json").write_text(json.dumps(asked))
    assert main(["plan", "week", str(tmp_path / "asked.json"), "--json"]) == 0
    week = json.loads(capsys.readouterr().out)["week"]
    assert "hamstring" in " ".join(w["exercise_id"] for w in week["why"])
    assert main(["plan", "assess", str(told)]) == 0
    assert "short on two days" in " ".join(capsys.readouterr().out.split())
