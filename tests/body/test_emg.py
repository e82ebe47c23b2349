"""Whether a stretched muscle works: its envelope, its rest, and nothing unless it is known."""

from math import pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.body import emg
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.devices import EmgSample

LIMITS = emg.published_limits()
EACH = 40


def heard(
    values: np.ndarray,
    *,
    rate_hz: float = 1000.0,
    from_s: float = 0.0,
    state: emg.State | None = None,
) -> emg.State:
    state = emg.start() if state is None else state
    for n in range(0, len(values), EACH):
        row = tuple(values[n : n + EACH].tolist())
        t_s = from_s + (n + len(row)) / rate_hz
        state = emg.step(LIMITS, state, EmgSample(t_s, "muscle", rate_hz, row))
    return state


def noise(seconds: float, sd_v: float, *, rate_hz: float = 1000.0, seed: int = 100) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0, sd_v, round(seconds * rate_hz))


def envelope(values: np.ndarray, *, rate_hz: float = 1000.0) -> float:
    found = emg.envelope_v(LIMITS, heard(values, rate_hz=rate_hz), len(values) / rate_hz)
    assert found is not None
    return found


def test_the_envelope_of_a_tone_within_the_band_is_its_rectified_mean() -> None:
    """2 / pi of the amplitude; outside of the band it is nearly nothing."""
    t_s = np.arange(6000) / 2000.0
    tone = {hz: envelope(1e-4 * np.sin(2 * pi * hz * t_s), rate_hz=2000.0) for hz in (1, 120, 900)}
    assert tone[120] == pytest.approx(2e-4 / pi, rel=0.02)
    assert tone[1] < 0.01 * tone[120] and tone[900] < 0.2 * tone[120]


@pytest.mark.parametrize("rate_hz", [100.0, 250.0, 1000.0, 2000.0])
def test_muscle_stands_out_at_whatever_rate_an_electrode_drifts(rate_hz: float) -> None:
    drift = 1e-3 + 2e-4 * np.sin(0.5 * np.arange(round(4 * rate_hz)) / rate_hz)
    quiet = envelope(drift + noise(4.0, 2e-6, rate_hz=rate_hz), rate_hz=rate_hz)
    works = envelope(drift + noise(4.0, 6e-5, rate_hz=rate_hz), rate_hz=rate_hz)
    assert works > 10.0 * quiet


@given(st.integers(1, 400))
def test_rows_of_any_length_give_the_same(each: int) -> None:
    values = noise(2.0, 2e-5)
    state = emg.start()
    for n in range(0, len(values), each):
        row = tuple(values[n : n + each].tolist())
        state = emg.step(LIMITS, state, EmgSample((n + len(row)) / 1000.0, "m", 1000.0, row))
    assert state.envelope_v == pytest.approx(heard(values).envelope_v, rel=1e-9)


def test_a_state_that_is_kept_and_taken_up_again_goes_on_alike() -> None:
    values = noise(4.0, 2e-5)
    half = heard(values[:2000])
    kept = decode(encode(half), emg.State)
    assert heard(values[2000:], from_s=2.0, state=kept) == heard(values)


@pytest.mark.parametrize(
    "broken",
    [
        EmgSample(3.0, "m", 1000.0, (float("nan"),)),
        EmgSample(float("nan"), "m", 1000.0, (0.0,)),
        EmgSample(1.0, "m", 1000.0, (0.0,)),
        EmgSample(3.0, "m", 30.0, (0.0,)),
    ],
    ids=["value", "time", "late", "rate"],
)
def test_a_row_that_is_none_changes_nothing(broken: EmgSample) -> None:
    state = heard(noise(2.0, 2e-5))
    assert emg.step(LIMITS, state, broken) == state


def test_nothing_is_known_at_first_after_a_gap_when_stale_or_beyond_a_muscle() -> None:
    assert emg.envelope_v(LIMITS, emg.start(), 0.0) is None
    assert emg.envelope_v(LIMITS, heard(noise(0.9, 2e-5)), 0.9) is None
    state = heard(noise(3.0, 2e-5))
    assert emg.envelope_v(LIMITS, state, 3.0) is not None
    assert emg.envelope_v(LIMITS, state, 3.6) is None
    after = heard(noise(0.5, 2e-5), from_s=5.0, state=state)
    assert emg.envelope_v(LIMITS, after, 5.5) is None, "values were lost: begun anew"
    assert emg.envelope_v(LIMITS, heard(noise(3.0, 2e-2)), 3.0) is None


