"""A simulated person who listens to the coach: a pure step from guidance to the true pose.

    step(params, state, t_s, guidance) -> (state, Truth)

The person follows phases, stops at the first gentle pull where there is no numeric window, obeys
a cue after a reaction time and not perfectly, and does what the faults say.
"""

from dataclasses import dataclass, field
from math import cos, exp, pi, radians, sin

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.coach.reasons import ReasonId
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import INDEX, Coordinate, Side
from lengthwise.contracts.decision import Guidance, Phase, QuestionId
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.reference.constants import constant
from lengthwise.reference.exercise_taken import Way
from lengthwise.reference.exercises import Behaviour, Exercise
from lengthwise.sim import ramp_person
from lengthwise.sim.displaced import displaced
from lengthwise.sim.faults import Fault, FaultKind
from lengthwise.sim.misses import miss_rad
from lengthwise.sim.motion import Traits, alive, between, chest, eased, tipped
from lengthwise.sim.reaction import USUAL_S, reaction_s
from lengthwise.sim.stance import Stance

_CUE_STEP = constant("sim", "cue_step_ratio")
_TIRED_RAD = constant("sim", "fatigue_tremor_rad")
_LOADED = (Phase.EASE_IN, Phase.HOLD)
_SMOOTH_S = 0.3
_TURN_S = 4.0
_OVER_S = 8.0
"""From lying on one side to lying on the other."""
_CYCLE_S = 12.0
_TREMOR_HZ = 6.0
_CORRECTING_S = 1.5
_AIM = 0.66
"""Window position that the person goes for when there is a numeric window."""
_FURTHEST = 0.95
"""Window position that nobody is asked beyond."""
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


@dataclass(frozen=True)
class Params:
    """`exercise` as written for the left side; `sway_ratio`: how much of the usual sway there is;
    `looks_for`: the angle whose place is looked for with eyes closed, missed as with `back_pain`;
    `reach`: of a test, the share of the drawn path that is as far as the person goes, and `answers`
    to its questions, in the order of asking, the last one for all that follow; `carried`: the
    window position that the person goes to by themselves where a band draws them on from there.
    The other fields follow.
    """

    exercise: Exercise
    sides: tuple[Side, ...]
    seed: int
    traits: Traits
    faults: tuple[Fault, ...] = ()
    sway_ratio: float = 1.0
    looks_for: Coordinate | None = None
    back_pain: bool = False
    reach: float = 1.0
    answers: dict[QuestionId, tuple[float, ...]] = field(default_factory=dict)
    carried: float | None = None
    stances: dict[Side, Stance] = field(init=False)
    tips: float = field(init=False)
    cycle_s: float = field(init=False)

    def __post_init__(self) -> None:
        mistaken = any(f.kind is FaultKind.WRONG_SIDE for f in self.faults)
        sides = tuple(Side) if mistaken else self.sides
        stances = {s: Stance(self.exercise.for_side(s)) for s in sides}
        warned = [c for c in self.exercise.constraints if c.coordinate is Coordinate.PELVIS_TILT]
        tips = -1.0 if warned and warned[0].direction < 0 else 1.0
        cycle_s = self.exercise.dose.tempo.cycle_s or _CYCLE_S
        derived = {"stances": stances, "tips": tips, "cycle_s": cycle_s}
        for name, value in derived.items():
            object.__setattr__(self, name, value)


