"""The estimate looked back on: each moment corrected by what was read after it.

For what is shown afterwards, never live. The filter leaves some variables uncorrected (Schmidt), so
the textbook smoother for an optimal filter does not apply as it stands. Take the pose q at a moment
a as further variables that stay, beside the filter's x, and let C = cov(error of x, error of q).
Readings y = H x + v with innovation d and spread S = H P H' + R then correct the pose by the best
gain C' H' S^-1, and for *any* gain of the filter

    q^ += C' H' S^-1 d,   cov(q) -= C' H' S^-1 H C,   C <- J C,   J = 1 - P H' S^-1 H,

since whatever the filter takes off x with its gain drops out of C. Time and new beginnings only
scale rows, C <- F C. So, with C_a = cov(x, q) at the moment itself, all later readings together
give

    q^_a + C_a' l,   cov(q)_a - C_a' L C_a,

where l (n,) and L (n, n) are the same for all that is asked of a moment and follow backwards:

    l <- J' l + H' S^-1 d,   L <- J' L J + H' S^-1 H;   l <- F' l,   L <- F' L F.

This is the smoother of Bryson and Frazier (Bierman 1973, doi:10.1016/0005-1098(73)90088-6), which
needs no inverse of a covariance; why it remains exact for a filter with another gain is shown in
docs/decisions/0013. L is positive, so no sd grows. Claims stay as they were live.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numba import njit

from lengthwise.body.emission import Gaussian, gaussian, within_reach
from lengthwise.body.kinematic_chain import BODY_SIZE, map_at
from lengthwise.body.matrices import lower_root, product, solved_lower
from lengthwise.body.session import Params
from lengthwise.body.session_state import State
from lengthwise.body.trail import Drifted, Passed, Sheared, Trail
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.states import BodyState
from lengthwise.reference.constants import constant

_LOOK_AHEAD_S = constant("body", "smoother_look_ahead_s")
_BLOCK_S = constant("body", "smoother_block_s")
_MOST_MOMENTS = int(constant("body", "smoother_most_moments"))


class Moment(Struct, frozen=True, eq=False):
    """What was told at one time and is to be looked back on.

    `own`: the filter's estimate behind it; `shared` (n, 21): covariance of the filter's variables
    with the coordinates; `trail`: what passed between the moment before and this one.
    """

    body: BodyState
    own: Gaussian
    shared: np.ndarray
    trail: Trail


def moment(params: Params, state: State, body: BodyState) -> Moment:
    """The moment at which `body` was told of `state`, which keeps a trail."""
    assert state.trail is not None, "only a state with a trail can be looked back on"
    own = gaussian(params, state)
    to_coordinates = np.ascontiguousarray(map_at(own.mean_rad).T)
    shared = product(state.covariance[:, :BODY_SIZE], to_coordinates)
    return Moment(body, own, shared, state.trail)


class Hindsight(Struct, frozen=True, eq=False):
    """All that later readings say about the errors at one time: `pull` (n,), l above, and
    `information` (n, n), L above."""

    pull: np.ndarray
    information: np.ndarray


def nothing_later(size: int) -> Hindsight:
    return Hindsight(np.zeros(size), np.zeros((size, size)))


def before(later: Hindsight, passed: Passed) -> Hindsight:
    """Hindsight before a step of the filter from that after it."""
    if isinstance(passed, Drifted):
        return _before_drift(later, passed)
    if isinstance(passed, Sheared):
        return _before_shear(later, passed)
    readings = passed.readings
    root = lower_root(readings.spread)
    slope = solved_lower(root, readings.reading.slope)
    gain = solved_lower(root, readings.shared)
    white = solved_lower(root, readings.reading.innovation[:, None])[:, 0]
    pulled = product(gain, later.information)
    within = product(pulled, np.ascontiguousarray(gain.T)) + np.eye(len(white))
    half = 0.5 * product(within, slope) - pulled
    lag = white - product(gain, later.pull[:, None])[:, 0]
    pull = later.pull + product(lag[None, :], slope)[0]
    return Hindsight(pull, _raised(later.information, slope, half))


def _before_drift(later: Hindsight, passed: Drifted) -> Hindsight:
    kept = passed.kept if passed.joints is None else passed.kept.copy()
    pull, information = later.pull, later.information
    if passed.joints is not None:
        k = len(passed.joints)
        kept[:k] = 1.0
        back = np.ascontiguousarray(passed.joints.T)
        ahead = product(back, information[:k])
        own = product(ahead[:, :k].copy(), passed.joints)
        pull, information = pull.copy(), information.copy()
        pull[:k] = back @ pull[:k]
        information[:k, k:] = ahead[:, k:]
        information[k:, :k] = ahead[:, k:].T
        information[:k, :k] = 0.5 * (own + own.T)
    return Hindsight(kept * pull, information * np.outer(kept, kept))


def _before_shear(later: Hindsight, passed: Sheared) -> Hindsight:
    of, goes = passed.of, passed.goes
    k = len(goes)
    pull, information = later.pull.copy(), later.information.copy()
    pull[of] += goes @ pull[:k]
    information[of] += goes @ information[:k]
    information[:, of] += information[:, :k] @ goes
    information[:, of] = information[of]
    return Hindsight(pull, information)


@njit(cache=True)
def _raised(information: np.ndarray, slope: np.ndarray, half: np.ndarray) -> np.ndarray:
    """(n, n) information + slope' half + half' slope, exactly symmetric; both (m, n)."""
    m, n = slope.shape
    out = information.copy()
    for i in range(n):
        for k in range(m):
            a, b = slope[k, i], half[k, i]
            for j in range(i + 1):
                out[i, j] += a * half[k, j] + b * slope[k, j]
        for j in range(i):
            out[j, i] = out[i, j]
    return out


def smoothed(moments: Sequence[Moment]) -> list[BodyState]:
    """Each moment as it is known after the last one; the last one as it was told, but for what its
    marks said of a knee."""
    found: list[BodyState] = []
    later: Hindsight | None = None
    for now in reversed(moments):
        if later is None:
            later = nothing_later(len(now.shared))
        found.append(_looked_back(now, later))
        for passed in reversed(now.trail):
            later = before(later, passed)
    return found[::-1]


def _looked_back(now: Moment, later: Hindsight) -> BodyState:
    across = np.ascontiguousarray(now.shared.T)
    mean = now.own.mean_rad + product(across, later.pull[:, None])[:, 0]
    less = product(product(across, later.information), now.shared)
    covariance = now.own.covariance_rad2 - 0.5 * (less + less.T)
    mean, covariance = within_reach(mean, covariance, now.own.shown)
    return replace(
        now.body,
        mean_rad=frozen_array(mean),
        covariance_rad2=frozen_array(covariance),
        marks=(),
    )


Waiting = tuple[Moment, ...]
"""Moments that are not looked back on yet, in order."""


def take(waiting: Waiting, now: Moment) -> tuple[Waiting, list[BodyState]]:
    """The moments that still wait after one more, and those that need not wait longer, smoothed.

    Each is corrected by at least what is read within `smoother_look_ahead_s` after it. That is done
    for a block of moments at once, so memory holds look-ahead and block, however long a session is.
    """
    waiting = (*waiting, now)
    span_s = now.body.t_s - waiting[0].body.t_s
    if span_s < _LOOK_AHEAD_S + _BLOCK_S and len(waiting) < _MOST_MOMENTS:
        return waiting, []
    due_s = now.body.t_s - min(_LOOK_AHEAD_S, 0.5 * span_s)
    due = max(sum(m.body.t_s <= due_s for m in waiting), 1)
    return waiting[due:], smoothed(waiting)[:due]
