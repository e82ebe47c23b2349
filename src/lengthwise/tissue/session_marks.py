"""A person's marks, taken in this session or before, and where the stretch stands between them."""

from dataclasses import dataclass, field
from math import hypot

import numpy as np
from msgspec import Struct
from numba import njit

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES, MuscleGroup
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.person import Mark, MarkKind
from lengthwise.contracts.states import BodyState, Estimate
from lengthwise.reference.constants import constant
from lengthwise.tissue.moments import (
    Moment,
    geometry_covariance_m2,
    joint_covariance_m2,
    variance_m2,
)
from lengthwise.tissue.range import RangeBounds
from lengthwise.tissue.window import (
    MarkReading,
    between,
    fraction_covariance,
    position_of,
    tolerance_today,
    window_position,
)

_MARK_REPEAT_SD = constant("tissue", "mark_repeat_sd_ratio")
_MARK_KINDS = {
    SignalKind.FIRST_RESISTANCE: MarkKind.FIRST_RESISTANCE,
    SignalKind.TOLERANCE: MarkKind.TOLERANCE,
}
_MarkKey = tuple[MuscleGroup, Side, MarkKind]


@dataclass(frozen=True)
class MarkGround:
    """What marks are read against: `bounds` of the person's range, `marks` of earlier days that
    have not expired, `setup` of today's sensors and view (`setup_name`), None: not told.

    The other fields follow: `latest` mark of each kind, `readings` of these, `span_m` (32,); `rows`
    (k,) of GROUP_SIDES that have both marks, in their order, and `marked` (k, 4) first resistance,
    its sd, tolerance, its sd.
    """

    bounds: RangeBounds
    marks: tuple[Mark, ...]
    setup: str | None
    latest: dict[_MarkKey, Mark] = field(init=False, repr=False)
    readings: dict[_MarkKey, MarkReading] = field(init=False, repr=False)
    span_m: np.ndarray = field(init=False, repr=False)
    rows: np.ndarray = field(init=False, repr=False)
    marked: np.ndarray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        by_time = sorted(self.marks, key=lambda m: m.measured_utc)
        latest = {(m.group, m.side, m.kind): m for m in by_time}
        readings = {key: MarkReading(m.range_fraction, m.sd, False) for key, m in latest.items()}
        pairs = {}
        for (group, side, kind), first in readings.items():
            tolerance = readings.get((group, side, MarkKind.TOLERANCE))
            if kind is MarkKind.FIRST_RESISTANCE and tolerance and between(first, tolerance):
                pairs[GROUP_INDEX[group, side]] = (
                    first.range_fraction, first.sd, tolerance.range_fraction, tolerance.sd,
                )  # fmt: skip
        derived = {
            "latest": latest,
            "readings": readings,
            "span_m": frozen_array(self.bounds.span_m),
            "rows": frozen_array(list(pairs), dtype="i8"),
            "marked": frozen_array(list(pairs.values())).reshape(-1, 4),
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)


class SessionMark(Struct, frozen=True):
    """A mark taken in this session, as range fraction (not limited to 0..1), and the muscle then.

    `sd` holds `mark_repeat_sd_ratio`, by which a person says it early or late.
    """

    group: MuscleGroup
    side: Side
    kind: MarkKind
    range_fraction: float
    sd: float
    t_s: float
    moment: Moment


class Reading(Struct, frozen=True):
    """All muscles at one instant.

    `range_fraction`, `range_fraction_sd` (32,), before they are limited to 0..1; `claimed` (32,);
    `posture_rad` (13,) of the joints and whether a sensor told of each, `informed` (13,);
    `arms_m` (32, 13) the moment arms there, m/rad.
    """

    range_fraction: np.ndarray
    range_fraction_sd: np.ndarray
    claimed: tuple[bool, ...]
    posture_rad: np.ndarray
    informed: np.ndarray
    arms_m: np.ndarray

    def moment(self, row: int) -> Moment:
        """One muscle of the reading."""
        return Moment(self.posture_rad, self.arms_m[row], self.informed)

    def kept_moment(self, row: int) -> Moment:
        """The same as a copy that the other muscles need not be kept for."""
        return Moment(self.posture_rad, frozen_array(self.arms_m[row]), self.informed)


