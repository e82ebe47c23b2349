"""OpenSim's motion files (.mot, .sto): a Storage header, then `time` and columns, tab separated.

OpenSim's coordinates become ours. Signs were found by moving points of the model
Model_Pose2Sim_muscles_flex.osim (a full body with the legs of Rajagopal et al. 2016,
doi:10.1109/TBME.2016.2586891) in OpenSim 4.6, ground axes x forward, y up, z right:

| OpenSim | its + | ours |
|---|---|---|
| pelvis_tilt | the top of the pelvis moves back | - pelvis_tilt |
| pelvis_list | the right side moves down | - pelvis_obliquity |
| pelvis_rotation | the front turns to the left | + pelvis_rotation |
| lumbar_extension, lumbar_FE | extension | - lumbar_flexion |
| lumbar_bending, lumbar_LB | to the right | + lumbar_side_bend |
| lumbar_rotation, lumbar_AR | to the left | + lumbar_rotation |
| hip_flexion, hip_adduction, hip_rotation | flexion, adduction, internal | + the same |
| knee_angle | flexion (gait2392 and older models: extension) | + knee_flexion |
| ankle_angle | dorsiflexion | + ankle_dorsiflexion |

`lumbar_FE`, `_LB`, `_AR` are the totals of the lumbar levels; of the others see `whole_trunk`. Hip
and lumbar spine turn in our own order (`body.conventions`); the pelvis turns in another one there
(tilt, list, rotation, each about the axes carried along), so its attitude is converted.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import asin, atan2, cos, degrees, isfinite, radians, sin
from pathlib import Path

import numpy as np

from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.errors import InputError, not_utf8
from lengthwise.live.pose_files import MOVING, Pose, Progress, counted, opened, unusable
from lengthwise.live.whole_trunk import whole_trunk_notes
from lengthwise.reference.constants import constant
from lengthwise.reference.pose_range import pose_ranges

_C = Coordinate
_SIDED = {
    "hip_flexion": "hip_flexion",
    "hip_adduction": "hip_adduction",
    "hip_rotation": "hip_rotation",
    "knee_angle": "knee_flexion",
    "ankle_angle": "ankle_dorsiflexion",
}
OPENSIM: dict[str, tuple[Coordinate, float]] = {
    "pelvis_tilt": (_C.PELVIS_TILT, -1.0),
    "pelvis_list": (_C.PELVIS_OBLIQUITY, -1.0),
    "pelvis_rotation": (_C.PELVIS_ROTATION, 1.0),
    "lumbar_extension": (_C.LUMBAR_FLEXION, -1.0),
    "lumbar_FE": (_C.LUMBAR_FLEXION, -1.0),
    "lumbar_bending": (_C.LUMBAR_SIDE_BEND, 1.0),
    "lumbar_LB": (_C.LUMBAR_SIDE_BEND, 1.0),
    "lumbar_rotation": (_C.LUMBAR_ROTATION, 1.0),
    "lumbar_AR": (_C.LUMBAR_ROTATION, 1.0),
} | {
    f"{theirs}_{side}": (Coordinate(f"{ours}_{side}"), 1.0)
    for theirs, ours in _SIDED.items()
    for side in ("l", "r")
}
"""Our coordinate for each of OpenSim's, and the sign it takes on the way."""

_KNEES = (_C.KNEE_FLEXION_L, _C.KNEE_FLEXION_R)
_PLACE = {c: i for i, c in enumerate(MOVING)}
_PELVIS = MOVING[:3]
_LONGEST_HEADER = 200
"""Lines; a file whose header has not ended by then is something else."""

OVERSHOOT_RAD = constant("anatomy", "motion_overshoot_rad")
"""Inverse kinematics may leave a joint's range by a little (a straight knee at -2 degrees). Up to
here the angle is taken as the end of the range and counted; further, the file is refused."""


@dataclass
class _Column:
    """One column that is read. `scale` from the file's unit to our radians, sign included."""

    name: str
    place: int
    scale: float
    low_rad: float
    high_rad: float
    held: int = 0
    furthest_rad: float = 0.0


@dataclass
class _Header:
    """What stands above the columns. `in_degrees` None: not stated."""

    lines: int = 0
    in_degrees: bool | None = None
    rows: int | None = None
    columns: int | None = None
    labels: list[str] = field(default_factory=list)


