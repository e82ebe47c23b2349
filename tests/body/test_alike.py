"""Poses of one session: what is told of their differences, and that it stays one covariance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from stick_figure import camera, frame, side_figure

from lengthwise.body import estimator
from lengthwise.body.alike import Found, Told, aside, nearer, ratio
from lengthwise.body.emission import emitted
from lengthwise.body.prediction import predicted
from lengthwise.body.session_state import State, anew, marked
from lengthwise.contracts.coordinates import ANATOMICAL, INDEX, Coordinate, Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import (
    Axis,
    ImuStream,
    PersonSignal,
    Posture,
    Segment,
    SignalKind,
    Stream,
    View,
)
from lengthwise.contracts.states import BodyState
from lengthwise.reference.postures import posture_mean_rad

N = len(ANATOMICAL)
HIP = ANATOMICAL.index(Coordinate.HIP_FLEXION_L)


def covariance_of(seed: int, moments: int) -> np.ndarray:
    """(moments, moments, 13, 13) of any moments; the first is now."""
    rng = np.random.default_rng(seed)
    root = rng.standard_normal((moments * N, moments * N)) * rng.uniform(0.01, 0.2)
    return (root @ root.T).reshape(moments, N, moments, N).transpose(0, 2, 1, 3)


def marks_of(joint: np.ndarray) -> tuple[Told, ...]:
    return tuple(Told(joint[i, i], joint[0, i], joint[i, 1:i].copy()) for i in range(1, len(joint)))


def joint_of(now: np.ndarray, marks: tuple[Told, ...]) -> np.ndarray:
    """(k + 1, k + 1, 13, 13)"""
    k = len(marks)
    joint = np.empty((k + 1, k + 1, N, N))
    joint[0, 0] = now
    for i, mark in enumerate(marks, start=1):
        joint[i, i], joint[0, i], joint[i, 0] = mark.covariance, mark.shared, mark.shared.T
        for j, between in enumerate(mark.earlier, start=1):
            joint[i, j], joint[j, i] = between, between.T
    return joint


def differences(joint: np.ndarray, i: int, k: int) -> np.ndarray:
    return np.asarray(joint[i, i] + joint[k, k] - joint[i, k] - joint[k, i])


SHARES = st.lists(st.floats(0.1, 3.0), min_size=3, max_size=3)


@given(seed=st.integers(0, 500), ratios=SHARES)
def test_what_is_told_together_stays_a_covariance(seed: int, ratios: list[float]) -> None:
    before = covariance_of(seed, 4)
    after = joint_of(before[0, 0], nearer(before[0, 0], marks_of(before), ratios, HIP))
    whole = after.transpose(0, 2, 1, 3).reshape(4 * N, 4 * N)
    np.testing.assert_allclose(whole, whole.T, atol=1e-12)
    assert np.linalg.eigvalsh(whole).min() > -1e-9 * whole.max()


@given(seed=st.integers(0, 500), ratios=SHARES)
def test_a_difference_at_the_hip_is_that_much_surer_and_no_other_is_changed(
    seed: int, ratios: list[float]
) -> None:
    before = covariance_of(seed, 4)
    after = joint_of(before[0, 0], nearer(before[0, 0], marks_of(before), ratios, HIP))
    others = np.arange(N) != HIP
    for i, q in enumerate(ratios, start=1):
        was, now = differences(before, 0, i), differences(after, 0, i)
        assert now[HIP, HIP] == pytest.approx(q**2 * was[HIP, HIP], rel=1e-9)
        np.testing.assert_allclose(now[HIP, others], q * was[HIP, others], atol=1e-12)
        np.testing.assert_allclose(
            now[np.ix_(others, others)], was[np.ix_(others, others)], atol=1e-12
        )


@given(seed=st.integers(0, 500), q=st.floats(0.1, 1.0))
def test_two_marks_told_alike_differ_by_that_much_less(seed: int, q: float) -> None:
    before = covariance_of(seed, 3)
    after = joint_of(before[0, 0], nearer(before[0, 0], marks_of(before), [q, q], HIP))
    was, now = differences(before, 1, 2)[HIP, HIP], differences(after, 1, 2)[HIP, HIP]
    assert now == pytest.approx(q**2 * was, rel=1e-9)


@given(
    seed=st.integers(0, 500),
    r=st.floats(0.5, 1.0),
    scale=st.floats(0.01, 100.0),
    still_s=st.floats(0.0, 100.0),
)
def test_no_more_is_taken_off_than_was_found(
    seed: int, r: float, scale: float, still_s: float
) -> None:
    joint = scale * covariance_of(seed, 2)
    (mark,) = marks_of(joint)
    variance = differences(joint, 0, 1)[HIP, HIP]
    q = ratio(Found(r, r, 0.01), joint[0, 0], mark, HIP, still_s=still_s)
    assert r - 1e-12 <= q <= 1.0
    assert (1.0 - q**2) * variance <= (1.0 - r**2) * 0.01 + 1e-12


def test_the_longer_a_pose_is_held_the_more_it_is_told_like_a_hold() -> None:
    joint = covariance_of(3, 2)
    (mark,) = marks_of(joint)
    found = Found(0.9, 0.6, 100.0)
    each = [ratio(found, joint[0, 0], mark, HIP, still_s=s) for s in (0.0, 2.0, 5.0, 20.0, 1e3)]
    assert each == sorted(each, reverse=True)
    assert each[0] == pytest.approx(0.9)
    assert each[-1] == pytest.approx(0.6)


def test_a_leg_read_out_of_the_plane_is_told_less_sure_and_no_other() -> None:
    assert [aside(np.radians(deg)) for deg in (0.0, 14.9, -14.9)] == [1.0] * 3
    assert aside(np.radians(30.0)) == aside(np.radians(-30.0)) == pytest.approx(2.0)


def later(
    *,
    posture: Posture = Posture.SUPINE,
    kept: bool = True,
    view: View = View.LEFT,
    zero: bool = True,
    worn: tuple[Segment, ...] = (),
    begun_anew: bool = False,
) -> tuple[float, float]:
    """Sds of hip flexion less hip flexion at a mark, in a pose that is long held: left, right."""
    streams: tuple[Stream, ...] = (
        camera(view, posture=posture),
        *(ImuStream(segment, 50.0, forward_axis=Axis.X) for segment in worn),
    )
    start_rad = posture_mean_rad(posture)
    params = estimator.Params(
        streams, posture, start_rad, zero_s=(0.0, 1.0) if zero else None, pelvis_kept=kept
    )
    state = estimator.start(params)
    state = replace(state, facing=view, zero=replace(state.zero, done=True), time_s=5.0)
    signal = PersonSignal(5.0, SignalKind.FIRST_RESISTANCE, ((MuscleGroup.PSOAS, Side.LEFT),))
    state = predicted(params, marked(state, signal), 5.2)
    state = replace(state, going=replace(state.going, still_s=60.0))
    if begun_anew:
        state = _place_anew(params, state)
    return _sds(emitted(params, state))


def _place_anew(params: estimator.Params, state: State) -> State:
    at = np.arange(params.model.layout.root, params.model.layout.root + 3)
    return anew(state, at, np.zeros(3), np.eye(3))


def _sds(body: BodyState) -> tuple[float, float]:
    (mark,) = body.marks
    found = []
    for side in "lr":
        i = ANATOMICAL.index(Coordinate(f"hip_flexion_{side}"))
        k = INDEX[ANATOMICAL[i]]
        variance = body.covariance_rad2[k, k] + mark.covariance_rad2[i, i]
        found.append(float(np.sqrt(variance - 2.0 * mark.shared_rad2[i, i])))
    return found[0], found[1]


def test_only_the_hip_on_the_side_that_is_seen_is_told_surer() -> None:
    plain_left, plain_right = later(kept=False)
    kept_left, kept_right = later()
    far_left, far_right = later(view=View.RIGHT)
    assert kept_left < 0.98 * kept_right
    assert far_right < 0.98 * far_left
    assert plain_left == pytest.approx(plain_right, rel=1e-6)


@pytest.mark.parametrize(
    "unlike",
    [
        {"view": View.FRONT},
        {"worn": (Segment.PELVIS, Segment.T12)},
        {"worn": (Segment.THIGH_R,), "posture": Posture.SUPINE},
        {"posture": Posture.SITTING},
        {"zero": False},
        {"begun_anew": True},
    ],
)
def test_nothing_is_told_surer_where_nothing_was_found(unlike: dict[str, object]) -> None:
    left, right = later(**unlike)  # type: ignore[arg-type]
    assert left == pytest.approx(right, rel=1e-6)


def test_how_long_a_pose_was_held_counts_from_the_last_movement() -> None:
    params = estimator.Params((camera(View.LEFT),), Posture.STANDING, np.zeros(21))
    state, held_s = estimator.start(params), []
    for k in range(300):
        hip_deg = float(np.interp(k / 30, [5.0, 6.0], [0.0, 40.0]))
        seen = frame(k / 30, side_figure(hip_deg=(hip_deg, 0.0)), View.LEFT)
        state, _ = estimator.step(params, state, seen)
        held_s.append(state.going.still_s)
    assert 3.0 < held_s[149] < 5.0
    assert max(held_s[160:180]) == 0.0
    assert 1.0 < held_s[299] < 4.0
