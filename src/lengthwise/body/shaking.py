"""How much landmarks tremble from frame to frame: in poor light more than the pose model's usual.

A body moves smoothly, so the third difference of a landmark at 25 or 30 frames a second is hardly
its own: what trembles by sigma leaves sqrt(20) sigma in it. The middle of all fused landmarks and
both directions is taken, so that a hidden or astray one tells nothing, and followed over seconds.
Only more than usual counts: it widens what is stated, and nothing narrows it.
"""

from itertools import pairwise
from math import exp, sqrt

import numpy as np
from msgspec import Struct

from lengthwise.body.camera_geometry import Landmarks
from lengthwise.body.landmark_reading import POINTS, error_ratios
from lengthwise.contracts.observation import View
from lengthwise.reference.constants import constant

_WHITE_M = constant("body", "landmark_white_m")
_TAU_S = constant("body", "shaking_tau_s")
_LEAST_RATIO = constant("body", "shaking_least_ratio")
_MOST_RATIO = constant("body", "shaking_most_ratio")
_LONGEST_S = constant("body", "shaking_longest_interval_s")
_EVEN = 0.25
"""Three intervals that differ by more than this share leave a movement in the difference."""
_OF_WHITE = 0.6745 * sqrt(20.0)
"""Median of the third difference of white noise, in its sds."""
_LEAST_VALUES = 8


class Shaking(Struct, frozen=True, eq=False):
    """`before`: up to three frames, the latest first: time in seconds and (12, 2) pixels, NaN where
    not seen. `white_m`: the trembling as followed, None before it could be told."""

    before: tuple[tuple[float, np.ndarray], ...] = ()
    white_m: float | None = None

    def ratio(self, noise_ratio: float) -> float:
        """How many times the usual white noise of the pose model; 1 unless clearly more."""
        if self.white_m is None:
            return 1.0
        found = self.white_m / (_WHITE_M * noise_ratio)
        return found if found >= _LEAST_RATIO else 1.0


def followed(
    now: Shaking, points: Landmarks, view: View, *, t_s: float, px_per_m: float | None
) -> Shaking:
    """One frame more. `px_per_m` None: the body's size is not known."""
    seen = np.where(points.usable[POINTS, None], points.xy_px[POINTS], np.nan)
    frames = ((t_s, seen), *now.before)
    told_m = None
    if px_per_m is not None and len(frames) > 3:
        told_m = _trembling_m(frames, error_ratios(points, view), px_per_m)
    white_m = now.white_m
    if told_m is not None:
        told_m = min(told_m, _MOST_RATIO * _WHITE_M)
        keeps = exp(-(t_s - frames[1][0]) / _TAU_S)
        white_m = (
            told_m if white_m is None else sqrt(keeps * white_m**2 + (1.0 - keeps) * told_m**2)
        )
    return Shaking(frames[:3], white_m)


def _trembling_m(
    frames: tuple[tuple[float, np.ndarray], ...], ratios: np.ndarray, px_per_m: float
) -> float | None:
    """Of four frames; `ratios` (12,): how much worse than a clear one each landmark is."""
    times, places = zip(*frames, strict=True)
    steps_s = [a - b for a, b in pairwise(times)]
    if max(steps_s) > _LONGEST_S or min(steps_s) < (1.0 - _EVEN) * max(steps_s):
        return None
    third = places[0] - 3.0 * places[1] + 3.0 * places[2] - places[3]
    known = np.abs(third / ratios[:, None])
    known = known[np.isfinite(known)]
    if len(known) < _LEAST_VALUES:
        return None
    return float(np.median(known)) / (_OF_WHITE * px_per_m)
