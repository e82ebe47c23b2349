"""What to say and what to count now: the coach as one pure step.

    step(params, state, frame or signal) -> (state, output)

In one frame: read what the body and the tissue say in the terms of the exercise, ask the envelope
what it allows, judge the moment and count it, propose a change of phase, let the envelope cut the
proposal down, then speak.
"""

from collections.abc import Iterator
from math import isfinite

from msgspec.structs import replace

from lengthwise.coach import (
    between,
    cues,
    hold_clock,
    moving,
    questions,
    ramp_moves,
    ramp_steps,
    ramping,
    speaking,
    transitions,
)
from lengthwise.coach.changing import enter, note_easing, note_unseen, stop
from lengthwise.coach.deciding import decision as _decision
from lengthwise.coach.envelope import Action, Verdict
from lengthwise.coach.guard import alone, bars, guarded
from lengthwise.coach.guidance import guidance
from lengthwise.coach.hearing import signal
from lengthwise.coach.hold_clock import Counting, HoldClock, Judgement
from lengthwise.coach.if_moved import as_if, beside
from lengthwise.coach.judgement import held_back, judge, less_sure
from lengthwise.coach.looking import look, trusted_reading
from lengthwise.coach.params import CoachFrame, Params, plan_of
from lengthwise.coach.phases import Scene, posture_reason, propose
from lengthwise.coach.reading import Reading
from lengthwise.coach.reasons import ReasonId, reason
from lengthwise.coach.state import LOADED, Move, State
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import (
    CoachOutput,
    Decision,
    DecisionKind,
    Phase,
    Reason,
)
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import PersonSignal

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

_STOP, _HOLD, _GET_READY = Action.STOP, Phase.HOLD, Phase.GET_READY


def start(params: Params) -> State:
    return State(ramping=ramping.start(params.ramp))


def current_targets(params: Params, state: State) -> tuple[tuple[MuscleGroup, Side], ...]:
    """The muscles that a mark of the person is about now."""
    return plan_of(params, state).targets


def heeds_marks(state: State) -> bool:
    """Whether a mark said now is of these muscles: not of who may be working the other side, nor
    where nothing tells which side works."""
    return state.other.marks and as_if(state).other.marks


def step(
    params: Params, state: State, item: CoachFrame | PersonSignal
) -> tuple[State, CoachOutput]:
    """One frame or one word from the person. An instant that is no number changes nothing."""
    stated_s = item.t_s if isinstance(item, PersonSignal) else item.body.t_s
    if not isfinite(stated_s):
        return state, CoachOutput(guidance(params, state))
    begun, opening = _at(params, state, stated_s)
    if isinstance(item, PersonSignal):
        after, decisions = signal(params, begun, item)
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
    plan, settings = plan_of(params, before), params.settings
    state, reading, now = look(params, before, frame)
    if state.slid is not frame.sensor_slid:
        state = replace(state, slid=frame.sensor_slid)
    state = ramp_steps.framed(state, reading, frame, now)
    if now.action is _STOP and state.phase is not Phase.STOPPED:
        return stop(params, state, now)
    judgement = judge(plan, state, reading, settings) if state.phase is _HOLD else None
    decisions: list[Decision] = []
    if judgement is not None:
        judgement = held_back(judgement, now)
        if frame.sensor_slid and plan.cycle is None:
            # A pelvis that goes to and fro looks like a sensor that slips, and is what is counted.
            judgement = less_sure(judgement)
            state, noted = note_unseen(params, state, [reason(ReasonId.HOLD_SENSOR_SLID)])
            decisions += noted
        state, counted = _count(params, state, reading, judgement)
        decisions += counted
    if plan.cycle is not None and state.phase in LOADED:
        state, moved = moving.followed(plan, state, reading, now)
        if moved is not None:
            state, told = _told_movement(params, state, reading, *moved)
            decisions += told
    scene = Scene(plan, settings, len(params.plans), state, reading)
    if state.phase not in LOADED:
        state, around = between.around(params, scene, now)
        scene = scene.at(state)
        decisions += around
    led = state.on_ramp
    move = propose(scene) if led is None else ramp_moves.propose(scene, led)
    if frame.if_moved is not None:
        state, move = _beside(params, before, scene, frame, move)
    move, verdict = guarded(scene, move, now)
    if move is None and bars(scene, now):
        verdict = now
    waiting_for = _waiting_for(scene, judgement, move, verdict)
    if waiting_for != state.waiting_for:
        state = replace(state, waiting_for=waiting_for)
    state, eased = note_easing(params, state, verdict, now)
    decisions += eased
    if move is not None:
        state, entered = enter(params, state, move, reading)
        decisions += entered
    state, spoken = _speak(params, _after(params, scene, state), judgement, verdict)
    return state, (*decisions, *spoken)


