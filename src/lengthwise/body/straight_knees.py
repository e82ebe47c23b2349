"""A knee bends one way: what is told of one that is read as straight or past it.

A camera puts the knee of a nearly straight leg now behind the line from hip to ankle, now ten
degrees in front of it, and for many seconds on the same side. So the filter finds knees that are
past straight. To draw them back as if that had been read would make it surer with every frame, of
a knee that may be bent by fifteen degrees: the filter lets them be. What is *told* is the part of
its Gaussian that a knee can have. With m and s the mean and sd of a knee, b and d those of how far
back knees go, it is one step of expectation propagation (Minka 2001),

    S^2 = s^2 + d^2,   z = (m - b) / S,   r = pdf(z) / cdf(z),
    m' = m + r s^2 / S,   s'^2 = s^2 - r (z + r) s^4 / S^2,

with all else moved and narrowed as far as it goes with the knee. s'^2 stays between 0 and s^2, so
what is told stays positive; z in it is no less than -1, or the worse a reading, the surer a knee.

A pose that was marked has the same knee, mostly with the same error. The furthest one back says
most, and another says again only the part of it that it does not share: weighed by 1 - rho^2 with
the nearest of those before, the same limit is not counted twice.
"""

from math import erfc, exp, pi, radians, sqrt

import numpy as np
from numba import njit

from lengthwise.reference.constants import constant

_LIMIT_RAD = radians(constant("body", "knee_back_limit_deg"))
_LIMIT_SD_RAD = radians(constant("body", "knee_back_limit_sd_deg"))
_FAR = 5.0
"""So many sds from its limit a knee is told as it is."""
_FURTHEST = -30.0
"""The normal distribution has no digits left beyond."""
_NARROWEST = -1.0
"""A knee that is read further back than so many sds of its limit speaks of its own error: it is
moved all the way, and told no surer than there."""


@njit(cache=True)
def _ratio(z: float) -> float:
    """pdf(z) / cdf(z) of the standard normal distribution."""
    return float(sqrt(2.0 / pi) * exp(-0.5 * z * z) / erfc(-z / sqrt(2.0)))


@njit(cache=True)
def narrow(mean_rad: np.ndarray, covariance_rad2: np.ndarray, knee: np.ndarray) -> None:
    """Narrow a Gaussian of one or more poses to what one knee can be, in place.

    `mean_rad` (n,), `covariance_rad2` (n, n); `knee` (k,) the places of that knee in each pose.
    """
    raw = covariance_rad2[knee][:, knee]
    left = np.ones(len(knee))
    for _ in range(len(knee)):
        first, z, spread = -1, _FAR, 0.0
        for k in range(len(knee)):
            variance = covariance_rad2[knee[k], knee[k]]
            wide = sqrt(variance + _LIMIT_SD_RAD**2)
            far = (mean_rad[knee[k]] - _LIMIT_RAD) / wide
            if left[k] > 0.0 and 0.0 < variance < np.inf and far < z:
                first, z, spread = k, far, wide
        if first < 0:
            return
        ratio = _ratio(max(z, _FURTHEST))
        near = max(z, _NARROWEST)
        shared = covariance_rad2[knee[first]] / spread
        less = _ratio(near) * (near + _ratio(near)) * left[first]
        mean_rad += ratio * left[first] * shared
        for i in range(len(mean_rad)):
            for j in range(len(mean_rad)):
                covariance_rad2[i, j] -= less * shared[i] * shared[j]
        for k in range(len(knee)):
            both = raw[first, first] * raw[k, k]
            same = raw[first, k] ** 2 / both if 0.0 < both < np.inf else 0.0
            left[k] = 0.0 if k == first else min(left[k], max(1.0 - same, 0.0))
