"""A sensor that turns on the body while it is felt: told by all else that stays where it is.

Gravity and gyroscope show a sensor that slides as they show a segment that turns. But where a
segment turns, something else moves with it: landmarks, other sensors. One that within a moment
turns by clearly more than

    a others + b moved,

with `others` the most that another sensor turned and `moved` the farthest that one of shoulders,
hips, knees and ankles went in the image, turned alone. A thigh that comes straight towards the
camera and a quick tuck of the pelvis look the same, so both are kept: by odds p the sensor slid,
then the estimate is where it was (x0) and the mounting has turned by m as the sensor did,

    x + p w,   P + p (1 - p) w w',   w = (x0 - x, m),

which fits what it reads either way. Only a camera can tell that a body holds still, and only while
it shows it. Where the sensor turns back, and all else is where it was, the body had moved.
"""

from math import radians, sqrt

import numpy as np
from msgspec.structs import replace

from lengthwise.body import projection
from lengthwise.body.camera_estimate import CameraLook
from lengthwise.body.session import Params
from lengthwise.body.session_state import Doubt, Glimpse, Sliding, State, anew
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.observation import Rejection, RejectionReason
from lengthwise.reference.constants import constant

_IMAGE = projection.PAIRS_AT
_JUDGED = 8
"""Shoulders, hips, knees and ankles: of feet too little is seen."""
_LEAST_SEEN = 6
_LEAST_RAD = radians(constant("body", "imu_slid_least_deg"))
_OTHERS = constant("body", "imu_slid_others_ratio")
_MOVED_RAD_PER_M = radians(constant("body", "imu_slid_moved_deg_per_m"))
_WANDER_M = constant("body", "imu_slid_wander_m")
_WITHIN_S = constant("body", "imu_slid_within_s")
_ODDS = constant("body", "imu_slid_odds_ratio")
_TURN_VARIANCE = radians(constant("body", "imu_slipped_turn_sd_deg")) ** 2
_EVERY_S, _KEPT_S = 0.09, 1.0
_LAPSES_S = 0.25
"""After a longer time without a look nothing is known to have stayed where it was."""
_SETTLED_S, _SETTLED_RAD = 0.14, radians(1.5)
"""It is judged once it has come to rest."""
_BACK_RAD, _BACK_M = radians(4.0), 0.04
"""Over seconds single landmarks wander farther; the middle one of all does not."""


def watched(
    params: Params, state: State, seen: CameraLook | None
) -> tuple[State, tuple[Rejection, ...]]:
    """The state after looking for a sensor that slid, and those that may have, by name."""
    if seen is None or not params.model.layout.channels.imus:
        return state, ()
    if seen.points is None or seen.repeated or seen.moved or not state.zero.done:
        return _lapsed(state), ()
    now = _glimpse(state)
    glimpses = state.sliding.glimpses
    if glimpses and now.t_s - glimpses[-1].t_s > _LAPSES_S:
        glimpses = ()
    if glimpses and now.t_s - glimpses[-1].t_s < _EVERY_S:
        return state, ()
    kept = tuple(g for g in glimpses if now.t_s - g.t_s <= _KEPT_S)
    state = replace(state, sliding=replace(state.sliding, glimpses=(*kept, now)))
    before = _latest(kept, now.t_s - _WITHIN_S)
    lately = _latest(kept, now.t_s - _SETTLED_S)
    if before is None or lately is None:
        return state, ()
    px_per_m = (state.camera.trunk_px or 0.0) / (params.camera.trunk_m if params.camera else 1.0)
    settled = _back(params, state, now, px_per_m)
    if settled is not None:
        return settled, ()
    imu = _slid(before, lately, now, px_per_m)
    if imu is None:
        return state, ()
    stream = params.model.layout.channels.imus[imu]
    named = Rejection(
        now.t_s, f"imu:{stream.segment.value}", RejectionReason.REMOUNTED, "turned alone"
    )
    return _doubted(params, state, imu, before, now), (named,)


def _lapsed(state: State) -> State:
    if not state.sliding.glimpses:
        return state
    return replace(state, sliding=replace(state.sliding, glimpses=()))


