"""Sensors that standing cannot set whole are corrected once more in the start posture.

Standing says nothing of how a sensor is turned about the vertical: that is only as good as its
stated axis, 8 degrees. Where the segment then inclines by a right angle, as when a person lies
down, this very error is what the sensor gets wrong of a roll of the pelvis. An error that is
considered and never corrected (mean m = 0, sd sm) leaves a residual y - x in every reading y of a
roll x, and widens what the next one is expected to differ by, so that a later change of the roll is
taken for the sensor's own in part: a pelvis that rolled by 13 degrees while chest and thighs stayed
was told to have rolled by 7, with an sd of 2 of the change.

So once, when the person has come to rest in the start posture, the mean direction of up over that
rest is weighed against the posture's prior with the mountings free: the residual goes to m as far
as the prior of x says, and what moves from then on is read nearly in full. Once only: the same rest
weighed again and again would make the sensors as sure as the posture is believed to be straight.

Someone who lies on the side is estimated in another frame (`lying_down`) and left out.
"""

from math import cos, radians

import numpy as np
from msgspec.structs import replace

from lengthwise.body import imu_estimate, zero_pose
from lengthwise.body.fusion import expected, joined, weighed
from lengthwise.body.segment_ups import UP_OF, ups_of
from lengthwise.body.session import Params
from lengthwise.body.session_state import State, corrected, turned_since_zero_rad
from lengthwise.body.up_reading import read_up
from lengthwise.body.zero_pose import Glance
from lengthwise.contracts.observation import Posture
from lengthwise.reference.constants import constant

_INCLINED = cos(radians(constant("body", "settle_inclined_deg")))
_AWAY_M = 1.0
"""Distance of a camera: of no account for directions of up."""


def settled(params: Params, state: State, glance: Glance) -> State:
    """The state after looking for the first rest in the start posture, corrected where it ends."""
    if state.settling.done or not state.zero.done or params.zero_s is None:
        return state
    inclined = _inclined(params, state)
    if params.posture is Posture.SIDE_LYING or not inclined:
        return replace(state, settling=replace(state.settling, done=True))
    search, found = zero_pose.look_for_still(params.start, state.settling, glance)
    if not found:
        return state if search is state.settling else replace(state, settling=search)
    there = expected(params.model, state.mean, state.covariance, _AWAY_M, dt_s=0.0)
    layout, readings = params.model.layout, []
    considered = layout.considered.copy()
    turned_rad = turned_since_zero_rad(params, state)
    for i in inclined:
        up = zero_pose.mean_up(search, i)
        seen_up = None if up is None else imu_estimate.seen_up(state.imus[i], up)
        if seen_up is not None:
            readings.append(read_up(layout, state.mean, there, i, seen_up, turned_rad))
            considered[layout.mount(i)] = False
    if readings:
        whole = weighed(state.covariance, joined(*readings))
        state = corrected(state, whole, considered=considered)
    return replace(state, settling=replace(search, done=True))


def _inclined(params: Params, state: State) -> list[int]:
    """Sensors whose segment stands far otherwise in the start posture than in the zero pose."""
    start = ups_of(params.start_rad)
    worn = [UP_OF[stream.segment] for stream in params.start.imus]
    far = np.einsum("ij,ij->i", start[worn].reshape(-1, 3), params.zero_ups) < _INCLINED
    return [i for i in range(len(worn)) if far[i] and state.imus[i].axes is not None]
