"""The direction of up in a segment as a reading of the filter."""

from math import acos, radians

import numpy as np
from numba import njit

from lengthwise.body import projection
from lengthwise.body.fusion import Expected, Reading
from lengthwise.body.matrices import squares
from lengthwise.body.process import Layout
from lengthwise.body.segment_ups import UP_OF
from lengthwise.reference.constants import constant

_WHITE_VARIANCE = radians(constant("body", "imu_white_sd_deg")) ** 2
_GROWTH = constant("body", "imu_growth_ratio")


def read_up(
    layout: Layout,
    mean: np.ndarray,
    there: Expected,
    imu: int,
    up: np.ndarray,
    zero_up: np.ndarray,
) -> Reading:
    """Up in a segment's axes (3,) against the estimate,

        u = h(q) + (fast + mount + r g) x h(q),

    with g the growing error and r its sd: a share of the turn since the zero pose, where up was
    `zero_up` (3,).
    """
    segment = UP_OF[layout.channels.imus[imu].segment]
    at = projection.UPS_AT + 3 * segment
    fast, mount, growth = layout.imu_fast(imu), layout.mount(imu), layout.imu_growth(imu)
    errors = (fast.start, mount.start, growth.start)
    return Reading(
        *_read(up, zero_up, mean, there.here, there.value, there.slope, there.bent, at, errors)
    )


@njit(cache=True)
def _read(
    up: np.ndarray,
    zero_up: np.ndarray,
    mean: np.ndarray,
    here: np.ndarray,
    value: np.ndarray,
    slope: np.ndarray,
    bent: np.ndarray,
    at: int,
    errors: tuple[int, int, int],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Innovation (3,), slope (3, n) and noise (3, 3)."""
    x, y, z = here[at], here[at + 1], here[at + 2]
    fast, mount, growth = errors
    along = x * zero_up[0] + y * zero_up[1] + z * zero_up[2]
    grown = _GROWTH * acos(min(max(along, -1.0), 1.0))
    turn = np.array([[0.0, z, -y], [-z, 0.0, x], [y, -x, 0.0]])
    innovation, slopes = np.empty(3), slope[at : at + 3].copy()
    noise = squares(bent[at : at + 3])
    for i in range(3):
        turned = 0.0
        for k in range(3):
            turned += turn[i, k] * (mean[fast + k] + mean[mount + k] + grown * mean[growth + k])
            slopes[i, fast + k] = slopes[i, mount + k] = turn[i, k]
            slopes[i, growth + k] = grown * turn[i, k]
        innovation[i] = up[i] - value[at + i] - turned
        noise[i, i] += _WHITE_VARIANCE
    return innovation, slopes, noise
