"""Whether stated standard deviations are true: coverage and RMSE of errors against truth."""

import numpy as np

NORMAL_95 = 1.959964
"""Standard deviations that hold 95 % of a normal distribution on either side."""


def rmse(error: np.ndarray) -> float | None:
    """Root mean square of errors (n,), in their unit; None without any."""
    return float(np.sqrt(np.mean(np.square(error)))) if error.size else None


def mean(values: np.ndarray) -> float | None:
    return float(np.mean(values)) if values.size else None


def coverage(error: np.ndarray, sd: np.ndarray) -> float | None:
    """Share of errors (n,) within the 95 % interval of their own sd (n,); None without any."""
    return mean(np.abs(error) <= NORMAL_95 * sd)
