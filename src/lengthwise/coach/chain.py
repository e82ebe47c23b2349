"""The chain of stretches that explains most of a recording, found at once over all of it.

Of all chains of stretches that do not overlap, and of all usual durations, that one whose sum of
samples times likeness is largest (dynamic programming); between stretches anything may lie.
"""

import numpy as np

from lengthwise.coach.recording import STEP_S

COARSE = 3
"""Samples of the grid for one of the search, 0.1 s."""
_USUAL_S = np.geomspace(1.0, 8.0, 12)
"""Durations that are tried as the usual one."""
_LEAST_RATIO, _MOST_RATIO = 0.55, 1.8
"""How long a stretch may be, of the usual duration."""


def lasts_tried(count: int) -> np.ndarray:
    """(k,) lengths of stretches in coarse samples that fit into so many of them."""
    usual = _USUAL_S / (STEP_S * COARSE)
    least, most = int(_LEAST_RATIO * usual[0]), int(_MOST_RATIO * usual[-1])
    return np.arange(max(4, least), min(count, most) + 1)


def best_chain(
    likeness: np.ndarray, lasts: np.ndarray, *, irregular: float, turning: float = 0.0
) -> list[tuple[int, int, int]]:
    """Begin, end and kind of each stretch, in coarse samples.

    `likeness` (k, n + 1, m): of a stretch of lasts[k] samples that ends before a sample, of each of
    m kinds, one or two; not worth it below 0. `irregular`: cost of the squared logarithm of a
    duration over the usual one; `turning`: of the other kind than before, in usual durations.
    """
    usual = _USUAL_S / (STEP_S * COARSE)
    logs = np.log(lasts / usual[:, None])
    cost = irregular * logs**2
    cost[np.abs(logs) > np.log(2.0)] = np.inf
    turned_cost = turning * usual[:, None, None]
    end, kinds = likeness.shape[1] - 1, likeness.shape[2]
    best = np.zeros((len(usual), end + 1, kinds))
    chosen = np.full((len(usual), end + 1, kinds), -1)
    turned = np.zeros((len(usual), end + 1, kinds), dtype=bool)
    for j in range(1, end + 1):
        best[:, j] = best[:, j - 1]
        k = int(np.searchsorted(lasts, j, "right"))
        if k == 0:
            continue
        before = best[:, j - lasts[:k]]
        otherwise = before[..., ::-1] - turned_cost
        worth = likeness[:k, j] - cost[:, :k, None]
        gained = np.maximum(before, otherwise) + lasts[:k, None] * worth
        at = gained.argmax(axis=1)[:, None]
        most = np.take_along_axis(gained, at, 1)[:, 0]
        better = most > best[:, j]
        best[:, j][better] = most[better]
        chosen[:, j][better] = at[:, 0][better]
        turned[:, j] = np.take_along_axis(otherwise > before, at, 1)[:, 0]
    row = int(best[:, end].max(axis=1).argmax())
    kind, j, chain = int(best[row, end].argmax()), end, []
    while j > 0:
        k = int(chosen[row, j, kind])
        if k < 0:
            j -= 1
            continue
        begin = j - int(lasts[k])
        chain.append((begin, j, kind))
        kind = 1 - kind if turned[row, j, kind] else kind
        j = begin
    return chain[::-1]
