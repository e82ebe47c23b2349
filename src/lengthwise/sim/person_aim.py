"""Where on the path of an exercise a simulated person goes, and how fast."""

from math import cos, exp, pi, radians, sin

from msgspec.structs import replace

from lengthwise.coach.reasons import ReasonId
from lengthwise.contracts.coordinates import Coordinate
from lengthwise.reference.exercise_taken import Way
from lengthwise.reference.exercises import Behaviour, Exercise
from lengthwise.sim import ramp_person
from lengthwise.sim.faults import Fault, FaultKind, of_kind
from lengthwise.sim.misses import miss_rad
from lengthwise.sim.person_state import Params, State

_SMOOTH_S = 0.3
_AIM = 0.66
"""Window position that the person goes for when there is a numeric window."""
_FURTHEST = 0.95
"""Window position that nobody is asked beyond."""


def target(params: Params, state: State, active: tuple[Fault, ...]) -> float:
    """The path share that the person goes for now; less of it when tired."""
    wanted = _wanted(params, state, active)
    for fault in of_kind(active, FaultKind.FATIGUE):
        wanted *= 1.0 - fault.size * fault.gone(state.held_s)
    return wanted


def _wanted(params: Params, state: State, active: tuple[Fault, ...]) -> float:
    if state.loaded_since_s is None:
        warms_up = state.heard == ramp_person.WARM_UP
        return ramp_person.rocking(state.t_s - state.heard_s) if warms_up else 0.0
    if params.looks_for is not None:
        return _looked_for(params, state, params.looks_for)
    behaviour, traits = params.exercise.behaviour, params.traits
    if of_kind(active, FaultKind.LET_GO):
        return 0.0
    if _goes_as_far_as_it_goes(params.exercise):
        return params.reach
    if behaviour is Behaviour.TO_AND_FRO:
        return _to_and_fro(params, state.t_s - state.loaded_since_s)
    if behaviour is Behaviour.HELD_STILL:
        return 1.0
    if behaviour is Behaviour.TIMED:
        return 0.0
    for fault in of_kind(active, FaultKind.OVERSHOOT):
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


def _to_and_fro(params: Params, moving_s: float) -> float:
    """Between both ends through the start; where there is one end, between start and end."""
    turn = 2 * pi * moving_s / params.cycle_s
    both = any(m.other_end_deg is not None for m in params.exercise.path)
    return sin(turn) if both else 0.5 * (1.0 - cos(turn))


def moved(state: State, target: float, dt_s: float, params: Params) -> State:
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
