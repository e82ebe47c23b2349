"""Laws of a position between marks of one session: what is common cancels, and nothing else."""

import numpy as np
import pytest
from fake_anatomy import MODEL, usual_bounds
from hypothesis import given, settings
from hypothesis import strategies as st
from postures_of_body import Said, anatomical_rad, body_at, with_marks, within_limits

from lengthwise.contracts.coordinates import ANATOMICAL, Coordinate, Side
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES, MuscleGroup
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.person import Mark, MarkKind
from lengthwise.contracts.states import BodyState, Estimate, Unseen
from lengthwise.reference.constants import constant
from lengthwise.tissue.engine import Params, State, start, step
from lengthwise.tissue.moments import (
    Moment,
    geometry_covariance_m2,
    joint_covariance_m2,
    variance_m2,
)

BOUNDS = usual_bounds()
PARAMS = Params(MODEL, BOUNDS)
MUSCLE = (MuscleGroup.HAMSTRINGS, Side.RIGHT)
ROW = GROUP_INDEX[MUSCLE]
SIZE = len(ANATOMICAL)
FIRST, TOLERANCE = SignalKind.FIRST_RESISTANCE, SignalKind.TOLERANCE
REPEAT = constant("tissue", "mark_repeat_sd_ratio")
TYPICAL_M = BOUNDS.typical_slope_m[ROW]
SHORTEST_M, SPAN_M = float(BOUNDS.shortest_m[ROW]), float(BOUNDS.span_m[ROW])
HIP = ANATOMICAL.index(Coordinate.HIP_FLEXION_R)


def leg(hip_deg: float) -> np.ndarray:
    return anatomical_rad(hip_flexion_r=hip_deg)


def joint(shared_deg: float, own_deg: float, moments: int = 3) -> np.ndarray:
    """(n, n, 13, 13): every angle errs by one bias of the session and by something of its own."""
    times = np.full((moments, moments), np.radians(shared_deg) ** 2)
    times += np.radians(own_deg) ** 2 * np.eye(moments)
    return np.einsum("ij,kl->ijkl", times, np.eye(SIZE))


def drawn(seed: int, moments: int = 3) -> np.ndarray:
    """(n, n, 13, 13): any joint covariance."""
    root = np.random.default_rng(seed).normal(0.0, 0.02, (moments * SIZE, moments * SIZE))
    whole = (root @ root.T).reshape(moments, SIZE, moments, SIZE)
    return np.ascontiguousarray(whole.transpose(0, 2, 1, 3))


def session(*hips_deg: float, params: Params = PARAMS) -> State:
    """First resistance and tolerance marked at two angles, with sure sensors."""
    state = start(params)
    for t_s, (hip_deg, kind) in enumerate(zip(hips_deg, (FIRST, TOLERANCE), strict=False), start=1):
        state, _ = step(params, state, body_at(leg(hip_deg), t_s=float(t_s)))
        state, _ = step(params, state, PersonSignal(float(t_s), kind, (MUSCLE,)))
    return state


def said(*hips_deg: float) -> list[Said]:
    """The same marks as the body keeps them."""
    kinds = zip(hips_deg, (FIRST, TOLERANCE), strict=False)
    return [(float(t), kind, (MUSCLE,), leg(h)) for t, (h, kind) in enumerate(kinds, start=1)]


def position(state: State, body: BodyState, params: Params = PARAMS) -> Estimate:
    tissue = step(params, state, body)[1]
    assert tissue is not None
    found = tissue.raw_window(*MUSCLE)
    assert found is not None
    return found


def moment(posture_rad: np.ndarray, *hidden: Coordinate) -> Moment:
    _, arms_m = PARAMS.groups.lengths_and_slopes(posture_rad)
    return Moment(posture_rad, arms_m[ROW], np.array([c not in hidden for c in ANATOMICAL]))


@settings(deadline=None)
@given(
    seed=st.integers(0, 10_000),
    postures=st.lists(within_limits(), min_size=3, max_size=3),
    hidden=st.sets(st.sampled_from(ANATOMICAL)),
)
def test_no_difference_has_a_negative_variance(
    seed: int, postures: list[np.ndarray], hidden: set[Coordinate]
) -> None:
    moments = [moment(p, *hidden) for p in postures]
    found = joint_covariance_m2(ROW, moments, drawn(seed), typical_arms_m=TYPICAL_M)
    for covariance in (
        found,
        geometry_covariance_m2(ROW, moments, typical_arms_m=TYPICAL_M),
        geometry_covariance_m2(ROW, moments[:2], typical_arms_m=TYPICAL_M, carried_m=0.02),
    ):
        assert np.linalg.eigvalsh(covariance).min() > -1e-12
        np.testing.assert_allclose(covariance, covariance.T, atol=1e-15)


