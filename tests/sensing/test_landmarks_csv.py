"""Landmarks as a table: what is written is what is read, and nothing is made up from bad rows."""

from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sensed_files import frames, observations, read_all, reasons, standing_frame

from lengthwise.contracts.codec import encode
from lengthwise.contracts.errors import InputError, LengthwiseError, StorageError
from lengthwise.contracts.observation import (
    LANDMARK_INDEX,
    AuditFrame,
    CameraStream,
    LandmarkFrame,
    PoseModel,
    Posture,
    View,
)
from lengthwise.sensing.driver import OpenOptions
from lengthwise.sensing.landmarks_csv import DRIVER, IMAGE_COLUMNS, write_landmarks_csv

CAMERA = CameraStream(1280, 720, 30.0, View.LEFT, False, Posture.STANDING, PoseModel.FULL)


def written(tmp_path: Path, count: int = 4, stream: CameraStream = CAMERA) -> Path:
    path = tmp_path / "landmarks.csv"
    write_landmarks_csv(path, stream, [standing_frame(i / 30) for i in range(count)])
    return path


def with_row(path: Path, number: int, change: dict[str, str]) -> Path:
    """The same file with some cells of one row (from 0) replaced."""
    lines = path.read_text().splitlines()
    head = next(i for i, line in enumerate(lines) if line.startswith("t_s"))
    columns = lines[head].split(",")
    cells = lines[head + 1 + number].split(",")
    for column, value in change.items():
        cells[columns.index(column)] = value
    lines[head + 1 + number] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n")
    return path


@settings(max_examples=25, deadline=None)
@given(data=st.data(), world=st.booleans(), mirrored=st.sampled_from([True, False, None]))
def test_reading_gives_exactly_what_was_written(
    data: st.DataObject, world: bool, mirrored: bool | None
) -> None:
    steps = data.draw(st.lists(st.floats(1e-4, 10), min_size=1, max_size=4))
    given_frames = [data.draw(frames(t_s=t, world=world)) for t in accumulate(steps)]
    stream = CameraStream(
        data.draw(st.integers(1, 8000)),
        data.draw(st.integers(1, 8000)),
        data.draw(st.none() | st.floats(0.1, 1000)),
        data.draw(st.sampled_from(View)),
        mirrored,
        data.draw(st.sampled_from(Posture)),
        data.draw(st.sampled_from(PoseModel)),
        world,
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "landmarks.csv"
        write_landmarks_csv(path, stream, given_frames, with_person_count=True)
        header, items = read_all(DRIVER, path)
    assert header.streams == (stream,)
    assert header.observation_count == len(given_frames)
    assert header.duration_s == given_frames[-1].t_s
    assert [encode(item) for item in items] == [encode(frame) for frame in given_frames]


@settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=400) | st.text(max_size=400).map(lambda t: t.encode()))
@example(content=b"\xff\xfe\x00\x00")
@example(content=b"# fps=0\nt_s\n0\n")
@example(content=b"# a=b\n" * 1200)
def test_any_bytes_give_a_clear_line_or_counted_rejections(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "landmarks.csv"
        path.write_bytes(content)
        try:
            _, items = read_all(DRIVER, path)
        except LengthwiseError as known:
            assert "\n" not in str(known)
        else:
            assert items


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_changed_row_never_raises_and_never_makes_a_number_up(data: st.DataObject) -> None:
    """Whatever stands in some cells: finite frames or rejections, the other rows untouched."""
    cell = st.sampled_from(["", "nan", "inf", "-inf", "1e400", "x", "1_0", "0x10", '"', ",", " 3 "])
    columns = st.sampled_from(["t_s", *IMAGE_COLUMNS])
    change = data.draw(st.dictionaries(columns, cell | st.text("0123456789.-e", max_size=6)))
    with TemporaryDirectory() as folder:
        path = with_row(written(Path(folder)), 1, change)
        _, items = read_all(DRIVER, path)
    found = [item for item in items if isinstance(item, LandmarkFrame)]
    assert all(np.isfinite(f.xy_px).all() and np.isfinite(f.image_z_px).all() for f in found)
    assert all(((f.visibility >= 0) & (f.visibility <= 1)).all() for f in found)
    times = [f.t_s for f in found]
    assert times == sorted(set(times))
    assert encode(standing_frame(0.0)) in [encode(f) for f in found]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "empty file"),
        ("# fps=30\n", "no columns"),
        ("t_s,a,b\n0,1,2\n", "no column nose_x_px"),
        ("t_s,t_s\n0,0\n", "column t_s more than once"),
        ("x" * 50, "no column t_s"),
    ],
)
def test_what_is_no_table_of_landmarks_is_refused_in_one_line(
    tmp_path: Path, content: str, said: str
) -> None:
    path = tmp_path / "landmarks.csv"
    path.write_text(content)
    with pytest.raises(InputError, match=said) as caught:
        DRIVER.open(path, OpenOptions())
    assert "\n" not in str(caught.value)


