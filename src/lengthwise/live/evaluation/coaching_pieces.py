"""One led hold: what is asked for, what is kept of it on the way, and what is told of it."""

from dataclasses import dataclass, field
from math import radians

from msgspec import Struct

from lengthwise.coach.compensation import Keeping
from lengthwise.coach.hold_clock import Counting
from lengthwise.coach.reasons import ReasonId
from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.decision import Decision, DecisionKind, Guidance, Phase
from lengthwise.live.evaluation.coaching_ceiling import Above, Sight
from lengthwise.reference.exercises import Constraint, Exercise
from lengthwise.sim.faults import Fault, FaultKind

FAULT_RATIO = 1.6
"""A coordinate leaves by so many tolerances."""
WITHIN_S = 1.5
_FAULT_AFTER_S, _FAULT_LASTS_S = 6.0, 12.0
_FAULT_LATEST = 0.4
"""Of a short hold: the share of it after which a fault begins at the latest."""


class Piece(Struct, frozen=True):
    """`noise_mm`: sd of the white part of landmark noise, None without a camera; `fault` None: the
    person does it cleanly."""

    exercise_id: str
    sensors: str
    noise_mm: float | None
    seed: int
    fault: Coordinate | None = None


class Outcome(Struct, frozen=True):
    """What became of a fault. `visible_s`: into the hold, when the truth passed the tolerance, None
    where it never did. `first_cue`, `delay_s`: the first words after that, or those of the
    constraint while it was leaving; `on_it`: they are those of the constraint, `right`: and came in
    time. `known`, `doubted`: whether in the time asked for the coordinate was known at all, and no
    surer than doubtful; `noticed`: judged beyond.
    """

    visible_s: float | None = None
    first_cue: str | None = None
    delay_s: float | None = None
    known: bool = False
    doubted: bool = False
    noticed: bool = False
    on_it: bool = False
    right: bool = False


class Run(Struct, frozen=True):
    """Seconds are of one hold. `began`: it began at all; else `why_not`, the last reasons.

    `told_s` told effective, `false_s` of that wrongly, `unseen_false_s` wrongly as well, but for a
    constraint that is not required and was not known, `unsaid_s` of that not marked as counted
    without it; `due_s` really effective while it was known, `missed_s` of that not counted; `above`
    a ceiling, in parts; `abstained_s` neither counted nor refused for want of knowledge;
    `unknown_effective_s` counted while something required was not known; `unexplained_s` abstained
    without a reason on the screen; `reasons` why it abstained, seconds each; `unsure_cycles` are
    hollow ones; `other_side` how often it was said to be the other side.
    """

    piece: Piece
    began: bool
    why_not: tuple[str, ...] = ()
    began_by: tuple[str, ...] = ()
    ended_by: tuple[str, ...] = ()
    led_from_s: float | None = None
    hold_s: float = 0.0
    told_s: float = 0.0
    false_s: float = 0.0
    unseen_false_s: float = 0.0
    unsaid_s: float = 0.0
    due_s: float = 0.0
    missed_s: float = 0.0
    abstained_s: float = 0.0
    above: Above = Above()
    windowed_s: float = 0.0
    unknown_effective_s: float = 0.0
    unexplained_s: float = 0.0
    reasons: dict[str, float] = {}
    missed_reasons: dict[str, float] = {}
    corrections: tuple[str, ...] = ()
    false_corrections: int = 0
    cycles: int | None = None
    unsure_cycles: int | None = None
    true_cycles: int | None = None
    truly_beyond_s: float = 0.0
    other_side: int = 0
    outcome: Outcome | None = None


@dataclass(frozen=True)
class Moment:
    """One frame of the hold, as the coach saw it. `gauge`: the target it goes by, -1: none."""

    t_s: float
    counting: Counting
    keeping: tuple[Keeping, ...]
    gauge: int
    missing: bool
    sight: Sight
    guidance: Guidance


@dataclass
class Heard:
    """What has been followed so far."""

    moments: list[Moment] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    led: list[Guidance] = field(default_factory=list)
    begun_s: float | None = None
    hold_s: float | None = None
    phase: Phase = Phase.GET_READY


def times_other_side(heard: Heard) -> int:
    """How often it was said to be the other side: nobody here takes another than is led."""
    return sum(
        d.kind is DecisionKind.CUE and d.cue_id == ReasonId.SIDE_OTHER for d in heard.decisions
    )


def constraint_of(chosen: Exercise, coordinate: Coordinate) -> Constraint:
    return next(c for c in chosen.constraints if c.coordinate is coordinate)


def fault_of(chosen: Exercise, coordinate: Coordinate) -> Fault:
    c = constraint_of(chosen, coordinate)
    size_rad = FAULT_RATIO * radians(c.tolerance_deg) * (c.direction or 1)
    from_s = min(_FAULT_AFTER_S, _FAULT_LATEST * chosen.dose.hold_s)
    return Fault(FaultKind.LEAVES, from_s, from_s + _FAULT_LASTS_S, size_rad, coordinate=coordinate)
