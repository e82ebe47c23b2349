"""From test results to what is short: beyond what a repeat differs by, on two days (rule I). Pure.

A result whose pelvis was not kept, or that a nerve may have ended, says nothing; so does one that
the sensors could not know. Nothing is invented for it.
"""

from collections.abc import Iterable, Sequence
from math import hypot, sqrt
from statistics import fmean

from msgspec.structs import replace

from lengthwise.contracts.assessment import (
    Assessed,
    Impairments,
    ResultsTold,
    TestResult,
    Verdict,
)
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.week import NeededLength
from lengthwise.plan.direction import BARRED_DAYS, bars_of, directions, preferred_of
from lengthwise.reference.assessments import Assessment, Unit, assessments

_MDC = 1.96 * sqrt(2.0)
_DAYS = 2
_LEAST_WEIGHT = 0.1
_LEG_SIGNS = ("N.femoral_symptoms", "N.sciatic_symptoms")
"""Which nerve it is was not asked."""


def assessed_told(told: ResultsTold) -> Impairments:
    """Results and directions together; raises InputError as `assessed`."""
    found = assessed(told.results)
    days = [r.day for r in told.results] + [d.day for d in told.directions]
    today = max(days, default=0) if told.today is None else told.today
    ways = directions(told.directions, today)
    bars = tuple(sorted({*found.bars, *bars_of(ways)}))
    preferred = preferred_of(told.directions, today)
    return replace(found, bars=bars, directions=ways, preferred=preferred)


def assessed(results: Iterable[TestResult]) -> Impairments:
    """Raises InputError for a test that is not known, or a side that it does not have."""
    by_test: dict[tuple[str, Side | None], list[TestResult]] = {}
    bars: set[str] = set()
    for result in results:
        _check(result)
        if result.symptom is True:
            bars.update(_LEG_SIGNS)
        by_test.setdefault((result.test, result.side), []).append(result)
    found = [
        _of_side(test, side, by_test)
        for test, a in assessments().items()
        for side in (tuple(Side) if a.sides else (None,))
        if (test, side) in by_test
    ]
    return Impairments(tuple(found), _needs(found), tuple(sorted(bars)))


def barred_on(told: ResultsTold, today: int) -> tuple[str, ...]:
    """Ids of `rules.toml` by which nobody is led that day, whoever asks: for seven days from a
    feeling in the leg that a test told of, as from a direction that spread one. A plan leaves it
    out for longer (`assessed`). Raises nothing."""
    felt = any(r.symptom is True and today < r.day + BARRED_DAYS for r in told.results)
    ways = bars_of(directions(told.directions, today))
    return tuple(sorted({*ways, *(_LEG_SIGNS if felt else ())}))


def _known(test: str) -> Assessment:
    """Raises InputError for a test that is not known."""
    if test not in assessments():
        raise InputError(
            "test",
            value=test,
            allowed=", ".join(assessments()),
            remedy="correct its name or leave it out",
        )
    return assessments()[test]


def _check(result: TestResult) -> None:
    _known(result.test)
    if assessments()[result.test].sides is (result.side is None):
        with_side = assessments()[result.test].sides
        raise InputError(
            f"side of {result.test}",
            value=result.side,
            allowed="l or r" if with_side else "none",
            remedy="state it" if with_side else "leave it out",
        )


def check_plausible(test: str, value: float) -> Assessment:
    """The test of a value that was typed. Raises InputError for a test that is not known, or a
    value that no person has."""
    a = _known(test)
    low, high = a.plausible
    if not low <= value <= high:
        sign = " s" if a.unit is Unit.S else "°"
        unit = "seconds" if a.unit is Unit.S else "degrees"
        raise InputError(
            f"result of {test}",
            value=f"{value:g}",
            allowed=f"{low:g} to {high:g} {unit}",
            remedy="look at it once more, and type what was measured",
        ).coded("not_plausible", value=value, low=low, high=high, unit=sign)
    return a


