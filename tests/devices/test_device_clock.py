"""Times of a device on the session's clock: they grow, go on over a wrap, and are never early."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.contracts.observation import RejectionReason
from lengthwise.devices import device_clock
from lengthwise.devices.device_clock import WRAP_US

RATE_HZ = 100.0


def mapped(
    times_s: list[float], delays_s: list[float], *, first_us: int, drift: float = 0.0
) -> list[float]:
    """What is told of samples that were taken at `times_s` and are on their way for `delays_s`."""
    state, told, arrived_s = device_clock.State(), [], 0.0
    for t_s, delay_s in zip(times_s, delays_s, strict=True):
        arrived_s = max(arrived_s, 500.0 + t_s + delay_s)
        device_us = (first_us + round(t_s * (1.0 + drift) * 1e6)) % WRAP_US
        state, at = device_clock.step(state, device_us, arrived_s)
        assert isinstance(at, float)
        told.append(at)
    return told


@given(
    first_us=st.integers(0, WRAP_US - 1),
    delays=st.lists(st.floats(0.0, 0.3), min_size=50, max_size=200),
    drift=st.floats(-1e-4, 1e-4),
)
def test_times_grow_and_are_never_before_they_were_measured(
    first_us: int, delays: list[float], drift: float
) -> None:
    times = [n / RATE_HZ for n in range(len(delays))]
    told = mapped(times, delays, first_us=first_us, drift=drift)
    assert all(b > a for a, b in itertools.pairwise(told))
    for true_s, at_s in zip(times, told, strict=True):
        assert at_s >= 500.0 + true_s - 1e-3


@given(first_us=st.integers(0, WRAP_US - 1), shift=st.integers(0, WRAP_US - 1))
def test_where_the_clock_stood_when_it_was_switched_on_does_not_matter(
    first_us: int, shift: int
) -> None:
    times = [n / RATE_HZ for n in range(100)]
    delays = [0.01 + 0.02 * ((7 * n) % 5) for n in range(100)]
    told = mapped(times, delays, first_us=first_us)
    again = mapped(times, delays, first_us=(first_us + shift) % WRAP_US)
    assert told == pytest.approx(again, abs=1e-6)


def test_three_wraps_in_four_hours_are_counted() -> None:
    """71.6 minutes each; a sample every 10 s, late by 10 to 50 ms, clock 50 ppm fast."""
    times = [10.0 * n for n in range(1440)]
    delays = [0.01 + 0.01 * (n % 5) for n in range(1440)]
    told = mapped(times, delays, first_us=WRAP_US - 5_000_000, drift=5e-5)
    late = [at - 500.0 - t for t, at in zip(times, told, strict=True)]
    assert min(late) > 0.0
    assert max(late) < 0.06


def test_a_gap_longer_than_a_wrap_is_counted_by_the_time_that_passed_here() -> None:
    state, first = device_clock.step(device_clock.State(), 1_000_000, 100.0)
    gap_s = 2.5 * WRAP_US * 1e-6
    state, after = device_clock.step(
        state, (1_000_000 + round(gap_s * 1e6)) % WRAP_US, 100.0 + gap_s + 0.02
    )
    assert isinstance(first, float) and isinstance(after, float)
    assert after - first == pytest.approx(gap_s, abs=0.03)
    assert state.restarts == 0


def test_a_quicker_message_sets_later_times_back_but_never_their_order() -> None:
    times = [n / RATE_HZ for n in range(200)]
    delays = [0.2] * 50 + [0.01] * 150
    told = mapped(times, delays, first_us=0)
    steps = [b - a for a, b in itertools.pairwise(told)]
    assert min(steps) > 0.4 / RATE_HZ
    assert told[-1] - 500.0 - times[-1] == pytest.approx(0.01, abs=1e-3)


def test_a_repeated_and_an_older_time_are_refused_by_name_and_change_nothing() -> None:
    state, _ = device_clock.step(device_clock.State(), 1_000_000, 1.0)
    assert device_clock.step(state, 1_000_000, 1.1) == (state, RejectionReason.DUPLICATE_TIME)
    assert device_clock.step(state, 900_000, 1.1) == (state, RejectionReason.TIME_BACKWARDS)
    assert device_clock.step(state, -1, 1.1) == (state, RejectionReason.OUT_OF_RANGE)
    assert device_clock.step(state, 5, float("nan")) == (state, RejectionReason.OUT_OF_RANGE)


def test_a_device_that_began_anew_is_dated_by_arrival_again() -> None:
    state, before = device_clock.step(device_clock.State(), 100_000_000, 10.0)
    state, after = device_clock.step(state, 0, 12.0)
    assert isinstance(before, float)
    assert after == pytest.approx(12.0)
    assert state.restarts == 1


def test_times_go_on_over_a_new_link_whose_clock_is_another() -> None:
    state, before = device_clock.step(device_clock.State(), 4_000_000_000, 10.0)
    state = device_clock.on_new_link(state)
    state, after = device_clock.step(state, 17, 10.5)
    assert isinstance(before, float) and isinstance(after, float)
    assert after == pytest.approx(10.5)


@given(st.lists(st.tuples(st.integers(1, 5), st.floats(0.0, 0.2)), min_size=1, max_size=60))
def test_samples_without_a_time_of_their_own_are_spread_and_grow(
    came: list[tuple[int, float]],
) -> None:
    state, arrived_s, told = device_clock.State(), 3.0, []
    for count, later_s in came:
        arrived_s += later_s
        state, times = device_clock.by_arrival(state, count, arrived_s)
        assert len(times) == count
        told += times
    assert all(b > a for a, b in itertools.pairwise(told))
    assert told[-1] <= arrived_s + 1e-3
