"""Use case: a test read out of a recording."""

from collections.abc import Iterable
from contextlib import closing

from lengthwise.coach import taking_led
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import Observation, Rejection
from lengthwise.contracts.session import FrameLogged, SessionStarted
from lengthwise.contracts.tested import Tested
from lengthwise.live import pipeline
from lengthwise.live.analyze import AnalyzeRequest, open_request, session_started
from lengthwise.live.params import pipeline_params
from lengthwise.live.session import session_events
from lengthwise.reference.exercises import guided_tests


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