@settings(deadline=None)
@given(
    seed=st.integers(0, 10_000),
    posture=within_limits(),
    hidden=st.sets(st.sampled_from(ANATOMICAL)),
)
def test_one_moment_alone_is_as_sure_as_the_first_of_many(
    seed: int, posture: np.ndarray, hidden: set[Coordinate]
) -> None:
    """Marks of other days share nothing with the reading, so only its own variance is asked for."""
    one, covariance = moment(posture, *hidden), drawn(seed)[:1, :1]
    arms_m, typical_m = np.zeros((len(GROUP_SIDES), SIZE)), np.zeros((len(GROUP_SIDES), SIZE))
    arms_m[ROW], typical_m[ROW] = one.arms_m, TYPICAL_M
    found = variance_m2(
        np.array([ROW]), one.posture_rad, arms_m, one.informed, covariance, typical_arms_m=typical_m
    )
    of_angles = joint_covariance_m2(ROW, [one], covariance, typical_arms_m=TYPICAL_M)
    of_model = geometry_covariance_m2(ROW, [one], typical_arms_m=TYPICAL_M)
    assert found[0] == pytest.approx(of_angles[0, 0] + of_model[0, 0], rel=1e-12)


@settings(deadline=None)
@given(seed=st.integers(0, 10_000), now_deg=st.floats(20.0, 85.0))
def test_no_sensor_is_surer_than_a_perfect_one(seed: int, now_deg: float) -> None:
    """Without any error of the angles the marks' own repeatability and the model remain."""
    state, poses = session(40.0, 70.0), said(40.0, 70.0)
    body = body_at(leg(now_deg), t_s=3.0)
    perfect = position(state, with_marks(body, poses, joint(0.0, 0.0)))
    real = position(state, with_marks(body, poses, drawn(seed)))
    span = 0.06 * np.radians(30.0) / BOUNDS.span_m[ROW]
    weights = np.hypot(1.0 - perfect.mean, perfect.mean)
    assert real.mean == perfect.mean
    assert real.sd >= perfect.sd >= 0.95 * weights * REPEAT / span


def test_a_mark_just_taken_is_as_sure_as_a_person_repeats_it() -> None:
    """Reading and first resistance are one and the same pose: 5 degrees of doubt cancel."""
    state, poses = session(40.0, 70.0), said(40.0, 70.0)
    covariance = joint(5.0, 0.5)
    covariance[0] = covariance[1]
    covariance[:, 0] = covariance[:, 1]
    covariance[0, 0] = covariance[1, 1]
    found = position(state, with_marks(body_at(leg(40.0), t_s=3.0), poses, covariance))
    span = 0.06 * np.radians(30.0) / BOUNDS.span_m[ROW]
    assert found.mean == pytest.approx(0.0, abs=1e-9)
    assert found.sd == pytest.approx(REPEAT / span, rel=0.05)


@given(shared_deg=st.floats(0.0, 20.0), own_deg=st.floats(0.1, 3.0))
def test_what_reading_and_marks_share_cancels(shared_deg: float, own_deg: float) -> None:
    """Half-way the weights 1, -1/2, -1/2 leave nothing of a bias; the arms differ by 1 mm/rad."""
    state, poses = session(40.0, 70.0), said(40.0, 70.0)
    body = body_at(leg(55.0), t_s=3.0)
    apart = position(state, with_marks(body, poses, joint(0.0, own_deg)))
    together = position(state, with_marks(body, poses, joint(shared_deg, own_deg)))
    assert together.sd >= apart.sd - 1e-12
    bias = 0.001 * np.radians(30.0) * np.radians(shared_deg) / (0.06 * np.radians(30.0))
    assert together.sd <= np.hypot(apart.sd, bias) + 1e-12


def test_the_stated_sd_is_that_of_drawn_errors() -> None:
    """4,000 sessions whose angles err as stated: sample sd within 3 percent, the model left out."""
    covariance = 0.1 * drawn(7)
    state, poses = session(40.0, 70.0), said(40.0, 70.0)
    stated = position(state, with_marks(body_at(leg(60.0), t_s=3.0), poses, covariance))
    perfect = position(state, with_marks(body_at(leg(60.0), t_s=3.0), poses, joint(0.0, 0.0)))
    whole = covariance.transpose(0, 2, 1, 3).reshape(3 * SIZE, 3 * SIZE)
    rng = np.random.default_rng(3)
    errors = rng.multivariate_normal(np.zeros(3 * SIZE), whole, 4_000).reshape(-1, 3, SIZE)
    at = np.array([leg(60.0), leg(40.0), leg(70.0)]) + errors
    length_m = PARAMS.groups.lengths_batch_m(at.reshape(-1, SIZE))[:, ROW].reshape(-1, 3)
    read = (length_m[:, 0] - length_m[:, 1]) / (length_m[:, 2] - length_m[:, 1])
    assert np.sqrt(stated.sd**2 - perfect.sd**2) == pytest.approx(read.std(), rel=0.06)


@given(wider=st.floats(1.0, 3.0), seed=st.integers(0, 1000))
def test_sd_grows_with_the_whole_joint_covariance(wider: float, seed: int) -> None:
    state, poses = session(40.0, 70.0), said(40.0, 70.0)
    body = body_at(leg(62.0), t_s=3.0)
    sure = position(state, with_marks(body, poses, drawn(seed)))
    unsure = position(state, with_marks(body, poses, wider * drawn(seed)))
    assert unsure.sd >= sure.sd - 1e-12


