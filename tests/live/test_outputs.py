"""What a session leaves behind when its folder is not free or not writable."""

import itertools
from pathlib import Path

import pytest

from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.errors import InputError, StorageError
from lengthwise.contracts.observation import RecordingHeader
from lengthwise.contracts.person import Person
from lengthwise.contracts.session import (
    LOG_VERSION,
    FrameLogged,
    SessionConfig,
    SessionEnded,
    SessionStarted,
)
from lengthwise.live import nursery
from lengthwise.live.learning_taken import LearningTaken
from lengthwise.live.load.person import rehearsed
from lengthwise.live.outputs import SessionOutputs
from lengthwise.live.params import pipeline_params
from lengthwise.live.report_drawn import report_drawn, report_page, report_written
from lengthwise.live.session import session_events
from lengthwise.live.thinned import Thinned
from lengthwise.record.recover import recover

STARTED = SessionStarted(
    LOG_VERSION,
    "20260101T000000Z-000000",
    "2026-01-01T00:00:00Z",
    "test",
    SessionConfig(),
    RecordingHeader("nothing", "test", ()),
    Person("test"),
)


def test_an_unfinished_session_in_the_folder_is_not_written_over(tmp_path: Path) -> None:
    cut_off = SessionOutputs(tmp_path, STARTED, Anatomy.build())
    cut_off._log.close()
    (tmp_path / "body.csv").write_text("what was measured before")
    with pytest.raises(InputError, match="recover"):
        SessionOutputs(tmp_path, STARTED, Anatomy.build())
    assert (tmp_path / "body.csv").read_text() == "what was measured before"
    assert [r.problem for r in recover(tmp_path)] == [None]


def test_a_folder_that_takes_no_table_is_left_free_for_another_try(tmp_path: Path) -> None:
    (tmp_path / "body.csv").mkdir()
    with pytest.raises(StorageError):
        SessionOutputs(tmp_path, STARTED, Anatomy.build())
    (tmp_path / "body.csv").rmdir()
    SessionOutputs(tmp_path, STARTED, Anatomy.build()).__exit__(None, None, None)


def test_a_session_without_a_single_frame_still_ends_in_a_page(tmp_path: Path) -> None:
    with SessionOutputs(tmp_path, STARTED, Anatomy.build()) as outputs:
        outputs.take(SessionEnded(0.0, complete=True, frames=0))
        totals = outputs.finish()
    assert totals.frames == 0 and totals.complete
    assert "<html" in (tmp_path / "report.html").read_text()
    assert (tmp_path / "session.mcap").is_file()


def test_the_report_is_the_same_from_the_log_as_from_frames_that_were_kept(tmp_path: Path) -> None:
    led, started = rehearsed(3, seconds=4.0)
    params = pipeline_params(started)
    events = list(session_events(params, led.observations()))
    pages = []
    for name in ("log", "kept"):
        folder = tmp_path / name
        folder.mkdir()
        with SessionOutputs(folder, started, params.anatomy) as outputs:
            for event in events:
                if name == "log":
                    outputs.take(event)
                else:
                    outputs._log.append(event)
                    outputs.retake(event)
            outputs.finish()
        pages.append((folder / "report.html").read_text())
    assert sum(isinstance(e, FrameLogged) for e in events) > 100
    assert pages[0] == pages[1]


def test_the_report_is_the_same_drawn_afterwards_from_what_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    led, started = rehearsed(3, seconds=12.0)
    params = pipeline_params(started)
    learnt = LearningTaken(params)
    with SessionOutputs(tmp_path, started, params.anatomy, learnt=learnt) as outputs:
        for event in session_events(params, led.observations(), watch=learnt.watch):
            outputs.take(event)
        totals = outputs.finish()
    then = (tmp_path / "report.html").read_text()
    (tmp_path / "report.html").unlink()
    assert report_page(tmp_path / "session.mcap", totals) == then
    monkeypatch.setattr(nursery, "FORKS", False)  # this process goes on
    written = report_written(tmp_path / "session.mcap", totals)
    assert report_drawn(written) == then.encode()
    assert sum(d in then for d in ("Seconds", "Angles", "Decisions")) == 3


def test_frames_kept_for_the_report_stay_bounded_and_even() -> None:
    thinned = Thinned(10)
    for n in range(1000):
        thinned.take(n)  # type: ignore[arg-type]
    kept = [int(f) for f in thinned.frames]  # type: ignore[call-overload]
    assert 10 <= len(kept) < 20
    assert len({b - a for a, b in itertools.pairwise(kept)}) == 1
