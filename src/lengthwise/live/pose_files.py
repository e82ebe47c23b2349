"""Files of poses, read one row at a time: poses.csv, and OpenSim's motion files.

Of every row the sixteen coordinates that move (pelvis, lumbar spine, legs: COORDINATES[:16]) in
radians; a coordinate that the file does not name is 0. The first thing that cannot be used raises
InputError with one line.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TextIO

import numpy as np

from lengthwise.contracts.coordinates import COORDINATES, Coordinate
from lengthwise.contracts.errors import InputError

MOVING: tuple[Coordinate, ...] = COORDINATES[:16]
"""The coordinates of a pose, in their order."""

ANATOMICAL_PART = slice(3, 16)
"""Where the thirteen of ANATOMICAL stand in a pose."""

MOTION_SUFFIXES = (".mot", ".sto")

Progress = Callable[[float], None]
"""Told the share of the file that has been read, 0 to 1."""


@dataclass(frozen=True)
class Pose:
    """One row. `name`: its pose_id, or its time as the file writes it; `t_s` of a motion only.

    `mean_rad` (16,) in the order of MOVING.
    """

    name: str
    mean_rad: np.ndarray
    t_s: float | None = None


class PoseFile(Protocol):
    """A file of poses that is read once, from its beginning."""

    @property
    def stated(self) -> frozenset[Coordinate]:
        """Coordinates that the file has a column for; known once the first pose was read."""
        ...

    @property
    def moving(self) -> bool:
        """Whether rows are moments of one motion, and not poses by themselves."""
        ...

    def poses(self, progress: Progress = ...) -> Iterator[Pose]:
        """Every row, at least one."""
        ...

    def notes(self) -> tuple[str, ...]:
        """What was passed over or taken for granted, a sentence each; whole after the last row."""
        ...


def counted(file: TextIO, path: Path, progress: Progress) -> Iterable[str]:
    """The lines of a file; tells how far reading has come every thousand lines."""
    size = max(path.stat().st_size, 1)
    read = 0
    for i, line in enumerate(file):
        read += len(line)
        if i % 1000 == 999:
            progress(min(read / size, 1.0))
        yield line


@contextmanager
def opened(path: Path, kind: str) -> Iterator[TextIO]:
    """The file as text, line ends as they are. Raises InputError where it cannot be read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield file
    except FileNotFoundError as cause:
        raise unusable(path, "no such file", f"an existing {kind}", "check the path") from cause
    except OSError as cause:
        found = cause.strerror or str(cause)
        raise unusable(path, found, "a readable file", "check the path") from cause


def unusable(path: Path, found: object, allowed: str, remedy: str) -> InputError:
    return InputError(f"poses file {path}", value=found, allowed=allowed, remedy=remedy)
