"""Finds the circles of a whole recording, from the side the body is on and how upright it is.

A circle is one half on one side and one on the other. Which half comes first is the direction; the
same halves read the other way give circles that are half a circle off, so it is decided over the
recording: over a circle the body is straightest where it begins and ends, in front, and turning the
other way round is rare. Who leans as much in front as behind may be read the other way.

A recording is read in three ways that fail of different things: by halves (here), by bends away
from upright and back (`repetition_report`, which needs no sides and names none), and by all of it
at once (`whole_circles`). Of those that found any, that one is taken which agrees most with the
others.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.coach import ends_of_set, repetition_report, whole_circles
from lengthwise.coach.recording import split
from lengthwise.coach.repetition import Coefficients, Form, Repetition, published_coefficients

_SLIVER_S = 0.2
"""A shorter visit to the other side is the sensor's."""
_OVERLAP_RATIO = 0.5
"""Of the usual half: two circles that share a long half may overlap by this before it is cut."""


class _Half(Struct, frozen=True):
    """Samples `begin` to `end` (outside) on one side."""

    begin: int
    end: int
    side: int

    @property
    def length(self) -> int:
        return self.end - self.begin


class _Circle(Struct, frozen=True):
    """Two halves: `first` is the number of the first, times are samples.

    `rise`: how much straighter it begins than it is half way, of the extent.
    """

    first: int
    begin: float
    between: float
    end: float
    side: int
    worth: float
    rise: float


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
    by_bend = repetition_report.segment(t_s, bends, bent, c)
    spans = repetition_report.with_rest(by_bend)
    by_bend = [replace(r, start_s=a, end_s=b) for r, (a, b) in zip(by_bend, spans, strict=True)]
    return _most_agreed([by_sides, by_bend, by_all])


def _most_agreed(readings: list[list[Repetition]]) -> list[Repetition]:
    """The reading with the largest sum of agreements with the others; of equal ones the first.

    One that found none has no vote: what it goes by was not seen, which is not that nobody moved.
    """
    readings = [one for one in readings if one]
    if not readings:
        return []
    sums = [
        sum(_agreement(one, other) for k, other in enumerate(readings) if k != i)
        for i, one in enumerate(readings)
    ]
    return readings[int(np.argmax(sums))]


def _agreement(one: list[Repetition], other: list[Repetition]) -> float:
    """0 to 1: the share of both that is the same, common time more than half of the whole time."""

    def same(a: Repetition, b: Repetition) -> bool:
        common_s = min(a.end_s, b.end_s) - max(a.start_s, b.start_s)
        return 2.0 * common_s > max(a.end_s, b.end_s) - min(a.start_s, b.start_s)

    count = len(one) + len(other)
    return 2.0 * sum(any(same(a, b) for b in other) for a in one) / count if count else 0.0


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
    index = np.arange(len(times))
    found = []
    for circle in _apart(_best_chain(_circles(halves, upright, c), _usual(halves), c)):
        at_s = np.interp((circle.begin, circle.between, circle.end), index, times)
        start_s, turn_s, end_s = (float(t) for t in at_s)
        inside = upright[(times >= start_s) & (times <= end_s)]
        bend = float(np.ptp(np.percentile(inside, (5, 95))))
        found.append(Repetition(start_s, turn_s, end_s, bend, circle.side))
    return found


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


def _circles(halves: list[_Half], upright: np.ndarray, c: Coefficients) -> list[_Circle]:
    usual = _usual(halves)
    extent = float(np.percentile(upright, 95) - np.percentile(upright, 5))

    def level(i: int) -> float:
        return float(np.mean(upright[max(0, i - 1) : i + 2]))

    found = []
    for k, (one, other) in enumerate(pairwise(halves)):
        long = [h.length > c.half_long_ratio * usual for h in (one, other)]
        begin = other.begin - usual if long[0] else one.begin
        end = other.begin + usual if long[1] else other.end
        lengths = (other.begin - begin, end - other.begin)
        cut_off = (begin == 0, end == len(upright))
        if any(
            n < (c.half_cut_off_ratio if cut else c.half_short_ratio) * usual
            for n, cut in zip(lengths, cut_off, strict=True)
        ):
            continue
        shortened = sum(n and not cut for n, cut in zip(long, cut_off, strict=True))
        swing = rise = 0.0
        if extent > 0.0:
            swing = _swing(upright, begin, other.begin, end) / extent
            if not (long[0] or cut_off[0]):
                rise = float(np.clip((level(one.begin) - level(other.begin)) / extent, -1.0, 1.0))
        worth = (
            1.0
            - c.irregular_weight * sum(float(np.log(n / usual)) ** 2 for n in lengths)
            + c.upright_weight * swing
            - c.shortened_weight * shortened
        )
        found.append(_Circle(k, begin, other.begin, end, one.side, worth, rise))
    return found


def _swing(upright: np.ndarray, begin: float, between: float, end: float) -> float:
    """Amplitude of uprightness with the period of the circle, largest where it begins and ends.

    All of the circle says so, where one crossing of the middle may be a dip or a peak by chance.
    """
    halves = ((begin, between, 0.0), (between, end, np.pi))
    total = 0.0
    for a, b, from_rad in halves:
        part = upright[max(0, round(a)) : round(b)]
        if len(part) == 0:
            return 0.0
        phase_rad = from_rad + np.pi * (np.arange(len(part)) + 0.5) / len(part)
        total += float(np.mean((part - upright.mean()) * np.cos(phase_rad)))
    return total


def _best_chain(circles: list[_Circle], usual: float, c: Coefficients) -> list[_Circle]:
    best: list[float] = []
    last: list[int | None] = []
    for i, circle in enumerate(circles):
        worth, before = circle.worth + c.begun_upright_weight * circle.rise, None
        for j, earlier in enumerate(circles[:i]):
            if earlier.end > circle.begin + _OVERLAP_RATIO * usual:
                continue
            turned = 0.0
            if earlier.side != circle.side:
                shares = circle.first == earlier.first + 1
                turned = c.shared_half_weight if shares else c.reversal_weight
            if best[j] + circle.worth - turned > worth:
                worth, before = best[j] + circle.worth - turned, j
        best.append(worth)
        last.append(before)
    chain: list[_Circle] = []
    at = max(range(len(best)), key=lambda i: best[i]) if best else None
    while at is not None:
        chain.append(circles[at])
        at = last[at]
    return chain[::-1]


def _apart(chain: list[_Circle]) -> list[_Circle]:
    """Overlaps are halved."""
    ends = [
        min(a.end, 0.5 * (a.end + b.begin)) if a.end > b.begin else a.end
        for a, b in pairwise(chain)
    ]
    begins = [0.5 * (a.end + b.begin) if a.end > b.begin else b.begin for a, b in pairwise(chain)]
    starts = [c.begin for c in chain[:1]] + begins
    stops = ends + [c.end for c in chain[-1:]]
    return [
        _Circle(c.first, begin, c.between, end, c.side, c.worth, c.rise)
        for c, begin, end in zip(chain, starts, stops, strict=True)
    ]
