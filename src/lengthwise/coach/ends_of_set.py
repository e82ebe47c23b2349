"""The first and the last repetitions of a recording, judged against the body of them.

What a recording holds before and after a set (the arms go up, a step, a stretch) may look like a
repetition. It differs from the others in more than one way at once: in amplitude, in duration, in
the level at which it begins or ends, in how long after the others it comes. Each counts in spreads
of this person, so who moves evenly is judged strictly and who does not is not.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from msgspec import Struct

from lengthwise.coach.recording import STEP_S, Piece, smoothed
from lengthwise.coach.repetition import Coefficients, Form, Repetition

_LEAST = 4
"""Of fewer repetitions none can be said to be unlike the others."""
_NO_SIZE = 1e-9
"""Of circles of which the uprightness never changes: far below any amplitude or time."""


class _Judged(Struct, frozen=True):
    """A repetition, and the levels at which it begins and ends, away from the middle if signed."""

    repetition: Repetition
    levels: tuple[float, float]


def without_unlike(
    found: Sequence[Repetition], pieces: Sequence[Piece], form: Form, middle: float, c: Coefficients
) -> list[Repetition]:
    """Without those at either end that are unlike the rest, one by one. `middle`: see `Form`."""
    judged = _with_levels(found, [(p, smoothed(p.values, c) - middle) for p in pieces], form)
    while len(judged) >= _LEAST:
        first, last = _unlikeness(judged, c), _unlikeness(judged[::-1], c)
        if max(first, last) < c.end_unlike:
            break
        judged = judged[1:] if first >= last else judged[:-1]
    return [j.repetition for j in judged]


def _with_levels(
    found: Sequence[Repetition], seen: Sequence[tuple[Piece, np.ndarray]], form: Form
) -> list[_Judged]:
    judged = []
    for r in found:
        piece, y = next(s for s in seen if s[0].begin_s <= r.start_s <= s[0].end_s + STEP_S)
        at = [round((t_s - piece.begin_s) / STEP_S) for t_s in (r.start_s, r.end_s)]
        sign = r.side if form.signed and r.side is not None else 1
        begin, end = (sign * float(y[min(i, len(y) - 1)]) for i in at)
        judged.append(_Judged(r, (begin, end)))
    return judged


def _unlikeness(judged: list[_Judged], c: Coefficients) -> float:
    """Of the first, in time or against it: sum of squares in spreads, each bounded."""
    one, others = judged[0], judged[1:]
    alike = [j for j in others if j.repetition.side == one.repetition.side]
    sides = {j.repetition.side for j in others}
    wide = max(
        float(np.median([j.repetition.amplitude for j in others if j.repetition.side == side]))
        for side in sides
    )
    wide = max(wide, _NO_SIZE)
    usual_s = float(np.median([j.repetition.duration_s for j in others]))
    levels = [level / wide for j in others for level in j.levels]
    gaps = [_gap_s(a, b) / usual_s for a, b in pairwise(judged)]
    off = [
        max(_off(level / wide, levels, c.end_level_spread, c) for level in one.levels),
        _off(max(gaps[0], float(np.median(gaps[1:]))), gaps[1:], c.end_spread, c),
    ]
    if len(alike) >= 2:
        sizes = [[j.repetition.amplitude, j.repetition.duration_s] for j in (one, *alike)]
        for first, *rest in np.log(np.maximum(sizes, _NO_SIZE)).T.tolist():
            off.append(_off(first, rest, c.end_spread, c))
    return sum(off)


def _gap_s(a: _Judged, b: _Judged) -> float:
    one, other = sorted((a.repetition, b.repetition), key=lambda r: r.start_s)
    return other.start_s - one.end_s


def _off(value: float, usual: Sequence[float], least: float, c: Coefficients) -> float:
    middle = float(np.median(usual))
    own = 1.4826 * float(np.median(np.abs(np.array(usual) - middle))) if len(usual) > 2 else 0.0
    return min(c.end_most, (value - middle) ** 2 / (least**2 + (2.0 * own) ** 2))
