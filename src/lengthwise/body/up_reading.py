"""The direction of up in a segment as a reading of the filter."""

from math import radians, sqrt

import numpy as np
from numba import njit

from lengthwise.body import projection
from lengthwise.body.fusion import Expected, Reading
from lengthwise.body.kinematic_chain import JOINT
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
    turned_rad: np.ndarray,
) -> Reading:
    """Up in a segment's axes (3,) against the estimate,

        u = h(q) + (fast + mount + r g) x h(q),

    with g the growing error and r its sd: a share of how far the joints that stretch the skin there
    have turned. `turned_rad` (19,): all joints since the zero pose.
    """
    segment = UP_OF[layout.channels.imus[imu].segment]
    at = projection.UPS_AT + 3 * segment
    fast, mount, growth = layout.imu_fast(imu), layout.mount(imu), layout.imu_growth(imu)
    errors = (fast.start, mount.start, growth.start)
    grown = _GROWTH * sqrt(float(turned_rad**2 @ _STRETCHES[segment]))
    return Reading(
        *_read(up, mean, there.here, there.value, there.slope, there.bent, at, errors, grown)
    )


def _stretches() -> np.ndarray:
    """(7, 19) by segment of `projection`, weights of the joints' squared turns."""
    out = np.zeros((projection.UP_COUNT, projection.JOINT_COUNT))
    for way in ("flexion", "side_bend", "rotation"):
        out[:3, JOINT[f"lumbar_{way}"]] = 1.0
        out[2, JOINT[f"residual_{way}"]] = 1.0
    for i, side in enumerate(("l", "r")):
        for way in ("flexion", "adduction", "rotation"):
            out[3 + i, JOINT[f"hip_{way}_{side}"]] = 1.0
        out[5 + i, JOINT[f"knee_flexion_{side}"]] = 1.0
    return out


_STRETCHES = _stretches()


@njit(cache=True)
def _read(
    up: np.ndarray,
    mean: np.ndarray,
    here: np.ndarray,
    value: np.ndarray,
    slope: np.ndarray,
    bent: np.ndarray,
    at: int,
    errors: tuple[int, int, int],
    grown: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Innovation (3,), slope (3, n) and noise (3, 3)."""
    x, y, z = here[at], here[at + 1], here[at + 2]
    fast, mount, growth = errors
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
