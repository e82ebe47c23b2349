"""Movements by their valleys: the chain of repetitions between valleys that explains most.

Boundaries are chosen among the valleys of the smoothed signal so that repetitions last alike, end
at the level at which they began and hold no return to rest (dynamic programming over valleys, over
a range of usual durations). What comes before and after, such as raising the arms, stays outside.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from msgspec import Struct

from lengthwise.coach.movement import Movement, bounds, cut_off
from lengthwise.coach.recording import STEP_S
from lengthwise.coach.repetition import Coefficients, Form

_USUAL_S = tuple(float(x) for x in np.geomspace(0.6, 8.0, 30))
"""Durations that are tried as the usual one."""
_REACH = 7
"""Valleys that one repetition may span."""


class _Candidate(Struct, frozen=True):
    """A repetition that may be, and what it costs."""

    movement: Movement
    cost: float


def valleys(y: np.ndarray, depth: float) -> list[int]:
    """Indices of the valleys that are at least `depth` deep, with both ends of the signal."""
    found = {0, len(y) - 1}
    low = high = 0
    heading = 0
    for i, value in enumerate(y.tolist()):
        if value > y[high]:
            high = i
        if value < y[low]:
            low = i
        if heading >= 0 and y[high] - value >= depth:
            heading, low = -1, i
        elif heading <= 0 and value - y[low] >= depth:
            found.add(low)
            heading, high = 1, i
    if heading <= 0:
        found.add(low)
    return sorted(found)


def found(signals: Sequence[np.ndarray], form: Form, c: Coefficients) -> list[list[Movement]]:
    """Of each piece (n,), signed from the middle or from anywhere, the best chain of movements."""
    return [_of_piece(smooth, form, c) for smooth in signals]


def _of_piece(smooth: np.ndarray, form: Form, c: Coefficients) -> list[Movement]:
    y = np.abs(smooth) if form.signed else smooth
    extent = float(np.percentile(y, 98) - np.percentile(y, 2))
    if extent <= 0.0:
        return []
    alternates = form is Form.ALTERNATING
    least_ratio = c.least_narrow_ratio if alternates else c.least_amplitude_ratio
    at = valleys(y, min(c.candidate_ratio, 0.5 * least_ratio) * extent)
    if form.signed:
        at = _near_middle(smooth, at, extent, c)
    peaks = [int(a + np.argmax(y[a : b + 1])) for a, b in pairwise(at)]
    possible = {
        (i, j): candidate
        for i in range(len(at) - 1)
        for j in range(i + 1, min(len(at), i + _REACH + 1))
        if (candidate := _candidate(y, at[i : j + 1], peaks[i:j], extent, least_ratio, c))
        is not None
    }
    chains = [_best_chain(len(at), possible, usual_s, c) for usual_s in _USUAL_S]
    best = max(chains, key=lambda chain: chain[0])[1]
    return [candidate.movement for candidate in best]


def _near_middle(smooth: np.ndarray, at: list[int], extent: float, c: Coefficients) -> list[int]:
    """The valleys at the middle; where the same side comes again they must be nearer to it."""

    def side_between(a: int, b: int) -> bool:
        part = smooth[a : b + 1]
        return bool(part[np.argmax(np.abs(part))] > 0.0)

    kept = at[:1]
    for i in range(1, len(at) - 1):
        crosses = side_between(at[i - 1], at[i]) != side_between(at[i], at[i + 1])
        near = c.middle_ratio if crosses else c.same_side_ratio
        if abs(smooth[at[i]]) <= near * extent:
            kept.append(at[i])
    return kept + at[-1:]


def _candidate(
    y: np.ndarray,
    at: list[int],
    peaks: list[int],
    extent: float,
    least_ratio: float,
    c: Coefficients,
) -> _Candidate | None:
    """The repetition from the first to the last of these valleys, with all costs but regularity."""
    begin, end = at[0], at[-1]
    turn = max(peaks, key=lambda p: y[p])
    low, base = min(y[begin], y[end]), max(y[begin], y[end])
    whole, amplitude = float(y[turn] - low), float(y[turn] - base)
    least = least_ratio * extent
    if amplitude <= 0.3 * least or cut_off(y, begin, end, whole, c):
        return None
    split_ratio = 0.0
    for k in range(1, len(at) - 1):
        lesser = min(max(y[p] for p in peaks[:k]), max(y[p] for p in peaks[k:])) - low
        if lesser > least_ratio * whole:
            split_ratio = max(split_ratio, 1.0 - max(0.0, float(y[at[k]] - low)) / float(lesser))
    uneven = (float(base) - float(low)) / whole
    cost = (
        c.split_weight * split_ratio**2
        + c.uneven_weight * uneven**2
        + c.small_weight * max(0.0, float(np.log(least / amplitude)))
    )
    depart, back = bounds(y[begin : end + 1], base, amplitude, c.begin_ratio)
    movement = Movement(begin + depart, int(turn), begin + back, amplitude)
    return _Candidate(movement, float(cost))


def _best_chain(
    valley_count: int,
    possible: dict[tuple[int, int], _Candidate],
    usual_s: float,
    c: Coefficients,
) -> tuple[float, list[_Candidate]]:
    """Most seconds explained, less their costs; between repetitions anything may lie."""
    best = [0.0] * valley_count
    last: list[tuple[int, _Candidate] | None] = [None] * valley_count
    for j in range(1, valley_count):
        best[j] = best[j - 1]
        for i in range(max(0, j - _REACH), j):
            candidate = possible.get((i, j))
            if candidate is None:
                continue
            lasts_s = (candidate.movement.back - candidate.movement.depart) * STEP_S
            if lasts_s < 0.2:
                continue
            cost = candidate.cost + c.irregular_weight * float(np.log(lasts_s / usual_s)) ** 2
            gained = best[i] + lasts_s * (1.0 - cost)
            if gained > best[j]:
                best[j], last[j] = gained, (i, candidate)
    chain, j = [], valley_count - 1
    while j > 0:
        step = last[j]
        if step is None:
            j -= 1
        else:
            chain.append(step[1])
            j = step[0]
    return best[-1], chain[::-1]
