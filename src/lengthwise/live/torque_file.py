"""torque.csv: what a joint resisted with, from a force sensor, beside a recording.

Lines `# name=value` first, then `t_s` and one column, `<coordinate>_torque_nm` or
`<coordinate>_force_n`; a force needs `# lever_m=`. All above 0 where the tissue resists, with the
weight of the limb taken out.
"""

from math import hypot, isfinite
from pathlib import Path

import numpy as np
from msgspec import Struct

from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.states import TORQUE_COORDINATES
from lengthwise.reference.constants import constant
from lengthwise.sensing.csv_rows import Head, number, read_head, rows

_KIND = "torque.csv"
_TORQUE, _FORCE = "_torque_nm", "_force_n"
_MOST_NM, _MOST_N = 500.0, 2000.0
_COLUMNS = {f"{c.value}{end}": (c, end) for c in TORQUE_COORDINATES for end in (_TORQUE, _FORCE)}


class MeasuredTorque(Struct, frozen=True):
    """`t_s`, `resisting_nm` (n,) of one joint, rising in time; `standard_nm`: what extensibility is
    told at; `tolerance_s`: when no more was wanted, `first_resistance_s`: when the stretch was
    first felt, None where the file does not say. `sd_nm` of one torque; `own_sd_nm` of it against
    another of the file: without the lever, which they share as a factor."""

    coordinate: Coordinate
    t_s: np.ndarray
    resisting_nm: np.ndarray
    sd_nm: float
    standard_nm: float
    tolerance_s: float | None
    first_resistance_s: float | None = None
    own_sd_nm: float = 0.0


def read_torque(path: Path, *, standard_nm: float | None = None) -> MeasuredTorque:
    """`standard_nm` stands above what the file says. Raises InputError with one clear line."""
    if not path.is_file():
        raise InputError(
            "--torque", value=path, allowed="a torque.csv", remedy="see docs/formats.md"
        )
    head = read_head(path, kind=_KIND)
    column, coordinate, ending = _column(path, head)
    lever_m = _declared(path, head, "lever_m", 0.02, 2.0) if ending == _FORCE else None
    if ending == _FORCE and lever_m is None:
        raise InputError(
            f"{path.name}, # lever_m=",
            value="nothing",
            allowed="metres from the joint's axis to where it is pulled, 0.02 to 2",
            remedy="measure it and add the line, such as # lever_m=0.40",
        )
    t_s, value = _samples(path, head, column, _MOST_N if ending == _FORCE else _MOST_NM)
    standard = standard_nm or _declared(path, head, "standard_nm", 0.5, 200.0)
    if standard is None:
        joint = coordinate.value.removesuffix("_l").removesuffix("_r")
        standard = constant("tension", f"standard_torque_nm_{joint}")
    return MeasuredTorque(
        coordinate,
        t_s,
        value * (lever_m or 1.0),
        _sd_nm(path, head, lever_m, standard),
        standard,
        _declared(path, head, "tolerance_s", 0.0, 1e6),
        _declared(path, head, "first_resistance_s", 0.0, 1e6),
        _own_sd_nm(path, head, lever_m),
    )


def _column(path: Path, head: Head) -> tuple[int, Coordinate, str]:
    found = [(i, *_COLUMNS[name]) for i, name in enumerate(head.columns) if name in _COLUMNS]
    if "t_s" not in head.columns or len(found) != 1:
        raise InputError(
            f"{path.name}, columns",
            value=", ".join(head.columns),
            allowed="t_s and one of <coordinate>_torque_nm, <coordinate>_force_n with "
            + ", ".join(c.value for c in TORQUE_COORDINATES),
            remedy="one joint a file; see docs/formats.md",
        )
    return found[0]


def _samples(path: Path, head: Head, column: int, most: float) -> tuple[np.ndarray, np.ndarray]:
    """Rows with both cells; an empty cell is a sample that is not there."""
    at = head.index()["t_s"]
    times: list[float] = []
    values: list[float] = []
    for row in rows(path, head):
        where = f"{path.name} line {row.line}"
        try:
            cells = row.cells or []
            pair = (number(cells[at]), number(cells[column]))
        except (IndexError, ValueError):
            raise InputError(
                where, value="no row of numbers", allowed="t_s and a number", remedy="correct it"
            ) from None
        if pair[0] is None or pair[1] is None:
            continue
        if not (isfinite(pair[0]) and abs(pair[1]) <= most):
            raise InputError(
                where, value=pair[1], allowed=f"-{most:g} to {most:g}", remedy="check its unit"
            )
        if times and pair[0] <= times[-1]:
            raise InputError(
                where, value=f"t_s {pair[0]:g}", allowed="later than the row before", remedy="sort"
            )
        times.append(pair[0])
        values.append(pair[1])
    if len(times) < 2:
        raise InputError(
            path.name, value=f"{len(times)} samples", allowed="two or more", remedy="add rows"
        )
    return np.array(times), np.array(values)


def _sd_nm(path: Path, head: Head, lever_m: float | None, standard_nm: float) -> float:
    """At the standard torque, where it decides."""
    own_nm = _own_sd_nm(path, head, lever_m)
    if lever_m is None:
        return own_nm
    lever_sd_m = _declared(path, head, "lever_sd_m", 0.0, 0.5)
    lever_sd_m = constant("tension", "lever_sd_m") if lever_sd_m is None else lever_sd_m
    return hypot(own_nm, standard_nm / lever_m * lever_sd_m)


def _own_sd_nm(path: Path, head: Head, lever_m: float | None) -> float:
    """Of a torque that is given as one all of it: what of it is shared nobody says."""
    if lever_m is None:
        given = _declared(path, head, "torque_sd_nm", 0.0, 100.0)
        return constant("tension", "measured_torque_sd_nm") if given is None else given
    force_sd_n = _declared(path, head, "force_sd_n", 0.0, 500.0)
    if force_sd_n is None:
        force_sd_n = constant("tension", "force_sensor_sd_n")
    return lever_m * force_sd_n


def _declared(path: Path, head: Head, name: str, low: float, high: float) -> float | None:
    text = head.declared.get(name)
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise InputError(
            f"{path.name}, # {name}=",
            value=text,
            allowed=f"{low:g} to {high:g}",
            remedy="correct it or leave the line out",
        )
    return value
