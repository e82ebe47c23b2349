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

from lengthwise.tissue.length_kernel import places_in_range
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
    found = places_in_range(length_m, length_sd_m, bounds.ends())
    found.flags.writeable = False
    return InRange(found[0], found[1], found[2], found[3])
