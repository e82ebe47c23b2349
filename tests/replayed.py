"""Decisions of a sealed session as it was recorded and as the code of now decides them again."""

from pathlib import Path

from lengthwise.contracts.codec import encode
from lengthwise.contracts.observation import Observation
from lengthwise.contracts.session import DecisionLogged, ObservationLogged, SessionStarted
from lengthwise.live.params import pipeline_params
from lengthwise.live.session import session_events
from lengthwise.record.sealed_reading import read_sealed


def replayed_decisions(sealed: Path) -> tuple[list[bytes], list[bytes]]:
    """Decisions as recorded and as decided again now, each encoded; equal when all is well."""
    recorded: list[bytes] = []
    observations: list[Observation] = []
    started: SessionStarted | None = None
    for event in read_sealed(sealed):
        if isinstance(event, SessionStarted):
            started = event
        elif isinstance(event, ObservationLogged):
            observations.append(event.observation)
        elif isinstance(event, DecisionLogged):
            recorded.append(encode(event.decision))
    assert started is not None, f"{sealed} is no whole session"
    again = [
        encode(event.decision)
        for event in session_events(pipeline_params(started), observations)
        if isinstance(event, DecisionLogged)
    ]
    return recorded, again
