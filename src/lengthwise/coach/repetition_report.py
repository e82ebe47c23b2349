"""Finds the repetitions of a whole recording. Not causal: for reports; `repetitions` counts live.

Boundaries are chosen among the valleys of the smoothed signal so that repetitions last alike, end
at the level at which they began and hold no return to rest (dynamic programming over valleys, over
a range of usual durations). What comes before and after, such as raising the arms, stays outside.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.coach import alternation, ends_of_set
from lengthwise.coach.recording import STEP_S, Piece, smoothed, split
from lengthwise.coach.repetition import (
    Coefficients,
    Form,
    Repetition,
    log_dimensionless_jerk,
    published_coefficients,
)

_USUAL_S = tuple(float(x) for x in np.geomspace(0.6, 8.0, 30))
"""Durations that are tried as the usual one."""
_REACH = 7
"""Valleys that one repetition may span."""


class _Candidate(Struct, frozen=True):
    """A repetition that may be: indices of the grid, amplitude, and what it costs."""

    depart: int
    turn: int
    back: int
    amplitude: float
    cost: float


def segment(
    t_s: Sequence[float],
    progress: Sequence[float | None],
    form: Form,
    coefficients: Coefficients | None = None,
) -> list[Repetition]:
    """Every repetition in order of time. `t_s` rises; an unknown sample is None.

    A gap longer than `gap_s` parts the recording; a shorter one is bridged by a straight line.
    """
    if form is Form.CIRCLE:
        raise ValueError("found form circle; allowed: the others; circles are for `rounds.segment`")
    c = coefficients or published_coefficients()
    pieces = split(t_s, progress, c.gap_s)
    if not pieces:
        return []
    everything = np.concatenate([p.values for p in pieces])
    middle = 0.0
    if form.signed:
        middle = float(np.mean(np.percentile(everything, (5, 95))))
    found = []
    for piece in pieces:
        smooth = smoothed(piece.values, c) - middle
        last = len(smooth) - 1
        for candidate in _chosen(smooth, form, c):
            seen_s = STEP_S * min(candidate.depart, last - candidate.back)
            if seen_s >= c.edge_s:
                found.append(_repetition(piece, candidate, smooth, form, c))
    if form is Form.ALTERNATING:
        found = alternation.completed(found, pieces, c)
    else:
        found = _alike(found, c)
    return ends_of_set.without_unlike(found, pieces, form, middle, c)


def with_rest(repetitions: Sequence[Repetition]) -> list[tuple[float, float]]:
    """Start and end in seconds with the rest between neighbours halved among them.

    At most half the median duration is added on either side: a long pause belongs to nobody.
    """
    if not repetitions:
        return []
    most_s = 0.5 * float(np.median([r.duration_s for r in repetitions]))
    spans = []
    for i, r in enumerate(repetitions):
        before_s = after_s = most_s
        if i > 0:
            before_s = min(most_s, 0.5 * (r.start_s - repetitions[i - 1].end_s))
        if i + 1 < len(repetitions):
            after_s = min(most_s, 0.5 * (repetitions[i + 1].start_s - r.end_s))
        spans.append((r.start_s - before_s, r.end_s + after_s))
    return spans


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


def _chosen(smooth: np.ndarray, form: Form, c: Coefficients) -> list[_Candidate]:
    """The best chain of repetitions of one piece, (n,) signed from the middle or from anywhere."""
    y = np.abs(smooth) if form.signed else smooth
    if form.signed:
        # The middle is crossed, not rested at: beginning and end are where it is left in earnest.
        c = replace(c, begin_ratio=c.rest_ratio)
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
    return max(chains, key=lambda chain: chain[0])[1]


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
    if amplitude <= 0.3 * least:
        return None
    cut_off = (begin == 0 and y[0] - y[end] > c.cut_off_ratio * whole) or (
        end == len(y) - 1 and y[-1] - y[begin] > c.cut_off_ratio * whole
    )
    if cut_off:
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
    depart, back = _bounds(y[begin : end + 1], base, amplitude, c.begin_ratio)
    return _Candidate(begin + depart, int(turn), begin + back, amplitude, float(cost))


def _bounds(y: np.ndarray, base: float, amplitude: float, begin_ratio: float) -> tuple[int, int]:
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
            lasts_s = (candidate.back - candidate.depart) * STEP_S
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


def _repetition(
    piece: Piece, found: _Candidate, smooth: np.ndarray, form: Form, c: Coefficients
) -> Repetition:
    per_bin = max(1, round(c.bin_s / STEP_S))
    inside = piece.values[found.depart : found.back + 1]
    bins = inside[: len(inside) // per_bin * per_bin].reshape(-1, per_bin).mean(axis=1)
    return Repetition(
        start_s=piece.at_s(found.depart),
        turn_s=piece.at_s(found.turn),
        end_s=piece.at_s(found.back),
        amplitude=found.amplitude,
        side=(1 if smooth[found.turn] > 0.0 else -1) if form.signed else None,
        log_jerk=log_dimensionless_jerk(tuple(bins.tolist()), per_bin * STEP_S),
    )


def _alike(found: list[Repetition], c: Coefficients) -> list[Repetition]:
    """Without those far smaller than others of their side: they are getting into position."""
    usual = {
        side: float(np.median([r.amplitude for r in found if r.side == side]))
        for side in {r.side for r in found}
    }
    return [r for r in found if r.amplitude >= c.unlike_ratio * usual[r.side]]
