"""A simulated person as data: who they are, how they stand now, and what their body really does."""

from dataclasses import dataclass, field

import numpy as np
from msgspec import Struct

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.decision import QuestionId
from lengthwise.contracts.observation import PersonSignal
from lengthwise.reference.exercises import Exercise
from lengthwise.sim.faults import Fault, FaultKind
from lengthwise.sim.motion import Traits
from lengthwise.sim.stance import Stance

_CYCLE_S = 12.0


@dataclass(frozen=True)
class Params:
    """`exercise` as written for the left side; `sway_ratio`: how much of the usual sway there is;
    `looks_for`: the angle whose place is looked for with eyes closed, missed as with `back_pain`;
    `reach`: of a test, the share of the drawn path that is as far as the person goes, and `answers`
    to its questions, in the order of asking, the last one for all that follow; `carried`: the
    window position that the person goes to by themselves where a band draws them on from there.
    The other fields follow.
    """

    exercise: Exercise
    sides: tuple[Side, ...]
    seed: int
    traits: Traits
    faults: tuple[Fault, ...] = ()
    sway_ratio: float = 1.0
    looks_for: Coordinate | None = None
    back_pain: bool = False
    reach: float = 1.0
    answers: dict[QuestionId, tuple[float, ...]] = field(default_factory=dict)
    carried: float | None = None
    stances: dict[Side, Stance] = field(init=False)
    tips: float = field(init=False)
    cycle_s: float = field(init=False)

    def __post_init__(self) -> None:
        mistaken = any(f.kind is FaultKind.WRONG_SIDE for f in self.faults)
        sides = tuple(Side) if mistaken else self.sides
        stances = {s: Stance(self.exercise.for_side(s)) for s in sides}
        warned = [c for c in self.exercise.constraints if c.coordinate is Coordinate.PELVIS_TILT]
        tips = -1.0 if warned and warned[0].direction < 0 else 1.0
        cycle_s = self.exercise.dose.tempo.cycle_s or _CYCLE_S
        derived = {"stances": stances, "tips": tips, "cycle_s": cycle_s}
        for name, value in derived.items():
            object.__setattr__(self, name, value)


class State(Struct, frozen=True):
    """`share` of the path now and its rate of change; times are since when something is so.

    `turning_from`, `turning_share`: side and share that the person comes from when changing sides.
    `loaded_since_s`: led into a stretch; `hold_since_s`: holding; `holds` begun so far.
    `windowed`: a numeric window was shown in this stretch. `asked_s`: asked to correct something.
    `heard`: the last cue, `heeded` whether it was followed, `aim_change` what deeper and ease have
    added to the aim. `felt`: the first gentle pull of this way in has been told. `answered_s`:
    since when the question that was answered last was open. `cues`: heard so far. `breathless_s`:
    time without breath so far; `freed`: the hold in which the person was told to ease, and breathes
    again. `place`: share of the path that is looked for again, `finds`: how often so far.
    `ramps`: past the first gentle pull of a ramp; `ramp_said`: what is said in it was; `answers`
    given so far.
    """

    t_s: float
    side: Side
    share: float = 0.0
    share_per_s: float = 0.0
    turning_from: Side | None = None
    turning_share: float = 0.0
    turning_since_s: float = 0.0
    loaded_since_s: float | None = None
    hold_since_s: float | None = None
    holds: int = 0
    windowed: bool = False
    asked_s: float | None = None
    heard: str | None = None
    heard_s: float = 0.0
    heeded: bool = True
    aim_change: float = 0.0
    felt: bool = False
    answered_s: float | None = None
    cues: int = 0
    breathless_s: float = 0.0
    freed: int = 0
    place: float | None = None
    finds: int = 0
    ramps: bool = False
    ramp_said: bool = False
    answers: int = 0

    @property
    def held_s(self) -> float:
        return 0.0 if self.hold_since_s is None else self.t_s - self.hold_since_s


class Truth(Struct, frozen=True):
    """`pose_rad` (21,) what the body really does; `share` of the path; a word of the person.

    `aside_m`: how far the person has stepped to their left; `company`: someone else is in view;
    `rolled`: lies on the right side (1) or the left one (-1), or is on the way between; else 0.
    `chest`: out (1) or in (-1); `breath_held`: it stays where it is. `cat`: how much of its way in
    front of the camera a cat has gone, None where there is none.
    """

    t_s: float
    pose_rad: np.ndarray
    share: float
    side: Side
    signal: PersonSignal | None = None
    aside_m: float = 0.0
    company: bool = False
    rolled: float = 0.0
    chest: float = 0.0
    breath_held: bool = False
    cat: float | None = None
