"""The filter's linear algebra, compiled, in one thread and in one order of operations.

A linear algebra library spreads matrices of this size over all cores, which costs more than it
brings and makes the last digits depend on the machine; here they do not. Inner loops run along rows
so that they become vector instructions without re-ordering sums.
"""

import numpy as np
from numba import njit

_HAIR = 1e-13


@njit(cache=True)
def lower_root(covariance: np.ndarray) -> np.ndarray:
    """(k, k) lower L with L L' = covariance, with a hair of noise where it is singular."""
    k = covariance.shape[0]
    largest = 0.0
    for i in range(k):
        largest = max(largest, covariance[i, i])
    hair = _HAIR * largest + 1e-300
    while True:
        root = np.zeros((k, k))
        fine = True
        for j in range(k):
            left = covariance[j, j] + hair
            for c in range(j):
                left -= root[j, c] * root[j, c]
            if not left > 0.0:
                fine = False
                break
            root[j, j] = np.sqrt(left)
            for i in range(j + 1, k):
                value = covariance[i, j]
                for c in range(j):
                    value -= root[i, c] * root[j, c]
                root[i, j] = value / root[j, j]
        if fine:
            return root
        hair *= 100.0


@njit(cache=True)
def solved_lower(root: np.ndarray, right: np.ndarray) -> np.ndarray:
    """(k, n) X with root X = right, for a lower root (k, k)."""
    k, n = right.shape
    out = right.copy()
    for i in range(k):
        for j in range(i):
            factor = root[i, j]
            for c in range(n):
                out[i, c] -= factor * out[j, c]
        for c in range(n):
            out[i, c] /= root[i, i]
    return out


@njit(cache=True)
def solved_upper(root: np.ndarray, right: np.ndarray) -> np.ndarray:
    """(k, n) X with root' X = right, for a lower root (k, k)."""
    k, n = right.shape
    out = right.copy()
    for i in range(k - 1, -1, -1):
        for c in range(n):
            out[i, c] /= root[i, i]
        for j in range(i):
            factor = root[i, j]
            for c in range(n):
                out[j, c] -= factor * out[i, c]
    return out


@njit(cache=True)
def product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(m, n) a b; zeros in `a`, which slopes are full of, cost nothing."""
    m, k = a.shape
    n = b.shape[1]
    out = np.zeros((m, n))
    for i in range(m):
        for j in range(k):
            factor = a[i, j]
            if factor != 0.0:
                for c in range(n):
                    out[i, c] += factor * b[j, c]
    return out


@njit(cache=True)
def squares(a: np.ndarray) -> np.ndarray:
    """(m, m) a a', exactly symmetric."""
    m, k = a.shape
    out = np.empty((m, m))
    for i in range(m):
        for j in range(i + 1):
            total = 0.0
            for c in range(k):
                total += a[i, c] * a[j, c]
            out[i, j] = out[j, i] = total
    return out


@njit(cache=True)
def lowered(covariance: np.ndarray, weighted: np.ndarray, considered: np.ndarray) -> np.ndarray:
    """(n, n) covariance - weighted' weighted, exactly symmetric.

    `weighted` (m, n). Between two `considered` (n,) variables nothing changes.
    """
    m, n = weighted.shape
    out = covariance.copy()
    for i in range(n):
        for k in range(m):
            factor = weighted[k, i]
            if factor != 0.0:
                for j in range(i + 1):
                    out[i, j] -= factor * weighted[k, j]
        if considered[i]:
            for j in range(i + 1):
                if considered[j]:
                    out[i, j] = covariance[i, j]
        for j in range(i):
            out[j, i] = out[i, j]
    return out


@njit(cache=True)
def drifted(
    covariance: np.ndarray,
    joints: np.ndarray,
    kept: np.ndarray,
    stationary: np.ndarray,
    gained: np.ndarray,
) -> np.ndarray:
    """(n, n) F P F' + S - F S F' + diag(gained), for a stationary S, exactly symmetric.

    F is `joints` (k, k) for the first k variables and diag(kept) (n,) for the others; S is zero
    between variables that are kept differently, and between the first k and the others.
    """
    n, k = covariance.shape[0], joints.shape[0]
    out = np.empty((n, n))
    for i in range(k, n):
        for j in range(k, i + 1):
            both = kept[i] * kept[j]
            out[i, j] = out[j, i] = covariance[i, j] * both + stationary[i, j] * (1.0 - both)
    ahead = product(joints, covariance[:k])
    for i in range(k):
        for j in range(k, n):
            out[i, j] = out[j, i] = ahead[i, j] * kept[j]
    back = np.ascontiguousarray(joints.T)
    own = product(ahead[:, :k].copy() - product(joints, stationary[:k, :k].copy()), back)
    for i in range(k):
        for j in range(i + 1):
            out[i, j] = out[j, i] = 0.5 * (own[i, j] + own[j, i]) + stationary[i, j]
    for i in range(n):
        out[i, i] += gained[i]
    return out
