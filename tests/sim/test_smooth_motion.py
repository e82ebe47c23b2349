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


def plan(exercise_id: str, *, lasts_s: float, **more: object) -> Plan:
    """From standing down into the start of an exercise, and so long in it."""
    return Plan(
        exercise_id,
        Side.LEFT,
        seed=3,
        sensors="camera+sacrum",
        duration_s=STAND_S + DOWN_S + lasts_s,
        stand_s=STAND_S,
        noise=0.0,
        **more,  # type: ignore[arg-type]
    )


def felt(plan: Plan) -> tuple[np.ndarray, np.ndarray]:
    """Specific force of the worn sensor, m/s2, and how far each landmark moves from one frame to
    the next, px; all of it finite, in order and as often as it should be."""
    items = list(SimulatedRecording(plan, guide=quick_guide).read())
    times_s = [o.t_s for o in items]
    assert times_s == sorted(times_s)
    forces = np.array([np.linalg.norm(o.acc_m_s2) for o in items if isinstance(o, ImuSample)])
    assert np.isfinite(forces).all()
    xy = np.array([o.xy_px for o in items if isinstance(o, LandmarkFrame)])
    assert len(xy) == pytest.approx(30 * plan.duration_s, rel=0.15)
    assert np.isfinite(xy).all()
    return forces, np.abs(np.diff(xy, axis=0))


@pytest.mark.parametrize("exercise_id", list(exercises()))
def test_nobody_falls_into_the_start_of_an_exercise(exercise_id: str) -> None:
    """From standing into what the file says; the first second of the exercise."""
    forces, moved_px = felt(plan(exercise_id, lasts_s=1.0))
    assert forces.min() > 4.0 and forces.max() < 20.0
    assert moved_px.max() < 45.0


@pytest.mark.parametrize("exercise_id", covering())
def test_no_sensor_feels_a_blow(exercise_id: str) -> None:
    """Through all phases on both sides, whatever goes wrong on the way."""
    faults = (early(PELVIS_TIPS, 0.5), early(OVERSHOOT, 0.2), early(LET_GO, 2.5))
    whole = plan(exercise_id, lasts_s=1.4 * ROUND_S, both_sides=True, faults=faults)
    forces, moved_px = felt(whole)
    assert forces.min() > 4.0 and forces.max() < 20.0
    assert moved_px.max() < 45.0
