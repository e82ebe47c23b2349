"""Gravity by how a body is accelerated: its own swing is taken out, its posture is not kept."""

from math import degrees, pi, radians

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from lengthwise.body import imu_waves
from lengthwise.body.imu_waves import BLOCK_S, Waves

G, RATE_HZ = 9.81, 100.0


def felt(forces: np.ndarray, *, from_s: float = 0.0, waves: Waves | None = None) -> Waves:
    waves = Waves() if waves is None else waves
    for n, (x, y, z) in enumerate(forces.tolist()):
        waves = imu_waves.more(waves, from_s + n / RATE_HZ, (x, y, z))
    return waves


def swing(
    seconds: float, phase: float, *, period_s: float = 1.1, amplitude_m_s2: float = 3.0
) -> np.ndarray:
    """(n, 3) of an upright body that goes to and fro, with half as much at twice the pace aside."""
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    x = amplitude_m_s2 * np.sin(2 * pi * t / period_s + phase)
    y = 0.5 * amplitude_m_s2 * np.sin(4 * pi * t / period_s + 2.0 * phase + 1.0)
    return np.stack([x, y, np.full(len(t), G)], axis=1)


def returned(before: np.ndarray, since: np.ndarray) -> Waves:
    return felt(since, from_s=100.0, waves=imu_waves.begun_anew(felt(before)))


def off_deg(vector: object) -> float:
    found = np.asarray(vector, dtype=float)
    return degrees(np.arccos(np.clip(found[2] / np.linalg.norm(found), -1.0, 1.0)))


def told(waves: Waves) -> tuple[np.ndarray, float]:
    found = imu_waves.gravity(waves)
    assert found is not None
    return np.array(found[0]), found[1]


@given(st.floats(0.0, 2 * pi), st.floats(0.0, 2 * pi), st.floats(1.3, 4.0))
def test_of_a_swing_that_was_felt_before_little_is_left(
    before: float, since: float, seconds: float
) -> None:
    """However many strides the window happens to hold."""
    waves = returned(swing(10.0, before), swing(seconds, since))
    vector, sd_rad = told(waves)
    plain = off_deg(np.mean(waves.blocks, axis=0))
    assert off_deg(vector) < max(0.5 * plain, 0.8)
    assert radians(off_deg(vector)) < 3.0 * sd_rad


def test_a_window_that_holds_one_stride_and_a_half_by_hand() -> None:
    """The mean of half a sine over 1.65 s is 2 a p / (2 pi) / T = 0.64 m/s2: 3.7 degrees."""
    waves = returned(swing(10.0, 0.3), swing(1.65, 0.0))
    assert off_deg(np.mean(waves.blocks, axis=0)) == pytest.approx(3.7, abs=0.5)
    assert off_deg(told(waves)[0]) < 1.0


@given(st.floats(-1.0, 1.0), st.floats(-1.0, 1.0), st.floats(-3.0, 3.0))
def test_nobody_is_held_to_how_they_stood_or_faced(a: float, b: float, c: float) -> None:
    """What was felt before may be turned in any way: only its covariance is used."""
    turn = Rotation.from_rotvec([a, b, c])
    plain, _ = told(returned(swing(10.0, 0.3), swing(1.5, 1.0)))
    turned, _ = told(returned(turn.apply(swing(10.0, 0.3)), swing(1.5, 1.0)))
    assert turned == pytest.approx(plain, abs=1e-6)


@given(st.floats(-1.0, 1.0), st.floats(-1.0, 1.0), st.floats(-3.0, 3.0))
def test_what_is_turned_is_found_turned(a: float, b: float, c: float) -> None:
    turn = Rotation.from_rotvec([a, b, c])
    plain, sd_rad = told(returned(swing(10.0, 0.3), swing(1.5, 1.0)))
    vector, turned_sd_rad = told(returned(swing(10.0, 0.3), turn.apply(swing(1.5, 1.0))))
    assert vector == pytest.approx(turn.apply(plain), abs=1e-6)
    assert turned_sd_rad == pytest.approx(sd_rad)


def test_the_sd_is_that_of_drawn_returns() -> None:
    """A coloured acceleration, drawn anew each time; stated with the reserve for few strides."""
    rng = np.random.default_rng(100)

    def drawn(seconds: float) -> np.ndarray:
        n, a = round(seconds * RATE_HZ), 0.97
        noise = rng.normal(0.0, 1.0, (n + 200, 2))
        for k in range(1, len(noise)):
            noise[k] = a * noise[k - 1] + 0.24 * noise[k] * 1.5
        return np.column_stack([noise[200:], np.full(n, G)])

    found = [told(returned(drawn(10.0), drawn(2.0))) for _ in range(80)]
    off = np.array([radians(off_deg(v)) / sd for v, sd in found])
    assert 0.5 < float(np.sqrt(np.mean(off**2))) < 1.1


def test_who_moves_more_than_before_is_less_sure() -> None:
    calm, wild = swing(10.0, 0.3, amplitude_m_s2=0.2), swing(1.5, 1.0, amplitude_m_s2=5.0)
    _, sure_rad = told(returned(calm, swing(1.5, 1.0, amplitude_m_s2=0.2)))
    _, unsure_rad = told(returned(calm, wild))
    assert unsure_rad > 5.0 * sure_rad


def test_without_anything_felt_before_nothing_is_told() -> None:
    assert imu_waves.gravity(felt(swing(3.0, 0.0))) is None
    assert imu_waves.gravity(returned(swing(2.0, 0.0), swing(2.0, 0.0))) is None
    assert imu_waves.gravity(returned(swing(10.0, 0.0), swing(0.1, 0.0))) is None
    still = np.tile([0.0, 0.0, G], (1000, 1))
    assert imu_waves.gravity(returned(still, still)) is None, "the plain mean is as good"


def test_a_second_interruption_soon_after_keeps_what_was_known_of_before_the_first() -> None:
    first = imu_waves.begun_anew(felt(swing(10.0, 0.0)))
    second = imu_waves.begun_anew(felt(swing(1.0, 0.0), waves=first))
    assert second.before == first.before and second.blocks == ()


def test_only_so_much_is_kept_and_each_block_is_a_mean() -> None:
    waves = felt(swing(30.0, 0.0))
    assert len(waves.blocks) == round(10.0 / BLOCK_S)
    assert felt(np.tile([1.0, 2.0, 3.0], (50, 1))).blocks[-1] == pytest.approx((1.0, 2.0, 3.0))
