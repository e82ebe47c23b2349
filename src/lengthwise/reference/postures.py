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
    Side,
    chest_against_gravity,
    mirrored_pose_rad,
)
from lengthwise.contracts.observation import Posture


@cache
def _table() -> dict[Posture, dict[Coordinate, float]]:
    raw = (files("lengthwise.reference") / "postures.toml").read_bytes()
    return msgspec.toml.decode(raw, type=dict[Posture, dict[Coordinate, float]])


def posture_mean_rad(
    posture: Posture,
    *,
    overrides_rad: dict[Coordinate, float] | None = None,
    side: Side = Side.LEFT,
) -> np.ndarray:
    """Prior means (21,) in the order of COORDINATES; an exercise's start overrides the posture.

    Postures are written for the left side; for the right `side` they are mirrored whole, so that
    what an exercise does not name follows too. Its own angles are taken as they are.
    The chest follows the lumbar spine, and what is derived follows from both.
    """
    mean = np.zeros(len(COORDINATES))
    for coordinate, value_deg in _table()[posture].items():
        mean[INDEX[coordinate]] = radians(value_deg)
    if side is Side.RIGHT:
        mean = mirrored_pose_rad(mean)
    for coordinate, value in (overrides_rad or {}).items():
        mean[INDEX[coordinate]] = value
    for thorax, lumbar in (
        (Coordinate.THORAX_FLEXION, Coordinate.LUMBAR_FLEXION),
        (Coordinate.THORAX_SIDE_BEND, Coordinate.LUMBAR_SIDE_BEND),
        (Coordinate.THORAX_ROTATION, Coordinate.LUMBAR_ROTATION),
    ):
        mean[INDEX[thorax]] = mean[INDEX[lumbar]]
    mean[TRUNK] = chest_against_gravity(mean)
    return mean
