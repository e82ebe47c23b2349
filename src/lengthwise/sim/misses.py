"""How far a simulated person misses a place that they look for with eyes closed.

Normal, so that the mean of its size is the published absolute error a: sd = a sqrt(pi / 2). A share
of the variance is the same in all trials of a person, the rest new in each.
"""

from math import pi, sqrt

from lengthwise.reference.constants import constant
from lengthwise.sim.draws import Stream, generator

_CONSTANT_SHARE = constant("repositioning", "constant_share")
_MOST_SD = 2.5
"""No miss is further than so many sds: the place lies within the way of the exercise."""


def miss_rad(seed: int, trial: int, *, back_pain: bool) -> float:
    """Of the trial, from 1; + further from the start than the place."""
    name = "position_sense_back_pain_rad" if back_pain else "position_sense_healthy_rad"
    sd_rad = constant("sim", name) * sqrt(pi / 2.0)
    same = _drawn(seed, 0) * sqrt(_CONSTANT_SHARE)
    new = _drawn(seed, trial) * sqrt(1.0 - _CONSTANT_SHARE)
    return sd_rad * min(max(same + new, -_MOST_SD), _MOST_SD)


def _drawn(seed: int, count: int) -> float:
    return float(generator(seed, Stream.MISS, count=count).standard_normal())
