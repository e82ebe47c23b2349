"""A movement in a recorded signal, as samples of it: what every reading of a recording finds."""

import numpy as np
from msgspec import Struct

from lengthwise.coach.recording import STEP_S
from lengthwise.coach.repetition import Coefficients


class Movement(Struct, frozen=True):
    """Samples at which it leaves rest, turns and is back; `amplitude` over the higher rest."""

    depart: int
    turn: int
    back: int
    amplitude: float


def between(y: np.ndarray, begin: int, turn: int, end: int, c: Coefficients) -> Movement | None:
    """The movement in y (n,) from the low `begin` over `turn` to the low `end`.

    None: it goes nowhere, or is a part of one only, which was under way as the recording began or
    ended.
    """
    base, low = float(max(y[begin], y[end])), float(min(y[begin], y[end]))
    amplitude = float(y[turn]) - base
    if amplitude <= 0.0 or cut_off(y, begin, end, float(y[turn]) - low, c):
        return None
    depart, back = bounds(y[begin : end + 1], base, amplitude, c.begin_ratio)
    return Movement(begin + depart, turn, begin + back, amplitude)


def cut_off(y: np.ndarray, begin: int, end: int, whole: float, c: Coefficients) -> bool:
    """Whether it begins or ends with the recording, and there far from its other rest."""
    most = c.cut_off_ratio * whole
    return bool(
        (begin == 0 and y[0] - y[end] > most) or (end == len(y) - 1 and y[-1] - y[begin] > most)
    )


def bounds(y: np.ndarray, base: float, amplitude: float, begin_ratio: float) -> tuple[int, int]:
    """First and last index of the movement: out of rest for the last time before half the way.

    From half the way back towards rest, so that wavering at rest is not taken for the beginning.
    """
    beyond = np.flatnonzero(y >= base + 0.5 * amplitude)
    first, last = int(beyond[0]), int(beyond[-1])
    resting = np.flatnonzero(y < base + begin_ratio * amplitude)
    before, after = resting[resting < first], resting[resting > last]
    depart = int(before[-1]) + 1 if len(before) else 0
    back = int(after[0]) - 1 if len(after) else len(y) - 1
    return depart, back


def seen_whole(movement: Movement, count: int, c: Coefficients) -> bool:
    """Whether rest was seen before and after, in a recording of so many samples."""
    return STEP_S * min(movement.depart, count - 1 - movement.back) >= c.edge_s
