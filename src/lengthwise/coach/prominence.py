"""Movements by their turns: the plain reading. A turn stands out by a share of what is usual.

How far a turn stands out above the higher of the lows beside it is its prominence (of the signal
between it and a higher turn). Half of all that moved was made in turns at least as prominent as the
usual one, so many small shifts leave it as it is. A repetition goes from low to low around a turn.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from scipy.signal import find_peaks

from lengthwise.coach.movement import Movement, between
from lengthwise.coach.repetition import Coefficients, Form


def found(signals: Sequence[np.ndarray], _form: Form, c: Coefficients) -> list[list[Movement]]:
    """Of each piece (n,) of one recording of movements there and back."""
    extent = float(np.ptp(np.percentile(np.concatenate(signals), (2, 98))))
    if extent <= 0.0:
        return [[] for _ in signals]
    turns = [find_peaks(y, prominence=c.candidate_ratio * extent) for y in signals]
    least = c.turn_least_ratio * _usual(
        [height for _, told in turns for height in told["prominences"]]
    )
    gaps = [gap for at, told in turns for gap in np.diff(at[told["prominences"] >= least]).tolist()]
    apart = max(1.0, c.turn_near_ratio * _usual(gaps))
    return [_of_piece(y, find_peaks(y, prominence=least, distance=apart)[0], c) for y in signals]


def _of_piece(y: np.ndarray, turns: np.ndarray, c: Coefficients) -> list[Movement]:
    edges = [0, *(int(i) for i in turns), len(y) - 1]
    lows = [int(a + np.argmin(y[a : b + 1])) for a, b in pairwise(edges)]
    movements = [
        between(y, a, turn, b, c) for turn, (a, b) in zip(edges[1:-1], pairwise(lows), strict=True)
    ]
    return [m for m in movements if m is not None]


def _usual(sizes: Sequence[float]) -> float:
    """Half of their sum is in sizes at least so large; 0 of none."""
    if not len(sizes):
        return 0.0
    ordered = np.sort(sizes)
    total = np.cumsum(ordered)
    return float(ordered[np.searchsorted(total, 0.5 * total[-1])])
