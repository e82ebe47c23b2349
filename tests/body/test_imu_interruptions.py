"""What a sensor that clips, loses samples, falls silent or slips does to the estimate: little."""

from collections import Counter
from math import degrees, radians, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from scipy.spatial.transform import Rotation
from stick_figure import imu_sample, worn

from lengthwise.body import estimator
from lengthwise.body.imu_geometry import SegmentAxes, turned_to, up_in_segment
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.coordinates import INDEX, Coordinate
from lengthwise.contracts.observation import (
    Axis,
    ImuSample,
    ImuStream,
    Observation,
    Posture,
    RejectionReason,
    Segment,
    Tick,
)
from lengthwise.contracts.states import BodyState, Unseen

RATE_HZ = 100.0
PELVIS = ImuStream(Segment.PELVIS, RATE_HZ, forward_axis=Axis.MINUS_Z)
FELT = estimator.Params((PELVIS,), Posture.STANDING, np.zeros(21), zero_s=(0.0, 1.0))
TILT, OBLIQUITY = INDEX[Coordinate.PELVIS_TILT], INDEX[Coordinate.PELVIS_OBLIQUITY]


def run(observations: list[Observation]) -> tuple[list[BodyState], Counter[RejectionReason]]:
    state, body = estimator.start(FELT), []
    counted: Counter[RejectionReason] = Counter()
    for observation in observations:
        state, out = estimator.step(FELT, state, observation)
        counted.update(rejection.reason for rejection in out.rejections)
        if out.state is not None:
            body.append(out.state)
    return body, counted


def ticked(samples: list[ImuSample], until_s: float) -> list[Observation]:
    ticks = [Tick(k / 20.0) for k in range(int(until_s * 20) + 1)]
    return sorted([*samples, *ticks], key=lambda o: o.t_s)


def tilt_deg(body: BodyState) -> float:
    return degrees(body.mean_rad[TILT])


def covered(body: BodyState, coordinate: int, truth_deg: float) -> bool:
    sd = sqrt(body.covariance_rad2[coordinate, coordinate])
    return abs(body.mean_rad[coordinate] - radians(truth_deg)) <= 1.96 * sd


def turned(sample: ImuSample, by: Rotation) -> ImuSample:
    """What the sensor reads once it is worn turned."""
    acc, gyr = by.apply(sample.acc_m_s2), by.apply(sample.gyr_rad_s or (0.0, 0.0, 0.0))
    return replace(
        sample,
        acc_m_s2=(float(acc[0]), float(acc[1]), float(acc[2])),
        gyr_rad_s=(float(gyr[0]), float(gyr[1]), float(gyr[2])),
    )


def frozen(samples: list[ImuSample], from_s: float, until_s: float) -> list[ImuSample]:
    last = next(s for s in reversed(samples) if s.t_s < from_s)
    return [replace(last, t_s=s.t_s) if from_s <= s.t_s < until_s else s for s in samples]


def test_two_samples_at_the_end_of_a_scale_turn_nothing() -> None:
    """At 60 Hz two of them at 500 deg/s are 17 degrees; the third gives them away."""
    samples = worn(Segment.PELVIS, [(0.0, 0.0), (2.0, 0.0)])
    clipped = [
        replace(
            imu_sample(2.0 + k / RATE_HZ, Segment.PELVIS, pitch_deg=0, jitter=0.1 + 0.01 * k),
            gyr_rad_s=(0.001 * k, 8.73, 0.0),
        )
        for k in range(2)
    ]
    body, counted = run([*ticked(samples, 1.99), *clipped, Tick(2.02)])
    assert not counted
    assert tilt_deg(body[-1]) == pytest.approx(tilt_deg(body[-2]), abs=0.2)


