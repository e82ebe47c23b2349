"""A person's marks, taken in this session or before, and where the stretch stands between them."""

from collections.abc import Iterable
from math import hypot

import numpy as np
from msgspec import Struct

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES, MuscleGroup
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.person import Mark, MarkKind
from lengthwise.contracts.states import BodyState, Estimate
from lengthwise.reference.constants import constant
from lengthwise.tissue.moments import Moment, geometry_covariance_m2, joint_covariance_m2
from lengthwise.tissue.range import RangeBounds
from lengthwise.tissue.window import (
    MarkReading,
    length_covariance_m2,
    tolerance_today,
    window_position,
)

_MARK_REPEAT_SD = constant("tissue", "mark_repeat_sd_ratio")
_MIN_MARK_SPAN = constant("tissue", "min_mark_span_ratio")
_MARK_KINDS = {
    SignalKind.FIRST_RESISTANCE: MarkKind.FIRST_RESISTANCE,
    SignalKind.TOLERANCE: MarkKind.TOLERANCE,
}
_MarkKey = tuple[MuscleGroup, Side, MarkKind]


class MarkGround(Struct, frozen=True):
    """What marks are read against: `bounds` of the body's range, `marks` of earlier days that have
    not expired, on this body (`on_body`), `setup` of today's sensors and view (`setup_name`), None:
    not told. Shares of a range are of the usual one, so that no knowledge of joint ends moves them.
    """

    bounds: RangeBounds
    marks: tuple[Mark, ...]
    setup: str | None

    def least_span_m(self, row: int) -> float:
        """Marks closer together leave no room for a window."""
        return _MIN_MARK_SPAN * float(self.bounds.usual_span_m[row])

    def repeat_sd_m(self, row: int) -> float:
        """How early or late a person says a mark."""
        return _MARK_REPEAT_SD * float(self.bounds.usual_span_m[row])


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
        """One muscle of the reading, as a copy that the other muscles need not be kept for."""
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
    out: list[Estimate | None] = [None] * len(GROUP_SIDES)
    found = _marks_by_muscle(ground, marks)
    for group, side, kind in found:
        tolerance = found.get((group, side, MarkKind.TOLERANCE))
        if kind is MarkKind.FIRST_RESISTANCE and tolerance is not None:
            row, first = GROUP_INDEX[group, side], found[group, side, kind]
            taken = [m for m in marks if (m.group, m.side) == (group, side)]
            out[row] = window_position(
                float(reading.length_m[row]),
                first=first,
                tolerance=tolerance,
                least_span_m=ground.least_span_m(row),
                covariance_m2=_covariance_m2(ground, row, reading, first, tolerance, taken, body),
            )
    return tuple(out)


def _covariance_m2(
    ground: MarkGround,
    row: int,
    reading: Reading,
    first: MarkReading,
    tolerance: MarkReading,
    taken: list[SessionMark],
    body: BodyState,
) -> np.ndarray:
    """(3, 3) of one muscle's length now, at first resistance and at tolerance.

    `taken`: its marks of this session. By rule where the body did not keep one of their poses.
    """
    sd_m = float(reading.length_sd_m[row])
    taken = sorted(taken, key=lambda mark: mark.kind is MarkKind.TOLERANCE)
    kept = [place for place in (_place(body, mark) for mark in taken) if place is not None]
    if len(kept) < len(taken):
        return length_covariance_m2(sd_m, first, tolerance)
    moments = [reading.moment(row), *(mark.moment for mark in taken)]
    typical_m = ground.bounds.typical_slope_m[row]
    of_angles = joint_covariance_m2(
        row, moments, body.joint_covariance_rad2(kept), typical_arms_m=typical_m
    )
    repeat = np.diag([0.0] + [ground.repeat_sd_m(row) ** 2] * len(taken))
    joint = length_covariance_m2(sd_m, first, tolerance, of_session_m2=of_angles + repeat)
    distance_m = tolerance.length_m - first.length_m
    of_model = geometry_covariance_m2(
        row,
        moments,
        typical_arms_m=typical_m,
        carried_m=None if tolerance.distance_sd_m is None else max(distance_m, 0.0),
    )
    session = np.flatnonzero([True, first.this_session, tolerance.this_session])
    joint[np.ix_(session, session)] += of_model
    return joint


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
    latest = {
        (mark.group, mark.side, mark.kind): mark
        for mark in sorted(ground.marks, key=lambda m: m.measured_utc)
    }
    found = {key: MarkReading(m.length_m, m.sd_m, False) for key, m in latest.items()}
    today = {(m.group, m.side, m.kind): MarkReading(m.length_m, m.sd_m, True) for m in taken}
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
                distance_sd_m=latest[tolerance].distance_sd_m,
            )
    return found | today


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

    Nothing is marked before the first reading, or for a muscle that is not claimed.
    """
    kind = _MARK_KINDS.get(signal.kind)
    if kind is None or last is None:
        return marks
    taken = []
    for i, (group, side) in enumerate(GROUP_SIDES):
        if (group, side) in signal.targets and last.claimed[i]:
            length_m = float(last.length_m[i])
            sd_m = hypot(float(last.length_sd_m[i]), ground.repeat_sd_m(i))
            taken.append(SessionMark(group, side, kind, length_m, sd_m, signal.t_s, last.moment(i)))
    renewed = {(m.group, m.side, m.kind) for m in taken}
    kept = [m for m in marks if (m.group, m.side, m.kind) not in renewed]
    return (*kept, *taken)
