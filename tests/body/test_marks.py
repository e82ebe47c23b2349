"""Poses that the person marks: a difference from them is surer than either."""

import numpy as np
from stick_figure import camera, frame, side_figure

from lengthwise.body import estimator
from lengthwise.contracts.coordinates import ANATOMICAL, INDEX, Coordinate, Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import PersonSignal, Posture, SignalKind, View
from lengthwise.contracts.states import BodyState

HIP = Coordinate.HIP_FLEXION_L
AT = ANATOMICAL.index(HIP)
TARGETS = ((MuscleGroup.HAMSTRINGS, Side.LEFT),)


def session(*, second_mark_s: float | None = None) -> BodyState:
    """A hip bent by 30 degrees, marked at 3 s, then bent further to 50."""
    params = estimator.Params((camera(View.LEFT),), Posture.STANDING, np.zeros(21))
    state, body = estimator.start(params), None
    for k in range(240):
        t_s = k / 30
        hip = np.interp(t_s, [2.0, 3.0, 4.0, 5.0], [0, 30, 30, 50])
        seen = frame(t_s, side_figure(hip_deg=(hip, 0)), View.LEFT)
        state, out = estimator.step(params, state, seen)
        body = out.state or body
        if k == 90 or t_s == second_mark_s:
            signal = PersonSignal(t_s, SignalKind.FIRST_RESISTANCE, TARGETS)
            state, _ = estimator.step(params, state, signal)
    assert body is not None
    return body


def test_the_errors_that_stay_cancel_in_the_difference() -> None:
    body = session()
    (mark,) = body.marks
    assert (mark.t_s, mark.kind, mark.targets) == (3.0, SignalKind.FIRST_RESISTANCE, TARGETS)
    difference = body.mean_rad[INDEX[HIP]] - mark.mean_rad[AT]
    variance = (
        body.covariance_rad2[INDEX[HIP], INDEX[HIP]]
        + mark.covariance_rad2[AT, AT]
        - 2.0 * mark.shared_rad2[AT, AT]
    )
    independent = body.covariance_rad2[INDEX[HIP], INDEX[HIP]] + mark.covariance_rad2[AT, AT]
    assert abs(np.degrees(difference) - 20.0) < 4.0
    assert 0.0 < variance < 0.8 * independent
    both = np.block(
        [
            [body.covariance_rad2[3:16, 3:16], mark.shared_rad2],
            [mark.shared_rad2.T, mark.covariance_rad2],
        ]
    )
    assert np.linalg.eigvalsh(both).min() > -1e-9


def test_a_mark_does_not_move_and_a_new_one_takes_its_place() -> None:
    (first,) = session().marks
    (later,) = session(second_mark_s=6.0).marks
    assert later.t_s == 6.0
    assert np.degrees(later.mean_rad[AT] - first.mean_rad[AT]) > 10.0
