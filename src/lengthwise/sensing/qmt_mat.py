"""Driver for the full-body `.mat` layout of the qmt toolbox (github.com/dlaidig/qmt, MIT).

A MATLAB 5 file with `t` (s) and one struct per sensor with `acc` (m/s2) and `gyr` (rad/s), each
(N, 3). Read: hip, lower_back, upper_back, upper_leg_*, lower_leg_*. Its `quat` is not used, as
its frame is not documented. `t_s` counts from the first sample. The format has to be read whole:
memory is that of the file.

Wearing positions, from the project's own alignment (`full_body_tracking_advanced_example.py`:
trunk segments x = -z of the sensor, legs by their hinge axes; `..._basic_example.py`: tuned
orientations) and found again in the shared recording, where sitting down against standing turns
the pelvis back by 22.1 deg, raises lumbar flexion by 28.1 deg and hip flexion by 57.7 (left) and
58.0 deg (right), and the shanks lean -28..68 deg in walking: x points up in standing on all of
them; the front is -z on the trunk, +y on the left and -y on the right thigh. The shank sensors
sit at 45 deg between y and z; their readings are turned about x so that the front is +z.
"""

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from msgspec import Struct

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
from lengthwise.sensing.imu_csv import sample_fault
from lengthwise.sensing.mat5 import MAGIC, NotMat5Error, Value, read_mat5


class Placement(Struct, frozen=True):
    """A sensor of the layout: its segment, the front after turning it by `about_x_rad`."""

    segment: Segment
    forward_axis: Axis
    about_x_rad: float = 0.0


PLACEMENTS: dict[str, Placement] = {
    "hip": Placement(Segment.PELVIS, Axis.MINUS_Z),
    "lower_back": Placement(Segment.T12, Axis.MINUS_Z),
    "upper_back": Placement(Segment.THORAX, Axis.MINUS_Z),
    "upper_leg_left": Placement(Segment.THIGH_L, Axis.Y),
    "upper_leg_right": Placement(Segment.THIGH_R, Axis.MINUS_Y),
    "lower_leg_left": Placement(Segment.SHANK_L, Axis.Z, -math.pi / 4),
    "lower_leg_right": Placement(Segment.SHANK_R, Axis.Z, math.pi / 4),
}
_LAYOUT = "a qmt full-body file: t and structs such as hip, lower_back with acc and gyr (N, 3)"


class QmtMatDriver:
    """Reads qmt full-body recordings."""

    manifest = Manifest(name="qmt_mat", reads="a qmt full-body .mat file", streams=("imu",))

    def accepts(self, path: Path) -> bool:
        if not path.is_file():
            return False
        if path.suffix.lower() == ".mat":
            return True
        try:
            with path.open("rb") as file:
                return file.read(len(MAGIC)) == MAGIC
        except OSError:
            return False

    def open(self, path: Path, options: OpenOptions) -> "QmtMatRecording":
        return QmtMatRecording(path)


DRIVER = QmtMatDriver()


