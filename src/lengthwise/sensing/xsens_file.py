"""One Xsens MTw text export: comment lines, a tab-separated header, one row per packet."""

import math
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import RejectionReason
from lengthwise.sensing import csv_rows
from lengthwise.sensing.csv_rows import Fault
from lengthwise.sensing.imu_csv import Quaternion, Vector, sample_fault

KIND = "Xsens file"
COUNTER_SPAN = 65536
"""The packet counter has 16 bits and starts again at 0."""

_COUNTER = "PacketCounter"
_ACC = ("Acc_X", "Acc_Y", "Acc_Z")
_GYR = ("Gyr_X", "Gyr_Y", "Gyr_Z")
_QUAT = ("Quat_q0", "Quat_q1", "Quat_q2", "Quat_q3")
_MAT = tuple(f"Mat[{row}][{column}]" for row in (1, 2, 3) for column in (1, 2, 3))
_ORTHONORMAL_SLACK = 0.02
_LONGEST_LINE = 1 << 16
_MOST_COMMENTS = 200


class Reading(Struct, frozen=True):
    """One packet. `counter` as in the file; `quat_wxyz` sensor to world, world z up."""

    counter: int
    acc_m_s2: Vector
    gyr_rad_s: Vector | None
    quat_wxyz: Quaternion | None


class Refused(Struct, frozen=True):
    """A row that is not used. `counter` None where it could not be read."""

    counter: int | None
    fault: Fault


class XsensFile:
    """The declared rate and the rows of one file, read line by line."""

    def __init__(self, path: Path) -> None:
        """Raises InputError with one line where this is no such export."""
        self.path = path
        self.sensor = path.stem.rpartition("_")[2]
        self._rows_at, columns, rate_hz = self._head()
        if rate_hz is None:
            raise self._unusable("no line // Update Rate")
        self.rate_hz = rate_hz
        at = {name: i for i, name in enumerate(columns)}
        missing = [name for name in (_COUNTER, *_ACC) if name not in at]
        if missing:
            raise self._unusable(f"no column {missing[0]}")
        self._width = len(columns)
        self._counter_at = at[_COUNTER]
        self._acc_at = [at[name] for name in _ACC]
        self._gyr_at = [at[name] for name in _GYR if name in at]
        self._mat_at = [at[name] for name in _MAT if name in at]
        self._quat_at = [at[name] for name in _QUAT if name in at]
        self.has_gyr = len(self._gyr_at) == 3
        self.has_quat = len(self._mat_at) == 9 or len(self._quat_at) == 4
        self.row_count = self._count_rows()
        if self.row_count == 0:
            raise self._unusable("no rows")

    def rows(self) -> Iterator[Reading | Refused]:
        with self.path.open("rb") as file:
            file.seek(self._rows_at)
            while raw := file.readline(_LONGEST_LINE):
                text = raw.decode("latin-1").rstrip("\r\n")
                if text.strip():
                    yield self._row(text.split("\t"), whole=raw.endswith(b"\n"))

    def _row(self, cells: list[str], *, whole: bool) -> Reading | Refused:
        counter: int | None = None
        with suppress(ValueError, IndexError):
            counter = int(cells[self._counter_at])
        if not whole:
            return Refused(counter, (RejectionReason.TRUNCATED, "the file ends in this row"))
        if len(cells) != self._width or counter is None or not 0 <= counter < COUNTER_SPAN:
            return Refused(None, (RejectionReason.UNDECODABLE, "cells or counter"))
        try:
            acc = _vector(cells, self._acc_at)
            gyr = _vector(cells, self._gyr_at) if self.has_gyr else None
            quat = self._orientation(cells)
        except ValueError as cause:
            return Refused(counter, (RejectionReason.UNDECODABLE, str(cause)))
        fault = sample_fault(acc, gyr, None, quat)
        return Reading(counter, acc, gyr, quat) if fault is None else Refused(counter, fault)

    def _orientation(self, cells: list[str]) -> Quaternion | None:
        """Sensor to world. Raises ValueError for what is no rotation."""
        if len(self._quat_at) == 4:
            w, x, y, z = (_number(cells[i]) for i in self._quat_at)
            return w, x, y, z
        if len(self._mat_at) != 9:
            return None
        # _MAT is in reading order of the matrix, whatever the order of the columns in the file.
        return quaternion([_number(cells[i]) for i in self._mat_at])

    def _head(self) -> tuple[int, list[str], float | None]:
        rate_hz: float | None = None
        try:
            with self.path.open("rb") as file:
                for _ in range(_MOST_COMMENTS):
                    raw = file.readline(_LONGEST_LINE)
                    if not raw:
                        raise self._unusable("no columns")
                    text = raw.decode("latin-1").strip()
                    if text.startswith("//"):
                        rate_hz = self._rate_hz(text) or rate_hz
                    elif text:
                        columns = [name.strip() for name in raw.decode("latin-1").split("\t")]
                        return file.tell(), columns, rate_hz
        except OSError as cause:
            raise self._unusable(cause.strerror or str(cause)) from cause
        raise self._unusable("no columns")

    def _rate_hz(self, comment: str) -> float | None:
        key, _, value = comment.lstrip("/ ").partition(":")
        if key.strip().lower() != "update rate":
            return None
        text = value.strip().lower().removesuffix("hz").strip()
        try:
            rate_hz = csv_rows.number(text)
        except ValueError:
            rate_hz = None
        if rate_hz is None or not 1 <= rate_hz <= 10000:
            raise self._unusable(f"Update Rate {value.strip()}")
        return rate_hz

    def _count_rows(self) -> int:
        with self.path.open("rb") as file:
            file.seek(self._rows_at)
            return sum(1 for line in file if line.strip())

    def _unusable(self, found: str) -> InputError:
        return InputError(
            f"{KIND} {self.path.name}",
            value=found,
            allowed="an Xsens MTw text export with PacketCounter, Acc_* and Mat[*][*] or Quat_q*",
            remedy="export it again with these columns",
        )


