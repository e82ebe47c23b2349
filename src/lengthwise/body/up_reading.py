"""The direction of up in a segment as a reading of the filter."""

from math import radians

import numpy as np

from lengthwise.body import imu_estimate, projection
from lengthwise.body.fusion import Expected, Reading
from lengthwise.body.process import Layout
from lengthwise.reference.constants import constant

_IMU_WHITE_VARIANCE = radians(constant("body", "imu_white_sd_deg")) ** 2


def read_up(layout: Layout, mean: np.ndarray, there: Expected, imu: int, up: np.ndarray) -> Reading:
    """Up in a segment's axes (3,) against the estimate: u = h(q) + (fast + mount) x h(q)."""
    segment = imu_estimate.UP_OF[layout.channels.imus[imu].segment]
    at = slice(projection.UPS_AT + 3 * segment, projection.UPS_AT + 3 * segment + 3)
    x, y, z = there.here[at].tolist()
    turn = np.array([[0.0, z, -y], [-z, 0.0, x], [y, -x, 0.0]])
    slope = there.slope[at].copy()
    fast, mount = layout.imu_fast(imu), layout.mount(imu)
    slope[:, fast] = slope[:, mount] = turn
    bent = there.bent[at]
    innovation = up - there.value[at] - turn @ (mean[fast] + mean[mount])
    return Reading(innovation, slope, bent @ bent.T + np.eye(3) * _IMU_WHITE_VARIANCE)
