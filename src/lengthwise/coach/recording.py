"""A recorded signal made ready: its known stretches on one grid of time, and without spikes."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from scipy.ndimage import gaussian_filter1d, median_filter

from lengthwise.coach.repetition import Coefficients

STEP_S = 1.0 / 30.0
"""The grid on which a recording is judged, whatever its rate."""
_LEAST_PIECE_S = 0.7


class Piece(Struct, frozen=True):
    """A stretch of recording without a gap, on the grid: (n,) values from `begin_s` on."""

    begin_s: float
    values: np.ndarray

    def at_s(self, index: float) -> float:
        return self.begin_s + STEP_S * index

    @property
    def end_s(self) -> float:
        return self.at_s(len(self.values) - 1)


def split(t_s: Sequence[float], progress: Sequence[float | None], gap_s: float) -> list[Piece]:
    """The known stretches of a recording on the grid, each longer than `_LEAST_PIECE_S`."""
    known = [(t, x) for t, x in zip(t_s, progress, strict=True) if x is not None]
    if not known:
        return []
    t = np.array([k[0] for k in known])
    x = np.array([k[1] for k in known])
    breaks = np.flatnonzero(np.diff(t) > gap_s) + 1
    pieces = []
    for part in np.split(np.arange(len(t)), breaks):
        length_s = float(t[part[-1]] - t[part[0]])
        if length_s >= _LEAST_PIECE_S:
            grid = t[part[0]] + STEP_S * np.arange(int(length_s / STEP_S + 1e-6) + 1)
            pieces.append(Piece(float(t[part[0]]), np.interp(grid, t[part], x[part])))
    return pieces


def smoothed(values: np.ndarray, c: Coefficients) -> np.ndarray:
    """(n,) without spikes shorter than half of `despike_s`."""
    width = round(c.despike_s / STEP_S) | 1
    plain = median_filter(values, width, mode="nearest")
    return np.asarray(gaussian_filter1d(plain, c.smooth_s / STEP_S, mode="nearest"))
