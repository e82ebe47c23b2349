"""Laws of the body estimate that hold for any person, view and sensor."""

from collections.abc import Sequence
from math import degrees, radians

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stick_figure import (
    camera,
    frame,
    front_figure,
    imu_sample,
    mirror_image,
    side_figure,
)

from lengthwise.body import estimator
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.coordinates import (
    ANATOMICAL,
    COORDINATES,
    INDEX,
    Coordinate,
    Side,
    mirrored,
)
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import (
    Axis,
    ImuStream,
    LandmarkFrame,
    Observation,
    PersonSignal,
    Posture,
    Segment,
    SignalKind,
    Stream,
    Tick,
    View,
)
from lengthwise.contracts.states import BodyState, Unseen
from lengthwise.reference.postures import posture_mean_rad

FPS_HZ = 30.0
PELVIS = ImuStream(Segment.PELVIS, 100.0, forward_axis=Axis.MINUS_Z)
THIGH = ImuStream(Segment.THIGH_L, 100.0, forward_axis=Axis.MINUS_Z)


def params(
    *streams: Stream,
    posture: Posture = Posture.STANDING,
    zero_s: tuple[float, float] | None = None,
) -> estimator.Params:
    return estimator.Params(streams, posture, posture_mean_rad(posture), zero_s=zero_s)


def run(
    given_params: estimator.Params, observations: Sequence[Observation]
) -> tuple[estimator.State, list[BodyState]]:
    state, seen = estimator.start(given_params), []
    for observation in observations:
        state, out = estimator.step(given_params, state, observation)
        if out.state is not None:
            seen.append(out.state)
    return state, seen


def sd_rad(body: BodyState) -> np.ndarray:
    return np.sqrt(body.covariance_rad2.diagonal())


def squat(
    view: View, frames: int, *, rng: np.random.Generator | None = None
) -> list[LandmarkFrame]:
    """A lunge-like bend of the left leg: not symmetric, so that sides can be told apart."""
    found = []
    for k in range(frames):
        depth = min(1.0, k / 30.0)
        figure = side_figure(
            trunk_deg=20 * depth, hip_deg=(50 * depth, 10 * depth), knee_deg=(60 * depth, 5 * depth)
        )
        noise = None if rng is None else rng.normal(0.0, 1.5, (33, 2))
        found.append(frame(k / FPS_HZ, figure, view, noise_px=noise))
    return found


def mixed_session(seed: int) -> list[Observation]:
    """Camera, two inertial sensors and ticks, with noise, in order of time."""
    rng = np.random.default_rng(seed)
    observations: list[Observation] = list(squat(View.LEFT, 60, rng=rng))
    for k in range(200):
        t_s = k / 100.0
        bend = min(1.0, max(0.0, t_s))
        for segment, pitch in ((Segment.PELVIS, 10 * bend), (Segment.THIGH_L, -40 * bend)):
            observations.append(
                imu_sample(t_s, segment, pitch_deg=pitch, jitter=float(rng.normal(0, 0.05)))
            )
    observations += [Tick(k / 20.0) for k in range(44)]
    return sorted(observations, key=lambda o: o.t_s)


def test_unseen_returns_to_the_start_posture_with_the_sd_of_its_prior() -> None:
    given_params = params(camera(View.LEFT), posture=Posture.HALF_KNEELING)
    start_rad = posture_mean_rad(Posture.HALF_KNEELING)
    before = run(given_params, [Tick(0.0)])[1][0]
    figure = side_figure(hip_deg=(10, 90), knee_deg=(95, 95))
    seen = [frame(k / FPS_HZ, figure, View.LEFT) for k in range(60)]
    body = run(given_params, [*seen, *(Tick(2.0 + k) for k in range(120))])[1]
    knee = INDEX[Coordinate.KNEE_FLEXION_L]
    assert sd_rad(body[59])[knee] < 0.2 * sd_rad(before)[knee]
    # How this person holds the posture has been learnt a little, and stays.
    assert (sd_rad(body[-1]) <= sd_rad(before) * (1.0 + 1e-9)).all()
    np.testing.assert_allclose(sd_rad(body[-1]), sd_rad(before), rtol=0.1)
    np.testing.assert_allclose(body[-1].mean_rad, start_rad, atol=radians(3.0))


