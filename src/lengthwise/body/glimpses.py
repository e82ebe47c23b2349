"""What was seen at one moment beside another: how far landmarks and sensors went."""

import numpy as np

from lengthwise.body import projection
from lengthwise.body.session_state import Glimpse, State
from lengthwise.contracts.codec import frozen_array

_IMAGE = projection.PAIRS_AT
_JUDGED = 8
"""Shoulders, hips, knees and ankles: of feet too little is seen."""
_LEAST_SEEN = 6
LAPSES_S = 0.25
"""After a longer time without a look nothing is known to have stayed where it was."""


def glimpse_of(state: State) -> Glimpse:
    movement, size = state.going.movement, projection.UPS_AT
    assert state.time_s is not None
    recent = state.time_s - movement.seen_s <= LAPSES_S
    ups = movement.last[size:]
    heard = (recent[size:] & np.isfinite(ups)).reshape(-1, 3).all(axis=1)
    return Glimpse(
        state.time_s,
        frozen_array(movement.means[0, :_IMAGE]),
        frozen_array(np.where(np.isfinite(ups), ups, 0.0)),
        frozen_array(np.concatenate([recent[:_IMAGE], heard]), dtype="bool"),
        frozen_array(state.mean),
    )


def latest(glimpses: tuple[Glimpse, ...], until_s: float) -> Glimpse | None:
    return next((g for g in reversed(glimpses) if g.t_s <= until_s), None)


def turned_rad(before: Glimpse, now: Glimpse) -> np.ndarray:
    """(k,) by how much each sensor's up turned, not finite where one was not heard."""
    moved = (now.ups - before.ups).reshape(-1, 3)
    turned: np.ndarray = np.sqrt((moved * moved).sum(axis=1))
    turned[~(before.there[_IMAGE:] & now.there[_IMAGE:])] = np.nan
    return turned


def moved_m(before: Glimpse, now: Glimpse, px_per_m: float) -> np.ndarray | None:
    """(j,) how far each landmark that was seen went; None where too few were to say so."""
    both = (before.there & now.there)[: 2 * _JUDGED].reshape(-1, 2).all(axis=1)
    if both.sum() < _LEAST_SEEN or px_per_m <= 0.0:
        return None
    apart = (now.points_px - before.points_px)[: 2 * _JUDGED].reshape(-1, 2)[both]
    return np.asarray(np.sqrt((apart * apart).sum(axis=1)) / px_per_m)