def test_a_table_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no rows"):
        DRIVER.open(written(tmp_path, 0), OpenOptions())


@pytest.mark.parametrize(
    "line", ["# fps=fast", "# view=above", "# mirrored=perhaps", "# image_width_px=-3", "# fps=nan"]
)
def test_a_header_value_that_is_not_allowed_is_refused(tmp_path: Path, line: str) -> None:
    path = written(tmp_path)
    key = line.partition("=")[0]
    kept = [x for x in path.read_text().splitlines() if not x.startswith(key + "=")]
    path.write_text("\n".join([line, *kept]) + "\n")
    with pytest.raises(InputError, match=key.lstrip("# ")):
        DRIVER.open(path, OpenOptions())


def test_without_header_comments_everything_declared_is_unknown(tmp_path: Path) -> None:
    path = written(tmp_path)
    plain = [x for x in path.read_text().splitlines() if not x.startswith("#")]
    path.write_text("\n".join(plain) + "\n")
    header, _ = read_all(DRIVER, path)
    assert header.streams == (CameraStream(640, 480, None),)
    assert "image size is not stated" in header.notes[0]


def test_what_the_person_states_stands_before_the_header(tmp_path: Path) -> None:
    options = OpenOptions(view=View.BACK, mirrored=True, posture=Posture.SITTING)
    header, _ = read_all(DRIVER, written(tmp_path), options)
    stream = header.streams[0]
    assert isinstance(stream, CameraStream)
    assert (stream.view, stream.mirrored, stream.posture) == (View.BACK, True, Posture.SITTING)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"t_s": "0.01"}, "time_backwards"),
        ({"t_s": repr(1 / 30)}, "duplicate_time"),
        ({"t_s": "nan"}, "non_finite"),
        ({"t_s": ""}, "undecodable"),
        ({"t_s": "-1"}, "out_of_range"),
        ({"t_s": "1.7e9"}, "out_of_range"),
        ({"t_s": "soon"}, "undecodable"),
        ({"nose_x_px": "left"}, "undecodable"),
        ({"nose_x_px": "1,2"}, "undecodable"),
    ],
)
def test_a_row_that_cannot_be_used_is_counted_and_the_rest_kept(
    tmp_path: Path, change: dict[str, str], reason: str
) -> None:
    _, items = read_all(DRIVER, with_row(written(tmp_path), 2, change))
    assert reasons(items) == [reason]
    assert len(observations(items)) == 3


def test_a_landmark_that_is_not_a_number_is_left_out_and_counted(tmp_path: Path) -> None:
    change = {"left_hip_x_px": "nan", "right_hip_visibility": "7", "nose_y_px": ""}
    _, items = read_all(DRIVER, with_row(written(tmp_path), 2, change))
    assert reasons(items) == ["non_finite"]
    frame = observations(items)[2]
    assert isinstance(frame, LandmarkFrame)
    gone = [LANDMARK_INDEX[name] for name in ("left_hip", "right_hip", "nose")]
    assert not frame.present[gone].any()
    assert frame.present.sum() == 30


