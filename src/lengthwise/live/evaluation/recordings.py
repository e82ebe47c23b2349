"""The body estimate on inertial recordings of people whose movement is known in outline.

There is no optical reference: sitting is compared with standing in one recording (figures of an
independent computation of gravity in the sensors), walking in the other with what hips and knees do
in anyone's walk. Degrees.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lengthwise.body import estimator
from lengthwise.contracts.coordinates import COORDINATES, Coordinate
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import Observation, Posture, Rejection
from lengthwise.live.evaluation.delivery import delivered
from lengthwise.live.evaluation.jobs import Advance, run_all
from lengthwise.live.evaluation.table import Cell, Floor, Table, floors_table
from lengthwise.live.evaluation.track import Track, columns, track
from lengthwise.reference.postures import posture_mean_rad
from lengthwise.sensing.driver import OpenOptions, open_recording

_C = Coordinate
_SITTING = {
    _C.PELVIS_TILT: (-23.0, 3.0),
    _C.LUMBAR_FLEXION: (27.5, 4.0),
    _C.HIP_FLEXION_L: (58.0, 4.0),
    _C.HIP_FLEXION_R: (58.0, 4.0),
}
"""Sitting less standing, and how far it may be off."""
_STANDING_S, _SITTING_S = (0.0, 4.0), (12.0, 39.0)
_WALKING_S = (10.0, 24.0)
"""Between setting off and the end of the recording."""
_RANGE_PERCENTILES = (1.0, 99.0)
QMT = Path("imu/qmt_full_body/full_body_example_data.mat")
OPENSENSE = Path("imu/opensense_xsens")
_LARGEST_DEG = 180.0


@dataclass(frozen=True)
class Record:
    """A recording, when the person stood upright in it (None: not declared), how it is shown."""

    path: Path
    zero_s: tuple[float, float] | None
    until_s: float

    @property
    def begins(self) -> str:
        return "zero pose found" if self.zero_s is None else "zero pose declared"


@dataclass(frozen=True)
class Walked:
    """Angles of a walk, degrees: `ranges` (21,), the middle 98 %; largest magnitude of any."""

    ranges: np.ndarray
    largest: float
    claimed: np.ndarray


def evaluate(data: Path, *, jobs: int = 1, advance: Advance | None = None) -> list[Table]:
    """Tables of both recordings. Raises InputError where they are not in `data`."""
    for part in (QMT, OPENSENSE):
        if not (data / part).exists():
            raise InputError(
                "inertial recordings",
                value=data / part,
                allowed="a folder with imu/qmt_full_body and imu/opensense_xsens",
                remedy="give it with --data",
            )
    work = [
        (_sat, Record(data / QMT, (0.0, 4.0), _SITTING_S[1])),
        (_sat, Record(data / QMT, None, _SITTING_S[1])),
        (_walked, Record(data / OPENSENSE, (0.0, 1.0), np.inf)),
        (_walked, Record(data / OPENSENSE, None, np.inf)),
    ]
    tables = run_all(_tabled, work, jobs=jobs, advance=advance)
    return [table for each in tables for table in each]


def _tabled(work: tuple[Callable[[Record], list[Table]], Record]) -> list[Table]:
    function, record = work
    return function(record)


def _seen(record: Record) -> Track:
    with closing(open_recording(record.path, OpenOptions())) as recording:
        params = estimator.Params(
            recording.header.streams,
            Posture.STANDING,
            posture_mean_rad(Posture.STANDING),
            zero_s=record.zero_s,
        )
        return track(params, _until(recording.read(), record.until_s))


def _until(
    items: Iterable[Observation | Rejection], end_s: float
) -> Iterator[Observation | Rejection]:
    """What is delivered of a recording up to a time; what its reader rejects is left out."""
    return delivered(o for o in items if not isinstance(o, Rejection) and o.t_s <= end_s)


def _during(seen: Track, period_s: tuple[float, float]) -> np.ndarray:
    return np.flatnonzero((seen.t_s >= period_s[0]) & (seen.t_s <= period_s[1]))


def _sat(record: Record) -> list[Table]:
    seen = _seen(record)
    standing, sitting = _during(seen, _STANDING_S), _during(seen, _SITTING_S)
    rows: list[tuple[Cell, ...]] = []
    for coordinate, (expected, within) in _SITTING.items():
        at = columns((coordinate,))[0]
        angle = np.degrees(seen.mean_rad[:, at])
        change = float(angle[sitting].mean() - (angle[standing].mean() if record.zero_s else 0.0))
        sd = float(np.degrees(seen.sd_rad[sitting, at]).mean())
        rows.append(
            (
                coordinate.value,
                change,
                expected,
                within,
                abs(change - expected) <= within,
                sd,
                abs(change - expected) <= 2.0 * sd,
                float(seen.claimed[sitting, at].mean()),
            )
        )
    return [
        Table(
            f"Sitting less standing, qmt full body, {record.begins}",
            (
                "coordinate", "found", "expected", "within", "met", "stated sd",
                "within two sd", "claimed",
            ),
            tuple(rows),
            (0, 1, 1, 1, 0, 1, 0, 2),
        )
    ]  # fmt: skip


def _walked(record: Record) -> list[Table]:
    seen = _seen(record)
    walking = _during(seen, _WALKING_S)
    angle = np.degrees(seen.mean_rad[walking])
    low, high = np.percentile(angle, _RANGE_PERCENTILES, axis=0)
    walk = Walked(
        high - low,
        float(np.abs(np.degrees(seen.mean_rad)).max(initial=0.0)),
        seen.claimed[walking].mean(axis=0),
    )
    title = f"Walking, OpenSense, {record.begins}"
    return [floors_table(f"{title}: floors", _walk_floors(walk)), _walk_table(title, walk)]


def _walk_floors(walk: Walked) -> list[Floor]:
    def range_of(coordinate: Coordinate) -> float:
        return float(walk.ranges[columns((coordinate,))[0]])

    hips = [range_of(c) for c in (_C.HIP_FLEXION_L, _C.HIP_FLEXION_R)]
    knees = [range_of(c) for c in (_C.KNEE_FLEXION_L, _C.KNEE_FLEXION_R)]
    return [
        Floor("largest angle ever", walk.largest, high=_LARGEST_DEG),
        *(Floor(f"hip flexion range, {s}", r, 30.0, 55.0) for s, r in zip("lr", hips, strict=True)),
        *(Floor(f"knee range, {s}", r, 45.0, 75.0) for s, r in zip("lr", knees, strict=True)),
        Floor("pelvis tilt range", range_of(_C.PELVIS_TILT), high=12.0),
        Floor("hip ranges, left less right", abs(hips[0] - hips[1]), high=12.0),
        Floor("knee ranges, left less right", abs(knees[0] - knees[1]), high=12.0),
    ]


def _walk_table(title: str, walk: Walked) -> Table:
    return Table(
        title,
        ("coordinate", "range", "claimed"),
        tuple(
            (c.value, float(walk.ranges[i]), float(walk.claimed[i]))
            for i, c in enumerate(COORDINATES)
        ),
        (0, 1, 2),
        f"Middle 98 % of the angles from {_WALKING_S[0]:g} to {_WALKING_S[1]:g} s.",
    )
