"""The events of a simulated person's session, through the real steps; for measuring the record.

A camera before a coached lunge: what a live session of a webcam would log.
"""

from collections.abc import Iterator

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.observation import LandmarkFrame
from lengthwise.contracts.person import Person
from lengthwise.contracts.session import (
    LOG_VERSION,
    ObservationLogged,
    SessionConfig,
    SessionEnded,
    SessionEvent,
    SessionStarted,
)
from lengthwise.live.params import pipeline_params
from lengthwise.live.session import session_events
from lengthwise.sim.recording import Plan, SimulatedRecording

RATE_HZ = 30.0


def plan(seconds: float) -> Plan:
    return Plan("half_kneeling_hip_flexor", Side.LEFT, seed=1, sensors="camera", duration_s=seconds)


def started(session_id: str, profile_id: str, *, seconds: float) -> SessionStarted:
    chosen = plan(seconds)
    return SessionStarted(
        version=LOG_VERSION,
        session_id=session_id,
        started_utc="2026-01-31T08:15:00.000Z",
        software="lengthwise bench",
        config=SessionConfig(chosen.exercise_id, chosen.side, zero_s=(0.5, chosen.stand_s)),
        recording=SimulatedRecording(chosen).header,
        person=Person(profile_id, simulated=True),
    )


def frames(seconds: float) -> Iterator[list[SessionEvent]]:
    """Each image with everything that followed from it, without the session's end."""
    params = pipeline_params(started("20260131T081500Z-000000", "bench", seconds=seconds))
    together: list[SessionEvent] = []
    for event in session_events(params, SimulatedRecording(plan(seconds)).read()):
        if is_image(event) and together:
            yield together
            together = []
        if not isinstance(event, SessionEnded):
            together.append(event)
    yield together


def is_image(event: SessionEvent) -> bool:
    return isinstance(event, ObservationLogged) and isinstance(event.observation, LandmarkFrame)
