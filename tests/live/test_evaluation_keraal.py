"""The evaluation itself: its statistics on numbers drawn for it, its reading of motion capture."""

from pathlib import Path

import numpy as np
import pytest

from lengthwise.cli.main import main
from lengthwise.live.evaluation import keraal
from lengthwise.live.evaluation.statistics import coverage, rmse
from lengthwise.live.evaluation.table import Floor, Table, markdown


def test_coverage_and_error_of_drawn_numbers() -> None:
    rng = np.random.default_rng(3)
    sd = rng.uniform(1.0, 5.0, 20_000)
    error = sd * rng.standard_normal(20_000)
    assert coverage(error, sd) == pytest.approx(0.95, abs=0.01)
    assert coverage(2.0 * error, sd) == pytest.approx(0.673, abs=0.015)
    assert rmse(np.array([3.0, -4.0])) == pytest.approx(np.sqrt(12.5))
    assert coverage(np.zeros(0), np.zeros(0)) is None


def test_nothing_measured_is_an_empty_cell_and_no_floor_met() -> None:
    table = Table("t", ("a", "b"), ((None, 1.25),), (1, 1))
    assert table.shown() == [("", "1.2")]
    assert not Floor("x", None, low=0.0).met
    assert "|  | 1.2 |" in markdown([table])


def test_a_flank_stretch_goes_the_way_that_motion_capture_says(
    shared_data: Path, tmp_path: Path
) -> None:
    """One take: its side-bends reach 45 degrees each way, so a mirrored sign would show."""
    for kind, name in (
        ("blazepose", "G3-Faces-ELK-P1T1-Unknown-C-0.json"),
        ("vicon", "G3-Vicon-ELK-P1T1-Unknown-C-0.txt"),
    ):
        (tmp_path / kind).mkdir()
        (tmp_path / kind / name).symlink_to(shared_data / "keraal" / kind / name)
    floors, by_coordinate, *_ = keraal.evaluate(tmp_path)
    found = {row[0]: row[1] for row in floors.rows}
    coverage_found = found["coverage of claimed"]
    assert isinstance(coverage_found, float) and coverage_found > 0.9
    rows = {
        row[0]: dict(zip(by_coordinate.columns, row, strict=True)) for row in by_coordinate.rows
    }
    lean = rows["trunk_side_lean"]
    assert lean["RMSE"] < 6.0 < 15.0 < lean["no change RMSE"]


def test_a_folder_without_takes_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "body", "--data", str(tmp_path)]) == 2
    told = capsys.readouterr().err.strip()
    assert told.startswith("lengthwise: KERAAL takes: ") and "\n" not in told
