"""What the finite picture (`coach.abstraction`) sees of the real coach."""

from lengthwise.coach.abstraction import Abstract, Event, Pain, Word
from lengthwise.coach.limits.said import PainLevel, pain_level, usable
from lengthwise.coach.params import Params
from lengthwise.coach.signals import heard
from lengthwise.coach.state import LOADED, State, settling
from lengthwise.contracts.observation import PersonSignal, SignalKind

_LEVELS = {
    PainLevel.FREE: Pain.FREE,
    PainLevel.NOT_KNOWN: Pain.NOT_KNOWN,
}


def abstract(params: Params, state: State) -> Abstract:
    return Abstract(
        state.phase,
        settling(state, params.settings),
        state.postponed,
        _pain(params, state),
    )


def _pain(params: Params, state: State) -> Pain:
    level = pain_level(state.said, params.limits.baseline_nrs, params.settings)
    if level in _LEVELS:
        return _LEVELS[level]
    return Pain.OVER if state.said.eased_to is None else Pain.EASED


def word(params: Params, state: State, signal: PersonSignal) -> Event:
    """A signal of the person as a word of the picture. Pain by what it comes to with what is in
    force; one in the free range, or a lower one under load, is free."""
    if signal.kind is not SignalKind.PAIN:
        return Word(signal.kind.value)
    nrs = usable(signal.value)
    if nrs is None:
        return Word.PAIN_WITHOUT_NUMBER
    after = heard(state, signal, params.settings).said
    level = pain_level(after, params.limits.baseline_nrs, params.settings)
    if level is PainLevel.STOP:
        return Word.PAIN_STOPS
    before = state.said.pain_nrs
    lower = before is not None and nrs < before and state.phase in LOADED
    return Word.PAIN_FREE if level is PainLevel.FREE or lower else Word.PAIN_EASES
