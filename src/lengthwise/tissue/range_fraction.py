"""Range fraction of every muscle from its length, how surely, and whether the length is known.

With s and l the shortest and longest length, f = (length - s) / (l - s). Its variance has two
parts:

- of the length: sd(length)^2 / (l - s)^2;
- of the two ends, which are known only as well as the joints' ends are (`range_doubt`):
  ((1 - f)^2 var(s) + f^2 var(l) + 2 f (1 - f) cov(s, l)) / (l - s)^2.

What lies outside 0..1 becomes doubt: a reading beyond the bounds says that the bounds are not this
person's, so the excess is added to the variance. Window positions and marks are lengths, and none
of this enters them.

Whether a length is known well enough to be claimed is judged by its own sd against the range that
everybody's joints allow on this body, and by how far it passes that range and the person's own. So
a claim does not hang on what is believed of this person's joints.
"""

import numpy as np
from msgspec import Struct
from numba import njit

from lengthwise.tissue.range import RangeBounds


class InRange(Struct, frozen=True):
    """(32,) each. `fraction` not limited; `limited`, `sd` as they are told; `length_sd`: doubt of
    the length as a share of the usual range, by which it is claimed."""

    fraction: np.ndarray
    limited: np.ndarray
    sd: np.ndarray
    length_sd: np.ndarray


def in_range(bounds: RangeBounds, length_m: np.ndarray, length_sd_m: np.ndarray) -> InRange:
    """Where lengths (32,) with sd (32,) lie in a person's range."""
    doubt = bounds.doubt
    found = _in_range(
        length_m, length_sd_m, bounds.shortest_m, bounds.longest_m, bounds.usual_shortest_m,
        bounds.usual_longest_m, doubt.shortest_m2, doubt.longest_m2, doubt.both_m2,
    )  # fmt: skip
    found.flags.writeable = False
    return InRange(found[0], found[1], found[2], found[3])


@njit(cache=True)
def _in_range(
    length_m: np.ndarray,
    length_sd_m: np.ndarray,
    shortest_m: np.ndarray,
    longest_m: np.ndarray,
    usual_shortest_m: np.ndarray,
    usual_longest_m: np.ndarray,
    shortest_m2: np.ndarray,
    longest_m2: np.ndarray,
    both_m2: np.ndarray,
) -> np.ndarray:
    out = np.empty((4, len(length_m)))
    for i in range(len(length_m)):
        span_m = longest_m[i] - shortest_m[i]
        fraction = (length_m[i] - shortest_m[i]) / span_m
        limited = min(max(fraction, 0.0), 1.0)
        ends_m2 = (1.0 - limited) ** 2 * shortest_m2[i] + limited**2 * longest_m2[i]
        ends_m2 += 2.0 * limited * (1.0 - limited) * both_m2[i]
        own2 = (length_sd_m[i] ** 2 + max(ends_m2, 0.0)) / span_m**2
        usual_m = usual_longest_m[i] - usual_shortest_m[i]
        least_m = min(usual_shortest_m[i], shortest_m[i])
        most_m = max(usual_longest_m[i], longest_m[i])
        past_m = length_m[i] - min(max(length_m[i], least_m), most_m)
        out[0, i], out[1, i] = fraction, limited
        out[2, i] = np.sqrt(own2 + (fraction - limited) ** 2)
        out[3, i] = np.sqrt(length_sd_m[i] ** 2 + past_m**2) / usual_m
    return out