def test_a_row_without_any_landmark_says_that_no_person_was_seen(tmp_path: Path) -> None:
    change = dict.fromkeys(IMAGE_COLUMNS, "")
    _, items = read_all(DRIVER, with_row(written(tmp_path), 1, change))
    assert reasons(items) == ["no_person"]


def test_a_reported_landmark_without_a_score_counts_as_visible(tmp_path: Path) -> None:
    _, items = read_all(DRIVER, with_row(written(tmp_path), 0, {"nose_visibility": ""}))
    frame = observations(items)[0]
    assert isinstance(frame, LandmarkFrame)
    assert frame.present[0] and frame.visibility[0] == 1.0


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 2000))
def test_a_file_cut_off_in_a_row_keeps_what_came_before(cut: int) -> None:
    with TemporaryDirectory() as folder:
        path = written(Path(folder))
        path.write_bytes(path.read_bytes()[:-cut])
        _, items = read_all(DRIVER, path)
    assert reasons(items) in (["truncated"], [])
    kept = [encode(item) for item in observations(items)]
    assert kept == [encode(standing_frame(i / 30)) for i in range(len(kept))]


def test_a_line_of_two_megabytes_does_not_fill_memory_nor_stop_the_reading(tmp_path: Path) -> None:
    path = written(tmp_path)
    lines = path.read_text().splitlines()
    lines.insert(-2, "9" * 2_500_000)
    path.write_text("\n".join(lines) + "\n")
    _, items = read_all(DRIVER, path)
    assert reasons(items) == ["undecodable"]
    assert len(observations(items)) == 4


def test_a_recording_of_simulated_landmarks_says_so(tmp_path: Path) -> None:
    path = written(tmp_path, stream=CameraStream(640, 480, 30.0, pose_model=PoseModel.SIMULATED))
    assert read_all(DRIVER, path)[0].simulated


def test_a_folder_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="another folder"):
        write_landmarks_csv(tmp_path / "no" / "landmarks.csv", CAMERA, [])


@pytest.mark.shared_data
def test_a_keraal_take_is_read_whole(shared_data: Path, tmp_path: Path) -> None:
    from lengthwise.live.evaluation.keraal_take import landmarks_csv_of_take

    take = shared_data / "keraal" / "blazepose" / "G3-Faces-ELK-P1T1-Unknown-C-0.json"
    count = landmarks_csv_of_take(take, tmp_path / "take.csv")
    header, items = read_all(DRIVER, tmp_path / "take.csv")
    assert count == 193 and len(observations(items)) == 193 and not reasons(items)
    stream = header.streams[0]
    assert isinstance(stream, CameraStream)
    assert stream.mirrored and stream.view is View.FRONT and stream.posture is Posture.SITTING
    frame = items[0]
    assert isinstance(frame, LandmarkFrame)
    shoulder = frame.xy_px[LANDMARK_INDEX["left_shoulder"]]
    assert shoulder == pytest.approx([0.608 * 960, 0.55 * 544], abs=1.0)


def test_rows_of_a_second_model_come_back_as_such(tmp_path: Path) -> None:
    """They may have the time of a row of the first one: both are of the same image."""
    stream = replace(CAMERA, audit_model=PoseModel.HEAVY)
    first, second = standing_frame(0.0), standing_frame(1 / 30)
    items = [first, AuditFrame(first), second]
    path = tmp_path / "landmarks.csv"
    write_landmarks_csv(path, stream, items)
    header, read = read_all(DRIVER, path)
    assert header.streams == (stream,)
    assert [encode(item) for item in read] == [encode(item) for item in items]
    with_row(path, 2, {"t_s": "0.0"})
    _, read = read_all(DRIVER, path)
    assert reasons(read) == ["duplicate_time"]


def test_without_rows_of_a_second_model_none_is_declared(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_text("# audit_model=blazepose_heavy\n" + path.read_text())
    header, _ = read_all(DRIVER, path)
    assert header.streams == (CAMERA,)
