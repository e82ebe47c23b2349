"""What a handover to a physiotherapist is made from, and the sheet that comes of it.

Missing is None or empty, never zero. Angles stand in degrees, as on any sheet of paper.
"""

from datetime import date
from enum import StrEnum
from math import isfinite

from msgspec import Struct

from lengthwise.contracts.care import Course
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.movements import Sex


def on_scale(**ratings: float | None) -> None:
    """Raises ValueError for a rating that is not from 0 to 10; None was not told."""
    for name, value in ratings.items():
        if value is not None and not 0.0 <= value <= 10.0:
            raise ValueError(f"{name} is {value}; allowed: 0 to 10")


def some_seconds(**seconds: float | None) -> None:
    """Raises ValueError for a duration that is not one of a session."""
    for name, value in seconds.items():
        if value is not None and not 0.0 <= value <= 86400.0:
            raise ValueError(f"{name} is {value}; allowed: 0 to 86400 seconds")


class WhoTold(Struct, frozen=True, forbid_unknown_fields=True):
    """`since`: when the back pain began, in the person's own words."""

    name: str
    age_years: float | None = None
    sex: Sex | None = None
    since: str = ""
    course: Course | None = None
    simulated: bool = False

    def __post_init__(self) -> None:
        if self.age_years is not None and not 0.0 < self.age_years <= 120.0:
            raise ValueError(f"an age is {self.age_years}; allowed: above 0, up to 120 years")


class Screen(StrEnum):
    """How the person stands with the safety questions. `LOOK_FIRST`: an answer asks for somebody's
    look; `OPEN`: not answered, or not all; `OLD`: answered too long ago, or other questions;
    `STOPPED`: a session ended with a symptom or with pain since."""

    CLEAR = "clear"
    LOOK_FIRST = "look_first"
    OPEN = "open"
    OLD = "old"
    STOPPED = "stopped"


class ScreenedTold(Struct, frozen=True, forbid_unknown_fields=True):
    """`raised`: the questions that decided, as they are asked; `left_out`: rules that leave
    exercises out."""

    state: Screen = Screen.OPEN
    on: date | None = None
    raised: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


class Rating(Struct, frozen=True, forbid_unknown_fields=True):
    """0 to 10 on one day."""

    on: date
    rating: float

    def __post_init__(self) -> None:
        on_scale(rating=self.rating)


class GoalTold(Struct, frozen=True, forbid_unknown_fields=True):
    """An activity that the person wants back, in their words. `ratings`: how well it goes, 0 not at
    all to 10 as before."""

    text: str
    ratings: tuple[Rating, ...] = ()


class SessionGiven(Struct, frozen=True, forbid_unknown_fields=True):
    """One session of one exercise. Pain 0 to 10 `before`, `during` (its most), `after` and on the
    next day; `movement_before`, `movement_after`: pain of the person's own painful movement.

    `asked_s`: seconds of hold that the exercise asks for; `effective_s` of them counted,
    `uncertain_s` could not be known. `not_seen`: what matters in it and was not known most of the
    time; `stops`: ids of the limits that stopped it.
    """

    on: date
    exercise_id: str
    sides: tuple[Side, ...] = ()
    asked_s: float | None = None
    effective_s: float | None = None
    uncertain_s: float | None = None
    before: float | None = None
    during: float | None = None
    after: float | None = None
    next_day: float | None = None
    movement_before: float | None = None
    movement_after: float | None = None
    stops: tuple[str, ...] = ()
    not_seen: tuple[Coordinate, ...] = ()

    def __post_init__(self) -> None:
        on_scale(
            before=self.before,
            during=self.during,
            after=self.after,
            next_day=self.next_day,
            movement_before=self.movement_before,
            movement_after=self.movement_after,
        )
        some_seconds(
            asked_s=self.asked_s, effective_s=self.effective_s, uncertain_s=self.uncertain_s
        )


class PlannedTold(Struct, frozen=True, forbid_unknown_fields=True):
    """An exercise of the plan since a day, so many times a week."""

    exercise_id: str
    times_a_week: float
    since: date

    def __post_init__(self) -> None:
        if not 0.0 < self.times_a_week <= 70.0:
            raise ValueError(f"times a week are {self.times_a_week}; allowed: above 0, up to 70")


class RangeTold(Struct, frozen=True, forbid_unknown_fields=True):
    """How far it went on one day at tolerance, with the sd of the measurement. `setup`: by which
    sensors; only days of one set-up are held against each other."""

    on: date
    exercise_id: str
    coordinate: Coordinate
    angle_deg: float
    sd_deg: float
    setup: str = ""

    def __post_init__(self) -> None:
        if not abs(self.angle_deg) <= 180.0:
            raise ValueError(f"an angle is {self.angle_deg}; allowed: -180 to 180 degrees")
        if not (isfinite(self.sd_deg) and self.sd_deg > 0.0):
            raise ValueError(f"the sd of an angle is {self.sd_deg}; allowed: a number above 0")


