"""Use case: a test read out of a recording, or out of what a session of it kept."""

from collections.abc import Iterable
from contextlib import closing

from msgspec.structs import replace

from lengthwise.coach import taking_led
from lengthwise.contracts.decision import Decision, DecisionKind
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import Observation, Rejection
from lengthwise.contracts.session import FrameLogged, SessionStarted
from lengthwise.contracts.tested import Tested, Untaken
from lengthwise.live import pipeline
from lengthwise.live.analyze import AnalyzeRequest, open_request, session_started
from lengthwise.live.params import pipeline_params
from lengthwise.live.session import session_events
from lengthwise.reference.exercises import guided_tests

_RESULT = "test."
_TAKEN = "test.result"


def read_out(request: AnalyzeRequest) -> tuple[Tested, ...]:
    """Each side of the test in a recording; nothing is written. Raises InputError."""
    if request.config.exercise_id not in guided_tests():
        raise InputError(
            "--test",
            value=request.config.exercise_id,
            allowed=", ".join(guided_tests()),
            remedy="choose one of these",
        )
    recording = open_request(request)
    with closing(recording):
        return tested_in(session_started(request, recording), recording.read())


def tested_in(
    started: SessionStarted, observations: Iterable[Observation | Rejection]
) -> tuple[Tested, ...]:
    """The results of a session of a test, as far as it goes."""
    params = pipeline_params(started)
    if params.taking is None:
        raise ValueError(f"{started.config.exercise_id} is no test")
    last: list[taking_led.State] = [taking_led.start(params.taking)]

    def watch(state: pipeline.State, _: FrameLogged) -> None:
        if state.taking is not None:
            last[0] = state.taking

    for _ in session_events(params, observations, watch=watch):
        pass
    return taking_led.found(params.taking, last[0])


def of_decision(decision: Decision) -> Tested | None:
    """The result that a decision of a session keeps; None for any other decision."""
    if decision.kind is not DecisionKind.MARK or not decision.reasons:
        return None
    why = decision.reasons[0]
    if not why.id.startswith(_RESULT) or decision.exercise_id not in guided_tests():
        return None
    n = why.numbers
    untaken = None if why.id == _TAKEN else Untaken(why.id.removeprefix(_RESULT))
    found = Tested(
        decision.exercise_id,
        decision.side,
        n.get("value_deg", n.get("value_s")),
        n.get("sd_deg", n.get("sd_s")),
        round(n.get("tries", 0.0)),
        untaken=untaken,
        at_least=bool(n.get("at_least", 0.0)),
    )
    return replace(
        found,
        controlled=bool(n["controlled"]) if "controlled" in n else None,
        symptom=bool(n["symptom"]) if "symptom" in n else None,
        reach_before=round(n["reach_before"]) if "reach_before" in n else None,
        reach_after=round(n["reach_after"]) if "reach_after" in n else None,
    )
