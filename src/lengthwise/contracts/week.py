"""What a week of exercise is asked for with, and the week that comes of it."""

from enum import StrEnum
from math import isfinite

from msgspec import Struct

from lengthwise.contracts.care import Care, Direction
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup

MOST_MINUTES = 10.0
MOST_LEVEL = 5


class NeededLength(Struct, frozen=True, forbid_unknown_fields=True):
    """A muscle group and side that is short. `weight` above 0, up to 1: how much it matters beside
    the others; `finding`: what was found, in a few plain words."""

    group: MuscleGroup
    side: Side
    weight: float
    finding: str = ""

    def __post_init__(self) -> None:
        if not 0.0 < self.weight <= 1.0:
            raise ValueError(f"a weight is {self.weight}; allowed: above 0, up to 1")


class Clinician(Struct, frozen=True, forbid_unknown_fields=True):
    """What a physiotherapist or doctor has said, with the `reason` that is kept beside it.

    `level_most`: no level above it; `left_out`: exercises; `lifted`: rules of phase and flare that
    do not hold for this person. Those of screening, nerve and direction can be lifted by nobody.
    `preferred`: the direction to move in while pain is new; it comes before what tests found.
    """

    reason: str
    level_most: int | None = None
    left_out: tuple[str, ...] = ()
    lifted: tuple[str, ...] = ()
    preferred: Direction | None = None

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError("a clinician's word has no reason; give one")
        for rule in self.lifted:
            if not rule.startswith(_LIFTABLE):
                raise ValueError(f"{rule} is lifted; allowed: rules of phase (P.) and flare (F.)")


_LIFTABLE = ("P.", "F.")


class WeekAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """One person before one week. What is None was not asked, and bars like a yes.

    `level` 0 to 5; `barred`: rules that the safety questions raised, none where all were well;
    `kneel`, `floor`: can kneel, can get down to the floor and up alone; `left_out`: exercises that
    the person cannot or will not do; `liked`: those they would rather do, which decides between
    equals. `volume`: share of the week's time that is used, from 0.1 (`progress.Standing`).
    `sitting_h`: hours sat on a usual day, by which needs are weighed once (`plan.sitting`); None:
    not told, and nothing is. `preferred`: the direction that tests found (`Impairments`).
    """

    level: int
    care: Care
    needs: tuple[NeededLength, ...] = ()
    barred: tuple[str, ...] | None = None
    kneel: bool | None = None
    floor: bool | None = None
    left_out: tuple[str, ...] = ()
    liked: tuple[str, ...] = ()
    minutes_a_day: float = MOST_MINUTES
    volume: float = 1.0
    clinician: Clinician | None = None
    sitting_h: float | None = None
    preferred: Direction | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.level <= MOST_LEVEL:
            raise ValueError(f"a level is {self.level}; allowed: 0 to {MOST_LEVEL}")
        minutes = self.minutes_a_day
        if not (isfinite(minutes) and 2.0 <= minutes <= MOST_MINUTES):
            raise ValueError(f"minutes a day are {minutes}; allowed: 2 to {MOST_MINUTES:g}")
        if not 0.1 <= self.volume <= 1.0:
            raise ValueError(f"a volume is {self.volume}; allowed: 0.1 to 1")
        if self.sitting_h is not None and not 0.0 <= self.sitting_h <= 24.0:
            raise ValueError(f"hours sitting are {self.sitting_h}; allowed: 0 to 24")
        named = [(need.group, need.side) for need in self.needs]
        if len(set(named)) != len(named):
            raise ValueError("a muscle and side is named twice; allowed: once each")


class Purpose(StrEnum):
    BREATH = "breath"
    REST = "rest"
    MOVE = "move"
    CONTROL = "control"
    LENGTH = "length"
    WALK = "walk"


class PlannedItem(Struct, frozen=True):
    """One exercise of a day. `sides`: in this order; empty where both work at once. `takes_s`: with
    coming in, rests and changing sides."""

    exercise_id: str
    sides: tuple[Side, ...]
    purpose: Purpose
    rounds: int
    hold_s: float
    takes_s: float


class Why(Struct, frozen=True):
    """Why an exercise stands in a week. `serves`: the needs that it lengthens, the heaviest first;
    `gain_ratio`: how far it takes that one beside the best of the `among` exercises that may be
    given for it; None where nothing is lengthened. `direction`: the preferred one, where it moves
    that way."""

    exercise_id: str
    purpose: Purpose
    times: int
    serves: tuple[NeededLength, ...]
    gain_ratio: float | None
    among: int
    rule_ids: tuple[str, ...]
    evidence_ids: tuple[str, ...]
    direction: Direction | None = None


class Lack(StrEnum):
    """Why a need gets less than its floor."""

    NO_EXERCISE = "no_exercise"
    BARRED = "barred"
    TIME = "time"


class Unmet(Struct, frozen=True):
    """A need that gets less than its floor this week, and why. `bars`: reasons that leave out the
    exercises there are for it."""

    need: NeededLength
    week_s: float
    lack: Lack
    bars: tuple[str, ...] = ()


class Missing(Struct, frozen=True):
    """What every week is to have and this one has not. `bars`: what leaves out each exercise there
    is for it; empty: the time is too short."""

    purpose: Purpose
    bars: tuple[str, ...] = ()


class Day(Struct, frozen=True):
    """`number` 1 to 7. `items` in the order of doing them."""

    number: int
    items: tuple[PlannedItem, ...]

    @property
    def takes_s(self) -> float:
        return sum(item.takes_s for item in self.items)


class Action(StrEnum):
    """`NO_STRETCH`: a week without lengthening, as nothing may be or need be lengthened."""

    WEEK = "week"
    NO_STRETCH = "no_stretch"


class Week(Struct, frozen=True):
    """`rule_ids`: all rules that decided; `missing`: of control and walking; `gives_s`: seconds of
    lengthening of each need, in the order of the needs asked, which is by muscle and side."""

    action: Action
    days: tuple[Day, ...]
    why: tuple[Why, ...]
    unmet: tuple[Unmet, ...]
    needs: tuple[NeededLength, ...]
    gives_s: tuple[float, ...]
    rule_ids: tuple[str, ...]
    evidence_ids: tuple[str, ...]
    missing: tuple[Missing, ...] = ()
