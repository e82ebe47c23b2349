"""A simulated person who listens to the coach: a pure step from guidance to the true pose.

    step(params, state, t_s, guidance) -> (state, Truth)

The person follows phases, stops at the first gentle pull where there is no numeric window, obeys
a cue after a reaction time and not perfectly, and does what the faults say.
"""

from dataclasses import dataclass, field
from math import exp, pi, sin

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import INDEX, Side
from lengthwise.contracts.decision import Guidance, Phase
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import Exercise, ExerciseKind
from lengthwise.sim.faults import Fault, FaultKind
from lengthwise.sim.motion import (
    Traits,
    alive,
    between,
    derived,
    pose_rad,
    start_pose_rad,
    tipped_forward,
)

_REACTION_S = constant("sim", "reaction_s")
_SMOOTH_S = 0.3
_TURN_S = 4.0
_CYCLE_S = 6.0
_TREMOR_HZ = 6.0
_AIM = 0.72
"""Window position that the person goes for when there is a numeric window."""
_OBEYED = 0.85
"""Share of a compensation that is taken back when asked."""


@dataclass(frozen=True)
class Params:
    """`exercise` as written for the left side. The other fields follow."""

    exercise: Exercise
    sides: tuple[Side, ...]
    seed: int
    traits: Traits
    faults: tuple[Fault, ...] = ()
    by_side: dict[Side, Exercise] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_side", {s: self.exercise.for_side(s) for s in self.sides})


class State(Struct, frozen=True):
    """`share` of the path now and its rate of change; `asked_s`: since when the person has been
    asked to correct something; `felt`: the first gentle pull of this way in has been told.
    """

    t_s: float
    side: Side
    share: float = 0.0
    share_per_s: float = 0.0
    turning_from: Side | None = None
    turning_since_s: float = 0.0
    hold_since_s: float | None = None
    asked_s: float | None = None
    felt: bool = False


class Truth(Struct, frozen=True):
    """`pose_rad` (21,) what the body really does; `share` of the path; a word of the person."""

    t_s: float
    pose_rad: np.ndarray
    share: float
    side: Side
    signal: PersonSignal | None = None


def start(params: Params) -> State:
    return State(0.0, params.sides[0])


def step(
    params: Params, state: State, t_s: float, guidance: Guidance | None
) -> tuple[State, Truth]:
    """One moment later. `guidance` None: nobody leads, the person keeps the start pose."""
    dt_s = max(t_s - state.t_s, 0.0)
    state = _listening(replace(state, t_s=t_s), params, guidance, t_s)
    state = _moved(state, _target(params, state, guidance), dt_s, params.traits)
    state, signal = _felt(state, params, guidance)
    pose = _pose(params, state)
    return state, Truth(t_s, frozen_array(pose), state.share, state.side, signal)


def _listening(state: State, params: Params, guidance: Guidance | None, t_s: float) -> State:
    if guidance is None:
        return state
    holding = guidance.phase is Phase.HOLD
    since = (state.hold_since_s if state.hold_since_s is not None else t_s) if holding else None
    asked = any(w.startswith("compensation.") for w in guidance.waiting_for)
    asked_s = (state.asked_s if state.asked_s is not None else t_s) if asked else state.asked_s
    felt = state.felt and guidance.phase in (Phase.EASE_IN, Phase.HOLD)
    state = replace(state, hold_since_s=since, asked_s=asked_s if holding else None, felt=felt)
    side = guidance.side or params.sides[0]
    if side is not state.side and side in params.by_side:
        return replace(state, side=side, turning_from=state.side, turning_since_s=t_s)
    return state


def _target(params: Params, state: State, guidance: Guidance | None) -> float:
    """The path share that the person goes for now."""
    if guidance is None or guidance.phase not in (Phase.EASE_IN, Phase.HOLD):
        return 0.0
    kind, traits = params.exercise.kind, params.traits
    if kind is ExerciseKind.ACTIVE_MOBILITY:
        return abs(sin(pi * state.t_s / _CYCLE_S))
    aim = 1.0
    if kind is ExerciseKind.STATIC_STRETCH:
        aim = traits.share_at(_AIM) if guidance.gauge else traits.first_resistance
    for fault in _active(params, state):
        if fault.kind is FaultKind.OVERSHOOT and not _obeying(state):
            aim = traits.tolerance + fault.size
        elif fault.kind is FaultKind.LET_GO:
            aim = 0.0
    return aim


def _active(params: Params, state: State) -> list[Fault]:
    if state.hold_since_s is None:
        return []
    held_s = state.t_s - state.hold_since_s
    return [f for f in params.faults if f.from_s <= held_s < f.until_s]


def _obeying(state: State) -> bool:
    return state.asked_s is not None and state.t_s - state.asked_s > _REACTION_S


def _moved(state: State, target: float, dt_s: float, traits: Traits) -> State:
    """Slower the nearer, never faster than the person's own pace, and without jerks."""
    pace = traits.tolerance / traits.seconds_to_tolerance
    wanted = min(max(1.2 * (target - state.share), -2.0 * pace), pace)
    rate = state.share_per_s + (wanted - state.share_per_s) * (1.0 - exp(-dt_s / _SMOOTH_S))
    return replace(state, share=state.share + rate * dt_s, share_per_s=rate)


def _felt(
    state: State, params: Params, guidance: Guidance | None
) -> tuple[State, PersonSignal | None]:
    """One word when the first gentle pull is felt, once in each way in."""
    leading = guidance is not None and guidance.phase is Phase.EASE_IN
    stretch = params.exercise.kind is ExerciseKind.STATIC_STRETCH
    reached = state.share >= params.traits.first_resistance - 0.01
    if not (leading and stretch and reached) or state.felt:
        return state, None
    return replace(state, felt=True), PersonSignal(state.t_s, SignalKind.FIRST_RESISTANCE)


def _pose(params: Params, state: State) -> np.ndarray:
    other_way = state.t_s % (2 * _CYCLE_S) >= _CYCLE_S
    pose = pose_rad(params.by_side[state.side], state.share, other_way=other_way)
    if state.turning_from is not None:
        old = start_pose_rad(params.by_side[state.turning_from])
        pose = between(old, pose, (state.t_s - state.turning_since_s) / _TURN_S)
    for fault in _active(params, state):
        if fault.kind is FaultKind.PELVIS_TIPS:
            left = (1.0 - _OBEYED) if _obeying(state) else 1.0
            pose = tipped_forward(pose, left * fault.size)
        elif fault.kind is FaultKind.TREMOR:
            shake = fault.size * sin(2 * pi * _TREMOR_HZ * state.t_s)
            for motion in params.by_side[state.side].path:
                pose[INDEX[motion.coordinate]] += shake
    return alive(derived(pose, chest_moves=True), state.t_s, params.traits)
