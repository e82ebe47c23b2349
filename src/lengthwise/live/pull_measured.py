"""What a session's gauge or band measured, once it is over: its marks are looked for in the record
again, now that the torque is known."""

from collections.abc import Callable, Iterable
from pathlib import Path

from msgspec import Struct

from lengthwise.contracts.session import SessionEvent, SessionStarted
from lengthwise.live.pull_taken import PullTaken
from lengthwise.live.pull_told import Before, PullReport, before, over_weeks, pull_device
from lengthwise.live.range_results import RangeCount
from lengthwise.live.torque_window import TorqueWindowCount
from lengthwise.reference.exercises import Exercise


class PullMeasured(Struct, frozen=True):
    """`ranges` and `torque_window` None where nothing measured the joint's torque."""

    report: PullReport
    ranges: RangeCount | None = None
    torque_window: TorqueWindowCount | None = None


def pull_measured(
    pull: PullTaken,
    started: SessionStarted,
    exercise: Exercise | None,
    events: Callable[[], Iterable[SessionEvent]],
    *,
    earlier_beside: Path | None,
) -> PullMeasured:
    """`events` reads the session once more. `earlier_beside`: its folder, where the folders beside
    it are earlier sessions of the same person. Raises StorageError where it cannot be read."""
    device = pull_device(started.config.devices)
    if device is None or device.pull is None:
        return PullMeasured(PullReport(device))
    relaxed = pull.relaxed()
    earlier: tuple[Before, ...] = ()
    if device.pull.stiff and earlier_beside is not None:
        earlier = before(earlier_beside, device.pull.coordinate.value)
    weeks = over_weeks(started.started_utc, relaxed, earlier) if earlier else None
    report, measured = PullReport(device, relaxed, weeks), pull.measured()
    if measured is None:
        return PullMeasured(report)
    ranges = RangeCount(exercise, measured)
    window = TorqueWindowCount(measured, exercise, started.person.windows)
    for event in events():
        ranges.take(event)
        window.take(event)
    return PullMeasured(report, ranges, window)
