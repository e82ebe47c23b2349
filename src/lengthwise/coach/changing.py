"""What a change of phase, an ease or a stop is written down as, and what is told with it.

Every one of them goes through here, whether a frame or a word of the person led to it.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from lengthwise.coach import aloud, between, questions, ramp_steps, ramping, transitions
from lengthwise.coach.deciding import decision as _decision
from lengthwise.coach.envelope import Action, Verdict
from lengthwise.coach.judgement import not_known_reason
from lengthwise.coach.params import Params, plan_of
from lengthwise.coach.reading import Reading
from lengthwise.coach.reasons import ReasonId, reason
from lengthwise.coach.state import LOADED, Asking, Move, State
from lengthwise.contracts.decision import Decision, DecisionKind, Earcon, Phase, Reason

_EASE = Action.EASE
_EASED = frozenset({Action.PAUSE, _EASE})


def now_s(state: State) -> float:
    return 0.0 if state.t_s is None else state.t_s


def note_unseen(
    params: Params, state: State, unseen: Iterable[Reason]
) -> tuple[State, list[Decision]]:
    """Each thing that is not known is said once."""
    words = plan_of(params, state).words.reasons
    fresh = [why for why in unseen if why.id not in state.noted]
    decisions = [
        _decision(params, state, DecisionKind.NOT_KNOWN, (why,), said=words[why.id])
        for why in fresh
    ]
    return replace(state, noted=(*state.noted, *(why.id for why in fresh))), decisions


def note_easing(
    params: Params, state: State, verdict: Verdict, now: Verdict
) -> tuple[State, tuple[Decision, ...]]:
    """An ease is written down when it begins, not at every frame it lasts.

    `now`: what all limits allow; the time after an ease also counts from one that a release took
    the place of.
    """
    loaded, allowed = state.phase in LOADED, verdict.action
    easing = loaded and allowed is _EASE
    held = loaded and now.action in _EASED
    before = state.sighting
    unchanged = allowed is before.allowed and before.easing_since_s is None
    if unchanged and not (easing or held):
        return state, ()
    since_s = before.easing_since_s if before.easing else now_s(state)
    sighting = replace(
        before,
        easing=easing,
        easing_since_s=since_s if easing else None,
        allowed=allowed,
    )
    noted = replace(
        state,
        sighting=sighting,
        eased_s=now_s(state) if held else state.eased_s,
    )
    if not easing or before.easing:
        return noted, ()
    # The words of an ease may wait for their turn; its sound does not.
    eased = _decision(params, noted, DecisionKind.EASE, verdict.reasons)
    return noted, (replace(eased, earcon=Earcon.EASE),)


def enter(
    params: Params, state: State, move: Move, reading: Reading | None
) -> tuple[State, list[Decision]]:
    """A change of phase, and at the start of a stretch what of it cannot be seen."""
    plan = plan_of(params, state)
    state = ramp_steps.left(state, move)
    given_up: tuple[Decision, ...] = ()
    if state.asking.pending and move.to is not Phase.PAUSED:
        asking, left = questions.left(state.asking, move.reasons[:1], now_s(state))
        given_up = between.unanswered(params, state, left)
        state = replace(state, asking=asking)
    entered = transitions.enter(state, move, t_s=now_s(state))
    if move.to is Phase.RELEASE:
        praise = transitions.earned_praise(plan, state)
        if praise is not None and praise not in state.noted:
            said_once = (*entered.noted, praise)
            speech = replace(entered.speech, praise_cue=praise)
            entered = replace(entered, speech=speech, noted=said_once)
    how = aloud.of_the_set(plan, state) if move.to is Phase.RELEASE else None
    why = move.reasons if how is None else (*move.reasons, how)
    change = _decision(params, entered, DecisionKind.PHASE, why)
    if move.to is Phase.RELEASE:
        # The words of a release may wait for their turn; its sound does not.
        change = replace(change, earcon=Earcon.END)
    decisions = [*given_up, change]
    if move.to is not Phase.EASE_IN or reading is None:
        return entered, decisions
    entered, noted = note_unseen(params, entered, _unseen(params, entered, reading))
    return entered, [*decisions, *noted]


def _unseen(params: Params, state: State, reading: Reading) -> list[Reason]:
    plan = plan_of(params, state)
    asked = dict.fromkeys([*plan.required, *(limit.coordinate for limit in plan.limits)])
    found = [not_known_reason(c, reading) for c in asked if c not in reading.pose]
    if plan.stretch and not state.sighting.calibrated and state.on_ramp is None:
        found.append(reason(ReasonId.NOT_KNOWN_WINDOW))
    if state.on_ramp is not None:
        found += ramping.unsure(state.on_ramp, reading)
    if plan.unseen_allowed:
        found.append(reason(ReasonId.TIME_ALONE))
    return found


def stop(params: Params, state: State, verdict: Verdict) -> tuple[State, tuple[Decision, ...]]:
    """A stop is done at once, from anywhere. One for a symptom or pain asks to be screened anew."""
    first = verdict.reasons[0]
    asks = first.id != ReasonId.STOP_PERSON
    reasons = (*verdict.reasons, reason(ReasonId.SCREENING_NEEDED)) if asks else verdict.reasons
    if state.ramping is not None:
        state = ramp_steps.stopped(state, state.ramping)
        reasons = (*reasons, ramping.end_reason(state.ramping)) if state.ramping else reasons
    stopped = replace(
        transitions.enter(state, Move(Phase.STOPPED, reasons), t_s=now_s(state)),
        asking=Asking(),
        stopped_by=state.stopped_by if state.screening_needed else str(first.id),
        screening_needed=state.screening_needed or asks,
    )
    said = plan_of(params, state).words.reasons[first.id]
    return stopped, (_decision(params, stopped, DecisionKind.STOP, reasons, said=said),)
