"""What came of a test, as a value, and as the numbers of the decision that keeps it."""

from math import degrees

from lengthwise.coach import coach
from lengthwise.coach.guidance import side_of
from lengthwise.coach.reasons import ReasonId
from lengthwise.coach.taking_params import Params
from lengthwise.coach.taking_result import result
from lengthwise.coach.taking_state import State
from lengthwise.contracts.tested import Tested, Untaken
from lengthwise.reference.exercise_taken import Way

_ENDS: dict[Untaken | None, ReasonId] = {
    None: ReasonId.TEST_RESULT,
    Untaken.NOT_BEGUN: ReasonId.TEST_NOT_BEGUN,
    Untaken.NOT_REACHED: ReasonId.TEST_NOT_REACHED,
    Untaken.NOT_SEEN: ReasonId.TEST_NOT_SEEN,
    Untaken.NOT_STILL: ReasonId.TEST_NOT_STILL,
    Untaken.NOT_BACK: ReasonId.TEST_NOT_BACK,
    Untaken.NOT_CONTROLLED: ReasonId.TEST_NOT_CONTROLLED,
    Untaken.CONTROL_NOT_SEEN: ReasonId.TEST_CONTROL_NOT_SEEN,
    Untaken.EASED: ReasonId.TEST_EASED,
    Untaken.LOAD: ReasonId.TEST_LOAD,
    Untaken.STOPPED: ReasonId.TEST_STOPPED,
    Untaken.NOT_ANSWERED: ReasonId.TEST_NOT_ANSWERED,
    Untaken.CUT_OFF: ReasonId.TEST_CUT_OFF,
}


def end_of(untaken: Untaken | None) -> ReasonId:
    """The reason by which a test ended."""
    return _ENDS[untaken]


def tested(params: Params, led: coach.State, state: State) -> Tested:
    """What is told of the side that is tested now, as it stands."""
    rule = params.rule(led.side_index)
    told = result(rule, state)
    value = sd = None
    if told.value is not None:
        held = rule.way is Way.HELD
        value = told.value.mean if held else degrees(told.value.mean)
        sd = told.value.sd if held else degrees(told.value.sd)
    return Tested(
        params.led.exercise.id,
        side_of(params.led, led),
        value,
        sd,
        len(state.tries),
        told.controlled,
        state.symptom,
        state.before,
        state.after,
        state.at_least,
        told.untaken,
    )


def numbers(params: Params, found: Tested) -> dict[str, float]:
    """Only what is known stands there."""
    unit = "s" if params.rule(0).way is Way.HELD else "deg"
    told = {
        f"value_{unit}": found.value,
        f"sd_{unit}": found.sd,
        "tries": found.tries or None,
        "controlled": found.controlled,
        "symptom": found.symptom,
        "reach_before": found.reach_before,
        "reach_after": found.reach_after,
        "at_least": found.at_least or None,
    }
    return {name: float(value) for name, value in told.items() if value is not None}