class State(Struct, frozen=True):
    """`share` of the path now and its rate of change; times are since when something is so.

    `turning_from`, `turning_share`: side and share that the person comes from when changing sides.
    `loaded_since_s`: led into a stretch; `hold_since_s`: holding; `holds` begun so far.
    `windowed`: a numeric window was shown in this stretch. `asked_s`: asked to correct something.
    `heard`: the last cue, `heeded` whether it was followed, `aim_change` what deeper and ease have
    added to the aim. `felt`: the first gentle pull of this way in has been told. `answered_s`:
    since when the question that was answered last was open. `cues`: heard so far. `breathless_s`:
    time without breath so far; `freed`: the hold in which the person was told to ease, and breathes
    again. `place`: share of the path that is looked for again, `finds`: how often so far.
    `ramps`: past the first gentle pull of a ramp; `ramp_said`: what is said in it was; `answers`
    given so far.
    """

    t_s: float
    side: Side
    share: float = 0.0
    share_per_s: float = 0.0
    turning_from: Side | None = None
    turning_share: float = 0.0
    turning_since_s: float = 0.0
    loaded_since_s: float | None = None
    hold_since_s: float | None = None
    holds: int = 0
    windowed: bool = False
    asked_s: float | None = None
    heard: str | None = None
    heard_s: float = 0.0
    heeded: bool = True
    aim_change: float = 0.0
    felt: bool = False
    answered_s: float | None = None
    cues: int = 0
    breathless_s: float = 0.0
    freed: int = 0
    place: float | None = None
    finds: int = 0
    ramps: bool = False
    ramp_said: bool = False
    answers: int = 0


class Truth(Struct, frozen=True):
    """`pose_rad` (21,) what the body really does; `share` of the path; a word of the person.

    `aside_m`: how far the person has stepped to their left; `company`: someone else is in view;
    `rolled`: lies on the right side (1) or the left one (-1), or is on the way between; else 0.
    `chest`: out (1) or in (-1); `breath_held`: it stays where it is. `cat`: how much of its way in
    front of the camera a cat has gone, None where there is none.
    """

    t_s: float
    pose_rad: np.ndarray
    share: float
    side: Side
    signal: PersonSignal | None = None
    aside_m: float = 0.0
    company: bool = False
    rolled: float = 0.0
    chest: float = 0.0
    breath_held: bool = False
    cat: float | None = None


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
    held = bool(_of(active, FaultKind.BREATH_HELD)) and state.freed != state.holds
    if held:
        state = replace(state, breathless_s=state.breathless_s + dt_s)
    state = _moved(state, _target(params, state, active), dt_s, params)
    state, signal = _felt(state, params, guidance)
    if signal is None and state.ramps and not state.ramp_said:
        signal = ramp_person.word(params.traits, state.share, t_s, params.faults)
        state = replace(state, ramp_said=signal is not None)
    if signal is None:
        state, signal = _answered(state, params, guidance)
    posed = replace(state, share=state.share + drawn) if drawn else state
    pose = frozen_array(_pose(params, posed, active))
    aside_m = sum(f.size * f.amount(_held_s(state), ramp_s=2.0) for f in _of(active, "step_away"))
    company = bool(_of(active, "second_person"))
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
        cat=next((_gone(f, state) for f in _of(active, FaultKind.CAT)), None),
    )


def _gone(fault: Fault, state: State) -> float:
    """Share of a fault's time that is over."""
    return (_held_s(state) - fault.from_s) / (fault.until_s - fault.from_s)


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


def _held_s(state: State) -> float:
    return 0.0 if state.hold_since_s is None else state.t_s - state.hold_since_s


def _active(params: Params, state: State) -> tuple[Fault, ...]:
    """Faults that happen now."""
    if state.hold_since_s is None:
        return ()
    held_s = _held_s(state)
    return tuple(
        fault
        for place, fault in enumerate(params.faults)
        if fault.from_s <= held_s < fault.until_s
        and fault.happens(seed=params.seed, hold=state.holds, place=place)
    )


def _of(active: tuple[Fault, ...], kind: str) -> tuple[Fault, ...]:
    return tuple(f for f in active if f.kind == kind)


def _obeyed(params: Params, state: State) -> float:
    """0 before a correction is followed, 1 once it is."""
    if state.asked_s is None:
        return 0.0
    takes_s = _reaction_s(params, state.holds)
    return eased((state.t_s - state.asked_s - takes_s) / _CORRECTING_S)


def _target(params: Params, state: State, active: tuple[Fault, ...]) -> float:
    """The path share that the person goes for now; less of it when tired."""
    wanted = _wanted(params, state, active)
    for fault in _of(active, FaultKind.FATIGUE):
        wanted *= 1.0 - fault.size * _gone(fault, state)
    return wanted


