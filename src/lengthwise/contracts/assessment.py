"""Results of tests, and what they say a person lacks."""

from enum import StrEnum
from math import isfinite

from msgspec import Struct

from lengthwise.contracts.care import Direction
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.tested import FARTHEST_REACH
from lengthwise.contracts.week import NeededLength


class TestResult(Struct, frozen=True, forbid_unknown_fields=True):
    """One test on one day. `value_deg`, or of what is held `value_s`, None: the sensors at hand
    could not know it. `controlled`: what has to be kept was; `symptom`: the person's own leg
    symptom changed with a distant joint; None: not seen, not asked. `at_least`: it was ended before
    it ended by itself."""

    __test__ = False

    test: str
    day: int
    value_deg: float | None = None
    sd_deg: float | None = None
    side: Side | None = None
    controlled: bool | None = None
    symptom: bool | None = None
    value_s: float | None = None
    sd_s: float | None = None
    at_least: bool = False

    def __post_init__(self) -> None:
        for value, sd, unit, low, high in (
            (self.value_deg, self.sd_deg, "degrees", -180.0, 180.0),
            (self.value_s, self.sd_s, "seconds", 0.0, 3600.0),
        ):
            if value is None:
                continue
            if sd is None or not (isfinite(sd) and sd > 0.0):
                raise ValueError(f"the sd of a value is {sd}; allowed: a number above 0")
            if not (isfinite(value) and low <= value <= high):
                raise ValueError(f"a value is {value}; allowed: {low:g} to {high:g} {unit}")
        if self.value_deg is not None and self.value_s is not None:
            raise ValueError("a result is in degrees or in seconds, not in both")


class Effect(StrEnum):
    """Of repeated movements on how far a feeling reaches down the leg (rule K)."""

    CENTRALISES = "centralises"
    PERIPHERALISES = "peripheralises"
    NO_CHANGE = "no_change"
    NOT_KNOWN = "not_known"


class DirectionTold(Struct, frozen=True, forbid_unknown_fields=True):
    """Ten movements, twice, in one direction on one day. `before`, `after`: 0 not into the leg to 5
    to the foot, None: not told. `symptom`: a symptom of the leg ended it."""

    direction: Direction
    day: int
    before: int | None = None
    after: int | None = None
    symptom: bool | None = None

    def __post_init__(self) -> None:
        for reach in (self.before, self.after):
            if reach is not None and not 0 <= reach <= FARTHEST_REACH:
                raise ValueError(f"a reach is {reach}; allowed: 0 to {FARTHEST_REACH}")


class DirectionFound(Struct, frozen=True):
    """`effect` of the latest test, on `day`. `barred_until_day`: left out before that day, None: it
    is not left out for this."""

    direction: Direction
    effect: Effect
    day: int
    barred_until_day: int | None = None


class ResultsTold(Struct, frozen=True, forbid_unknown_fields=True):
    """`today`: the day that is asked about; None: the latest of the days told."""

    results: tuple[TestResult, ...] = ()
    directions: tuple[DirectionTold, ...] = ()
    today: int | None = None


class Verdict(StrEnum):
    """`SHORT`: beyond what a repeat differs by, on two days; `ONE_DAY`: so far on one;
    `NOT_BEYOND`: no further than a repeat differs by; `ENOUGH`: not short; the others say nothing:
    not measured, the pelvis not known to be kept, a symptom or none asked for. `NO_CUT`: measured,
    and nothing says from where it would be short."""

    SHORT = "short"
    ONE_DAY = "one_day"
    NOT_BEYOND = "not_beyond"
    ENOUGH = "enough"
    NO_CUT = "no_cut"
    NOT_MEASURED = "not_measured"
    NOT_CONTROLLED = "not_controlled"
    SYMPTOM = "symptom"
    SYMPTOM_NOT_ASKED = "symptom_not_asked"


class Assessed(Struct, frozen=True):
    """One test of one side, all its days together. `value_deg`: mean of the days that count, None
    without any; `mdc_deg`: what a repeat differs by, 95 %; `lack_deg`: how far short, None where
    there is no cut. Of what is held the same in seconds."""

    test: str
    side: Side | None
    verdict: Verdict
    value_deg: float | None = None
    mdc_deg: float | None = None
    lack_deg: float | None = None
    days: int = 0
    value_s: float | None = None
    mdc_s: float | None = None
    lack_s: float | None = None


class Impairments(Struct, frozen=True):
    """`needs`: what the findings ask for in muscles, each once with the heaviest of its weights;
    `bars`: rules that a symptom in a test, or a direction that spreads it, brings up;
    `preferred`: the one direction that draws a feeling up on two days."""

    assessed: tuple[Assessed, ...]
    needs: tuple[NeededLength, ...]
    bars: tuple[str, ...] = ()
    directions: tuple[DirectionFound, ...] = ()
    preferred: Direction | None = None
