"""Legs that look longer than they are: knee or ankle sit on something else.

In an image a segment looks as long as it is, or shorter. How long each thigh and shank has been at
most, against the trunk, is learnt slowly; what is clearly longer all at once is not that segment.
"""

from math import exp, hypot

import numpy as np
from msgspec import Struct

from lengthwise.body.camera_geometry import ANKLES, HEELS, HIPS, KNEES, TOES, Landmarks
from lengthwise.reference.constants import constant

_LONGER = constant("body", "segment_longer_ratio")
_GROW_S = constant("body", "segment_length_grow_tau_s")
_LEARNT_S = 1.0
"""For so long after a segment is first seen its length is taken as it comes."""


def _below(side: int) -> list[int]:
    return [ANKLES[side], HEELS[side], TOES[side]]


_SEGMENTS: dict[str, tuple[int, int, list[int]]] = {
    "thigh_l": (HIPS[0], KNEES[0], [KNEES[0], *_below(0)]),
    "thigh_r": (HIPS[1], KNEES[1], [KNEES[1], *_below(1)]),
    "shank_l": (KNEES[0], ANKLES[0], _below(0)),
    "shank_r": (KNEES[1], ANKLES[1], _below(1)),
}
"""Upper and lower end of each, and the landmarks that are not to be used where it is too long."""


class Lengths(Struct, frozen=True):
    """`longest_m` (4,) of the segments, None before they were seen; `first_s` when, (4,)."""

    t_s: float = 0.0
    longest_m: tuple[float | None, ...] = (None,) * len(_SEGMENTS)
    first_s: tuple[float, ...] = (0.0,) * len(_SEGMENTS)


def too_long(
    lengths: Lengths,
    points: Landmarks,
    trusted: np.ndarray,
    *,
    expected_m: tuple[float, ...],
    px_per_m: float,
    t_s: float,
) -> tuple[Lengths, dict[str, list[int]]]:
    """What is known after one frame, and the segments that cannot be that long, with the landmarks
    that hang on them. `trusted` (33,): landmarks seen well; `expected_m` (4,): lengths that
    are never too long, however foreshortened the segment was before."""
    learnt = 1.0 - exp(-max(t_s - lengths.t_s, 0.0) / _GROW_S)
    longest, first = list(lengths.longest_m), list(lengths.first_s)
    found: dict[str, list[int]] = {}
    xy = points.xy_px
    for i, (name, (upper, lower, hanging)) in enumerate(_SEGMENTS.items()):
        if not (trusted[upper] and trusted[lower]):
            continue
        x, y = (xy[lower] - xy[upper]).tolist()
        now_m, before_m = hypot(x, y) / px_per_m, longest[i]
        if before_m is None:
            longest[i], first[i] = now_m, t_s
            continue
        if now_m <= before_m:
            continue
        new = t_s - first[i] <= _LEARNT_S
        if not new and now_m > _LONGER * max(before_m, expected_m[i]):
            found[name] = hanging
        longest[i] = now_m if new else before_m + learnt * (now_m - before_m)
    return Lengths(t_s, tuple(longest), tuple(first)), found


def believable_m(lengths: Lengths) -> tuple[float | None, ...]:
    """(4,) how long each segment may look by how long it has been; None where it was not seen."""
    return tuple(None if m is None else _LONGER * m for m in lengths.longest_m)
