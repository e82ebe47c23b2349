"""The movements there and back of a recording, found at once by what they look like.

A stretch is like a movement as far as it rises and falls as one wave does (of its own range, so
that small ones count as well) and ends at the level at which it began. See `chain`.
"""

from collections.abc import Sequence

import numpy as np
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from lengthwise.coach import chain
from lengthwise.coach.movement import Movement, between
from lengthwise.coach.repetition import Coefficients, Form


def found(signals: Sequence[np.ndarray], _form: Form, c: Coefficients) -> list[list[Movement]]:
    """Of each piece (n,) of one recording of movements there and back."""
    extent = float(np.ptp(np.percentile(np.concatenate(signals), (2, 98))))
    return [_of_piece(y, extent, c) if extent > 0.0 else [] for y in signals]


def _of_piece(y: np.ndarray, extent: float, c: Coefficients) -> list[Movement]:
    coarse = y[chain.COARSE // 2 :: chain.COARSE] / extent
    lasts = chain.lasts_tried(len(coarse))
    if len(lasts) == 0:
        return []
    likeness = _likeness(coarse, lasts, c)[..., None]
    movements = []
    for begin, end, _ in chain.best_chain(likeness, lasts, irregular=c.wave_irregular_weight):
        a, b = chain.COARSE * begin, min(chain.COARSE * end, len(y) - 1)
        turn = a + int(np.argmax(y[a : b + 1]))
        movement = between(y, a, turn, b, c) if a < turn < b else None
        if movement is not None:
            movements.append(movement)
    return movements


def _likeness(y: np.ndarray, lasts: np.ndarray, c: Coefficients) -> np.ndarray:
    """(k, n + 1) of a movement of lasts[k] samples that ends before a sample, y (n,) of extent."""
    likeness = np.full((len(lasts), len(y) + 1), -np.inf)
    for k, count in enumerate(lasts):
        wave = -np.cos(2.0 * np.pi * (np.arange(count) + 0.5) / count)
        middle = np.arange(len(y) - count + 1) + count // 2
        high, low = (
            f(y, count, mode="nearest")[middle] for f in (maximum_filter1d, minimum_filter1d)
        )
        reach = high - low + 1e-6
        alike = np.minimum(2.0 * np.correlate(y, wave * 2.0 / count, "valid") / reach, 1.1)
        uneven = (y[count - 1 :] - y[: len(y) - count + 1]) / reach
        small = np.maximum(0.0, np.log(c.candidate_ratio / reach))
        likeness[k, count:] = (
            alike
            - c.wave_least_likeness
            - c.wave_small_weight * small
            - c.wave_uneven_weight * uneven**2
        )
    return likeness
