"""Driver and writer for `imu.csv`: inertial samples of several worn sensors, one row each.

Header comments (all optional), each with the segment in its name: `forward_axis_<segment>` the
sensor axis that points to the person's front in upright standing (`+x`, `-z`, ...; for a thigh or
shank: the front of that limb), `up_axis_<segment>` the one that points upwards then (for a thigh or
shank: towards the hip), `rate_hz_<segment>` (else measured from the first rows),
`sensor_name_<segment>`; and `started_utc`, `simulated=yes`. Columns: `t_s`, `segment`,
`acc_x_m_s2`.., optionally `gyr_x_rad_s`.., `mag_x_ut`.., `quat_w`, `quat_x`, `quat_y`, `quat_z`
(sensor to world, world z up). Rows may be in order of time, or one segment after the other.
"""

import heapq
import math
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise
from pathlib import Path
from statistics import median

from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import (
    Axis,
    ImuSample,
    ImuStream,
    RecordingHeader,
    Rejection,
    RejectionReason,
    Segment,
)
from lengthwise.sensing import csv_rows
from lengthwise.sensing.csv_rows import Fault, Head
from lengthwise.sensing.driver import Manifest, OpenOptions

_KIND = "imu.csv"
ACC_COLUMNS = ("acc_x_m_s2", "acc_y_m_s2", "acc_z_m_s2")
GYR_COLUMNS = ("gyr_x_rad_s", "gyr_y_rad_s", "gyr_z_rad_s")
MAG_COLUMNS = ("mag_x_ut", "mag_y_ut", "mag_z_ut")
QUAT_COLUMNS = ("quat_w", "quat_x", "quat_y", "quat_z")
_UNKNOWN = "unknown"

HIGHEST_ACC_M_S2 = 400.0
"""Above the range of worn sensors (16 g is 157 m/s2, impact sensors reach 40 g)."""
HIGHEST_GYR_RAD_S = 100.0
"""Above the range of worn sensors (4000 degrees/s is 70 rad/s); degrees would exceed it."""
_QUAT_NORM_SLACK = 0.1
_CHUNK_BYTES = 1 << 20
_TOKEN_OVERLAP = 32
_RATE_ROWS = 2000
_RATE_SAMPLES = 200

Vector = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]


class ImuCsvDriver:
    """Reads `imu.csv`."""

    manifest = Manifest(name="imu_csv", reads="imu.csv (inertial sensors)", streams=("imu",))

    def accepts(self, path: Path) -> bool:
        if not path.is_file() or path.suffix.lower() not in (".csv", ".txt"):
            return False
        try:
            columns = csv_rows.read_head(path, kind=_KIND).columns
        except InputError:
            return path.name.lower().startswith("imu")
        known = (*ACC_COLUMNS, *GYR_COLUMNS, *MAG_COLUMNS)
        return any(c in columns for c in known) or path.name == _KIND

    def open(self, path: Path, options: OpenOptions) -> "ImuCsvRecording":
        return ImuCsvRecording(path)


DRIVER = ImuCsvDriver()


