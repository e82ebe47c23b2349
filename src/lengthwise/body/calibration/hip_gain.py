"""How much of a pelvic obliquity the camera's hip line shows, where a sacrum sensor sees it too.

With x the obliquity that the sensor has seen since the zero pose, the line reads

    z = offset + gain x + f + w

with white noise w of the reading and an error f that comes and goes (Ornstein-Uhlenbeck) and grows
with x, as the estimator models it. A filter over offset, gain and f, begun knowing nothing of the
gain; what is known of people in general is joined at the end.
"""

from math import exp, radians, sqrt

import numpy as np
from msgspec import Struct

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant

_FAST_RAD = radians(constant("body", "hip_line_fast_sd_deg"))
_GROWTH = constant("body", "hip_line_growth_ratio")
_TAU_S = constant("body", "landmark_fast_tau_s")
_SENSOR_RAD = radians(constant("body", "imu_fast_sd_deg"))
_SCALE_SD = constant("calibration", "sensor_roll_scale_sd_ratio")
_MEAN, _SD = constant("body", "hip_line_gain"), constant("body", "hip_line_gain_sd")
_LEAST_RANGE_RAD = radians(constant("calibration", "tip_least_range_deg"))
_LEAST_SDS = constant("calibration", "gain_sign_sds")
_OFFSET_VARIANCE = radians(10.0) ** 2
_GAIN_VARIANCE = 4.0
"""Wide: the filter itself knows nothing of either."""


class GainFilter(Struct, frozen=True):
    """`mean` (3,), `covariance` (3, 3) of offset, gain and fast error; extremes of x in radians."""

    mean: np.ndarray
    covariance: np.ndarray
    t_s: float | None = None
    lowest_rad: float = 0.0
    highest_rad: float = 0.0
    frames: int = 0


def begin(noise_ratio: float) -> GainFilter:
    first = np.diag([_OFFSET_VARIANCE, _GAIN_VARIANCE, (noise_ratio * _FAST_RAD) ** 2])
    return GainFilter(frozen_array(np.zeros(3)), frozen_array(first))


def seen(
    state: GainFilter, t_s: float, *, line_rad: float, white_sd_rad: float, roll_rad: float,
    noise_ratio: float,
) -> GainFilter:  # fmt: skip
    """The filter after the line and the sensor were read at one time."""
    dt_s = 0.0 if state.t_s is None else t_s - state.t_s
    kept = exp(-dt_s / _TAU_S)
    moves = np.diag([1.0, 1.0, kept])
    fast = (noise_ratio * _FAST_RAD) ** 2 + (_GROWTH * roll_rad) ** 2 + _SENSOR_RAD**2
    covariance = moves @ state.covariance @ moves
    covariance[2, 2] += fast * (1.0 - kept**2)
    mean = moves @ state.mean
    row = np.array([1.0, roll_rad, 1.0])
    spread = row @ covariance @ row + white_sd_rad**2
    weight = covariance @ row / spread
    covariance = covariance - np.outer(weight, weight) * spread
    return GainFilter(
        frozen_array(mean + weight * (line_rad - row @ mean)),
        frozen_array(0.5 * (covariance + covariance.T)),
        t_s,
        min(state.lowest_rad, roll_rad),
        max(state.highest_rad, roll_rad),
        state.frames + 1,
    )


def tipped(state: GainFilter) -> bool:
    """Whether the pelvis was tipped far enough, and to both sides."""
    return min(-state.lowest_rad, state.highest_rad) >= 0.5 * _LEAST_RANGE_RAD


def slope(state: GainFilter) -> Estimate:
    """The gain by itself, with the sign that the image gives it."""
    raw = float(state.mean[1])
    return Estimate(raw, sqrt(float(state.covariance[1, 1]) + (_SCALE_SD * raw) ** 2))


def against(found: Estimate, sign: float | None) -> bool:
    """Whether the line moves against the sensor, `sign` -1 for a mirrored image; where that is not
    known (None), whether the direction is not clear.
    """
    if sign is None:
        return abs(found.mean) < _LEAST_SDS * found.sd
    return sign * found.mean < 0.0 and abs(found.mean) > 2.0 * found.sd


def gain(found: Estimate, sign: float | None) -> Estimate:
    """The gain joined with what is known of people in general."""
    value = abs(found.mean) if sign is None else sign * found.mean
    weight = 1.0 / found.sd**2
    prior = 1.0 / _SD**2
    return Estimate((weight * value + prior * _MEAN) / (weight + prior), (weight + prior) ** -0.5)
