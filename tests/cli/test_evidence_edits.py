"""A clinician changes a constant of the plan: with a reason, tighter only, and told wherever it
decides."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.cli.main import main
from lengthwise.contracts.errors import InputError
from lengthwise.reference.edits import (
    AREAS,
    EDITS_NAME,
    Edit,
    Way,
    edits,
    in_force,
    refused,
    usable,
)
from lengthwise.reference.edits import editable as known
from lengthwise.reference.leaning import all_constants

WHO = ["--by", "A. Physio", "--reason", "slow to settle"]
UP = "plan.up_green_days"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LENGTHWISE_HOME", str(tmp_path))
    return tmp_path


def test_a_change_is_kept_with_who_when_and_why_and_is_taken_back_with_a_reason(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evidence", "set", UP, "4", *WHO]) == 0
    printed = capsys.readouterr().out
    assert "4 (ships as 3), by A. Physio on 20" in printed and "slow to settle" in printed
    assert "expert's choice" in printed.lower()
    assert printed.startswith(f"{UP} = 4 d (ships as 3); sensible from 3 to 5"), printed
    assert "Can be changed here: higher only" in printed
    assert in_force(home)[UP].value == 4.0
    assert main(["evidence", "changed"]) == 0
    rows = capsys.readouterr().out
    assert {name for name in known() if f" {name} " in rows} == {UP}
    assert main(["evidence", "changed", "--json"]) == 0
    assert list(json.loads(capsys.readouterr().out)["constants"]) == [UP]
    assert main(["evidence", "unset", UP, *WHO]) == 0
    assert in_force(home) == {} and [e.value for e in edits(home)] == [4.0, None]
    capsys.readouterr()
    assert main(["evidence", UP, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["holds"] == told["value"] == 3 and len(told["changes"]) == 2
    assert main(["evidence", "changed"]) == 0
    told = capsys.readouterr().out
    assert "3 again, by A. Physio" in told and "no constant of the plan is changed" in told


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["set", UP, "2", *WHO], "allowed: 3 to 5"),
        (["set", UP, "9", *WHO], "allowed: 3 to 5"),
        (["set", UP, "nan", *WHO], "allowed: 3 to 5"),
        (["set", UP, "four", *WHO], "allowed: a number"),
        (["set", UP, *WHO], "allowed: CONSTANT VALUE"),
        (["set", UP, "4", "--by", "A. Physio"], "--reason"),
        (["set", UP, "4", "--reason", "slow"], "--by"),
        (["set", UP, "4", "--by", "A", "--reason", "one\nline"], "one line"),
        (["set", "plan.nothing", "4", *WHO], "area and name"),
        (["unset", UP, *WHO], "a constant that was changed"),
        ([UP, "4"], "one id"),
    ],
)
def test_what_cannot_be_changed_so_is_one_line_and_changes_nothing(
    home: Path, capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    assert main(["evidence", *words]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert says in line
    assert not (home / EDITS_NAME).exists()


def test_a_limit_of_safety_is_never_drawn_looser(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Within its sensible range and still looser than it ships: refused for safety."""
    assert main(["evidence", "set", "plan.amber_most_nrs", "6", *WHO]) == 3
    assert "limit of safety" in capsys.readouterr().err
    assert main(["evidence", "set", "plan.amber_most_nrs", "4", *WHO]) == 0
    assert [e.value for e in edits(home)] == [4.0]


@pytest.mark.parametrize("name", ["coach.pain_no_stretch_nrs", "tissue.shared_bias_ratio"])
def test_nothing_of_the_envelope_or_a_kernel_can_be_changed(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert main(["evidence", "set", name, f"{all_constants()[name].value}", *WHO]) == 2
    assert "envelope" in capsys.readouterr().err


def test_every_area_but_the_plans_is_closed() -> None:
    for name, c in all_constants().items():
        if name.split(".")[0] not in AREAS:
            assert name not in known()
            assert refused(name, c.value, default=c.value, low=c.low, high=c.high) is not None
    assert known().keys() <= all_constants().keys()
    for name in known():
        assert all_constants()[name].status == "expert default", "a published figure is not edited"


@given(st.sampled_from(sorted(known())), st.floats())
def test_what_is_let_pass_is_in_range_and_no_looser(name: str, value: float) -> None:
    c, way = all_constants()[name], known()[name].way
    if refused(name, value, default=c.value, low=c.low, high=c.high) is None:
        assert c.low <= value <= c.high
        assert way is not Way.LOWER or value <= c.value
        assert way is not Way.HIGHER or value >= c.value


def test_a_change_that_no_longer_may_be_is_not_quietly_exchanged() -> None:
    edit = Edit(UP, 2.0, 2.0, "A. Physio", "then", "2026-01-31T08:00:00Z")
    with pytest.raises(InputError, match="set it anew"):
        usable(edit, default=3.0, low=3.0, high=5.0)


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lengthwise.cli.main", *words],
        env=os.environ | {"LENGTHWISE_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_it_decides_and_the_decision_tells_of_it(home: Path) -> None:
    """Nine green days go up a level as it ships; where fourteen are asked for they do not yet."""
    session = {"before": 1.0, "during": 1.0}
    days = [
        {"day": d, "pain": 1.0, "activity_lost": False, "session": session} for d in range(1, 10)
    ]
    file = home / "days.json"
    file.write_text(json.dumps({"level": 1, "days": days}))
    before = run(home, "plan", "days", str(file), "--json")
    assert main(["evidence", "set", "plan.up_days_at_level", "14", *WHO]) == 0
    after = run(home, "plan", "days", str(file), "--json")
    assert before.returncode == after.returncode == 0, before.stderr + after.stderr
    first, second = json.loads(before.stdout), json.loads(after.stdout)
    assert first["edited"] == []
    assert "plan.up_days_at_level is 14 (ships as 7)" in second["edited"][0]
    assert "and seven days at this level" in first["would_change"][0]
    assert "and 14 days at this level" in second["would_change"][0], "a sentence says what holds"
    assert first["standing"]["level"] == 2 and second["standing"]["level"] == 1


def test_a_cut_of_rule_i_is_changed_with_a_reason_and_decides(home: Path) -> None:
    """66 degrees, sure to 2, are short of 85 and not of 70, by what a repeat differs by."""
    told = {"test": "straight_leg_raise", "side": "l", "value_deg": 66.0, "sd_deg": 2.0}
    results = [told | {"day": day, "symptom": False} for day in (1, 3)]
    file = home / "results.json"
    file.write_text(json.dumps({"results": results}))
    assert json.loads(run(home, "plan", "assess", str(file), "--json").stdout)["needs"] == []
    assert main(["evidence", "set", "impairments.straight_leg_raise_cut", "85", *WHO]) == 0
    after = json.loads(run(home, "plan", "assess", str(file), "--json").stdout)
    assert [n["group"] for n in after["needs"]] == ["hamstrings"]
    assert "impairments.straight_leg_raise_cut is 85 (ships as 70)" in after["edited"][0]


def test_changes_that_cannot_be_read_stop_instead_of_being_passed_over(home: Path) -> None:
    (home / EDITS_NAME).write_text("{not json\n")
    file = home / "days.json"
    file.write_text('{"level": 1, "days": []}')
    refused_days = run(home, "plan", "days", str(file))
    assert refused_days.returncode == 2
    (line,) = refused_days.stderr.splitlines()
    assert EDITS_NAME in line and "drawn tighter" not in line.partition("allowed")[0]
