"""What the taking of a test's result is given, and what it remembers."""

from enum import StrEnum
from math import sqrt

from msgspec import Struct

from lengthwise.coach.compensation import Keeping
from lengthwise.coach.limits.actions import Action
from lengthwise.contracts.states import Estimate
from lengthwise.contracts.tested import Untaken
from lengthwise.reference.exercise_taken import Asked, OfTries, Way


class Stage(StrEnum):
    """`READY`: at the start; `ASK_BEFORE`, `ASK_AFTER`: what is felt at rest; `OUT`: on the way, by
    themselves; `STAY`: there; `ASKED`: there, what a distant joint changes; `HELD`: the time runs;
    `BACK`: come back; `OVER`: nothing follows."""

    READY = "ready"
    ASK_BEFORE = "ask_before"
    OUT = "out"
    STAY = "stay"
    ASKED = "asked"
    HELD = "held"
    BACK = "back"
    ASK_AFTER = "ask_after"
    OVER = "over"


class Rule(Struct, frozen=True):
    """`way_rad`: how far the measured angle goes along the drawn path, above 0: a direction and a
    scale, never a goal. `absolute`: from upright standing and not from the start. `controlled`:
    something has to be kept."""

    way: Way
    way_rad: float
    tries: int = 1
    of_tries: OfTries = OfTries.MEDIAN
    absolute: bool = False
    controlled: bool = False
    asks: tuple[Asked, ...] = ()
    leaves_rad: float = 0.0
    longest_s: float = 0.0
    cycles: int | None = None


class Moment(Struct, frozen=True):
    """`angle` measured, + in the direction of the movement, None: not known; `change` of it since
    the start, with the sd of a difference. `keeping`: the worst of what has to be kept. `allowed`:
    the envelope's word, None: it has none; `by_load`: the load of the low back is among its
    reasons. `here`: a first gentle pull or enough, said on the way;
    `enough`: enough of what is held; `answer` to the question that is open."""

    t_s: float
    angle: Estimate | None
    change: Estimate | None = None
    keeping: Keeping = Keeping.NOT_KNOWN
    allowed: Action | None = None
    by_load: bool = False
    here: bool = False
    enough: bool = False
    answer: float | None = None


class Stayed(Struct, frozen=True):
    """A period in which the angle stayed by `anchor_rad`; `keeping` the worst in it."""

    since_s: float
    anchor_rad: float
    frames: int = 0
    unseen: int = 0
    value_sum: float = 0.0
    square_sum: float = 0.0
    sd: float = 0.0
    keeping: Keeping = Keeping.KEPT

    def added(self, value: float, sd: float, keeping: Keeping) -> "Stayed":
        return Stayed(
            self.since_s,
            self.anchor_rad,
            self.frames + 1,
            self.unseen,
            self.value_sum + value,
            self.square_sum + value * value,
            max(self.sd, sd),
            min(self.keeping, keeping),
        )

    def missed(self) -> "Stayed":
        return Stayed(
            self.since_s,
            self.anchor_rad,
            self.frames,
            self.unseen + 1,
            self.value_sum,
            self.square_sum,
            self.sd,
            self.keeping,
        )

    @property
    def mean(self) -> float:
        return self.value_sum / self.frames

    @property
    def spread(self) -> float:
        """Standard deviation of the value in it: who still sways is known less surely."""
        return sqrt(max(self.square_sum / self.frames - self.mean**2, 0.0))

    @property
    def seen_ratio(self) -> float:
        return self.frames / max(self.frames + self.unseen, 1)


class Top(Struct, frozen=True):
    """The furthest of a try so far: `gone_rad` from the start, and the measured `angle` there."""

    gone_rad: float
    angle: Estimate
    keeping: Keeping


class Try(Struct, frozen=True):
    angle: Estimate
    keeping: Keeping


class State(Struct, frozen=True):
    """`since_s`: of the stage; `smooth_rad`: the angle without its jitter; `near_s`: since
    when the start is near again; `eased_s`: since when
    the envelope asks for easing. `start`: the measured angle where it began; `recent`: instants
    (time, way, angle, keeping) of a short while on the way. `spoilt`: tries that were none, with
    why; `held`: the angle that is held, `held_for` (s) how long it was; `doubt_s`, `left_s`: since
    when it may have left its place, and surely has. `control_s`: when what has to be kept was last
    known. `placed`: this very step took the start.
    """

    stage: Stage = Stage.READY
    t_s: float | None = None
    since_s: float | None = None
    seen_s: float | None = None
    smooth_rad: float | None = None
    near_s: float | None = None
    control_s: float | None = None
    eased_s: float | None = None
    still: Stayed | None = None
    stayed: Stayed | None = None
    recent: tuple[tuple[float, float, Estimate, Keeping], ...] = ()
    start: Estimate | None = None
    top: Top | None = None
    tries: tuple[Try, ...] = ()
    spoilt: tuple[Untaken, ...] = ()
    asked: bool = False
    symptom: bool | None = None
    before: int | None = None
    after: int | None = None
    outward: bool = False
    cycles: int = 0
    sets: int = 0
    held: Estimate | None = None
    held_for: Estimate | None = None
    at_least: bool = False
    doubt_s: float | None = None
    left_s: float | None = None
    untaken: Untaken | None = None
    placed: bool = False