def test_a_quick_movement_is_late_by_one_sample_and_not_lost() -> None:
    """300 degrees per second differ from sample to sample: they are no end of a scale. It goes on
    more slowly: what stops so soon is a sensor that slid (`sliding_quickly`)."""
    samples = worn(Segment.PELVIS, [(0.0, 0.0), (2.0, 0.0), (2.1, 30.0), (2.6, 36.0)])
    wobbling = [
        replace(s, gyr_rad_s=(s.gyr_rad_s[0], s.gyr_rad_s[1] + 1e-4 * (k % 7), s.gyr_rad_s[2]))
        for k, s in enumerate(samples)
        if s.gyr_rad_s is not None
    ]
    body, counted = run(ticked(wobbling, 2.55))
    assert not counted
    assert tilt_deg(body[-1]) == pytest.approx(35.4, abs=2.0)


@pytest.mark.parametrize("seed", range(3))
def test_samples_that_are_lost_cost_no_angle(seed: int) -> None:
    """The orientation filter counts samples: without half of them it would turn half as far."""
    samples = worn(Segment.PELVIS, [(0.0, 0.0), (2.0, 0.0), (2.5, 40.0), (2.6, 40.0)])
    rng = np.random.default_rng(seed)
    left = [s for s in samples if s.t_s < 1.9 or rng.random() < 0.5]
    whole, _ = run(ticked(samples, 2.6))
    body, counted = run(ticked(left, 2.6))
    assert set(counted) == {RejectionReason.LOST}
    assert tilt_deg(whole[-1]) == pytest.approx(40.0, abs=2.0)
    assert tilt_deg(body[-1]) == pytest.approx(tilt_deg(whole[-1]), abs=3.0)


@pytest.mark.parametrize("jitter_ms", [3.0, 5.0, 8.0])
def test_times_that_jitter_are_no_loss(jitter_ms: float) -> None:
    """Every other sample is stamped too early; filled in, it would turn half as far again."""
    samples = worn(Segment.PELVIS, [(0.0, 0.0), (2.0, 0.0), (2.5, 40.0), (2.6, 40.0)])
    late = [replace(s, t_s=s.t_s - jitter_ms / 1e3 * (k % 2)) for k, s in enumerate(samples)]
    body, counted = run(ticked(late, 2.59))
    assert not counted
    assert tilt_deg(body[-1]) == pytest.approx(40.0, abs=2.5)


@pytest.mark.parametrize("roll_deg", [10.0, 20.0, 25.0, 30.0])
def test_what_may_be_a_slip_or_a_lean_is_told_as_neither(roll_deg: float) -> None:
    """A second frozen, then turned to the side as far as a pelvis may lean in that time."""
    samples = worn(Segment.PELVIS, [(0.0, 0.0), (5.0, 0.0)])
    about_front = Rotation.from_rotvec(np.array([0.0, 0.0, radians(roll_deg)]))
    slipped = [turned(s, about_front) if s.t_s >= 3.0 else s for s in frozen(samples, 2.0, 3.0)]
    body, _ = run(ticked(slipped, 4.95))
    for seen in body[62:]:
        sd_deg = degrees(sqrt(seen.covariance_rad2[OBLIQUITY, OBLIQUITY]))
        assert sd_deg > 0.25 * roll_deg, "not as sure as before, by what a slip would have made"


@pytest.mark.parametrize("roll_deg", [-40.0, 40.0])
def test_a_sensor_that_comes_back_turned_has_slipped(roll_deg: float) -> None:
    """A second frozen, then 40 degrees to the side, as no pelvis leans in that time."""
    samples = worn(Segment.PELVIS, [(0.0, 0.0), (5.0, 0.0)])
    about_front = Rotation.from_rotvec(np.array([0.0, 0.0, radians(roll_deg)]))
    slipped = [turned(s, about_front) if s.t_s >= 3.0 else s for s in frozen(samples, 2.0, 3.0)]
    body, counted = run(ticked(slipped, 4.95))
    assert counted == {RejectionReason.FROZEN: 99, RejectionReason.REMOUNTED: 1}
    assert all(covered(b, OBLIQUITY, 0.0) and covered(b, TILT, 0.0) for b in body[20:])


