"""What is told of the estimate: 21 coordinates with their covariance, claims, marked poses.

A coordinate that no sensor shows keeps at least the variance of its prior, whatever the filter made
of the rest: what depends on it must carry that doubt.
"""

import numpy as np

from lengthwise.body.claims import claims
from lengthwise.body.kinematic_chain import BODY_SIZE, coordinates_of, map_at
from lengthwise.body.session import Params
from lengthwise.body.session_state import ANATOMICAL_MAP, SessionMark, State
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import ANATOMICAL, INDEX
from lengthwise.contracts.states import BodyState, MarkedPose


def emitted(params: Params, state: State) -> BodyState:
    """The 21 coordinates with their covariance, and what may be shown of them."""
    model = params.model
    time_s = 0.0 if state.time_s is None else state.time_s
    mean_rad = coordinates_of(params.start_rad, state.mean[:BODY_SIZE])
    slope = map_at(mean_rad)
    body = state.covariance[:BODY_SIZE, :BODY_SIZE]
    covariance = slope @ body @ slope.T
    covariance = 0.5 * (covariance + covariance.T)
    claimed = claims(
        model.layout.channels,
        t_s=time_s,
        fused_s=state.fused_s,
        hindrance=state.hindrance,
        sd_rad=np.sqrt(np.maximum(covariance.diagonal(), 0.0)),
    )
    missing_rad2 = params.prior_variance_rad2 - covariance.diagonal()
    covariance += np.diag(np.where(claimed.shown, 0.0, np.maximum(missing_rad2, 0.0)))
    return BodyState(
        t_s=time_s,
        mean_rad=frozen_array(mean_rad),
        covariance_rad2=frozen_array(covariance),
        unseen=claimed.unseen,
        quality=claimed.quality,
        marks=tuple(_marked_pose(params, mark) for mark in state.marks),
    )


def _marked_pose(params: Params, mark: SessionMark) -> MarkedPose:
    start_rad = params.start_rad[INDEX[ANATOMICAL[0]] : INDEX[ANATOMICAL[-1]] + 1]
    return MarkedPose(
        mark.t_s,
        mark.kind,
        mark.targets,
        frozen_array(start_rad + mark.pose.mean),
        mark.pose.covariance,
        frozen_array(ANATOMICAL_MAP @ mark.pose.shared[:BODY_SIZE]),
        mark.earlier,
    )
