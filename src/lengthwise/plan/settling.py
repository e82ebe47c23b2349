"""From what a mark was on each day to what it counts as now: robust, quick to fall, slow to rise.

With the days k in order, m_k a weighted median of the days of the last `tolerance_valid_days`,

    w_k = min(m_k, w_{k-1} + a_k),      a_k = rise x (days since the latest day that counts)

so one day that lies apart moves nothing once there are three, a fall is followed at once, and a
rise only at the pace of `mark_rise_m_per_day`. A day with pain relief can lower w and never raise
it; a day of which that was not asked can begin it and not raise it:

    m_k = min(median of the days without known relief, median of all days)
    a_k = 0                                          unless it was asked and none was taken.

The median is the lower one; of one or two days it is the lowest. A day weighs by how surely it was
marked and by how long ago it was, and the heaviest day no more than the next: so each of three
stays below one half of the weight, which is what makes a median robust.
"""

from collections.abc import Sequence
from math import hypot, pi, sqrt
from statistics import median

from msgspec import Struct

from lengthwise.reference.constants import constant

_RECENT_DAYS = constant("plan", "tolerance_valid_days")
_HALF_LIFE_DAYS = constant("plan", "mark_half_life_days")
_DAY_SD_M = constant("plan", "mark_day_sd_m")
_PRIOR_DAYS = constant("plan", "mark_prior_days")
_REPEATS = constant("plan", "distance_repeats_ratio")
_DRIFT_M2 = constant("plan", "mark_drift_sd_m_per_root_day") ** 2
_RISE_M = constant("plan", "mark_rise_m_per_day")
_RISE_MOST_DAYS = constant("plan", "mark_rise_most_days")
_SD_OF_MAD = 1.4826
"""Normal law: standard deviation over median absolute deviation."""
_MAD_EFFICIENCY = 0.37
"""What a day tells of the spread by that deviation, beside one that tells by its square (Rousseeuw
and Croux 1993): so little does a handful of days move what is usual."""


class Day(Struct, frozen=True):
    """What a mark was on one day: a length (m) with its sd; `day` counts from any day.

    `relief`: whether the person had taken pain relief; None: not asked.
    """

    day: float
    length_m: float
    sd_m: float
    relief: bool | None


class Level(Struct, frozen=True):
    """What the mark counts as: `sd_m` holds the doubt of the marks and how they move from day to
    day; `days`: how many stand behind it; `latest_day`: the last one that keeps it valid."""

    length_m: float
    sd_m: float
    days: int
    latest_day: float


def settled(days: Sequence[Day], *, valid_days: float) -> Level | None:
    """The level after all days, at most one of each, in any order; None where none can begin it.

    After `valid_days` without a day that counts, whatever comes next begins anew.
    """
    level_m: float | None = None
    latest: float | None = None
    ordered = sorted(days, key=lambda d: d.day)
    for i, now in enumerate(ordered):
        seen = recent(ordered[: i + 1], now.day)
        if latest is not None and now.day - latest > valid_days:
            level_m = None
        goal_m = _goal_m(seen)
        if level_m is None:
            level_m = None if now.relief or goal_m is None else goal_m
        elif goal_m is not None and latest is not None:
            level_m = min(goal_m, _risen_m(level_m, goal_m, seen, now.day - latest))
        if not now.relief:
            latest = now.day
    if level_m is None or latest is None:
        return None
    seen = recent(ordered, ordered[-1].day)
    counted = [d for d in seen if not d.relief]
    return Level(level_m, spread_sd_m(seen), len(counted), latest)


def _goal_m(seen: list[Day]) -> float | None:
    counted = [d for d in seen if not d.relief]
    if not counted:
        return None
    return min(lower_median_m(counted), lower_median_m(seen))


def _risen_m(level_m: float, goal_m: float, seen: list[Day], since_days: float) -> float:
    """How far the latest day may raise the level towards its goal."""
    asked = [d for d in seen if d.relief is False]
    if seen[-1].relief is not False or goal_m <= level_m:
        return level_m
    most_m = level_m + _RISE_M * min(since_days, _RISE_MOST_DAYS)
    return min(most_m, max(level_m, lower_median_m(asked)))


def recent(days: Sequence[Day], now: float) -> list[Day]:
    """The days that a median is taken over, up to `now`."""
    return [d for d in days if now - _RECENT_DAYS < d.day <= now]