def positions(
    ground: MarkGround, marks: tuple[SessionMark, ...], reading: Reading, body: BodyState
) -> tuple[Estimate | None, ...]:
    """Window position of each group, claimed or not and however unsure; None without both marks.

    `marks`: of this session.
    """
    out = _by_other_days(ground, reading, body)
    if not marks:
        return tuple(out)
    found, joint_rad2 = _marks_by_muscle(ground, marks), {}
    for group, side in {(m.group, m.side): None for m in marks}:
        first, tolerance = (found.get((group, side, kind)) for kind in _MARK_KINDS.values())
        if first is None or tolerance is None:
            continue
        row = GROUP_INDEX[group, side]
        taken = [m for m in marks if m.group is group and m.side is side]
        taken.sort(key=lambda mark: mark.kind is MarkKind.TOLERANCE)
        kept = tuple(place for m in taken if (place := _place(body, m)) is not None)
        if len(kept) < len(taken):
            # The body did not keep one of their poses, so the rule has to do.
            covariance = fraction_covariance(
                float(reading.range_fraction_sd[row]), first, tolerance
            )
        else:
            if kept not in joint_rad2:
                joint_rad2[kept] = body.joint_covariance_rad2(kept)
            covariance = _covariance(
                ground, row, reading, first, tolerance, taken, joint_rad2[kept]
            )
        out[row] = window_position(
            float(reading.range_fraction[row]),
            first=first,
            tolerance=tolerance,
            covariance=covariance,
        )
    return tuple(out)


def _by_other_days(ground: MarkGround, reading: Reading, body: BodyState) -> list[Estimate | None]:
    """Positions by marks of other days alone, which share no error with the reading."""
    out: list[Estimate | None] = [None] * len(GROUP_SIDES)
    if not len(ground.rows):
        return out
    own_m2 = variance_m2(
        ground.rows,
        reading.posture_rad,
        reading.arms_m,
        reading.informed,
        body.joint_covariance_rad2(()),
        typical_arms_m=ground.bounds.typical_slope_m,
    )
    told = _told(ground.rows, ground.marked, reading.range_fraction, own_m2, ground.span_m)
    for row, (mean, sd) in zip(ground.rows.tolist(), told.tolist(), strict=True):
        out[row] = Estimate(mean, sd)
    return out


@njit(cache=True)
def _told(
    rows: np.ndarray,
    marked: np.ndarray,
    fraction: np.ndarray,
    own_m2: np.ndarray,
    span_m: np.ndarray,
) -> np.ndarray:
    """(k, 2) positions and their sd; `own_m2` (k,) of the lengths, the rest as in `MarkGround`."""
    out, covariance = np.empty((len(rows), 2)), np.zeros((3, 3))
    for k in range(len(rows)):
        row = rows[k]
        covariance[0, 0] = own_m2[k] / span_m[row] ** 2
        covariance[1, 1], covariance[2, 2] = marked[k, 1] ** 2, marked[k, 3] ** 2
        out[k] = position_of(fraction[row], marked[k, 0], marked[k, 2], covariance)
    return out