class PartTold(Struct, frozen=True, forbid_unknown_fields=True):
    """A share on one day, with its sd."""

    on: date
    ratio: float
    sd: float

    def __post_init__(self) -> None:
        if not -1.0 <= self.ratio <= 1.0:
            raise ValueError(f"a share of the pull is {self.ratio}; allowed: -1 to 1")
        if not (isfinite(self.sd) and self.sd > 0.0):
            raise ValueError(f"the sd of a share is {self.sd}; allowed: a number above 0")


class RelaxedTold(Struct, frozen=True, forbid_unknown_fields=True):
    """By which share a measured pull fell within `held_s` of holds that are alike, in the first and
    the last of so many sessions. `per_week`: the change of all, None: too few, or too few weeks."""

    exercise_id: str
    coordinate: Coordinate
    angle_deg: float
    held_s: float
    first: PartTold
    last: PartTold
    sessions: int
    per_week: float | None = None
    per_week_sd: float | None = None


class DecidedTold(Struct, frozen=True, forbid_unknown_fields=True):
    """A decision about the plan, in a sentence, with what would change it."""

    on: date
    rule_ids: tuple[str, ...]
    sentence: str
    would_change: str = ""
    evidence_ids: tuple[str, ...] = ()


class HandoverTold(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that a handover is made from. `movement`: the person's own painful movement, in
    their words; `asks`: what they would like to know."""

    written_on: date
    who: WhoTold
    screened: ScreenedTold = ScreenedTold()
    goal: GoalTold | None = None
    movement: str = ""
    sessions: tuple[SessionGiven, ...] = ()
    planned: tuple[PlannedTold, ...] = ()
    ranges: tuple[RangeTold, ...] = ()
    decided: tuple[DecidedTold, ...] = ()
    asks: tuple[str, ...] = ()
    relaxed: tuple[RelaxedTold, ...] = ()


class Share(Struct, frozen=True):
    """`count` of `among`, with a 95 % interval (Wilson) of the share that it is a sample of;
    `told` false: too few to tell."""

    count: int
    among: int
    low: float
    high: float
    told: bool


class Mean(Struct, frozen=True):
    """`sd`: of single values; None: of fewer than two."""

    mean: float
    sd: float | None
    count: int


class Change(StrEnum):
    """`NOT_TOLD_APART` is not the same as no change; `TOO_FEW`: nothing can be said."""

    MORE = "more"
    LESS = "less"
    NOT_TOLD_APART = "not_told_apart"
    TOO_FEW = "too_few"


class Compared(Struct, frozen=True):
    """Two spans of days held against each other: `change` of the later, with a 95 % interval; None
    where there are too few. `matters`: the whole interval is beyond what matters to people."""

    first: Mean | None
    last: Mean | None
    change: float | None
    low: float | None
    high: float | None
    verdict: Change
    matters: bool | None = None


class PainPoint(Struct, frozen=True):
    """Pain before and after the sessions of one day, their mean; `day` counts from the first."""

    day: int
    before: float | None
    after: float | None


class PractisedRow(Struct, frozen=True):
    """One exercise over the last `days` days. `planned`: sessions that the plan had in them, None
    without a kept plan; seconds None where no session tells them. `next_day`: in how many sessions
    of all that tell it pain was no more than a little higher the day after."""

    exercise_id: str
    sides: dict[str, int]
    sessions: int
    planned: float | None
    effective_s: float | None
    uncertain_s: float | None
    asked_s: float | None
    next_day: Share


class RangeRow(Struct, frozen=True):
    """The first and last day of one set-up. `detectable_deg`: what two days must differ by (95 %);
    `days`: how many were measured. `verdict` of the change of the angle, + in its own sign."""

    exercise_id: str
    coordinate: Coordinate
    first: RangeTold
    last: RangeTold
    change_deg: float | None
    change_sd_deg: float | None
    detectable_deg: float | None
    days: int
    verdict: Change


class NotSeenRow(Struct, frozen=True):
    """What matters in an exercise and was not known most of the time, in so many sessions."""

    coordinate: Coordinate
    sessions: int
    among: int


class Handover(Struct, frozen=True):
    """The sheet. `since`: of the first session; `days`: that the practised dose is counted over;
    `most_rise`: how much more pain the day after still counts as well borne; `least` sessions that
    a share is told from; `stops`: sessions that a limit stopped; `evidence_ids`, `rule_ids`: what
    it leans on."""

    told: HandoverTold
    since: date | None
    sessions: int
    days: int
    practised: tuple[PractisedRow, ...]
    pain: Compared
    points: tuple[PainPoint, ...]
    movement: Compared
    goal: Compared
    ranges: tuple[RangeRow, ...]
    not_seen: tuple[NotSeenRow, ...]
    decided: tuple[DecidedTold, ...]
    stops: int
    most_rise: float
    least: int
    matters_nrs: float
    rule_ids: tuple[str, ...]
    evidence_ids: tuple[str, ...]
