"""A sensor that may have turned on the body: both that it did and that the body moved are kept.

By odds p the sensor slid, then the estimate is where it was (x0) and the mounting has turned by m
as the sensor did,

    x + p w,   P + p (1 - p) w w',   w = (x0 - x, m),

which fits what it reads either way.
"""

from math import radians

import numpy as np
from msgspec.structs import replace

from lengthwise.body import projection
from lengthwise.body.session import Params
from lengthwise.body.session_state import Doubt, Glimpse, Sliding, State, anew
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.observation import Rejection, RejectionReason
from lengthwise.reference.constants import constant

_ODDS = constant("body", "imu_slid_odds_ratio")
_TURN_VARIANCE = radians(constant("body", "imu_slipped_turn_sd_deg")) ** 2
_ALL = np.arange(projection.JOINT_COUNT)


def doubted(
    params: Params,
    state: State,
    imu: int,
    *,
    before: Glimpse,
    now: Glimpse,
    joints: np.ndarray = _ALL,
) -> State:
    """The state that keeps both. `joints` (j,): places of those that are where they were `before`
    if the sensor slid."""
    mount = params.model.layout.mount(imu)
    was, up = (g.ups[3 * imu : 3 * imu + 3] for g in (before, now))
    way = np.zeros(len(state.mean))
    way[joints] = before.held[joints] - state.mean[joints]
    way[mount] = np.cross(was, up)
    # Doubt that depends on nothing else changes nothing of what is remembered of the past.
    covariance = state.covariance + _ODDS * (1.0 - _ODDS) * np.outer(way, way)
    # How it turned about the vertical shows only once the segment inclines.
    covariance[mount, mount] += _ODDS * _TURN_VARIANCE * np.outer(up, up)
    earlier = tuple(d for d in state.sliding.doubts if d.imu != imu)
    # One that turns once more is settled where it was at first, not where it may have slid to.
    first = next((d for d in state.sliding.doubts if d.imu == imu), None)
    doubt = first or Doubt(imu, before, frozen_array(state.covariance[mount, mount]))
    return replace(
        state,
        mean=state.mean + _ODDS * way,
        covariance=covariance,
        # What now and a mark share by one set-up they share no longer.
        marks=tuple(replace(mark, alike=False) for mark in state.marks),
        sliding=Sliding((now,), (*earlier, doubt), loose=state.sliding.loose),
    )


def loosened(params: Params, state: State, imu: int) -> State:
    """The state where a sensor hangs loose: joints are in the midst of what it made of them, as
    unsure as that is wide, and it has no more say in how its segment stands."""
    glimpses = state.sliding.glimpses
    held = np.array([g.held[_ALL] for g in glimpses])
    mean, covariance = state.mean.copy(), state.covariance.copy()
    mean[_ALL] = held.mean(axis=0)
    # Doubt that depends on nothing else changes nothing of what is remembered of the past.
    covariance[np.ix_(_ALL, _ALL)] += np.cov(held.T)
    state = replace(state, mean=mean, covariance=covariance)
    mount = params.model.layout.mount(imu)
    at = np.arange(mount.start, mount.stop)
    state = anew(state, at, np.zeros(3), _TURN_VARIANCE * np.eye(3))
    doubts = tuple(d for d in state.sliding.doubts if d.imu != imu)
    loose = tuple(dict.fromkeys((*state.sliding.loose, imu)))
    return replace(state, sliding=Sliding(glimpses[-1:], doubts, loose=loose))


def remounted(params: Params, imu: int, t_s: float, detail: str) -> Rejection:
    """The name under which it is counted."""
    segment = params.model.layout.channels.imus[imu].segment
    return Rejection(t_s, f"imu:{segment.value}", RejectionReason.REMOUNTED, detail)
