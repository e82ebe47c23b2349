"""Use case: two small files of poses to begin with, in a folder that the person chooses.

Both are made from the exercises' own angles: `poses.csv` has upright standing and the start and end
of every exercise, `leg_raise.mot` a straight leg that is raised and let down, in OpenSim's names.
"""

from math import cos, pi
from pathlib import Path

import numpy as np

from lengthwise.contracts.coordinates import ANATOMICAL, INDEX, Coordinate, Side
from lengthwise.contracts.errors import InputError, StorageError
from lengthwise.live.posture_choice import Moment, PostureRequest, chosen_posture
from lengthwise.live.whole_file import whole_file
from lengthwise.reference.exercises import exercises

POSES_NAME, MOTION_NAME = "poses.csv", "leg_raise.mot"
_RAISED_DEG, _BENT_DEG = 75.0, 10.0
_SECONDS, _RATE_HZ = 4.0, 20.0
_READ_BY = "Made by lengthwise muscles --example; not a person's motion."


def write_example(folder: Path) -> tuple[Path, Path]:
    """The two files. Raises InputError where one is there already: nothing is written over."""
    poses, motion = folder / POSES_NAME, folder / MOTION_NAME
    for path in (poses, motion):
        if path.exists():
            raise InputError(
                "--example",
                value=f"{path} is there already",
                allowed="a folder without it",
                remedy="choose another folder, or move the file away",
            )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise StorageError(
            f"creating {folder}", cause=cause.strerror or str(cause), remedy="choose another folder"
        ) from cause
    for path, text in ((poses, poses_text()), (motion, motion_text())):
        with whole_file(path) as part:
            part.write_text(text, encoding="utf-8", newline="\n")
    return poses, motion


def poses_text() -> str:
    """Upright, then start and end of every exercise with the left side working."""
    rows = {"upright": np.zeros(len(INDEX))}
    for name in exercises():
        for moment in (Moment.START, Moment.END):
            chosen = chosen_posture(PostureRequest(name, side=Side.LEFT, moment=moment))
            rows[f"{name}_{moment.value}"] = chosen.mean_rad
    used = [c for c in ANATOMICAL if any(row[INDEX[c]] for row in rows.values())]
    lines = [",".join(["pose_id", *(f"{c.value}_deg" for c in used)])]
    for name, row in rows.items():
        lines.append(",".join([name, *(f"{np.degrees(row[INDEX[c]]):.1f}" for c in used)]))
    return "\n".join(lines) + "\n"


def motion_text() -> str:
    """A left leg raised with a nearly straight knee and let down again, as OpenSim writes it."""
    hip, knee = Coordinate.HIP_FLEXION_L.value, "knee_angle_l"
    count = round(_SECONDS * _RATE_HZ) + 1
    lines = [
        "leg_raise", "version=1", f"nRows={count}", "nColumns=3", "inDegrees=yes", _READ_BY,
        "endheader", "\t".join(["time", hip, knee]),
    ]  # fmt: skip
    for i in range(count):
        share = 0.5 - 0.5 * cos(2.0 * pi * i / (count - 1))
        angles = (i / _RATE_HZ, share * _RAISED_DEG, share * _BENT_DEG)
        lines.append("\t".join(f"{value:.3f}" for value in angles))
    return "\n".join(lines) + "\n"
