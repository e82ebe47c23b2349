"""Compiled: lengths of muscle groups from those of their fascicles, and how surely they are known.

What the figures mean is said in `engine`; this is the arithmetic of one frame in one call, because
thirty calls on arrays of 32 numbers cost more than all of it.
"""

from math import hypot, sqrt

import numpy as np
from numba import njit

LENGTH_SD_M, FRACTION, FRACTION_SD, LIMITED, LIMITED_SD, UNSEEN_SD = range(6)
"""Places in the first axis of the first result of `doubted`."""


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
def limit_to_range(fraction: np.ndarray, sd: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Range fractions within 0..1 and their sd; what lay outside becomes doubt.

    A reading beyond the bounds says that the bounds are not this person's, so the excess is added
    to the variance: a small one is forgiven, a large one takes the claim away. Window positions
    and marks are computed before this limit and never saturate.
    """
    limited, limited_sd = np.empty_like(fraction), np.empty_like(sd)
    for row in range(len(fraction)):
        limited[row] = min(max(fraction[row], 0.0), 1.0)
        limited_sd[row] = hypot(sd[row], fraction[row] - limited[row])
    return limited, limited_sd


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
    shortest_m: np.ndarray,
    span_m: np.ndarray,
    typical_m2: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """(6, 32) sd of lengths, range fractions before and after their limit with their sd, and the
    largest sd that an unseen coordinate adds; (32, 13) d range fraction / d coordinate, 1/rad.

    `believed_rad` (13,) and the nearest posture that the model covers, `within_rad`; `seen` (13,)
    which joints are claimed; `model_m2` (32,) variance of the model; `typical_m2` (32, 13).
    """
    rows, size = slope_m.shape
    out, slope = np.empty((6, rows)), np.empty((rows, size))
    for row in range(rows):
        variance = model_m2[row] + _posture_variance_m2(
            slope_m[row], typical_m2[row], covariance_rad2, seen
        )
        unseen = 0.0
        for i in range(size):
            arm_m2 = slope_m[row, i] ** 2
            variance += max(typical_m2[row, i], arm_m2) * (believed_rad[i] - within_rad[i]) ** 2
            if not seen[i]:
                unseen = max(unseen, arm_m2 * covariance_rad2[i, i])
            slope[row, i] = slope_m[row, i] / span_m[row]
        out[LENGTH_SD_M, row] = sqrt(variance)
        out[FRACTION, row] = (length_m[row] - shortest_m[row]) / span_m[row]
        out[FRACTION_SD, row] = out[LENGTH_SD_M, row] / span_m[row]
        out[UNSEEN_SD, row] = sqrt(unseen) / span_m[row]
    out[LIMITED], out[LIMITED_SD] = limit_to_range(out[FRACTION], out[FRACTION_SD])
    return out, slope
