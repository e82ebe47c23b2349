"""Driver for a folder of Xsens MTw text exports as OpenSense uses them.

Files `MT_<session>_<sensor>.txt`: comment lines `// ...`, tab-separated columns, rows joined by
`PacketCounter`; time is the counter over the update rate. `sensor_map.csv` beside them says where
each sensor is worn: `sensor,segment` and optionally `forward_axis` and `up_axis`; segments by
OpenSim body name (torso, pelvis, femur_r, tibia_l, ...) or ours (thorax, t12, thigh_r, ...).
Orientation is sensor to world with z up, from `Mat[row][col]` or `Quat_q0..3`. Exports without
`Gyr_*` have no angular rate.

Front of each sensor, where the map does not state it: OpenSense's own set-up of this layout
(`myIMUPlacer_Setup.xml`, opensim-core) takes +z of the pelvis sensor as the person's heading, and
its first frame as upright standing. All sensors share one world, so the front of the others
follows from that: the sensor axis nearest to the heading during the first second, if the person
stands still and the axis lies within 30 deg of it. Every such assumption is told in the notes.
"""

import csv
import heapq
import math
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from msgspec import Struct
from scipy.spatial.transform import Rotation

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
from lengthwise.sensing.driver import Manifest, OpenOptions
from lengthwise.sensing.xsens_file import COUNTER_SPAN, Reading, Refused, XsensFile

MAP_NAME = "sensor_map.csv"
SEGMENTS: dict[str, Segment] = {
    "torso": Segment.THORAX,
    "femur_r": Segment.THIGH_R,
    "femur_l": Segment.THIGH_L,
    "tibia_r": Segment.SHANK_R,
    "tibia_l": Segment.SHANK_L,
    **{segment.value: segment for segment in Segment},
}
_NOT_ESTIMATED = frozenset(
    {"head"}
    | {
        f"{body}_{side}"
        for body in ("calcn", "toes", "talus", "humerus", "ulna", "radius", "hand")
        for side in ("r", "l")
    }
)
"""OpenSim bodies that this product does not estimate."""

_AXES = (Axis.X, Axis.Y, Axis.Z)
_OPPOSITE = {Axis.X: Axis.MINUS_X, Axis.Y: Axis.MINUS_Y, Axis.Z: Axis.MINUS_Z}
_PELVIS_FRONT = Axis.Z
_STANDING_S = 1.0
_STILL_RAD = math.radians(3)
_NEAREST_AXIS_RAD = math.radians(30)


class Worn(Struct, frozen=True):
    """A sensor as the map says it is worn; `segment` None: on a part that is not estimated."""

    sensor: str
    body: str
    segment: Segment | None
    forward_axis: Axis | None
    up_axis: Axis | None = None


class XsensFolderDriver:
    """Reads Xsens text exports with a sensor map."""

    manifest = Manifest(
        name="xsens_folder",
        reads=f"a folder of Xsens MT_*.txt files with {MAP_NAME}",
        streams=("imu",),
    )

    def accepts(self, path: Path) -> bool:
        return path.is_dir() and any(path.glob("MT_*.txt"))

    def open(self, path: Path, options: OpenOptions) -> "XsensFolderRecording":
        return XsensFolderRecording(path)


DRIVER = XsensFolderDriver()


