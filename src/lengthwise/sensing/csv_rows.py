"""Reads our CSV files line by line: header comments, one row of names, rows of cells.

Memory stays bounded for any length; a file that ends in the middle of a row is noticed.
"""

import csv
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from msgspec import Struct

from lengthwise.contracts.errors import InputError, StorageError
from lengthwise.contracts.observation import RejectionReason

_LONGEST_LINE = 1 << 20
_MOST_COMMENTS = 1000
_CHUNK_BYTES = 1 << 20
LATEST_S = 1e6
"""Times are seconds from session start; past this (11 days) they are some other clock."""

Fault = tuple[RejectionReason, str]
"""Why something cannot be used, and the detail."""


class Row(Struct, frozen=True):
    """One line of data. `cells` None where the line cannot be split as the header says.

    `cut_off`: the file ends inside this line (no line end), so that its last number may be short.
    """

    line: int
    cells: list[str] | None
    cut_off: bool = False


class Head(Struct, frozen=True):
    """The beginning of a file: declared values, column names, and where the rows begin."""

    declared: dict[str, str]
    columns: tuple[str, ...]
    rows_at_byte: int
    lines: int

    def index(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.columns)}


def read_head(path: Path, *, kind: str) -> Head:
    """Comments and column names. Raises InputError with one line where there are none."""
    declared: dict[str, str] = {}
    try:
        with path.open("rb") as file:
            for number in range(1, _MOST_COMMENTS + 1):
                raw = file.readline(_LONGEST_LINE)
                if not raw:
                    raise unusable(path, kind, "an empty file" if number == 1 else "no columns")
                text = _text(raw, path, kind).lstrip("\ufeff").strip()
                if text.startswith("#"):
                    key, sign, value = text.lstrip("#").partition("=")
                    if sign:
                        declared[key.strip()] = value.strip()
                elif text:
                    columns = tuple(name.strip() for name in _split(text))
                    _check_columns(columns, path, kind)
                    return Head(declared, columns, file.tell(), number)
    except OSError as cause:
        raise unusable(path, kind, cause.strerror or cause) from cause
    raise unusable(path, kind, f"{_MOST_COMMENTS} lines without columns")


def require_columns(head: Head, names: Iterable[str], path: Path, *, kind: str) -> None:
    """Raises InputError naming the first missing columns."""
    missing = [name for name in names if name not in head.columns]
    if missing:
        shown = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if missing[3:] else "")
        raise InputError(
            path.name,
            value=f"no column {shown}",
            allowed=f"the columns of {kind} as documented, with units in their names",
            remedy="rename or add the columns",
        )


def rows(path: Path, head: Head, *, from_byte: int | None = None) -> Iterator[Row]:
    """All rows, or those that begin after `from_byte`. Empty lines are passed over."""
    width = len(head.columns)
    with path.open("rb") as file:
        number = head.lines
        file.seek(head.rows_at_byte if from_byte is None else from_byte)
        while raw := file.readline(_LONGEST_LINE):
            number += 1
            whole = raw.endswith(b"\n")
            if not whole and len(raw) == _LONGEST_LINE:
                while (rest := file.readline(_LONGEST_LINE)) and not rest.endswith(b"\n"):
                    pass
                yield Row(number, None)
                continue
            text = raw.decode("utf-8", errors="replace").strip()
            if not text or text.startswith("#"):
                continue
            cells = _split(text)
            fits = len(cells) == width
            yield Row(number, cells if fits else None, cut_off=not whole)


def number(cell: str) -> float | None:
    """The number in a cell, None where it is empty. Raises ValueError for anything else.

    NaN and infinities come back as they are: whoever reads them rejects them by name.
    """
    text = cell.strip()
    if not text:
        return None
    if "_" in text:
        raise ValueError(f"not a number: {text[:20]}")
    return float(text)


