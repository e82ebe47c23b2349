"""Passive tension of a person of whom nothing is known: for when there is no personal mark."""

from csv import DictReader
from functools import cache
from importlib.resources import files

from msgspec import Struct

from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.reference.constants import Status


class UsualTension(Struct, frozen=True):
    """One group of the generic body. Positive shift: it comes into tension at a longer length."""

    slack_shift_m: float
    slack_shift_sd_m: float
    stiffness_ratio: float
    status: Status
    source: str


@cache
def usual_tension() -> dict[MuscleGroup, UsualTension]:
    """Every group; treat as read-only."""
    text = (files("lengthwise.reference") / "passive_population.csv").read_text(encoding="utf-8")
    rows = DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {
        MuscleGroup(row["muscle_group"]): UsualTension(
            float(row["slack_shift_mm"]) / 1000.0,
            float(row["slack_shift_sd_mm"]) / 1000.0,
            float(row["stiffness_ratio"]),
            Status(row["status"]),
            row["source"],
        )
        for row in rows
    }
