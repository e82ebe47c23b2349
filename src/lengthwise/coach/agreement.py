"""Which of several readings of one recording to believe: that which agrees most with the others."""

from collections.abc import Sequence

import numpy as np

from lengthwise.coach.repetition import Repetition

Spans = list[tuple[float, float]]
"""Begin and end of each repetition in seconds, as they are compared."""


def most_agreed(readings: Sequence[tuple[list[Repetition], Spans]]) -> list[Repetition]:
    """The reading with the largest sum of agreements with the others; of equal ones the first.

    One that found none has no vote: what it goes by was not seen, which is not that nobody moved.
    """
    readings = [one for one in readings if one[0]]
    if not readings:
        return []
    sums = [
        sum(_agreement(one[1], other[1]) for k, other in enumerate(readings) if k != i)
        for i, one in enumerate(readings)
    ]
    return readings[int(np.argmax(sums))][0]


def _agreement(one: Spans, other: Spans) -> float:
    """0 to 1: the share of both that is the same, common time more than half of the whole time."""

    def same(a: tuple[float, float], b: tuple[float, float]) -> bool:
        common_s = min(a[1], b[1]) - max(a[0], b[0])
        return 2.0 * common_s > max(a[1], b[1]) - min(a[0], b[0])

    count = len(one) + len(other)
    return 2.0 * sum(any(same(a, b) for b in other) for a in one) / count if count else 0.0
