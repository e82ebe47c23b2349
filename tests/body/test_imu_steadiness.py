"""Up is read again once what a sensor felt is surely gravity, and a hiccup begins nothing anew."""

from math import cos, pi, radians, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.body import imu_estimate
from lengthwise.body.imu_felt import Felt, steady_sd_rad
from lengthwise.body.imu_geometry import LARGEST_GAP_S
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.observation import ImuSample, ImuStream, RejectionReason, Segment

RATE_HZ = 285.0
STREAM = ImuStream(Segment.THORAX, RATE_HZ)
G = 9.81


def held(seconds: float, *, from_s: float = 0.0, thrown_m_s2: float = 0.0) -> list[ImuSample]:
    """A sensor that lies, and is thrown to and fro sideways once a second."""
    noise = np.random.default_rng(7).normal(0.0, 0.01, (round(seconds * RATE_HZ), 6))
    samples = []
    for n, (a, b, c, d, e, f) in enumerate(noise.tolist()):
        t_s = from_s + n / RATE_HZ
        acc = (a + thrown_m_s2 * cos(2 * pi * t_s), b, c + G)
        samples.append(ImuSample(t_s, Segment.THORAX, acc, (0.1 * d, 0.1 * e, 0.1 * f)))
    return samples


def fed(
    samples: list[ImuSample], memory: imu_estimate.ImuMemory | None = None
) -> tuple[imu_estimate.ImuMemory, list[RejectionReason]]:
    memory, reasons = memory or imu_estimate.ImuMemory(), []
    for sample in samples:
        memory, rejection = imu_estimate.take(STREAM, memory, sample, None)
        if rejection is not None:
            reasons.append(rejection.reason)
    return imu_estimate.settle(STREAM, memory), reasons


def told_after_s(samples: list[ImuSample]) -> float:
    """How long after an interruption up is told, with a sensor that was read before it."""
    memory = imu_estimate.ImuMemory(read_s=samples[0].t_s - 5.0)
    for sample in samples:
        memory, _ = fed([sample], memory)
        if imu_estimate.fresh_up(memory) is not None:
            return sample.t_s - samples[0].t_s
    return float("inf")


def repeated(samples: list[ImuSample], at: int, times: int) -> list[ImuSample]:
    same = samples[at]
    return [replace(same, t_s=s.t_s) if at <= n < at + times else s for n, s in enumerate(samples)]


@given(times=st.integers(3, int(LARGEST_GAP_S * RATE_HZ) - 2), at=st.integers(50, 300))
def test_readings_that_repeat_for_a_moment_are_told_and_begin_nothing_anew(
    times: int, at: int
) -> None:
    memory, reasons = fed(repeated(held(2.0), at, times))
    assert reasons == [RejectionReason.FROZEN] * (times - 2)
    assert memory.orientation.since_s == 0.0
    up = memory.orientation.up
    assert up is not None and up[2] > cos(radians(1.0))


def test_a_hiccup_in_a_turn_costs_no_turn() -> None:
    """At 0.5 rad/s for two seconds, twice 20 ms of which repeat."""
    turn = 0.5
    noise = np.random.default_rng(8).normal(0.0, 1e-4, 600).tolist()
    samples = [
        ImuSample(
            n / RATE_HZ,
            Segment.THORAX,
            (-G * sin(turn * n / RATE_HZ), noise[n], G * cos(turn * n / RATE_HZ)),
            (noise[n], turn, 0.0),
        )
        for n in range(570)
    ]
    memory, _ = fed(repeated(repeated(samples, 200, 6), 400, 6))
    angle = turn * 569 / RATE_HZ
    up = memory.orientation.up
    assert up is not None
    cosine = -up[0] * sin(angle) + up[2] * cos(angle)
    assert cosine > cos(radians(0.5))


def test_a_sensor_that_froze_begins_anew() -> None:
    times = int(LARGEST_GAP_S * RATE_HZ) + 20
    memory, reasons = fed(repeated(held(2.0), 100, times))
    assert reasons.count(RejectionReason.FROZEN) == times - 2
    since_s = memory.orientation.since_s
    assert since_s is not None and since_s > 100 / RATE_HZ


def test_the_end_of_a_scale_is_no_hiccup() -> None:
    samples = held(2.0)
    samples[100] = replace(samples[100], gyr_rad_s=(0.0, 8.7, 0.0))
    memory, _ = fed(repeated(samples, 100, 6))
    since_s = memory.orientation.since_s
    assert since_s is not None and since_s > 100 / RATE_HZ
    assert memory.orientation.up is not None and memory.orientation.up[2] > cos(radians(2.0))


def test_a_sensor_that_is_held_is_known_again_at_once_and_a_thrown_one_late() -> None:
    assert told_after_s(held(6.0)) < 0.3
    assert told_after_s(held(8.0, thrown_m_s2=0.3)) < 1.5
    assert told_after_s(held(8.0, thrown_m_s2=6.0)) > 4.0


@pytest.mark.parametrize("thrown_m_s2", [0.0, 0.3, 1.0, 3.0, 6.0])
def test_what_is_told_after_an_interruption_is_never_far_off(thrown_m_s2: float) -> None:
    samples = held(9.0, thrown_m_s2=thrown_m_s2)
    memory = imu_estimate.ImuMemory(read_s=samples[0].t_s - 5.0)
    for sample in samples:
        memory, _ = fed([sample], memory)
        up = imu_estimate.fresh_up(memory)
        if up is not None:
            assert up[2] > cos(radians(2.5))


def test_what_was_felt_goes_on_over_a_kept_state() -> None:
    samples = held(1.0, thrown_m_s2=1.0)
    whole, _ = fed(samples)
    half, _ = fed(samples[:140])
    again, _ = fed(samples[140:], decode(encode(half), imu_estimate.ImuMemory))
    assert again.orientation.felt.blocks == whole.orientation.felt.blocks > 10
    sds = [steady_sd_rad(m.orientation.felt) for m in (again, whole)]
    assert sds[0] == pytest.approx(sds[1])


def test_nothing_felt_is_not_sure() -> None:
    assert steady_sd_rad(Felt()) == float("inf")
    assert steady_sd_rad(Felt(blocks=10)) == float("inf")
