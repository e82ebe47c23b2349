"""What is told of the estimate: 21 coordinates with their covariance, claims, marked poses.

A coordinate that no sensor shows keeps at least the variance of its prior, whatever the filter made
of the rest: what depends on it must carry that doubt. Of a knee that is shown, what knees can be.
"""

from functools import lru_cache
from math import sqrt

import numpy as np
from msgspec import Struct
from numba import njit

from lengthwise.body.alike import Told, told
from lengthwise.body.claims import claims, shown
from lengthwise.body.kinematic_chain import BODY_SIZE, coordinates_of, map_at
from lengthwise.body.matrices import carried
from lengthwise.body.session import Params
from lengthwise.body.session_state import State
from lengthwise.body.straight_knees import narrow
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import ANATOMICAL, COORDINATES, INDEX, Coordinate, Side
from lengthwise.contracts.states import BodyState, MarkedPose

_ANGLES = len(COORDINATES)
_MARKED = slice(INDEX[ANATOMICAL[0]], INDEX[ANATOMICAL[-1]] + 1)
_KNEES = tuple(INDEX[Coordinate(f"knee_flexion_{side.value}")] for side in Side)


class Gaussian(Struct, frozen=True, eq=False):
    """The coordinates as the filter has them: `mean_rad` (21,), `covariance_rad2` (21, 21); `shown`
    (21,) whether what they are made of was lately seen."""

    mean_rad: np.ndarray
    covariance_rad2: np.ndarray
    shown: np.ndarray


def gaussian(params: Params, state: State) -> Gaussian:
    """The filter's own estimate, before what knees can be is considered."""
    seen = shown(params.model.layout.channels, t_s=_time_s(state), fused_s=state.fused_s)
    mean_rad = coordinates_of(params.start_rad, state.mean[:BODY_SIZE])
    covariance = _carried(map_at(mean_rad), state.covariance)
    _keep_prior(covariance, params.prior_variance_rad2, seen)
    return Gaussian(mean_rad, covariance, seen)


def within_reach(
    mean_rad: np.ndarray, covariance_rad2: np.ndarray, seen: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Mean (n,) and covariance (n, n) of coordinates (21 now, then 13 of each marked pose), as far
    as knees that are `seen` (21,) can go."""
    mean_rad, covariance_rad2 = mean_rad.copy(), covariance_rad2.copy()
    for knee, poses in zip(_KNEES, _knees_in(len(mean_rad)), strict=True):
        if seen[knee]:
            narrow(mean_rad, covariance_rad2, poses)
    return mean_rad, covariance_rad2


@lru_cache(maxsize=16)
def _knees_in(size: int) -> tuple[np.ndarray, ...]:
    """The places of each knee in the poses of so many coordinates."""
    return tuple(
        np.append(knee, np.arange(_ANGLES + knee - _MARKED.start, size, len(ANATOMICAL)))
        for knee in _KNEES
    )


def emitted(params: Params, state: State) -> BodyState:
    """The 21 coordinates with their covariance, and what may be shown of them."""
    own = gaussian(params, state)
    mean_rad, covariance = within_reach(*_with_marks(params, state, own), own.shown)
    now = covariance[:_ANGLES, :_ANGLES]
    sd_rad = _keep_prior(now, params.prior_variance_rad2, own.shown)
    claimed = claims(
        params.model.layout.channels,
        t_s=_time_s(state),
        fused_s=state.fused_s,
        hindrance=state.hindrance,
        sd_rad=sd_rad,
    )
    return BodyState(
        t_s=_time_s(state),
        mean_rad=frozen_array(mean_rad[:_ANGLES]),
        covariance_rad2=frozen_array(now),
        unseen=claimed.unseen,
        quality=claimed.quality,
        marks=_marked_poses(state, mean_rad, covariance),
    )


def _time_s(state: State) -> float:
    return 0.0 if state.time_s is None else state.time_s


@njit(cache=True)
def _carried(slope: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """Covariance (21, 21) of the coordinates, from the slope (21, 26) by the first of the variables
    and the covariance (n, n) of all."""
    size = slope.shape[1]
    out: np.ndarray = carried(slope, np.ascontiguousarray(covariance[:size, :size]))
    return out


@njit(cache=True)
def _keep_prior(covariance: np.ndarray, prior_rad2: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """Raise variances that are below their prior, of coordinates that are not `shown` (21,). The
    sds (21,) that they have then."""
    sd_rad = np.empty(len(shown))
    for i in range(len(shown)):
        if not shown[i]:
            covariance[i, i] += max(prior_rad2[i] - covariance[i, i], 0.0)
        sd_rad[i] = sqrt(max(covariance[i, i], 0.0))
    return sd_rad


def _with_marks(params: Params, state: State, own: Gaussian) -> tuple[np.ndarray, np.ndarray]:
    """Mean (n,) and covariance (n, n) of the coordinates now, then of each marked pose."""
    if not state.marks:
        return own.mean_rad, own.covariance_rad2
    slope = map_at(own.mean_rad)
    across = [slope @ mark.pose.shared[:BODY_SIZE] for mark in state.marks]
    each = tuple(
        Told(mark.pose.covariance, shared[_MARKED], mark.earlier)
        for mark, shared in zip(state.marks, across, strict=True)
    )
    each = told(params, state, own.covariance_rad2[_MARKED, _MARKED], each)
    starts = params.start_rad[_MARKED]
    mean_rad = np.concatenate([own.mean_rad, *(starts + mark.pose.mean for mark in state.marks)])
    covariance = np.empty((len(mean_rad), len(mean_rad)))
    covariance[:_ANGLES, :_ANGLES] = own.covariance_rad2
    for k, (mark, shared) in enumerate(zip(each, across, strict=True)):
        here = _pose(k)
        shared[_MARKED] = mark.shared
        covariance[:_ANGLES, here], covariance[here, :_ANGLES] = shared, shared.T
        covariance[here, here] = mark.covariance
        for before, between in enumerate(mark.earlier):
            there = _pose(before)
            covariance[here, there], covariance[there, here] = between, between.T
    return mean_rad, covariance


def _pose(k: int) -> slice:
    """Where the marked pose k stands after the coordinates now."""
    start = _ANGLES + k * len(ANATOMICAL)
    return slice(start, start + len(ANATOMICAL))


def _marked_poses(
    state: State, mean_rad: np.ndarray, covariance_rad2: np.ndarray
) -> tuple[MarkedPose, ...]:
    """The marks, from mean (n,) and covariance (n, n) of all as they are told."""
    return tuple(
        MarkedPose(
            mark.t_s,
            mark.kind,
            mark.targets,
            frozen_array(mean_rad[_pose(k)]),
            frozen_array(covariance_rad2[_pose(k), _pose(k)]),
            frozen_array(covariance_rad2[_MARKED, _pose(k)]),
            frozen_array(
                np.array([covariance_rad2[_pose(k), _pose(before)] for before in range(k)]).reshape(
                    k, len(ANATOMICAL), len(ANATOMICAL)
                )
            ),
        )
        for k, mark in enumerate(state.marks)
    )
