"""What befell the errors of the estimate, step by step, for those who look back on it afterwards.

A trail is kept on request only (`kept_trail`) and changes nothing of the estimate; whoever asked
takes it away after each step, so that it does not grow.
"""

import numpy as np
from msgspec import Struct

from lengthwise.body.fusion import Weighed


class Drifted(Struct, frozen=True, eq=False, tag=True):
    """Time passed, or something was begun anew: `kept` (n,) share of each variable's error that is
    still there, 0 where it was begun anew; of the first k together `joints` (k, k), None where each
    is kept by itself."""

    kept: np.ndarray
    joints: np.ndarray | None = None


class Corrected(Struct, frozen=True, eq=False, tag=True):
    """Readings were fused, with whatever gain the filter used."""

    readings: Weighed


class Sheared(Struct, frozen=True, eq=False, tag=True):
    """The error of variable `of` was added to those of the first k, `goes` (k,) times."""

    of: int
    goes: np.ndarray


Passed = Drifted | Corrected | Sheared
Trail = tuple[Passed, ...]


def longer(trail: Trail | None, passed: Passed) -> Trail | None:
    """The trail with one more step; None where none is kept."""
    return None if trail is None else (*trail, passed)