def _covariance(
    ground: MarkGround,
    row: int,
    reading: Reading,
    first: MarkReading,
    tolerance: MarkReading,
    taken: list[SessionMark],
    angles_rad2: np.ndarray,
) -> np.ndarray:
    """(3, 3) of one muscle's range fraction now, at first resistance and at tolerance.

    `taken`: its marks of this session; `angles_rad2` (n, n, 13, 13) of the joints now and then.
    """
    moments = [reading.moment(row), *(mark.moment for mark in taken)]
    typical_m, span_m = ground.bounds.typical_slope_m[row], float(ground.span_m[row])
    of_session = joint_covariance_m2(row, moments, angles_rad2, typical_arms_m=typical_m)
    of_session /= span_m**2
    for i in range(1, len(moments)):
        of_session[i, i] += _MARK_REPEAT_SD**2
    joint = fraction_covariance(
        float(reading.range_fraction_sd[row]), first, tolerance, of_session=of_session
    )
    distance = tolerance.range_fraction - first.range_fraction
    of_model = geometry_covariance_m2(
        row,
        moments,
        typical_arms_m=typical_m,
        carried_m=None if tolerance.distance_sd is None else max(distance, 0.0) * span_m,
    )
    told = (True, first.this_session, tolerance.this_session)
    _add(joint, np.array([i for i in range(3) if told[i]]), of_model, 1.0 / span_m**2)
    return joint


@njit(cache=True)
def _add(joint: np.ndarray, places: np.ndarray, more: np.ndarray, factor: float) -> None:
    for i in range(len(places)):
        for j in range(len(places)):
            joint[places[i], places[j]] += factor * more[i, j]


def _place(body: BodyState, mark: SessionMark) -> int | None:
    """Where the pose of a mark stands among those that the body keeps."""
    for i, pose in enumerate(body.marks):
        same = pose.t_s == mark.t_s and _MARK_KINDS.get(pose.kind) is mark.kind
        if same and (mark.group, mark.side) in pose.targets:
            return i
    return None


def _marks_by_muscle(
    ground: MarkGround, taken: tuple[SessionMark, ...]
) -> dict[_MarkKey, MarkReading]:
    """The latest mark of each kind; one of this session takes the place of an older one.

    Where only first resistance was marked again, the tolerance that was marked together with the
    older first resistance, on the same day and in the set-up that is also today's, is carried over
    to today.
    """
    latest, found = ground.latest, dict(ground.readings)
    today = {(m.group, m.side, m.kind): MarkReading(m.range_fraction, m.sd, True) for m in taken}
    for (group, side, kind), first_now in today.items():
        then = (group, side, MarkKind.FIRST_RESISTANCE)
        tolerance = (group, side, MarkKind.TOLERANCE)
        if kind is not MarkKind.FIRST_RESISTANCE or tolerance in today:
            continue
        if then not in latest or tolerance not in latest:
            continue
        if _together(latest[then], latest[tolerance], ground.setup):
            found[tolerance] = tolerance_today(
                first_now,
                first_then=found[then],
                tolerance_then=found[tolerance],
                distance_sd=latest[tolerance].distance_sd,
            )
    return found | today


def _together(a: Mark, b: Mark, setup: str | None) -> bool:
    """Taken on one day, both in this set-up: other sensors err otherwise, so nothing cancels."""
    return a.setup == b.setup == setup and a.measured_utc[:10] == b.measured_utc[:10]


def with_marks(
    marks: tuple[SessionMark, ...], last: Reading | None, signal: PersonSignal
) -> tuple[SessionMark, ...]:
    """The marks with the last reading of the signal's targets among them.

    Nothing is marked before the first reading, or for a muscle that is not claimed.
    """
    kind = _MARK_KINDS.get(signal.kind)
    if kind is None or last is None:
        return marks
    taken = []
    for i, (group, side) in enumerate(GROUP_SIDES):
        if (group, side) in signal.targets and last.claimed[i]:
            reading = float(last.range_fraction[i])
            sd = hypot(float(last.range_fraction_sd[i]), _MARK_REPEAT_SD)
            taken.append(
                SessionMark(group, side, kind, reading, sd, signal.t_s, last.kept_moment(i))
            )
    renewed = {(m.group, m.side, m.kind) for m in taken}
    kept = [m for m in marks if (m.group, m.side, m.kind) not in renewed]
    return (*kept, *taken)
