"""Postures over all coordinates, in degrees, for load and nerve."""

from math import radians

import numpy as np

from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate, mirrored


def whole_rad(**angles_deg: float) -> np.ndarray:
    """(21,) upright but for these."""
    mean = np.zeros(len(COORDINATES))
    for name, value in angles_deg.items():
        mean[INDEX[Coordinate(name)]] = radians(value)
    return mean


def mirrored_rad(mean_rad: np.ndarray) -> np.ndarray:
    """(21,) the posture with left and right exchanged."""
    out = np.empty_like(mean_rad)
    for coordinate in COORDINATES:
        other, sign = mirrored(coordinate)
        out[INDEX[other]] = sign * mean_rad[INDEX[coordinate]]
    return out


def random_rad(rng: np.random.Generator, *, sd_deg: float = 12.0) -> np.ndarray:
    """(21,) with pelvis and lumbar spine away from upright, legs as well."""
    names = [c.value for c in COORDINATES[:16]]
    narrow = {"lumbar_rotation": 0.25, "lumbar_side_bend": 0.7}
    return whole_rad(**{n: float(rng.normal(0.0, sd_deg * narrow.get(n, 1.0))) for n in names})
