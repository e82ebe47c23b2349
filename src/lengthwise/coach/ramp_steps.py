"""One frame and one word of a ramp to tolerance, put into the coach's memory."""

from msgspec.structs import replace

from lengthwise.coach import ramp_moves, ramping, signals, tolerance_ramp
from lengthwise.coach.deciding import decision
from lengthwise.coach.envelope import Verdict
from lengthwise.coach.guard import standing
from lengthwise.coach.params import CoachFrame, Params
from lengthwise.coach.ramping import Ramping
from lengthwise.coach.reading import Reading
from lengthwise.coach.reasons import ReasonId
from lengthwise.coach.state import LOADED, Move, State
from lengthwise.contracts.decision import Decision, DecisionKind, Phase
from lengthwise.contracts.observation import PersonSignal


def framed(state: State, reading: Reading, frame: CoachFrame, now: Verdict) -> State:
    """One frame; `now`: what all limits allow in it."""
    if state.ramping is None or state.ramping.held:
        return state
    return _on(state, ramping.seen(state.ramping, reading, frame.body, now, state.phase))


def _on(state: State, on: Ramping) -> State:
    """A part of the ramp that begins has its words, and being warm the time to get ready."""
    before = state.ramping
    assert before is not None, "a ramp is led"
    if on.ready is not before.ready:
        state = replace(state, phase_start_s=state.t_s)
    elif on.part is before.part or state.phase is not Phase.EASE_IN:
        return replace(state, ramping=on)
    return replace(state, ramping=on, speech=replace(state.speech, phase_said=False))


def worded(params: Params, before: State, signal: PersonSignal) -> tuple[State, list[Decision]]:
    """What a word does to a ramp: the first gentle pull is marked where it was waited for, and harm
    is told whenever it is said, since it takes away what was measured."""
    led = before.ramping
    if led is None:
        return before, []
    t_s = 0.0 if before.t_s is None else before.t_s
    now, doubted = standing(params.limits, before, t_s), before.other.doubted
    on = ramping.heard(led, signal, now, t_s, doubted=doubted, untold=before.other.untold)
    state = _on(before, on)
    if ramping.pulled(led, on, signal.kind):
        mark = signals.mark_reason(state, signal.kind)
        assert mark is not None, "a first pull is a mark"
        return state, [decision(params, state, DecisionKind.MARK, (mark,))]
    if on.ramp.harmed and not led.ramp.harmed:
        return state, [decision(params, state, DecisionKind.MARK, (ramping.end_reason(on),))]
    return state, []


def stopped(state: State, led: Ramping) -> State:
    """A stop tells that a ramp was too far, also in what is held after it."""
    return replace(state, ramping=replace(led, ramp=tolerance_ramp.stopped(led.ramp)))


def left(state: State, move: Move) -> State:
    """Whoever leaves the stretch for something else has left a ramp that was under way; and one
    that is not begun is over. Where holds follow, getting ready after both is for the first."""
    if state.ramping is None or state.ramping.held:
        return state
    rested = state.phase in (Phase.REST, Phase.GET_READY)
    if move.to is Phase.GET_READY and rested and ramp_moves.follows(state, state.ramping):
        held = replace(state.ramping, held=True)
        return replace(state, ramping=held, repetition=0, repetition_over=True)
    if any(why.id == ReasonId.RAMP_UNSEEN for why in move.reasons):
        over = tolerance_ramp.refused(state.ramping.ramp)
        return replace(state, ramping=replace(state.ramping, ramp=over))
    if state.phase not in LOADED or move.to in LOADED:
        return state
    over = tolerance_ramp.left(state.ramping.ramp)
    return replace(state, ramping=replace(state.ramping, ramp=over))