class MotionFile:
    """A .mot or .sto file, read once from its beginning."""

    moving = True

    def __init__(self, path: Path, *, knees_negative: bool = False) -> None:
        self._path = path
        self._knees_negative = knees_negative
        self._columns: dict[int, _Column] = {}
        self._ignored: list[str] = []

    @property
    def stated(self) -> frozenset[Coordinate]:
        return frozenset(MOVING[c.place] for c in self._columns.values())

    def notes(self) -> tuple[str, ...]:
        said = []
        if self._ignored:
            said.append(f"not used, as no muscle length follows from them: {_some(self._ignored)}")
        absent = [c.value for c in MOVING if c not in self.stated and c not in _PELVIS]
        if absent:
            said.append(f"not in the file and taken as 0: {', '.join(absent)}")
        said += whole_trunk_notes(_bare(c.name) or "" for c in self._columns.values())
        for column in self._columns.values():
            if column.held:
                end = "low" if column.furthest_rad < 0 else "high"
                limit = column.low_rad if end == "low" else column.high_rad
                beyond_deg = abs(degrees(column.furthest_rad))
                said.append(
                    f"{column.name}: {column.held} rows up to {beyond_deg:.1f}"
                    f"° beyond the {end} end of {MOVING[column.place].value} taken as "
                    f"{degrees(limit):g}°"
                )
        return tuple(said)

    def poses(self, progress: Progress = lambda _: None) -> Iterator[Pose]:
        """Every moment, at least one. Raises InputError at the first thing that cannot be used."""
        path = self._path
        try:
            with opened(path, "motion file") as file:
                yield from self._rows(iter(counted(file, path, progress)))
        except UnicodeDecodeError as cause:
            raise unusable(
                path, not_utf8(cause), "text in UTF-8", "export it again from OpenSim"
            ) from cause

    def _rows(self, lines: Iterator[str]) -> Iterator[Pose]:
        header = _header(self._path, lines)
        self._set_columns(header)
        count, last_s, line = 0, -float("inf"), header.lines
        for text in lines:
            line += 1
            cells = _cells(text)
            if not cells:
                continue
            where = f"{self._path.name} line {line}"
            if len(cells) != len(header.labels):
                raise InputError(
                    where,
                    value=f"{len(cells)} cells",
                    allowed=f"{len(header.labels)}, one for each column label",
                    remedy="complete the row or export the file again",
                )
            t_s = _number(f"{where}, time", cells[0])
            if t_s <= last_s:
                raise InputError(
                    f"{where}, time",
                    value=cells[0],
                    allowed=f"later than the row before, {last_s:g}",
                    remedy="sort the rows and leave out repeated ones",
                )
            last_s = t_s
            count += 1
            yield Pose(cells[0], self._pose_rad(where, cells), t_s)
        self._check_count(header, count)

    def _check_count(self, header: _Header, count: int) -> None:
        if not count:
            raise unusable(
                self._path, "no row", "at least one below the column labels", "export it again"
            )
        if header.rows is not None and header.rows != count:
            raise unusable(
                self._path,
                f"{count} rows where the header says nRows={header.rows}",
                "as many rows as it says",
                "the file may be cut off: export it again, or correct nRows",
            )

    def _set_columns(self, header: _Header) -> None:
        scale = radians(1.0) if header.in_degrees else 1.0
        taken: dict[Coordinate, str] = {}
        for i, label in enumerate(header.labels[1:], start=1):
            name = _bare(label)
            known = None if name is None else OPENSIM.get(name)
            if known is None:
                self._ignored.append(label)
                continue
            coordinate, sign = known
            if coordinate in taken:
                raise InputError(
                    f"{self._path.name}, column",
                    value=f"{taken[coordinate]} and {label}, which are the same coordinate",
                    allowed="each coordinate once",
                    remedy="remove one of them",
                )
            taken[coordinate] = label
            if coordinate in _KNEES and self._knees_negative:
                sign = -sign
            limits = pose_ranges().get(coordinate)
            low, high = (limits.low_deg, limits.high_deg) if limits else (-720.0, 720.0)
            self._columns[i] = _Column(
                label, _PLACE[coordinate], sign * scale, radians(low), radians(high)
            )
        if not any(c.place >= len(_PELVIS) for c in self._columns.values()):
            raise unusable(
                self._path,
                f"columns {_some(header.labels)}",
                "coordinates such as hip_flexion_r, knee_angle_l, lumbar_extension",
                "give the result of inverse kinematics, or rename the columns",
            )

    def _pose_rad(self, where: str, cells: list[str]) -> np.ndarray:
        pose = np.zeros(len(MOVING))
        for i, column in self._columns.items():
            value = column.scale * _number(f"{where}, {column.name}", cells[i])
            pose[column.place] = self._within(where, column, value, cells[i])
        pose[:3] = pelvis_in_our_order(*pose[:3].tolist())
        return pose

    def _within(self, where: str, column: _Column, value: float, cell: str) -> float:
        """The angle, or the end of its range where it lies a little beyond."""
        held = min(max(value, column.low_rad), column.high_rad)
        beyond = value - held
        if not beyond:
            return value
        if abs(beyond) > OVERSHOOT_RAD:
            raise _out_of_range(where, column, value, cell, self._knees_negative)
        column.held += 1
        if abs(beyond) > abs(column.furthest_rad):
            column.furthest_rad = beyond
        return held


