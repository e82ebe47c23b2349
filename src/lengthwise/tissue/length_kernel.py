"""Compiled: lengths of muscle groups from those of their fascicles, and how surely they are known.

What the figures mean is said in `engine`; this is the arithmetic of one frame in one call, because
thirty calls on arrays of 32 numbers cost more than all of it.
"""

from math import sqrt

import numpy as np
from numba import njit

LENGTH_SD_M, FRACTION, LIMITED, LIMITED_SD, CLAIM_SD, UNSEEN_SD = range(6)
"""Places in the first axis of the first result of `doubted`."""
SHORTEST, LONGEST, USUAL_SHORTEST, USUAL_LONGEST, SHORTEST_2, LONGEST_2, BOTH_2 = range(7)
"""Places in the first axis of `RangeBounds.ends`: lengths in metres, then (co)variances in m^2."""


@njit(cache=True)
def grouped(
    lengths_m: np.ndarray,
    arms_m: np.ndarray,
    member: np.ndarray,
    share: np.ndarray,
    groups: int,
) -> tuple[np.ndarray, np.ndarray]:
    """(n,) lengths and (n, 13) slopes of muscles to those of groups, (groups,) and (groups, 13).

    `member` (k, 2): a group and a muscle of it; `share` (k,) of that muscle in the group.
    """
    size = arms_m.shape[1]
    out_m, slopes_m = np.zeros(groups), np.zeros((groups, size))
    for k in range(len(member)):
        group, muscle = member[k, 0], member[k, 1]
        out_m[group] += share[k] * lengths_m[muscle]
        for i in range(size):
            slopes_m[group, i] += share[k] * arms_m[muscle, i]
    return out_m, slopes_m


@njit(cache=True)
def place_in_range(
    length_m: float, length_sd_m: float, ends: np.ndarray
) -> tuple[float, float, float, float]:
    """Range fraction of one length, the same limited to 0..1 with its sd, and the doubt of the
    length as a share of the usual range; by the equations of `range_fraction`. `ends` (7,)."""
    span_m = ends[LONGEST] - ends[SHORTEST]
    fraction = (length_m - ends[SHORTEST]) / span_m
    limited = min(max(fraction, 0.0), 1.0)
    ends_m2 = (1.0 - limited) ** 2 * ends[SHORTEST_2] + limited**2 * ends[LONGEST_2]
    ends_m2 += 2.0 * limited * (1.0 - limited) * ends[BOTH_2]
    own2 = (length_sd_m**2 + max(ends_m2, 0.0)) / span_m**2
    usual_m = ends[USUAL_LONGEST] - ends[USUAL_SHORTEST]
    least_m = min(ends[USUAL_SHORTEST], ends[SHORTEST])
    most_m = max(ends[USUAL_LONGEST], ends[LONGEST])
    past_m = length_m - min(max(length_m, least_m), most_m)
    return (
        fraction,
        limited,
        sqrt(own2 + (fraction - limited) ** 2),
        sqrt(length_sd_m**2 + past_m**2) / usual_m,
    )


@njit(cache=True)
def places_in_range(length_m: np.ndarray, length_sd_m: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """(4, n) the same of many lengths (n,); `ends` (7, n)."""
    out = np.empty((4, len(length_m)))
    for row in range(len(length_m)):
        out[:, row] = place_in_range(length_m[row], length_sd_m[row], ends[:, row])
    return out


@njit(cache=True)
def _posture_variance_m2(
    slope_m: np.ndarray, typical_m2: np.ndarray, covariance_rad2: np.ndarray, seen: np.ndarray
) -> float:
    """Of one group (13,): the covariance through its arms, unseen joints by their typical arm."""
    through = missing = 0.0
    for i in range(len(slope_m)):
        if slope_m[i] != 0.0:
            for j in range(len(slope_m)):
                through += slope_m[i] * covariance_rad2[i, j] * slope_m[j]
        if not seen[i]:
            more = typical_m2[i] - slope_m[i] ** 2
            missing += max(more, 0.0) * max(covariance_rad2[i, i], 0.0)
    return max(through, 0.0) + missing


@njit(cache=True)
def doubted(
    believed_rad: np.ndarray,
    within_rad: np.ndarray,
    covariance_rad2: np.ndarray,
    seen: np.ndarray,
    length_m: np.ndarray,
    slope_m: np.ndarray,
    model_m2: np.ndarray,
    ends: np.ndarray,
    typical_m2: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """(6, 32) sd of lengths, range fractions before their limit, after it and with their sd, and
    the doubt of the length and the largest sd that an unseen coordinate adds, both as a share of
    the usual range; (32, 13) d range fraction / d coordinate, 1/rad.

    `believed_rad` (13,) and the nearest posture that the model covers, `within_rad`; `seen` (13,)
    which joints are claimed; `model_m2` (32,) variance of the model; `ends` (7, 32) as from
    `RangeBounds.ends`; `typical_m2` (32, 13).
    """
    rows, size = slope_m.shape
    out, slope = np.empty((6, rows)), np.empty((rows, size))
    for row in range(rows):
        span_m = ends[LONGEST, row] - ends[SHORTEST, row]
        usual_m = ends[USUAL_LONGEST, row] - ends[USUAL_SHORTEST, row]
        variance = model_m2[row] + _posture_variance_m2(
            slope_m[row], typical_m2[row], covariance_rad2, seen
        )
        unseen = 0.0
        for i in range(size):
            arm_m2 = slope_m[row, i] ** 2
            variance += max(typical_m2[row, i], arm_m2) * (believed_rad[i] - within_rad[i]) ** 2
            if not seen[i]:
                unseen = max(unseen, arm_m2 * covariance_rad2[i, i])
            slope[row, i] = slope_m[row, i] / span_m
        length_sd_m = sqrt(variance)
        place = place_in_range(length_m[row], length_sd_m, ends[:, row])
        out[LENGTH_SD_M, row] = length_sd_m
        out[FRACTION, row], out[LIMITED, row], out[LIMITED_SD, row], out[CLAIM_SD, row] = place
        out[UNSEEN_SD, row] = sqrt(unseen) / usual_m
    return out, slope
