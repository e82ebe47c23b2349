"""What to say and what to count now: the coach as one pure step.

    step(params, state, frame or signal) -> (state, output)

In one frame: read what the body and the tissue say in the terms of the exercise, ask the envelope
what it allows, judge the moment and count it, propose a change of phase, let the envelope cut the
proposal down, then speak.
"""

from collections.abc import Iterable
from math import isfinite

from msgspec.structs import replace

from lengthwise.coach import (
    aloud,
    between,
    cues,
    envelope,
    hold_clock,
    moving,
    questions,
    ramp_moves,
    ramp_steps,
    ramping,
    signals,
    speaking,
    transitions,
)
from lengthwise.coach.deciding import decision as _decision
from lengthwise.coach.envelope import Action, Sight, Verdict
from lengthwise.coach.guard import bars, guarded, guarded_answer, standing
from lengthwise.coach.guidance import guidance
from lengthwise.coach.hold_clock import Counting, Judgement
from lengthwise.coach.judgement import held_back, judge, not_known_reason
from lengthwise.coach.looking import look
from lengthwise.coach.params import CoachFrame, Params
from lengthwise.coach.phases import Scene, posture_reason, propose
from lengthwise.coach.plan import SidePlan
from lengthwise.coach.reading import Reading
from lengthwise.coach.reasons import ReasonId, reason
from lengthwise.coach.state import LOADED, Asking, Move, State
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import (
    CoachOutput,
    Decision,
    DecisionKind,
    Earcon,
    Phase,
    Reason,
)
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import PersonSignal, SignalKind

__all__ = [
    "CoachFrame",
    "Params",
    "State",
    "current_targets",
    "heeds_marks",
    "look",
    "start",
    "step",
]


def start(params: Params) -> State:
    return State(ramping=ramping.start(params.ramp))


def current_targets(params: Params, state: State) -> tuple[tuple[MuscleGroup, Side], ...]:
    """The muscles that a mark of the person is about now."""
    return _plan(params, state).targets


def heeds_marks(state: State) -> bool:
    """Whether a mark said now is of these muscles: not of who may be working the other side, nor
    where nothing tells which side works."""
    return state.other.marks


def step(
    params: Params, state: State, item: CoachFrame | PersonSignal
) -> tuple[State, CoachOutput]:
    """One frame or one word from the person. An instant that is no number changes nothing."""
    stated_s = item.t_s if isinstance(item, PersonSignal) else item.body.t_s
    if not isfinite(stated_s):
        return state, CoachOutput(guidance(params, state))
    begun, opening = _at(params, state, stated_s)
    if isinstance(item, PersonSignal):
        after, decisions = _signal(params, begun, item)
    else:
        after, decisions = _frame(params, begun, item)
    return after, CoachOutput(guidance(params, after), (*opening, *decisions))


def _at(params: Params, state: State, stated_s: float) -> tuple[State, tuple[Decision, ...]]:
    """Time passes, never backwards; the first instant opens the session."""
    if state.t_s is not None:
        return replace(state, t_s=max(state.t_s, stated_s)), ()
    begun = replace(state, t_s=stated_s, phase_start_s=stated_s)
    why = reason(ReasonId.SESSION_BEGUN, sides=len(params.plans))
    return begun, (_decision(params, begun, DecisionKind.PHASE, (why,)),)