class XsensFolderRecording:
    """The files of one recording, read side by side."""

    def __init__(self, path: Path) -> None:
        paths = _files_by_sensor(path)
        worn = read_sensor_map(path, sorted(paths))
        notes = _notes_on_map(worn, paths)
        used = [w for w in worn if w.segment is not None and w.sensor in paths]
        if not used:
            raise _map_error(path, "no sensor on a known segment that has a file", sorted(paths))
        self._files = {w.segment: XsensFile(paths[w.sensor]) for w in used if w.segment}
        rates = sorted({file.rate_hz for file in self._files.values()})
        if len(rates) > 1:
            raise InputError(
                f"Xsens folder {path.name}",
                value=f"update rates {rates[0]:g} and {rates[-1]:g} Hz",
                allowed="files of one recording with one rate",
                remedy="keep only the files of one recording in the folder",
            )
        self._rate_hz = rates[0]
        stated = {w.segment: w.forward_axis for w in used if w.segment and w.forward_axis}
        ups = {w.segment: w.up_axis for w in used}
        fronts, taken = forward_axes(self._standing(), stated)
        self.header = RecordingHeader(
            name=path.name,
            driver=DRIVER.manifest.name,
            streams=tuple(
                ImuStream(
                    segment=segment,
                    rate_hz=self._rate_hz,
                    has_gyr=file.has_gyr,
                    has_quat=file.has_quat,
                    forward_axis=fronts.get(segment),
                    sensor_name=file.sensor,
                    up_axis=ups.get(segment),
                )
                for segment, file in self._files.items()
            ),
            duration_s=max(f.row_count for f in self._files.values()) / self._rate_hz,
            observation_count=sum(f.row_count for f in self._files.values()),
            notes=(*notes, *taken),
        )

    def read(self) -> Iterator[ImuSample | Rejection]:
        """All sensors, joined by packet: at the same packet in the order of the header."""
        firsts = {
            segment: next((r.counter for r in file.rows() if isinstance(r, Reading)), None)
            for segment, file in self._files.items()
        }
        known = [counter for counter in firsts.values() if counter is not None]
        start = _earliest(known)
        return heapq.merge(
            *(
                self._items(segment, _since(first, start))
                for segment, first in firsts.items()
                if first is not None
            ),
            key=lambda item: item.t_s,
        )

    def close(self) -> None:
        """Nothing is held open between reads."""

    def _items(self, segment: Segment, first_packet: int) -> Iterator[ImuSample | Rejection]:
        """Samples of one sensor; `first_packet` counts from the earliest packet of all files."""
        source = f"imu:{segment.value}"
        packet, last = first_packet, None
        for row in self._files[segment].rows():
            if isinstance(row, Refused):
                yield Rejection(packet / self._rate_hz, source, *row.fault)
                continue
            if last is not None:
                step = (row.counter - last) % COUNTER_SPAN
                if step == 0 or step >= COUNTER_SPAN // 2:
                    reason = (
                        RejectionReason.DUPLICATE_TIME
                        if step == 0
                        else RejectionReason.TIME_BACKWARDS
                    )
                    yield Rejection(packet / self._rate_hz, source, reason, f"packet {row.counter}")
                    continue
                packet += step
            last = row.counter
            yield ImuSample(
                t_s=packet / self._rate_hz,
                segment=segment,
                acc_m_s2=row.acc_m_s2,
                gyr_rad_s=row.gyr_rad_s,
                quat_wxyz=row.quat_wxyz,
            )

    def _standing(self) -> dict[Segment, np.ndarray]:
        """Orientations (N, 3, 3), sensor to world, of the first second of each sensor."""
        count = max(2, round(_STANDING_S * self._rate_hz))
        found = {}
        for segment, file in self._files.items():
            rows = islice(file.rows(), count)
            quats = [r.quat_wxyz for r in rows if isinstance(r, Reading) and r.quat_wxyz]
            if quats:
                found[segment] = Rotation.from_quat(quats, scalar_first=True).as_matrix()
        return found


def forward_axes(
    standing: dict[Segment, np.ndarray], stated: dict[Segment, Axis]
) -> tuple[dict[Segment, Axis], tuple[str, ...]]:
    """The front of each sensor, and notes on what was taken for granted.

    `standing`: orientations (N, 3, 3), sensor to world with z up, while the person stands upright.
    """
    if Segment.PELVIS not in standing:
        return dict(stated), ()
    pelvis = stated.get(Segment.PELVIS, _PELVIS_FRONT)
    heading = standing[Segment.PELVIS].mean(axis=0) @ _vector(pelvis)
    heading[2] = 0.0
    length = float(np.linalg.norm(heading))
    missing = [segment for segment in standing if segment not in stated]
    if not missing or length < math.sin(_NEAREST_AXIS_RAD):
        return dict(stated), ()
    fronts, unclear = dict(stated), list[str]()
    for segment in missing:
        axis = _nearest_axis(standing[segment], heading / length)
        if axis is None:
            unclear.append(segment.value)
        else:
            fronts[segment] = axis
    notes = [
        f"front of the sensors: {pelvis.value} of the pelvis sensor, the others from standing "
        "upright in the first second (OpenSense convention)"
    ]
    if unclear:
        notes.append(f"front not known: {', '.join(unclear)}; state forward_axis in {MAP_NAME}")
    return fronts, tuple(notes)


def _nearest_axis(rotations: np.ndarray, heading: np.ndarray) -> Axis | None:
    """The sensor axis along `heading` (3,) in world, None in motion or where none is near."""
    turned = rotations @ rotations[0].T
    angles = np.arccos(np.clip((np.trace(turned, axis1=1, axis2=2) - 1) / 2, -1, 1))
    if angles.max() > _STILL_RAD:
        return None
    along = rotations.mean(axis=0).T @ heading
    best = int(np.argmax(np.abs(along)))
    if abs(along[best]) < math.cos(_NEAREST_AXIS_RAD):
        return None
    return _AXES[best] if along[best] > 0 else _OPPOSITE[_AXES[best]]


