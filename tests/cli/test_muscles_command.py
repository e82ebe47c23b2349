"""`lengthwise muscles` at the command line: its forms, its table, and one line where it cannot."""

import json
from pathlib import Path

import pytest
from command_lines import refused

from lengthwise.cli.main import main

MOTION = (
    "Coordinates\nnRows=2\nnColumns=3\ninDegrees=yes\nendheader\n"
    "time\thip_flexion_r\tpelvis_tx\n0.0\t10\t1\n0.5\t20\t1\n"
)


@pytest.fixture
def motion(tmp_path: Path) -> Path:
    path = tmp_path / "ik.mot"
    path.write_text(MOTION)
    return path


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("LENGTHWISE_HOME", str(tmp_path_factory.getbasetemp() / "ranges"))


def test_a_motion_becomes_a_table_and_says_what_it_did_not_use(
    motion: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "lengths.csv"
    assert main(["muscles", str(motion), "--out", str(out)]) == 0
    printed = capsys.readouterr()
    assert printed.out == f"2 poses written to {out}\n"
    assert printed.err.count("pelvis_tx") == 1 and "taken as 0" in printed.err
    assert out.read_text().splitlines()[2].startswith("0.5,")
    assert main(["muscles", str(motion), "--out", str(out), "--quiet"]) == 0
    assert capsys.readouterr().err == ""


def test_what_was_written_can_be_read_by_a_program(
    motion: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "lengths.sto"
    assert main(["muscles", str(motion), "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["poses"] == 2 and told["out"] == str(out) and len(told["notes"]) == 2


def test_the_table_names_the_exercise_and_fits_a_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["muscles", "--stretch-map", "half_kneeling_hip_flexor", "--side", "r"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Half-kneeling hip-flexor lunge, right"
    assert max(len(line) for line in lines) <= 80
    assert not any("…" in line for line in lines)
    assert sum(line.lstrip().startswith("▸ Psoas, right") for line in lines) == 1
    rows = sum("%" in line for line in lines)
    assert any(f"The other {32 - rows} are as long as" in line for line in lines)
    assert any("hip flexion r -20°" in line for line in lines)


def test_the_map_as_json_has_every_group(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["muscles", "--stretch-map", "supine_hamstring", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["exercise_id"] == "supine_hamstring" and found["side"] == "l"
    (target,) = (row for row in found["rows"][:2] if row["target"])
    assert (target["group"], target["side"]) == ("hamstrings", "l")
    assert target["gain_from_start_mm"] == target["gain_from_upright_mm"] > 30
    assert len({(r["group"], r["side"]) for r in found["rows"]}) == 32


def test_a_row_of_a_file_can_be_mapped(
    motion: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    poses = tmp_path / "poses.csv"
    poses.write_text("pose_id,hip_flexion_l_deg\nraised,70\n")
    assert main(["muscles", str(poses), "--stretch-map", "raised", "--json"]) == 0
    first = json.loads(capsys.readouterr().out)["rows"][0]
    assert (first["group"], first["side"]) == ("gluteus_maximus", "l")
    assert main(["muscles", str(motion), "--stretch-map", "0.5"]) == 0
    assert "not known" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "POSES --out LENGTHS, or --stretch-map POSE"),
        (("ik.mot",), "no --out"),
        (("--out", "a.csv"), "no file of poses"),
        (("--stretch-map", "standing", "--out", "a.csv"), "--out"),
        (("--stretch-map", "standing", "--groups"), "--groups"),
        (("--stretch-map", "nobody"), "found nobody; allowed: standing"),
        (("--stretch-map", "standing", "--side", "l"), "only with an exercise"),
        (("ik.mot", "--stretch-map", "soon"), "a time of ik.mot in seconds"),
        (("ik.mot", "--out", "a.csv", "--side", "l"), "--side"),
        (("ik.csv", "--out", "a.csv", "--knees-negative"), "with a .mot or .sto file"),
        (("none.sto", "--out", "a.csv"), "no such file"),
    ],
)
def test_what_does_not_go_together_is_one_line(
    motion: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    says: str,
) -> None:
    monkeypatch.chdir(motion.parent)
    assert says in refused(capsys, "muscles", *arguments)
    assert [p.name for p in motion.parent.iterdir()] == ["ik.mot"]
