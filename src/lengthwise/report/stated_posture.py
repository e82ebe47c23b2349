"""A posture that is stated and not measured, as the states that the drawing takes."""

import numpy as np

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import COORDINATES, Coordinate
from lengthwise.contracts.muscles import GROUP_SIDES
from lengthwise.contracts.states import BodyState, TissueState, Unseen
from lengthwise.tissue.told import told_fraction


def stated_body(mean_rad: np.ndarray, stated: frozenset[Coordinate]) -> BodyState:
    """(21,) coordinates without doubt; those not stated are not claimed, and so lie in fog."""
    count = len(COORDINATES)
    return BodyState(
        t_s=0.0,
        mean_rad=frozen_array(mean_rad),
        covariance_rad2=frozen_array(np.zeros((count, count))),
        unseen=tuple(Unseen.CLAIMED if c in stated else Unseen.NO_SENSOR for c in COORDINATES),
        quality=1.0,
    )


def stated_tissue(
    length_m: np.ndarray,
    fraction: np.ndarray,
    known: np.ndarray,
    *,
    length_sd_m: np.ndarray,
    fraction_sd: np.ndarray,
) -> TissueState:
    """(32,) lengths and range fractions with their sds; `known` (32,): which may be shown."""
    return TissueState(
        t_s=0.0,
        length_m=frozen_array(length_m),
        length_sd_m=frozen_array(length_sd_m),
        range_fraction=frozen_array(told_fraction(fraction)),
        range_fraction_sd=frozen_array(fraction_sd),
        claimed=tuple(bool(k) for k in known),
        window_position=(None,) * len(GROUP_SIDES),
    )
