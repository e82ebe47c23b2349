"""How large errors of landmarks are, and what a left and a right one share of them."""

import numpy as np

from lengthwise.body import projection
from lengthwise.reference.constants import constant

POINT_SIZE = 2 * projection.POINT_COUNT

_PAIRS = ("shoulder", "hip")
_SINGLES = ("knee", "ankle", "foot", "foot")


def landmark_covariance() -> np.ndarray:
    """(24, 24) of the slow and fast errors of twelve points, right and up, metres^2."""
    covariance = np.zeros((POINT_SIZE, POINT_SIZE))
    for pair, name in enumerate(_PAIRS):
        for axis, way in enumerate(("lateral", "vertical")):
            common = constant("body", f"{name}_{way}_common_sd_m") ** 2
            differential = constant("body", f"{name}_{way}_differential_sd_m") ** 2
            at = [4 * pair + axis, 4 * pair + 2 + axis]
            covariance[np.ix_(at, at)] = common + differential * np.array([[1, -1], [-1, 1]])
    for i, name in enumerate(_SINGLES):
        own = slice(8 + 4 * i, 12 + 4 * i)
        covariance[own, own] = np.eye(4) * constant("body", f"{name}_sd_m") ** 2
    return covariance


def growth_correlation() -> np.ndarray:
    """(24, 24) of the errors that grow with the displacement: those of a pair partly together."""
    correlation = np.eye(POINT_SIZE)
    together = constant("body", "pair_growth_correlation")
    for pair in range(len(_PAIRS)):
        for axis in range(2):
            left = 4 * pair + axis
            correlation[left, left + 2] = correlation[left + 2, left] = together
    return correlation
