"""A device's clock on the session's: never further off than said, and samples keep their order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lengthwise.live.clock_map import Exchange, State, session_s, start, take


def exchanges(
    *, seconds: float, drift: float, offset_s: float, ways_s: tuple[float, float], seed: int
) -> list[Exchange]:
    """Five at once, then one every two seconds; each way takes its own time, now and then long."""
    rng = np.random.default_rng(seed)
    out = []
    for at_s in [*np.arange(5) * 0.1, *np.arange(2.0, seconds, 2.0)]:
        go_s, come_s = rng.uniform(*ways_s, 2) + (rng.random(2) < 0.2) * rng.exponential(0.1, 2)
        true_s = at_s + offset_s + drift * at_s
        out.append(Exchange(at_s, true_s + go_s, at_s + go_s + come_s))
    return out


@given(
    st.floats(-1e-4, 1e-4),
    st.floats(-1e6, 1e6),
    st.integers(0, 1000),
)
@settings(max_examples=30)
def test_with_drift_and_jitter_a_time_is_within_twenty_milliseconds_and_within_its_doubt(
    drift: float, offset_s: float, seed: int
) -> None:
    state, worst_s, at_s = start(), 0.0, 0.0
    for e in exchanges(
        seconds=90.0, drift=drift, offset_s=offset_s, ways_s=(0.001, 0.015), seed=seed
    ):
        state = take(state, e)
        at_s = max(at_s, e.back_s)
        while at_s < e.back_s + 1.9:
            at_s += 0.1
            state, told = session_s(state, at_s)
            assert told is not None
            off_s = abs(told.mean - (at_s + offset_s + drift * at_s))
            assert off_s <= told.sd + 1e-6
            worst_s = max(worst_s, off_s if at_s > 3.0 else 0.0)
    assert worst_s <= 0.020


@given(st.integers(0, 1000))
@settings(max_examples=30)
def test_samples_keep_their_order(seed: int) -> None:
    state, before_s = start(), -np.inf
    at_s = 0.0
    for e in exchanges(seconds=40.0, drift=1e-4, offset_s=5.0, ways_s=(0.001, 0.06), seed=seed):
        state = take(state, e)
        while at_s < e.back_s + 1.9:
            at_s += 0.016
            state, told = session_s(state, at_s)
            assert told is not None and told.mean > before_s
            before_s = told.mean


def test_nothing_is_told_before_an_exchange_and_nonsense_is_counted() -> None:
    assert session_s(start(), 1.0)[1] is None
    state = start()
    for sent_s, back_s in ((1.0, 0.5), (1.0, 9.0), (float("nan"), 1.0), (1.0, float("inf"))):
        state = take(state, Exchange(sent_s, 3.0, back_s))
    assert state == State(refused=4)


def test_a_device_that_slept_is_believed_anew() -> None:
    state = take(start(), Exchange(10.0, 110.01, 10.02))
    state, told = session_s(state, 11.0)
    assert told is not None and told.mean == pytest.approx(111.0, abs=0.02)
    state = take(state, Exchange(12.0, 142.01, 12.02))
    state, told = session_s(state, 13.0)
    assert told is not None and told.mean == pytest.approx(143.0, abs=0.02)
