"""Body and tissue as if no worn sensor had ever been doubted, beside the estimate that doubts.

They begin at the first doubt, from what was remembered just before it, and take all that comes
until the session ends. What they say is shown nowhere: limits are held against it as well
(`coach.if_moved`).
"""

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.body import estimator
from lengthwise.body.session_state import Sliding
from lengthwise.contracts.observation import Observation, PersonSignal
from lengthwise.contracts.states import BodyState, TissueState
from lengthwise.tissue import engine


class State(Struct, frozen=True):
    body: estimator.State
    tissue: engine.State


def begun(body: estimator.State, tissue: engine.State) -> State:
    """From what was remembered just before the first doubt."""
    return State(replace(body, sliding=Sliding(trusts=True), trail=None), tissue)


def step(
    body: estimator.Params, tissue: engine.Params, state: State, observation: Observation
) -> tuple[State, tuple[BodyState, TissueState] | None]:
    """One observation that is no word; where it gives a body state, that and its tissue."""
    seen_state, seen = estimator.step(body, state.body, observation)
    if seen.state is None:
        return State(seen_state, state.tissue), None
    measured, told = engine.step(tissue, state.tissue, seen.state)
    assert told is not None, "the tissue engine answers every body state"
    return State(seen_state, measured), (seen.state, told)


def marked(
    body: estimator.Params,
    tissue: engine.Params,
    state: State | None,
    signal: PersonSignal,
    *,
    muscles: bool,
) -> State | None:
    """A pose that was marked, and where `muscles` the lengths in it."""
    if state is None:
        return None
    measured, _ = engine.step(tissue, state.tissue, signal) if muscles else (state.tissue, None)
    if muscles and measured.marks is state.tissue.marks:
        return state
    after, _ = estimator.step(body, state.body, signal)
    return State(after, measured)
