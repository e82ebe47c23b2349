"""What is known afterwards is written beside what was known live, and changes nothing of it."""

from pathlib import Path

import numpy as np
import pytest

from lengthwise.contracts.codec import encode
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.observation import CameraStream, LandmarkFrame
from lengthwise.contracts.person import Person
from lengthwise.contracts.session import (
    LOG_VERSION,
    FrameLogged,
    SessionConfig,
    SessionEnded,
    SessionStarted,
)
from lengthwise.live.analyze import AnalyzeRequest, analyze
from lengthwise.live.hindsight import Hindsight
from lengthwise.live.outputs import SessionOutputs
from lengthwise.live.params import pipeline_params
from lengthwise.live.session import session_events
from lengthwise.record.sealed_reading import read_sealed
from lengthwise.record.session_folder import SEALED_NAME
from lengthwise.sensing.landmarks_csv import write_landmarks_csv
from lengthwise.sim.recording import Plan, SimulatedRecording


@pytest.fixture(scope="module")
def lean() -> SimulatedRecording:
    return SimulatedRecording(
        Plan("standing_side_bend", Side.LEFT, 3, "front+sacrum", duration_s=8.0)
    )


def _started(recording: SimulatedRecording) -> SessionStarted:
    return SessionStarted(
        LOG_VERSION, "id", "2026-01-01T00:00:00Z", "test",
        SessionConfig(exercise_id="standing_side_bend", side=Side.LEFT),
        recording.header, Person("test", simulated=True),
    )  # fmt: skip


def test_every_event_is_the_same_with_and_without_looking_back(lean: SimulatedRecording) -> None:
    started = _started(lean)
    params = pipeline_params(started)
    observations = list(lean.read())
    hindsight, count = Hindsight(), 0
    plain = [encode(e) for e in session_events(params, observations)]
    watched = []
    for event in session_events(params, observations, look_back=hindsight.take):
        watched.append(encode(event))
        count += len(hindsight.ready())
    assert watched == plain
    assert 0 < count < count + len(hindsight.finish()) == _frames(plain)


def _frames(events: list[bytes]) -> int:
    return sum(b"\xa5frame" in e[:20] for e in events)


@pytest.fixture(scope="module")
def folders(lean: SimulatedRecording, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """One recording analysed with and without `--smooth`."""
    source = tmp_path_factory.mktemp("lean") / "landmarks.csv"
    stream = next(s for s in lean.header.streams if isinstance(s, CameraStream))
    frames = [o for o in lean.read() if isinstance(o, LandmarkFrame)]
    write_landmarks_csv(source, stream, frames, started_utc="2026-01-01T00:00:00Z")
    out = []
    for smooth in (False, True):
        folder = tmp_path_factory.mktemp(f"smooth_{smooth}")
        analyze(AnalyzeRequest(source, folder, SessionConfig(), smooth=smooth))
        out.append(folder)
    return out


def _table(path: Path) -> tuple[list[str], np.ndarray]:
    return path.read_text().splitlines()[0].split(","), np.genfromtxt(
        path, delimiter=",", skip_header=1
    )


def test_what_was_known_live_is_the_same_bytes_with_the_option(folders: list[Path]) -> None:
    plain, smooth = folders
    for name in ("body.csv", "tissue.csv", "events.jsonl"):
        assert (plain / name).read_bytes() == (smooth / name).read_bytes()
    frames = [[encode(e) for e in read_sealed(folder / SEALED_NAME)][1:-1] for folder in folders]
    assert frames[0] == frames[1]
    assert not (plain / "body_smoothed.csv").exists()


def test_the_smoothed_table_has_the_rows_and_the_empty_cells_of_the_other(
    folders: list[Path],
) -> None:
    head, live = _table(folders[1] / "body.csv")
    head_after, after = _table(folders[1] / "body_smoothed.csv")
    assert head_after == head
    np.testing.assert_array_equal(after[:, [0, -1]], live[:, [0, -1]])
    np.testing.assert_array_equal(np.isnan(after), np.isnan(live))
    sds = [i for i, name in enumerate(head) if name.endswith("_sd_deg")]
    claimed = np.isfinite(live[:, sds])
    assert claimed.sum() > 100
    assert (after[:, sds][claimed] <= live[:, sds][claimed]).all()
    assert (after[:, sds][claimed] < 0.95 * live[:, sds][claimed]).any()


def test_a_moment_whose_frame_was_lost_to_an_interrupt_is_left_out(
    lean: SimulatedRecording, tmp_path: Path
) -> None:
    """The listener is interrupted, so the next frame's moment is there and the frame is not."""
    started = _started(lean)
    params, hindsight = pipeline_params(started), Hindsight()
    events = session_events(params, list(lean.read()), look_back=hindsight.take)
    with SessionOutputs(
        tmp_path, started, params.anatomy, hindsight=hindsight, smoothed_table=True
    ) as outputs:
        for event in events:
            if isinstance(event, FrameLogged) and outputs.frames == 30:
                break
            outputs.take(event)
        outputs.take(SessionEnded(outputs.last_s, complete=False, frames=outputs.frames))
        outputs.finish()
    live = (tmp_path / "body.csv").read_text().splitlines()
    after = (tmp_path / "body_smoothed.csv").read_text().splitlines()
    assert [row.split(",")[0] for row in after] == [row.split(",")[0] for row in live]
    assert len(live) == 31
