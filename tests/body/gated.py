"""What goes through the gates of the estimate: figures before it, and what is counted."""

from collections import Counter

import numpy as np
from msgspec.structs import replace
from stick_figure import camera, frame, side_figure

from lengthwise.body import estimator
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.observation import (
    LANDMARK_INDEX,
    Axis,
    ImuStream,
    LandmarkFrame,
    Observation,
    Posture,
    RejectionReason,
    Segment,
    View,
)
from lengthwise.contracts.states import BodyState

FPS_HZ = 30.0
KNEE = Coordinate.KNEE_FLEXION_L
PELVIS = ImuStream(Segment.PELVIS, 100.0, forward_axis=Axis.MINUS_Z)
SIDE = estimator.Params((camera(View.LEFT),), Posture.STANDING, np.zeros(21))
FRONT = estimator.Params((camera(View.FRONT),), Posture.STANDING, np.zeros(21))
FELT = estimator.Params((PELVIS,), Posture.STANDING, np.zeros(21), zero_s=(0.0, 1.0))


def run(
    params: estimator.Params, observations: list[Observation]
) -> tuple[list[BodyState], Counter[RejectionReason]]:
    state, body = estimator.start(params), []
    counted: Counter[RejectionReason] = Counter()
    for observation in observations:
        state, out = estimator.step(params, state, observation)
        counted.update(rejection.reason for rejection in out.rejections)
        if out.state is not None:
            body.append(out.state)
    return body, counted


def bent(frames: int, *, from_s: float = 0.0, knee_deg: float = 40.0) -> list[LandmarkFrame]:
    figure = side_figure(knee_deg=(knee_deg, knee_deg))
    return [frame(from_s + k / FPS_HZ, figure, View.LEFT) for k in range(frames)]


def moved(seen: LandmarkFrame, name: str, by_px: tuple[float, float]) -> LandmarkFrame:
    xy = seen.xy_px.copy()
    xy[LANDMARK_INDEX[name]] += by_px
    return replace(seen, xy_px=frozen_array(xy))