def numbers(cells: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """The numbers in cells, and which cells are empty (their number is NaN and means nothing).

    Raises ValueError for anything that is not a number.
    """
    if not any("_" in c for c in cells):
        try:
            return np.array([float(c) for c in cells]), np.zeros(len(cells), dtype=bool)
        except ValueError:
            pass
    found = [number(c) for c in cells]
    empty = np.array([value is None for value in found], dtype=bool)
    return np.array([math.nan if value is None else value for value in found]), empty


def row_time(row: Row, column: int, last_s: float | None) -> tuple[float, Fault | None]:
    """The time of a row, and why the row cannot be used (None where it can).

    `last_s`: time of the last row of the same stream that was used. Where the time itself cannot
    be read, the last one stands in.
    """
    before_s = last_s or 0.0
    if row.cells is None:
        if row.cut_off:
            return before_s, (RejectionReason.TRUNCATED, f"line {row.line}: the file ends in it")
        return before_s, (RejectionReason.UNDECODABLE, f"line {row.line}: number of cells")
    try:
        t_s = number(row.cells[column])
    except ValueError as cause:
        return before_s, (RejectionReason.UNDECODABLE, f"line {row.line}: t_s {cause}")
    if row.cut_off:
        return before_s, (RejectionReason.TRUNCATED, f"line {row.line}: no line end")
    if t_s is None:
        return before_s, (RejectionReason.UNDECODABLE, f"line {row.line}: no time")
    if not math.isfinite(t_s):
        return before_s, (RejectionReason.NON_FINITE, f"line {row.line}: time")
    if not 0 <= t_s <= LATEST_S:
        return before_s, (RejectionReason.OUT_OF_RANGE, f"line {row.line}: time {t_s:g} s")
    if last_s is not None and t_s < last_s:
        return t_s, (RejectionReason.TIME_BACKWARDS, f"line {row.line}: after {last_s:g} s")
    if t_s == last_s:
        return t_s, (RejectionReason.DUPLICATE_TIME, f"line {row.line}: {t_s:g} s")
    return t_s, None


def declared_number(
    declared: Mapping[str, str], key: str, path: Path, *, low: float, high: float
) -> float | None:
    """A number from the header comments, None where it is not stated."""
    text = declared.get(key, "")
    if not text or text == "unknown":
        return None
    try:
        value = number(text)
    except ValueError:
        value = None
    if value is None or not low <= value <= high:
        raise InputError(
            f"# {key} in {path.name}",
            value=text,
            allowed=f"a number from {low:g} to {high:g}",
            remedy="correct the header line, or leave it out where not known",
        )
    return value


def declared_choice(
    declared: Mapping[str, str], key: str, path: Path, *, choices: Sequence[str], default: str
) -> str:
    """One of the allowed words from the header comments."""
    text = declared.get(key, "") or default
    if text not in choices:
        raise InputError(
            f"# {key} in {path.name}",
            value=text,
            allowed=", ".join(choices),
            remedy="correct the header line, or leave it out where not known",
        )
    return text


def count_lines(path: Path, head: Head) -> int:
    """Number of line ends after the header."""
    with path.open("rb") as file:
        file.seek(head.rows_at_byte)
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(_CHUNK_BYTES), b""))


def last_time_s(path: Path, head: Head) -> float | None:
    """The time in the last whole row, None where it cannot be read; looks at the end only."""
    column = head.index()["t_s"]
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(head.rows_at_byte, size - 4 * 65536))
        tail = file.read().split(b"\n")
    for raw in reversed(tail[1 if size > 4 * 65536 else 0 : -1]):
        cells = raw.decode("utf-8", errors="replace").strip().split(",")
        if len(cells) != len(head.columns):
            continue
        try:
            t_s = number(cells[column])
        except ValueError:
            continue
        if t_s is not None and math.isfinite(t_s):
            return t_s
    return None


def write_rows(
    path: Path, declared: Iterable[tuple[str, str]], lines: Iterable[Iterable[str]]
) -> None:
    """Write header comments and rows of cells. Raises StorageError."""
    try:
        with path.open("w", encoding="utf-8", newline="\n") as file:
            for key, value in declared:
                file.write(f"# {key}={value}\n")
            for cells in lines:
                file.write(",".join(cells) + "\n")
    except OSError as cause:
        raise StorageError(
            f"writing {path}",
            cause=cause.strerror or str(cause),
            remedy="free some space or choose another folder",
        ) from cause


def cell(value: float | None) -> str:
    """A number so that reading it gives exactly the same number; empty for None."""
    return "" if value is None else repr(float(value))


def unusable(path: Path, kind: str, found: object) -> InputError:
    return InputError(
        path.name,
        value=found,
        allowed=f"{kind}: header comments, one row of column names, rows of numbers",
        remedy="check that the file is whole",
    )


def _check_columns(columns: tuple[str, ...], path: Path, kind: str) -> None:
    repeated = sorted({name for name in columns if columns.count(name) > 1})
    if repeated:
        raise unusable(path, kind, f"column {repeated[0] or '(no name)'} more than once")


def _text(raw: bytes, path: Path, kind: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as cause:
        raise unusable(path, kind, "content that is not text") from cause


def _split(text: str) -> list[str]:
    if '"' not in text:
        return text.split(",")
    try:
        return next(csv.reader([text]), [])
    except csv.Error:
        return []