def test_nothing_unseen_is_ever_claimed() -> None:
    ticks_only = run(params(camera(View.FRONT), PELVIS), [Tick(k / 20) for k in range(100)])[1]
    assert all(Unseen.CLAIMED not in body.unseen and body.quality == 0.0 for body in ticks_only)


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    view=st.sampled_from(list(View)),
    posture=st.sampled_from(list(Posture)),
)
def test_covariance_stays_positive_semidefinite_whatever_comes(
    seed: int, view: View, posture: Posture
) -> None:
    rng = np.random.default_rng(seed)
    given_params = params(camera(view), PELVIS, THIGH, posture=posture, zero_s=(0.2, 0.6))
    state, t_s = estimator.start(given_params), 0.0
    for _ in range(40):
        t_s += float(rng.exponential(0.05)) * (20.0 if rng.random() < 0.05 else 1.0)
        kind = rng.integers(4)
        observation: Observation
        if kind == 0:
            observation = Tick(t_s)
        elif kind == 1:
            segment = Segment.PELVIS if rng.random() < 0.5 else Segment.THIGH_L
            observation = imu_sample(
                t_s, segment, pitch_deg=float(rng.uniform(-180, 180)), jitter=float(rng.normal())
            )
        else:
            figure = side_figure(
                trunk_deg=float(rng.uniform(-90, 120)),
                hip_deg=(float(rng.uniform(-30, 120)), float(rng.uniform(-30, 120))),
                knee_deg=(float(rng.uniform(0, 130)), float(rng.uniform(0, 130))),
            )
            shown = View.LEFT if kind == 2 else View.RIGHT
            noise = rng.normal(0, 10 ** rng.uniform(-1, 2), (33, 2))
            observation = frame(t_s, figure, shown, noise_px=noise)
        state, out = estimator.step(given_params, state, observation)
        if out.state is not None:
            assert np.isfinite(out.state.mean_rad).all()
            eigenvalues = np.linalg.eigvalsh(out.state.covariance_rad2)
            assert eigenvalues.min() > -1e-10
        assert np.linalg.eigvalsh(state.covariance).min() > -1e-9


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 1000))
def test_a_mirrored_person_has_mirrored_coordinates(seed: int) -> None:
    """The mirror image of a person is another possible person, with left and right exchanged.

    Not to the last digit: the points at which the filter tries out the estimate have an order.
    """
    seen = squat(View.LEFT, 40, rng=np.random.default_rng(seed))
    plain = run(params(camera(View.LEFT)), seen)[1]
    other = run(params(camera(View.RIGHT)), [mirror_image(f) for f in seen])[1]
    for body, image in zip(plain, other, strict=True):
        for coordinate in COORDINATES:
            twin, sign = mirrored(coordinate)
            at, there = INDEX[coordinate], INDEX[twin]
            assert body.mean_rad[at] == pytest.approx(
                sign * image.mean_rad[there], abs=radians(0.5)
            )
            assert body.unseen[at] is image.unseen[there]


def test_a_declared_mirror_image_is_turned_back() -> None:
    seen = [frame(k / FPS_HZ, front_figure(chest_lean_deg=15), View.FRONT) for k in range(30)]
    plain = run(params(camera(View.FRONT)), seen)[1][-1]
    declared = run(params(camera(View.FRONT, mirrored=True)), [mirror_image(f) for f in seen])[1][
        -1
    ]
    np.testing.assert_allclose(declared.mean_rad, plain.mean_rad, atol=1e-9)


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 1000), shift_s=st.floats(0.0, 5000.0))
def test_only_time_differences_matter(seed: int, shift_s: float) -> None:
    seen = squat(View.LEFT, 40, rng=np.random.default_rng(seed))
    later = [
        LandmarkFrame(f.t_s + shift_s, f.xy_px, f.image_z_px, f.visibility, f.present) for f in seen
    ]
    first = run(params(camera(View.LEFT)), seen)[1][-1]
    second = run(params(camera(View.LEFT)), later)[1][-1]
    np.testing.assert_allclose(second.mean_rad, first.mean_rad, atol=1e-6)
    np.testing.assert_allclose(second.covariance_rad2, first.covariance_rad2, atol=1e-6)
    assert second.unseen == first.unseen


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 1000))
def test_a_still_person_stays_still(seed: int) -> None:
    """Small detection noise must not look like movement."""
    rng = np.random.default_rng(seed)
    figure = side_figure(trunk_deg=10, hip_deg=(40, 30), knee_deg=(50, 40))
    seen = [
        frame(k / FPS_HZ, figure, View.LEFT, noise_px=rng.normal(0, 0.5, (33, 2)))
        for k in range(150)
    ]
    body = run(params(camera(View.LEFT)), seen)[1][60:]
    knee = np.array([b.mean_rad[INDEX[Coordinate.KNEE_FLEXION_L]] for b in body])
    assert degrees(float(knee.std())) < 0.5
    assert degrees(float(knee.max() - knee.min())) < 3.0


