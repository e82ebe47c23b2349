"""What is told of the estimate: 21 coordinates with their covariance, claims, marked poses.

A coordinate that no sensor shows keeps at least the variance of its prior, whatever the filter made
of the rest: what depends on it must carry that doubt.
"""

import numpy as np
from numba import njit

from lengthwise.body.alike import Told, told
from lengthwise.body.claims import claims
from lengthwise.body.kinematic_chain import BODY_SIZE, coordinates_of, map_at
from lengthwise.body.matrices import carried
from lengthwise.body.session import Params
from lengthwise.body.session_state import ANATOMICAL_MAP, State
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import ANATOMICAL, INDEX
from lengthwise.contracts.states import BodyState, MarkedPose


def emitted(params: Params, state: State) -> BodyState:
    """The 21 coordinates with their covariance, and what may be shown of them."""
    model = params.model
    time_s = 0.0 if state.time_s is None else state.time_s
    mean_rad = coordinates_of(params.start_rad, state.mean[:BODY_SIZE])
    covariance, sd_rad = _carried(map_at(mean_rad), state.covariance)
    claimed = claims(
        model.layout.channels,
        t_s=time_s,
        fused_s=state.fused_s,
        hindrance=state.hindrance,
        sd_rad=sd_rad,
    )
    _keep_prior(covariance, params.prior_variance_rad2, claimed.shown)
    return BodyState(
        t_s=time_s,
        mean_rad=frozen_array(mean_rad),
        covariance_rad2=frozen_array(covariance),
        unseen=claimed.unseen,
        quality=claimed.quality,
        marks=_marked_poses(params, state, covariance),
    )


@njit(cache=True)
def _carried(slope: np.ndarray, covariance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Covariance (21, 21) and sds (21,) of the coordinates, from the slope (21, 26) by the first of
    the variables and the covariance (n, n) of all."""
    size = slope.shape[1]
    out = carried(slope, np.ascontiguousarray(covariance[:size, :size]))
    return out, np.sqrt(np.maximum(np.diag(out), 0.0))


@njit(cache=True)
def _keep_prior(covariance: np.ndarray, prior_rad2: np.ndarray, shown: np.ndarray) -> None:
    """Raise variances that are below their prior, of coordinates that are not `shown` (21,)."""
    for i in range(len(shown)):
        if not shown[i]:
            covariance[i, i] += max(prior_rad2[i] - covariance[i, i], 0.0)


def _marked_poses(
    params: Params, state: State, covariance_rad2: np.ndarray
) -> tuple[MarkedPose, ...]:
    """The marks, from the covariance (21, 21) of the coordinates as it is told."""
    if not state.marks:
        return ()
    start_rad = params.start_rad[_MARKED]
    each = tuple(
        Told(
            mark.pose.covariance,
            frozen_array(ANATOMICAL_MAP @ mark.pose.shared[:BODY_SIZE]),
            mark.earlier,
        )
        for mark in state.marks
    )
    return tuple(
        MarkedPose(
            mark.t_s,
            mark.kind,
            mark.targets,
            frozen_array(start_rad + mark.pose.mean),
            shown.covariance,
            shown.shared,
            shown.earlier,
        )
        for mark, shown in zip(
            state.marks, told(params, state, covariance_rad2[_MARKED, _MARKED], each), strict=True
        )
    )


_MARKED = slice(INDEX[ANATOMICAL[0]], INDEX[ANATOMICAL[-1]] + 1)
