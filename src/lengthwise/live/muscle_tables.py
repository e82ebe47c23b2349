"""Tables of muscle lengths: which columns, how they are computed, and how a file writes them.

Inside all lengths and moment arms are metres. A CSV has them in millimetres with the unit in the
name; an OpenSim .sto has them in metres under the bare name, because its columns carry no unit.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import chain, islice
from typing import TYPE_CHECKING, TextIO

import numpy as np

from lengthwise.contracts.coordinates import ANATOMICAL
from lengthwise.contracts.muscles import GROUP_SIDES
from lengthwise.live.pose_files import ANATOMICAL_PART, Pose

if TYPE_CHECKING:
    from lengthwise.body.anatomy import Anatomy
    from lengthwise.tissue.range import RangeBounds

_CHUNK = 512
GROUP_PREFIX = "group_"
"""Before the name of a group: `psoas_l` is a muscle of the anatomical model, its hip part, and
`group_psoas_l` the whole muscle."""


class Kind(Enum):
    """What a column holds: its ending in CSV, its ending in .sto, and what CSV multiplies by."""

    LENGTH = ("_length_mm", "", 1e3)
    LENGTH_SD = ("_length_sd_mm", "_length_sd", 1e3)
    RANGE_FRACTION = ("_range_fraction", "_range_fraction", 1.0)
    RANGE_FRACTION_SD = ("_range_fraction_sd", "_range_fraction_sd", 1.0)
    MOMENT_ARM = ("_mm", "", 1e3)


@dataclass(frozen=True)
class MuscleTable:
    """`columns`: name without ending, and kind; `rows` (k, 13) poses to (k, columns) in SI."""

    columns: tuple[tuple[str, Kind], ...]
    rows: Callable[[np.ndarray], np.ndarray]


def fascicle_table(anatomy: "Anatomy", *, moment_arms: bool) -> MuscleTable:
    """Every muscle of the model in its order, then the moment arms where a muscle spans."""
    names = anatomy.muscle_names
    columns = [(name, Kind.LENGTH) for name in names]
    if not moment_arms:
        return MuscleTable(tuple(columns), anatomy.lengths_batch_m)
    spans = anatomy.spans
    columns += _arm_columns(names, spans)

    def rows(poses_rad: np.ndarray) -> np.ndarray:
        found = []
        for pose in poses_rad:
            lengths_m, slopes_m = anatomy.lengths_and_moment_arms(pose)
            found.append(np.concatenate([lengths_m, -slopes_m[spans]]))
        return np.array(found)

    return MuscleTable(tuple(columns), rows)


def group_table(anatomy: "Anatomy", bounds: "RangeBounds", *, moment_arms: bool) -> MuscleTable:
    """Length and range fraction of the 16 groups a side, each with its sd in a posture known
    exactly, then the moment arms of the groups.

    A range fraction beyond 0..1 is written as its end, as in tissue.csv. Every name begins with
    `GROUP_PREFIX`.
    """
    from lengthwise.tissue.groups import GroupLengths
    from lengthwise.tissue.moments import model_variance_m2, within_model_rad
    from lengthwise.tissue.range_fraction import in_range

    groups = GroupLengths.over(anatomy)
    names = [f"{GROUP_PREFIX}{group.value}_{side.value}" for group, side in GROUP_SIDES]
    kinds = (Kind.LENGTH, Kind.RANGE_FRACTION, Kind.RANGE_FRACTION_SD, Kind.LENGTH_SD)
    columns = [(name, kind) for name in names for kind in kinds]
    spans = (groups.weights > 0) @ anatomy.spans
    if moment_arms:
        columns += _arm_columns(names, spans)

    def rows(poses_rad: np.ndarray) -> np.ndarray:
        arms_m = []
        if moment_arms:
            both = [groups.lengths_and_slopes(pose) for pose in poses_rad]
            lengths_m = np.array([lengths for lengths, _ in both])
            arms_m = [np.array([-slopes[spans] for _, slopes in both])]
        else:
            lengths_m = groups.lengths_batch_m(poses_rad)
        told = []
        for pose_rad, length_m in zip(poses_rad, lengths_m, strict=True):
            sd_m = np.sqrt(model_variance_m2(within_model_rad(pose_rad)))
            found = in_range(bounds, length_m, sd_m)
            told.append(np.stack([length_m, found.limited, found.sd, sd_m], axis=1).ravel())
        return np.concatenate([np.array(told), *arms_m], axis=1)

    return MuscleTable(tuple(columns), rows)


def _arm_columns(names: Iterable[str], spans: np.ndarray) -> list[tuple[str, Kind]]:
    found = list(names)
    return [
        (f"{found[m]}_moment_arm_{ANATOMICAL[c].value}", Kind.MOMENT_ARM)
        for m, c in np.argwhere(spans)
    ]


def write_csv(file: TextIO, table: MuscleTable, first: Pose, rest: Iterator[Pose]) -> int:
    """`pose_id`, then the columns; the number of rows."""
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["pose_id", *(name + kind.value[0] for name, kind in table.columns)])
    scale = np.array([kind.value[2] for _, kind in table.columns])
    count = 0
    for pose, row in _rows(table, first, rest):
        out.writerow([pose.name, *(f"{value:.4f}" for value in (scale * row).tolist())])
        count += 1
    return count


_ROOM_FOR_COUNT = 12
"""How many characters the header keeps free for the number of rows, known at the end only."""


def write_sto(file: TextIO, table: MuscleTable, first: Pose, rest: Iterator[Pose]) -> int:
    """OpenSim's Storage format in metres; `time` is that of a motion, else the row's number from 0.

    The file must be seekable and encoded in ASCII or UTF-8 with unchanged line ends.
    """
    labels = [name + kind.value[1] for name, kind in table.columns]
    before = "muscle_lengths\nversion=1\nnRows="
    file.write(before + " " * _ROOM_FOR_COUNT)
    file.write(f"\nnColumns={len(labels) + 1}\ninDegrees=no\nendheader\n")
    file.write("\t".join(["time", *labels]) + "\n")
    count = 0
    for pose, row in _rows(table, first, rest):
        time = str(count) if pose.t_s is None else repr(pose.t_s)
        file.write("\t".join([time, *(f"{value:.8f}" for value in row.tolist())]) + "\n")
        count += 1
    file.seek(len(before))
    file.write(f"{count:<{_ROOM_FOR_COUNT}}")
    return count


def _rows(
    table: MuscleTable, first: Pose, rest: Iterator[Pose]
) -> Iterator[tuple[Pose, np.ndarray]]:
    """Each pose with its row, computed a chunk at a time."""
    poses = chain([first], rest)
    while chunk := list(islice(poses, _CHUNK)):
        anatomical_rad = np.array([pose.mean_rad[ANATOMICAL_PART] for pose in chunk])
        yield from zip(chunk, table.rows(anatomical_rad), strict=True)
