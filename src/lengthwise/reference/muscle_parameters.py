"""Fibre, tendon, pennation and strength of each fascicle of the muscle groups, as published."""

from csv import DictReader
from functools import cache
from importlib.resources import files

from msgspec import Struct

from lengthwise.reference.muscle_groups import Fascicle


class MuscleParameters(Struct, frozen=True):
    """One fascicle of the source model; left and right are alike.

    `pennation_rad` at optimal fibre length; `neutral_length_m`: muscle and tendon of the *source*
    in upright standing, against which the slack is anchored to another geometry.
    """

    optimal_fibre_length_m: float
    tendon_slack_length_m: float
    pennation_rad: float
    max_isometric_force_n: float
    neutral_length_m: float


@cache
def muscle_parameter_table() -> dict[str, MuscleParameters]:
    """By the name of the muscle without its side; treat as read-only."""
    text = (files("lengthwise.reference") / "muscle_parameters.csv").read_text(encoding="utf-8")
    rows = DictReader(line for line in text.splitlines() if not line.startswith("#"))
    fields = MuscleParameters.__struct_fields__
    return {row["muscle"]: MuscleParameters(*(float(row[f]) for f in fields)) for row in rows}


def parameters_of(fascicle: Fascicle) -> MuscleParameters:
    """Of one fascicle of a group."""
    return muscle_parameter_table()[fascicle.muscle.removesuffix(f"_{fascicle.side.value}")]
