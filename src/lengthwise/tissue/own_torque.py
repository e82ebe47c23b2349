"""What the marked muscles resist with at hip, knee and ankle, from the person's own marks alone.

Only the share of muscle groups that carry marks (or torques) of this person: the others, and what
joints resist beside muscles, are known of a population and would be a guess about this one. So it
is a part of what the joint resists, and `counted` says of which muscles.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import ANATOMICAL
from lengthwise.contracts.states import TORQUE_COORDINATES, PassiveTorque
from lengthwise.tissue.joint_torque import joint_torque
from lengthwise.tissue.passive_tension import Tension

_NEGLIGIBLE_ARM_M = 1e-4


class Resisting(Struct, frozen=True):
    """Which muscles are asked at which joint: `counted` (8, 32) bool, and `rows` the same as
    indices."""

    counted: np.ndarray
    rows: tuple[np.ndarray, ...]

    @classmethod
    def of(cls, from_person: np.ndarray, typical_slope_m: np.ndarray) -> "Resisting | None":
        """`from_person` (32,) bool, `typical_slope_m` (32, 13); None where no muscle is marked."""
        places = [ANATOMICAL.index(c) for c in TORQUE_COORDINATES]
        counted = from_person & (typical_slope_m[:, places] > _NEGLIGIBLE_ARM_M).T
        if not counted.any():
            return None
        return cls(
            frozen_array(counted, dtype="bool"), tuple(np.flatnonzero(row) for row in counted)
        )


def own_torque(
    resisting: Resisting,
    tension: Tension,
    *,
    posture_rad: np.ndarray,
    arms_m: np.ndarray,
    covariance_rad2: np.ndarray,
    seen: Sequence[bool] | np.ndarray,
) -> PassiveTorque:
    """At a posture (13,), `arms_m` (32, 13) d length / d coordinate, `covariance_rad2` (13, 13).

    Not known where the joint's own angle is not claimed (`seen` (13,)), where one of the counted
    muscles is not known, or where none is counted.
    """
    mean, sd, known = [], [], []
    for coordinate, rows in zip(TORQUE_COORDINATES, resisting.rows, strict=True):
        found = None
        if len(rows) and seen[ANATOMICAL.index(coordinate)]:
            found = joint_torque(
                tension,
                coordinate,
                posture_rad=posture_rad,
                arms_m=arms_m,
                covariance_rad2=covariance_rad2,
                rows=rows,
                alike=True,
            )
        mean.append(0.0 if found is None else found.mean)
        sd.append(0.0 if found is None else found.sd)
        known.append(found is not None)
    return PassiveTorque(
        frozen_array(mean), frozen_array(sd), frozen_array(known, dtype="bool"), resisting.counted
    )
