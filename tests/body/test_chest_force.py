"""Breaths that a chest belt shows are counted, whatever the belt's zero and strength."""

from math import nan, pi, sin

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lengthwise.body import chest_force
from lengthwise.body.breath_turns import published_limits

LIMITS = published_limits()
RATE_HZ = 20.0


def belt(values: np.ndarray, *, rate_hz: float = RATE_HZ) -> chest_force.ChestBreath:
    state = chest_force.start()
    for n, force_n in enumerate(values):
        state = chest_force.step(LIMITS, state, n / rate_hz, float(force_n))
    return chest_force.told(LIMITS, state)


def breathed(hz: float, *, seconds: float = 60.0, rate_hz: float = RATE_HZ) -> np.ndarray:
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    noise = np.random.default_rng(3).normal(0.0, 0.02, len(t))
    return np.asarray(-np.cos(2 * pi * hz * t) + noise)


@settings(max_examples=20)
@given(hz=st.floats(0.1, 0.45), zero_n=st.floats(-100, 100), gain=st.floats(0.5, 50))
def test_the_rate_is_that_of_the_breath_whatever_the_belt(
    hz: float, zero_n: float, gain: float
) -> None:
    told = belt(zero_n + gain * breathed(hz))
    assert told.per_min is not None
    assert told.per_min.mean == pytest.approx(60.0 * hz, rel=0.05)
    assert abs(told.per_min.mean - 60.0 * hz) < 2.0 * told.per_min.sd + 0.1


@pytest.mark.parametrize("rate_hz", [10.0, 20.0, 80.0])
def test_the_rate_of_the_sensor_does_not_matter(rate_hz: float) -> None:
    values = breathed(0.25, rate_hz=rate_hz)
    state = chest_force.start()
    for n, force_n in enumerate(values):
        state = chest_force.step(LIMITS, state, n / rate_hz, float(force_n))
    told = chest_force.told(LIMITS, state)
    assert len(told.begun_s) == 15
    assert told.begun_s[1] == pytest.approx(4.0, abs=0.4)


def test_a_belt_that_nobody_breathes_in_tells_no_rate() -> None:
    noise = np.random.default_rng(4).normal(0.0, 0.3, 1200)
    assert belt(noise).per_min is None
    assert belt(np.full(1200, 5.0)).per_min is None
    assert belt(np.linspace(0.0, 20.0, 1200)).per_min is None


def test_the_beginning_alone_tells_nothing() -> None:
    assert belt(breathed(0.25, seconds=2.0)) == chest_force.ChestBreath()


def test_a_gap_begins_anew_and_bad_readings_are_left_out() -> None:
    state = chest_force.start()
    for n, force_n in enumerate(breathed(0.25)):
        state = chest_force.step(LIMITS, state, n / RATE_HZ, float(force_n))
    for t_s, force_n in ((60.0, nan), (nan, 1.0), (59.0, 1.0)):
        assert chest_force.step(LIMITS, state, t_s, force_n) is state
    after = chest_force.step(LIMITS, state, 80.0, 1.0)
    assert chest_force.told(LIMITS, after) == chest_force.ChestBreath()


def test_a_rib_that_pulls_harder_at_the_end_is_still_one_breath_a_cycle() -> None:
    t = np.arange(1200) / RATE_HZ
    wave = np.array([sin(2 * pi * 0.25 * x) + 0.35 * sin(4 * pi * 0.25 * x) for x in t])
    assert np.diff(belt(wave).begun_s) == pytest.approx(4.0, abs=0.3)
