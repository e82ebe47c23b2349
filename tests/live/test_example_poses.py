"""Two files to begin with: they can be used at once, and nothing is written over."""

import csv
from pathlib import Path

import pytest

from lengthwise.cli.main import main
from lengthwise.contracts.errors import InputError
from lengthwise.live.example_poses import write_example
from lengthwise.live.muscles import muscles
from lengthwise.reference.exercises import exercises


def _column(path: Path, name: str) -> dict[str, float]:
    with path.open() as file:
        return {row["pose_id"]: float(row[name]) for row in csv.DictReader(file)}


def test_the_poses_are_all_exercises_and_their_targets_are_long_at_the_end(tmp_path: Path) -> None:
    poses, _ = write_example(tmp_path / "try")
    assert muscles(poses, tmp_path / "g.csv", groups=True).poses == 1 + 2 * len(exercises())
    hamstrings = _column(tmp_path / "g.csv", "group_hamstrings_l_range_fraction")
    assert hamstrings["supine_hamstring_end"] > hamstrings["supine_hamstring_start"] + 0.1


def test_the_motion_raises_one_leg_and_lets_it_down(tmp_path: Path) -> None:
    _, motion = write_example(tmp_path)
    written = muscles(motion, tmp_path / "g.csv", groups=True)
    left, right = (
        list(_column(tmp_path / "g.csv", f"group_hamstrings_{side}_length_mm").values())
        for side in "lr"
    )
    assert written.poses == len(left)
    middle = len(left) // 2
    assert left[middle] > left[0] + 30.0 and left[-1] == pytest.approx(left[0], abs=0.1)
    assert max(right) - min(right) < 1e-3


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "poses.csv").write_text("mine")
    with pytest.raises(InputError, match=r"poses\.csv"):
        write_example(tmp_path)
    assert (tmp_path / "poses.csv").read_text() == "mine"
    assert not (tmp_path / "leg_raise.mot").exists()


def test_the_command_says_what_to_try_and_that_works(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["muscles", "--example", str(tmp_path / "try")]) == 0
    tries = [
        line.removeprefix("try: lengthwise ")
        for line in capsys.readouterr().out.splitlines()
        if line.startswith("try: ")
    ]
    assert len(tries) == 3
    for line in tries:
        assert main([*line.split(), "--quiet"]) == 0
    assert main(["muscles", "--example", str(tmp_path / "try")]) == 2
