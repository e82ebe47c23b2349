"""Tension of a muscle with both marks by where it stands between them, not by its length alone.

The window position p errs less than the length: what marks and reading have in common cancels in it
(`tissue.window`). With L1 the length at first resistance and D the way from there to tolerance,

    length = L1 + p D,  sd = sd(p) D,

is read at the person's curve, whose own doubt is then only how far apart the two levels are: that
the marks err is in sd(p) already. First resistance that was marked anew today counts through p.
"""

import numpy as np
from msgspec import Struct

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.states import Estimate
from lengthwise.tissue.passive_curve import GroupCurves
from lengthwise.tissue.passive_tension import (
    PersonalTension,
    TensionSource,
    level_ratio_log_variance,
    mark_way_m,
)


class BetweenMarks(Struct, frozen=True):
    """Of every group and side (32,): L1 and D in metres, and `figures` (6, 32) as
    `passive_curve.evaluate` takes them; `rows`: which have both marks."""

    first_m: np.ndarray
    way_m: np.ndarray
    figures: np.ndarray
    rows: tuple[int, ...]

    @classmethod
    def of(cls, curves: GroupCurves, personal: PersonalTension) -> "BetweenMarks":
        rows = [i for i, s in enumerate(personal.source) if s is TensionSource.BOTH_MARKS]
        way_m, figures = np.zeros(len(personal.source)), personal.figures().copy()
        for row in rows:
            stretch_m = mark_way_m(curves, row)
            way_m[row] = stretch_m / personal.stiffness_ratio[row]
            figures[2:5, row] = 0.0, 0.0, level_ratio_log_variance(curves, row)
        return cls(personal.anchor_m, frozen_array(way_m), frozen_array(figures), tuple(rows))

    def read_at(
        self,
        position: tuple[Estimate | None, ...],
        length_m: np.ndarray,
        length_sd_m: np.ndarray,
        figures: np.ndarray,
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Lengths (32,), their sds and the figures (6, 32), replaced where a position is known."""
        placed = [row for row in self.rows if position[row] is not None]
        if not placed:
            return length_m, length_sd_m, figures
        length_m, length_sd_m, figures = length_m.copy(), length_sd_m.copy(), figures.copy()
        for row in placed:
            p = position[row]
            assert p is not None, "chosen above"
            length_m[row] = self.first_m[row] + p.mean * self.way_m[row]
            length_sd_m[row] = p.sd * self.way_m[row]
        figures[:, placed] = self.figures[:, placed]
        return length_m, length_sd_m, figures
