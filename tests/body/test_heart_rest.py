"""A heart is held against its own rest in the posture, in static holds only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.body import heart, heart_rest
from lengthwise.contracts.devices import HeartSample

LIMITS = heart.published_limits()


def beaten(
    per_min: float, seconds: float, *, state: heart.State | None = None, from_s: float = 0.0
) -> tuple[heart.State, float]:
    """A heart of one rate, a sample a beat; when the last one came."""
    state, t_s, rr_s = heart.State() if state is None else state, from_s, 60.0 / per_min
    while t_s + rr_s <= from_s + seconds:
        t_s += rr_s
        state = heart.step(LIMITS, state, HeartSample(t_s, "strap", per_min, (rr_s,)))
    return state, t_s


def rested(per_min: float, seconds: float = 20.0) -> tuple[heart_rest.Rest, heart.State, float]:
    state, t_s = beaten(per_min, seconds)
    rest = heart_rest.step(LIMITS, heart_rest.Rest(), state, 0.0, at_rest=True)
    return heart_rest.step(LIMITS, rest, state, t_s, at_rest=True), state, t_s


@given(st.floats(50.0, 90.0), st.floats(0.0, 30.0))
def test_the_rise_is_that_over_rest(before: float, more: float) -> None:
    rest, state, t_s = rested(before)
    state, now_s = beaten(before + more, 20.0, state=state, from_s=t_s)
    told = heart_rest.rise_per_min(LIMITS, rest, state, now_s, static_hold_since_s=t_s)
    assert told == pytest.approx(more, abs=0.01 * (before + more))


def watched(per_min: float, from_s: float, to_s: float, state: heart.State) -> heart.State:
    """A watch: a rate each second and no times between beats."""
    for n in range(round(to_s - from_s)):
        state = heart.step(LIMITS, state, HeartSample(from_s + n + 1.0, "watch", per_min))
    return state


def test_a_watch_that_tells_a_rate_alone_is_heard_too() -> None:
    """It was listed as heard, and nothing of the heart was ever known by it."""
    state = watched(60.0, 0.0, 20.0, heart.State())
    rest = heart_rest.step(LIMITS, heart_rest.Rest(), state, 5.0, at_rest=True)
    rest = heart_rest.step(LIMITS, rest, state, 20.0, at_rest=True)
    assert rest.per_min == 60.0
    state = watched(80.0, 20.0, 40.0, state)
    assert heart_rest.rise_per_min(LIMITS, rest, state, 40.0, static_hold_since_s=20.0) == 20.0
    known = heart.told(LIMITS, state, 40.0)
    assert known == heart.Heart(rate_per_min=80.0), "no RMSSD of a rate"
    assert heart.told(LIMITS, state, 46.0) == heart.Heart(), "silent since"
    off = HeartSample(41.0, "watch", 80.0, contact=False)
    assert heart.step(LIMITS, state, off) == state
    for wrong in (None, 0.0, 500.0, float("nan")):
        assert heart.step(LIMITS, state, HeartSample(41.0, "watch", wrong)) == state


def test_it_is_told_of_no_movement_and_not_in_the_first_seconds_of_a_hold() -> None:
    rest, state, t_s = rested(60.0)
    state, now_s = beaten(90.0, 20.0, state=state, from_s=t_s)
    for since_s in (None, now_s - 5.0):
        told = heart_rest.rise_per_min(LIMITS, rest, state, now_s, static_hold_since_s=since_s)
        assert told is None


def test_what_is_not_known_asks_nothing() -> None:
    rest, state, t_s = rested(60.0)
    told = heart_rest.rise_per_min(LIMITS, rest, state, t_s + 30.0, static_hold_since_s=t_s)
    assert told is None, "the strap has fallen silent"
    nothing = heart_rest.rise_per_min(
        LIMITS, heart_rest.Rest(), heart.State(), 60.0, static_hold_since_s=0.0
    )
    assert nothing is None


def test_of_all_rests_the_one_with_the_slowest_heart_counts() -> None:
    """Who has just got down beats faster, and does not carry that into the next hold."""
    rest, state, t_s = rested(85.0)
    rest = heart_rest.step(LIMITS, rest, state, t_s, at_rest=False)
    assert rest.per_min == pytest.approx(85.0)
    later, end_s = beaten(65.0, 25.0, state=state, from_s=t_s)
    rest = heart_rest.step(LIMITS, rest, later, t_s, at_rest=True)
    rest = heart_rest.step(LIMITS, rest, later, end_s, at_rest=True)
    assert rest.per_min == pytest.approx(65.0)


def test_a_rest_that_was_too_short_is_none() -> None:
    state, t_s = beaten(60.0, 20.0)
    rest = heart_rest.step(LIMITS, heart_rest.Rest(), state, t_s - 3.0, at_rest=True)
    assert heart_rest.step(LIMITS, rest, state, t_s, at_rest=True).per_min is None
