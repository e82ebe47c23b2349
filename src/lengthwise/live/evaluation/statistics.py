"""Whether stated standard deviations are true: coverage, RMSE and NEES of errors against truth."""

import numpy as np

NORMAL_95 = 1.959964
"""Standard deviations that hold 95 % of a normal distribution on either side."""
_RANK_RATIO = 1e-9


def rmse(error: np.ndarray) -> float | None:
    """Root mean square of errors (n,), in their unit; None without any."""
    return float(np.sqrt(np.mean(np.square(error)))) if error.size else None


def mean(values: np.ndarray) -> float | None:
    return float(np.mean(values)) if values.size else None


def coverage(error: np.ndarray, sd: np.ndarray) -> float | None:
    """Share of errors (n,) within the 95 % interval of their own sd (n,); None without any."""
    return mean(np.abs(error) <= NORMAL_95 * sd)


def nees(error: np.ndarray, covariance: np.ndarray) -> tuple[np.ndarray, int]:
    """Normalised estimation error squared (n,), e' P^-1 e, and its degrees of freedom.

    `error` (n, k), `covariance` (n, k, k). Where coordinates depend on each other, only the
    directions that vary count: the degrees of freedom are the rank of the mean covariance.
    """
    if error.size == 0:
        return np.zeros(len(error)), 0
    values, vectors = np.linalg.eigh(covariance)
    average = np.linalg.eigvalsh(covariance.mean(axis=0))
    rank = int((average > _RANK_RATIO * average[-1]).sum())
    along = np.einsum("nki,nk->ni", vectors[:, :, -rank:], error)
    floor = _RANK_RATIO * values[:, -1:]
    return np.asarray((along**2 / np.maximum(values[:, -rank:], floor)).sum(axis=1)), rank


def nees_of_claimed(
    error: np.ndarray, covariance: np.ndarray, claimed: np.ndarray
) -> tuple[float, int]:
    """Sums over all instants of the NEES and of its degrees of freedom, claimed coordinates only.

    `error` (n, k), `covariance` (n, k, k), `claimed` (n, k) bool: at each instant the claimed
    coordinates are taken jointly.
    """
    total, freedom = 0.0, 0
    patterns, of_instant = np.unique(claimed, axis=0, return_inverse=True)
    for i, pattern in enumerate(patterns):
        at = np.flatnonzero(of_instant.ravel() == i)
        which = np.flatnonzero(pattern)
        if which.size:
            found, rank = nees(error[np.ix_(at, which)], covariance[np.ix_(at, which, which)])
            total += float(found.sum())
            freedom += rank * len(at)
    return total, freedom
