"""One of equivalent variants tried in turn, with the chance that each had: off unless asked for.

Thompson sampling on how often each went well, w of n times, with a Beta(1 + w, 1 + n - w) of each:
the chance that a variant is the best of them,

    p_i = int f_i(x) prod_{j != i} F_j(x) dx,     then p_i <- (1 - m e) p_i + e,

with m variants and a least chance e, so that what is logged can be judged later. Which one it is
comes from a kept seed and the day alone, so it can be replayed. It chooses only among what may be
given and is equivalent: a hold, a volume or a level it never touches.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from lengthwise.contracts.adaptation import Case, Choice, NoChoice
from lengthwise.plan.neighbours import family
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import Exercise

_LEAST = constant("plan", "variant_least_chance")
_CELLS = 2000
"""Of the integral; sums of chances are off by less than 1e-3 before they are made to sum to 1."""


def chosen(
    same: Sequence[Exercise], cases: Iterable[Case], *, day: int, seed: int, enabled: bool = False
) -> Choice | NoChoice:
    """The variant of a day. Only kept days before it count."""
    if not enabled:
        return NoChoice.OFF
    variants = tuple(sorted({e.id for e in same}))
    if len(variants) < 2:
        return NoChoice.FEWER_THAN_TWO
    if len({family(e) for e in same}) > 1:
        return NoChoice.NOT_EQUIVALENT
    before = [c for c in cases if c.day < day]
    counts = {v: _counted(v, before) for v in variants}
    chances = propensities(variants, counts)
    at = _place(seed, day, variants)
    reached = np.cumsum(chances)
    k = min(int(np.searchsorted(reached, at, side="right")), len(variants) - 1)
    return Choice(day, seed, variants, chances, variants[k])


def _counted(variant: str, cases: Iterable[Case]) -> tuple[int, int]:
    of = [c.well for c in cases if c.exercise_id == variant]
    return sum(of), len(of)


def propensities(
    variants: Sequence[str], counts: Mapping[str, tuple[int, int]]
) -> tuple[float, ...]:
    """Chance of each to be drawn, in the order of `variants`; `counts`: went well, of how many."""
    edges = np.linspace(0.0, 1.0, _CELLS + 1)
    below = [_beta_below(*counts[v], edges) for v in variants]
    best = []
    for i, own in enumerate(below):
        others = np.ones(_CELLS)
        for j, other in enumerate(below):
            if j != i:
                others *= 0.5 * (other[1:] + other[:-1])
        best.append(float(np.sum(np.diff(own) * others)))
    total = sum(best)
    least = min(_LEAST, 1.0 / len(variants))
    rest = 1.0 - least * len(variants)
    found = [least + rest * p / total for p in best]
    found[-1] = 1.0 - sum(found[:-1])
    return tuple(found)


def _beta_below(well: int, tried: int, edges: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = betainc(1.0 + well, 1.0 + tried - well, edges)
    return found


def _place(seed: int, day: int, variants: Sequence[str]) -> float:
    """A number from 0 up to 1 that the seed, the day and the variants make."""
    told = "|".join((str(seed), str(day), *variants)).encode()
    return int.from_bytes(hashlib.sha256(told).digest()[:7], "big") / 256.0**7
