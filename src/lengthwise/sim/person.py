"""A simulated person who listens to the coach: a pure step from guidance to the true pose.

    step(params, state, t_s, guidance) -> (state, Truth)

The person follows phases, stops at the first gentle pull where there is no numeric window, obeys
a cue after a reaction time and not perfectly, and does what the faults say.
"""

from math import pi, sin

import numpy as np
from msgspec.structs import replace

from lengthwise.coach.reasons import ReasonId
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import INDEX, Side
from lengthwise.contracts.decision import Guidance, Phase, QuestionId
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import Behaviour
from lengthwise.sim import ramp_person
from lengthwise.sim.displaced import displaced
from lengthwise.sim.faults import Fault, FaultKind, of_kind
from lengthwise.sim.motion import alive, between, chest, eased, tipped
from lengthwise.sim.person_aim import moved, target
from lengthwise.sim.person_state import Params, State, Truth
from lengthwise.sim.reaction import USUAL_S, reaction_s

__all__ = ["Params", "State", "Truth", "start", "step"]

_CUE_STEP = constant("sim", "cue_step_ratio")
_TIRED_RAD = constant("sim", "fatigue_tremor_rad")
_LOADED = (Phase.EASE_IN, Phase.HOLD)
_TURN_S = 4.0
_OVER_S = 8.0
"""From lying on one side to lying on the other."""
_TREMOR_HZ = 6.0
_CORRECTING_S = 1.5
_OBEYED = 0.85
"""Share of a compensation that is taken back when asked."""
_ANSWERS_AFTER_S = 2.0
_ANSWERS = {
    QuestionId.SENSATION: (SignalKind.SENSATION, 4.0),
    QuestionId.PAIN: (SignalKind.PAIN, 1.0),
    QuestionId.REACH: (SignalKind.REACH, 0.0),
    QuestionId.CHANGED: (SignalKind.CHANGED, 0.0),
}
"""A stretch that is felt well and hurts as little as before."""
_STEPS = {
    "deeper": _CUE_STEP,
    "ease": -_CUE_STEP,
    ramp_person.STEP: ramp_person.STEP_POSITION,
}


def start(params: Params) -> State:
    return State(0.0, _taken_side(params, params.sides[0], 1))


def _taken_side(params: Params, asked: Side, repetition: int) -> Side:
    """The side that the person works when asked for one; the other one by mistake."""
    for place, fault in enumerate(params.faults):
        happens = fault.happens(seed=params.seed, hold=repetition, place=place)
        if fault.kind is FaultKind.WRONG_SIDE and happens and params.exercise.bilateral:
            return asked.other
    return asked


def step(
    params: Params, state: State, t_s: float, guidance: Guidance | None, *, drawn: float = 0.0
) -> tuple[State, Truth]:
    """One moment later. `guidance` None: nobody leads, the person keeps the start pose. `drawn`:
    share of the path by which something draws the person further than they go by themselves."""
    dt_s = max(t_s - state.t_s, 0.0)
    state = _listening(replace(state, t_s=t_s), params, guidance)
    state = _placed(params, state)
    active = _active(params, state)
    held = bool(of_kind(active, FaultKind.BREATH_HELD)) and state.freed != state.holds
    if held:
        state = replace(state, breathless_s=state.breathless_s + dt_s)
    state = moved(state, target(params, state, active), dt_s, params)
    state, signal = _felt(state, params, guidance)
    if signal is None and state.ramps and not state.ramp_said:
        signal = ramp_person.word(params.traits, state.share, t_s, params.faults)
        state = replace(state, ramp_said=signal is not None)
    if signal is None:
        state, signal = _answered(state, params, guidance)
    posed = replace(state, share=state.share + drawn) if drawn else state
    pose = frozen_array(_pose(params, posed, active))
    aside_m = sum(
        f.size * f.amount(state.held_s, ramp_s=2.0) for f in of_kind(active, FaultKind.STEP_AWAY)
    )
    company = bool(of_kind(active, FaultKind.SECOND_PERSON))
    return state, Truth(
        t_s,
        pose,
        posed.share,
        state.side,
        signal,
        aside_m,
        company,
        rolled=_rolled(params, state),
        chest=chest(t_s - state.breathless_s, params.traits),
        breath_held=held,
        cat=next((f.gone(state.held_s) for f in of_kind(active, FaultKind.CAT)), None),
    )


def _rolled(params: Params, state: State) -> float:
    """Who lies on the side has the working one up; to change it they get up and lie down again."""
    down = params.exercise.for_side(state.side).side_down
    if down is None:
        return 0.0
    rolled = 1.0 if down is Side.RIGHT else -1.0
    if state.turning_from is None:
        return rolled
    return rolled * (2.0 * eased((state.t_s - state.turning_since_s) / _OVER_S) - 1.0)


def _listening(state: State, params: Params, guidance: Guidance | None) -> State:
    """What the coach says and shows, taken in."""
    if guidance is None:
        return state
    t_s = state.t_s
    loaded, holding = guidance.phase in _LOADED, guidance.phase is Phase.HOLD
    begins_hold = holding and state.hold_since_s is None
    asked = any(w.startswith("compensation.") for w in guidance.waiting_for)
    asked_s = t_s if asked and state.asked_s is None else state.asked_s
    heard = replace(
        state,
        loaded_since_s=_since(state.loaded_since_s, t_s) if loaded else None,
        hold_since_s=_since(state.hold_since_s, t_s) if holding else None,
        holds=state.holds + begins_hold,
        windowed=loaded and (state.windowed or guidance.gauge is not None),
        asked_s=asked_s if holding else None,
        aim_change=state.aim_change if loaded else 0.0,
        felt=state.felt and loaded,
        ramps=loaded and (state.ramps or guidance.cue_id in ("ramp.wait", ramp_person.STEP)),
        ramp_said=loaded and state.ramp_said,
    )
    heard = _cued(heard, params, guidance)
    side = _taken_side(params, guidance.side or params.sides[0], guidance.repetition)
    if side is not state.side and side in params.stances:
        return replace(
            heard,
            side=side,
            turning_from=state.side,
            turning_share=state.share,
            turning_since_s=t_s,
            share=0.0,
            share_per_s=0.0,
        )
    return heard


