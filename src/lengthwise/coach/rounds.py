"""Finds the circles of a whole recording, from the side the body is on and how upright it is.

A circle is one half on one side and one on the other. Which half comes first is the direction; the
same halves read the other way give circles that are half a circle off.

A recording is read in three ways that fail of different things: by halves in pairs from where the
body begins to move (here), by bends away from upright and back (`repetition_report`, which needs no
sides and names none), and by all of it at once (`whole_circles`). Of those that found any, that one
is taken which agrees most with the others.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.coach import ends_of_set, repetition_report, whole_circles
from lengthwise.coach.agreement import most_agreed
from lengthwise.coach.recording import split
from lengthwise.coach.repetition import Coefficients, Form, Repetition, published_coefficients

_SLIVER_S = 0.2
"""A shorter visit to the other side is the sensor's."""


class _Half(Struct, frozen=True):
    """Samples `begin` to `end` (outside) on one side."""

    begin: int
    end: int
    side: int

    @property
    def length(self) -> int:
        return self.end - self.begin


def segment(
    t_s: Sequence[float],
    side: Sequence[float | None],
    upright: Sequence[float | None],
    coefficients: Coefficients | None = None,
) -> list[Repetition]:
    """Every circle in order of time.

    `side` signed, `upright` largest where the body is straight; a sample with either unknown is
    not known. A gap longer than `gap_s` parts the recording.
    """
    c = coefficients or published_coefficients()
    bends = [None if u is None else -u for u in upright]
    bent = Form.THERE_AND_BACK
    pieces = split(t_s, bends, c.gap_s)
    by_sides, by_all = (
        ends_of_set.without_unlike(found(t_s, side, upright, c), pieces, bent, 0.0, c)
        for found in (_by_sides, whole_circles.segment)
    )
    by_bend = repetition_report.by_valleys(t_s, bends, bent, c)
    spans = repetition_report.with_rest(by_bend)
    by_bend = [replace(r, start_s=a, end_s=b) for r, (a, b) in zip(by_bend, spans, strict=True)]
    readings = (by_sides, by_bend, by_all)
    return most_agreed([(one, [(r.start_s, r.end_s) for r in one]) for one in readings])


def _by_sides(
    t_s: Sequence[float],
    side: Sequence[float | None],
    upright: Sequence[float | None],
    c: Coefficients,
) -> list[Repetition]:
    known = np.array(
        [
            (t, s, u)
            for t, s, u in zip(t_s, side, upright, strict=True)
            if s is not None and u is not None
        ]
    ).reshape(-1, 3)
    breaks = np.flatnonzero(np.diff(known[:, 0]) > c.gap_s) + 1
    found = [r for part in np.split(known, breaks) for r in _segment_piece(part, c)]
    usual = float(np.median([r.amplitude for r in found])) if found else 0.0
    # Who stands upright sways from side to side as well.
    return [r for r in found if r.amplitude >= c.unlike_ratio * usual]


def _segment_piece(known: np.ndarray, c: Coefficients) -> list[Repetition]:
    """(n, 3) time, side and uprightness without a gap."""
    if len(known) < 3:
        return []
    times, upright = known[:, 0], known[:, 2]
    halves = _halves(known[:, 1] > 0.0, float(np.median(np.diff(times))), c)
    if len(halves) < 3:
        return []
    found = []
    for turns in _in_one_direction(halves, upright, c):
        # The first half that moves begins a circle. Of an odd number one is left over: the first
        # or the last, whichever leaves circles that are straighter where they begin.
        first = 0
        if len(turns) % 2:
            first = int(_swings(turns[1:], upright) > _swings(turns, upright))
        for one, other in zip(turns[first::2], turns[first + 1 :: 2], strict=False):
            bend = float(np.ptp(np.percentile(upright[one.begin : other.end], (5, 95))))
            start_s, turn_s, end_s = (
                float(times[min(i, len(times) - 1)]) for i in (one.begin, other.begin, other.end)
            )
            found.append(Repetition(start_s, turn_s, end_s, bend, one.side))
    return found


def _in_one_direction(
    halves: list[_Half], upright: np.ndarray, c: Coefficients
) -> list[list[_Half]]:
    """Halves that follow one another, in all of which the body bends.

    A long one holds a pause or a change of direction: its beginning may be the last half of one
    set, and its end the first of the next.
    """
    usual = _usual(halves)
    low, high = np.percentile(upright, (5, 95))
    least = high - c.half_bend_ratio * (high - low)
    sets: list[list[_Half]] = [[]]
    for half in halves:
        if half.length > c.half_long_ratio * usual:
            begun, ended = half.begin + int(usual), half.end - int(usual)
            if sets[-1] and np.min(upright[half.begin : begun]) <= least:
                sets[-1].append(_Half(half.begin, begun, half.side))
            sets.append([])
            half = _Half(ended, half.end, half.side)
        if np.min(upright[half.begin : half.end]) <= least:
            sets[-1].append(half)
        else:
            sets.append([])
    return sets


def _halves(positive: np.ndarray, step_s: float, c: Coefficients) -> list[_Half]:
    changes = np.flatnonzero(np.diff(positive.astype(int))) + 1
    edges = [0, *(int(i) for i in changes), len(positive)]
    halves = [_Half(a, b, 1 if positive[a] else -1) for a, b in pairwise(edges)]
    halves = _without_shorter(halves, _SLIVER_S / step_s)
    if len(halves) < 3:
        return halves
    return _without_shorter(halves, c.half_short_ratio * _usual_of_time(halves))


def _usual(halves: list[_Half]) -> float:
    """Median length of the halves whose begin and end were seen."""
    return float(np.median([h.length for h in halves[1:-1]]))


def _usual_of_time(halves: list[_Half]) -> float:
    """Half of the time is spent in halves at least so long: however many slivers lie between."""
    lengths = np.sort([h.length for h in halves[1:-1]])
    spent = np.cumsum(lengths)
    return float(lengths[np.searchsorted(spent, 0.5 * spent[-1])])


def _without_shorter(halves: list[_Half], least: float) -> list[_Half]:
    """The shortest first: it is taken into its neighbours, or falls off at the end."""
    while len(halves) > 1:
        i = min(range(len(halves)), key=lambda k: halves[k].length)
        if halves[i].length >= least:
            break
        if i in (0, len(halves) - 1):
            halves = halves[1:] if i == 0 else halves[:-1]
        else:
            joined = _Half(halves[i - 1].begin, halves[i + 1].end, halves[i - 1].side)
            halves = [*halves[: i - 1], joined, *halves[i + 2 :]]
    return halves


def _swings(halves: list[_Half], upright: np.ndarray) -> float:
    """Sum over circles of the amplitude of uprightness with their period, largest at their ends.

    All of a circle says so, where one crossing of the middle may be a dip or a peak by chance.
    """
    total = 0.0
    for k, half in enumerate(halves[: len(halves) // 2 * 2]):
        phase_rad = np.pi * (k % 2 + (np.arange(half.length) + 0.5) / half.length)
        part = upright[half.begin : half.end] - upright.mean()
        total += float(np.mean(part * np.cos(phase_rad)))
    return total