def _of_side(
    test: str, side: Side | None, by_test: dict[tuple[str, Side | None], list[TestResult]]
) -> Assessed:
    a = assessments()[test]
    results = by_test[test, side]
    usable = [r for r in results if _unusable(a, r) is None]
    if not usable:
        return Assessed(test, side, _unusable(a, results[-1]) or Verdict.NOT_MEASURED)
    value, mdc = fmean(_values(usable)), max(mdc_of(a, _sd(r)) for r in usable)
    days = len({r.day for r in usable})
    if a.cut is None:
        return _told(a, Assessed(test, side, Verdict.NO_CUT, days=days), value, mdc, None)
    other = (
        [r for r in by_test.get((test, side.other), ()) if _unusable(a, r) is None] if side else []
    )
    lacks = [_lack(a, r, mdc, other) for r in usable]
    short_days = len({r.day for r, lack in zip(usable, lacks, strict=True) if lack > mdc})
    if short_days >= _DAYS:
        verdict = Verdict.SHORT
    elif short_days:
        verdict = Verdict.ONE_DAY
    else:
        verdict = Verdict.NOT_BEYOND if max(lacks) > 0.0 else Verdict.ENOUGH
    return _told(a, Assessed(test, side, verdict, days=days), value, mdc, fmean(lacks))


def _told(a: Assessment, found: Assessed, value: float, mdc: float, lack: float | None) -> Assessed:
    if a.unit is Unit.S:
        return replace(found, value_s=value, mdc_s=mdc, lack_s=lack)
    return replace(found, value_deg=value, mdc_deg=mdc, lack_deg=lack)


def _unusable(a: Assessment, result: TestResult) -> Verdict | None:
    """Why a result says nothing; None: it does. What was not asked or seen says nothing too, nor
    does a time that was ended early and is short of the cut."""
    value = _value(a, result)
    if value is None:
        if a.void_with_symptom and result.symptom is True:
            return Verdict.SYMPTOM
        if a.needs_control and result.controlled is False:
            return Verdict.NOT_CONTROLLED
        return Verdict.NOT_MEASURED
    if a.needs_control and result.controlled is not True:
        return Verdict.NOT_CONTROLLED
    if a.void_with_symptom and result.symptom is not False:
        return Verdict.SYMPTOM_NOT_ASKED if result.symptom is None else Verdict.SYMPTOM
    if result.at_least and (a.lack(value) or 0.0) > 0.0:
        return Verdict.NOT_MEASURED
    return None


def _value(a: Assessment, result: TestResult) -> float | None:
    return result.value_s if a.unit is Unit.S else result.value_deg


def _sd(result: TestResult) -> float:
    return result.sd_deg or result.sd_s or 0.0


def _values(results: Iterable[TestResult]) -> list[float]:
    both = ((r.value_deg, r.value_s) for r in results)
    return [v for deg, s in both if (v := s if deg is None else deg) is not None]


def mdc_of(a: Assessment, sd: float) -> float:
    """What the difference of two tests must exceed: measurement and days together."""
    return _MDC * hypot(sd, a.sd_between_days)


def _lack(a: Assessment, result: TestResult, mdc: float, other: Sequence[TestResult]) -> float:
    """How far short of the cut; or beyond the allowed difference to the other side, if that is
    more. Of two sides only the lesser one lacks."""
    (value,) = _values([result])
    lack = a.lack(value)
    assert lack is not None, "only where there is a cut"
    if a.side_difference is None or not other:
        return lack
    apart = lack - fmean(a.lack(v) or 0.0 for v in _values(other))
    # A difference counts once it is beyond both what is allowed and what a repeat differs by.
    return max(lack, apart) if apart > max(a.side_difference, mdc) else lack


def _needs(found: Iterable[Assessed]) -> tuple[NeededLength, ...]:
    heaviest: dict[tuple[MuscleGroup, Side], NeededLength] = {}
    for each in found:
        if each.verdict is not Verdict.SHORT or each.lack_deg is None:
            continue
        a = assessments()[each.test]
        weight = min(max(each.lack_deg / (a.full_weight or 1.0), _LEAST_WEIGHT), 1.0)
        finding = f"{a.name[0].lower()}{a.name[1:]} {round(each.value_deg or 0.0)} degrees"
        for group in a.muscles:
            for side in (each.side,) if each.side else tuple(Side):
                before = heaviest.get((group, side))
                if before is None or weight > before.weight:
                    heaviest[group, side] = NeededLength(group, side, weight, finding)
    return tuple(heaviest[key] for key in sorted(heaviest))
