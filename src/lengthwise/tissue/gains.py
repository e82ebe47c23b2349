"""What a stretch lengthens: the gain of range fraction of every muscle group, and its rank.

Muscles are ranked by range fraction gained since the start posture, among the groups of a region;
of each group the side that gains more counts. Raw strain would let short fibres win everywhere.
"""

from typing import Protocol

import numpy as np

from lengthwise.contracts.muscles import GROUP_INDEX, MuscleGroup
from lengthwise.reference.stretches import GroupSide, Stretch
from lengthwise.tissue.groups import GroupLengths
from lengthwise.tissue.range import RangeBounds


class Fractions(Protocol):
    def __call__(self, anatomical_rad: np.ndarray) -> np.ndarray:
        """(13,) to (32,)."""
        ...


def fractions_of(groups: GroupLengths, bounds: RangeBounds) -> Fractions:
    """Range fractions of a person's groups in any posture, not limited to 0..1."""

    def at(anatomical_rad: np.ndarray) -> np.ndarray:
        length_m = groups.lengths_m(anatomical_rad)
        return np.asarray((length_m - bounds.shortest_m) / bounds.span_m)

    return at


def gains(fractions: Fractions, stretch: Stretch) -> np.ndarray:
    """(32,) range fraction at the end of a stretch less that at its start."""
    return np.asarray(fractions(stretch.end_rad) - fractions(stretch.start_rad))


def rank(gained: np.ndarray, muscle: GroupSide, region: tuple[MuscleGroup, ...]) -> int:
    """1 for the group of the region that gains most."""
    own = float(gained[GROUP_INDEX[muscle]])
    others = [g for g in region if g is not muscle[0]]
    return 1 + sum(best_of(gained, group) > own for group in others)


def best_of(gained: np.ndarray, group: MuscleGroup) -> float:
    """Of its two sides the one that gains more."""
    return float(max(gained[row] for (g, _), row in GROUP_INDEX.items() if g is group))
