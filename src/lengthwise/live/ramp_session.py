"""A session in which a ramp to tolerance is asked for: how it is led, and what is against it."""

from msgspec.structs import replace

from lengthwise.coach.ramping import RampLead
from lengthwise.contracts.coordinates import ANATOMICAL, INDEX
from lengthwise.contracts.muscles import GROUP_INDEX
from lengthwise.contracts.person import Mark
from lengthwise.contracts.session import SessionStarted
from lengthwise.live.ramp_asked import Muscle as Muscle
from lengthwise.live.ramp_asked import asked_on as asked_on
from lengthwise.live.ramp_asked import bars_of, targets_of, without_warmth
from lengthwise.live.ramp_asked import check_asked as check_asked
from lengthwise.live.ramp_asked import refusals as refusals
from lengthwise.plan.ramp_permission import RampBar
from lengthwise.tissue import engine
from lengthwise.tissue.effects import path_rad

_ANATOMICAL = slice(INDEX[ANATOMICAL[0]], INDEX[ANATOMICAL[-1]] + 1)


def targets(started: SessionStarted) -> tuple[Muscle, ...]:
    """What the ramp of a session lengthens, the first target first; empty without an exercise."""
    return targets_of(started.config)


def bars(started: SessionStarted) -> tuple[RampBar, ...]:
    """Everything against it by what is known at the start, that warmth is not known included."""
    return bars_of(started.config)


def lead(started: SessionStarted) -> RampLead | None:
    """How the coach is to lead it: warmth alone may still come in the session itself. None where
    a place is looked for instead: there the old marks stay."""
    config = started.config
    if config.ramp is None or config.exercise_id is None or config.repositioning is not None:
        return None
    permitted = not without_warmth(bars(started))
    return RampLead(permitted, started.config.care.warm is True, holds=config.ramp.holds)


def lead_on(started: SessionStarted, tissue: engine.Params) -> RampLead | None:
    """The same, with where the exercise's way, as drawn, takes the first target on this body."""
    leading, muscles = lead(started), targets(started)
    if leading is None or tissue.exercise is None or not muscles:
        return leading
    group, side = muscles[0]
    end_rad = path_rad(tissue.exercise.for_side(tissue.sides[0]))[-1][_ANATOMICAL]
    row = GROUP_INDEX[group, side]
    beyond_m = tissue.groups.lengths_m(end_rad)[row] - tissue.bounds.shortest_m[row]
    return replace(leading, end_fraction=float(beyond_m / tissue.span_m[row]))


def marks_between(started: SessionStarted, marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """The marks that a session is measured between. A ramp that may be led leaves out those of what
    it lengthens: their ceiling would end it before the old tolerance. All others forbid as ever."""
    leading = lead(started)
    if leading is None or not leading.permitted:
        return marks
    ramped = set(targets(started))
    return tuple(m for m in marks if (m.group, m.side) not in ramped)