def pelvis_in_our_order(
    tilt_rad: float, obliquity_rad: float, rotation_rad: float
) -> tuple[float, float, float]:
    """The attitude that three turns in OpenSim's order (signs already ours) make, in our order.

    With x to the front, y up, z to the right: theirs is Rz(-tilt) Rx(-obliquity) Ry(rotation),
    ours Ry(rotation) Rx(-obliquity) Rz(-tilt).
    """
    st, ct = sin(-tilt_rad), cos(-tilt_rad)
    so, co = sin(-obliquity_rad), cos(-obliquity_rad)
    sr, cr = sin(rotation_rad), cos(rotation_rad)
    up_of_front = st * cr + ct * so * sr
    up_of_right = st * sr - ct * so * cr
    front_of_right, right_of_right = ct * sr + st * so * cr, co * cr
    return (
        -atan2(up_of_front, ct * co),
        asin(min(max(up_of_right, -1.0), 1.0)),
        atan2(front_of_right, right_of_right),
    )


def _out_of_range(
    where: str, column: _Column, value: float, cell: str, knees_negative: bool
) -> InputError:
    coordinate = MOVING[column.place]
    allowed = (
        f"{coordinate.value} {degrees(column.low_rad):g} to {degrees(column.high_rad):g} degrees"
    )
    limits = pose_ranges().get(coordinate)
    if coordinate in _KNEES and value < 0:
        way = "without --knees-negative" if knees_negative else "with --knees-negative"
        remedy = f"try it {way}: models such as gait2392 write a bent knee as negative"
    else:
        allowed += f", because {limits.why}" if limits else ""
        remedy = "check inDegrees and the model's signs, or leave these rows out"
    return InputError(
        f"{where}, {column.name}",
        value=f"{cell} (here {degrees(value):.1f} degrees)",
        allowed=allowed,
        remedy=remedy,
    )


def _header(path: Path, lines: Iterator[str]) -> _Header:
    """Everything down to the column labels. Raises InputError."""
    header = _Header()
    for text in lines:
        header.lines += 1
        words = text.strip()
        if words.lower() == "endheader":
            break
        if header.lines >= _LONGEST_HEADER:
            raise _no_header(path)
        key, equals, value = (part.strip() for part in words.partition("="))
        if equals:
            _take(path, header, key.lower(), value)
    else:
        raise _no_header(path)
    if header.in_degrees is None:
        raise unusable(
            path,
            "no line inDegrees",
            "inDegrees=yes or inDegrees=no above endheader",
            "add the line: angles are not guessed",
        )
    for text in lines:
        header.lines += 1
        if text.strip():
            header.labels = _cells(text)
            break
    _check_labels(path, header)
    return header


def _take(path: Path, header: _Header, key: str, value: str) -> None:
    if key == "indegrees":
        if value.lower() not in ("yes", "no"):
            raise unusable(path, f"inDegrees={value}", "yes or no", "correct that line")
        header.in_degrees = value.lower() == "yes"
    elif key in ("nrows", "ncolumns"):
        if not (value.isascii() and value.isdigit()):
            raise unusable(path, f"{key}={value}", "a whole number", "correct that line")
        if key == "nrows":
            header.rows = int(value)
        else:
            header.columns = int(value)
    elif key == "datatype" and value.lower() != "double":
        raise unusable(path, f"DataType={value}", "double, one number a cell", "export coordinates")


def _check_labels(path: Path, header: _Header) -> None:
    labels = header.labels
    if not labels or labels[0].lower() != "time":
        raise unusable(
            path,
            f"labels {_some(labels)}" if labels else "nothing below endheader",
            "time, then the coordinates",
            "export it again from OpenSim",
        )
    for i, label in enumerate(labels):
        if label in labels[:i]:
            raise InputError(
                f"{path.name}, column", value=f"{label} twice", allowed="once", remedy="remove one"
            )
    if header.columns is not None and header.columns != len(labels):
        raise unusable(
            path,
            f"{len(labels)} column labels where the header says nColumns={header.columns}",
            "as many as it says",
            "correct the header or export the file again",
        )


def _no_header(path: Path) -> InputError:
    return unusable(
        path, "no line endheader", "a motion file with OpenSim's header", "export it from OpenSim"
    )


def _cells(text: str) -> list[str]:
    """The cells of a line: between tabs, or between spaces where there is no tab; none if blank."""
    if "\t" not in text:
        return text.split()
    cells = [cell.strip() for cell in text.split("\t")]
    if not cells[-1]:
        cells.pop()
    return cells if any(cells) else []


def _bare(label: str) -> str | None:
    """The coordinate of a label, which may be a path such as /jointset/hip_r/hip_flexion_r/value.

    None: a path to something else (a speed, an activation).
    """
    if not label.startswith("/"):
        return label
    parts = label.split("/")
    return parts[-2] if parts[-1] == "value" and len(parts) > 2 else None


def _number(where: str, cell: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise InputError(
            where,
            value=cell or "an empty cell",
            allowed="a finite number",
            remedy="repair or leave out the row",
        )
    return value


def _some(names: list[str]) -> str:
    """The first dozen names."""
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return ", ".join(names[:12]) + more
