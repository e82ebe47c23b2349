"""A sensor that turns on the body while it is felt: told by all else that stays where it is.

Gravity and gyroscope show a sensor that slides as they show a segment that turns. But where a
segment turns, something else moves with it: landmarks, other sensors. One that within a moment
turns by clearly more than

    a others + b moved,

with `others` the most that another sensor turned and `moved` the farthest that one of shoulders,
hips, knees and ankles went in the image, turned alone. A thigh that comes straight towards the
camera and a quick tuck of the pelvis look the same, so both are kept (`slid_doubt`). Only a camera
can tell that a body holds still, and only while it shows it. Where the sensor turns back, and all
else is where it was, the body had moved.

What turns faster than bodies do needs no camera (`sliding_quickly`); what creeps or swings is told
where the segment itself is seen to stay (`sliding_slowly`).
"""

from math import radians, sqrt

import numpy as np
from msgspec.structs import replace

from lengthwise.body.camera_estimate import CameraLook
from lengthwise.body.glimpses import LAPSES_S, glimpse_of, latest, moved_m, turned_rad
from lengthwise.body.session import Params
from lengthwise.body.session_state import Glimpse, Sliding, State, anew
from lengthwise.body.slid_doubt import doubted, loosened, remounted
from lengthwise.body.sliding_quickly import turned_quickly
from lengthwise.body.sliding_slowly import ASKED_AGAIN_S, crept_alone, looked, swung_alone
from lengthwise.contracts.observation import Rejection
from lengthwise.reference.constants import constant

_LEAST_RAD = radians(constant("body", "imu_slid_least_deg"))
_OTHERS = constant("body", "imu_slid_others_ratio")
_MOVED_RAD_PER_M = radians(constant("body", "imu_slid_moved_deg_per_m"))
_WANDER_M = constant("body", "imu_slid_wander_m")
_WITHIN_S = constant("body", "imu_slid_within_s")
_EVERY_S, _KEPT_S = 0.09, 1.6
_SETTLED_S, _SETTLED_RAD = 0.14, radians(1.5)
"""It is judged once it has come to rest."""
_BACK_RAD, _BACK_M = radians(4.0), 0.04
"""Over seconds single landmarks wander farther; the middle one of all does not."""


def watched(
    params: Params, state: State, seen: CameraLook | None
) -> tuple[State, tuple[Rejection, ...]]:
    """The state after looking for a sensor that slid, and those that may have, by name."""
    worn = params.model.layout.channels.imus and not state.sliding.trusts
    if not worn or not state.zero.done:
        return _lapsed(state), ()
    state, imu = turned_quickly(params, state)
    if imu is not None:
        assert state.time_s is not None
        return state, (remounted(params, imu, state.time_s, "turned faster than a body"),)
    if seen is None:
        return state, ()
    if seen.points is None or seen.repeated or seen.moved:
        return _lapsed(state), ()
    now = glimpse_of(state)
    glimpses = state.sliding.glimpses
    if glimpses and now.t_s - glimpses[-1].t_s > LAPSES_S:
        glimpses = ()
    if glimpses and now.t_s - glimpses[-1].t_s < _EVERY_S:
        return state, ()
    kept = tuple(g for g in glimpses if now.t_s - g.t_s <= _KEPT_S)
    looks = looked(state.sliding.looks if glimpses else (), now)
    state = replace(state, sliding=replace(state.sliding, glimpses=(*kept, now), looks=looks))
    before = latest(kept, now.t_s - _WITHIN_S)
    lately = latest(kept, now.t_s - _SETTLED_S)
    if before is None or lately is None:
        return state, ()
    px_per_m = (state.camera.trunk_px or 0.0) / (params.camera.trunk_m if params.camera else 1.0)
    settled = _back(params, state, now, px_per_m)
    if settled is not None:
        return settled, ()
    imu = _slid(before, lately, now, px_per_m)
    if imu is not None:
        named = remounted(params, imu, now.t_s, "turned alone")
        return doubted(params, state, imu, before=before, now=now), (named,)
    half_s = latest(kept, now.t_s - ASKED_AGAIN_S)
    crept = None if half_s is None else crept_alone(params, state, half_s, now, px_per_m)
    if crept is not None:
        named = remounted(params, crept.imu, now.t_s, "turned while its thigh stayed")
        before, joints = crept.before, crept.joints
        return doubted(params, state, crept.imu, before=before, now=now, joints=joints), (named,)
    swings = swung_alone(state.sliding.glimpses, px_per_m)
    if swings is not None:
        return loosened(params, state, swings), (remounted(params, swings, now.t_s, "swings"),)
    return state, ()


def _lapsed(state: State) -> State:
    if not state.sliding.glimpses:
        return state
    return replace(state, sliding=replace(state.sliding, glimpses=(), looks=()))


def _slid(before: Glimpse, lately: Glimpse, now: Glimpse, px_per_m: float) -> int | None:
    """The sensor that turned alone and has come to rest, None where there is none."""
    went_m = moved_m(before, now, px_per_m)
    turned, still = turned_rad(before, now), turned_rad(lately, now)
    if went_m is None or np.isnan(turned).all():
        return None
    imu = int(np.nanargmax(turned))
    others = np.delete(turned, imu)
    most = 0.0 if np.isnan(others).all() else float(np.nanmax(others))
    beyond_m = sqrt(max(float(went_m.max()) ** 2 - _WANDER_M**2, 0.0))
    alone = turned[imu] - _OTHERS * most - _MOVED_RAD_PER_M * beyond_m
    return imu if alone > _LEAST_RAD and still[imu] < _SETTLED_RAD else None


def _back(params: Params, state: State, now: Glimpse, px_per_m: float) -> State | None:
    """The state without a doubt that is settled now, all being as before the turn; else None."""
    for doubt in state.sliding.doubts:
        went_m = moved_m(doubt.before, now, px_per_m)
        turned = turned_rad(doubt.before, now)[doubt.imu]
        if went_m is None or np.median(went_m) > _BACK_M or not turned < _BACK_RAD:
            continue
        mount = params.model.layout.mount(doubt.imu)
        state = anew(state, np.arange(mount.start, mount.stop), np.zeros(3), doubt.mount)
        left = tuple(d for d in state.sliding.doubts if d is not doubt)
        # The way back must not count as one more turn of its own.
        return replace(state, sliding=Sliding((now,), left, loose=state.sliding.loose))
    return None
