"""Use case: poses.csv in, lengths.csv out.

In: `pose_id`, then any of the anatomical coordinates as `<coordinate>_deg`; a column that is not
there is 0 for every pose. `pelvis_tilt_deg`, `pelvis_obliquity_deg` and `pelvis_rotation_deg` are
accepted and change no length: muscles span joints, and the attitude of the pelvis is not one.

Out: `pose_id`, `<muscle>_length_mm` for every muscle, in the order of the model; with moment arms
also `<muscle>_moment_arm_<coordinate>_mm` for every coordinate the muscle spans: minus the change
of length per radian, so that + means that pull turns the joint in the coordinate's + direction.

The output appears whole or not at all.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from lengthwise.contracts.coordinates import ANATOMICAL, Coordinate
from lengthwise.contracts.errors import InputError, StorageError
from lengthwise.reference.pose_range import pose_ranges

if TYPE_CHECKING:
    from lengthwise.body.anatomy import Anatomy

_ID = "pose_id"
_UNIT = "_deg"
_CHUNK = 512
_PELVIS = (Coordinate.PELVIS_TILT, Coordinate.PELVIS_OBLIQUITY, Coordinate.PELVIS_ROTATION)
_KNOWN = {f"{c.value}{_UNIT}": c for c in (*_PELVIS, *ANATOMICAL)}
_PLACE = {c: i for i, c in enumerate(ANATOMICAL)}

Pose = tuple[str, np.ndarray]


class RowWriter(Protocol):
    def writerow(self, row: Iterable[object], /) -> object: ...


def muscles(
    input_csv: Path, output_csv: Path, *, moment_arms: bool = False, height_m: float | None = None
) -> int:
    """Write the lengths of every pose; the number of poses.

    Raises InputError with one line for what cannot be used, StorageError where the output cannot
    be written.
    """
    if output_csv.exists() and input_csv.exists() and output_csv.samefile(input_csv):
        raise InputError(
            "--out", value=output_csv, allowed="another file than the input", remedy="rename it"
        )
    if output_csv.exists() and not output_csv.is_file():
        raise InputError(
            "--out", value=output_csv, allowed="a new or an ordinary file", remedy="name another"
        )
    rows = read_poses(input_csv)
    first = next(rows)
    from lengthwise.body.anatomy import Anatomy, BodyMeasures

    anatomy = Anatomy.build(BodyMeasures(height_m=height_m))
    with _whole(output_csv) as part, part.open("w", encoding="utf-8", newline="") as file:
        return _write(csv.writer(file, lineterminator="\n"), anatomy, first, rows, moment_arms)


def muscle_paths(output: Path, *, height_m: float | None = None) -> int:
    """Write what lengths are computed from (`body.muscle_binary`); the number of muscles.

    Raises InputError for an implausible height, StorageError where it cannot be written.
    """
    from lengthwise.body.anatomy import Anatomy, BodyMeasures
    from lengthwise.body.muscle_binary import packed

    paths = Anatomy.build(BodyMeasures(height_m=height_m)).paths
    with _whole(output) as part:
        part.write_bytes(packed(paths))
    return len(paths.names)


@contextmanager
def _whole(output: Path) -> Iterator[Path]:
    """A file beside `output` that takes its place once it is whole."""
    part = output.with_name(output.name + ".part")
    try:
        yield part
        part.replace(output)
    except OSError as cause:
        raise StorageError(
            f"writing {output}",
            cause=cause.strerror or str(cause),
            remedy="choose an existing folder with free space",
        ) from cause
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def read_poses(path: Path) -> Iterator[Pose]:
    """Identifiers and (13,) anatomical coordinates in radians, one row at a time, never none.

    Raises InputError at the first thing that cannot be used.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _poses(path, csv.reader(file, strict=True))
    except FileNotFoundError as cause:
        raise _unusable(path, "no such file", "an existing poses.csv", "check the path") from cause
    except OSError as cause:
        found = cause.strerror or str(cause)
        raise _unusable(path, found, "a readable file", "check the path") from cause
    except (UnicodeDecodeError, csv.Error) as cause:
        raise _unusable(
            path, cause, "comma-separated text in UTF-8", "export it as CSV again"
        ) from cause


def _poses(path: Path, rows: Iterator[list[str]]) -> Iterator[Pose]:
    header = next(rows, None)
    if not header:
        raise _unusable(path, "an empty file", f"a header with {_ID}", "add header and poses")
    columns = _columns(path, [name.strip() for name in header])
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
        name, pose = _pose(where, columns, row)
        if name in seen:
            raise InputError(
                f"{where}, {_ID}", value=name, allowed="each once", remedy="rename one"
            )
        seen.add(name)
        yield name, pose
    if not seen:
        raise _unusable(path, "no pose", "at least one row", "add poses below the header")


def _columns(path: Path, header: Sequence[str]) -> list[Coordinate | None]:
    """What each column holds: a coordinate, or None for the identifier."""
    if _ID not in header:
        raise _unusable(path, f"no column {_ID}", f"a header with {_ID}", "name the poses")
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


def _pose(
    where: str, columns: Sequence[Coordinate | None], row: Sequence[str]
) -> tuple[str, np.ndarray]:
    name, pose_deg = "", np.zeros(len(ANATOMICAL))
    for coordinate, cell in zip(columns, row, strict=True):
        if coordinate is None:
            name = cell.strip()
            continue
        angle_deg = _angle_deg(f"{where}, {coordinate.value}{_UNIT}", coordinate, cell)
        if coordinate in _PLACE:
            pose_deg[_PLACE[coordinate]] = angle_deg
    if not name:
        raise InputError(
            f"{where}, {_ID}", value="nothing", allowed="a name", remedy="name the pose"
        )
    return name, np.radians(pose_deg)


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


def _write(
    out: RowWriter, anatomy: "Anatomy", first: Pose, rest: Iterator[Pose], moment_arms: bool
) -> int:
    header = [_ID, *(f"{muscle}_length_mm" for muscle in anatomy.muscle_names)]
    spans = anatomy.spans
    if moment_arms:
        header += [
            f"{anatomy.muscle_names[m]}_moment_arm_{ANATOMICAL[c].value}_mm"
            for m, c in np.argwhere(spans)
        ]
    out.writerow(header)
    count = 0
    chunk = [first, *islice(rest, _CHUNK - 1)]
    while chunk:
        numbers_m = _numbers_m(anatomy, np.array([pose for _, pose in chunk]), moment_arms, spans)
        for (name, _), row_m in zip(chunk, numbers_m, strict=True):
            out.writerow([name, *(f"{1e3 * value:.4f}" for value in row_m)])
        count += len(chunk)
        chunk = list(islice(rest, _CHUNK))
    return count


def _numbers_m(
    anatomy: "Anatomy", poses_rad: np.ndarray, moment_arms: bool, spans: np.ndarray
) -> np.ndarray:
    """(k, columns) lengths, then moment arms of the spanned coordinates."""
    if not moment_arms:
        return anatomy.lengths_batch_m(poses_rad)
    rows = []
    for pose in poses_rad:
        lengths_m, slopes_m = anatomy.lengths_and_moment_arms(pose)
        rows.append(np.concatenate([lengths_m, -slopes_m[spans]]))
    return np.array(rows)


def _unusable(path: Path, found: object, allowed: str, remedy: str) -> InputError:
    return InputError(f"poses file {path}", value=found, allowed=allowed, remedy=remedy)
