"""How relaxed ligaments, discs and muscles resist bending of the lumbar spine.

    M(x) = M_end (exp(s (x - 1)) - exp(-s)),   x the share of the range that is used, 0..1 and on,

so that hardly anything is felt about upright and most near the end; the slopes at the low, middle
and high part of flexion are those measured in living people (`passive_end_nm`). Every level bears
the same moment, as springs in a row do, so it goes by the lumbar total. Extension and side-bend are
taken to be as stiff for their own range (expert default); rotation is not resisted here.
"""

from math import exp

import numpy as np
from numba import njit

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import Coordinate
from lengthwise.reference.constants import constant
from lengthwise.reference.joint_limits import joint_limits_rad

PASSIVE = frozen_array(
    [
        constant("lumbar_load", "passive_end_nm"),
        constant("lumbar_load", "passive_steepness"),
        *joint_limits_rad()[Coordinate.LUMBAR_FLEXION],
        *joint_limits_rad()[Coordinate.LUMBAR_SIDE_BEND],
    ]
)
"""(6,) moment at the end of range N m, steepness, then low and high of flexion and of side-bend."""


@njit(cache=True)
def passive_moment_nm(passive: np.ndarray, way: int, angle_rad: float) -> float:
    """Moment back towards upright, with the sign of the angle. `way` 0: flexion, 1: side-bend."""
    end = passive[3 + 2 * way] if angle_rad > 0.0 else -passive[2 + 2 * way]
    size: float = passive[0] * (exp(passive[1] * (abs(angle_rad) / end - 1.0)) - exp(-passive[1]))
    return size if angle_rad > 0.0 else -size