def _beside(
    params: Params, before: State, scene: Scene, frame: CoachFrame, move: Move | None
) -> tuple[State, Move | None]:
    """What is proposed where a sensor was doubted: led back, and held instead of led on, as well
    where it would be had nothing been doubted; and no ramp to tolerance goes on or begins, as
    nothing measures it. `before` as for `look`."""
    state, trusted = scene.state, as_if(scene.state)
    if state.on_ramp is not None:
        begins = move is not None and move.to is Phase.EASE_IN
        if state.phase in LOADED:
            return state, Move(Phase.RELEASE, (reason(ReasonId.HOLD_SENSOR_SLID),))
        return state, ramp_moves.refused() if begins else move
    if state.phase not in LOADED:
        return state, move
    reading = trusted_reading(params, before, frame)
    if state.phase is _HOLD:
        now = alone(params.limits, trusted, reading.t_s)
        judgement = held_back(judge(scene.plan, trusted, reading, params.settings), now)
        trusted = replace(trusted, clock=_clock(params, trusted, reading, judgement)[0])
        state = beside(state, trusted)
    other = propose(replace(scene, state=trusted, reading=reading))
    if other is None or (move is not None and move.to in (Phase.RELEASE, other.to)):
        return state, move
    return state, replace(other, reasons=tuple(_as_counted(state.clock, w) for w in other.reasons))


def _as_counted(clock: HoldClock, why: Reason) -> Reason:
    """Why a hold is over, with the seconds that were counted, not those that would have been."""
    counted = {"effective_s": clock.effective_s, "uncertain_s": clock.uncertain_s}
    numbers = {name: counted.get(name, value) for name, value in why.numbers.items()}
    full = why.id == ReasonId.HOLD_COMPLETE
    return Reason(str(ReasonId.HOLD_COMPLETE_UNCERTAIN) if full else why.id, numbers)


def _count(
    params: Params, state: State, reading: Reading, judgement: Judgement
) -> tuple[State, list[Decision]]:
    """Seconds of a hold, and what there is to tell about them."""
    settings, plan = params.settings, plan_of(params, state)
    clock, news = _clock(params, state, reading, judgement)
    kept = state.kept or (True,) * len(plan.limits)
    counted = replace(
        state,
        clock=clock,
        kept=transitions.kept_so_far(kept, reading),
        counted_without=tuple([why.id for why in judgement.without]),
    )
    decisions = []
    if news is not None:
        kind = DecisionKind.HOLD_PAUSED if news is Counting.WAITING else DecisionKind.HOLD_COUNTING
        why = (*judgement.reasons, *judgement.without)
        decisions.append(_decision(params, counted, kind, why))
    if clock.without_s >= settings.lapse_s:
        counted, noted = note_unseen(params, counted, judgement.without)
        decisions += noted
    return counted, decisions


def _clock(
    params: Params, state: State, reading: Reading, judgement: Judgement
) -> tuple[HoldClock, Counting | None]:
    return hold_clock.step(
        state.clock,
        judgement,
        t_s=reading.t_s,
        lapse_s=params.settings.lapse_s,
        largest_gap_s=params.settings.largest_gap_s,
    )


def _told_movement(
    params: Params, state: State, reading: Reading, kind: DecisionKind, why: tuple[Reason, ...]
) -> tuple[State, list[Decision]]:
    """The first that is hollow for want of sight says so in words."""
    decisions = [_decision(params, state, kind, why)]
    if why[0].id != ReasonId.CYCLE_UNSURE or not reading.missing:
        return state, decisions
    state, noted = note_unseen(params, state, [reason(ReasonId.CYCLE_HOLLOW)])
    return state, [*decisions, *noted]


def _waiting_for(
    scene: Scene, judgement: Judgement | None, move: Move | None, verdict: Verdict
) -> tuple[str, ...]:
    state, reading = scene.state, scene.reading
    if judgement is not None:
        told_effective = state.clock.told is Counting.EFFECTIVE
        effective = judgement.counting is Counting.EFFECTIVE
        return () if told_effective or effective else tuple(r.id for r in judgement.reasons)
    if state.phase is not _GET_READY or move is not None:
        return ()
    if not reading.body_known:
        return (str(ReasonId.KNOWN_LOST),)
    if state.other.noticed:
        return (str(ReasonId.SIDE_OTHER),)
    if reading.misplaced:
        return (posture_reason(scene).id,)
    return tuple(r.id for r in verdict.reasons if verdict.action < Action.HOLD)


def _after(params: Params, scene: Scene, state: State) -> Scene:
    """The frame after its moves, which may have led to another side."""
    if state is scene.state:
        return scene
    return Scene(plan_of(params, state), params.settings, len(params.plans), state, scene.reading)


def _speak(
    params: Params, scene: Scene, judgement: Judgement | None, verdict: Verdict
) -> tuple[State, list[Decision]]:
    state, t_s = scene.state, scene.reading.t_s
    phrases = cues.phrases(scene, judgement, verdict, check=params.check)
    if not phrases:
        return state, []
    choice = speaking.choose(
        state.speech,
        phrases,
        t_s=t_s,
        settings=params.settings,
        cue_share=params.cue_share,
    )
    spoken, phrase = state, choice.said
    if choice.speech is not state.speech:
        spoken = replace(state, speech=choice.speech)
    decisions: list[Decision] = []
    if choice.held_back:
        decisions += _faded(params, spoken, choice.held_back)
    if phrase is not None:
        asks = phrase.priority is speaking.Priority.QUESTION
        if asks:
            spoken = replace(spoken, asking=questions.put(spoken.asking, t_s))
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


def _faded(
    params: Params, state: State, held_back: tuple[speaking.Phrase, ...]
) -> Iterator[Decision]:
    """What would have been said and why, and that it is left to the person."""
    for left in held_back:
        why = (*left.reasons, reason(ReasonId.CUE_FADED, cue_share_ratio=params.cue_share))
        decision = _decision(params, state, DecisionKind.FADED, why, cue_id=left.cue_id)
        yield replace(decision, held_back=left.wording.text)
