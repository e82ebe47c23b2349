"""The circles of a recording, found at once: the chain of them that explains most of its time.

A stretch is like a circle as far as the body is on one side in its one half and on the other side
in its other half, and straighter at its ends than half way round. Of all chains of stretches that
do not overlap, and of all usual durations, the one is taken whose sum of seconds times likeness is
largest (dynamic programming). No half must be seen whole: where one flickers or is missed, the
rest of the circle still speaks, unlike in `rounds`, where circles are made of halves.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from scipy.ndimage import median_filter

from lengthwise.coach import chain
from lengthwise.coach.chain import COARSE
from lengthwise.coach.recording import smoothed, split
from lengthwise.coach.repetition import Coefficients, Repetition

_FLICKER = 7
"""Samples of the grid over which the side is that of most of them."""
_LEAST_SHOWN = 0.5
"""Of the likeness of sides, -1 to 1: below it nothing says which side came first."""


class _Circle(Struct, frozen=True):
    """Samples `begin` to `end` (outside); `way` +1 where the positive side comes first, or -1."""

    begin: int
    end: int
    way: int


def segment(
    t_s: Sequence[float],
    side: Sequence[float | None],
    upright: Sequence[float | None],
    c: Coefficients,
) -> list[Repetition]:
    """Every circle in order of time; signals as in `rounds.segment`."""
    known = [s is not None and u is not None for s, u in zip(side, upright, strict=True)]
    sides, uprights = (
        split(t_s, [x if k else None for x, k in zip(signal, known, strict=True)], c.gap_s)
        for signal in (side, upright)
    )
    if not uprights:
        return []
    smooth = [smoothed(piece.values, c) for piece in uprights]
    extent = float(np.ptp(np.percentile(np.concatenate(smooth), (5, 95))))
    found = []
    for piece, y, sided in zip(uprights, smooth, sides, strict=True):
        s = median_filter(np.sign(sided.values), _FLICKER, mode="nearest")
        u = y / extent if extent > 0.0 else np.zeros(len(y))
        for circle in _chain(u, s, c):
            begin, between, end = _at_crossings(circle, s, c)
            ways = float(np.mean(s[begin:between]) - np.mean(s[between:end])) / 2.0
            found.append(
                Repetition(
                    piece.at_s(begin),
                    piece.at_s(between),
                    piece.at_s(end),
                    float(np.ptp(np.percentile(y[begin:end], (5, 95)))),
                    int(np.sign(ways)) if abs(ways) >= _LEAST_SHOWN else None,
                )
            )
    usual = float(np.median([r.amplitude for r in found])) if found else 0.0
    return [r for r in found if r.amplitude >= c.unlike_ratio * usual]


def _chain(upright: np.ndarray, side: np.ndarray, c: Coefficients) -> list[_Circle]:
    """The best chain of one piece; `upright` (n,) of its extent, `side` (n,) -1, 0 or 1."""
    u, s = upright[COARSE // 2 :: COARSE], side[COARSE // 2 :: COARSE]
    lasts = chain.lasts_tried(len(u))
    if len(lasts) == 0:
        return []
    likeness = _likeness(u, s, lasts, c)
    irregular, turning = c.circle_irregular_weight, c.circle_reversal_weight
    return [
        _Circle(COARSE * begin, min(COARSE * end, len(side) - 1), 1 - 2 * kind)
        for begin, end, kind in chain.best_chain(
            likeness, lasts, irregular=irregular, turning=turning
        )
    ]


def _likeness(u: np.ndarray, s: np.ndarray, lasts: np.ndarray, c: Coefficients) -> np.ndarray:
    """(k, n + 1, 2) of a circle of lasts[k] samples that ends before a sample, each way round."""
    likeness = np.full((len(lasts), len(u) + 1, 2), -np.inf)
    for k, count in enumerate(lasts):
        phase_rad = 2.0 * np.pi * (np.arange(count) + 0.5) / count
        swing = np.correlate(u, 2.0 / count * np.cos(phase_rad), "valid")
        sided = np.correlate(s, np.sign(np.sin(phase_rad)) / count, "valid")
        straighter = c.circle_upright_weight * swing - c.circle_least_likeness
        likeness[k, count:, 0] = straighter + sided
        likeness[k, count:, 1] = straighter - sided
    return likeness


def _at_crossings(circle: _Circle, side: np.ndarray, c: Coefficients) -> tuple[int, int, int]:
    """Begin, half way and end, each at the nearest change of side where one is near."""
    changes = np.flatnonzero(np.diff(side) != 0.0) + 1
    lasts = circle.end - circle.begin

    def near(at: int, most: float) -> int:
        if len(changes) == 0:
            return at
        nearest = int(changes[np.argmin(np.abs(changes - at))])
        return nearest if abs(nearest - at) <= most else at

    begin = near(circle.begin, c.circle_near_ratio * lasts)
    end = near(circle.end, c.circle_near_ratio * lasts)
    half = (begin + end) // 2
    return begin, near(half, c.circle_near_ratio * (end - begin)), end
