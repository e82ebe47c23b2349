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
    sized = _by_size(found, c)
    between = []
    if sized is None:
        between = _in_rooms(found, pieces, c)
        if len(between) > 0.6 * (len(found) - 1):
            # The narrow ones hardly show at all: what was found are the wide ones.
            return _in_order([replace(r, side=WIDE) for r in found] + between)
        return _alike(_by_turns(found, c), c)
    kept = _alike(sized, c)
    return _in_order(kept + _in_rooms(kept, pieces, c))


def _in_order(repetitions: list[Repetition]) -> list[Repetition]:
    return sorted(repetitions, key=lambda r: r.start_s)


def _alike(sided: list[Repetition], c: Coefficients) -> list[Repetition]:
    return [r for r in sided if r.amplitude >= c.unlike_ratio * _median_amplitude(sided, r.side)]


def _in_rooms(kept: list[Repetition], pieces: list[Piece], c: Coefficients) -> list[Repetition]:
    """What moved between two wide ones that leave room for a turn."""
    usual_s = float(np.median([r.duration_s for r in kept]))
    between = []
    for a, b in pairwise(kept):
        if b.start_s - a.end_s < c.room_ratio * usual_s or NARROW in (a.side, b.side):
            continue
        inner = _between(a, b, pieces, c)
        if inner is not None and inner.amplitude >= c.trace_ratio * min(a.amplitude, b.amplitude):
            between.append(inner)
    return between


def _by_size(found: list[Repetition], c: Coefficients) -> list[Repetition] | None:
    """Wide or narrow by amplitude; None where two sizes are not distinct."""
    logs = np.log([r.amplitude for r in found])
    order = np.sort(logs)
    splits = [
        (float(np.var(order[:k]) * k + np.var(order[k:]) * (len(order) - k)), k)
        for k in range(2, len(order) - 1)
    ]
    if not splits:
        return None
    _, k = min(splits)
    wide = logs >= order[k]
    apart = float(np.median(order[k:]) - np.median(order[:k]))
    if apart < np.log(c.distinct_ratio) or float(np.mean(wide[1:] != wide[:-1])) < 0.5:
        return None
    return [replace(r, side=WIDE if w else NARROW) for r, w in zip(found, wide, strict=True)]


def _by_turns(found: list[Repetition], c: Coefficients) -> list[Repetition]:
    """Sides by turns, without those far smaller than all."""
    if len(found) < 2:
        return found
    logs = np.log([r.amplitude for r in found])
    first = WIDE if np.mean(logs[0::2]) >= np.mean(logs[1::2]) else NARROW
    least = float(np.median(logs)) + np.log(c.unlike_ratio)
    return [
        replace(r, side=first if i % 2 == 0 else -first)
        for i, r in enumerate(found)
        if logs[i] >= least or len(found) < 4
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
            part = smoothed(piece.values, c)[
                begin : round((b.start_s - piece.begin_s) / STEP_S) + 1
            ]
            inner = part[len(part) // 5 : len(part) - len(part) // 5]
            if len(inner) == 0:
                return None
            turn = len(part) // 5 + int(np.argmax(inner))
            # Who turns little may come nearer first: the hand is not above the axis of the turn.
            moved = float(np.ptp(inner))
            return Repetition(a.end_s, piece.at_s(begin + turn), b.start_s, moved, NARROW)
    return None
