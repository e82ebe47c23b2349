"""One camera does not see whether somebody is large and far away or small and near."""

import numpy as np
from msgspec.structs import replace

from lengthwise.body import estimator, projection
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.observation import LANDMARK_INDEX, LandmarkFrame, Posture, View
from lengthwise.sim.motions import motions
from lengthwise.sim.scripted import EXACT, Script, film

TRUNK_M = 0.5


def trunk_px(frame: LandmarkFrame) -> float:
    places = [
        LANDMARK_INDEX[f"{side}_{name}"]
        for name in ("shoulder", "hip")
        for side in ("left", "right")
    ]
    shoulders, hips = frame.xy_px[places].reshape(2, 2, 2).mean(axis=1)
    return float(np.linalg.norm(shoulders - hips))


def stood(white_m: float) -> tuple[estimator.Params, estimator.State]:
    """After 25 s of standing still in the start posture."""
    motion = next(m for m in motions() if m.posture is Posture.STANDING)
    script = Script(motion, 1, ((25.0, 0.0),), (View.FRONT,), (), 0.0, EXACT, 0.0)
    filmed = film(script)
    params = estimator.Params((filmed.streams[View.FRONT],), motion.posture, motion.start_rad)
    rng, state = np.random.default_rng(4), estimator.start(params)
    for frame in filmed.observations((View.FRONT,)):
        assert isinstance(frame, LandmarkFrame)
        px = white_m * trunk_px(frame) / TRUNK_M
        trembling = frozen_array(frame.xy_px + px * rng.normal(size=frame.xy_px.shape))
        state, _ = estimator.step(params, state, replace(frame, xy_px=trembling))
    return params, state


def test_the_scale_that_no_camera_sees_does_not_run_away() -> None:
    """Whoever stands still stays where they are, however much landmarks tremble: at 20 mm of it the
    estimate once walked from 4 m to 10, hips four times as wide, surer and surer."""
    params, quiet = stood(0.001)
    layout = params.model.layout
    away = layout.root + 2
    untold = [layout.view(projection.FOCAL)]
    untold += [layout.view(projection.LENGTHS) + width for width in (2, 3)]
    for white_m in (0.005, 0.02):
        _, trembling = stood(white_m)
        assert abs(trembling.mean[away] - quiet.mean[away]) < 0.15
        assert trembling.covariance[away, away] > 0.8 * quiet.covariance[away, away]
        for at in untold:
            assert abs(trembling.mean[at]) < 0.5 * np.sqrt(params.model.first[at, at])
            assert trembling.covariance[at, at] > 0.8 * params.model.first[at, at]
