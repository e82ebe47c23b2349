"""The angle that a test measures: a sum of coordinates, with the sd of that very sum.

With weights w over the coordinates x of covariance C,

    value = w . x,   sd^2 = w' C w,   of a change since the start   w' (C + M - 2 S) w

where M and S are the covariance at the start and the shared one, as marked there. Hip flexion less
the tilt of the pelvis is the thigh against gravity, whatever share of it is whose.

A change is never told more surely than the angle there: skin slides under a sensor the more, the
further a joint turns, and that error is not shared with the start. On simulated people the
difference alone stated 2.7 degrees for a leg raise that was 5.7 off.
"""

from math import sqrt

import numpy as np

from lengthwise.coach.compensation import difference_sd_rad
from lengthwise.contracts.coordinates import ANATOMICAL, COORDINATES, INDEX
from lengthwise.contracts.states import BodyState, Estimate, Unseen
from lengthwise.reference.exercise_taken import Part

_IN_A_SUM = frozenset({Unseen.CLAIMED, Unseen.UNCERTAIN, Unseen.NEVER_FROM_CAMERA})
"""What may enter a sum without being claimed by itself: it was seen, and only its share is not
known. Whether the sum is sure enough, its own sd says."""


def measured(body: BodyState, parts: tuple[Part, ...], *, counted: bool = False) -> Estimate | None:
    """The angle now; None where a part of it is out of sight. `counted`: it only tells movements
    to and fro apart, for which an angle need not be claimed."""
    why = [body.unseen[INDEX[p.coordinate]] for p in parts]
    if len(parts) == 1 and not counted and why[0] is not Unseen.CLAIMED:
        return None
    if not parts or not all(w in _IN_A_SUM for w in why):
        return None
    weights = _weights(parts)
    variance_rad2 = float(weights @ body.covariance_rad2 @ weights)
    return Estimate(float(weights @ body.mean_rad), sqrt(max(variance_rad2, 0.0)))


def change(
    body: BodyState, parts: tuple[Part, ...], now: Estimate | None, start: Estimate | None
) -> Estimate | None:
    """The angle now less the one at the start, with the sd of a difference in one set-up, and no
    less than that of the angle now."""
    if now is None or start is None:
        return None
    sd_rad = difference_sd_rad(now.sd, start.sd)
    mark = next((m for m in reversed(body.marks) if m.targets == ()), None)
    if mark is not None and all(p.coordinate in ANATOMICAL for p in parts):
        rows = slice(INDEX[ANATOMICAL[0]], INDEX[ANATOMICAL[-1]] + 1)
        weights = _weights(parts)[rows]
        both = body.covariance_rad2[rows, rows] + mark.covariance_rad2 - 2.0 * mark.shared_rad2
        sd_rad = sqrt(max(float(weights @ both @ weights), 0.0))
    return Estimate(now.mean - start.mean, max(sd_rad, now.sd))


def _weights(parts: tuple[Part, ...]) -> np.ndarray:
    weights = np.zeros(len(COORDINATES))
    for part in parts:
        weights[INDEX[part.coordinate]] += part.factor
    return weights
