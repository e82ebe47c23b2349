"""The exercises of a week on its days: each as evenly as it goes, no day longer than it may be,
and none twice on one day."""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from lengthwise.plan.allocation import DAYS, Candidate

_LATER = 1e-4
"""Of equals the earlier day comes first."""


def spread(
    times: Sequence[tuple[Candidate, int]], *, day_s: float
) -> tuple[tuple[Candidate, ...], ...] | None:
    """What is done on each day. None where it does not fit."""
    if not times:
        return ((),) * DAYS
    count = len(times)
    takes = np.array([c.takes_s for c, _ in times])
    on_day = np.kron(np.eye(DAYS), takes)
    often = np.tile(np.eye(count), DAYS)
    asked = np.array([float(n) for _, n in times])
    same = [[c.exercise.id == o.exercise.id for c, _ in times] for o, _ in times]
    once = np.kron(np.eye(DAYS), np.array(same, dtype=float))
    result = milp(
        np.array(_by_day(times)),
        integrality=np.ones(count * DAYS),
        bounds=Bounds(0.0, 1.0),
        constraints=[
            LinearConstraint(on_day, -np.inf, day_s),
            LinearConstraint(often, asked, asked),
            LinearConstraint(once, -np.inf, 1.0),
        ],
        options={"mip_rel_gap": 0.0},
    )
    if result.x is None:
        return None
    chosen = np.rint(result.x).reshape(DAYS, count)
    return tuple(
        tuple(c for (c, _), done in zip(times, day, strict=True) if done) for day in chosen
    )


def _by_day(times: Sequence[tuple[Candidate, int]]) -> list[float]:
    """Of each day and exercise: how far the day is from those on which it would be evenly spread.
    Exercises begin on different days, so that no day has all of them."""
    costs = []
    for day in range(DAYS):
        for place, (_, n) in enumerate(times):
            even = [((k + 0.5) * DAYS / n + place) % DAYS for k in range(n)]
            gaps = [abs(day + 0.5 - e) for e in even]
            costs.append(min(min(gap, DAYS - gap) for gap in gaps) + _LATER * day)
    return costs
