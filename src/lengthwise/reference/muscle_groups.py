"""Which fascicles of the anatomical model make up a muscle group, and with what weight."""

from csv import DictReader
from functools import cache
from importlib.resources import files

from msgspec import Struct

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup


class Fascicle(Struct, frozen=True):
    """One muscle of the anatomical model. `weight_n`: maximum isometric force in newtons."""

    muscle: str
    group: MuscleGroup
    side: Side
    weight_n: float


@cache
def muscle_group_table() -> tuple[Fascicle, ...]:
    """All fascicles that belong to a group; a muscle of the model that is not here is in none."""
    text = (files("lengthwise.reference") / "muscle_groups.csv").read_text(encoding="utf-8")
    rows = DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return tuple(
        Fascicle(
            row["muscle"], MuscleGroup(row["group"]), Side(row["side"]), float(row["weight_n"])
        )
        for row in rows
    )


@cache
def fascicles(group: MuscleGroup, side: Side) -> tuple[Fascicle, ...]:
    """The fascicles of one group and side."""
    return tuple(f for f in muscle_group_table() if f.group is group and f.side is side)
