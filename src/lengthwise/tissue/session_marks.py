"""A person's marks, taken in this session or before, and where the stretch stands between them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import hypot

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numba import njit

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES, MuscleGroup
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.person import Mark, MarkKind, Window
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
    length_covariance_m2,
    position_of,
    tolerance_today,
    window_for,
    window_position,
)

_MARK_REPEAT_SD = constant("tissue", "mark_repeat_sd_ratio")
_MIN_MARK_SPAN = constant("tissue", "min_mark_span_ratio")
_MARK_KINDS = {
    SignalKind.FIRST_RESISTANCE: MarkKind.FIRST_RESISTANCE,
    SignalKind.TOLERANCE: MarkKind.TOLERANCE,
}
_MarkKey = tuple[MuscleGroup, Side, MarkKind]


@dataclass(frozen=True)
class MarkGround:
    """What marks are read against: `bounds` of the body's range, `marks` of earlier days that have
    not expired, on this body (`on_body`), `setup` of today's sensors and view (`setup_name`), None:
    not told. Shares of a range are of the usual one, so that no knowledge of joint ends moves them.
    `windows` that are the person's own; `relief`: pain relief is at work, so that no mark of today
    counts for more than that of another day.

    The other fields follow: `latest` mark of each kind, `readings` of these; `least_span_m` (32,)
    below which two marks leave no room for a window; `repeat_sd_m` (32,), how early or late a
    person says a mark; `rows` (k,) of GROUP_SIDES that have both marks, in their order, and
    `marked_m` (k, 4) first resistance, its sd, tolerance, its sd.
    """

    bounds: RangeBounds
    marks: tuple[Mark, ...]
    setup: str | None
    windows: tuple[Window, ...] = ()
    relief: bool = False
    latest: dict[_MarkKey, Mark] = field(init=False, repr=False)
    readings: dict[_MarkKey, MarkReading] = field(init=False, repr=False)
    least_span_m: np.ndarray = field(init=False, repr=False)
    repeat_sd_m: np.ndarray = field(init=False, repr=False)
    rows: np.ndarray = field(init=False, repr=False)
    marked_m: np.ndarray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        by_time = sorted(self.marks, key=lambda m: m.measured_utc)
        latest = {(m.group, m.side, m.kind): m for m in by_time}
        readings = {key: MarkReading(m.length_m, m.sd_m, False) for key, m in latest.items()}
        least_span_m = frozen_array(_MIN_MARK_SPAN * self.bounds.usual_span_m)
        pairs = {}
        for (group, side, kind), first in readings.items():
            tolerance = readings.get((group, side, MarkKind.TOLERANCE))
            if kind is not MarkKind.FIRST_RESISTANCE or tolerance is None:
                continue
            row = GROUP_INDEX[group, side]
            if between(first, tolerance, float(least_span_m[row])):
                pairs[row] = (first.length_m, first.sd_m, tolerance.length_m, tolerance.sd_m)
        derived = {
            "latest": latest,
            "readings": readings,
            "least_span_m": least_span_m,
            "repeat_sd_m": frozen_array(_MARK_REPEAT_SD * self.bounds.usual_span_m),
            "rows": frozen_array(list(pairs), dtype="i8"),
            "marked_m": frozen_array(list(pairs.values())).reshape(-1, 4),
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)


class SessionMark(Struct, frozen=True):
    """A mark taken in this session, as muscle length, and the muscle then.

    `sd_m` holds `mark_repeat_sd_ratio`, by which a person says it early or late.
    """

    group: MuscleGroup
    side: Side
    kind: MarkKind
    length_m: float
    sd_m: float
    t_s: float
    moment: Moment


class Reading(Struct, frozen=True):
    """All muscles at one instant.

    `length_m`, `length_sd_m` (32,); `claimed` (32,); `posture_rad` (13,) of the joints and whether
    a sensor told of each, `informed` (13,); `arms_m` (32, 13) the moment arms there, m/rad.
    """

    length_m: np.ndarray
    length_sd_m: np.ndarray
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


def on_body(marks: Iterable[Mark], upright_m: np.ndarray) -> tuple[Mark, ...]:
    """Marks on a body whose groups are `upright_m` (32,) long in upright standing."""
    return tuple(m.on_body(float(upright_m[GROUP_INDEX[m.group, m.side]])) for m in marks)


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
            covariance_m2 = length_covariance_m2(float(reading.length_sd_m[row]), first, tolerance)
        else:
            if kept not in joint_rad2:
                joint_rad2[kept] = body.joint_covariance_rad2(kept)
            covariance_m2 = _covariance_m2(
                ground, row, reading, first, tolerance, taken, joint_rad2[kept]
            )
        out[row] = window_position(
            float(reading.length_m[row]),
            first=first,
            tolerance=tolerance,
            covariance_m2=covariance_m2,
            least_span_m=float(ground.least_span_m[row]),
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
    told = _told(ground.rows, ground.marked_m, reading.length_m, own_m2)
    for row, (mean, sd) in zip(ground.rows.tolist(), told.tolist(), strict=True):
        out[row] = Estimate(mean, sd)
    return out


@njit(cache=True)
def _told(
    rows: np.ndarray, marked_m: np.ndarray, length_m: np.ndarray, own_m2: np.ndarray
) -> np.ndarray:
    """(k, 2) positions and their sd; `length_m` (32,), `own_m2` (k,) its variances, the rest as in
    `MarkGround`."""
    out, covariance_m2 = np.empty((len(rows), 2)), np.zeros((3, 3))
    for k in range(len(rows)):
        covariance_m2[0, 0] = own_m2[k]
        covariance_m2[1, 1], covariance_m2[2, 2] = marked_m[k, 1] ** 2, marked_m[k, 3] ** 2
        out[k] = position_of(length_m[rows[k]], marked_m[k, 0], marked_m[k, 2], covariance_m2)
    return out


def _covariance_m2(
    ground: MarkGround,
    row: int,
    reading: Reading,
    first: MarkReading,
    tolerance: MarkReading,
    taken: list[SessionMark],
    angles_rad2: np.ndarray,
) -> np.ndarray:
    """(3, 3) of one muscle's length now, at first resistance and at tolerance.

    `taken`: its marks of this session; `angles_rad2` (n, n, 13, 13) of the joints now and then.
    """
    moments = [reading.moment(row), *(mark.moment for mark in taken)]
    typical_m = ground.bounds.typical_slope_m[row]
    of_session_m2 = joint_covariance_m2(row, moments, angles_rad2, typical_arms_m=typical_m)
    for i in range(1, len(moments)):
        of_session_m2[i, i] += ground.repeat_sd_m[row] ** 2
    joint = length_covariance_m2(
        float(reading.length_sd_m[row]), first, tolerance, of_session_m2=of_session_m2
    )
    distance_m = tolerance.length_m - first.length_m
    of_model = geometry_covariance_m2(
        row,
        moments,
        typical_arms_m=typical_m,
        carried_m=None if tolerance.distance_sd_m is None else max(distance_m, 0.0),
    )
    told = (True, first.this_session, tolerance.this_session)
    _add(joint, np.array([i for i in range(3) if told[i]]), of_model)
    return joint


@njit(cache=True)
def _add(joint: np.ndarray, places: np.ndarray, more: np.ndarray) -> None:
    for i in range(len(places)):
        for j in range(len(places)):
            joint[places[i], places[j]] += more[i, j]


def readings(
    ground: MarkGround, marks: tuple[SessionMark, ...]
) -> dict[tuple[MuscleGroup, Side, MarkKind], MarkReading]:
    """What each mark comes to now, those of this session taken in: what positions are between."""
    return _marks_by_muscle(ground, marks)


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
    to today. One that comes later than the older one leaves the ceiling where it was, and one that
    leaves no room below it is no first pull: the older window stays.
    """
    latest, found = ground.latest, dict(ground.readings)
    today = {(m.group, m.side, m.kind): MarkReading(m.length_m, m.sd_m, True) for m in taken}
    if ground.relief:
        today = {key: _no_further(mark, found.get(key)) for key, mark in today.items()}
    for (group, side, kind), first_now in tuple(today.items()):
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
                distance_sd_m=latest[tolerance].distance_sd_m,
            )
        late_m = first_now.length_m - found[then].length_m
        ceiling = window_for(ground.windows, group, side).ceiling
        kept = _ceiling_kept(found[tolerance], late_m=late_m, ceiling=ceiling)
        least_span_m = float(ground.least_span_m[GROUP_INDEX[group, side]])
        if late_m <= 0.0 or between(first_now, kept, least_span_m):
            found[tolerance] = kept
        else:
            del today[then]
            found[tolerance] = ground.readings[tolerance]
    return found | today


