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
from lengthwise.contracts.decision import Reason
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant

_EDGE_SD = constant("tissue", "ceiling_sd_factor")


class NerveSight(Struct, frozen=True, gc=False):
    """Strain of one nerve that the exercise lengthens, as ratio; None: not known."""

    strain: Estimate | None
    limit_ratio: float
    neural_sign: bool


class LumbarSight(Struct, frozen=True, gc=False):
    """Load of the disc that bears most, as ratio to standing; None: not known.

    `eases_ratio`: above it the load is eased. `deepens_ratio`: up to it one may be asked deeper;
    less than the other where the course of the episode is not known.
    """

    load: Estimate | None
    eases_ratio: float
    deepens_ratio: float


def edge(estimate: Estimate) -> float:
    """Upper edge of the band."""
    return estimate.mean + _EDGE_SD * estimate.sd


def within(nerves: tuple[NerveSight, ...], lumbar_now: LumbarSight) -> bool:
    """Whether each of them is seen to be within its limits, with its doubt: not known is not."""
    found = (*map(nerve, nerves), lumbar(lumbar_now))
    return all(verdict.action >= Action.DEEPEN for verdict in found)


def not_known(nerves: tuple[NerveSight, ...], lumbar_now: LumbarSight) -> tuple[Reason, ...]:
    """Which of them are not known at all, each once."""
    found = (*map(nerve, nerves), lumbar(lumbar_now))
    unknown = (ReasonId.NERVE_NOT_KNOWN, ReasonId.LUMBAR_NOT_KNOWN)
    told = {why.id: why for verdict in found for why in verdict.reasons if why.id in unknown}
    return tuple(told.values())


def nerve(sight: NerveSight) -> Verdict:
    strain, limit_ratio = sight.strain, sight.limit_ratio
    if not isfinite(limit_ratio):
        return missing("nerve_limit_known")
    if strain is None or not (isfinite(strain.mean + strain.sd) and strain.sd >= 0.0):
        action = Action.PAUSE if sight.neural_sign else Action.HOLD
        return answer(action, ReasonId.NERVE_NOT_KNOWN, limit=limit_ratio)
    if edge(strain) <= limit_ratio:
        return FREE
    numbers = {"strain": strain.mean, "sd": strain.sd, "limit": limit_ratio}
    if strain.mean > limit_ratio:
        return answer(Action.EASE, ReasonId.NERVE_LIMIT, **numbers)
    return answer(Action.HOLD, ReasonId.NERVE_NEAR, **numbers)


def lumbar(sight: LumbarSight) -> Verdict:
    if not isfinite(sight.eases_ratio + sight.deepens_ratio):
        return missing("lumbar_limit_known")
    load = sight.load
    if load is None or not (isfinite(load.mean + load.sd) and load.sd >= 0.0):
        return answer(Action.HOLD, ReasonId.LUMBAR_NOT_KNOWN)
    reaches_ratio = edge(load)
    if reaches_ratio <= min(sight.eases_ratio, sight.deepens_ratio):
        return FREE
    numbers = {"load": load.mean, "sd": load.sd, "limit": sight.eases_ratio}
    if reaches_ratio > sight.eases_ratio:
        return answer(Action.EASE, ReasonId.LUMBAR_LIMIT, **numbers)
    numbers["limit"] = sight.deepens_ratio
    return answer(Action.HOLD, ReasonId.LUMBAR_NEAR, **numbers)