def _since(begun_s: float | None, t_s: float) -> float:
    return t_s if begun_s is None else begun_s


def _cued(state: State, params: Params, guidance: Guidance) -> State:
    """A little more or a little less, once for each time it is said, after a reaction time.

    What is meant is taken in, whatever the language that it is said in.
    """
    cue = guidance.cue_id
    if cue != state.heard:
        state = replace(state, finds=state.finds + (cue == ReasonId.REPOSITION_FIND))
        state = replace(
            state,
            heard=cue,
            heard_s=state.t_s,
            heeded=cue not in _STEPS,
            cues=state.cues + (cue in _STEPS),
        )
    takes_s = _reaction_s(params, state.cues)
    if state.heeded or state.heard is None or state.t_s - state.heard_s < takes_s:
        return state
    freed = state.holds if state.heard == "ease" else state.freed
    change = state.aim_change + _STEPS[state.heard]
    return replace(state, heeded=True, aim_change=change, freed=freed)


def _reaction_s(params: Params, count: int) -> float:
    """The usual time; of who is slow, one that differs from cue to cue."""
    for fault in params.faults:
        if fault.kind is FaultKind.SLOW_TO_REACT:
            return reaction_s(params.seed, count, slower=fault.size)
    return USUAL_S


def _active(params: Params, state: State) -> tuple[Fault, ...]:
    """Faults that happen now."""
    if state.hold_since_s is None:
        return ()
    held_s = state.held_s
    return tuple(
        fault
        for place, fault in enumerate(params.faults)
        if fault.from_s <= held_s < fault.until_s
        and fault.happens(seed=params.seed, hold=state.holds, place=place)
    )


def _obeyed(params: Params, state: State) -> float:
    """0 before a correction is followed, 1 once it is."""
    if state.asked_s is None:
        return 0.0
    takes_s = _reaction_s(params, state.holds)
    return eased((state.t_s - state.asked_s - takes_s) / _CORRECTING_S)


def _placed(params: Params, state: State) -> State:
    """A reaction time after "stay" the place is where the person is."""
    if params.looks_for is None or state.t_s - state.heard_s < USUAL_S:
        return state
    if state.heard == ReasonId.REPOSITION_STAY and state.place is None:
        return replace(state, place=state.share)
    return state


def _felt(
    state: State, params: Params, guidance: Guidance | None
) -> tuple[State, PersonSignal | None]:
    """One word when the first gentle pull is felt, once in each way in."""
    leading = guidance is not None and guidance.phase is Phase.EASE_IN
    stretch = params.exercise.behaviour is Behaviour.HELD_IN_WINDOW
    reached = state.share >= params.traits.first_resistance - 0.01
    if not (leading and stretch and reached) or state.felt:
        return state, None
    return replace(state, felt=True), PersonSignal(state.t_s, SignalKind.FIRST_RESISTANCE)


def _answered(
    state: State, params: Params, guidance: Guidance | None
) -> tuple[State, PersonSignal | None]:
    """A number for each question, once; `answered_s`: since when the last answered one was open."""
    asked = None if guidance is None else guidance.question
    if asked is None or asked.asked_s == state.answered_s:
        return state, None
    if state.t_s - asked.asked_s < _ANSWERS_AFTER_S:
        return state, None
    kind, value = _ANSWERS[asked.id]
    own = params.answers.get(asked.id)
    if own:
        value = own[min(state.answers, len(own) - 1)]
    state = replace(state, answered_s=asked.asked_s, answers=state.answers + 1)
    return state, PersonSignal(state.t_s, kind, value=value)


def _pose(params: Params, state: State, active: tuple[Fault, ...]) -> np.ndarray:
    stance = params.stances[state.side]
    pose = stance.pose_rad(state.share)
    turned = state.t_s - state.turning_since_s
    if state.turning_from is not None and turned < _TURN_S:
        before = params.stances[state.turning_from].pose_rad(state.turning_share)
        pose = between(before, pose, turned / _TURN_S)
    held_s = state.held_s
    for fault in active:
        amount = fault.amount(held_s)
        if fault.kind is FaultKind.PELVIS_TIPS:
            left = 1.0 - _OBEYED * _obeyed(params, state)
            pose = tipped(pose, params.tips * left * amount * fault.size)
        elif fault.kind is FaultKind.LEAVES and fault.coordinate is not None:
            left = 1.0 - _OBEYED * _obeyed(params, state)
            pose = displaced(pose, fault.coordinate, left * amount * fault.size, stance)
        elif fault.kind in (FaultKind.TREMOR, FaultKind.FATIGUE):
            tired = fault.kind is FaultKind.FATIGUE
            size = _TIRED_RAD * fault.gone(state.held_s) if tired else amount * fault.size
            shake = size * sin(2 * pi * _TREMOR_HZ * state.t_s)
            for motion in stance.exercise.path:
                pose[INDEX[motion.coordinate]] += shake
    breathing_s = state.t_s - state.breathless_s
    return alive(
        pose, state.t_s, params.traits, breathing_s=breathing_s, sway_ratio=params.sway_ratio
    )
