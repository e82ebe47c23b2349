"""A person as the product knows them: measured values with sd, date and expiry."""

from enum import StrEnum

from msgspec import Struct

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup


class MeasureName(StrEnum):
    HEIGHT = "height_m"
    MASS = "mass_kg"
    TRUNK = "trunk_length_m"
    PELVIS_WIDTH = "pelvis_width_m"
    THIGH = "thigh_length_m"
    SHANK = "shank_length_m"


class Measure(Struct, frozen=True):
    name: MeasureName
    value: float
    sd: float
    measured_utc: str
    expires_utc: str | None = None


class MarkKind(StrEnum):
    FIRST_RESISTANCE = "first_resistance"
    TOLERANCE = "tolerance"


class Mark(Struct, frozen=True):
    """A personal mark of one muscle group and side, as range fraction 0..1.

    `setup` names the sensors and view it was taken with: marks of the same setup and session
    share their bias with the reading, marks of another day carry their full sd. `distance_sd`, of
    a tolerance: sd of its distance from the first resistance that was marked with it, whose bias
    it shared; None where that was not told.
    """

    group: MuscleGroup
    side: Side
    kind: MarkKind
    range_fraction: float
    sd: float
    measured_utc: str
    setup: str
    expires_utc: str | None = None
    distance_sd: float | None = None


class Window(Struct, frozen=True):
    """Where to stretch, as positions between the two marks. Owned by the plan."""

    group: MuscleGroup
    side: Side
    low: float = 0.60
    high: float = 0.85
    ceiling: float = 0.90


class Person(Struct, frozen=True):
    """One profile. `simulated` persons are never mixed with real ones."""

    profile_id: str
    measures: tuple[Measure, ...] = ()
    marks: tuple[Mark, ...] = ()
    windows: tuple[Window, ...] = ()
    simulated: bool = False

    def measure(self, name: MeasureName) -> Measure | None:
        """The latest measure of that name, or None."""
        found = [m for m in self.measures if m.name is name]
        return max(found, key=lambda m: m.measured_utc) if found else None
