"""Limits of what the posture does to nerves and to the lumbar spine.

A nerve is eased above its limit by the mean: its strain only adds caution, and a guess eases
nobody. Where the band's upper edge (mean + 1.64 sd) is above it, or the strain is not known, nobody
is asked deeper; with a neural sign of that very nerve what is not known pauses. The load is held
against its limit by the upper edge of its band.
"""

from math import isfinite

from msgspec import Struct

from lengthwise.coach.limits.actions import FREE, Action, Verdict, answer, missing
from lengthwise.coach.reasons import ReasonId
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant

_EDGE_SD = constant("tissue", "ceiling_sd_factor")


class NerveSight(Struct, frozen=True):
    """Strain of one nerve that the exercise lengthens, as ratio; None: not known."""

    strain: Estimate | None
    limit_ratio: float
    neural_sign: bool


class LumbarSight(Struct, frozen=True):
    """Load of the disc that bears most, as ratio to standing; None: not known.

    `eases_ratio`: above it the load is eased. `deepens_ratio`: up to it one may be asked deeper;
    less than the other where the course of the episode is not known.
    """

    load: Estimate | None
    eases_ratio: float
    deepens_ratio: float


def _usable(estimate: Estimate | None) -> Estimate | None:
    if estimate is None or not (isfinite(estimate.mean) and isfinite(estimate.sd)):
        return None
    return estimate if estimate.sd >= 0.0 else None


def edge(estimate: Estimate) -> float:
    """Upper edge of the band."""
    return estimate.mean + _EDGE_SD * estimate.sd


def nerve(sight: NerveSight) -> Verdict:
    strain = _usable(sight.strain)
    if not isfinite(sight.limit_ratio):
        return missing("nerve_limit_known")
    if strain is None:
        action = Action.PAUSE if sight.neural_sign else Action.HOLD
        return answer(action, ReasonId.NERVE_NOT_KNOWN, limit=sight.limit_ratio)
    numbers = {"strain": strain.mean, "sd": strain.sd, "limit": sight.limit_ratio}
    if strain.mean > sight.limit_ratio:
        return answer(Action.EASE, ReasonId.NERVE_LIMIT, **numbers)
    if edge(strain) > sight.limit_ratio:
        return answer(Action.HOLD, ReasonId.NERVE_NEAR, **numbers)
    return FREE


def lumbar(sight: LumbarSight) -> Verdict:
    if not (isfinite(sight.eases_ratio) and isfinite(sight.deepens_ratio)):
        return missing("lumbar_limit_known")
    load = _usable(sight.load)
    if load is None:
        return answer(Action.HOLD, ReasonId.LUMBAR_NOT_KNOWN)
    numbers = {"load": load.mean, "sd": load.sd, "limit": sight.eases_ratio}
    if edge(load) > sight.eases_ratio:
        return answer(Action.EASE, ReasonId.LUMBAR_LIMIT, **numbers)
    if edge(load) > sight.deepens_ratio:
        numbers["limit"] = sight.deepens_ratio
        return answer(Action.HOLD, ReasonId.LUMBAR_NEAR, **numbers)
    return FREE