def test_a_slipped_sensor_still_tells_how_far_the_segment_turns() -> None:
    samples = worn(Segment.PELVIS, [(0.0, 0.0), (4.0, 0.0), (5.0, 20.0), (6.0, 20.0)])
    about_front = Rotation.from_rotvec(np.array([0.0, 0.0, radians(25.0)]))
    slipped = [turned(s, about_front) if s.t_s >= 3.0 else s for s in frozen(samples, 2.0, 3.0)]
    body, _ = run(ticked(slipped, 5.95))
    before = next(b for b in body if b.t_s >= 3.9)
    assert tilt_deg(body[-1]) - tilt_deg(before) == pytest.approx(20.0, abs=3.0)


@pytest.mark.parametrize("pitch_deg", [0.0, 15.0])
def test_a_sensor_that_comes_back_as_a_body_moves_has_not_slipped(pitch_deg: float) -> None:
    samples = worn(Segment.PELVIS, [(0.0, 0.0), (2.0, 0.0), (3.0, pitch_deg), (4.0, pitch_deg)])
    body, counted = run(ticked(frozen(samples, 2.0, 3.0), 3.95))
    assert counted == {RejectionReason.FROZEN: 99}
    assert tilt_deg(body[-1]) == pytest.approx(pitch_deg, abs=2.0)
    assert body[-1].unseen[TILT] is Unseen.CLAIMED


def test_what_no_slip_explains_is_named_and_not_claimed() -> None:
    """Lying down while the sensor was out of reach; or a sensor put back otherwise."""
    samples = worn(Segment.PELVIS, [(0.0, 0.0), (3.0, 0.0), (6.0, 80.0), (8.0, 80.0)])
    left = [s for s in samples if not 2.0 <= s.t_s < 7.0]
    body, counted = run(ticked(left, 7.95))
    assert counted == {RejectionReason.LOST: 1, RejectionReason.REMOUNTED: 1}
    tilt = body[-1].believed(Coordinate.PELVIS_TILT)
    assert np.degrees(tilt.sd) > 15.0
    assert Unseen.CLAIMED not in body[-1].unseen


units = st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda v: np.linalg.norm(v) > 0.1)


@given(units, units, units)
def test_axes_turned_to_a_direction_read_it_and_stay_axes(
    turn: tuple[float, ...], seen: tuple[float, ...], wanted: tuple[float, ...]
) -> None:
    rows = Rotation.from_rotvec(turn).as_matrix()
    axes = SegmentAxes(*(tuple(float(v) for v in row) for row in rows))
    up = np.array(seen) / np.linalg.norm(seen)
    to = np.array(wanted) / np.linalg.norm(wanted)
    up_sensor = (float(up[0]), float(up[1]), float(up[2]))
    after = turned_to(axes, up_sensor, to)
    matrix = np.array([after.front, after.left, after.up])
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(3), atol=1e-9)
    assert np.linalg.det(matrix) > 0.0
    if rows @ up @ to > -0.9:
        np.testing.assert_allclose(up_in_segment(after, up_sensor), to, atol=1e-9)


@given(at=st.integers(1, 70))
def test_saved_between_doubtful_samples_the_rest_is_the_same(at: int) -> None:
    """What is held back is part of the state: repeats, large values, gaps."""
    samples = worn(Segment.PELVIS, [(0.0, 0.0), (0.3, 0.0), (0.5, 50.0), (0.7, 50.0)])
    shaky = [s for k, s in enumerate(frozen(samples, 0.2, 0.22)) if k % 7 != 3]
    observations = ticked(shaky, 0.7)
    state = estimator.start(FELT)
    for observation in observations[:at]:
        state, _ = estimator.step(FELT, state, observation)
    resumed = decode(encode(state), estimator.State)
    for observation in observations[at:]:
        state, expected = estimator.step(FELT, state, observation)
        resumed, found = estimator.step(FELT, resumed, observation)
        assert encode(found) == encode(expected)
    assert encode(resumed) == encode(state)