def _frame(params: Params, before: State, frame: CoachFrame) -> tuple[State, tuple[Decision, ...]]:
    plan, settings = _plan(params, before), params.settings
    state, reading, now = look(params, before, frame)
    state = ramp_steps.framed(state, reading, frame, now)
    if now.action is Action.STOP and state.phase is not Phase.STOPPED:
        return _stop(params, state, now)
    judgement = judge(plan, state, reading, settings) if state.phase is Phase.HOLD else None
    decisions: list[Decision] = []
    if judgement is not None:
        judgement = held_back(judgement, now)
        state, counted = _count(params, state, reading, judgement)
        decisions += counted
    if plan.cycle is not None and state.phase in LOADED:
        state, moved = moving.followed(plan, state, reading, now)
        if moved is not None:
            state, told = _told_movement(params, state, reading, *moved)
            decisions += told
    if state.phase not in LOADED:
        state, around = between.around(params, state, reading, now)
        decisions += around
    scene = Scene(plan, settings, len(params.plans), state, reading)
    led = state.ramping
    move = propose(scene) if led is None else ramp_moves.propose(scene, led)
    move, verdict = guarded(scene, move, now)
    if move is None and bars(scene, now):
        verdict = now
    waiting_for = _waiting_for(scene, judgement, move, verdict)
    if waiting_for != state.waiting_for:
        state = replace(state, waiting_for=waiting_for)
    state, eased = _note_easing(params, state, verdict, now)
    decisions += eased
    if move is not None:
        state, entered = _enter(params, state, move, reading)
        decisions += entered
    state, spoken = _speak(params, state, reading, judgement, verdict)
    return state, (*decisions, *spoken)


def _now(state: State) -> float:
    return 0.0 if state.t_s is None else state.t_s


def _plan(params: Params, state: State) -> SidePlan:
    return params.plans[state.side_index]


def _count(
    params: Params, state: State, reading: Reading, judgement: Judgement
) -> tuple[State, list[Decision]]:
    """Seconds of a hold, and what there is to tell about them."""
    settings, plan = params.settings, _plan(params, state)
    clock, news = hold_clock.step(
        state.clock,
        judgement,
        t_s=reading.t_s,
        lapse_s=settings.lapse_s,
        largest_gap_s=settings.largest_gap_s,
    )
    kept = state.kept or (True,) * len(plan.limits)
    counted = replace(
        state,
        clock=clock,
        kept=transitions.kept_so_far(kept, reading),
        counted_without=tuple(why.id for why in judgement.without),
    )
    decisions = []
    if news is not None:
        kind = DecisionKind.HOLD_PAUSED if news is Counting.WAITING else DecisionKind.HOLD_COUNTING
        why = (*judgement.reasons, *judgement.without)
        decisions.append(_decision(params, counted, kind, why))
    if clock.without_s >= settings.lapse_s:
        counted, noted = _note_unseen(params, counted, judgement.without)
        decisions += noted
    return counted, decisions


def _told_movement(
    params: Params, state: State, reading: Reading, kind: DecisionKind, why: tuple[Reason, ...]
) -> tuple[State, list[Decision]]:
    """The first that is hollow for want of sight says so in words."""
    decisions = [_decision(params, state, kind, why)]
    if why[0].id != ReasonId.CYCLE_UNSURE or not reading.missing:
        return state, decisions
    state, noted = _note_unseen(params, state, [reason(ReasonId.CYCLE_HOLLOW)])
    return state, [*decisions, *noted]


def _note_unseen(
    params: Params, state: State, unseen: Iterable[Reason]
) -> tuple[State, list[Decision]]:
    """Each thing that is not known is said once."""
    words = _plan(params, state).words.reasons
    fresh = [why for why in unseen if why.id not in state.noted]
    decisions = [
        _decision(params, state, DecisionKind.NOT_KNOWN, (why,), said=words[why.id])
        for why in fresh
    ]
    return replace(state, noted=(*state.noted, *(why.id for why in fresh))), decisions


def _waiting_for(
    scene: Scene, judgement: Judgement | None, move: Move | None, verdict: Verdict
) -> tuple[str, ...]:
    state, reading = scene.state, scene.reading
    if judgement is not None:
        told_effective = state.clock.told is Counting.EFFECTIVE
        effective = judgement.counting is Counting.EFFECTIVE
        return () if told_effective or effective else tuple(r.id for r in judgement.reasons)
    if state.phase is not Phase.GET_READY or move is not None:
        return ()
    if not reading.body_known:
        return (str(ReasonId.KNOWN_LOST),)
    if state.other.noticed:
        return (str(ReasonId.SIDE_OTHER),)
    if reading.misplaced:
        return (posture_reason(scene).id,)
    return tuple(r.id for r in verdict.reasons if verdict.action < Action.HOLD)


_EASED = frozenset({Action.PAUSE, Action.EASE})


