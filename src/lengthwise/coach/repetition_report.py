"""Finds the repetitions of a whole recording. Not causal: for reports; `repetitions` counts live.

A movement there and back is read in three ways that fail of different things: by its valleys
(`valley_chain`), by turns that stand out (`prominence`), and all of the recording at once by what a
movement looks like (`whole_movements`). The reading is taken that agrees most with the other two.
Movements to two sides are read by their valleys alone, where no other way was as good.
"""

from collections.abc import Callable, Sequence

import numpy as np
from msgspec.structs import replace

from lengthwise.coach import alternation, ends_of_set, prominence, valley_chain, whole_movements
from lengthwise.coach.agreement import most_agreed
from lengthwise.coach.movement import Movement, seen_whole
from lengthwise.coach.recording import STEP_S, Piece, smoothed, split
from lengthwise.coach.repetition import (
    Coefficients,
    Form,
    Repetition,
    log_dimensionless_jerk,
    published_coefficients,
)

Way = Callable[[Sequence[np.ndarray], Form, Coefficients], list[list[Movement]]]
"""Finds the movements of each piece of a recording, (n,), signed where the form is."""
_WAYS: tuple[Way, ...] = (valley_chain.found, prominence.found, whole_movements.found)


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
    ways = _WAYS if form is Form.THERE_AND_BACK else _WAYS[:1]
    readings = [_read(t_s, progress, form, way, c) for way in ways]
    return most_agreed([(one, with_rest(one)) for one in readings])


def by_valleys(
    t_s: Sequence[float], progress: Sequence[float | None], form: Form, c: Coefficients
) -> list[Repetition]:
    """The same, read by valleys alone."""
    return _read(t_s, progress, form, valley_chain.found, c)


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


def _read(
    t_s: Sequence[float],
    progress: Sequence[float | None],
    form: Form,
    way: Way,
    c: Coefficients,
) -> list[Repetition]:
    pieces = split(t_s, progress, c.gap_s)
    if not pieces:
        return []
    middle, bounded = 0.0, c
    if form.signed:
        everything = np.concatenate([p.values for p in pieces])
        middle = float(np.mean(np.percentile(everything, (5, 95))))
        # The middle is crossed, not rested at: beginning and end are where it is left in earnest.
        bounded = replace(c, begin_ratio=c.rest_ratio)
    signals = [smoothed(piece.values, c) - middle for piece in pieces]
    found = [
        _repetition(piece, movement, smooth, form, c)
        for piece, smooth, movements in zip(
            pieces, signals, way(signals, form, bounded), strict=True
        )
        for movement in movements
        if seen_whole(movement, len(smooth), c)
    ]
    if form is Form.ALTERNATING:
        found = alternation.completed(found, pieces, c)
    else:
        found = _alike(found, c)
    return ends_of_set.without_unlike(found, pieces, form, middle, c)


def _repetition(
    piece: Piece, found: Movement, smooth: np.ndarray, form: Form, c: Coefficients
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
