"""Results of tests, and what they say a person lacks."""

from enum import StrEnum
from math import isfinite

from msgspec import Struct

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.week import NeededLength


class TestResult(Struct, frozen=True, forbid_unknown_fields=True):
    """One test on one day. `value_deg` None: the sensors at hand could not know it. `controlled`:
    the pelvis was kept; `symptom`: the person's own leg symptom changed with a distant joint; None:
    not seen, not asked."""

    __test__ = False

    test: str
    day: int
    value_deg: float | None
    sd_deg: float | None = None
    side: Side | None = None
    controlled: bool | None = None
    symptom: bool | None = None

    def __post_init__(self) -> None:
        if self.value_deg is None:
            return
        if self.sd_deg is None or not (isfinite(self.sd_deg) and self.sd_deg > 0.0):
            raise ValueError(f"the sd of a value is {self.sd_deg}; allowed: a number above 0")
        if not isfinite(self.value_deg) or abs(self.value_deg) > 180.0:
            raise ValueError(f"a value is {self.value_deg}; allowed: -180 to 180 degrees")


class ResultsTold(Struct, frozen=True, forbid_unknown_fields=True):
    results: tuple[TestResult, ...]


class Verdict(StrEnum):
    """`SHORT`: beyond what a repeat differs by, on two days; `ONE_DAY`: so far on one;
    `NOT_BEYOND`: no further than a repeat differs by; `ENOUGH`: not short; the others say nothing:
    not measured, the pelvis not known to be kept, a symptom or none asked for."""

    SHORT = "short"
    ONE_DAY = "one_day"
    NOT_BEYOND = "not_beyond"
    ENOUGH = "enough"
    NOT_MEASURED = "not_measured"
    NOT_CONTROLLED = "not_controlled"
    SYMPTOM = "symptom"
    SYMPTOM_NOT_ASKED = "symptom_not_asked"


class Assessed(Struct, frozen=True):
    """One test of one side, all its days together. `value_deg`: mean of the days that count, None
    without any; `mdc_deg`: what a repeat differs by, 95 %; `lack_deg`: how far short."""

    test: str
    side: Side | None
    verdict: Verdict
    value_deg: float | None = None
    mdc_deg: float | None = None
    lack_deg: float | None = None
    days: int = 0


class Impairments(Struct, frozen=True):
    """`needs`: what the findings ask for in muscles, each once with the heaviest of its weights;
    `bars`: rules that a symptom in a test brings up."""

    assessed: tuple[Assessed, ...]
    needs: tuple[NeededLength, ...]
    bars: tuple[str, ...] = ()
