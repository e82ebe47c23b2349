"""Where the sciatic and the femoral nerve run, as points on the bones of the anatomical model."""

from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from lengthwise.reference.constants import Status


class PathPoint(Struct, frozen=True, forbid_unknown_fields=True):
    """`at_m` (front, up, right) in the axes of `bone`, right leg, generic body."""

    bone: str
    at_m: tuple[float, float, float]
    why: str


class NervePaths(Struct, frozen=True, forbid_unknown_fields=True):
    """From the roots down."""

    status: Status
    sciatic: tuple[PathPoint, ...]
    femoral: tuple[PathPoint, ...]


@cache
def nerve_paths() -> NervePaths:
    raw = (files("lengthwise.reference") / "nerve_paths.toml").read_bytes()
    return msgspec.toml.decode(raw, type=NervePaths)