class QmtMatRecording:
    """An open qmt recording, whole in memory."""

    def __init__(self, path: Path) -> None:
        content = _loaded(path)
        self._t_s = _times(content, path)
        self._sensors: dict[str, tuple[np.ndarray, np.ndarray]] = {
            name: (
                _readings(content, name, "acc", path, count=len(self._t_s)),
                _readings(content, name, "gyr", path, count=len(self._t_s)),
            )
            for name in PLACEMENTS
            if name in content
        }
        if not self._sensors:
            raise _unusable(path, "no sensor with a known name")
        steps = np.diff(self._t_s[np.isfinite(self._t_s)])
        steps = steps[steps > 0]
        if len(steps) == 0:
            raise _unusable(path, "times that never rise")
        rate_hz = round(1.0 / float(np.median(steps)), 6)
        self._first_s = float(self._t_s[np.isfinite(self._t_s)][0])
        ignored = sorted(k for k in content if k not in PLACEMENTS and k[0] != "_" and k != "t")
        self.header = RecordingHeader(
            name=path.name,
            driver=DRIVER.manifest.name,
            streams=tuple(
                ImuStream(
                    segment=PLACEMENTS[name].segment,
                    rate_hz=rate_hz,
                    forward_axis=PLACEMENTS[name].forward_axis,
                    sensor_name=name,
                )
                for name in self._sensors
            ),
            duration_s=float(np.nanmax(self._t_s)) - self._first_s,
            observation_count=len(self._t_s) * len(self._sensors),
            notes=(f"not used: {', '.join(ignored)}",) if ignored else (),
        )

    def read(self) -> Iterator[ImuSample | Rejection]:
        turned = {
            name: (acc @ _turn(name).T, gyr @ _turn(name).T)
            for name, (acc, gyr) in self._sensors.items()
        }
        last_s: float | None = None
        for i, raw_s in enumerate(self._t_s.tolist()):
            t_s = raw_s - self._first_s
            reason = _time_reason(t_s, last_s)
            if reason is not None:
                shown_s = t_s if math.isfinite(t_s) else last_s or 0.0
                yield Rejection(shown_s, "imu", reason, f"sample {i}")
                continue
            last_s = t_s
            for name, (acc, gyr) in turned.items():
                segment = PLACEMENTS[name].segment
                a, g = acc[i].tolist(), gyr[i].tolist()
                acc_m_s2, gyr_rad_s = (a[0], a[1], a[2]), (g[0], g[1], g[2])
                fault = sample_fault(acc_m_s2, gyr_rad_s, None, None)
                if fault is None:
                    yield ImuSample(t_s, segment, acc_m_s2, gyr_rad_s)
                else:
                    yield Rejection(
                        t_s, f"imu:{segment.value}", fault[0], f"sample {i}: {fault[1]}"
                    )

    def close(self) -> None:
        self._sensors = {}


def _turn(name: str) -> np.ndarray:
    """Rotation (3, 3) from the axes of the sensor to the axes that are reported."""
    angle = PLACEMENTS[name].about_x_rad
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])


def _time_reason(t_s: float, last_s: float | None) -> RejectionReason | None:
    if not math.isfinite(t_s):
        return RejectionReason.NON_FINITE
    if last_s is None or t_s > last_s:
        return None if t_s >= 0 else RejectionReason.OUT_OF_RANGE
    return RejectionReason.DUPLICATE_TIME if t_s == last_s else RejectionReason.TIME_BACKWARDS


def _loaded(path: Path) -> dict[str, Value]:
    try:
        return read_mat5(path)
    except (NotMat5Error, OSError) as cause:
        raise _unusable(path, cause) from cause


def _times(content: dict[str, Value], path: Path) -> np.ndarray:
    t_s = _numeric(content.get("t"))
    if t_s is None or t_s.size < 2:
        raise _unusable(path, "no time vector t")
    t_s = t_s.ravel()
    if np.isfinite(t_s).sum() < 2:
        raise _unusable(path, "a time vector without numbers")
    return t_s


def _readings(
    content: dict[str, Value], name: str, field: str, path: Path, *, count: int
) -> np.ndarray:
    sensor = content[name]
    values = _numeric(sensor.get(field)) if isinstance(sensor, dict) else None
    if values is None or values.shape != (count, 3):
        found = "nothing" if values is None else f"shape {values.shape}"
        raise _unusable(path, f"{found} as {name}.{field} for {count} times")
    return values


def _numeric(value: Value) -> np.ndarray | None:
    """As float64, None where it is no array of real numbers."""
    return value.astype("f8") if isinstance(value, np.ndarray) else None


def _unusable(path: Path, found: object) -> InputError:
    return InputError(
        f"recording {path.name}",
        value=found,
        allowed=_LAYOUT,
        remedy="export it again from qmt, or convert it to imu.csv",
    )
