"""Movement signals and hand-made repetition boundaries of KIMORE, as repetitions with sides.

Signals and boundaries from EGCN (BSD-2), recordings by Capecci et al. 2019
(doi 10.1109/TNSRE.2019.2923060). For evaluation only; never part of the package.
"""

import csv
from collections.abc import Sequence
from itertools import pairwise
from math import isnan
from pathlib import Path

from msgspec import Struct

from lengthwise.coach.repetition import Form

RATE_HZ = 30.0
"""Nominal: the files hold no times."""


class Exercise(Struct, frozen=True):
    """`sign`: progress is so many times the signal. `least`: in its unit, never a repetition below.

    `rest_inside`: the boundaries hold the rest between repetitions as well.
    """

    id: str
    name: str
    form: Form
    row: int
    sign: float
    least: float
    rest_inside: bool


EXERCISES = (
    Exercise("Es1", "arm lifting", Form.THERE_AND_BACK, 0, 1.0, 0.15, True),
    Exercise("Es2", "lateral trunk tilt", Form.BOTH_SIDES, 1, 1.0, 0.08, True),
    Exercise("Es3", "trunk rotation", Form.ALTERNATING, 0, 1.0, 0.06, True),
    Exercise("Es4", "pelvis rotation", Form.CIRCLE, 1, 1.0, 0.0, True),
    Exercise("Es5", "squat", Form.THERE_AND_BACK, 0, -1.0, 0.05, False),
)
_WHOLE_ROWS = {("Es2", "NE_ID27"): "dists_Es2_NE_ID27.csv"}
"""Rows that are cut in the main file and whole in another."""


class Labelled(Struct, frozen=True):
    """One labelled repetition in seconds; `side` +1 or -1, None where the exercise has none."""

    start_s: float
    end_s: float
    side: int | None = None


class Take(Struct, frozen=True):
    """One recording: `progress`, and `upright` of a circle; `person` as `E_ID1`."""

    exercise: Exercise
    person: str
    t_s: tuple[float, ...]
    progress: tuple[float | None, ...]
    upright: tuple[float | None, ...]
    labelled: tuple[Labelled, ...]

    @property
    def expert(self) -> bool:
        return self.person.startswith("E_")


def takes(folder: Path, exercise: Exercise) -> list[Take]:
    """Every recording of one exercise, in the order of the label file."""
    signals = _signals(folder / f"dists_{exercise.id}.csv")
    found = []
    for cells in _rows(folder / f"{exercise.id}_labels.csv"):
        path, numbers = cells[0], [int(cell) for cell in cells[1:] if cell]
        person = path.rsplit("/", 1)[-1]
        rows = signals[path]
        whole = _WHOLE_ROWS.get((exercise.id, person))
        if whole is not None:
            rows = next(iter(_signals(folder / whole).values()))
        progress = rows[exercise.row]
        if exercise.form is Form.CIRCLE:
            progress = tuple(None if x is None else x - 0.5 for x in progress)
        found.append(
            Take(
                exercise,
                person,
                tuple(i / RATE_HZ for i in range(len(progress))),
                tuple(None if x is None else exercise.sign * x for x in progress),
                rows[0],
                tuple(_labelled(exercise.id, numbers)),
            )
        )
    return found


def _rows(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def _signals(path: Path) -> dict[str, list[tuple[float | None, ...]]]:
    found: dict[str, list[tuple[float | None, ...]]] = {}
    for cells in _rows(path):
        values = [float(cell) for cell in cells[1:] if cell]
        found.setdefault(cells[0], []).append(tuple(None if isnan(x) else x for x in values))
    return found


def _labelled(exercise: str, numbers: Sequence[int]) -> list[Labelled]:
    """Frame numbers of the file count from 1."""
    if exercise == "Es1":
        return [_between(a, b) for a, b in pairwise(numbers)]
    if exercise in {"Es2", "Es3"}:
        first, *bounds = numbers
        return [_between(a, b, (first + i) % 2) for i, (a, b) in enumerate(pairwise(bounds))]
    if exercise == "Es5":
        return [_between(a, b) for a, b in zip(numbers[::2], numbers[1::2], strict=True)]
    found, side, last = [], 0, None
    for number in numbers:
        if number in (0, 1):
            side, last = number, None
            continue
        if last is not None:
            found.append(_between(last, number, side))
        last = number
    return found


def _between(first: int, last: int, side: int | None = None) -> Labelled:
    sign = None if side is None else 2 * side - 1
    return Labelled((first - 1) / RATE_HZ, (last - 1) / RATE_HZ, sign)
