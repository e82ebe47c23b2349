"""A sensor that turns faster from rest to rest than trunk or thigh: told without a camera.

A phone that slips out of its place falls through its angle within a tenth of a second and then
lies still. Who holds a stretch does not do that with a pelvis, a rib cage or a thigh: they weigh
ten kilograms and more and are set in motion and stopped by muscles. (A shank can: who taps a foot
does.) One that rests, turns by more than 8 degrees within 0.17 s and rests again may have slid.

Slower turns without a camera are those of a body, for all that can be known.
"""

from math import dist, radians

import numpy as np
from msgspec.structs import replace

from lengthwise.body import projection
from lengthwise.body.session import Params
from lengthwise.body.session_state import Glimpse, Heard, State
from lengthwise.body.slid_doubt import doubted
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.observation import Segment
from lengthwise.reference.constants import constant

_HEAVY = frozenset(Segment) - {Segment.SHANK_L, Segment.SHANK_R}
_LEAST_RAD = radians(constant("body", "imu_flicked_least_deg"))
_WITHIN_S = constant("body", "imu_flicked_within_s")
_RESTS_S = constant("body", "imu_flicked_rest_s")
_RESTS_RAD = radians(constant("body", "imu_flicked_rest_deg"))
_RESTS_SHARE = 0.05
_EVERY_S, _GAP_S = 0.03, 0.12
_KEPT_S = 2.0 * _RESTS_S + _WITHIN_S + _GAP_S


def turned_quickly(params: Params, state: State) -> tuple[State, int | None]:
    """The state after listening once more, and the sensor that may have slid, which is doubted."""
    now = _heard(state)
    heard = state.sliding.heard
    if not now.there.any() or (heard and now.t_s - heard[-1].t_s < _EVERY_S):
        return state, None
    heard = (*(h for h in heard if now.t_s - h.t_s <= _KEPT_S), now)
    state = replace(state, sliding=replace(state.sliding, heard=heard))
    # Before a flick that is just over, and so far back, the sensor was where it had rested.
    old = next((h for h in reversed(heard) if now.t_s - h.t_s >= _RESTS_S + _WITHIN_S), None)
    if old is None:
        return state, None
    for imu, stream in enumerate(params.model.layout.channels.imus):
        if stream.segment not in _HEAVY or not now.there[imu]:
            continue
        at = slice(3 * imu, 3 * imu + 3)
        if old.there[imu] and dist(old.ups[at], now.ups[at]) < (1.0 - _RESTS_SHARE) * _LEAST_RAD:
            continue
        before = _before_flick([h for h in heard if h.there[imu]], imu)
        if before is not None:
            was, then = (_unseen(h) for h in (before, now))
            state = doubted(params, state, imu, before=was, now=then)
            return replace(state, sliding=replace(state.sliding, glimpses=())), imu
    return state, None


def _heard(state: State) -> Heard:
    movement, size = state.going.movement, projection.UPS_AT
    assert state.time_s is not None
    ups = movement.last[size:]
    fresh = (movement.seen_s[size:] == state.time_s) & np.isfinite(ups)
    return Heard(
        state.time_s,
        frozen_array(np.where(np.isfinite(ups), ups, 0.0)),
        frozen_array(fresh.reshape(-1, 3).all(axis=1), dtype="bool"),
        frozen_array(state.mean),
    )


def _before_flick(heard: list[Heard], imu: int) -> Heard | None:
    """What was heard last before a flick that is over since `_RESTS_S`; None where none was."""
    times_s = np.array([h.t_s for h in heard])
    if times_s[-1] - times_s[0] < 2.0 * _RESTS_S or np.diff(times_s).max() > _GAP_S:
        return None
    ups = np.array([h.ups[3 * imu : 3 * imu + 3] for h in heard])
    after = times_s >= times_s[-1] - _RESTS_S
    turned = np.linalg.norm(ups - ups[-1], axis=1)
    rests_rad = max(_RESTS_RAD, _RESTS_SHARE * float(turned.max()))
    if turned.max() < _LEAST_RAD or turned[after].max() > rests_rad:
        return None
    # From the last moment at which it was still away to the first rest.
    begun = np.flatnonzero(turned > turned.max() - rests_rad)
    last, ended = int(begun[-1]), int(np.flatnonzero(turned > rests_rad)[-1]) + 1
    if times_s[ended] - times_s[last] > _WITHIN_S:
        return None
    rested = (times_s <= times_s[last]) & (times_s >= times_s[last] - _RESTS_S)
    if times_s[last] - times_s[0] < _RESTS_S - _EVERY_S:
        return None
    away = np.linalg.norm(ups[rested] - ups[last], axis=1)
    return heard[last] if away.max() <= rests_rad and turned[last] >= _LEAST_RAD else None


def _unseen(heard: Heard) -> Glimpse:
    """As a glimpse of which no camera saw anything."""
    size = projection.PAIRS_AT
    there = np.concatenate([np.zeros(size, dtype=bool), heard.there])
    return Glimpse(
        heard.t_s,
        frozen_array(np.zeros(size)),
        heard.ups,
        frozen_array(there, dtype="bool"),
        heard.held,
    )
