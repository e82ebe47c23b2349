"""poses.csv: `pose_id`, then `<coordinate>_deg`; a column that is not there is 0 for every pose."""

import csv
from collections.abc import Iterator, Sequence
from math import isfinite
from pathlib import Path

import numpy as np

from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.errors import InputError, not_utf8
from lengthwise.live.pose_files import MOVING, Pose, Progress, counted, opened, unusable
from lengthwise.reference.pose_range import pose_ranges

_ID = "pose_id"
_UNIT = "_deg"
_KNOWN = {f"{c.value}{_UNIT}": c for c in MOVING}
_PLACE = {c: i for i, c in enumerate(MOVING)}


class PosesCsv:
    """A poses.csv, read once from its beginning."""

    moving = False

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stated: frozenset[Coordinate] = frozenset()

    @property
    def stated(self) -> frozenset[Coordinate]:
        return self._stated

    def notes(self) -> tuple[str, ...]:
        return ()

    def poses(self, progress: Progress = lambda _: None) -> Iterator[Pose]:
        """Every pose, at least one. Raises InputError at the first thing that cannot be used."""
        path = self._path
        try:
            with opened(path, "poses.csv") as file:
                yield from self._rows(csv.reader(counted(file, path, progress), strict=True))
        except (UnicodeDecodeError, csv.Error) as cause:
            found = not_utf8(cause) if isinstance(cause, UnicodeDecodeError) else cause
            raise unusable(
                path, found, "comma-separated text in UTF-8", "export it as CSV again"
            ) from cause

    def _rows(self, rows: Iterator[list[str]]) -> Iterator[Pose]:
        path = self._path
        header = next(rows, None)
        if not header:
            raise unusable(path, "an empty file", f"a header with {_ID}", "add header and poses")
        columns = _columns(path, [name.strip() for name in header])
        self._stated = frozenset(c for c in columns if c is not None)
        seen: set[str] = set()
        for line, row in enumerate(rows, start=2):
            if not row:
                continue
            where = f"{path.name} line {line}"
            if len(row) != len(columns):
                raise InputError(
                    where,
                    value=f"{len(row)} cells",
                    allowed=f"{len(columns)}, as many as the header",
                    remedy="complete the row",
                )
            pose = _pose(where, columns, row)
            if pose.name in seen:
                raise InputError(
                    f"{where}, {_ID}", value=pose.name, allowed="each once", remedy="rename one"
                )
            seen.add(pose.name)
            yield pose
        if not seen:
            raise unusable(path, "no pose", "at least one row", "add poses below the header")


def _columns(path: Path, header: Sequence[str]) -> list[Coordinate | None]:
    """What each column holds: a coordinate, or None for the identifier."""
    if _ID not in header:
        raise unusable(path, f"no column {_ID}", f"a header with {_ID}", "name the poses")
    for i, name in enumerate(header):
        if name != _ID and name not in _KNOWN:
            raise InputError(
                f"{path.name}, column",
                value=name or "(no name)",
                allowed=f"{_ID}, {', '.join(_KNOWN)}",
                remedy="rename or remove it",
            )
        if name in header[:i]:
            raise InputError(
                f"{path.name}, column", value=f"{name} twice", allowed="once", remedy="remove one"
            )
    return [_KNOWN.get(name) for name in header]


def _pose(where: str, columns: Sequence[Coordinate | None], row: Sequence[str]) -> Pose:
    name, pose_deg = "", np.zeros(len(MOVING))
    for coordinate, cell in zip(columns, row, strict=True):
        if coordinate is None:
            name = cell.strip()
            continue
        where_cell = f"{where}, {coordinate.value}{_UNIT}"
        pose_deg[_PLACE[coordinate]] = _angle_deg(where_cell, coordinate, cell)
    if not name:
        raise InputError(
            f"{where}, {_ID}", value="nothing", allowed="a name", remedy="name the pose"
        )
    return Pose(name, np.radians(pose_deg))


def _angle_deg(where: str, coordinate: Coordinate, cell: str) -> float:
    limits = pose_ranges().get(coordinate)
    low, high = (limits.low_deg, limits.high_deg) if limits else (-360.0, 360.0)
    allowed = f"{low:g} to {high:g} degrees"
    try:
        angle_deg = float(cell)
    except ValueError:
        raise InputError(
            where,
            value=cell or "an empty cell",
            allowed=f"a number, {allowed}",
            remedy="write 0 for the upright posture",
        ) from None
    if not isfinite(angle_deg) or not low <= angle_deg <= high:
        why = f", because {limits.why}" if limits and isfinite(angle_deg) else ""
        raise InputError(
            where,
            value=cell,
            allowed=allowed + why,
            remedy="change the angle or leave the pose out",
        )
    return angle_deg
