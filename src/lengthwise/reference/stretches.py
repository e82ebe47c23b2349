"""Canonical stretches as data: what each is said to lengthen, for the anatomical model to judge.

They are postures to check the model and common claims by, not exercises to be guided through.
"""

from functools import cache
from importlib.resources import files
from math import radians

import msgspec
import numpy as np
from msgspec import Struct

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import ANATOMICAL, Coordinate, Side
from lengthwise.contracts.muscles import MuscleGroup

GroupSide = tuple[MuscleGroup, Side]


class _Written(Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    targets: tuple[str, ...]
    region: tuple[MuscleGroup, ...]
    start: dict[Coordinate, float]
    end: dict[Coordinate, float]
    refuted: tuple[str, ...] = ()
    note: str = ""


class Stretch(Struct, frozen=True):
    """A stretch of the left side. `start_rad`, `end_rad` (13,) in the order of ANATOMICAL.

    `targets`: said to be lengthened and confirmed; `refuted`: said, and not confirmed; `region`:
    the muscle groups among which that is judged; `note`: what was found.
    """

    id: str
    name: str
    targets: tuple[GroupSide, ...]
    refuted: tuple[GroupSide, ...]
    region: tuple[MuscleGroup, ...]
    start_rad: np.ndarray
    end_rad: np.ndarray
    note: str


@cache
def stretches() -> tuple[Stretch, ...]:
    """All, in the order of the table. Raises ValueError for one that judges outside its region."""
    raw = (files("lengthwise.reference") / "stretches.toml").read_bytes()
    written = msgspec.toml.decode(raw, type=dict[str, _Written])
    return tuple(_stretch(name, w) for name, w in written.items())


def _stretch(name: str, w: _Written) -> Stretch:
    targets, refuted = ([_group_side(word) for word in words] for words in (w.targets, w.refuted))
    outside = [group for group, _ in (*targets, *refuted) if group not in w.region]
    if outside:
        raise ValueError(f"stretch {name}: {outside[0].value} is not in its region")
    return Stretch(
        id=name,
        name=w.name,
        targets=tuple(targets),
        refuted=tuple(refuted),
        region=w.region,
        start_rad=_posture(w.start),
        end_rad=_posture(w.end),
        note=w.note,
    )


def _group_side(word: str) -> GroupSide:
    group, _, side = word.rpartition("_")
    return MuscleGroup(group), Side(side)


def _posture(angles_deg: dict[Coordinate, float]) -> np.ndarray:
    return frozen_array([radians(angles_deg.get(c, 0.0)) for c in ANATOMICAL])