def lower_median_m(days: Sequence[Day]) -> float:
    """Weighted lower median of their lengths; of one or two days the lowest."""
    if len(days) < 3:
        return min(d.length_m for d in days)
    return _lower_median([d.length_m for d in days], _weights(days))


def _weights(days: Sequence[Day]) -> list[float]:
    newest = max(d.day for d in days)
    found = [0.5 ** ((newest - d.day) / _HALF_LIFE_DAYS) / (d.sd_m**2 + _DAY_SD_M**2) for d in days]
    most = sorted(found)[-2]
    return [min(w, most) for w in found]


def _lower_median(values: Sequence[float], weights: Sequence[float]) -> float:
    half, gathered = 0.5 * sum(weights), 0.0
    ordered = sorted(zip(values, weights, strict=True))
    for value, weight in ordered:
        gathered += weight
        if gathered >= half:
            return value
    return ordered[-1][0]


def spread_sd_m(days: Sequence[Day]) -> float:
    """Sd of the mark of a day to come: the doubt of one marking, and how days differ.

    The median of the days' own sds does not shrink with their number, since what errs in a set-up
    may err on every day alike. Days differ by their median absolute deviation, with
    `mark_day_sd_m` beside it as so many days more.
    """
    count = len(days)
    weights = [1.0] * count
    own_m = _lower_median([-d.sd_m for d in days], weights)
    middle_m = _lower_median([d.length_m for d in days], weights)
    apart_m = -_lower_median([-abs(d.length_m - middle_m) for d in days], weights)
    told = count if count >= 3 else 0
    variance = told * (_SD_OF_MAD * apart_m) ** 2 + _PRIOR_DAYS * _DAY_SD_M**2
    return hypot(own_m, sqrt(variance / (told + _PRIOR_DAYS)))


def distance_sd_m(days: Sequence[Day], *, age_days: float) -> float:
    """Sd of the distance of both marks today about what is taken of these days (decision 0075).

    Each day's distance is G + e, var e = s2: what differs between days, d2, and that part 1 - r of
    the marking o2 that does not err alike on every day. The days tell s2 whole, so o2 is not added
    to it. What is taken errs by c s2, and the part that repeats; today differs by d2:

        var = s2 (1 + c) + (2 r - 1) o2 + q age,    c = 1, 1 - 1 / pi, then (pi / 2) / n

    of one day, the lower of two, the median of n as they weigh. q: how a distance wanders since.
    Days that look more alike than their markings let them (d2 below 0) do so by chance.
    """
    own_m2, count = _own_sd_m(days) ** 2, len(days)
    white_m2 = (1.0 - _REPEATS) * own_m2
    apart_m2 = _DAY_SD_M**2 + white_m2
    if count >= 3:
        weight = _MAD_EFFICIENCY * (count - 1)
        told_m2 = weight * _between_m2(days) + _PRIOR_DAYS * apart_m2
        apart_m2 = max(told_m2 / (weight + _PRIOR_DAYS), white_m2)
    variance = (1.0 + _median_ratio(days)) * apart_m2 + (2.0 * _REPEATS - 1.0) * own_m2
    return sqrt(variance + _DRIFT_M2 * max(age_days, 0.0))


def _median_ratio(days: Sequence[Day]) -> float:
    """Variance of `lower_median_m` beside that of one day, errors normal."""
    if len(days) < 3:
        return 1.0 if len(days) < 2 else 1.0 - 1.0 / pi
    weights = _weights(days)
    return min(0.5 * pi * sum(w * w for w in weights) / sum(weights) ** 2, 1.0)


def _own_sd_m(days: Sequence[Day]) -> float:
    """The middle of the days' own, the upper of two."""
    return -_lower_median([-d.sd_m for d in days], [1.0] * len(days))


def _between_m2(days: Sequence[Day]) -> float:
    """Variance between three days or more by their median absolute deviation about their median;
    n / (n - 1) as that is of the same days, which leaves it .95 to 1.15 of a normal law's."""
    n, lengths = len(days), [d.length_m for d in days]
    middle_m = median(lengths)
    apart_m = median([abs(x - middle_m) for x in lengths])
    return n / (n - 1) * (_SD_OF_MAD * apart_m) ** 2
