"""Expected joint coordinates of each start posture, used as priors and never shown as measured."""

from functools import cache
from importlib.resources import files
from math import radians

import msgspec
import numpy as np

from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate
from lengthwise.contracts.observation import Posture


@cache
def _table() -> dict[Posture, dict[Coordinate, float]]:
    raw = (files("lengthwise.reference") / "postures.toml").read_bytes()
    return msgspec.toml.decode(raw, type=dict[Posture, dict[Coordinate, float]])


def posture_mean_rad(
    posture: Posture, *, overrides_rad: dict[Coordinate, float] | None = None
) -> np.ndarray:
    """Prior means (21,) in the order of COORDINATES; an exercise's start overrides the posture.

    Derived coordinates follow from the base ones: thorax = lumbar, trunk flexion = tilt + thorax.
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
    mean[INDEX[Coordinate.TRUNK_FLEXION]] = (
        mean[INDEX[Coordinate.PELVIS_TILT]] + mean[INDEX[Coordinate.THORAX_FLEXION]]
    )
    mean[INDEX[Coordinate.TRUNK_SIDE_LEAN]] = (
        mean[INDEX[Coordinate.THORAX_SIDE_BEND]] - mean[INDEX[Coordinate.PELVIS_OBLIQUITY]]
    )
    return mean
