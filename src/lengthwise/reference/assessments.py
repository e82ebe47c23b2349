"""Tests of what limits a person, as data: what is measured, and when it counts as short."""

from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from lengthwise.contracts.muscles import MuscleGroup


class Short(StrEnum):
    """On which side of its cut a result is short."""

    BELOW = "below"
    ABOVE = "above"


class Assessment(Struct, frozen=True, forbid_unknown_fields=True):
    """See the head of `assessments.toml`. Degrees, + in the direction of the movement it is named
    after. `full_weight_deg`: so far beyond the cut the need has weight 1."""

    name: str
    measures: str
    sides: bool
    short: Short
    cut_deg: float
    full_weight_deg: float
    needs_control: bool
    void_with_symptom: bool
    sd_between_days_deg: float
    muscles: tuple[MuscleGroup, ...]
    source: str
    evidence: tuple[str, ...]
    side_difference_deg: float | None = None

    def lack_deg(self, value_deg: float) -> float:
        """How far a value is on the short side of the cut; negative: it is not."""
        below = self.cut_deg - value_deg
        return below if self.short is Short.BELOW else -below


@cache
def assessments() -> dict[str, Assessment]:
    """All tests by id, in the order of doing them; treat as read-only."""
    raw = (files("lengthwise.reference") / "assessments.toml").read_bytes()
    return msgspec.toml.decode(raw, type=dict[str, Assessment])
