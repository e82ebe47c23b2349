"""What a session's gauge or band measured, once it is over: its marks are looked for in the record
again, now that the torque is known."""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.devices import Pull, WornDevice
from lengthwise.contracts.home import data_home
from lengthwise.contracts.pull import PullTotals
from lengthwise.contracts.session import SessionEvent, SessionStarted
from lengthwise.live.kept_marks import kept_marks
from lengthwise.live.params import personal_tension, range_bounds
from lengthwise.live.personal_limits import ends_at
from lengthwise.live.pull_refined import PullRefined
from lengthwise.live.pull_taken import PullTaken
from lengthwise.live.pull_told import (
    PullReport,
    before,
    comparable_days,
    pull_device,
    weeks_of,
)
from lengthwise.live.pull_weighed import Weighed
from lengthwise.live.range_results import RangeCount
from lengthwise.live.relaxed_over_weeks import Session
from lengthwise.live.torque_file import MeasuredTorque
from lengthwise.live.torque_window import TorqueWindowCount
from lengthwise.reference.exercises import Exercise
from lengthwise.report.how_far import RangeReport
from lengthwise.tissue.groups import GroupLengths
from lengthwise.tissue.measured_torque import RangeKind
from lengthwise.tissue.passive_curve import GroupCurves
from lengthwise.tissue.passive_tension import PersonalTension
from lengthwise.tissue.range import RangeBounds

Figures = tuple[GroupLengths, GroupCurves, PersonalTension]


class PullMeasured(Struct, frozen=True):
    """`ranges` and `torque_window` None where nothing measured the joint's torque."""

    report: PullReport
    totals: PullTotals | None = None
    ranges: RangeCount | None = None
    torque_window: TorqueWindowCount | None = None


def pull_measured(
    pull: PullTaken,
    started: SessionStarted,
    exercise: Exercise | None,
    events: Callable[[], Iterable[SessionEvent]],
    *,
    earlier_beside: Path | None,
    figures: Callable[[], Figures] | None = None,
    bounds: Callable[[], RangeBounds] | None = None,
) -> PullMeasured:
    """`events` reads the session once more. `earlier_beside`: its folder, where the folders beside
    it are earlier sessions of the same person. `figures`: what was known of the person's muscles
    before; None: what the pull told of them is not asked. `bounds`: how far each goes; None: how
    well the pull was aimed is not asked. Raises StorageError where the session cannot be read.
    """
    device = pull_device(started.config.devices)
    if device is None or device.pull is None:
        return PullMeasured(PullReport(device))
    if device.simulated and not started.recording.simulated:
        return PullMeasured(PullReport(None))  # it says nothing of the person who was led
    relaxed, measured = pull.relaxed(), pull.measured()
    at, done = started.started_utc, started.config.exercise_id
    earlier = () if earlier_beside is None else before(earlier_beside, at)
    days, weighed = comparable_days(earlier, done), pull.weight() is not None
    report = PullReport(device, relaxed, (), weighed, pull.stays, days)
    if measured is None:
        return PullMeasured(report)
    ranges = RangeCount(exercise, measured)
    window = TorqueWindowCount(measured, exercise, started.person.windows)
    for event in events():
        ranges.take(event)
        window.take(event)
    refined = None if figures is None else pull.refined(*figures())
    totals = _totals(device, device.pull, measured, ranges.report(), pull.weight(), refined)
    if bounds is not None and exercise is not None:
        totals = replace(totals, line_alignment=pull.aimed(bounds(), exercise))
    totals = replace(totals, relaxed=relaxed)
    report = replace(report, weeks=weeks_of(Session(at, done, totals), earlier))
    return PullMeasured(report, totals, ranges, window)


def known_figures(started: SessionStarted, anatomy: Anatomy) -> Figures:
    """What marks of earlier days say of the person's muscles, else what is known of anybody's."""
    marks = kept_marks(started.person, started.started_utc)
    relaxing = personal_tension(anatomy, marks, data_home())
    return GroupLengths.over(anatomy), relaxing.curves, relaxing.personal


def known_bounds(started: SessionStarted, anatomy: Anatomy) -> RangeBounds:
    ends = ends_at(started.config, started.person, started.started_utc)
    return range_bounds(anatomy, data_home(), ends)


def _totals(
    device: WornDevice,
    pull: Pull,
    measured: MeasuredTorque,
    ranges: RangeReport | None,
    weight: Weighed | None,
    refined: PullRefined | None,
) -> PullTotals:
    found = {r.kind: r for r in (ranges.results if ranges is not None else ())}
    extensible, borne = found.get(RangeKind.EXTENSIBILITY), found.get(RangeKind.TOLERANCE)
    greatest = None
    if weight is not None:
        most = int(np.argmax(np.abs(weight.torque_nm)))
        greatest = weight.at(float(weight.t_s[most]))
    refined = PullRefined() if refined is None else refined
    return PullTotals(
        device=device.name,
        coordinate=pull.coordinate,
        stiff=pull.stiff,
        standard_nm=measured.standard_nm,
        extensible_rad=None if extensible is None else extensible.angle_rad,
        borne_rad=None if borne is None else borne.angle_rad,
        borne_nm=None if borne is None else borne.resisting_nm,
        weight_nm=greatest,
        furthest_rad=refined.furthest_rad,
        furthest_nm=refined.furthest_nm,
        muscles=refined.muscles,
        why_not=None if refined.absent is None else refined.absent.value,
    )