def _glimpse(state: State) -> Glimpse:
    movement, size = state.going.movement, projection.UPS_AT
    assert state.time_s is not None
    recent = state.time_s - movement.seen_s <= _LAPSES_S
    ups = movement.last[size:]
    heard = (recent[size:] & np.isfinite(ups)).reshape(-1, 3).all(axis=1)
    return Glimpse(
        state.time_s,
        frozen_array(movement.means[0, :_IMAGE]),
        frozen_array(np.where(np.isfinite(ups), ups, 0.0)),
        frozen_array(np.concatenate([recent[:_IMAGE], heard]), dtype="bool"),
        frozen_array(state.mean),
    )


def _latest(glimpses: tuple[Glimpse, ...], until_s: float) -> Glimpse | None:
    return next((g for g in reversed(glimpses) if g.t_s <= until_s), None)


def _turned_rad(before: Glimpse, now: Glimpse) -> np.ndarray:
    """(k,) by how much each sensor's up turned, not finite where one was not heard."""
    moved = (now.ups - before.ups).reshape(-1, 3)
    turned: np.ndarray = np.sqrt((moved * moved).sum(axis=1))
    turned[~(before.there[_IMAGE:] & now.there[_IMAGE:])] = np.nan
    return turned


def _moved_m(before: Glimpse, now: Glimpse, px_per_m: float) -> np.ndarray | None:
    """(j,) how far each landmark that was seen went; None where too few were to say so."""
    both = (before.there & now.there)[: 2 * _JUDGED].reshape(-1, 2).all(axis=1)
    if both.sum() < _LEAST_SEEN or px_per_m <= 0.0:
        return None
    apart = (now.points_px - before.points_px)[: 2 * _JUDGED].reshape(-1, 2)[both]
    return np.asarray(np.sqrt((apart * apart).sum(axis=1)) / px_per_m)


def _slid(before: Glimpse, lately: Glimpse, now: Glimpse, px_per_m: float) -> int | None:
    """The sensor that turned alone and has come to rest, None where there is none."""
    moved_m = _moved_m(before, now, px_per_m)
    turned, still = _turned_rad(before, now), _turned_rad(lately, now)
    if moved_m is None or np.isnan(turned).all():
        return None
    imu = int(np.nanargmax(turned))
    others = np.delete(turned, imu)
    most = 0.0 if np.isnan(others).all() else float(np.nanmax(others))
    beyond_m = sqrt(max(float(moved_m.max()) ** 2 - _WANDER_M**2, 0.0))
    alone = turned[imu] - _OTHERS * most - _MOVED_RAD_PER_M * beyond_m
    return imu if alone > _LEAST_RAD and still[imu] < _SETTLED_RAD else None


def _doubted(params: Params, state: State, imu: int, before: Glimpse, now: Glimpse) -> State:
    """The state that keeps both: the sensor slid, or the body moved."""
    layout = params.model.layout
    mount, size = layout.mount(imu), projection.JOINT_COUNT
    was, up = (g.ups[3 * imu : 3 * imu + 3] for g in (before, now))
    way = np.zeros(len(state.mean))
    way[:size] = before.held[:size] - state.mean[:size]
    way[mount] = np.cross(was, up)
    # Doubt that depends on nothing else changes nothing of what is remembered of the past.
    covariance = state.covariance + _ODDS * (1.0 - _ODDS) * np.outer(way, way)
    # How it turned about the vertical shows only once the segment inclines.
    covariance[mount, mount] += _ODDS * _TURN_VARIANCE * np.outer(up, up)
    earlier = tuple(d for d in state.sliding.doubts if d.imu != imu)
    doubt = Doubt(imu, before, frozen_array(state.covariance[mount, mount]))
    return replace(
        state,
        mean=state.mean + _ODDS * way,
        covariance=covariance,
        sliding=Sliding((now,), (*earlier, doubt)),
    )


def _back(params: Params, state: State, now: Glimpse, px_per_m: float) -> State | None:
    """The state without a doubt that is settled now, all being as before the turn; else None."""
    for doubt in state.sliding.doubts:
        moved_m = _moved_m(doubt.before, now, px_per_m)
        turned = _turned_rad(doubt.before, now)[doubt.imu]
        if moved_m is None or np.median(moved_m) > _BACK_M or not turned < _BACK_RAD:
            continue
        mount = params.model.layout.mount(doubt.imu)
        state = anew(state, np.arange(mount.start, mount.stop), np.zeros(3), doubt.mount)
        left = tuple(d for d in state.sliding.doubts if d is not doubt)
        # The way back must not count as one more turn of its own.
        return replace(state, sliding=Sliding((now,), left))
    return None
