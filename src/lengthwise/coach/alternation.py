"""Sides of an exercise whose signal shows them only by amplitude: wide turns and narrow ones.

Between two wide turns lies one narrow turn. So a narrow one that hardly shows is known to be there,
where the time between two wide ones leaves room for it and something moved in that time.
"""

from itertools import pairwise

import numpy as np
from msgspec.structs import replace

from lengthwise.coach.recording import STEP_S, Piece, smoothed
from lengthwise.coach.repetition import Coefficients, Repetition

WIDE, NARROW = 1, -1


def completed(found: list[Repetition], pieces: list[Piece], c: Coefficients) -> list[Repetition]:
    """With sides, without what is far smaller than its side, and with what must lie between."""
    if not found:
        return []
    sided = _sided(found, c)
    kept = [r for r in sided if r.amplitude >= c.unlike_ratio * _median_amplitude(sided, r.side)]
    usual_s = float(np.median([r.duration_s for r in kept]))
    rooms = [(a, b) for a, b in pairwise(kept) if b.start_s - a.end_s >= c.room_ratio * usual_s]
    distinct = {r.side for r in kept} == {WIDE, NARROW}
    if not distinct and len(rooms) <= 0.6 * (len(kept) - 1):
        return kept
    between = []
    for a, b in rooms:
        if distinct and not (a.side == b.side == WIDE):
            continue
        inner = _between(a, b, pieces, c)
        if inner is not None and inner.amplitude >= c.trace_ratio * min(a.amplitude, b.amplitude):
            between.append(inner)
    if between and not distinct:
        kept = [replace(r, side=WIDE) for r in kept]
    return sorted([*kept, *between], key=lambda r: r.start_s)


def _sided(found: list[Repetition], c: Coefficients) -> list[Repetition]:
    """Wide or narrow by amplitude where two sizes are distinct, else by turns."""
    logs = np.log([r.amplitude for r in found])
    order = np.sort(logs)
    splits = [
        (float(np.var(order[:k]) * k + np.var(order[k:]) * (len(order) - k)), k)
        for k in range(2, len(order) - 1)
    ]
    if splits:
        _, k = min(splits)
        apart = float(np.median(order[k:]) - np.median(order[:k]))
        wide = logs >= order[k]
        turns = float(np.mean(wide[1:] != wide[:-1]))
        if apart >= np.log(c.distinct_ratio) and turns >= 0.5:
            return [
                replace(r, side=WIDE if w else NARROW) for r, w in zip(found, wide, strict=True)
            ]
    means = [float(np.mean(logs[k::2])) if len(logs) > k else -np.inf for k in (0, 1)]
    first = WIDE if means[0] >= means[1] else NARROW
    if len(found) < 2:
        return found
    usual = float(np.median(logs))
    sides = [first if i % 2 == 0 else -first for i in range(len(found))]
    return [
        replace(r, side=side)
        for r, side, size in zip(found, sides, logs, strict=True)
        if size >= usual + np.log(c.unlike_ratio) or len(found) < 4
    ]


def _median_amplitude(sided: list[Repetition], side: int | None) -> float:
    return float(np.median([r.amplitude for r in sided if r.side == side]))


def _between(
    a: Repetition, b: Repetition, pieces: list[Piece], c: Coefficients
) -> Repetition | None:
    """What moved between two repetitions; None where part of that time was not seen."""
    for piece in pieces:
        if piece.begin_s <= a.start_s and b.end_s <= piece.end_s + STEP_S:
            begin = round((a.end_s - piece.begin_s) / STEP_S)
            end = round((b.start_s - piece.begin_s) / STEP_S)
            part = smoothed(piece.values, c)[begin : end + 1]
            inner = part[len(part) // 5 : len(part) - len(part) // 5]
            turn = len(part) // 5 + int(np.argmax(inner))
            lows = [float(np.min(part[: turn + 1])), float(np.min(part[turn:]))]
            return Repetition(
                a.end_s,
                piece.at_s(begin + turn),
                b.start_s,
                float(part[turn]) - max(lows),
                NARROW,
            )
    return None
