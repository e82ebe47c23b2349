"""One camera does not see whether somebody is large and far away or small and near."""

import numpy as np
from msgspec.structs import replace

from lengthwise.body import estimator, projection
from lengthwise.body.kinematic_chain import JOINT
from lengthwise.body.process import layout_of
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.observation import (
    LANDMARK_INDEX,
    Axis,
    CameraStream,
    ImuStream,
    LandmarkFrame,
    Posture,
    Segment,
    View,
)
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


def stayed(
    white_m: float, posture: Posture, view: View
) -> tuple[estimator.Params, estimator.State]:
    """After 25 s of staying still in a start posture."""
    motion = next(m for m in motions() if m.posture is posture)
    script = Script(motion, 1, ((25.0, 0.0),), (view,), (), 0.0, EXACT, 0.0)
    filmed = film(script)
    params = estimator.Params((filmed.streams[view],), motion.posture, motion.start_rad)
    rng, state = np.random.default_rng(4), estimator.start(params)
    for frame in filmed.observations((view,)):
        assert isinstance(frame, LandmarkFrame)
        px = white_m * trunk_px(frame) / TRUNK_M
        trembling = frozen_array(frame.xy_px + px * rng.normal(size=frame.xy_px.shape))
        state, _ = estimator.step(params, state, replace(frame, xy_px=trembling))
    return params, state


def test_the_scale_that_no_camera_sees_does_not_run_away() -> None:
    """Whoever stands still stays where they are, however much landmarks tremble: at 20 mm of it the
    estimate once walked from 4 m to 10, hips four times as wide, surer and surer."""
    params, quiet = stayed(0.001, Posture.STANDING, View.FRONT)
    layout = params.model.layout
    away = layout.root + 2
    untold = [layout.view(projection.FOCAL)]
    untold += [layout.view(projection.LENGTHS) + width for width in (2, 3)]
    for white_m in (0.005, 0.02):
        _, trembling = stayed(white_m, Posture.STANDING, View.FRONT)
        assert abs(trembling.mean[away] - quiet.mean[away]) < 0.15
        assert trembling.covariance[away, away] > 0.8 * quiet.covariance[away, away]
        for at in untold:
            assert abs(trembling.mean[at]) < 0.5 * np.sqrt(params.model.first[at, at])
            assert trembling.covariance[at, at] > 0.8 * params.model.first[at, at]


def test_a_leg_seen_from_the_side_is_not_read_as_longer_or_out_of_the_plane() -> None:
    """A longer leg that is farther out of the plane looks like a shorter one in it."""
    params, state = stayed(0.01, Posture.HALF_KNEELING, View.LEFT)
    layout, first = params.model.layout, params.model.first
    untold = [layout.view(projection.LENGTHS) + part for part in (4, 5)]
    untold += [JOINT["hip_adduction_l"], JOINT["hip_adduction_r"]]
    for at in untold:
        assert abs(state.mean[at]) < 0.2 * np.sqrt(first[at, at])
        assert state.covariance[at, at] > 0.8 * first[at, at]


def test_a_leg_that_wears_a_sensor_is_read_out_of_the_plane() -> None:
    worn = ImuStream(Segment.THIGH_L, 60.0, forward_axis=Axis.X, up_axis=Axis.Z, sensor_name="one")
    camera = CameraStream(1280, 720, 30.0, View.LEFT, False, Posture.SUPINE)
    bare, told = layout_of((camera,)), layout_of((camera, worn))
    own, other = JOINT["hip_adduction_l"], JOINT["hip_adduction_r"]
    aside = told.considered_from(View.LEFT)
    assert not aside[own] and aside[other]
    assert not aside[told.view(projection.LENGTHS) + 4]
    assert bare.considered_from(View.LEFT)[[own, other, bare.view(projection.LENGTHS) + 4]].all()
    assert not bare.considered_from(View.FRONT)[[own, other]].any()
