"""What a plan adapts to beside pain and days, and what it decides of that."""

from enum import StrEnum

from msgspec import Struct

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import MarkKind
from lengthwise.contracts.progress import DayTold, Decided, Standing
from lengthwise.contracts.week import MOST_LEVEL, WeekAsked

Muscle = tuple[MuscleGroup, Side]


def _within(name: str, value: float | None, most: float) -> None:
    if value is not None and not 0.0 <= value <= most:
        raise ValueError(f"{name} is {value}; allowed: 0 to {most:g}")


class Lived(Struct, frozen=True, forbid_unknown_fields=True):
    """A day beside its training. `stress` 0 to 10; `sleep_h` of the night before; `active_min`:
    minutes of moving about; `sitting_h`; None: not told, which is never taken for little."""

    stress: float | None = None
    sleep_h: float | None = None
    active_min: float | None = None
    sitting_h: float | None = None

    def __post_init__(self) -> None:
        _within("stress", self.stress, 10.0)
        _within("sleep_h", self.sleep_h, 24.0)
        _within("active_min", self.active_min, 1440.0)
        _within("sitting_h", self.sitting_h, 24.0)


class Expected(Struct, frozen=True, forbid_unknown_fields=True):
    """One exercise: pain that was expected before it, and the most that came, 0 to 10."""

    exercise_id: str
    expected: float
    actual: float | None = None

    def __post_init__(self) -> None:
        _within("expected", self.expected, 10.0)
        _within("actual", self.actual, 10.0)


class MarkTold(Struct, frozen=True, forbid_unknown_fields=True):
    """A mark of one day: a length (m) with its sd. `relief` None: not asked."""

    group: MuscleGroup
    side: Side
    kind: MarkKind
    length_m: float
    sd_m: float
    relief: bool | None = None

    def __post_init__(self) -> None:
        if not 0.0 < self.length_m < 3.0:
            raise ValueError(f"a mark is {self.length_m} m; allowed: above 0, below 3")
        if not 0.0 < self.sd_m < 1.0:
            raise ValueError(f"the sd of a mark is {self.sd_m} m; allowed: above 0, below 1")


class Borne(Struct, frozen=True, forbid_unknown_fields=True):
    """How one exercise of the day went: `well` by the person's own word; `effective_ratio`: seconds
    in the window of those led, None where nothing was seen."""

    exercise_id: str
    well: bool
    effective_ratio: float | None = None

    def __post_init__(self) -> None:
        _within("effective_ratio", self.effective_ratio, 1.0)


class AdaptDay(Struct, frozen=True, forbid_unknown_fields=True):
    """One day. `month` 1 to 12; `stretched`: muscles that were stretched on it."""

    told: DayTold
    lived: Lived = Lived()
    month: int | None = None
    expected: tuple[Expected, ...] = ()
    marks: tuple[MarkTold, ...] = ()
    borne: tuple[Borne, ...] = ()
    stretched: tuple[Muscle, ...] = ()

    def __post_init__(self) -> None:
        if self.month is not None and not 1 <= self.month <= 12:
            raise ValueError(f"a month is {self.month}; allowed: 1 to 12")


class AdaptTold(Struct, frozen=True, forbid_unknown_fields=True):
    """Days in their order, from a level on. `asked`: the question for a week with its answers of
    safety; without it nothing is ordered and no tolerance counts. `sessions_a_week`: as planned, by
    which adherence is counted; `southern`: summer is in January; `bandit`: whether equivalent
    variants are tried in turn, from `seed`."""

    level: int
    days: tuple[AdaptDay, ...]
    asked: WeekAsked | None = None
    sessions_a_week: float = 7.0
    southern: bool = False
    bandit: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.level <= MOST_LEVEL:
            raise ValueError(f"a level is {self.level}; allowed: 0 to {MOST_LEVEL}")
        if not 0.0 < self.sessions_a_week <= 7.0:
            raise ValueError(
                f"sessions a week are {self.sessions_a_week}; allowed: above 0, up to 7"
            )


