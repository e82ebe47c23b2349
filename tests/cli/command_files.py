"""Small recordings for the command line, as files."""

from itertools import islice
from pathlib import Path

import msgspec

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.observation import LandmarkFrame, PoseModel
from lengthwise.sensing.landmarks_csv import write_landmarks_csv
from lengthwise.sim.recording import Plan, SimulatedRecording

FRAMES = 60


def landmarks(folder: Path, *, simulated: bool = False, started_utc: str | None = None) -> Path:
    """Two seconds of a person before a camera; `simulated` false: as if a real one was seen."""
    recording = SimulatedRecording(
        Plan("half_kneeling_hip_flexor", Side.LEFT, seed=3, sensors="camera", duration_s=5.0)
    )
    assert recording.camera is not None
    stream = recording.camera.stream()
    if not simulated:
        stream = msgspec.structs.replace(stream, pose_model=PoseModel.FULL)
    frames = (o for o in recording.read() if isinstance(o, LandmarkFrame))
    path = folder / "landmarks.csv"
    write_landmarks_csv(path, stream, islice(frames, FRAMES), started_utc=started_utc)
    return path


def nobody(folder: Path) -> Path:
    """A recording in which no landmark was ever reported."""
    path = landmarks(folder)
    lines = path.read_text().splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith("t_s"))
    cells = lines[first].count(",")
    empty = [f"{i / 30:.4f}{',' * cells}" for i in range(FRAMES)]
    path.write_text("\n".join([*lines[: first + 1], *empty]) + "\n")
    return path
