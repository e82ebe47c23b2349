"""Passive torque of hip, knee and ankle as published, and what joints resist beside the muscles.

Riener and Edrich 1999, doi:10.1016/S0021-9290(99)00009-3: double exponentials fitted to ten healthy
people. Angles in degrees in the paper and radians here; h hip flexion, k knee flexion, a ankle
dorsiflexion (plantarflexion in the paper). Torques in N.m, positive where they flex hip and knee
and dorsiflex the ankle (plantarflex in the paper).
"""

from csv import DictReader
from functools import cache
from importlib.resources import files

import numpy as np
from msgspec import Struct

from lengthwise.contracts.coordinates import Coordinate
from lengthwise.reference.constants import Status


def hip_flexion_nm(hip_rad: np.ndarray, knee_rad: np.ndarray) -> np.ndarray:
    """exp(1.4655 - .0034k - .0750h) - exp(1.3403 - .0226k + .0305h) + 8.072."""
    h, k = np.degrees(hip_rad), np.degrees(knee_rad)
    flexes = np.exp(1.4655 - 0.0034 * k - 0.0750 * h)
    return np.asarray(flexes - np.exp(1.3403 - 0.0226 * k + 0.0305 * h) + 8.072)


def knee_flexion_nm(hip_rad: np.ndarray, knee_rad: np.ndarray, ankle_rad: np.ndarray) -> np.ndarray:
    """exp(1.800 + .0460a - .0352k + .0217h) - exp(-3.971 + .0004a + .0495k - .0128h) - 4.820
    + exp(2.220 - .150k)."""
    h, k, a = np.degrees(hip_rad), np.degrees(knee_rad), np.degrees(ankle_rad)
    flexes = np.exp(1.800 + 0.0460 * a - 0.0352 * k + 0.0217 * h) + np.exp(2.220 - 0.150 * k)
    return np.asarray(flexes - np.exp(-3.971 + 0.0004 * a + 0.0495 * k - 0.0128 * h) - 4.820)


def ankle_dorsiflexion_nm(knee_rad: np.ndarray, ankle_rad: np.ndarray) -> np.ndarray:
    """-exp(2.1016 + .0843a - .0176k) + exp(-7.9763 - .1949a + .0008k) + 1.792."""
    k, a = np.degrees(knee_rad), np.degrees(ankle_rad)
    dorsiflexes = np.exp(-7.9763 - 0.1949 * a + 0.0008 * k)
    return np.asarray(dorsiflexes - np.exp(2.1016 + 0.0843 * a - 0.0176 * k) + 1.792)


class RestTorque(Struct, frozen=True):
    """What a joint resists beside the muscle groups, rates per radian:

    rest(q) = offset_nm + exp(low_log_nm - low_rate q) - exp(high_log_nm + high_rate q).
    """

    offset_nm: float
    low_log_nm: float
    low_rate: float
    high_log_nm: float
    high_rate: float


class UsualRest(Struct, frozen=True):
    rest: RestTorque
    status: Status
    source: str


@cache
def usual_rests() -> dict[str, UsualRest]:
    """By the coordinate's name without its side; treat as read-only."""
    text = (files("lengthwise.reference") / "passive_rest.csv").read_text(encoding="utf-8")
    rows = DictReader(line for line in text.splitlines() if not line.startswith("#"))
    fields = RestTorque.__struct_fields__
    return {
        row["coordinate"]: UsualRest(
            RestTorque(*(float(row[f]) for f in fields)), Status(row["status"]), row["source"]
        )
        for row in rows
    }


def usual_rest(coordinate: Coordinate) -> RestTorque | None:
    """Of the population at one joint coordinate; None where nothing is published."""
    found = usual_rests().get(coordinate.value.removesuffix("_l").removesuffix("_r"))
    return None if found is None else found.rest
