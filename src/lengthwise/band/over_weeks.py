"""Whether a person's tissue gives way otherwise than it did some weeks ago.

Each hold tells the share of the force that goes within a time at one length (`relaxation`), with an
sd. Holds of one day are one value, since days differ as a whole. A straight line through these,
each with its own weight and with what days differ by besides, gives the change a week. It is told
only where it is surely none of chance: 1.96 sds from none.
"""

from collections.abc import Sequence
from math import sqrt

import numpy as np
from msgspec import Struct

from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant

_DAYS_SD = constant("band", "relax_days_sd_ratio")
_SURE_SDS = 1.96
_LEAST_HOLDS, _LEAST_WEEKS = 3, 2.0


class Change(Struct, frozen=True):
    """`per_week`: of the share that goes, above 0 where more of it goes than before."""

    per_week: Estimate

    @property
    def told(self) -> bool:
        return abs(self.per_week.mean) > _SURE_SDS * self.per_week.sd


def change(weeks: Sequence[float], losses: Sequence[Estimate]) -> Change | None:
    """Of holds at `weeks` since any day, one a day. None with fewer than three or two weeks."""
    if len(weeks) != len(losses):
        raise ValueError(f"{len(weeks)} times for {len(losses)} holds")
    if len(weeks) < _LEAST_HOLDS or max(weeks) - min(weeks) < _LEAST_WEEKS:
        return None
    weight = np.array([1.0 / (loss.sd**2 + _DAYS_SD**2) for loss in losses])
    when, mean = np.asarray(weeks, dtype=float), np.array([loss.mean for loss in losses])
    off = when - float(weight @ when) / float(weight.sum())
    spread = float(weight @ off**2)
    return Change(Estimate(float(weight @ (off * mean)) / spread, 1.0 / sqrt(spread)))
