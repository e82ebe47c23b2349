"""Where a ramp to tolerance stands, as a screen is told it beside what is said."""

from lengthwise.coach import ramp_cues
from lengthwise.coach.params import Params
from lengthwise.coach.ramping import RAMPS, REST_S, Ramping
from lengthwise.coach.state import State
from lengthwise.coach.tolerance_ramp import COMING_BACK, RampPhase
from lengthwise.contracts.decision import Phase
from lengthwise.contracts.wire import RampView
from lengthwise.reference.constants import constant

WARMING = "warming"
_HELD = frozenset({Phase.EASE_IN, Phase.HOLD, Phase.SWITCH_SIDE})
_WARM_S = constant("ramp", "warm_s")


def ramp_shown(params: Params | None, state: State | None) -> RampView | None:
    """None where no ramp is led, also where the first gentle pull alone is, and once both were
    measured and the person is back: what follows then is led as ever."""
    led = None if state is None else state.ramping
    if params is None or state is None or led is None or led.ramp.alone:
        return None
    ramp = led.ramp
    follows = ramp.phase is RampPhase.OVER and state.phase in _HELD
    if follows or (ramp.kept is not None and state.phase is not Phase.RELEASE):
        return None
    behind = ramp.phase in COMING_BACK and bool(ramp.ended)
    number = min(len(ramp.ended) + (0 if behind else 1), RAMPS)
    if not led.ready and ramp.phase is RampPhase.READY:
        return RampView(WARMING, number, RAMPS, min(led.warmth.moved_s, _WARM_S), _WARM_S)
    if ramp.phase is RampPhase.STEPPING and not ramp_cues.offers(state, params.settings):
        return RampView(RampPhase.WAITING.value, number, RAMPS)
    return RampView(ramp.phase.value, number, RAMPS, rest_s=_rest_s(led))


def _rest_s(led: Ramping) -> float | None:
    ramp = led.ramp
    if ramp.phase is not RampPhase.RESTING or ramp.since_s is None or ramp.t_s is None:
        return None
    return max(REST_S - (ramp.t_s - ramp.since_s), 0.0)
