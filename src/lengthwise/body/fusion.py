"""The measurement update: one joint, linear-Gaussian update with considered variables.

Considered variables (slow errors of the channels) enter the innovation with their variance and
their correlations, but are not corrected (Schmidt-Kalman): otherwise a posture that is held for
long would slowly be explained as an offset of the sensor. They are learnt at the zero pose only.
The covariance is updated in Joseph form, which keeps it positive semi-definite for any gain.
"""

import numpy as np


def update(
    mean: np.ndarray,
    covariance: np.ndarray,
    *,
    innovation: np.ndarray,
    slope: np.ndarray,
    noise_variance: np.ndarray,
    considered: slice | None,
) -> tuple[np.ndarray, np.ndarray]:
    """Mean (n,) and covariance (n, n) after k measurements.

    `innovation` (k,) measured less expected; `slope` (k, n); `noise_variance` (k,) white noise;
    `considered`: which variables are not corrected, None where all are.
    """
    shared = covariance @ slope.T
    innovation_covariance = slope @ shared
    innovation_covariance.reshape(-1)[:: len(innovation) + 1] += noise_variance
    gain = np.ascontiguousarray(np.linalg.solve(innovation_covariance, shared.T).T)
    if considered is not None:
        gain[considered] = 0.0
    left = -gain @ slope
    left.reshape(-1)[:: len(mean) + 1] += 1.0
    updated = left @ covariance @ left.T + (gain * noise_variance) @ gain.T
    updated = 0.5 * (updated + updated.T)
    return mean + gain @ innovation, np.ascontiguousarray(updated)


def innovation_variance(
    covariance: np.ndarray, slope: np.ndarray, noise_variance: np.ndarray
) -> np.ndarray:
    """(k,) variance of each innovation on its own."""
    variance: np.ndarray = ((slope @ covariance) * slope).sum(axis=1) + noise_variance
    return variance
