"""Published and counted figures of two recordings, through the steps that a session takes."""

from pathlib import Path

import numpy as np
import pytest

from lengthwise.contracts.errors import InputError
from lengthwise.live.evaluation.heart import BEATS, BELT, breath_of, evaluate, heart_of, page


@pytest.mark.shared_data
def test_rmssd_of_mit_bih_100_is_the_published_one_with_and_without_ectopic_beats(
    shared_data: Path,
) -> None:
    """Over all 370 intervals 55.7 ms (neurokit2 55.70 of the same beats), without the four
    premature ones 25.9 ms."""
    found = heart_of(shared_data / BEATS)
    assert found.beats == 371
    assert found.uncleaned_ms == pytest.approx(55.7, abs=0.1)
    assert found.cleaned_ms == pytest.approx(25.9, abs=0.5)
    assert (found.marked, found.both, found.spoilt) == (4, 4, 0)


@pytest.mark.shared_data
def test_sixteen_breaths_are_counted_in_the_minute_of_the_belt(shared_data: Path) -> None:
    told = breath_of(shared_data / BELT)
    assert len(told.begun_s) == 16
    assert told.per_min is not None
    assert told.per_min.mean == pytest.approx(16.0, abs=1.0)


@pytest.mark.shared_data
def test_the_page_of_the_heart_is_what_the_evaluation_finds(shared_data: Path) -> None:
    written = Path(__file__).parents[2] / "docs" / "heart-evaluation.md"
    made = page(evaluate(shared_data), "lengthwise evaluate heart")
    assert written.read_text(encoding="utf-8") == made


def test_without_its_recordings_the_evaluation_says_where_they_belong(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--data"):
        evaluate(tmp_path)


def test_beats_that_are_marked_as_no_beats_are_not_counted(tmp_path: Path) -> None:
    rows = ["sample,time_s,symbol,is_beat", "10,0,+,0"]
    rows += [f"{round(360 * 0.8 * n)},0,N,1" for n in range(1, 100)]
    path = tmp_path / "beats.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    found = heart_of(path)
    assert found.beats == 99
    assert np.isclose(found.uncleaned_ms, found.cleaned_ms)
    assert found.cleaned_ms < 3.0
