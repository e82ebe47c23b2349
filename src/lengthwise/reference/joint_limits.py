"""Normal range of each joint coordinate: for feasible postures and for the rule of claims.

The table `joint_limits.csv` holds degrees and sources; radians leave this module.
"""

from csv import DictReader
from functools import cache
from importlib.resources import files
from math import inf, radians

from msgspec import Struct

from lengthwise.contracts.coordinates import COORDINATES, Coordinate
from lengthwise.reference.constants import Status


class JointLimit(Struct, frozen=True):
    """One coordinate's range. `model_*_rad`: where the anatomical model stops, else infinite."""

    coordinate: Coordinate
    low_rad: float
    high_rad: float
    model_low_rad: float
    model_high_rad: float
    status: Status
    source: str


@cache
def joint_limit_table() -> tuple[JointLimit, ...]:
    """All rows, in the order of COORDINATES. Raises ValueError where the table is not whole."""
    text = (files("lengthwise.reference") / "joint_limits.csv").read_text(encoding="utf-8")
    rows = DictReader(line for line in text.splitlines() if not line.startswith("#"))
    found = tuple(
        JointLimit(
            coordinate=Coordinate(row["coordinate"]),
            low_rad=radians(float(row["low_deg"])),
            high_rad=radians(float(row["high_deg"])),
            model_low_rad=radians(float(row["model_low_deg"] or -inf)),
            model_high_rad=radians(float(row["model_high_deg"] or inf)),
            status=Status(row["status"]),
            source=row["source"],
        )
        for row in rows
    )
    if tuple(limit.coordinate for limit in found) != COORDINATES:
        raise ValueError("joint_limits.csv must hold every coordinate once, in canonical order")
    return found


@cache
def joint_limits_rad() -> dict[Coordinate, tuple[float, float]]:
    """Normal range (low, high) of every coordinate; treat as read-only."""
    return {limit.coordinate: (limit.low_rad, limit.high_rad) for limit in joint_limit_table()}


@cache
def feasible_limits_rad() -> dict[Coordinate, tuple[float, float]]:
    """Normal range cut to where the anatomical model is valid; treat as read-only."""
    return {
        limit.coordinate: (
            max(limit.low_rad, limit.model_low_rad),
            min(limit.high_rad, limit.model_high_rad),
        )
        for limit in joint_limit_table()
    }


def normal_range_rad(coordinate: Coordinate) -> float:
    """Width of the normal range: a claim needs an sd below a quarter of it (and below 6 deg)."""
    low, high = joint_limits_rad()[coordinate]
    return high - low
