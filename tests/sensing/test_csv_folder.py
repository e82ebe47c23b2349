"""Camera and worn sensors of one session, told in the order in which things happened."""

from pathlib import Path

from sensed_files import read_all, standing_frame, still_sample

from lengthwise.contracts.observation import (
    CameraStream,
    ImuSample,
    ImuStream,
    LandmarkFrame,
    Segment,
)
from lengthwise.sensing.csv_folder import DRIVER
from lengthwise.sensing.imu_csv import write_imu_csv
from lengthwise.sensing.landmarks_csv import write_landmarks_csv

CAMERA = CameraStream(640, 480, 30.0)
PELVIS = ImuStream(Segment.PELVIS, 100.0)


def camera(folder: Path, *, started_utc: str | None = None) -> None:
    frames = [standing_frame(i / 30) for i in range(30)]
    write_landmarks_csv(folder / "landmarks.csv", CAMERA, frames, started_utc=started_utc)


def sensor(folder: Path, *, started_utc: str | None = None) -> None:
    samples = [still_sample(i / 100) for i in range(100)]
    write_imu_csv(folder / "imu.csv", [PELVIS], samples, started_utc=started_utc)


def test_both_files_are_merged_in_order_of_time(tmp_path: Path) -> None:
    camera(tmp_path)
    sensor(tmp_path)
    header, items = read_all(DRIVER, tmp_path)
    assert header.streams == (CAMERA, PELVIS)
    assert header.observation_count == 130
    times = [item.t_s for item in items]
    assert times == sorted(times)
    assert sum(isinstance(item, LandmarkFrame) for item in items) == 30
    assert sum(isinstance(item, ImuSample) for item in items) == 100
    assert isinstance(items[0], LandmarkFrame)


def test_one_file_alone_is_enough_and_an_empty_folder_is_not_ours(tmp_path: Path) -> None:
    assert not DRIVER.accepts(tmp_path)
    sensor(tmp_path)
    assert DRIVER.accepts(tmp_path)
    header, items = read_all(DRIVER, tmp_path)
    assert header.streams == (PELVIS,)
    assert len(items) == 100


def test_different_starts_are_told(tmp_path: Path) -> None:
    camera(tmp_path, started_utc="2026-01-31T08:15:00Z")
    sensor(tmp_path, started_utc="2026-01-31T08:15:02Z")
    header, _ = read_all(DRIVER, tmp_path)
    assert header.started_utc == "2026-01-31T08:15:00Z"
    assert any("different starts" in note for note in header.notes)