def _vector(axis: Axis) -> np.ndarray:
    sign = -1.0 if axis.value[0] == "-" else 1.0
    unit = np.zeros(3)
    unit["xyz".index(axis.value[1])] = sign
    return unit


def read_sensor_map(folder: Path, sensors: list[str]) -> list[Worn]:
    """Which sensor is worn where. Raises InputError that says how to write the map."""
    path = folder / MAP_NAME
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(islice(csv.DictReader(file), 200))
    except FileNotFoundError as cause:
        raise _map_error(folder, f"no {MAP_NAME}", sensors) from cause
    except (OSError, UnicodeDecodeError, csv.Error) as cause:
        raise _map_error(folder, f"a {MAP_NAME} that cannot be read", sensors) from cause
    worn = [_worn(row, folder, sensors) for row in rows]
    used = [w.segment for w in worn if w.segment is not None]
    repeated = {s.value for s in used if used.count(s) > 1}
    if repeated:
        raise _map_error(folder, f"two sensors on {sorted(repeated)[0]}", sensors)
    return worn


def _worn(row: dict[str | None, object], folder: Path, sensors: list[str]) -> Worn:
    sensor, body = str(row.get("sensor") or "").strip(), str(row.get("segment") or "").strip()
    front, up = (str(row.get(f"{way}_axis") or "").strip() for way in ("forward", "up"))
    if not sensor or (body not in SEGMENTS and body not in _NOT_ESTIMATED):
        raise _map_error(folder, f"sensor {sensor or '(none)'} on {body or '(none)'}", sensors)
    for way, axis in (("forward", front), ("up", up)):
        if axis and axis not in [known.value for known in Axis]:
            raise _map_error(folder, f"{way}_axis {axis}", sensors)
    if front and up and front[1] == up[1]:
        raise _map_error(folder, f"up_axis {up} along forward_axis {front}", sensors)
    stated = (Axis(axis) if axis else None for axis in (front, up))
    return Worn(sensor, body, SEGMENTS.get(body), *stated)


def _notes_on_map(worn: list[Worn], paths: dict[str, Path]) -> tuple[str, ...]:
    listed = {w.sensor for w in worn}
    left_out = [w.body for w in worn if w.segment is None and w.sensor in paths]
    without_file = [w.sensor for w in worn if w.sensor not in paths]
    unlisted = sorted(set(paths) - listed)
    facts = (
        ("not used, as these parts are not estimated", left_out),
        (f"listed in {MAP_NAME} without a file", without_file),
        (f"files of sensors that {MAP_NAME} does not list", unlisted),
    )
    return tuple(f"{words}: {', '.join(names)}" for words, names in facts if names)


def _files_by_sensor(folder: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in sorted(folder.glob("MT_*.txt")):
        sensor = path.stem.rpartition("_")[2]
        if sensor in found:
            raise InputError(
                f"Xsens folder {folder.name}",
                value=f"{found[sensor].name} and {path.name} of one sensor",
                allowed="one file for each sensor",
                remedy="keep only the files of one recording in the folder",
            )
        found[sensor] = path
    return found


def _map_error(folder: Path, found: str, sensors: list[str]) -> InputError:
    bodies = ", ".join(sorted({*SEGMENTS, "calcn_r", "calcn_l"}))
    example = f"{sensors[0]},pelvis" if sensors else "00B42279,pelvis"
    return InputError(
        f"Xsens folder {folder.name}",
        value=found,
        allowed=f"segments {bodies}; forward_axis and up_axis +x, -x, +y, -y, +z, -z or "
        "empty, across each other",
        remedy=f"write {MAP_NAME} with the line sensor,segment,forward_axis and one line for each "
        f"sensor, such as {example},+z (sensors here: {', '.join(sensors[:16])})",
    )


def _earliest(counters: list[int]) -> int:
    """The first of packet counters that lie within half a span of each other."""
    if not counters:
        return 0
    reference = counters[0]
    half = COUNTER_SPAN // 2
    return min(counters, key=lambda c: (c - reference + half) % COUNTER_SPAN)


def _since(counter: int, start: int) -> int:
    return (counter - start) % COUNTER_SPAN
