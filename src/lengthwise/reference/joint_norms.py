"""How far each movement goes in people of an age and a sex: mean and sd between persons.

The table `joint_norms.toml` holds degrees and sources; radians leave this module.
"""

from functools import cache
from importlib.resources import files
from math import erf, exp, hypot, inf, pi, radians, sqrt

import msgspec
import numpy as np
from msgspec import Struct

from lengthwise.contracts.movements import Movement, Sex
from lengthwise.reference.constants import Status

_BOTH = "both"
_ADULT_YEARS = tuple(range(20, 81, 5))


class Norm(Struct, frozen=True, forbid_unknown_fields=True):
    """Degrees of people about `age_years` old; `sex` female, male or both."""

    sex: str
    age_years: float
    value: float
    sd: float
    status: Status
    source: str


class MovementNorms(Struct, frozen=True, forbid_unknown_fields=True):
    """`allowed`: between which values a measured one is believed."""

    unit: str
    allowed: tuple[float, float]
    norms: tuple[Norm, ...]


class Limit(Struct, frozen=True):
    """Where a movement ends, and the sd of that between persons; radians, + in its direction."""

    value_rad: float
    sd_rad: float


@cache
def norm_table() -> dict[Movement, MovementNorms]:
    """All movements. Raises ValueError where one is missing or has no rows."""
    raw = (files("lengthwise.reference") / "joint_norms.toml").read_bytes()
    found = msgspec.toml.decode(raw, type=dict[Movement, MovementNorms])
    lacking = [m.value for m in Movement if m not in found or not found[m].norms]
    if lacking:
        raise ValueError(f"joint_norms.toml lacks {', '.join(lacking)}")
    return found


@cache
def norm(movement: Movement, age_years: int, sex: Sex | None) -> Limit:
    """Of people of that age. Sex not known: the mean of both, and how they differ in the sd."""
    if sex is None:
        women, men = (norm(movement, age_years, s) for s in (Sex.FEMALE, Sex.MALE))
        apart_rad = 0.5 * (women.value_rad - men.value_rad)
        within_rad = sqrt(0.5 * (women.sd_rad**2 + men.sd_rad**2))
        return Limit(0.5 * (women.value_rad + men.value_rad), hypot(within_rad, apart_rad))
    rows = [n for n in norm_table()[movement].norms if n.sex in (_BOTH, sex.value)]
    ages = [n.age_years for n in rows]
    return Limit(
        radians(float(np.interp(age_years, ages, [n.value for n in rows]))),
        radians(float(np.interp(age_years, ages, [n.sd for n in rows]))),
    )


@cache
def adult_distance_rad(movement: Movement, value_rad: float, stop_rad: float = inf) -> float:
    """How far a value is from the ends of adults of 20 to 80 years, none of which is let beyond
    `stop_rad`: root mean square."""
    adults = [norm(movement, age, sex) for age in _ADULT_YEARS for sex in Sex]
    squares = []
    for adult in adults:
        mean, sd = stopped(adult, stop_rad)
        squares.append((mean - value_rad) ** 2 + sd**2)
    return sqrt(sum(squares) / len(squares))


def stopped(limit: Limit, stop_rad: float) -> tuple[float, float]:
    """Mean and sd of a normal quantity that is not let beyond `stop_rad`."""
    mean, sd = limit.value_rad, limit.sd_rad
    if sd <= 0.0 or stop_rad - mean > 8.0 * sd:
        return min(mean, stop_rad), sd
    z = (stop_rad - mean) / sd
    below = 0.5 * (1.0 + erf(z / sqrt(2.0)))
    density = exp(-0.5 * z * z) / sqrt(2.0 * pi)
    first = mean * below - sd * density + stop_rad * (1.0 - below)
    second = (mean**2 + sd**2) * below - sd * (mean + stop_rad) * density
    second += stop_rad**2 * (1.0 - below)
    return first, sqrt(max(second - first**2, 0.0))
