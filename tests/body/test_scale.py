"""One camera does not see whether somebody is large and far away or small and near."""

import numpy as np
import pytest
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


@pytest.mark.parametrize("white_m", [0.005, 0.02])
def test_the_scale_that_no_camera_sees_does_not_run_away(white_m: float) -> None:
    """Someone stands for 25 s before a camera, of the assumed build, landmarks tremble: neither the
    distance nor the width of the hips goes further than their priors let it."""
    motion = next(m for m in motions() if m.posture is Posture.STANDING)
    script = Script(motion, 1, ((25.0, 0.0),), (View.FRONT,), (), 0.0, EXACT, 0.0)
    filmed = film(script)
    params = estimator.Params((filmed.streams[View.FRONT],), motion.posture, motion.start_rad)
    rng, layout = np.random.default_rng(4), params.model.layout
    state = estimator.start(params)
    first_m = None
    for frame in filmed.observations((View.FRONT,)):
        assert isinstance(frame, LandmarkFrame)
        px = white_m * trunk_px(frame) / TRUNK_M
        trembling = frozen_array(frame.xy_px + px * rng.normal(size=frame.xy_px.shape))
        state, _ = estimator.step(params, state, replace(frame, xy_px=trembling))
        if first_m is None and state.facing is View.FRONT:
            first_m = float(np.exp(state.mean[layout.root + 2]))
    assert first_m is not None
    away_m = float(np.exp(state.mean[layout.root + 2]))
    hips = float(state.mean[layout.view(projection.LENGTHS) + 3])
    assert away_m / first_m == pytest.approx(1.0, abs=0.3)
    assert abs(hips) < 2.5 * 0.15
