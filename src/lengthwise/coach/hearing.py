"""What a word of the person changes: it is written down, and the envelope answers at once."""

from msgspec.structs import replace

from lengthwise.coach import between, envelope, questions, ramp_moves, ramp_steps, ramping, signals
from lengthwise.coach.changing import enter, note_easing, note_unseen, now_s, stop
from lengthwise.coach.deciding import decision as _decision
from lengthwise.coach.envelope import Action, Sight, Verdict
from lengthwise.coach.guard import guarded_answer, standing
from lengthwise.coach.if_moved import as_if
from lengthwise.coach.params import Params, plan_of
from lengthwise.coach.reasons import ReasonId, reason
from lengthwise.coach.state import LOADED, Move, State
from lengthwise.contracts.decision import Decision, DecisionKind, Phase
from lengthwise.contracts.observation import PersonSignal, SignalKind


def signal(
    params: Params, state: State, signal: PersonSignal
) -> tuple[State, tuple[Decision, ...]]:
    kind = signal.kind
    state, decisions = ramp_steps.worded(params, state, signal)
    if kind is SignalKind.STOP:
        stopped, stops = stop(params, state, envelope.strictest(Sight(stop=True), params.limits))
        return stopped, (*stops, *decisions)
    if kind in signals.SAYINGS:
        said_state, told = _saying(params, state, signal)
        return said_state, (*decisions, *told)
    state = signals.heard(state, signal, params.settings)
    plan = plan_of(params, state)
    # As it is taken: by neither reading where either may be of the other side.
    told_by = state if as_if(state).other.marks else as_if(state)
    mark = None if state.on_ramp is not None else signals.mark_reason(told_by, kind)
    if mark is not None:
        decisions.append(_decision(params, state, DecisionKind.MARK, (mark,)))
        if mark.id == ReasonId.SIDE_UNSEEN:
            state, noted = note_unseen(params, state, (mark,))
            decisions += noted
    if kind is SignalKind.SKIP and state.phase in (Phase.RELEASE, Phase.PAUSED):
        asking, left = questions.left(state.asking, (reason(ReasonId.SKIP_PERSON),), now_s(state))
        return replace(state, asking=asking), between.unanswered(params, state, left)
    if state.on_ramp is not None and kind in ramping.MARKS:
        move = ramp_moves.answer(state, state.on_ramp, kind)
    else:
        sides = len(params.plans)
        move = signals.answer(plan, state, kind, side_count=sides)
        # A first pull begins the hold where it would had no worn sensor been doubted, too.
        move = move or signals.answer(plan, as_if(state), kind, side_count=sides)
    if move is not None:
        move = guarded_answer(params.limits, state, move, now_s(state))
    if move is None:
        return state, tuple(decisions)
    if move.to is Phase.STOPPED:
        return stop(params, state, Verdict(Action.STOP, move.reasons))
    entered, entry_decisions = enter(params, state, move, None)
    return entered, (*decisions, *entry_decisions)


def _saying(
    params: Params, before: State, signal: PersonSignal
) -> tuple[State, tuple[Decision, ...]]:
    """What was said is written down, and the envelope answers at once, not at the next frame."""
    state, decisions = signals.heard(before, signal, params.settings), []
    rating = signals.rating_reason(signal)
    if rating is not None:
        asking, answers, why = questions.answered(state.asking, signal, now_s(state))
        state = replace(state, asking=asking)
        about = None if answers is None else str(questions.REASON_OF[answers])
        mark = _decision(params, state, DecisionKind.MARK, (rating, *why), cue_id=about)
        decisions.append(mark)
    now = standing(params.limits, state, now_s(state))
    if now.action is Action.STOP:
        if state.phase is Phase.STOPPED and state.screening_needed:
            return state, tuple(decisions)
        stopped, stops = stop(params, state, now)
        return stopped, (*decisions, *stops)
    if state.phase not in LOADED:
        return state, tuple(decisions)
    state, eased = note_easing(params, state, now, now)
    decisions += eased
    led = state.on_ramp
    ended = () if led is None or not led.coming_back else (ramping.end_reason(led),)
    if now.action is not Action.RELEASE and not ended:
        return state, tuple(decisions)
    why = (*ended, *(now.reasons if now.action is Action.RELEASE else ()))
    state, entered = enter(params, state, Move(Phase.RELEASE, why), None)
    return state, (*decisions, *entered)