def _wanted(params: Params, state: State, active: tuple[Fault, ...]) -> float:
    if state.loaded_since_s is None:
        warms_up = state.heard == ramp_person.WARM_UP
        return ramp_person.rocking(state.t_s - state.heard_s) if warms_up else 0.0
    if params.looks_for is not None:
        return _looked_for(params, state, params.looks_for)
    behaviour, traits = params.exercise.behaviour, params.traits
    if _of(active, FaultKind.LET_GO):
        return 0.0
    if _goes_as_far_as_it_goes(params.exercise):
        return params.reach
    if behaviour is Behaviour.TO_AND_FRO:
        return _to_and_fro(params, state.t_s - state.loaded_since_s)
    if behaviour is Behaviour.HELD_STILL:
        return 1.0
    if behaviour is Behaviour.TIMED:
        return 0.0
    for fault in _of(active, FaultKind.OVERSHOOT):
        if state.aim_change >= 0.0:
            return traits.tolerance + fault.size
    if state.ramps:
        return ramp_person.aim(traits, state.aim_change, params.faults)
    return traits.share_at(_position(params, state))


def _position(params: Params, state: State) -> float:
    """The window position that is gone for; without a window the first gentle pull."""
    less = min(state.aim_change, 0.0)
    if not state.windowed:
        return less
    if params.carried is not None:
        return params.carried + less
    return min(_AIM + state.aim_change, _FURTHEST)


def _goes_as_far_as_it_goes(exercise: Exercise) -> bool:
    """In such a test people go as far as they choose, and stay."""
    return exercise.taken is not None and exercise.taken.way is Way.FURTHEST


def _looked_for(params: Params, state: State, coordinate: Coordinate) -> float:
    """Until told to stay towards the end of the path; then in the place, or where that seems."""
    if state.place is None:
        return 1.0
    if state.heard != ReasonId.REPOSITION_FIND:
        return state.place
    path = params.exercise.for_side(state.side).path
    way_rad = next(radians(m.end_deg - m.start_deg) for m in path if m.coordinate is coordinate)
    miss_rad_ = miss_rad(params.seed, state.finds, back_pain=params.back_pain)
    return state.place + miss_rad_ / abs(way_rad)


def _placed(params: Params, state: State) -> State:
    """A reaction time after "stay" the place is where the person is."""
    if params.looks_for is None or state.t_s - state.heard_s < USUAL_S:
        return state
    if state.heard == ReasonId.REPOSITION_STAY and state.place is None:
        return replace(state, place=state.share)
    return state


def _to_and_fro(params: Params, moving_s: float) -> float:
    """Between both ends through the start; where there is one end, between start and end."""
    turn = 2 * pi * moving_s / params.cycle_s
    both = any(m.other_end_deg is not None for m in params.exercise.path)
    return sin(turn) if both else 0.5 * (1.0 - cos(turn))


def _moved(state: State, target: float, dt_s: float, params: Params) -> State:
    """Slower the nearer, never faster than the person's own pace, and without jerks."""
    pace = params.traits.tolerance / params.traits.seconds_to_tolerance
    cycles = params.exercise.behaviour is Behaviour.TO_AND_FRO and params.looks_for is None
    if cycles and not _goes_as_far_as_it_goes(params.exercise):
        pace = 2 * pi / params.cycle_s
    if state.loaded_since_s is None and state.heard == ramp_person.WARM_UP:
        pace = 1.0
    wanted = min(max(1.2 * (target - state.share), -2.0 * pace), pace)
    rate = state.share_per_s + (wanted - state.share_per_s) * (1.0 - exp(-dt_s / _SMOOTH_S))
    return replace(state, share=state.share + rate * dt_s, share_per_s=rate)


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
    held_s = _held_s(state)
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
            size = _TIRED_RAD * _gone(fault, state) if tired else amount * fault.size
            shake = size * sin(2 * pi * _TREMOR_HZ * state.t_s)
            for motion in stance.exercise.path:
                pose[INDEX[motion.coordinate]] += shake
    breathing_s = state.t_s - state.breathless_s
    return alive(
        pose, state.t_s, params.traits, breathing_s=breathing_s, sway_ratio=params.sway_ratio
    )