def _note_easing(
    params: Params, state: State, verdict: Verdict, now: Verdict
) -> tuple[State, tuple[Decision, ...]]:
    """An ease is written down when it begins, not at every frame it lasts.

    `now`: what all limits allow; the time after an ease also counts from one that a release took
    the place of.
    """
    loaded, allowed = state.phase in LOADED, verdict.action
    easing = loaded and allowed is Action.EASE
    held = loaded and now.action in _EASED
    before = state.sighting
    unchanged = allowed is before.allowed and before.easing_since_s is None
    if unchanged and not (easing or held):
        return state, ()
    since_s = before.easing_since_s if before.easing else _now(state)
    sighting = replace(
        before,
        easing=easing,
        easing_since_s=since_s if easing else None,
        allowed=allowed,
    )
    noted = replace(
        state,
        sighting=sighting,
        eased_s=_now(state) if held else state.eased_s,
    )
    if not easing or before.easing:
        return noted, ()
    # The words of an ease may wait for their turn; its sound does not.
    eased = _decision(params, noted, DecisionKind.EASE, verdict.reasons)
    return noted, (replace(eased, earcon=Earcon.EASE),)


def _enter(
    params: Params, state: State, move: Move, reading: Reading | None
) -> tuple[State, list[Decision]]:
    """A change of phase, and at the start of a stretch what of it cannot be seen."""
    plan = _plan(params, state)
    state = ramp_steps.left(state, move)
    given_up: tuple[Decision, ...] = ()
    if state.asking.pending and move.to is not Phase.PAUSED:
        asking, left = questions.left(state.asking, move.reasons[:1], _now(state))
        given_up = between.unanswered(params, state, left)
        state = replace(state, asking=asking)
    entered = transitions.enter(state, move, t_s=_now(state))
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
    entered, noted = _note_unseen(params, entered, _unseen(params, entered, reading))
    return entered, [*decisions, *noted]


def _unseen(params: Params, state: State, reading: Reading) -> list[Reason]:
    plan = _plan(params, state)
    asked = dict.fromkeys([*plan.required, *(limit.coordinate for limit in plan.limits)])
    found = [not_known_reason(c, reading) for c in asked if c not in reading.pose]
    if plan.stretch and not state.sighting.calibrated and state.ramping is None:
        found.append(reason(ReasonId.NOT_KNOWN_WINDOW))
    if state.ramping is not None:
        found += ramping.unsure(state.ramping, reading)
    if plan.unseen_allowed:
        found.append(reason(ReasonId.TIME_ALONE))
    return found


def _speak(
    params: Params,
    state: State,
    reading: Reading,
    judgement: Judgement | None,
    verdict: Verdict,
) -> tuple[State, list[Decision]]:
    scene = Scene(_plan(params, state), params.settings, len(params.plans), state, reading)
    choice = speaking.choose(
        state.speech,
        cues.phrases(scene, judgement, verdict, check=params.check),
        t_s=reading.t_s,
        settings=params.settings,
        cue_share=params.cue_share,
    )
    spoken, phrase = state, choice.said
    if choice.speech is not state.speech:
        spoken = replace(state, speech=choice.speech)
    decisions: list[Decision] = []
    if choice.held_back:
        decisions += [_faded(params, spoken, left) for left in choice.held_back]
    if phrase is not None:
        asks = phrase.priority is speaking.Priority.QUESTION
        if asks:
            spoken = replace(spoken, asking=questions.put(spoken.asking, reading.t_s))
        said = _decision(
            params,
            spoken,
            DecisionKind.QUESTION if asks else DecisionKind.CUE,
            phrase.reasons,
            cue_id=phrase.cue_id,
            said=phrase.wording,
        )
        decisions.append(said)
    return spoken, decisions


def _faded(params: Params, state: State, left: speaking.Phrase) -> Decision:
    """What would have been said and why, and that it is left to the person."""
    why = (*left.reasons, reason(ReasonId.CUE_FADED, cue_share_ratio=params.cue_share))
    decision = _decision(params, state, DecisionKind.FADED, why, cue_id=left.cue_id)
    return replace(decision, held_back=left.wording.text)