def _no_further(mark: MarkReading, before: MarkReading | None) -> MarkReading:
    if before is None or mark.length_m <= before.length_m:
        return mark
    return replace(mark, length_m=before.length_m)


def _ceiling_kept(tolerance: MarkReading, *, late_m: float, ceiling: float) -> MarkReading:
    """Tolerance moved so that the ceiling c stays at its length though first resistance comes
    `late_m` later: l1 + c (lT - l1) is the same for l1 + d and lT - d (1 - c) / c."""
    if late_m <= 0.0 or ceiling <= 0.0:
        return tolerance
    return replace(tolerance, length_m=tolerance.length_m - late_m * (1.0 - ceiling) / ceiling)


def _together(a: Mark, b: Mark, setup: str | None) -> bool:
    """Taken on one day, both in this set-up: other sensors err otherwise, so nothing cancels."""
    return a.setup == b.setup == setup and a.measured_utc[:10] == b.measured_utc[:10]


def with_marks(
    ground: MarkGround,
    marks: tuple[SessionMark, ...],
    last: Reading | None,
    signal: PersonSignal,
) -> tuple[SessionMark, ...]:
    """The marks with the last reading of the signal's targets among them.

    Nothing is marked before the first reading, or for a muscle that is not claimed. Once there is
    room between both marks of this session, one that lies further than that of its kind, or leaves
    no room, moves nothing: the lower of two tolerances is kept, no late first pull lifts a
    ceiling, and one that is said on the way back takes none away.
    """
    kind = _MARK_KINDS.get(signal.kind)
    if kind is None or last is None:
        return marks
    taken = []
    for i, (group, side) in enumerate(GROUP_SIDES):
        if (group, side) in signal.targets and last.claimed[i]:
            length_m = float(last.length_m[i])
            if not _nearer(marks, group, side, kind, length_m, float(ground.least_span_m[i])):
                if kind is not MarkKind.FIRST_RESISTANCE:
                    continue
                # Taken anew, since what was read a moment ago is surest, but where it was.
                length_m = next(m.length_m for m in marks if _same(m, group, side, kind))
            sd_m = hypot(float(last.length_sd_m[i]), float(ground.repeat_sd_m[i]))
            taken.append(
                SessionMark(group, side, kind, length_m, sd_m, signal.t_s, last.kept_moment(i))
            )
    if not taken:
        return marks
    renewed = {(m.group, m.side, m.kind) for m in taken}
    kept = [m for m in marks if (m.group, m.side, m.kind) not in renewed]
    return (*kept, *taken)


def _same(mark: SessionMark, group: MuscleGroup, side: Side, kind: MarkKind) -> bool:
    return mark.group is group and mark.side is side and mark.kind is kind


def _nearer(
    marks: tuple[SessionMark, ...],
    group: MuscleGroup,
    side: Side,
    kind: MarkKind,
    length_m: float,
    least_span_m: float,
) -> bool:
    """Whether a mark may take the place of that of its kind: always while there is no room between
    both, else only nearer, and with room left."""
    now_m = {m.kind: m.length_m for m in marks if m.group is group and m.side is side}
    first_m, tolerance_m = (now_m.get(k) for k in _MARK_KINDS.values())
    if first_m is None or tolerance_m is None or tolerance_m - first_m < least_span_m:
        return True
    after_m = now_m | {kind: length_m}
    room_m = after_m[MarkKind.TOLERANCE] - after_m[MarkKind.FIRST_RESISTANCE]
    return length_m < now_m[kind] and room_m >= least_span_m
