"""What stands around the holds, as decisions: the countdown before and the questions after."""

from msgspec.structs import replace

from lengthwise.coach import countdown, questions, ramp_moves
from lengthwise.coach.deciding import decision
from lengthwise.coach.envelope import Verdict
from lengthwise.coach.params import Params
from lengthwise.coach.phases import Scene
from lengthwise.coach.reasons import ReasonId, reason
from lengthwise.coach.state import Countdown, State
from lengthwise.contracts.decision import Decision, DecisionKind, Earcon


def around(params: Params, scene: Scene, now: Verdict) -> tuple[State, tuple[Decision, ...]]:
    """One frame at rest; `now`: what all limits allow."""
    state, left = _asked(params, scene)
    if state.on_ramp is not None and ramp_moves.waits(state.on_ramp):
        return replace(state, countdown=Countdown()), left
    state, heard = _counted_in(params, scene.at(state), now)
    return state, (*left, *heard)


def _asked(params: Params, scene: Scene) -> tuple[State, tuple[Decision, ...]]:
    """Questions after a set: what is to be put, and what has waited long enough."""
    state = scene.state
    asking, left = questions.followed(scene, params.limits.baseline_nrs)
    if asking is state.asking:
        return state, ()
    return replace(state, asking=asking), unanswered(params, state, left)


def unanswered(
    params: Params, state: State, left: tuple[questions.Left, ...]
) -> tuple[Decision, ...]:
    return tuple(
        decision(
            params,
            state,
            DecisionKind.UNANSWERED,
            one.reasons,
            cue_id=str(questions.REASON_OF[one.id]),
        )
        for one in left
    )


def _counted_in(params: Params, scene: Scene, now: Verdict) -> tuple[State, tuple[Decision, ...]]:
    """Three, two, one: each number once, as a sound."""
    state = scene.state
    counting, count = countdown.followed(scene, now)
    counted = state if counting == state.countdown else replace(state, countdown=counting)
    if count is None:
        return counted, ()
    why = reason(ReasonId.GET_READY_COUNTING, count=float(count))
    heard = decision(params, counted, DecisionKind.COUNTDOWN, (why,))
    return counted, (replace(heard, earcon=Earcon.COUNT),)
