"""Frames of a second pose model: they sharpen, and never count the same evidence twice."""

from functools import cache

import numpy as np
import pytest
from msgspec.structs import replace

from lengthwise.body import audit, estimator
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.coordinates import INDEX, Coordinate
from lengthwise.contracts.observation import (
    AuditFrame,
    CameraStream,
    Observation,
    PoseModel,
    RejectionReason,
    Segment,
    View,
)
from lengthwise.live.evaluation.track import Track, track
from lengthwise.sim.motions import motions
from lengthwise.sim.scripted import Film, Script, film

ZERO_S = (0.5, 3.5)
MOTION = next(m for m in motions() if m.name == "lunge")


@cache
def filmed(seed: int) -> Film:
    """A lunge; a second model looks at every tenth image."""
    shares = ((2.0, 0.0), (4.0, 0.8), (7.0, 0.8))
    script = Script(MOTION, seed, shares, (View.LEFT,), (Segment.PELVIS,), audit_every=10)
    return film(script)


def observations(seed: int, *, audits: bool) -> list[Observation]:
    found = filmed(seed).observations((View.LEFT,))
    return [o for o in found if audits or not isinstance(o, AuditFrame)]


def params_of(
    seed: int, live: PoseModel = PoseModel.SIMULATED, second: PoseModel | None = None
) -> estimator.Params:
    stream = filmed(seed).streams[View.LEFT]
    assert isinstance(stream, CameraStream)
    stream = replace(stream, pose_model=live, audit_model=second)
    return estimator.Params((stream,), MOTION.posture, MOTION.start_rad, zero_s=ZERO_S)


def late(found: Track) -> np.ndarray:
    return np.asarray(found.t_s > ZERO_S[1])


def sd_rad(
    coordinate: Coordinate,
    seed: int,
    *,
    second: PoseModel | None,
    live: PoseModel = PoseModel.LITE,
) -> float:
    found = track(params_of(seed, live, second), observations(seed, audits=second is not None))
    return float(found.sd_rad[late(found), INDEX[coordinate]].mean())


def knee_sd(seed: int, *, second: PoseModel | None, live: PoseModel) -> float:
    return sd_rad(Coordinate.KNEE_FLEXION_L, seed, second=second, live=live)


def test_a_better_model_now_and_then_makes_surer() -> None:
    trunk = Coordinate.TRUNK_FLEXION
    assert sd_rad(trunk, 1, second=PoseModel.HEAVY) < 0.95 * sd_rad(trunk, 1, second=None)


def test_what_both_models_have_in_common_is_not_counted_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The more their errors are the same, the less the second look is worth."""
    same = PoseModel.SIMULATED
    alone = knee_sd(2, live=same, second=None)
    monkeypatch.setattr(audit, "_SHARED", 0.999)
    copies = knee_sd(2, live=same, second=same)
    monkeypatch.setattr(audit, "_SHARED", 0.0)
    strangers = knee_sd(2, live=same, second=same)
    assert strangers < copies < 1.02 * alone
    assert copies > 0.97 * alone
    assert strangers < 0.97 * alone


def test_coverage_stays() -> None:
    covered, before = [], []
    for seed in (1, 2, 3):
        truth = filmed(seed)
        for second, kept in ((None, before), (PoseModel.SIMULATED, covered)):
            found = track(
                params_of(seed, second=second), observations(seed, audits=second is not None)
            )
            error = np.abs(found.mean_rad - truth.truth_at(found.t_s))[late(found)]
            kept.append(error <= 1.96 * found.sd_rad[late(found)])
    assert np.mean(covered) > 0.93
    assert np.mean(covered) > np.mean(before) - 0.01


def test_without_a_second_model_nothing_changes() -> None:
    plain, second = params_of(1), params_of(1, second=PoseModel.HEAVY)
    assert plain.audit is None and second.audit is not None
    size = plain.model.layout.size
    assert second.model.layout.size > size
    np.testing.assert_array_equal(second.model.first[:size, :size], plain.model.first)
    np.testing.assert_array_equal(second.model.stationary[:size, :size], plain.model.stationary)


@pytest.mark.parametrize("second", list(PoseModel))
def test_the_covariance_of_both_models_errors_can_be(second: PoseModel) -> None:
    model = params_of(1, PoseModel.LITE, second).model
    for covariance in (model.first, model.stationary):
        np.testing.assert_allclose(covariance, covariance.T)
        assert np.linalg.eigvalsh(covariance).min() > -1e-12


def test_an_audit_frame_shows_at_the_next_frame() -> None:
    params = params_of(1, second=PoseModel.SIMULATED)
    state, frames = estimator.start(params), 0
    for observation in observations(1, audits=True)[:400]:
        before = state
        state, out = estimator.step(params, state, observation)
        if isinstance(observation, AuditFrame):
            frames += 1
            assert out.state is None
            assert state.camera is before.camera and state.zero is before.zero
            again, out = estimator.step(params, state, observation)
            assert out.rejections[0].reason is RejectionReason.DUPLICATE_TIME
            assert out.rejections[0].source == "camera:audit" and again is state
    assert frames > 10


def test_one_that_is_not_declared_is_rejected() -> None:
    params = params_of(1)
    state = estimator.start(params)
    frame = next(o for o in observations(1, audits=True) if isinstance(o, AuditFrame))
    after, out = estimator.step(params, state, frame)
    assert after is state and out.rejections[0].reason is RejectionReason.OUT_OF_RANGE


def test_another_person_in_an_audit_frame_is_left_out() -> None:
    params = params_of(1, second=PoseModel.SIMULATED)
    state = estimator.start(params)
    last = state
    for observation in observations(1, audits=True)[:300]:
        state, _ = estimator.step(params, state, observation)
        if isinstance(observation, AuditFrame):
            last = state
            frame = observation.frame
    aside = replace(
        frame, t_s=(state.time_s or 0.0) + 0.01, xy_px=frame.xy_px + np.array([300.0, 0.0])
    )
    after, out = estimator.step(params, state, AuditFrame(aside))
    assert last.audit_s is not None
    assert RejectionReason.JUMP in {r.reason for r in out.rejections}
    assert after.camera is state.camera and after.landmarks_s == state.landmarks_s


def test_saved_and_restored_it_goes_on_the_same() -> None:
    params = params_of(3, second=PoseModel.SIMULATED)
    whole = resumed = estimator.start(params)
    for n, observation in enumerate(observations(3, audits=True)):
        whole, _ = estimator.step(params, whole, observation)
        if n % 60 == 0:
            resumed = decode(encode(resumed), estimator.State)
        resumed, _ = estimator.step(params, resumed, observation)
    assert encode(whole) == encode(resumed)
