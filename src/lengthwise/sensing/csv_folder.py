"""Driver for a folder with `landmarks.csv` and/or `imu.csv` of one session, merged by time."""

import heapq
from collections.abc import Iterator
from pathlib import Path

from lengthwise.contracts.observation import (
    AuditFrame,
    ImuSample,
    LandmarkFrame,
    RecordingHeader,
    Rejection,
)
from lengthwise.sensing import imu_csv, landmarks_csv
from lengthwise.sensing.driver import Manifest, OpenOptions

_LANDMARKS = "landmarks.csv"
_IMU = "imu.csv"


class CsvFolderDriver:
    """Reads `landmarks.csv` and `imu.csv` from one folder; both count from the same start."""

    manifest = Manifest(
        name="csv_folder",
        reads="a folder with landmarks.csv and/or imu.csv",
        streams=("camera", "imu"),
    )

    def accepts(self, path: Path) -> bool:
        return path.is_dir() and any((path / name).is_file() for name in (_LANDMARKS, _IMU))

    def open(self, path: Path, options: OpenOptions) -> "CsvFolderRecording":
        return CsvFolderRecording(path, options)


DRIVER = CsvFolderDriver()


class CsvFolderRecording:
    """Both files at once; each is read line by line."""

    def __init__(self, path: Path, options: OpenOptions) -> None:
        self._parts: list[landmarks_csv.LandmarksCsvRecording | imu_csv.ImuCsvRecording] = []
        if (path / _LANDMARKS).is_file():
            self._parts.append(landmarks_csv.DRIVER.open(path / _LANDMARKS, options))
        if (path / _IMU).is_file():
            self._parts.append(imu_csv.DRIVER.open(path / _IMU, options))
        headers = [part.header for part in self._parts]
        durations = [h.duration_s for h in headers if h.duration_s is not None]
        starts = {h.started_utc for h in headers if h.started_utc is not None}
        notes = [note for h in headers for note in h.notes]
        if len(starts) > 1:
            notes.append("the two files state different starts; their t_s are taken as one clock")
        self.header = RecordingHeader(
            name=path.name,
            driver=DRIVER.manifest.name,
            streams=tuple(stream for h in headers for stream in h.streams),
            duration_s=max(durations, default=None),
            observation_count=sum(h.observation_count or 0 for h in headers),
            started_utc=min(starts, default=None),
            simulated=any(h.simulated for h in headers),
            notes=tuple(notes),
        )

    def read(self) -> Iterator[LandmarkFrame | AuditFrame | ImuSample | Rejection]:
        """In order of time; at the same time the camera first."""
        return heapq.merge(*(part.read() for part in self._parts), key=lambda item: item.t_s)

    def close(self) -> None:
        for part in self._parts:
            part.close()
