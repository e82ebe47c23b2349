"""Whether a body makes a small slow step, which no landmark alone tells from its own wander.

A step of a few degrees takes many landmarks along by a centimetre or two. Taken together they tell
it. With d the differences of the means of a second and of several (`movement`), N their slopes by
the place of the body, which may sway and says nothing of joints, and J those by a small movement of
the joints, all by the errors of d,

    b = J' M d,   B = 1 + J' M J,   M = 1 - N (N' N)^-1 N',   T = b' B^-1 b

is, but for a constant, twice the log likelihood of such a movement against none. Of errors alone T
is a sum of squares with as many degrees of freedom f as 19 - trace B^-1, and sqrt(2 T) -
sqrt(2 f - 1) has an sd of about 1 (Fisher). Left and right shoulders and hips share most of their
errors: their sum and their difference do not.
"""

from math import hypot, radians, sqrt

import numpy as np
from numba import njit

from lengthwise.body import projection
from lengthwise.body.landmark_errors import landmark_covariance
from lengthwise.body.matrices import lower_root, product, solved_lower, squares
from lengthwise.body.movement import UP_SD_RAD, Movement, second_to_long_ratios
from lengthwise.reference.constants import constant

_RECENT_S = 0.3
_KNOWN_AFTER_S = 1.0
_IMAGE = projection.UPS_AT
_SMALL = constant("body", "small_step_ratio")
"""Of a usual movement."""
_WANDER, _WHITE = second_to_long_ratios(constant("body", "landmark_fast_tau_s"))
_UP_DIFFERENCE_RAD = hypot(
    *np.array(second_to_long_ratios(constant("body", "imu_fast_tau_s")))
    * (UP_SD_RAD, radians(constant("body", "imu_white_sd_deg")))
)


def _shared() -> np.ndarray:
    """(26,) correlation of a coordinate's error with that of the same point on the right; 0 where
    there is none, or the point is on the right itself."""
    out, covariance = np.zeros(_IMAGE), landmark_covariance()
    for i in (0, 1, 4, 5):
        out[i] = covariance[i, i + 2] / sqrt(covariance[i, i] * covariance[i + 2, i + 2])
    return out


_SHARED = _shared()


def image_differences_m(fast_m: np.ndarray, white_m: np.ndarray) -> np.ndarray:
    """(26,) sd of the difference of both means of an image coordinate, by its error that wanders
    and its white noise (26,)."""
    return np.hypot(_WANDER * fast_m, _WHITE * white_m)


def step_sds(
    seen: Movement,
    slope: np.ndarray,
    place: np.ndarray,
    root: np.ndarray,
    *,
    image_sds_m: np.ndarray,
    px_per_m: float,
    t_s: float,
) -> float:
    """How many sds what is seen lies beyond its errors alone, as a small step of the joints.

    `seen` of image coordinates in pixels (26) and ups of sensors; their `slope` (k, 19) by the
    joints and `place` (k, 3) by the place of the body, in metres at the person and radians; `root`
    (19, 19) of the joints' usual covariance; `image_sds_m` (26,) of the differences.
    """
    rows = (t_s - seen.seen_s <= _RECENT_S) & (t_s - seen.since_s >= _KNOWN_AFTER_S)
    scale = np.full(len(rows), 1.0 / _UP_DIFFERENCE_RAD)
    scale[:_IMAGE] = 1.0 / image_sds_m
    scale[~rows] = 0.0
    apart = (seen.means[1] - seen.means[2]) * scale
    apart[:_IMAGE] /= px_per_m
    shared = np.zeros(len(rows))
    shared[: _IMAGE - 2] = _SHARED[:-2] * (rows[: _IMAGE - 2] & rows[2:_IMAGE])
    return float(_step_sds(apart, slope, place, scale, shared, _SMALL * root))


@njit(cache=True)
def _step_sds(
    apart: np.ndarray,
    slope: np.ndarray,
    place: np.ndarray,
    scale: np.ndarray,
    shared: np.ndarray,
    root: np.ndarray,
) -> float:
    rows, size, places = len(apart), root.shape[0], place.shape[1]
    last = size + places
    whole = np.zeros((rows, last + 1))
    whole[:, :size] = product(slope, root)
    whole[:, size:last] = place
    for i in range(rows):
        for j in range(last):
            whole[i, j] *= scale[i]
        whole[i, last] = apart[i]
    for i in range(rows):
        if shared[i] != 0.0:
            both, each = np.sqrt(2.0 * (1.0 + shared[i])), np.sqrt(2.0 * (1.0 - shared[i]))
            for j in range(last + 1):
                x, y = whole[i, j], whole[i + 2, j]
                whole[i, j], whole[i + 2, j] = (x + y) / both, (x - y) / each
    columns = np.ascontiguousarray(whole.T)
    for k in range(size, last):
        _take_off(columns, k)
    within = squares(columns[:size].copy())
    right = np.zeros((size, size + 1))
    for i in range(size):
        within[i, i] += 1.0
        right[i, i] = 1.0
        for r in range(rows):
            right[i, size] += columns[i, r] * columns[last, r]
    half = solved_lower(lower_root(within), right)
    told, freedom = 0.0, float(size)
    for i in range(size):
        told += half[i, size] ** 2
        for j in range(size):
            freedom -= half[i, j] ** 2
    return float(np.sqrt(2.0 * told) - np.sqrt(max(2.0 * freedom - 1.0, 0.0)))


@njit(cache=True)
def _take_off(columns: np.ndarray, k: int) -> None:
    """Take what goes along row k off all other rows."""
    length2 = 0.0
    for r in range(columns.shape[1]):
        length2 += columns[k, r] ** 2
    if length2 <= 1e-12:
        return
    for j in range(columns.shape[0]):
        if j != k:
            along = 0.0
            for r in range(columns.shape[1]):
                along += columns[k, r] * columns[j, r]
            for r in range(columns.shape[1]):
                columns[j, r] -= along / length2 * columns[k, r]