def watched(*parts: tuple[float, float, str], rest_v: float = 2e-6) -> list[float | None]:
    """What is told each 40 ms. `parts`: seconds, sd of the noise, and the phase."""
    state, watch, told, t_s = emg.start(), emg.Watch(), [], 0.0
    for k, (seconds, sd_v, phase) in enumerate(((1.5, rest_v, ""), *parts)):
        values = noise(seconds, sd_v, seed=100 + k)
        for n in range(0, len(values), EACH):
            row = tuple(values[n : n + EACH].tolist())
            t_s += len(row) / 1000.0
            state = emg.step(LIMITS, state, EmgSample(t_s, "m", 1000.0, row))
            watch = emg.framed(
                LIMITS, watch, state, t_s, at_rest=phase == "rest", static_hold=phase == "hold"
            )
            told.append(emg.works_ratio(LIMITS, watch, state, t_s))
    return told


def test_a_muscle_that_works_for_more_than_a_second_of_a_hold_is_told() -> None:
    quiet, works = 2e-6, 6e-5
    told = watched((3.0, quiet, "rest"), (2.0, works, "ease"), (2.0, quiet, "hold"),
                   (3.0, works, "hold"), (2.0, quiet, "hold"))  # fmt: skip
    first = next(n for n, ratio in enumerate(told) if ratio is not None)
    begins_s = 1.5 + 3.0 + 2.0 + 2.0
    assert 1.0 < 0.04 * (first + 1) - begins_s < 1.5
    assert 20.0 < max(ratio for ratio in told if ratio is not None) < 45.0
    assert told[-1] is None, "it rests again"


@pytest.mark.parametrize(
    "parts",
    [
        ((3.0, 6e-5, "hold"),),
        ((1.5, 2e-6, "rest"), (3.0, 6e-5, "hold")),
        ((3.0, 2e-6, "rest"), (3.0, 6e-5, "moves")),
        ((3.0, 2e-6, "rest"), (0.8, 6e-5, "hold"), (2.0, 2e-6, "hold")),
        ((3.0, 2e-6, "rest"), (3.0, 5e-6, "hold")),
        ((3.0, 2e-6, "rest"), (3.0, 5e-3, "hold")),
    ],
    ids=["no rest", "short rest", "no hold", "a twitch", "hardly more", "came off"],
)
def test_what_is_not_known_or_not_much_is_not_told(
    parts: tuple[tuple[float, float, str], ...],
) -> None:
    assert set(watched(*parts)) == {None}


def test_a_sensor_that_measures_nothing_has_no_rest() -> None:
    assert set(watched((3.0, 0.0, "rest"), (3.0, 6e-5, "hold"), rest_v=0.0)) == {None}


def test_the_lowest_rest_counts_where_somebody_moved_while_getting_ready() -> None:
    told = watched((3.0, 5e-5, "rest"), (5.0, 2e-6, "rest"), (3.0, 3e-5, "hold"))
    assert any(ratio is not None for ratio in told)


@pytest.mark.parametrize("jitter_s", [0.001, 0.005])
def test_stamps_that_jitter_lose_nothing_of_what_is_known(jitter_s: float) -> None:
    chance, values, state, known = np.random.default_rng(101), noise(10.0, 2e-5), emg.start(), []
    for n in range(0, len(values), EACH):
        t_s = (n + EACH) / 1000.0
        row = tuple(values[n : n + EACH].tolist())
        sample = EmgSample(t_s + chance.normal(0.0, jitter_s), "m", 1000.0, row)
        state = emg.step(LIMITS, state, sample)
        known.append(emg.envelope_v(LIMITS, state, t_s) is not None)
    assert np.mean(known) > 0.88, "all but the first second"
    assert state.envelope_v == pytest.approx(heard(values).envelope_v, rel=1e-9)


@pytest.mark.parametrize("lost_s, anew", [(0.03, False), (0.08, True)])
def test_only_values_that_were_lost_for_longer_begin_it_anew(lost_s: float, anew: bool) -> None:
    state = heard(noise(3.0, 2e-5))
    after = heard(noise(0.2, 2e-5), from_s=3.0 + lost_s, state=state)
    assert (after.begun_s > 3.0) is anew