@pytest.mark.parametrize("change", ["time", "kind", "muscle", "lost"])
def test_a_mark_that_the_body_does_not_keep_falls_back_to_the_rule(change: str) -> None:
    """The rule leaves a tenth of the variance unshared: here far more than the estimate says."""
    state, poses = session(40.0, 70.0), said(40.0, 70.0)
    body = body_at(leg(55.0), sd_deg=6.0, t_s=3.0)
    t_s, kind, targets, pose = poses[0]
    other = {
        "time": (t_s + 0.1, kind, targets, pose),
        "kind": (t_s, TOLERANCE, targets, pose),
        "muscle": (t_s, kind, ((MuscleGroup.PSOAS, Side.RIGHT),), pose),
    }
    kept = [poses[1]] if change == "lost" else [other[change], poses[1]]
    covariance = joint(6.0, 0.2, 1 + len(kept))
    by_rule = position(state, with_marks(body, kept, covariance))
    known = position(state, with_marks(body, poses, joint(6.0, 0.2)))
    assert by_rule == position(state, with_marks(body, [], covariance[:1, :1]))
    assert by_rule.sd > 1.5 * known.sd


def test_the_order_in_which_marks_were_taken_does_not_matter() -> None:
    state, (first, tolerance) = session(40.0, 70.0), said(40.0, 70.0)
    body, covariance = body_at(leg(60.0), t_s=3.0), drawn(11)
    swapped = covariance[np.ix_([0, 2, 1], [0, 2, 1])]
    assert position(state, with_marks(body, [tolerance, first], swapped)).sd == pytest.approx(
        position(state, with_marks(body, [first, tolerance], covariance)).sd
    )


@pytest.mark.parametrize("reason", [r for r in Unseen if r is not Unseen.CLAIMED])
def test_a_raw_position_exists_however_unsure(reason: Unseen) -> None:
    state, poses = session(40.0, 70.0), said(40.0, 70.0)
    body = body_at(leg(95.0), sd_deg=80.0, t_s=3.0)
    blind = BodyState(body.t_s, body.mean_rad, body.covariance_rad2, (reason,) * 21, 0.0)
    for covariance in (joint(80.0, 1.0), joint(1.0, 80.0), drawn(1)):
        found = position(state, with_marks(blind, poses, covariance))
        assert found.mean > 1.5
        assert np.isfinite(found.sd)


def test_an_angle_that_nothing_informs_mostly_stays_where_it_is() -> None:
    """Hip rotation, 12 degrees, drawn anew at every moment by the estimate's own prior."""
    covariance = joint(0.0, 0.0)
    k = ANATOMICAL.index(Coordinate.HIP_ADDUCTION_R)
    covariance[[0, 1, 2], [0, 1, 2], k, k] = np.radians(12.0) ** 2
    postures = [leg(60.0), leg(40.0), leg(70.0)]
    weight = np.array([1.0, -1.0 / 3.0, -2.0 / 3.0])

    def variance(*hidden: Coordinate) -> float:
        moments = [moment(p, *hidden) for p in postures]
        found = joint_covariance_m2(ROW, moments, covariance, typical_arms_m=TYPICAL_M)
        return float(weight @ found @ weight)

    assert variance(ANATOMICAL[k]) == pytest.approx(0.1 * variance(), rel=0.15)


def test_first_resistance_of_today_and_a_tolerance_of_another_day() -> None:
    """The carried distance errs by itself; the mark of today as the joint covariance says."""
    marks = tuple(
        Mark(
            *MUSCLE,
            kind,
            SHORTEST_M + fraction * SPAN_M,
            0.02 * SPAN_M,
            0.3,
            "2025-01-01T00:00:00Z",
            "imu",
            distance_sd_m=distance and distance * SPAN_M,
        )
        for kind, fraction, distance in (
            (MarkKind.FIRST_RESISTANCE, 0.99, None),
            (MarkKind.TOLERANCE, 1.30, 0.01),
        )
    )
    params = Params(MODEL, BOUNDS, marks=marks, setup="imu")
    state, poses = session(40.0, params=params), said(40.0)
    body = body_at(leg(70.0), t_s=3.0)
    perfect = position(state, with_marks(body, poses, joint(0.0, 0.0, 2)), params)
    real = position(state, with_marks(body, poses, joint(8.0, 1.0, 2)), params)
    assert perfect.sd >= np.hypot(perfect.mean * 0.01, REPEAT) / 0.31
    own = np.sqrt(2.0) * np.radians(1.0) * np.sqrt((np.array([60, 30, 15, 3]) ** 2).sum()) / 1000.0
    expected = np.hypot(perfect.sd, own / BOUNDS.span_m[ROW] / 0.31)
    assert real.sd == pytest.approx(expected, rel=0.02)
