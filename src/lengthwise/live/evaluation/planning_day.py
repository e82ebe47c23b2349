"""What is written down of each simulated day of a programme, for the tables and the checker."""

from msgspec import Struct, field

from lengthwise.contracts.care import Care
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.progress import DayTold

Muscle = tuple[MuscleGroup, Side]


class Given(Struct, frozen=True):
    """One exercise of a day. `lengthens`: whether it is a stretch that is held."""

    exercise_id: str
    sides: tuple[Side, ...]
    rounds: int
    hold_s: float
    takes_s: float
    lengthens: bool


class Hold(Struct, frozen=True):
    """One hold as it truly was: `position` between the two true marks of the day (0 and 1); `led`
    inside a numeric window, so that its seconds count as effective; `first`: of the muscle that the
    exercise names first, by which holds are counted; `why`: what led it, in words."""

    muscle: Muscle
    seconds: float
    position: float
    led: bool
    first: bool = True
    why: str = "by feel"


class DayLog(Struct, frozen=True):
    """`level`, `volume`, `held`: as they held for this day's exercises. `care`: as told for it,
    `barred` None where nobody asked. `ramps`: each that was led; `ramp_ends`: where they truly
    ended. `moved`: the factor of season, sleep and the rest. `held_back`: what left every stretch
    out, where the plan gave none."""

    told: DayTold
    level: int
    volume: float
    held: bool
    care: Care
    barred: tuple[str, ...] | None
    kneel: bool
    floor: bool
    given: tuple[Given, ...] = ()
    holds: tuple[Hold, ...] = ()
    ramps: tuple[Muscle, ...] = ()
    ramp_ends: tuple[float, ...] = ()
    moved: float = 1.0
    said: tuple[str, ...] = ()
    held_back: tuple[str, ...] = ()


class Life(Struct):
    """Twelve weeks of one person under one programme. `gained_m`: range at tolerance gained at the
    end, mean over what was short."""

    number: int
    programme: str
    days: list[DayLog] = field(default_factory=list)
    gained_m: float = 0.0
    end_nrs: float = 0.0
