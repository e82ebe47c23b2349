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
    mirrored,
)
from lengthwise.contracts.observation import Posture


@cache
def _table() -> dict[Posture, dict[Coordinate, float]]:
    raw = (files("lengthwise.reference") / "postures.toml").read_bytes()
    return msgspec.toml.decode(raw, type=dict[Posture, dict[Coordinate, float]])


def mirrored_pose_rad(pose_rad: np.ndarray) -> np.ndarray:
    """(21,) the mirror image of a pose: sides changed, turns to one side reversed."""
    out = np.empty_like(pose_rad)
    for coordinate, value in zip(COORDINATES, pose_rad, strict=True):
        other, sign = mirrored(coordinate)
        out[INDEX[other]] = sign * value
    return out


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
    base = {c: radians(v) for c, v in _table()[posture].items()}
    if side is Side.RIGHT:
        base = {mirrored(c)[0]: mirrored(c)[1] * v for c, v in base.items()}
    base |= overrides_rad or {}
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
