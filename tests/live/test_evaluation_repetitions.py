"""Repetitions against hand-made boundaries: reading, matching, and the published page."""

from pathlib import Path

import pytest

from lengthwise.cli.main import main
from lengthwise.coach.repetition import Repetition
from lengthwise.contracts.errors import InputError
from lengthwise.live.evaluation import kimore
from lengthwise.live.evaluation.kimore import EXERCISES, Labelled, takes
from lengthwise.live.evaluation.repetitions import compare, evaluate, matches

PAGE = Path(__file__).parents[2] / "docs" / "repetitions.md"


def folder_of(tmp_path: Path, exercise: str, signals: str, labels: str) -> Path:
    (tmp_path / f"dists_{exercise}.csv").write_text(signals, encoding="utf-8")
    (tmp_path / f"{exercise}_labels.csv").write_text(labels, encoding="utf-8")
    return tmp_path


def test_boundaries_become_repetitions_with_sides(tmp_path: Path) -> None:
    rows = "CG/Expert/E_ID1,0.0,nan,1.0,,\nCG/Expert/E_ID1,0.0,1.0,1.0\n"
    cases = {
        "Es1": ("1,31,61", [(0.0, 1.0, None), (1.0, 2.0, None)]),
        "Es2": ("0,1,31,61", [(0.0, 1.0, -1), (1.0, 2.0, 1)]),
        "Es3": ("1,31,61,91", [(1.0, 2.0, 1), (2.0, 3.0, -1)]),
        "Es4": ("0,4,34,1,61,91", [(0.1, 1.1, -1), (2.0, 3.0, 1)]),
        "Es5": ("1,31,61,91", [(0.0, 1.0, None), (2.0, 3.0, None)]),
    }
    for exercise in EXERCISES:
        numbers, wanted = cases[exercise.id]
        folder = folder_of(tmp_path, exercise.id, rows, f"CG/Expert/E_ID1,{numbers}\n")
        (take,) = takes(folder, exercise)
        assert [(m.start_s, m.end_s, m.side) for m in take.labelled] == [
            (pytest.approx(a), pytest.approx(b), side) for a, b, side in wanted
        ]
        assert take.expert and len(take.progress) == 3
        assert take.upright[1] is None


def test_each_repetition_is_matched_once_and_the_best_first() -> None:
    labelled = [Labelled(0.0, 2.0), Labelled(2.0, 4.0)]
    assert matches([(0.0, 1.9), (0.1, 2.1), (2.0, 4.0)], labelled) == [(2, 1), (0, 0)]
    assert matches([(0.0, 0.99)], labelled) == []
    assert matches([(0.0, 1.0)], labelled) == [(0, 0)]
    assert matches([(0.0, 4.0)], labelled) == [(0, 1)]


def test_a_label_past_the_signal_and_one_found_after_the_last_label_are_counted() -> None:
    squat = EXERCISES[4]
    take = kimore.Take(
        squat,
        "P_ID1",
        tuple(k / 30.0 for k in range(300)),
        (0.0,) * 300,
        (0.0,) * 300,
        (Labelled(1.0, 3.0), Labelled(12.0, 14.0)),
    )
    found = [Repetition(1.1, 2.0, 2.9, 1.0), Repetition(15.0, 16.0, 17.0, 1.0)]
    seen = compare(take, found)
    assert (seen.labelled, seen.found, seen.matched) == (2, 2, 1)
    assert (seen.beyond, seen.after_last) == (1, 1)
    assert seen.within_one and not seen.expert


def test_missing_data_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="kimore_signals") as told:
        evaluate(tmp_path)
    assert "\n" not in str(told.value)


@pytest.mark.shared_data
def test_the_published_page_is_current(shared_data: Path, tmp_path: Path) -> None:
    written = tmp_path / "repetitions.md"
    assert (
        main(["evaluate", "repetitions", "--data", str(shared_data), "--write", str(written)]) == 0
    )
    assert written.read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8")


@pytest.mark.shared_data
def test_the_experts_are_counted_as_they_were(shared_data: Path) -> None:
    (table,) = evaluate(shared_data, experts_only=True)
    rows = {(row[0], row[1]): dict(zip(table.columns, row, strict=True)) for row in table.rows}
    report, live = rows["report", "mean"], rows["live", "mean"]
    assert isinstance(report["F1"], float) and report["F1"] >= 0.975
    assert isinstance(report["within one"], float) and report["within one"] >= 0.98
    assert isinstance(live["within one"], float) and live["within one"] >= 0.95