class ImuCsvRecording:
    """An open `imu.csv`, read line by line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._head = csv_rows.read_head(path, kind=_KIND)
        csv_rows.require_columns(self._head, ("t_s", "segment", *ACC_COLUMNS), path, kind=_KIND)
        at = self._head.index()
        self._t_at, self._segment_at = at["t_s"], at["segment"]
        self._acc_at = [at[name] for name in ACC_COLUMNS]
        self._gyr_at = self._group(GYR_COLUMNS)
        self._mag_at = self._group(MAG_COLUMNS)
        self._quat_at = self._group(QUAT_COLUMNS)
        # A first pass finds every segment, so that one that is put on late is not lost.
        self._first_at = _first_rows(path, self._head)
        if not self._first_at:
            raise csv_rows.unusable(path, _KIND, "no row of a known segment")
        self._blocks = self._in_blocks()
        self.header = RecordingHeader(
            name=path.name,
            driver=DRIVER.manifest.name,
            streams=self._streams(),
            duration_s=csv_rows.last_time_s(path, self._head),
            observation_count=csv_rows.count_lines(path, self._head),
            started_utc=self._head.declared.get("started_utc") or None,
            simulated=self._head.declared.get("simulated") == "yes",
        )

    def read(self) -> Iterator[ImuSample | Rejection]:
        if not self._blocks:
            rows = csv_rows.rows(self._path, self._head)
            return self._items(rows, {*Segment, None})
        # Rows without a known segment are reported by the reader that sees the whole file.
        first, *later = sorted(self._first_at, key=lambda segment: self._first_at[segment])
        readers = [self._items(csv_rows.rows(self._path, self._head), {first, None})]
        for segment in later:
            begin = self._first_at[segment]
            rows = csv_rows.rows(self._path, self._head, from_byte=begin)
            readers.append(self._items(rows, {segment}))
        return heapq.merge(*readers, key=lambda item: item.t_s)

    def close(self) -> None:
        """Nothing is held open between reads."""

    def _items(
        self, rows: Iterator[csv_rows.Row], wanted: set[Segment | None]
    ) -> Iterator[ImuSample | Rejection]:
        """Samples and rejections of the wanted segments; None: rows that name no known one."""
        last_s: dict[Segment, float] = {}
        for row in rows:
            segment = self._segment(row)
            if segment not in wanted:
                continue
            source = "imu" if segment is None else f"imu:{segment.value}"
            known_s = last_s.get(segment) if segment is not None else None
            t_s, fault = csv_rows.row_time(row, self._t_at, known_s)
            if fault is None and segment is None and row.cells is not None:
                found = row.cells[self._segment_at][:20]
                fault = (RejectionReason.UNDECODABLE, f"line {row.line}: segment {found}")
            if fault is not None or row.cells is None or segment is None:
                yield Rejection(t_s, source, *(fault or (RejectionReason.UNDECODABLE, "")))
                continue
            last_s[segment] = t_s
            sample = self._sample(t_s, segment, row.cells)
            if isinstance(sample, ImuSample):
                yield sample
            else:
                yield Rejection(t_s, source, sample[0], f"line {row.line}: {sample[1]}")

    def _segment(self, row: csv_rows.Row) -> Segment | None:
        if row.cells is None:
            return None
        return _SEGMENTS.get(row.cells[self._segment_at].strip())

    def _sample(self, t_s: float, segment: Segment, cells: list[str]) -> ImuSample | Fault:
        try:
            acc = _vector(cells, self._acc_at)
            gyr = _vector(cells, self._gyr_at)
            mag = _vector(cells, self._mag_at)
            quat = _quaternion(cells, self._quat_at)
        except ValueError as cause:
            return RejectionReason.UNDECODABLE, str(cause)
        if acc is None:
            return RejectionReason.UNDECODABLE, "no acceleration"
        fault = sample_fault(acc, gyr, mag, quat)
        return fault or ImuSample(t_s, segment, acc, gyr, mag, quat)

    def _group(self, names: tuple[str, ...]) -> list[int]:
        """Columns of an optional group: all of them or none. Raises InputError for some."""
        if not any(name in self._head.columns for name in names):
            return []
        csv_rows.require_columns(self._head, names, self._path, kind=_KIND)
        at = self._head.index()
        return [at[name] for name in names]

    def _in_blocks(self) -> bool:
        """Whether segments follow each other instead of alternating: time restarts with one."""
        first_s: list[float] = []
        for byte in sorted(self._first_at.values()):
            row = next(csv_rows.rows(self._path, self._head, from_byte=byte), None)
            if row is not None:
                t_s, fault = csv_rows.row_time(row, self._t_at, None)
                if fault is None:
                    first_s.append(t_s)
        before_s = [self._time_before(byte) for byte in sorted(self._first_at.values())[1:]]
        pairs = zip(first_s[1:], before_s, strict=False)
        return any(before is not None and first < before - 1.0 for first, before in pairs)

    def _time_before(self, byte: int) -> float | None:
        """The time of the row that ends at `byte`."""
        start = max(self._head.rows_at_byte, byte - 4096)
        with self._path.open("rb") as file:
            file.seek(start)
            lines = file.read(byte - start).rstrip(b"\r\n").split(b"\n")
        cells = lines[-1].decode("utf-8", errors="replace").strip().split(",")
        t_s, fault = csv_rows.row_time(csv_rows.Row(0, cells), self._t_at, None)
        return t_s if fault is None else None

    def _streams(self) -> tuple[ImuStream, ...]:
        declared, path = self._head.declared, self._path
        starts = {s: self._beginning(s) for s in Segment if s in self._first_at}
        rates = {}
        for segment, samples in starts.items():
            stated = csv_rows.declared_number(
                declared, f"rate_hz_{segment.value}", path, low=1, high=1e4
            )
            rates[segment] = stated or _rate_hz([s.t_s for s in samples])
        usual = median(known) if (known := [r for r in rates.values() if r]) else None
        if usual is None:
            raise csv_rows.unusable(path, _KIND, "too few usable rows to tell the sampling rate")
        return tuple(
            ImuStream(
                segment=segment,
                rate_hz=rates[segment] or usual,
                has_gyr=any(s.gyr_rad_s is not None for s in samples),
                has_quat=any(s.quat_wxyz is not None for s in samples),
                forward_axis=_declared_axis(declared, "forward", segment, path),
                sensor_name=declared.get(f"sensor_name_{segment.value}", ""),
                up_axis=_up_axis(declared, segment, path),
            )
            for segment, samples in starts.items()
        )

    def _beginning(self, segment: Segment) -> list[ImuSample]:
        """The first samples of a segment, from where it first appears."""
        found: list[ImuSample] = []
        rows = csv_rows.rows(self._path, self._head, from_byte=self._first_at[segment])
        for count, row in enumerate(rows):
            if count >= _RATE_ROWS or len(found) >= _RATE_SAMPLES:
                break
            if row.cells is None or self._segment(row) is not segment:
                continue
            t_s, fault = csv_rows.row_time(row, self._t_at, None)
            if fault is None:
                sample = self._sample(t_s, segment, row.cells)
                if isinstance(sample, ImuSample):
                    found.append(sample)
        return found


_SEGMENTS = {segment.value: segment for segment in Segment}


def sample_fault(
    acc: Vector, gyr: Vector | None, mag: Vector | None, quat: Quaternion | None
) -> Fault | None:
    """Why a reading cannot be what a worn sensor measured, or None."""
    for name, vector, limit in (
        ("acceleration", acc, HIGHEST_ACC_M_S2),
        ("angular rate", gyr, HIGHEST_GYR_RAD_S),
        ("magnetic field", mag, 1e5),
        ("orientation", quat, 2.0),
    ):
        if vector is None:
            continue
        if not all(math.isfinite(v) for v in vector):
            return RejectionReason.NON_FINITE, name
        if any(abs(v) > limit for v in vector):
            return RejectionReason.OUT_OF_RANGE, f"{name} above {limit:g}"
    if quat is not None and abs(math.hypot(*quat) - 1.0) > _QUAT_NORM_SLACK:
        return RejectionReason.OUT_OF_RANGE, "orientation is not a unit quaternion"
    return None


def write_imu_csv(
    path: Path,
    streams: Iterable[ImuStream],
    samples: Iterable[ImuSample],
    *,
    started_utc: str | None = None,
    with_mag: bool = False,
    simulated: bool = False,
) -> None:
    """Write samples so that reading gives exactly the same numbers. Raises StorageError."""
    listed = list(streams)
    declared: list[tuple[str, str]] = []
    for stream in listed:
        name = stream.segment.value
        axis = _UNKNOWN if stream.forward_axis is None else stream.forward_axis.value
        declared.append((f"forward_axis_{name}", axis))
        if stream.up_axis is not None:
            declared.append((f"up_axis_{name}", stream.up_axis.value))
        declared.append((f"rate_hz_{name}", repr(stream.rate_hz)))
        if stream.sensor_name:
            declared.append((f"sensor_name_{name}", stream.sensor_name))
    if started_utc:
        declared.append(("started_utc", started_utc))
    if simulated:
        declared.append(("simulated", "yes"))
    with_quat = any(stream.has_quat for stream in listed)
    columns = [
        *("t_s", "segment"),
        *(ACC_COLUMNS + GYR_COLUMNS),
        *(MAG_COLUMNS if with_mag else ()),
        *(QUAT_COLUMNS if with_quat else ()),
    ]
    lines = (_cells(sample, with_mag=with_mag, with_quat=with_quat) for sample in samples)
    csv_rows.write_rows(path, declared, chain([columns], lines))


def _cells(sample: ImuSample, *, with_mag: bool, with_quat: bool) -> list[str]:
    values = [*sample.acc_m_s2, *(sample.gyr_rad_s or (None,) * 3)]
    if with_mag:
        values += sample.mag_ut or (None,) * 3
    if with_quat:
        values += sample.quat_wxyz or (None,) * 4
    return [csv_rows.cell(sample.t_s), sample.segment.value, *map(csv_rows.cell, values)]


def _numbers(cells: list[str], at: list[int]) -> list[float] | None:
    """The numbers of a group; None where the group is absent or all its cells are empty."""
    found = [csv_rows.number(cells[i]) for i in at]
    stated = [value for value in found if value is not None]
    if not stated:
        return None
    if len(stated) != len(found):
        raise ValueError("a group of columns is half empty")
    return stated


def _vector(cells: list[str], at: list[int]) -> Vector | None:
    found = _numbers(cells, at)
    return None if found is None else (found[0], found[1], found[2])


def _quaternion(cells: list[str], at: list[int]) -> Quaternion | None:
    found = _numbers(cells, at)
    return None if found is None else (found[0], found[1], found[2], found[3])


def _rate_hz(times_s: list[float]) -> float | None:
    """Samples per second from the median distance of successive times."""
    steps = [b - a for a, b in pairwise(times_s) if b > a]
    if not steps:
        return None
    rate_hz = 1.0 / median(steps)
    return round(rate_hz, 6) if 1e-3 < rate_hz < 1e5 else None


def _declared_axis(declared: dict[str, str], way: str, segment: Segment, path: Path) -> Axis | None:
    choices = (*(axis.value for axis in Axis), _UNKNOWN)
    key = f"{way}_axis_{segment.value}"
    text = csv_rows.declared_choice(declared, key, path, choices=choices, default=_UNKNOWN)
    return None if text == _UNKNOWN else Axis(text)


def _up_axis(declared: dict[str, str], segment: Segment, path: Path) -> Axis | None:
    """Raises InputError where it is stated along the forward axis."""
    up = _declared_axis(declared, "up", segment, path)
    front = _declared_axis(declared, "forward", segment, path)
    if up is not None and front is not None and up.value[1] == front.value[1]:
        raise InputError(
            f"up_axis_{segment.value} in {path.name}",
            value=up.value,
            allowed=f"an axis across forward_axis_{segment.value}={front.value}",
            remedy="state the axis that points upwards in upright standing",
        )
    return up


def _first_rows(path: Path, head: Head) -> dict[Segment, int]:
    """Where the first row of each segment begins (byte), in the order of the segments.

    Looks for the name as a cell in the raw bytes: this is as fast as reading the file.
    """
    found: dict[Segment, int] = {}
    with path.open("rb") as file:
        file.seek(head.rows_at_byte - 1)
        offset, carried = head.rows_at_byte - 1, b""
        while chunk := file.read(_CHUNK_BYTES):
            block = carried + chunk
            for segment in Segment:
                if segment in found:
                    continue
                at = _cell_at(block, segment.value.encode())
                if at is not None:
                    found[segment] = _line_start(path, head, offset - len(carried) + at)
            if len(found) == len(Segment):
                break
            carried = block[-_TOKEN_OVERLAP:]
            offset += len(chunk)
    return {segment: found[segment] for segment in Segment if segment in found}


def _cell_at(block: bytes, name: bytes) -> int | None:
    """Where `name` first stands as a whole cell in some complete lines, or None."""
    start = 0
    while (at := block.find(name, start)) >= 0:
        before, after = block[at - 1 : at], block[at + len(name) : at + len(name) + 1]
        if at > 0 and before in b',\n" \t' and after in b',\r\n" \t':
            return at
        start = at + 1
    return None


def _line_start(path: Path, head: Head, byte: int) -> int:
    """The beginning of the line that holds this byte."""
    start = max(head.rows_at_byte, byte - 65536)
    with path.open("rb") as file:
        file.seek(start)
        before = file.read(byte - start)
    return start + before.rfind(b"\n") + 1
