"""Whether a session may drive a band, on which side, and why not: asked once, as it begins.

Nothing pulls without a window of this person that the plan has settled, where the exercise's data
do not allow a band or the band pulls at another joint, and where rule D lets nobody be led by a
graded pull: a case of it that is not known bars as one that is.
"""

from collections.abc import Sequence

from lengthwise.coach import coach
from lengthwise.coach.plan import SidePlan
from lengthwise.contracts.band import Withheld
from lengthwise.contracts.devices import Pull, WornDevice
from lengthwise.contracts.person import Mark, MarkKind, Window
from lengthwise.contracts.session import SessionConfig
from lengthwise.live.driving import Params, SideDrive
from lengthwise.plan.ramp_permission import RampCase, ramp_bars


def driving_params(
    config: SessionConfig, led: coach.Params | None, marks: Sequence[Mark]
) -> Params | None:
    """`marks` that the session goes by. None: no band is to be driven, or nothing leads a stretch
    that one could be driven in."""
    driven = [d for d in config.devices or () if d.drive is not None]
    if led is None or not driven or led.ramp is not None or led.check:
        return None
    band = driven[0]
    assert band.drive is not None
    sides = tuple(_side(band, plan, led, marks) for plan in led.plans)
    return Params(band.name, band.drive.most_n, sides)


def _side(band: WornDevice, plan: SidePlan, led: coach.Params, marks: Sequence[Mark]) -> SideDrive:
    if not plan.stretch or plan.exercise.band is None:
        return SideDrive(Withheld.NOT_THIS_EXERCISE)
    if band.pull is None or not _along(band.pull, plan):
        return SideDrive(Withheld.NOT_THIS_JOINT)
    bars = tuple(_bars(plan, led))
    if bars:
        return SideDrive(Withheld.BARRED, bars)
    kinds = {(m.group, m.side, m.kind) for m in marks}
    settled = all((*target, kind) in kinds for target in plan.targets for kind in MarkKind)
    if not plan.targets or not settled or not led.window_leads:
        return SideDrive(Withheld.NO_WINDOW)
    return SideDrive(None, (), plan.targets, _within_all(plan.windows))


def _along(pull: Pull, plan: SidePlan) -> bool:
    """Whether it turns a joint of the way into the stretch, in its sense."""
    spans = {part.coordinate: part.span_rad for part in plan.path}
    return pull.way * spans.get(pull.coordinate, 0.0) > 0.0


def _bars(plan: SidePlan, led: coach.Params) -> list[str]:
    found: dict[str, None] = {}
    for group, side in plan.targets:
        case = RampCase(led.care, group, side, led.exercise, warm=led.care.warm, ramped_today=())
        found |= dict.fromkeys(ramp_bars(case))
    return list(found)


def _within_all(windows: Sequence[Window]) -> Window:
    first = windows[0]
    return Window(
        first.group,
        first.side,
        max(w.low for w in windows),
        min(w.high for w in windows),
        min(w.ceiling for w in windows),
    )