def _signal(
    params: Params, state: State, signal: PersonSignal
) -> tuple[State, tuple[Decision, ...]]:
    kind = signal.kind
    state, decisions = ramp_steps.worded(params, state, signal)
    if kind is SignalKind.STOP:
        stopped, stops = _stop(params, state, envelope.strictest(Sight(stop=True), params.limits))
        return stopped, (*stops, *decisions)
    if kind in signals.SAYINGS:
        said_state, told = _saying(params, state, signal)
        return said_state, (*decisions, *told)
    state = signals.heard(state, signal, params.settings)
    plan = _plan(params, state)
    mark = None if state.ramping is not None else signals.mark_reason(state, kind)
    if mark is not None:
        decisions.append(_decision(params, state, DecisionKind.MARK, (mark,)))
        if mark.id == ReasonId.SIDE_UNSEEN:
            state, noted = _note_unseen(params, state, (mark,))
            decisions += noted
    if kind is SignalKind.SKIP and state.phase in (Phase.RELEASE, Phase.PAUSED):
        asking, left = questions.left(state.asking, (reason(ReasonId.SKIP_PERSON),), _now(state))
        return replace(state, asking=asking), between.unanswered(params, state, left)
    if state.ramping is not None and kind in ramping.MARKS:
        move = ramp_moves.answer(state, state.ramping, kind)
    else:
        move = signals.answer(plan, state, kind, side_count=len(params.plans))
    if move is not None:
        move = guarded_answer(params.limits, state, move, _now(state))
    if move is None:
        return state, tuple(decisions)
    if move.to is Phase.STOPPED:
        return _stop(params, state, Verdict(Action.STOP, move.reasons))
    entered, entry_decisions = _enter(params, state, move, None)
    return entered, (*decisions, *entry_decisions)


def _saying(
    params: Params, before: State, signal: PersonSignal
) -> tuple[State, tuple[Decision, ...]]:
    """What was said is written down, and the envelope answers at once, not at the next frame."""
    state, decisions = signals.heard(before, signal, params.settings), []
    rating = signals.rating_reason(signal)
    if rating is not None:
        asking, answers, why = questions.answered(state.asking, signal, _now(state))
        state = replace(state, asking=asking)
        about = None if answers is None else str(questions.REASON_OF[answers])
        mark = _decision(params, state, DecisionKind.MARK, (rating, *why), cue_id=about)
        decisions.append(mark)
    now = standing(params.limits, state, _now(state))
    if now.action is Action.STOP:
        if state.phase is Phase.STOPPED and state.screening_needed:
            return state, tuple(decisions)
        stopped, stops = _stop(params, state, now)
        return stopped, (*decisions, *stops)
    if state.phase not in LOADED:
        return state, tuple(decisions)
    state, eased = _note_easing(params, state, now, now)
    decisions += eased
    led = state.ramping
    ended = () if led is None or not led.coming_back else (ramping.end_reason(led),)
    if now.action is not Action.RELEASE and not ended:
        return state, tuple(decisions)
    why = (*ended, *(now.reasons if now.action is Action.RELEASE else ()))
    state, entered = _enter(params, state, Move(Phase.RELEASE, why), None)
    return state, (*decisions, *entered)


def _stop(params: Params, state: State, verdict: Verdict) -> tuple[State, tuple[Decision, ...]]:
    """A stop is done at once, from anywhere. One for a symptom or pain asks to be screened anew."""
    first = verdict.reasons[0]
    asks = first.id != ReasonId.STOP_PERSON
    reasons = (*verdict.reasons, reason(ReasonId.SCREENING_NEEDED)) if asks else verdict.reasons
    stopped = replace(
        transitions.enter(state, Move(Phase.STOPPED, reasons), t_s=_now(state)),
        asking=Asking(),
        stopped_by=state.stopped_by if state.screening_needed else str(first.id),
        screening_needed=state.screening_needed or asks,
    )
    said = _plan(params, state).words.reasons[first.id]
    return stopped, (_decision(params, stopped, DecisionKind.STOP, reasons, said=said),)
