"""A compensation is spoken of when it is likely enough, and counts from the measured start."""

import math
from math import radians

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.coach.compensation import (
    Keeping,
    Limit,
    beyond_probability,
    deviation,
    difference_sd_rad,
)
from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.states import Estimate

SD = radians(3)
changes = st.floats(-1.0, 1.0)


def limit(direction: int) -> Limit:
    return Limit(Coordinate.PELVIS_TILT, radians(8), direction, "tuck_pelvis", None, True)


def judged(change_deg: float, *, direction: int = 1, sd_rad: float = SD) -> Keeping:
    start = Estimate(0.3, sd_rad)
    now = Estimate(0.3 + radians(change_deg), sd_rad)
    return deviation(
        limit(direction), now, start, compensation_probability=0.9, doubt_probability=0.5
    ).keeping


@given(changes, changes, st.floats(1e-3, 0.3))
def test_more_change_is_never_less_likely_beyond(one: float, other: float, sd: float) -> None:
    near, far = sorted((one, other))
    assert beyond_probability(near, sd, limit(1)) <= beyond_probability(far, sd, limit(1))


@given(changes, st.floats(1e-3, 0.3))
def test_the_other_way_round_is_the_other_direction(change: float, sd: float) -> None:
    assert beyond_probability(change, sd, limit(1)) == beyond_probability(-change, sd, limit(-1))


@given(changes, st.floats(1e-3, 0.3))
def test_both_ways_is_the_worse_of_the_two(change: float, sd: float) -> None:
    ways = [beyond_probability(change, sd, limit(d)) for d in (1, -1)]
    assert beyond_probability(change, sd, limit(0)) == max(ways)


@given(st.floats(1e-3, 0.3))
def test_at_the_tolerance_it_is_even(sd: float) -> None:
    assert beyond_probability(radians(8), sd, limit(1)) == pytest.approx(0.5)


@given(st.floats(1e-3, 0.3), st.floats(1e-3, 0.3))
def test_a_change_is_never_surer_than_errors_that_cancel(one: float, other: float) -> None:
    assert abs(one - other) * 0.9 <= difference_sd_rad(one, other) <= one + other


def test_judgement_by_hand() -> None:
    """Sd of the difference at 3 deg each with nine tenths shared: 3 sqrt(0.2) = 1.34 deg."""
    assert difference_sd_rad(SD, SD) == pytest.approx(radians(1.342), abs=1e-4)
    assert judged(5) is Keeping.KEPT
    assert judged(9) is Keeping.DOUBTFUL
    assert judged(10) is Keeping.BEYOND  # 2 / 1.34 = 1.49 sd: 93 %
    assert judged(-20) is Keeping.KEPT
    assert judged(-20, direction=0) is Keeping.BEYOND


def test_of_a_knee_that_may_be_straight_no_error_is_taken_to_be_shared() -> None:
    """Told 6 at a start that was read past straight, 12 now: it may well have bent by ten."""
    knee = Limit(Coordinate.KNEE_FLEXION_L, radians(10), 1, "straighten_knee", None, True)

    def now(start_deg: float, now_deg: float) -> tuple[Keeping, float | None]:
        start, seen = (Estimate(radians(deg), radians(5)) for deg in (start_deg, now_deg))
        found = deviation(knee, seen, start, compensation_probability=0.9, doubt_probability=0.1)
        return found.keeping, found.sd_rad

    assert now(6, 12) == (Keeping.DOUBTFUL, pytest.approx(radians(5 * math.sqrt(2))))
    assert now(60, 66) == (Keeping.KEPT, difference_sd_rad(radians(5), radians(5)))


def test_doubt_holds_a_claim_back() -> None:
    assert judged(12, sd_rad=radians(3)) is Keeping.BEYOND
    assert judged(12, sd_rad=radians(12)) is Keeping.DOUBTFUL


def test_unseen_now_or_at_the_start_is_not_known() -> None:
    known = Estimate(0.0, SD)
    for now, start in ((None, known), (known, None), (None, None)):
        found = deviation(limit(1), now, start, compensation_probability=0.9, doubt_probability=0.5)
        assert found.keeping is Keeping.NOT_KNOWN
        assert found.deviation_rad is None


@given(
    st.sampled_from([math.nan, math.inf, -math.inf]),
    st.sampled_from(["tolerance", "now", "now_sd", "start", "start_sd"]),
)
def test_what_is_not_finite_is_never_kept(endless: float, where: str) -> None:
    """A tolerance or a doubt without an end would keep everything."""
    x = {"tolerance": 0.1, "now": 0.4, "now_sd": SD, "start": 0.3, "start_sd": SD} | {
        where: endless
    }
    found = deviation(
        replace(limit(1), tolerance_rad=x["tolerance"]),
        Estimate(x["now"], x["now_sd"]),
        Estimate(x["start"], x["start_sd"]),
        compensation_probability=0.9,
        doubt_probability=0.5,
    )
    assert found.keeping is Keeping.NOT_KNOWN
