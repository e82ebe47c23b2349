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
from scipy.ndimage import gaussian_filter1d, median_filter

from lengthwise.coach.repetition import (
    Coefficients,
    Form,
    Repetition,
    log_dimensionless_jerk,
    published_coefficients,
)

_STEP_S = 1.0 / 30.0
"""The grid on which a recording is judged, whatever its rate."""
_USUAL_S = tuple(float(x) for x in np.geomspace(0.6, 8.0, 30))
"""Durations that are tried as the usual one."""
_REACH = 7
"""Valleys that one repetition may span."""
_LEAST_PIECE_S = 0.7
Progress = Sequence[float | None]


class Piece(Struct, frozen=True):
    """A stretch of recording without a gap, on the grid: (n,) values from `begin_s` on."""

    begin_s: float
    values: np.ndarray

    def at_s(self, index: float) -> float:
        return self.begin_s + _STEP_S * index


class _Candidate(Struct, frozen=True):
    """A repetition that may be: indices of the grid, amplitude, and what it costs."""

    depart: int
    turn: int
    back: int
    amplitude: float
    cost: float


def segment(
    t_s: Sequence[float],
    progress: Progress,
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
        for candidate in _chosen(smooth, form, c):
            found.append(_repetition(piece, candidate, smooth, form, c))
    return _alike(found, form, c)


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


def split(t_s: Sequence[float], progress: Progress, gap_s: float) -> list[Piece]:
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
            grid = t[part[0]] + _STEP_S * np.arange(int(length_s / _STEP_S + 1e-6) + 1)
            pieces.append(Piece(float(t[part[0]]), np.interp(grid, t[part], x[part])))
    return pieces


def smoothed(values: np.ndarray, c: Coefficients) -> np.ndarray:
    """(n,) without spikes shorter than half of `despike_s`."""
    width = round(c.despike_s / _STEP_S) | 1
    plain = median_filter(values, width, mode="nearest")
    return np.asarray(gaussian_filter1d(plain, c.smooth_s / _STEP_S, mode="nearest"))


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
    extent = float(np.percentile(y, 98) - np.percentile(y, 2))
    if extent <= 0.0:
        return []
    at = valleys(y, c.candidate_ratio * extent)
    if form.signed:
        at = _near_middle(smooth, at, extent, c)
    peaks = [int(a + np.argmax(y[a : b + 1])) for a, b in pairwise(at)]
    possible = {
        (i, j): candidate
        for i in range(len(at) - 1)
        for j in range(i + 1, min(len(at), i + _REACH + 1))
        if (candidate := _candidate(y, at[i : j + 1], peaks[i:j], extent, c)) is not None
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
    y: np.ndarray, at: list[int], peaks: list[int], extent: float, c: Coefficients
) -> _Candidate | None:
    """The repetition from the first to the last of these valleys, with all costs but regularity."""
    begin, end = at[0], at[-1]
    turn = max(peaks, key=lambda p: y[p])
    low, base = min(y[begin], y[end]), max(y[begin], y[end])
    whole, amplitude = float(y[turn] - low), float(y[turn] - base)
    least = c.least_amplitude_ratio * extent
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
        if lesser > c.least_amplitude_ratio * whole:
            split_ratio = max(split_ratio, 1.0 - max(0.0, float(y[at[k]] - low)) / float(lesser))
    uneven = (float(base) - float(low)) / whole
    cost = (
        c.split_weight * split_ratio**2
        + c.uneven_weight * uneven**2
        + c.small_weight * max(0.0, float(np.log(least / amplitude)))
    )
    active = np.flatnonzero(y[begin : end + 1] >= base + c.rest_ratio * amplitude)
    return _Candidate(
        begin + int(active[0]), int(turn), begin + int(active[-1]), amplitude, float(cost)
    )


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
            lasts_s = (candidate.back - candidate.depart) * _STEP_S
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
    per_bin = max(1, round(c.bin_s / _STEP_S))
    inside = piece.values[found.depart : found.back + 1]
    bins = inside[: len(inside) // per_bin * per_bin].reshape(-1, per_bin).mean(axis=1)
    return Repetition(
        start_s=piece.at_s(found.depart),
        turn_s=piece.at_s(found.turn),
        end_s=piece.at_s(found.back),
        amplitude=found.amplitude,
        side=(1 if smooth[found.turn] > 0.0 else -1) if form.signed else None,
        log_jerk=log_dimensionless_jerk(tuple(bins.tolist()), per_bin * _STEP_S),
    )


def _alike(found: list[Repetition], form: Form, c: Coefficients) -> list[Repetition]:
    """Without those far smaller than others of their side; `alternating` gets its sides here."""
    if form is Form.ALTERNATING:
        keys = [i % 2 for i in range(len(found))]
    else:
        keys = [r.side or 0 for r in found]
    usual = {
        key: float(np.median([r.amplitude for r, k in zip(found, keys, strict=True) if k == key]))
        for key in set(keys)
    }
    kept = [
        (r, key)
        for r, key in zip(found, keys, strict=True)
        if r.amplitude >= c.unlike_ratio * usual[key]
    ]
    if form is not Form.ALTERNATING or len(usual) < 2:
        return [r for r, _ in kept]
    wider = max(usual, key=lambda key: usual[key])
    return [replace(r, side=1 if key == wider else -1) for r, key in kept]
