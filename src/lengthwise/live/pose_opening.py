"""Which reader a file of poses has, by the ending of its name."""

from pathlib import Path

from lengthwise.contracts.errors import InputError
from lengthwise.live.motion_file import MotionFile
from lengthwise.live.pose_files import MOTION_SUFFIXES, PoseFile
from lengthwise.live.poses_csv import PosesCsv


def open_poses(path: Path, *, knees_negative: bool = False) -> PoseFile:
    """The file by its name's ending: .mot and .sto are OpenSim's, everything else is poses.csv.

    `knees_negative`: knee angles of the motion are negative in flexion.
    """
    if path.suffix.lower() in MOTION_SUFFIXES:
        return MotionFile(path, knees_negative=knees_negative)
    if knees_negative:
        raise InputError(
            "--knees-negative",
            value=f"it with {path.name}",
            allowed="with a .mot or .sto file",
            remedy="leave it out: a poses.csv has knees positive in flexion",
        )
    return PosesCsv(path)
