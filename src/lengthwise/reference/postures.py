"""Expected joint coordinates of each start posture, used as priors and never shown as measured."""

from functools import cache
from importlib.resources import files
from math import radians

import msgspec
import numpy as np

from lengthwise.contracts.coordinates import (
    COORDINATES,
    INDEX,
    TRUNK,
    Coordinate,
    chest_against_gravity,
)
from lengthwise.contracts.observation import Posture


@cache
def _table() -> dict[Posture, dict[Coordinate, float]]:
    raw = (files("lengthwise.reference") / "postures.toml").read_bytes()
    return msgspec.toml.decode(raw, type=dict[Posture, dict[Coordinate, float]])


def posture_mean_rad(
    posture: Posture, *, overrides_rad: dict[Coordinate, float] | None = None
) -> np.ndarray:
    """Prior means (21,) in the order of COORDINATES; an exercise's start overrides the posture.

    The chest follows the lumbar spine, and what is derived follows from both.
    """
    base = {c: radians(v) for c, v in _table()[posture].items()} | (overrides_rad or {})
    mean = np.zeros(len(COORDINATES))
    for coordinate, value in base.items():
        mean[INDEX[coordinate]] = value
    for thorax, lumbar in (
        (Coordinate.THORAX_FLEXION, Coordinate.LUMBAR_FLEXION),
        (Coordinate.THORAX_SIDE_BEND, Coordinate.LUMBAR_SIDE_BEND),
        (Coordinate.THORAX_ROTATION, Coordinate.LUMBAR_ROTATION),
    ):
        mean[INDEX[thorax]] = mean[INDEX[lumbar]]
    mean[TRUNK] = chest_against_gravity(mean)
    return mean
