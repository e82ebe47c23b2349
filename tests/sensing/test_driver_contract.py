"""What every driver keeps, whatever it reads."""

from contextlib import closing
from importlib.metadata import entry_points
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sensed_files import standing_frame, still_sample
from test_qmt_mat import still, times, written
from test_sealed_session import EVENTS, sealed
from test_xsens_folder import packet, pelvis_only

from lengthwise.contracts.codec import encode
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import (
    CameraStream,
    ImuSample,
    ImuStream,
    LandmarkFrame,
    Segment,
)
from lengthwise.sensing.driver import OpenOptions, drivers, open_recording
from lengthwise.sensing.imu_csv import write_imu_csv
from lengthwise.sensing.landmarks_csv import write_landmarks_csv


def landmarks(folder: Path) -> Path:
    frames = [standing_frame(i / 30) for i in range(4)]
    write_landmarks_csv(folder / "landmarks.csv", CameraStream(640, 480, 30.0), frames)
    return folder / "landmarks.csv"


def imu(folder: Path) -> Path:
    samples = [still_sample(i / 100) for i in range(4)]
    write_imu_csv(folder / "imu.csv", [ImuStream(Segment.PELVIS, 100.0)], samples)
    return folder / "imu.csv"


def both(folder: Path) -> Path:
    landmarks(folder)
    imu(folder)
    return folder


RECORDINGS = {
    "landmarks_csv": landmarks,
    "imu_csv": imu,
    "csv_folder": both,
    "xsens_folder": lambda folder: pelvis_only(folder, [packet(i) for i in range(4)]),
    "qmt_mat": lambda folder: written(folder, {"t": times(), "hip": still()}),
    "sealed_session": lambda folder: sealed(folder, [encode(e) for e in EVENTS]),
}


def test_every_announced_driver_loads_under_its_own_name() -> None:
    announced = {entry.name for entry in entry_points(group="lengthwise.drivers")}
    assert {driver.manifest.name for driver in drivers().values()} == announced
    assert set(RECORDINGS) | {"video"} == announced


@pytest.mark.parametrize("name", RECORDINGS)
def test_a_recording_is_opened_by_its_own_driver_and_no_other(tmp_path: Path, name: str) -> None:
    path = RECORDINGS[name](tmp_path)
    accepting = [n for n, driver in drivers().items() if driver.accepts(path)]
    assert accepting == [name]
    with closing(open_recording(path, OpenOptions())) as recording:
        assert recording.header.driver == name


@pytest.mark.parametrize("name", RECORDINGS)
def test_what_is_read_belongs_to_what_was_declared(tmp_path: Path, name: str) -> None:
    driver = drivers()[name]
    with closing(driver.open(RECORDINGS[name](tmp_path), OpenOptions())) as recording:
        header, items = recording.header, list(recording.read())
    assert items
    assert header == recording.header
    assert all(item.t_s >= 0 for item in items)
    declared = {s.segment for s in header.streams if isinstance(s, ImuStream)}
    if name == "sealed_session":
        return
    assert {i.segment for i in items if isinstance(i, ImuSample)} == declared
    cameras = [s for s in header.streams if isinstance(s, CameraStream)]
    assert bool(cameras) == any(isinstance(i, LandmarkFrame) for i in items)
    if header.observation_count is not None:
        assert header.observation_count == len(items)


@pytest.mark.parametrize("name", RECORDINGS)
def test_a_recording_may_be_closed_twice(tmp_path: Path, name: str) -> None:
    path = RECORDINGS[name](tmp_path)
    recording = drivers()[name].open(path, OpenOptions())
    header = recording.header
    recording.close()
    recording.close()
    assert recording.header == header
    with closing(drivers()[name].open(path, OpenOptions())) as again:
        assert next(iter(again.read())).t_s >= 0.0


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=500),
    st.sampled_from(["a.csv", "a.mp4", "a.mat", "a.mcap", "a.txt", "a", "landmarks.csv"]),
)
def test_no_driver_stumbles_over_foreign_content(content: bytes, name: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        for driver in drivers().values():
            assert driver.accepts(path) in (True, False)
            assert driver.accepts(path.parent) in (True, False)
            assert not driver.accepts(Path(folder) / "not there")


def test_what_nobody_reads_is_refused_with_what_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "notes.docx"
    path.write_text("hello")
    with pytest.raises(InputError, match=r"landmarks\.csv") as caught:
        open_recording(path, OpenOptions())
    assert "\n" not in str(caught.value)


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="check the path"):
        open_recording(tmp_path / "none.csv", OpenOptions())
