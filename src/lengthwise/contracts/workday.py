"""A person's usual working day, and short breaks to move that fit into it."""

from enum import StrEnum

from msgspec import Struct

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.week import WeekAsked

DAY_MIN = 24 * 60


class Desk(StrEnum):
    """How most of the day is worked."""

    SITTING = "sitting"
    SIT_STAND = "sit_stand"
    STANDING = "standing"
    ON_THE_MOVE = "on_the_move"


class Pause(Struct, frozen=True, forbid_unknown_fields=True):
    """A break that there is anyway, in minutes of the day."""

    at_min: int
    minutes: int

    def __post_init__(self) -> None:
        if not (0 <= self.at_min < DAY_MIN and 1 <= self.minutes <= 240):
            raise ValueError(
                f"a break is {self.minutes} minutes at {self.at_min}; allowed: 1 to 240 minutes, "
                "begun at minute 0 to 1439 of the day"
            )


class WorkdayTold(Struct, frozen=True, forbid_unknown_fields=True):
    """`from_min`, `until_min`: minutes of the day; `sitting_h`: hours a day that are sat; None: not
    told. `minutes_each` of a break, and at most `most` a day, as the person likes; `stands`: may
    stand up for it and walk some steps. `asked`: as for a week; None bars all but walking."""

    from_min: int
    until_min: int
    desk: Desk
    sitting_h: float | None = None
    pauses: tuple[Pause, ...] = ()
    minutes_each: float = 2.0
    most: int = 6
    stands: bool = True
    asked: WeekAsked | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.from_min < self.until_min <= DAY_MIN:
            raise ValueError(
                f"work is from minute {self.from_min} to {self.until_min}; allowed: 0 to "
                f"{DAY_MIN}, the end after the beginning"
            )
        if self.sitting_h is not None and not 0.0 <= self.sitting_h <= 24.0:
            raise ValueError(f"hours sitting are {self.sitting_h}; allowed: 0 to 24")
        if not 1.0 <= self.minutes_each <= 10.0:
            raise ValueError(f"a break is {self.minutes_each} minutes; allowed: 1 to 10")
        if not 0 <= self.most <= 24:
            raise ValueError(f"at most {self.most} breaks; allowed: 0 to 24")


class Doing(StrEnum):
    WALK = "walk"
    EXERCISE = "exercise"


class Break(Struct, frozen=True):
    """One prompt to move: a suggestion, to be put off as often as one likes. `exercise_id` None:
    some steps."""

    at_min: int
    minutes: float
    doing: Doing
    exercise_id: str | None = None
    sides: tuple[Side, ...] = ()


class Workday(Struct, frozen=True):
    """`longest_min`: the longest time without a break, with these and without. `weighed`: how
    much the weight of a muscle and side moves by the hours that are sat, a fifth at most; in a week
    that is asked with the same hours too. `too_few`: more breaks would be needed than may be.
    `reason`, `would_change`: ids."""

    action: str
    breaks: tuple[Break, ...]
    longest_min: int
    longest_before_min: int
    weighed: dict[str, float]
    too_few: bool
    reason: str
    would_change: str
    rule_ids: tuple[str, ...]
    evidence_ids: tuple[str, ...]
