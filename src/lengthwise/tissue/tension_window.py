"""Where a stretch stands between a person's two marks in tension or torque, beside length.

With the tensions T at the reading, T1 at first resistance and TT at tolerance,

    position = (T - T1) / (TT - T1):  0 at first resistance, 1 at tolerance.

Calibrated on both marks, tension is a function of the window position p in length alone,
T = curve(u1 + p (uT - u1)). A factor on both levels cancels in it; what is left beside the error of
p is how far apart the levels are (`mark_ratio_log_sd`), which bends the curve between the marks.
Tension grows faster and faster, so half way in length is well below half way in tension.
"""

from math import exp, hypot, sqrt

import numpy as np

from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant
from lengthwise.tissue.passive_curve import GroupCurves
from lengthwise.tissue.passive_tension import first_resistance_n, tolerance_n

_RATIO_LOG_SD = constant("tension", "mark_ratio_log_sd")
_MIN_SPAN_NM = constant("tension", "min_torque_span_nm")


def tension_position(curves: GroupCurves, row: int, length_position: Estimate) -> Estimate:
    """Position in tension of one row of GROUP_SIDES, from the window position in length."""
    here, sd = _between(curves, row, length_position, tolerance_n(curves, row))
    apart, closer = (
        _between(curves, row, length_position, tolerance_n(curves, row) * exp(way))[0]
        for way in (_RATIO_LOG_SD, -_RATIO_LOG_SD)
    )
    return Estimate(here, hypot(sd, 0.5 * (apart - closer)))


def _between(
    curves: GroupCurves, row: int, position: Estimate, last_n: float
) -> tuple[float, float]:
    """Position in tension and the sd that it has from that in length."""
    first_n = first_resistance_n(curves, row)
    low_m, high_m = curves.stretch_at(row, first_n), curves.stretch_at(row, last_n)
    way_m, way_n = high_m - low_m, last_n - first_n
    at_n, sd_n = curves.at(row, low_m + position.mean * way_m, position.sd * way_m)
    return (at_n - first_n) / way_n, sd_n / way_n


def torque_position(
    torque_nm: Estimate, *, first_nm: Estimate, tolerance_nm: Estimate, shared_nm2: float = 0.0
) -> Estimate | None:
    """Position of a measured torque between the torques at the two marks, all resisting ones.

    `shared_nm2`: variance that all three share, as of a lever arm or the weight of the limb taken
    once; it cancels in the differences. None where the marks lie too close together or in the
    other order.
    """
    span_nm = tolerance_nm.mean - first_nm.mean
    if span_nm < _MIN_SPAN_NM:
        return None
    position = (torque_nm.mean - first_nm.mean) / span_nm
    weight = np.array([1.0, position - 1.0, -position])
    own = np.array([torque_nm.sd**2, first_nm.sd**2, tolerance_nm.sd**2])
    variance = float(weight**2 @ np.maximum(own - shared_nm2, 0.0))
    return Estimate(position, sqrt(variance) / span_nm)
