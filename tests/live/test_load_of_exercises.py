"""Of which led exercises the load of the low back is told."""

import pytest

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.observation import Posture
from lengthwise.contracts.person import Person
from lengthwise.contracts.session import LOG_VERSION, SessionConfig, SessionStarted
from lengthwise.live.params import pipeline_params
from lengthwise.sim.recording import Plan, SimulatedRecording

HEADER = SimulatedRecording(Plan("standing_side_bend", Side.LEFT, seed=11, duration_s=12.0)).header


def carried_in(exercise_id: str, held_kg: float | None = None) -> Posture:
    started = SessionStarted(
        LOG_VERSION,
        "20260101T000000Z-000000",
        "2026-01-01T00:00:00Z",
        "test",
        SessionConfig(exercise_id=exercise_id, held_kg=held_kg),
        HEADER,
        Person("test", simulated=True),
    )
    load = pipeline_params(started).tissue.load
    assert load is not None
    return load.posture


@pytest.mark.parametrize(
    ("exercise_id", "held_kg", "posture"),
    [
        ("bridge", None, Posture.UNKNOWN),
        ("side_bridge", None, Posture.UNKNOWN),
        ("dead_bug", None, Posture.UNKNOWN),
        ("supine_hamstring", None, Posture.SUPINE),
        ("box_lift", None, Posture.UNKNOWN),
        ("box_lift", 4.0, Posture.STANDING),
        ("hip_hinge", None, Posture.STANDING),
    ],
)
def test_work_lying_down_and_an_unstated_weight_leave_the_load_unknown(
    exercise_id: str, held_kg: float | None, posture: Posture
) -> None:
    assert carried_in(exercise_id, held_kg) is posture