def _number(cell: str) -> float:
    value = csv_rows.number(cell)
    if value is None:
        raise ValueError("an empty cell")
    return value


def _vector(cells: list[str], at: list[int]) -> Vector:
    return _number(cells[at[0]]), _number(cells[at[1]]), _number(cells[at[2]])


def quaternion(matrix: list[float]) -> Quaternion:
    """The unit quaternion (w, x, y, z) of a rotation matrix given row by row.

    Shepperd 1978: the greatest of the four squares first, so that no division is by little.
    Raises ValueError where the matrix is no rotation; NaN stays NaN for the caller to reject.
    """
    if not all(math.isfinite(v) for v in matrix):
        return math.nan, 0.0, 0.0, 0.0
    (a, b, c), (d, e, f), (g, h, i) = matrix[:3], matrix[3:6], matrix[6:]
    # Rows of length one, and the third is the cross product of the others: a right-handed frame.
    apart = (
        abs(a * a + b * b + c * c - 1.0),
        abs(d * d + e * e + f * f - 1.0),
        abs(b * f - c * e - g),
        abs(c * d - a * f - h),
        abs(a * e - b * d - i),
    )
    if max(apart) > _ORTHONORMAL_SLACK:
        raise ValueError("the matrix is no rotation")
    squares = (1.0 + a + e + i, 1.0 + a - e - i, 1.0 - a + e - i, 1.0 - a - e + i)
    best = squares.index(max(squares))
    parts = (
        (squares[0], h - f, c - g, d - b),
        (h - f, squares[1], b + d, c + g),
        (c - g, b + d, squares[2], f + h),
        (d - b, c + g, f + h, squares[3]),
    )[best]
    length = math.hypot(*parts)
    w, x, y, z = (part / length for part in parts)
    return w, x, y, z
