"""Where the anatomical model can be asked for muscle lengths."""

from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from lengthwise.contracts.coordinates import ANATOMICAL, Coordinate


class PoseRange(Struct, frozen=True, forbid_unknown_fields=True):
    """Both ends in degrees, as in the file, and why the range ends there."""

    low_deg: float
    high_deg: float
    why: str


@cache
def pose_ranges() -> dict[Coordinate, PoseRange]:
    """The range of each of ANATOMICAL, in that order; both sides share one entry."""
    raw = (files("lengthwise.reference") / "pose_range.toml").read_bytes()
    found = msgspec.toml.decode(raw, type=dict[str, PoseRange])
    return {c: found[c.value.removesuffix("_l").removesuffix("_r")] for c in ANATOMICAL}