class Adapt(StrEnum):
    """`RESCREEN`: the safety questions are asked anew before anything else is led. `ONE_THING`:
    what is new at a level, one of range, hold, dynamics and load, or the volume that comes back."""

    RESCREEN = "rescreen"
    ONE_THING = "one_thing"
    CHANGE_TARGETS = "change_targets"
    MEASURE_ANEW = "measure_anew"
    CLINICIAN = "clinician"
    WAIT = "wait"
    SMALLER_STEP = "smaller_step"
    NEXT_STEP = "next_step"
    SAME_STEP = "same_step"
    WEIGH = "weigh"
    VOLUME = "volume"


class Adaptation(Struct, frozen=True):
    """One decision. `about`: the exercise or what moved it, else empty; `ratio`: what it does to
    volume, weight or a step, 1 for nothing; `reason`, `would_change`: ids of sentences."""

    day: int
    action: Adapt
    rule_ids: tuple[str, ...]
    evidence_ids: tuple[str, ...]
    reason: str
    would_change: str
    about: str = ""
    ratio: float = 1.0


class Kept(Struct, frozen=True):
    """What is kept of one day for those to come."""

    day: int
    pain: float | None
    lived: Lived


class Step(Struct, frozen=True):
    """How much of an exercise is done while it is expected to hurt: thirds of its rounds."""

    exercise_id: str
    thirds: int


class Adaptive(Struct, frozen=True):
    """Where a person stands, and everything that decisions of later days lean on.

    `start_nrs`: median of the first week's pain; `session_days` since the start; `factor`: what
    season, stress, sleep and activity make of today's volume, .8 to 1.2; `sitting_h`: hours sat
    on a usual day, None before they were told on a week of days; `retargeted`: muscles that stand
    back since week six.
    """

    standing: Standing
    sessions_a_week: float = 7.0
    southern: bool = False
    start_day: int | None = None
    start_pains: tuple[float, ...] = ()
    session_days: tuple[int, ...] = ()
    kept: tuple[Kept, ...] = ()
    steps: tuple[Step, ...] = ()
    stretched: tuple[Muscle, ...] = ()
    retargeted: tuple[Muscle, ...] = ()
    reviews: tuple[int, ...] = ()
    factor: float = 1.0
    sitting_h: float | None = None

    @property
    def volume(self) -> float:
        """Share of the week's time for today; never more than all of it."""
        return min(self.standing.volume * self.factor, 1.0)


class AdaptedDay(Struct, frozen=True):
    """Everything that was decided of one day."""

    moved: Decided
    adapted: tuple[Adaptation, ...]


class Case(Struct, frozen=True, forbid_unknown_fields=True):
    """An exercise on a kept day, with what was told before it; None: not told."""

    day: int
    exercise_id: str
    well: bool
    level: int
    pain: float | None = None
    stress: float | None = None
    sleep_h: float | None = None


class Neighbour(Struct, frozen=True):
    """A kept day near to today. `distance` 0 (alike) to 1; `shared`: what both days tell."""

    case: Case
    distance: float
    shared: tuple[str, ...]


class Ordered(Struct, frozen=True):
    """One of several equivalent exercises. `score`: share of its nearest days that went well; None
    without one."""

    exercise_id: str
    score: float | None
    neighbours: tuple[Neighbour, ...]


class NoChoice(StrEnum):
    """Why nothing is tried in turn."""

    OFF = "off"
    FEWER_THAN_TWO = "fewer_than_two"
    NOT_EQUIVALENT = "not_equivalent"


class Choice(Struct, frozen=True):
    """One of equivalent variants, drawn from a kept seed. `propensities`: the chance that each had,
    in the order of `variants`; they sum to 1."""

    day: int
    seed: int
    variants: tuple[str, ...]
    propensities: tuple[float, ...]
    chosen: str
