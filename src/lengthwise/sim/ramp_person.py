"""How a simulated person takes a ramp to tolerance: by the cues, at places of their own.

To the first gentle pull as into any stretch; then one step of their own at each offer, until it is
enough. Who hurries does not wait between, who is silent goes on and says nothing, and others say
pain, a leg or stop on the way.
"""

from math import cos, pi

from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.sim.faults import Fault, FaultKind
from lengthwise.sim.motion import Traits

WARM_UP = "ramp.warm_up"
STEP = "ramp.step"
STEP_POSITION = 0.2
"""One step by themselves, of the way between the two marks."""
_ROCK_S = 6.0
_ROCK = 0.6
"""Wanted share of the path at the far end of rocking in and out; the body lags behind it."""
_SAYS = {
    FaultKind.RAMP_PAIN: (SignalKind.PAIN, 3.5),
    FaultKind.RAMP_LEG: (SignalKind.LEG_SYMPTOM, None),
    FaultKind.RAMP_STOP: (SignalKind.STOP, None),
}


def rocking(t_s: float) -> float:
    """The path share that somebody goes for who warms up, short of the first gentle pull."""
    return _ROCK * 0.5 * (1.0 - cos(2 * pi * t_s / _ROCK_S))


def aim(traits: Traits, change: float, faults: tuple[Fault, ...]) -> float:
    """The path share that is gone for after the first gentle pull; `change`: steps so far."""
    kinds = {f.kind for f in faults}
    if FaultKind.RAMP_HURRY in kinds:
        change += 1.0
    furthest = 1.6 if FaultKind.RAMP_SILENT in kinds else 1.02
    return traits.share_at(min(max(change, 0.0), furthest))


def word(
    traits: Traits, share: float, t_s: float, faults: tuple[Fault, ...]
) -> PersonSignal | None:
    """What is said at a place; asked only after the first gentle pull was told. A fault's `size` is
    where between the two marks it happens."""
    for fault in faults:
        if fault.kind in _SAYS and share >= traits.share_at(fault.size) - 0.01:
            kind, value = _SAYS[fault.kind]
            return PersonSignal(t_s, kind, value=value)
    silent = any(f.kind is FaultKind.RAMP_SILENT for f in faults)
    if silent or share < traits.tolerance - 0.01:
        return None
    return PersonSignal(t_s, SignalKind.TOLERANCE)