def test_a_duplicate_changes_nothing() -> None:
    given_params = params(camera(View.LEFT), PELVIS)
    seen = squat(View.LEFT, 20)
    state, body = run(given_params, seen)
    again, out = estimator.step(given_params, state, seen[-1])
    assert encode(again) == encode(state)
    assert out.state is not None
    np.testing.assert_array_equal(out.state.covariance_rad2, body[-1].covariance_rad2)


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 100), cut=st.integers(0, 500))
def test_saved_and_resumed_is_the_same_byte_for_byte(seed: int, cut: int) -> None:
    given_params = params(camera(View.LEFT), PELVIS, THIGH, zero_s=(0.0, 0.4))
    observations = mixed_session(seed)
    cut = min(cut, len(observations) - 1)
    state = estimator.start(given_params)
    whole, resumed = [], []
    for observation in observations:
        state, out = estimator.step(given_params, state, observation)
        whole.append(encode(out))
    final = encode(state)
    state = estimator.start(given_params)
    for k, observation in enumerate(observations):
        if k == cut:
            state = decode(encode(state), estimator.State)
        state, out = estimator.step(given_params, state, observation)
        resumed.append(encode(out))
    assert resumed == whole
    assert encode(state) == final


def test_more_sensors_never_make_an_angle_less_certain() -> None:
    """The same frames with a pelvis sensor beside them."""
    seen: list[Observation] = list(squat(View.LEFT, 60))
    felt = [
        imu_sample(k / 100, Segment.PELVIS, pitch_deg=0, jitter=0.01 * (-1) ** k)
        for k in range(200)
    ]
    alone = run(params(camera(View.LEFT), zero_s=(0.0, 0.1)), seen)[1][-1]
    together = run(
        params(camera(View.LEFT), PELVIS, zero_s=(0.0, 0.1)),
        sorted([*seen, *felt], key=lambda o: o.t_s),
    )[1][-1]
    tilt, hip = INDEX[Coordinate.PELVIS_TILT], INDEX[Coordinate.HIP_FLEXION_L]
    assert sd_rad(together)[tilt] < 0.7 * sd_rad(alone)[tilt]
    assert sd_rad(together)[hip] < sd_rad(alone)[hip]
    assert (sd_rad(together) <= sd_rad(alone) + radians(1.0)).all()


def marked_hip_sd_deg(seconds: float) -> float:
    """Sd of a hip's angle now less that at a mark, both after so many seconds of holding a pose,
    with a movement to and fro in between."""
    rng, mark_s = np.random.default_rng(5), 2.0 + seconds
    given_params = estimator.Params(
        (camera(View.LEFT),), Posture.STANDING, np.zeros(21), zero_s=(0.0, 0.9), pelvis_kept=True
    )
    state, body = estimator.start(given_params), None
    for k in range(int(FPS_HZ * (mark_s + 2.0 + seconds))):
        t_s = k / FPS_HZ
        hip = np.interp(t_s, [1.0, 2.0, mark_s, mark_s + 1.0, mark_s + 2.0], [0, 40, 40, 55, 40])
        noise = rng.normal(0.0, 1.5, (33, 2))
        seen = frame(t_s, side_figure(hip_deg=(hip, 0)), View.LEFT, noise_px=noise)
        if body is not None and not state.marks and t_s >= mark_s:
            targets = ((MuscleGroup.HAMSTRINGS, Side.LEFT),)
            signal = PersonSignal(t_s, SignalKind.FIRST_RESISTANCE, targets)
            state, _ = estimator.step(given_params, state, signal)
        state, out = estimator.step(given_params, state, seen)
        body = out.state or body
    assert body is not None
    (mark,), at = body.marks, ANATOMICAL.index(Coordinate.HIP_FLEXION_L)
    now = INDEX[Coordinate.HIP_FLEXION_L]
    variance = body.covariance_rad2[now, now] + mark.covariance_rad2[at, at]
    return degrees(np.sqrt(variance - 2.0 * mark.shared_rad2[at, at]))


def test_a_difference_between_poses_that_were_held_is_surer() -> None:
    """What a landmark's error wanders averages out while nothing moves."""
    assert marked_hip_sd_deg(4.0) < 0.95 * marked_hip_sd_deg(0.1)


def test_a_movement_after_a_long_hold_is_followed_within_a_second() -> None:
    """Ten seconds of stillness, then the hip and the knee bend further within a second."""
    rng = np.random.default_rng(6)
    observations = []
    for k in range(int(FPS_HZ * 12.5)):
        more = min(1.0, max(0.0, k / FPS_HZ - 10.5))
        figure = side_figure(hip_deg=(30 + 30 * more, 0), knee_deg=(40 + 30 * more, 0))
        noise = rng.normal(0.0, 1.5, (33, 2))
        observations.append(frame(k / FPS_HZ, figure, View.LEFT, noise_px=noise))
    body = run(params(camera(View.LEFT)), observations)[1]
    knee = INDEX[Coordinate.KNEE_FLEXION_L]
    assert degrees(body[int(FPS_HZ * 10.4)].mean_rad[knee]) == pytest.approx(40.0, abs=4.0)
    assert degrees(body[-1].mean_rad[knee]) == pytest.approx(70.0, abs=5.0)
