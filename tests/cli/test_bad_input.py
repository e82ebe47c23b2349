"""Bad input at the command line: one clear line, exit code 2, no stack trace, nothing invented."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from command_lines import refused


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 100,
        b"not,a,landmark\n1,2,3\n",
        b"t_s,segment\n0,pelvis\n",
        b"\xff\xfe\x00garbage",
    ],
    ids=["empty", "zeros", "wrong columns", "columns missing", "not text"],
)
@pytest.mark.parametrize("name", ["landmarks.csv", "imu.csv", "clip.mp4", "full.mat", "s.mcap"])
def test_unusable_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes
) -> None:
    source = tmp_path / name
    source.write_bytes(content)
    line = refused(capsys, "analyze", str(source), "--out", str(tmp_path / "out"), "--quiet")
    assert "allowed" in line or "missing" in line
    assert not (tmp_path / "out" / "report.html").exists()


def test_input_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = refused(capsys, "analyze", str(tmp_path / "no.csv"), "--out", str(tmp_path / "o"))
    assert "no.csv" in line


def test_unknown_exercise_says_where_the_known_ones_are_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = refused(
        capsys, "analyze", str(tmp_path), "--out", str(tmp_path / "o"), "--exercise", "handstand"
    )
    assert "handstand" in line
    assert "lengthwise exercises" in line


@pytest.mark.parametrize(
    "arguments",
    [
        ("--height-m", "17"),
        ("--height-m", "nan"),
        ("--zero-s", "4"),
        ("--zero-s", "4:1"),
        ("--zero-s", "nan:3"),
        ("--side", "l"),
        ("--posture", "upside_down"),
    ],
)
def test_option_out_of_range(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, str]
) -> None:
    line = refused(capsys, "analyze", str(tmp_path), "--out", str(tmp_path / "o"), *arguments)
    assert "see:" in line or "allowed" in line


def test_output_in_the_place_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "poses.csv"
    source.write_text("pose_id,hip_flexion_l_deg\na,10\n")
    line = refused(capsys, "analyze", str(source), "--out", str(source))
    assert "allowed" in line


@pytest.mark.parametrize(
    "table",
    [
        "",
        "pose_id\n",
        "pose_id,hip_bend_deg\na,1\n",
        "pose_id,hip_flexion_l_deg\na,nan\n",
        "pose_id,hip_flexion_l_deg\na,ten\n",
        "pose_id,hip_flexion_l_deg\na,400\n",
        "pose_id,hip_flexion_l_deg\na,1\na,2\n",
        "pose_id,hip_flexion_l_deg\na\n",
    ],
)
def test_unusable_poses(tmp_path: Path, capsys: pytest.CaptureFixture[str], table: str) -> None:
    source = tmp_path / "poses.csv"
    source.write_text(table)
    line = refused(capsys, "muscles", str(source), "--out", str(tmp_path / "lengths.csv"))
    assert "allowed" in line
    assert not (tmp_path / "lengths.csv").exists()


def test_no_command_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert "--help" in refused(capsys)


def test_help_needs_no_heavy_import() -> None:
    seen = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "lengthwise.cli.main", "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    for heavy in ("numpy", "mujoco", "scipy", "rich", "sqlalchemy", "mediapipe"):
        assert not re.search(rf"\|\s+{heavy}$", seen, re.MULTILINE), heavy
