"""What the mean of specific force hides of a body in motion, and that it is stated."""

from math import acos, atan2, cos, degrees, hypot, pi, radians, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.body import imu_estimate
from lengthwise.body.imu_felt import Felt, felt_more, moved_sd_rad
from lengthwise.contracts.observation import ImuSample, ImuStream, Segment

G, RATE_HZ = 9.81, 100.0
STREAM = ImuStream(Segment.PELVIS, RATE_HZ)
LEAST_RAD = radians(0.7)


def felt_of(velocity_m_s: np.ndarray, turn_rad_s: float = 0.0) -> Felt:
    """Of an upright sensor with a velocity (n,) along one level axis of the room."""
    felt = Felt()
    for n, a in enumerate(np.diff(velocity_m_s) * RATE_HZ):
        felt = felt_more(felt, n / RATE_HZ, force=(float(a), 0.0, G), turn=(0.0, 0.0, turn_rad_s))
    return felt


def to_and_fro(amplitude_m_s: float, period_s: float, seconds: float, phase: float) -> np.ndarray:
    t = np.arange(round(seconds * RATE_HZ) + 1) / RATE_HZ
    return np.asarray(amplitude_m_s * np.sin(2 * pi * t / period_s + phase))


@given(st.floats(0.1, 2.0), st.floats(0.4, 1.5), st.floats(0.5, 8.0), st.floats(0.0, 2 * pi))
def test_no_swing_is_off_by_three_of_its_sds(
    amplitude_m_s: float, period_s: float, seconds: float, phase: float
) -> None:
    velocity = to_and_fro(amplitude_m_s, period_s, seconds, phase)
    felt = felt_of(velocity)
    off = abs(atan2(felt.total[0], felt.total[2]))
    assert off < 3.0 * moved_sd_rad(felt)


def test_a_whole_stride_by_hand() -> None:
    """0.8 m/s to and fro, 1 s: its sd is 0.57; over 2 s, sqrt(2) x 0.57 / (9.81 x 2) = 0.041."""
    felt = felt_of(to_and_fro(0.8, 1.0, 2.0, 0.0))
    assert moved_sd_rad(felt) == pytest.approx(hypot(0.0408, LEAST_RAD), rel=0.06)


def test_a_curve_that_is_walked_hides_as_much_however_long() -> None:
    """1 m/s at 1 rad/s is 1 m/s2 aside: a tenth of gravity."""
    for seconds in (2.0, 8.0):
        found = moved_sd_rad(felt_of(np.zeros(round(seconds * RATE_HZ)), turn_rad_s=1.0))
        assert found == pytest.approx(hypot(1.0 / G, LEAST_RAD), rel=0.01)


def test_who_keeps_still_hides_nothing_and_too_little_says_nothing() -> None:
    assert moved_sd_rad(felt_of(np.zeros(100))) == pytest.approx(LEAST_RAD)
    assert moved_sd_rad(felt_of(np.zeros(8))) == float("inf")
    assert moved_sd_rad(Felt(blocks=10)) == float("inf")


def walking(seconds: float, from_s: float) -> list[ImuSample]:
    """A pelvis that is pushed to and fro by 3 m/s2 twice a second and nods by 4 degrees."""
    samples = []
    for n in range(round(seconds * RATE_HZ)):
        t = from_s + n / RATE_HZ
        nod, rate = radians(4.0) * sin(2 * pi * t), radians(4.0) * 2 * pi * cos(2 * pi * t)
        push = 3.0 * cos(4 * pi * t + 0.7)
        acc = (push * cos(nod) - G * sin(nod), 0.01 * (n % 3), push * sin(nod) + G * cos(nod))
        samples.append(ImuSample(t, Segment.PELVIS, acc, (1e-4 * (n % 5), rate, 0.0)))
    return samples


def test_a_walking_sensor_is_told_within_a_second_with_what_it_may_be_off_by() -> None:
    memory, told = imu_estimate.ImuMemory(), []
    for sample in (*walking(3.0, 0.0), *walking(8.0, 8.0)):
        memory, _ = imu_estimate.take(STREAM, memory, sample, None)
        memory = imu_estimate.settle(STREAM, memory)
        rough, up = imu_estimate.rough_up(memory), imu_estimate.fresh_up(memory)
        assert rough is None or up is None, "either sure or not"
        nod = radians(4.0) * sin(2 * pi * sample.t_s)
        if rough is not None:
            new = imu_estimate.rough_variance(memory, rough[1])
            cosine = -rough[0][0] * sin(nod) + rough[0][2] * cos(nod)
            told.append((sample.t_s - 8.0, degrees(acos(min(cosine, 1.0))), rough[1], new))
        if up is not None or rough is not None:
            memory = imu_estimate.mark_read(memory)
    assert 0.1 < told[0][0] < 1.0
    assert all(error < degrees(3.0 * sd_rad) for _, error, sd_rad, _ in told)
    at_once, later = told[0], [t for t in told if t[0] > 2.0]
    assert at_once[3] == pytest.approx(0.5 * at_once[2] ** 2), "all of it is new"
    assert all(new < 0.02 * sd_rad**2 for *_, sd_rad, new in later), "and then little"
    assert max(error for t, error, *_ in told if t > 1.0) < 2.0
    assert told[-1][0] < 5.2, "then it is sure"
