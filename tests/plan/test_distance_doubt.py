"""How sure the distance of both marks is: by hand, as laws, and against what truly comes."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.plan.settling import Day, distance_sd_m, lower_median_m, spread_sd_m

SURE = 1.64


def days_of(lengths_m: list[float], *, sd_m: float = 0.0028, apart: float = 7.0) -> list[Day]:
    return [Day(apart * k, x, sd_m, False) for k, x in enumerate(lengths_m)]


def test_one_day_errs_as_itself_and_today_differs_from_it_once_more() -> None:
    """By hand: 3 mm between days and half the variance of a marking of 4 mm are 17 square mm, in
    that day and in today; nine days later 9 x 0.5 x 0.5 more."""
    assert distance_sd_m(days_of([0.02], sd_m=0.004), age_days=0.0) == pytest.approx(
        0.001 * sqrt(2 * 17.0)
    )
    assert distance_sd_m(days_of([0.02], sd_m=0.004), age_days=9.0) == pytest.approx(
        0.001 * sqrt(2 * 17.0 + 2.25)
    )


def test_many_days_tell_themselves_how_they_differ_and_the_marking_is_in_it() -> None:
    """By hand: nine days at the same time, 2 mm apart; the median deviation is 4 mm. No variance
    of a marking is added to what they tell, and what is taken of them errs by a sixth of it; the
    eight that differ from the middle weigh .37 each beside the two of what is usual."""
    nine = [replace(d, day=30.0) for d in days_of([0.02 + 0.002 * k for k in range(-4, 5)])]
    between = 9 / 8 * (1.4826 * 4.0) ** 2
    days = 0.37 * 8
    apart = (days * between + 2 * (9.0 + 0.5 * 2.8**2)) / (days + 2)
    expected = 0.001 * sqrt(apart * (1 + 0.5 * np.pi / 9))
    assert distance_sd_m(nine, age_days=0.0) == pytest.approx(expected)


def test_days_that_look_alike_by_chance_are_no_surer_than_their_markings() -> None:
    """By hand: half of a marking's 100 square mm errs alike on all days, the other half in the
    median of twelve by pi / 24 of it."""
    alike = [replace(d, day=30.0) for d in days_of([0.02] * 12, sd_m=0.01)]
    assert distance_sd_m(alike, age_days=0.0) == pytest.approx(0.01 * sqrt(0.5 + 0.5 * np.pi / 24))


@given(
    lengths_m=st.lists(st.floats(0.008, 0.05), min_size=1, max_size=8),
    sd_m=st.floats(0.0, 0.01),
    more_m=st.floats(0.0, 0.01),
    age_days=st.floats(0.0, 28.0),
    older_days=st.floats(0.0, 28.0),
)
def test_neither_time_nor_a_less_sure_marking_makes_it_surer(
    lengths_m: list[float], sd_m: float, more_m: float, age_days: float, older_days: float
) -> None:
    now = distance_sd_m(days_of(lengths_m, sd_m=sd_m), age_days=age_days)
    later = distance_sd_m(days_of(lengths_m, sd_m=sd_m), age_days=age_days + older_days)
    less_sure = distance_sd_m(days_of(lengths_m, sd_m=sd_m + more_m), age_days=age_days)
    assert later >= now
    assert less_sure >= now * (1.0 - 1e-9)


@given(length_m=st.floats(0.008, 0.05), sd_m=st.floats(0.0, 0.01))
def test_a_single_day_is_never_surer_than_one_mark_of_a_day_to_come(
    length_m: float, sd_m: float
) -> None:
    """Until decision 0075 it was told with that sd, though what one day says errs itself."""
    one = days_of([length_m], sd_m=sd_m)
    assert distance_sd_m(one, age_days=0.0) >= spread_sd_m(one)


@pytest.mark.parametrize("repeats", [0.0, 0.38])
@pytest.mark.parametrize("count", [1, 2, 3, 4, 6])
def test_what_comes_is_at_least_as_far_as_told_in_19_of_20(count: int, repeats: float) -> None:
    """Days that differ by 3 mm, markings of 2.8 mm of which none, or the .38 of a sensor at
    the sacrum (decision 0067), errs alike on all days;
    the distance of today less 1.64 sds of what is told."""
    rng = np.random.Generator(np.random.Philox(key=75))
    alike = rng.normal(0.0, 2.8 * sqrt(repeats), 1500)
    held = 0
    for bias in alike:
        white = rng.normal(0.0, 2.8 * sqrt(1.0 - repeats), count)
        told = days_of(list(1e-3 * (25.0 + bias + white + rng.normal(0.0, 3.0, count))))
        today_m = 1e-3 * (25.0 + float(rng.normal(0.0, 3.0)))
        sd_m = distance_sd_m(told, age_days=0.0)
        held += today_m >= lower_median_m(told) - SURE * sd_m
    assert held / len(alike) >= 0.93
