"""Tests of what limits a person, as data: what is measured, and when it counts as short."""

from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.movements import Movement
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.reference.constants import constant, constants

_CUTS = "impairments"


class Short(StrEnum):
    """On which side of its cut a result is short."""

    BELOW = "below"
    ABOVE = "above"


class Unit(StrEnum):
    DEG = "deg"
    S = "s"


class Assessment(Struct, frozen=True, forbid_unknown_fields=True):
    """See the head of `assessments.toml`. In `unit`, + in the direction of the movement it is named
    after. `full_weight`: so far beyond the cut the need has weight 1. `cut` None: never short.
    `plausible`: between which values one that is typed is believed."""

    name: str
    measures: str
    sides: bool
    short: Short
    needs_control: bool
    void_with_symptom: bool
    sd_between_days: float
    muscles: tuple[MuscleGroup, ...]
    source: str
    evidence: tuple[str, ...]
    plausible: tuple[float, float]
    cut: float | None = None
    full_weight: float | None = None
    side_difference: float | None = None
    unit: Unit = Unit.DEG
    norm: Movement | None = None

    def lack(self, value: float) -> float | None:
        """How far a value is on the short side of the cut; negative: it is not."""
        if self.cut is None:
            return None
        below = self.cut - value
        return below if self.short is Short.BELOW else -below


@cache
def assessments() -> dict[str, Assessment]:
    """All tests by id, in the order of doing them; treat as read-only."""
    raw = (files("lengthwise.reference") / "assessments.toml").read_bytes()
    found = msgspec.toml.decode(raw, type=dict[str, Assessment])
    return {test: _with_cuts(test, a) for test, a in found.items()}


def _with_cuts(test: str, a: Assessment) -> Assessment:
    """From where it is short, as it ships or as a clinician has changed it."""
    cut, difference = f"{test}_cut", f"{test}_side_difference"
    known = constants(_CUTS)
    return replace(
        a,
        cut=constant(_CUTS, cut) if cut in known else None,
        side_difference=constant(_CUTS, difference) if difference in known else None,
    )
