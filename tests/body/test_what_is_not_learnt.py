"""What is only known without a sensor, or only on average, must not make the estimate surer."""

import numpy as np
import pytest
from stick_figure import camera, frame, side_figure

from lengthwise.body import estimator, projection
from lengthwise.contracts.coordinates import INDEX, Coordinate
from lengthwise.contracts.observation import Posture, View
from lengthwise.contracts.states import BodyState
from lengthwise.reference.postures import posture_mean_rad
from lengthwise.sim.motions import motions

FPS_HZ = 30.0
LEAN = INDEX[Coordinate.TRUNK_FLEXION]


def leaning(trunk_deg: float) -> BodyState:
    """After eight seconds, two of them upright."""
    posture = Posture.STANDING
    params = estimator.Params((camera(View.LEFT),), posture, posture_mean_rad(posture))
    state, out = estimator.start(params), None
    for k in range(round(8.0 * FPS_HZ)):
        t_s = k / FPS_HZ
        shown = side_figure(trunk_deg=trunk_deg * min(max(t_s - 2.0, 0.0), 1.0))
        state, out = estimator.step(params, state, frame(t_s, shown, View.LEFT))
    assert out is not None and out.state is not None
    return out.state


def test_a_trunk_beyond_where_anyone_leans_is_no_surer_for_it() -> None:
    """It is drawn back, but an end of a range says where the trunk is not, not where it is."""
    within, beyond = leaning(-10.0), leaning(-45.0)
    assert -40.0 < np.degrees(beyond.mean_rad[LEAN]) < -15.0
    sds = [np.sqrt(body.covariance_rad2[LEAN, LEAN]) for body in (within, beyond)]
    assert sds[1] > 0.95 * sds[0]


def test_a_leg_that_is_watched_for_long_does_not_get_longer() -> None:
    """Of a leg that may be out of the plane every picture expects some of its length to be hidden.
    One that never is looks longer than that, and would be believed so a little more each second:
    here by 2.6 % of the thigh, of a person of usual proportions who kneels and rocks."""
    lunge = next(motion for motion in motions() if motion.name == "lunge")
    stream = camera(View.LEFT, posture=lunge.posture)
    params = estimator.Params((stream,), lunge.posture, lunge.start_rad, pelvis_kept=True)
    thigh, shank = (params.model.layout.view(projection.LENGTHS + part) for part in (4, 5))
    state, found = estimator.start(params), []
    for k in range(round(15.0 * FPS_HZ)):
        t_s = k / FPS_HZ
        rocks_deg = 15.0 * np.sin(t_s) if t_s > 3.0 else 0.0
        shown = side_figure(
            hip_deg=(-rocks_deg, 90.0), knee_deg=(90.0 - rocks_deg, 90.0), ankle_deg=(-40.0, 0.0)
        )
        state, _ = estimator.step(params, state, frame(t_s, shown, View.LEFT, size=0.9))
        if state.zero.done:
            found.append(state.mean[[thigh, shank]])
    assert np.ptp(found, axis=0) == pytest.approx(0.0, abs=0.005)


def test_standing_teaches_landmarks_their_errors_both_ways() -> None:
    """Knees seen bent backwards while somebody stands are landmarks that lie wrong. Drawn back to
    where knees end they would look right, and the hip be told wrong from then on."""
    posture = Posture.STANDING
    params = estimator.Params(
        (camera(View.LEFT),), posture, posture_mean_rad(posture), zero_s=(0.5, 2.0)
    )
    found = []
    for knee_deg in (-8.0, 8.0):
        state = estimator.start(params)
        for k in range(round(2.5 * FPS_HZ)):
            shown = side_figure(knee_deg=(knee_deg, knee_deg))
            state, _ = estimator.step(params, state, frame(k / FPS_HZ, shown, View.LEFT))
        assert state.zero.done
        # Forward errors of the knees.
        found.append(state.mean[params.model.layout.constant][8:12:2])
    assert (np.abs(found) > 0.008).all()
    np.testing.assert_allclose(found[0], -found[1], rtol=0.3)
