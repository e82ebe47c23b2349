"""What a mark comes to over days: laws of robustness, of falling and rising, of pain relief."""

from itertools import pairwise
from math import sqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.plan.settling import Day, Level, lower_median_m, settled, spread_sd_m
from lengthwise.reference.constants import constant

VALID_DAYS = 28.0
RISE_M = constant("plan", "mark_rise_m_per_day")
LENGTHS_M = st.floats(0.05, 0.6)
SDS_M = st.floats(0.0, 0.02)
RELIEF = st.sampled_from((None, False, True))


def level(days: list[Day]) -> Level | None:
    return settled(days, valid_days=VALID_DAYS)


def level_m(days: list[Day]) -> float:
    """Without a level the least of all."""
    found = level(days)
    return -1.0 if found is None else found.length_m


@st.composite
def histories(draw: st.DrawFn, *, least: int = 1, relief: st.SearchStrategy = RELIEF) -> list[Day]:
    when = draw(st.lists(st.integers(0, 90), min_size=least, max_size=12, unique=True))
    return [Day(float(d), draw(LENGTHS_M), draw(SDS_M), draw(relief)) for d in when]


def each_day(lengths_m: list[float], *, relief: bool | None = False) -> list[Day]:
    return [Day(float(k), x, 0.004, relief) for k, x in enumerate(lengths_m)]


@given(days=histories(), order=st.randoms(use_true_random=False))
def test_the_order_in_which_days_are_given_does_not_matter(days: list[Day], order) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(days)
    order.shuffle(shuffled)
    assert level(shuffled) == level(days)


@given(days=histories(least=3), wild_m=st.floats(0.001, 5.0), which=st.integers(0, 11))
def test_one_of_three_days_or_more_cannot_draw_the_median_out_of_the_others(
    days: list[Day], wild_m: float, which: int
) -> None:
    i = which % len(days)
    others = [d.length_m for k, d in enumerate(days) if k != i]
    days[i] = replace(days[i], length_m=wild_m)
    assert min(others) <= lower_median_m(days) <= max(others)


@given(
    count=st.integers(3, 10), usual_m=LENGTHS_M, wild_m=st.floats(0.001, 5.0), sd_m=SDS_M,
    relief=RELIEF,
)  # fmt: skip
def test_one_outlier_after_three_days_that_agree_moves_nothing(
    count: int, usual_m: float, wild_m: float, sd_m: float, relief: bool | None
) -> None:
    days = each_day([usual_m] * count)
    outlier = Day(float(count), wild_m, sd_m, relief)
    assert level_m([*days, outlier]) == usual_m


@given(days=histories(), raised_m=st.floats(0.0, 0.1), which=st.integers(0, 11))
def test_a_mark_further_on_never_brings_the_level_nearer(
    days: list[Day], raised_m: float, which: int
) -> None:
    i = which % len(days)
    further = list(days)
    further[i] = replace(days[i], length_m=days[i].length_m + raised_m)
    assert level_m(further) >= level_m(days)


@given(days=histories(least=2))
def test_no_day_raises_the_level_by_more_than_its_pace(days: list[Day]) -> None:
    days.sort(key=lambda d: d.day)
    before, after = level(days[:-1]), level(days)
    assume(before is not None and after is not None)
    assert before is not None and after is not None
    since = after.latest_day - before.latest_day
    assume(since <= VALID_DAYS)
    assert after.length_m <= before.length_m + RISE_M * min(since, 7.0) + 1e-12


@given(days=histories(least=2), last=st.sampled_from((None, True)))
def test_no_day_with_pain_relief_or_not_asked_of_raises_the_level(
    days: list[Day], last: bool | None
) -> None:
    days.sort(key=lambda d: d.day)
    days[-1] = replace(days[-1], relief=last)
    before, after = level(days[:-1]), level(days)
    assume(before is not None and after is not None)
    assert before is not None and after is not None
    assume(after.latest_day - before.latest_day <= VALID_DAYS)
    assert after.length_m <= before.length_m


@given(days=histories(relief=st.sampled_from((None, False))), with_relief=histories())
def test_days_with_pain_relief_never_raise_what_the_others_come_to(
    days: list[Day], with_relief: list[Day]
) -> None:
    taken = {d.day for d in days}
    more = [replace(d, relief=True) for d in with_relief if d.day not in taken]
    assert level_m([*days, *more]) <= level_m(days)


@given(days=histories(relief=st.just(True)))
def test_days_with_pain_relief_alone_come_to_nothing(days: list[Day]) -> None:
    assert level(days) is None


@given(lower_m=st.floats(0.05, 0.2), days=st.integers(3, 8))
def test_a_fall_that_repeats_is_followed_at_once(lower_m: float, days: int) -> None:
    """By hand: as many low days as high ones, and the lower median is the low one."""
    assert level_m(each_day([0.3] * days + [lower_m] * (days + 1))) == lower_m


def test_a_rise_that_repeats_is_followed_at_its_pace() -> None:
    """By hand: five days at 300 mm, then every day 330; the median turns on day 9 at the latest,
    and by day 40 no more than 31 days of rise have passed."""
    found = [level_m(each_day([0.3] * 5 + [0.33] * k)) for k in range(36)]
    assert found[3] == 0.3
    steps = [b - a for a, b in pairwise(found)]
    assert max(steps) == pytest.approx(RISE_M)
    assert found[-1] == pytest.approx(0.3 + RISE_M * sum(s > 0 for s in steps))
    assert 0.31 < found[-1] < 0.33


def test_after_too_long_whatever_comes_begins_anew() -> None:
    old = Day(0.0, 0.3, 0.004, False)
    assert level_m([old, Day(28.0, 0.4, 0.004, False)]) <= 0.3 + 7 * RISE_M
    assert level_m([old, Day(28.5, 0.4, 0.004, False)]) == 0.4
    assert level([old, Day(28.5, 0.4, 0.004, True)]) is None


def test_days_with_pain_relief_do_not_keep_it_valid() -> None:
    days = [Day(0.0, 0.3, 0.004, False), Day(20.0, 0.3, 0.004, True)]
    found = level(days)
    assert found is not None and found.latest_day == 0.0 and found.days == 1


def test_the_spread_of_few_days_is_the_usual_one_and_of_many_their_own() -> None:
    """By hand: own sd 4 mm; one day: 3 mm beside it. Eleven days 10 mm apart about the middle,
    median absolute deviation 30 mm, so 44.5 mm; with two days' worth of 3 mm beside it."""
    assert spread_sd_m(each_day([0.3])) == pytest.approx(0.005)
    many = each_day([0.3 + 0.01 * k for k in range(-5, 6)])
    expected = sqrt((11 * (1.4826 * 0.03) ** 2 + 2 * 0.003**2) / 13 + 0.004**2)
    assert spread_sd_m(many) == pytest.approx(expected)


@given(days=histories(least=5), wild_m=st.floats(0.001, 100.0))
def test_one_outlier_does_not_widen_the_spread_beyond_all_days(
    days: list[Day], wild_m: float
) -> None:
    """Of five days the median deviation is at most how far apart the other four lie."""
    others = [d.length_m for d in days[1:]]
    wild = [replace(days[0], length_m=wild_m), *days[1:]]
    own_m = max(d.sd_m for d in days)
    most = 1.4826 * (max(others) - min(others))
    assert spread_sd_m(wild) <= sqrt(most**2 + 0.003**2 + own_m**2) + 1e-12
