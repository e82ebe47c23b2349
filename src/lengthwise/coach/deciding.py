"""One decision of the coach, with its time, place and words."""

from lengthwise.coach.guidance import side_of
from lengthwise.coach.params import Params
from lengthwise.coach.state import State
from lengthwise.contracts.decision import Decision, DecisionKind, Reason
from lengthwise.reference.wording import Wording


def decision(
    params: Params,
    state: State,
    kind: DecisionKind,
    reasons: tuple[Reason, ...],
    *,
    cue_id: str | None = None,
    said: Wording | None = None,
) -> Decision:
    return Decision(
        t_s=0.0 if state.t_s is None else state.t_s,
        kind=kind,
        phase=state.phase,
        exercise_id=params.exercise.id,
        side=side_of(params, state),
        reasons=reasons,
        cue_id=cue_id,
        text=said.text if said else None,
        short=said.short if said else None,
        earcon=said.earcon if said else None,
        language=said.language if said else None,
    )
