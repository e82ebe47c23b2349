"""What is told of a knee that is read as straight or past it: laws, and numbers integrated anew."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm
from stick_figure import camera, frame, side_figure

from lengthwise.body import estimator
from lengthwise.body.emission import gaussian
from lengthwise.body.straight_knees import narrow
from lengthwise.contracts.coordinates import ANATOMICAL, INDEX, Coordinate
from lengthwise.contracts.observation import PersonSignal, Posture, SignalKind, View
from lengthwise.contracts.states import BodyState
from lengthwise.reference.constants import constant

LIMIT = np.radians(constant("body", "knee_back_limit_deg"))
LIMIT_SD = np.radians(constant("body", "knee_back_limit_sd_deg"))
KNEE = INDEX[Coordinate.KNEE_FLEXION_L]


def told(mean: np.ndarray, covariance: np.ndarray, *knee: int) -> tuple[np.ndarray, np.ndarray]:
    mean, covariance = np.array(mean, dtype=float), np.array(covariance, dtype=float)
    narrow(mean, covariance, np.array(knee))
    return mean, covariance


def integrated(mean: float, sd: float) -> tuple[float, float]:
    """Mean and variance of what lies on the right side of a limit, by a sum over a grid."""
    knee = np.linspace(mean - 9 * sd, max(mean, 0.0) + 9 * sd + 1.0, 400_001)
    # Its logarithm: far beyond the limit both factors are too small for a float.
    weight = norm.logpdf(knee, mean, sd) + norm.logcdf((knee - LIMIT) / LIMIT_SD)
    weight = np.exp(weight - weight.max())
    weight /= weight.sum()
    first = float(weight @ knee)
    return first, float(weight @ (knee - first) ** 2)


@pytest.mark.parametrize(
    ("mean_deg", "sd_deg"), [(-25, 4), (-10, 6), (-3, 3), (0, 8), (4, 5), (12, 6), (-60, 20)]
)
def test_it_is_the_part_of_the_gaussian_that_a_knee_can_have(mean_deg: int, sd_deg: int) -> None:
    mean, sd = np.radians(mean_deg), np.radians(sd_deg)
    found, covariance = told([mean], [[sd**2]], 0)
    first, variance = integrated(mean, sd)
    assert found[0] == pytest.approx(first, abs=1e-5)
    if mean - LIMIT > -np.hypot(sd, LIMIT_SD):
        assert covariance[0, 0] == pytest.approx(variance, rel=1e-3)
    else:
        assert covariance[0, 0] > variance


@given(st.floats(-80.0, 40.0), st.floats(1.0, 20.0))
def test_the_worse_a_reading_the_surer_no_knee(mean_deg: float, sd_deg: float) -> None:
    """Never below what is left of one that lies one sd of its limit behind it."""
    mean, sd = np.radians(mean_deg), np.radians(sd_deg)
    _, covariance = told([mean], [[sd**2]], 0)
    behind = LIMIT - np.hypot(sd, LIMIT_SD)
    _, least = told([behind], [[sd**2]], 0)
    assert covariance[0, 0] >= least[0, 0] - 1e-12
    assert covariance[0, 0] > 0.15 * sd**2


def test_without_a_variance_or_with_an_endless_one_it_is_told_as_it_is() -> None:
    for variance in (0.0, np.inf):
        covariance = np.diag([variance, 0.01])
        found, after = told([-0.3, -0.3], covariance, 0, 1)
        assert found[0] == -0.3
        assert after[0, 0] == variance
        assert found[1] > -0.3


ANGLES = st.floats(-4.0, 4.0)


@given(
    st.lists(ANGLES, min_size=4, max_size=4),
    st.lists(st.floats(-1.0, 1.0), min_size=16, max_size=16),
)
def test_nothing_gets_less_sure_and_nothing_impossible(
    mean: list[float], root: list[float]
) -> None:
    half = np.array(root).reshape(4, 4)
    before = half @ half.T + 1e-6 * np.eye(4)
    found, covariance = told(np.array(mean), before, 0, 2)
    np.testing.assert_allclose(covariance, covariance.T, atol=1e-12)
    assert np.linalg.eigvalsh(covariance).min() > -1e-12
    assert np.linalg.eigvalsh(before - covariance).min() > -1e-9
    assert np.isfinite(found).all()


def test_a_knee_that_is_clearly_bent_is_told_as_it_is() -> None:
    mean, covariance = np.array([0.6, -1.0]), np.array([[0.01, 0.004], [0.004, 0.04]])
    found, after = told(mean, covariance, 0)
    assert (found == mean).all()
    assert (after == covariance).all()


def test_what_goes_with_a_knee_goes_with_it() -> None:
    """By as many sds as the knee, times their correlation."""
    sd, other, rho = 0.1, 0.2, -0.6
    mean = np.array([-0.2, 0.5])
    covariance = np.array([[sd**2, rho * sd * other], [rho * sd * other, other**2]])
    found, after = told(mean, covariance, 0)
    assert (found[1] - 0.5) / other == pytest.approx(rho * (found[0] + 0.2) / sd)
    left = after[0, 0] / sd**2
    assert after[1, 1] == pytest.approx(other**2 * (1 - rho**2 * (1 - left)))


def test_a_mark_of_the_same_pose_tells_nothing_more() -> None:
    """However often the pose of now is marked, its knee is known as well as without."""
    mean, sd = np.radians(-8.0), np.radians(6.0)
    alone, alone_variance = told([mean], [[sd**2]], 0)
    found, covariance = told([mean] * 3, np.full((3, 3), sd**2), 0, 1, 2)
    assert found == pytest.approx(np.full(3, alone[0]))
    assert covariance == pytest.approx(np.full((3, 3), alone_variance[0, 0]))


def test_poses_that_share_nothing_are_told_each_by_itself() -> None:
    means, sds = np.radians([-8.0, 3.0]), np.radians([6.0, 4.0])
    found, covariance = told(means, np.diag(sds**2), 0, 1)
    for k in range(2):
        alone, variance = told(means[k : k + 1], [[sds[k] ** 2]], 0)
        assert found[k] == pytest.approx(alone[0])
        assert covariance[k, k] == pytest.approx(variance[0, 0])
    assert covariance[0, 1] == 0.0


def test_a_knee_straight_when_it_was_marked_is_bent_now_by_the_difference() -> None:
    """Read as -10 at the mark and 0 now, with one error that both share: 10 degrees apart."""
    sd = np.radians(6.0)
    shared = 0.999 * sd**2
    found, _ = told(np.radians([0.0, -10.0]), [[sd**2, shared], [shared, sd**2]], 0, 1)
    assert np.degrees(found[0] - found[1]) == pytest.approx(10.0, abs=0.3)
    assert np.degrees(found[1]) > -3.0


PARAMS = estimator.Params((camera(View.LEFT),), Posture.STANDING, np.zeros(21))


def past_straight(seconds: float, *, marked_s: float | None = None) -> list[BodyState]:
    """A leg whose knee the camera puts 15 degrees past straight, after standing well."""
    state, found = estimator.start(PARAMS), []
    for k in range(int(30 * seconds)):
        t_s = k / 30
        knee = np.interp(t_s, [4.0, 5.0], [0, -15])
        state, out = estimator.step(
            PARAMS, state, frame(t_s, side_figure(knee_deg=(knee, 0)), View.LEFT)
        )
        if out.state is not None:
            found.append(out.state)
        if marked_s is not None and k == int(30 * marked_s):
            state, _ = estimator.step(
                PARAMS, state, PersonSignal(t_s, SignalKind.FIRST_RESISTANCE, ())
            )
    return found


def test_it_does_not_get_sure_of_a_knee_by_reading_it_past_straight_for_long() -> None:
    """What a limit alone says is not said again with every frame."""
    states = past_straight(30.0)
    soon, late = (state.believed(Coordinate.KNEE_FLEXION_L) for state in (states[210], states[-1]))
    assert np.degrees(late.mean) > -5.0
    assert late.sd > 0.75 * soon.sd
    assert np.degrees(late.sd) > 3.0


def test_the_mark_of_such_a_knee_is_told_beside_it() -> None:
    body = past_straight(9.0, marked_s=8.0)[-1]
    (mark,) = body.marks
    at = ANATOMICAL.index(Coordinate.KNEE_FLEXION_L)
    assert mark.mean_rad[at] == pytest.approx(body.mean_rad[KNEE], abs=np.radians(1.0))
    joint = body.joint_covariance_rad2([0]).transpose(0, 2, 1, 3).reshape(26, 26)
    assert np.linalg.eigvalsh(joint).min() > -1e-12
    difference = joint[at, at] + joint[13 + at, 13 + at] - 2.0 * joint[at, 13 + at]
    assert difference < joint[at, at]
    assert np.degrees(mark.mean_rad[at]) > -5.0, "it too is told as far as knees go"


def test_the_filter_keeps_what_it_read() -> None:
    """What is told comes from the filter's own Gaussian, which it does not change."""
    state = estimator.start(PARAMS)
    for k in range(240):
        seen = frame(k / 30, side_figure(knee_deg=(-15 if k > 120 else 0, 0)), View.LEFT)
        state, out = estimator.step(PARAMS, state, seen)
    own = gaussian(PARAMS, state)
    assert out.state is not None
    assert own.shown[KNEE]
    assert own.mean_rad[KNEE] < np.radians(-5.0) < out.state.mean_rad[KNEE]
