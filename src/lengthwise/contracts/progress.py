"""What a person tells of each day, where they stand in their plan, and what is decided of that."""

from enum import StrEnum

from msgspec import Struct

from lengthwise.contracts.week import MOST_LEVEL

_SCALE = "allowed: 0 to 10"


class SessionTold(Struct, frozen=True, forbid_unknown_fields=True):
    """One session. `before`, `during`: pain 0 to 10, during its most; None: not told. `stops`: ids
    of the limits that stopped it. `trained`: it held an exercise, and not tests alone."""

    before: float | None = None
    during: float | None = None
    stops: tuple[str, ...] = ()
    trained: bool = True

    def __post_init__(self) -> None:
        for pain in (self.before, self.during):
            if pain is not None and not 0.0 <= pain <= 10.0:
                raise ValueError(f"pain is {pain}; {_SCALE}")


class DayTold(Struct, frozen=True, forbid_unknown_fields=True):
    """`day` counts whole days. `pain`: usual pain of this day so far, before any session.
    `activity_lost`: things were left undone for pain in the last 24 hours; None: not asked.
    `cleared`: a clinician has looked since the plan was held. `flare`: the person says that it is
    clearly worse, whatever the numbers say. `more_stops`: further sessions of the day that were
    stopped beside `session`."""

    day: int
    pain: float | None = None
    activity_lost: bool | None = None
    session: SessionTold | None = None
    cleared: bool = False
    flare: bool = False
    more_stops: int = 0

    def __post_init__(self) -> None:
        if self.pain is not None and not 0.0 <= self.pain <= 10.0:
            raise ValueError(f"pain is {self.pain}; {_SCALE}")


class DaysTold(Struct, frozen=True, forbid_unknown_fields=True):
    """Days in their order, from a level on."""

    level: int
    days: tuple[DayTold, ...]

    def __post_init__(self) -> None:
        if not 0 <= self.level <= MOST_LEVEL:
            raise ValueError(f"a level is {self.level}; allowed: 0 to {MOST_LEVEL}")


class Grade(StrEnum):
    """How a session was borne, by the day after. `NOT_KNOWN` is never taken for green."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NOT_KNOWN = "not_known"


class Pending(Struct, frozen=True):
    """A session that waits for the pain of the day after."""

    day: int
    told: SessionTold


class Missed(StrEnum):
    """`RETEST`: what is short is measured anew before the next session."""

    NOTHING = "nothing"
    LOWER = "lower"
    RETEST = "retest"


class Standing(Struct, frozen=True):
    """Where a person stands. `volume` 0..1 of the dose; `since_day`: at this level; `green_days`
    since the last change, `ambers` since then and since as many greens as bring a step up; `pains`:
    (day, pain) of the last two weeks;
    `stop_days`: of those that may still count; `end_range_from_day`: no end of range before it;
    `flare_below_nrs`: a flare is the same one until less pain than this was told, None without
    one; `held`: a clinician is asked first; `missed`: what missed days have led to since the last
    session."""

    level: int
    volume: float = 1.0
    since_day: int = 0
    day: int | None = None
    green_days: tuple[int, ...] = ()
    ambers: int = 0
    pending: Pending | None = None
    pains: tuple[tuple[int, float], ...] = ()
    stop_days: tuple[int, ...] = ()
    last_session_day: int | None = None
    end_range_from_day: int | None = None
    held: bool = False
    missed: Missed = Missed.NOTHING
    flare_below_nrs: float | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.level <= MOST_LEVEL:
            raise ValueError(f"a level is {self.level}; allowed: 0 to {MOST_LEVEL}")

    @property
    def load(self) -> float:
        """By which two standings are compared; none while held."""
        return 0.0 if self.held else self.level + self.volume


class Move(StrEnum):
    """What is decided of a day. `EASY_DAYS`: three days without the end of any range."""

    STAY = "stay"
    UP = "up"
    DOWN = "down"
    EASY_DAYS = "easy_days"
    RETEST = "retest"
    CLINICIAN = "clinician"
    GO_ON = "go_on"


class Decided(Struct, frozen=True):
    """`grade` of the session that it is about; `reason`, `would_change`: ids of sentences."""

    day: int
    move: Move
    rule_ids: tuple[str, ...]
    evidence_ids: tuple[str, ...]
    reason: str
    would_change: str
    grade: Grade | None = None
