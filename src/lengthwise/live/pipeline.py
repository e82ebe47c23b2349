"""The way of one observation through body, tissue and coach, as one pure step."""

from dataclasses import dataclass, field

import msgspec
from msgspec import Struct

from lengthwise.body import breathing, estimator
from lengthwise.body.anatomy import Anatomy
from lengthwise.coach import coach
from lengthwise.coach.state import State as CoachState
from lengthwise.contracts.decision import Decision
from lengthwise.contracts.observation import Observation, PersonSignal, Rejection, SignalKind
from lengthwise.contracts.session import FrameLogged
from lengthwise.tissue import engine

MARKS = (SignalKind.FIRST_RESISTANCE, SignalKind.TOLERANCE)


@dataclass(frozen=True)
class Params:
    """`anatomy` is the scaled body that the tissue step measures; `coach` is None where a recording
    is measured and not coached.
    """

    anatomy: Anatomy
    body: estimator.Params
    tissue: engine.Params
    coach: coach.Params | None
    breath: breathing.Limits = field(default_factory=breathing.published_limits)


class State(Struct, frozen=True):
    body: estimator.State
    tissue: engine.State
    coach: CoachState | None
    breath: breathing.State = breathing.State()


class Output(Struct, frozen=True):
    """`frame` is there at camera frames and ticks."""

    frame: FrameLogged | None
    decisions: tuple[Decision, ...]
    rejections: tuple[Rejection, ...]


def start(params: Params) -> State:
    return State(
        estimator.start(params.body),
        engine.start(params.tissue),
        coach.start(params.coach) if params.coach else None,
    )


def step(params: Params, state: State, observation: Observation) -> tuple[State, Output]:
    if isinstance(observation, PersonSignal):
        return _signal(params, state, observation)
    body_state, seen = estimator.step(params.body, state.body, observation)
    breath_state = breathing.step(params.breath, state.breath, observation)
    if seen.state is None:
        moved = msgspec.structs.replace(state, body=body_state, breath=breath_state)
        return moved, Output(None, (), seen.rejections)
    tissue_state, tissue = engine.step(params.tissue, state.tissue, seen.state)
    assert tissue is not None, "the tissue engine answers every body state"
    told = msgspec.structs.replace(seen.state, marks=())
    if params.coach is None or state.coach is None:
        frame = FrameLogged(told, tissue, None)
        moved = State(body_state, tissue_state, None, breath_state)
        return moved, Output(frame, (), seen.rejections)
    breath = breathing.told(params.breath, breath_state, seen.state.t_s)
    shown = coach.CoachFrame(seen.state, tissue, breath_held_s=breath.held_s)
    coach_state, said = coach.step(params.coach, state.coach, shown)
    frame = FrameLogged(told, tissue, said.guidance)
    moved = State(body_state, tissue_state, coach_state, breath_state)
    return moved, Output(frame, said.decisions, seen.rejections)


def _signal(params: Params, state: State, signal: PersonSignal) -> tuple[State, Output]:
    """A word from the person: body and tissue mark the pose first, so that the coach sees it."""
    if params.coach is None or state.coach is None:
        return state, Output(None, (), ())
    if signal.kind in MARKS and not signal.targets:
        signal = msgspec.structs.replace(
            signal, targets=coach.current_targets(params.coach, state.coach)
        )
    body_state, _ = estimator.step(params.body, state.body, signal)
    tissue_state, _ = engine.step(params.tissue, state.tissue, signal)
    coach_state, said = coach.step(params.coach, state.coach, signal)
    moved = State(body_state, tissue_state, coach_state, state.breath)
    return moved, Output(None, said.decisions, ())
