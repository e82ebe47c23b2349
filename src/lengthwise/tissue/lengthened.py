"""Which coordinates that an exercise keeps have lengthened its targets by leaving their place.

With f_t the range fraction of target t, q the joints, J the slope of `corrections.return_slope` and
d how far the coordinate has left its place in the start posture,

    taken_t = f_t(q) - f_t(q - J d),
    d taken_t = (f_t'(q - J d) J) dx + (f_t'(q) - f_t'(q - J d)) dq.

A coordinate is told where taken_t is surely above zero for every target: who brings it back takes
stretch back and adds none, whichever target is the one too far on. It leads words, shows no number,
and so asks for no claim on the targets themselves.
"""

from collections.abc import Callable
from math import sqrt

import numpy as np

from lengthwise.contracts.coordinates import ANATOMICAL, INDEX, Coordinate
from lengthwise.reference.constants import constant
from lengthwise.tissue.corrections import put_back

_SURE_SDS = constant("tissue", "ceiling_sd_factor")
_FIRST = INDEX[ANATOMICAL[0]]
_JOINTS = slice(_FIRST, _FIRST + len(ANATOMICAL))


def lengthened_by(
    kept: tuple[tuple[Coordinate, float], ...],
    *,
    coordinates_rad: np.ndarray,
    covariance_rad2: np.ndarray,
    fraction: np.ndarray,
    slope: np.ndarray,
    at: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]],
) -> tuple[Coordinate, ...]:
    """`kept`: coordinates that are claimed, with their places in rad; `coordinates_rad` (21,),
    `covariance_rad2` (21, 21); `fraction` (k,) of each target now and `slope` (k, 13) by the
    joints, 1/rad; `at` gives both for other joints (13,).
    """
    found = []
    for coordinate, _, along, (back, back_slope) in put_back(kept, coordinates_rad, at):
        place = INDEX[coordinate]
        weight = np.zeros((len(fraction), len(coordinates_rad)))
        weight[:, _JOINTS] = slope - back_slope
        weight[:, place] += back_slope @ along
        variance = np.einsum("ki,ij,kj->k", weight, covariance_rad2, weight)
        taken = zip((fraction - back).tolist(), variance.tolist(), strict=True)
        if len(fraction) and all(mean > _SURE_SDS * sqrt(max(v, 0.0)) for mean, v in taken):
            found.append(coordinate)
    return tuple(found)
