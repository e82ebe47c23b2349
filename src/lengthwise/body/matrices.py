"""The filter's linear algebra, compiled, in one thread and in one order of operations.

A linear algebra library spreads matrices of this size over all cores, which costs more than it
brings and makes the last digits depend on the machine; here they do not. Inner loops run along rows
so that they become vector instructions without re-ordering sums, and take several rows at once,
since most of the time goes into loading and storing what is summed up.
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
def _less_rows(
    row: np.ndarray, factors: np.ndarray, rows: np.ndarray, start: int, stop: int
) -> None:
    """Take rows (k, n) `start` to `stop`, times factors (k,), off a row (n,), one after another."""
    n, at = len(row), start
    while at + 4 <= stop:
        f0, f1, f2, f3 = factors[at], factors[at + 1], factors[at + 2], factors[at + 3]
        r0, r1, r2, r3 = rows[at], rows[at + 1], rows[at + 2], rows[at + 3]
        for c in range(n):
            row[c] = row[c] - f0 * r0[c] - f1 * r1[c] - f2 * r2[c] - f3 * r3[c]
        at += 4
    while at < stop:
        factor, own = factors[at], rows[at]
        for c in range(n):
            row[c] -= factor * own[c]
        at += 1


@njit(cache=True)
def solved_lower(root: np.ndarray, right: np.ndarray) -> np.ndarray:
    """(k, n) X with root X = right, for a lower root (k, k)."""
    k, n = right.shape
    out = right.copy()
    for i in range(k):
        _less_rows(out[i], root[i], out, 0, i)
        for c in range(n):
            out[i, c] /= root[i, i]
    return out


@njit(cache=True)
def solved_upper(root: np.ndarray, right: np.ndarray) -> np.ndarray:
    """(k, n) X with root' X = right, for a lower root (k, k)."""
    k, n = right.shape
    out = right.copy()
    for i in range(k - 1, -1, -1):
        _less_rows(out[i], root[:, i].copy(), out, i + 1, k)
        for c in range(n):
            out[i, c] /= root[i, i]
    return out


@njit(cache=True)
def product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(m, n) a b; columns of zeros in two rows of `a`, as slopes have many, cost nothing."""
    m, k = a.shape
    n = b.shape[1]
    out = np.zeros((m, n))
    used = np.empty(k, dtype=np.int64)
    for i in range(0, m, 2):
        # Two rows at once; the last of an odd number stands for both.
        one, two = a[i], a[min(i + 1, m - 1)]
        count = 0
        for j in range(k):
            if one[j] != 0.0 or two[j] != 0.0:
                used[count] = j
                count += 1
        if i + 1 == m:
            for u in range(count):
                factor, row = one[used[u]], b[used[u]]
                for c in range(n):
                    out[i, c] += factor * row[c]
        else:
            _more_rows(out[i], out[i + 1], one, two, b, used[:count])
    return out


@njit(cache=True)
def _more_rows(
    x: np.ndarray, y: np.ndarray, one: np.ndarray, two: np.ndarray, b: np.ndarray, used: np.ndarray
) -> None:
    """Add to two rows x, y (n,) the `used` rows of b (k, n) times their factors (k,)."""
    n, u = len(x), 0
    while u + 4 <= len(used):
        j0, j1, j2, j3 = used[u], used[u + 1], used[u + 2], used[u + 3]
        f0, f1, f2, f3 = one[j0], one[j1], one[j2], one[j3]
        g0, g1, g2, g3 = two[j0], two[j1], two[j2], two[j3]
        r0, r1, r2, r3 = b[j0], b[j1], b[j2], b[j3]
        for c in range(n):
            v0, v1, v2, v3 = r0[c], r1[c], r2[c], r3[c]
            x[c] = x[c] + f0 * v0 + f1 * v1 + f2 * v2 + f3 * v3
            y[c] = y[c] + g0 * v0 + g1 * v1 + g2 * v2 + g3 * v3
        u += 4
    while u < len(used):
        f0, g0, r0 = one[used[u]], two[used[u]], b[used[u]]
        for c in range(n):
            x[c] += f0 * r0[c]
            y[c] += g0 * r0[c]
        u += 1


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
def carried(slope: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """(m, m) H P H' with H (m, n) and P (n, n), exactly symmetric."""
    across = product(product(slope, covariance), np.ascontiguousarray(slope.T))
    out: np.ndarray = 0.5 * (across + across.T)
    return out


@njit(cache=True)
def _set_mirrored(out: np.ndarray) -> None:
    """The upper half of a matrix (n, n) as the lower one."""
    for i in range(len(out)):
        for j in range(i):
            out[j, i] = out[i, j]


@njit(cache=True)
def lowered(covariance: np.ndarray, weighted: np.ndarray, considered: np.ndarray) -> np.ndarray:
    """(n, n) covariance - weighted' weighted, exactly symmetric.

    `weighted` (m, n). Between two `considered` (n,) variables nothing changes.
    """
    m, n = weighted.shape
    out = covariance.copy()
    for i in range(0, n - 1, 2):
        # Of the first of two rows one place too many, which the mirror image overwrites.
        a, b = out[i], out[i + 1]
        k = 0
        while k + 4 <= m:
            w0, w1, w2, w3 = weighted[k], weighted[k + 1], weighted[k + 2], weighted[k + 3]
            f0, f1, f2, f3 = w0[i], w1[i], w2[i], w3[i]
            g0, g1, g2, g3 = w0[i + 1], w1[i + 1], w2[i + 1], w3[i + 1]
            for j in range(i + 2):
                v0, v1, v2, v3 = w0[j], w1[j], w2[j], w3[j]
                a[j] = a[j] - f0 * v0 - f1 * v1 - f2 * v2 - f3 * v3
                b[j] = b[j] - g0 * v0 - g1 * v1 - g2 * v2 - g3 * v3
            k += 4
        while k < m:
            w0 = weighted[k]
            f0, g0 = w0[i], w0[i + 1]
            for j in range(i + 2):
                a[j] -= f0 * w0[j]
                b[j] -= g0 * w0[j]
            k += 1
    if n % 2:
        _less_rows(out[n - 1], weighted[:, n - 1].copy(), weighted, 0, m)
    for i in range(n):
        if considered[i]:
            for j in range(i + 1):
                if considered[j]:
                    out[i, j] = covariance[i, j]
    _set_mirrored(out)
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
    rest = kept[k:]
    for i in range(k, n):
        # Counted from 0, as only then the compiler knows that no place is counted from the end.
        row, before, there = out[i, k:], covariance[i, k:], stationary[i, k:]
        for j in range(i - k + 1):
            both = kept[i] * rest[j]
            row[j] = before[j] * both + there[j] * (1.0 - both)
    ahead = product(joints, covariance[:k])
    for i in range(k):
        for j in range(k, n):
            out[j, i] = ahead[i, j] * kept[j]
    back = np.ascontiguousarray(joints.T)
    own = product(ahead[:, :k].copy() - product(joints, stationary[:k, :k].copy()), back)
    for i in range(k):
        for j in range(i + 1):
            out[i, j] = 0.5 * (own[i, j] + own[j, i]) + stationary[i, j]
    for i in range(n):
        out[i, i] += gained[i]
    _set_mirrored(out)
    return out
