"""What a person and their clinician told for the plan and no sensor measures, kept as one file."""

from msgspec import Struct

from lengthwise.contracts.handover import DecidedTold, GoalTold, PlannedTold, on_scale
from lengthwise.contracts.ladder import Rung, Tried
from lengthwise.contracts.teaching import FlarePlan, Track, VisitMade
from lengthwise.contracts.week import MOST_LEVEL, Clinician
from lengthwise.contracts.workday import WorkdayTold


class MovementTold(Struct, frozen=True, forbid_unknown_fields=True):
    """Pain of the person's own painful movement, 0 to 10, before and after a session; None: not
    told."""

    session_id: str
    before: float | None = None
    after: float | None = None

    def __post_init__(self) -> None:
        on_scale(before=self.before, after=self.after)


class PlanBook(Struct, frozen=True, forbid_unknown_fields=True):
    """`clinician`: their word on level, exercises and rules of phase and flare; `since`: when the
    back pain began; `movement`: the person's own painful movement, in their
    words; `asks`: what they would like to know from their physiotherapist. `level` of the plan;
    None bars what comes later. `visits`: sessions with a clinician.
    `rungs`: the person's own ladder, and what was tried of it."""

    since: str = ""
    goal: GoalTold | None = None
    movement: str = ""
    movements: tuple[MovementTold, ...] = ()
    planned: tuple[PlannedTold, ...] = ()
    decided: tuple[DecidedTold, ...] = ()
    asks: tuple[str, ...] = ()
    level: int | None = None
    track: Track | None = None
    visits: tuple[VisitMade, ...] = ()
    flare_plan: FlarePlan | None = None
    rungs: tuple[Rung, ...] = ()
    tries: tuple[Tried, ...] = ()
    workday: WorkdayTold | None = None
    clinician: Clinician | None = None

    def __post_init__(self) -> None:
        if self.level is not None and not 0 <= self.level <= MOST_LEVEL:
            raise ValueError(f"a level is {self.level}; allowed: 0 to {MOST_LEVEL}")
