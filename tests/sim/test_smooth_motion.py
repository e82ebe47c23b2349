"""Bodies do not teleport: between phases, sides and postures everything moves smoothly."""

import numpy as np
import pytest

from covering import covering
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Guidance, Phase
from lengthwise.contracts.observation import ImuSample, LandmarkFrame
from lengthwise.reference.exercises import exercises
from lengthwise.sim.faults import LET_GO, OVERSHOOT, PELVIS_TIPS, Fault
from lengthwise.sim.recording import Plan, SimulatedRecording

STAND_S, DOWN_S, ROUND_S = 1.0, 4.0, 15.0
PHASES = ((Phase.GET_READY, 4.0), (Phase.EASE_IN, 7.0), (Phase.HOLD, 11.0), (Phase.RELEASE, 15.0))


def quick_guide(t_s: float) -> Guidance:
    """A coach in a hurry: both sides within half a minute, released early, with a lapse."""
    turn, within = divmod(max(t_s - STAND_S - DOWN_S, 0.0), ROUND_S)
    phase = next(p for p, end in PHASES if within < end)
    side = list(Side)[int(turn) % 2]
    return Guidance(t_s, phase, "", side, 1, 2, 0.0, 0.0, 0.0, 4.0, None, None)


def early(fault: Fault, from_s: float) -> Fault:
    return Fault(fault.kind, from_s, from_s + 3.0, fault.size)


def feels_no_blow(plan: Plan) -> None:
    items = list(SimulatedRecording(plan, guide=quick_guide).read())
    times_s = [o.t_s for o in items]
    assert times_s == sorted(times_s)
    forces = [np.linalg.norm(o.acc_m_s2) for o in items if isinstance(o, ImuSample)]
    assert np.isfinite(forces).all()
    assert min(forces) > 4.0
    assert max(forces) < 20.0
    xy = np.array([o.xy_px for o in items if isinstance(o, LandmarkFrame)])
    assert len(xy) == pytest.approx(30 * plan.duration_s, rel=0.15)
    assert np.isfinite(xy).all()
    assert np.abs(np.diff(xy, axis=0)).max() < 45.0


@pytest.mark.parametrize("exercise_id", list(exercises()))
def test_nobody_falls_into_the_start_of_an_exercise(exercise_id: str) -> None:
    """From standing into what the file says; the first second of the exercise."""
    feels_no_blow(
        Plan(
            exercise_id,
            Side.LEFT,
            seed=3,
            sensors="camera+sacrum",
            duration_s=STAND_S + DOWN_S + 1.0,
            stand_s=STAND_S,
            noise=0.0,
        )
    )


@pytest.mark.parametrize("exercise_id", covering())
def test_no_sensor_feels_a_blow(exercise_id: str) -> None:
    """Through all phases on both sides, whatever goes wrong on the way."""
    feels_no_blow(
        Plan(
            exercise_id,
            Side.LEFT,
            seed=3,
            sensors="camera+sacrum",
            duration_s=STAND_S + DOWN_S + 1.4 * ROUND_S,
            stand_s=STAND_S,
            noise=0.0,
            both_sides=True,
            faults=(early(PELVIS_TIPS, 0.5), early(OVERSHOOT, 0.2), early(LET_GO, 2.5)),
        )
    )
