"""The least time above a ceiling that words can leave, for the very hold that was led.

The same person with the same fault is led by the same guidance until the truth passes a tolerance
or a ceiling, and hears at that instant, from somebody who knows the truth, what to correct and to
ease. What is then left above the ceiling is the time to hear it and to come back.
"""

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
from msgspec.structs import replace

from lengthwise.coach.reasons import compensation_id
from lengthwise.contracts.decision import Guidance, Phase
from lengthwise.reference.exercises import exercise
from lengthwise.sim import person
from lengthwise.sim.recording import RATE_HZ, Plan, SimulatedRecording


def told_at_once(
    recording: SimulatedRecording, led: Sequence[Guidance], *, from_s: float, until_s: float
) -> tuple[np.ndarray, np.ndarray]:
    """Times (n,) in seconds and poses (n, 21) in radians of the person who is told at `from_s`.

    `led`: the guidance of the real run, in order of time.
    """
    plan = recording.plan
    params = _person(plan, recording)
    state = person.start(params)
    known_s = [g.t_s for g in led]
    times_s, poses = [], []
    for n in range(round(until_s * RATE_HZ) + 1):
        t_s = n / RATE_HZ
        state, truth = person.step(params, state, t_s, _heard(plan, led, known_s, t_s, from_s))
        times_s.append(t_s)
        poses.append(truth.pose_rad)
    return np.array(times_s), np.array(poses)


def _person(plan: Plan, recording: SimulatedRecording) -> person.Params:
    chosen = exercise(plan.exercise_id)
    return person.Params(chosen, (plan.side,), plan.seed, recording.traits, plan.faults)


def _heard(
    plan: Plan, led: Sequence[Guidance], known_s: list[float], t_s: float, from_s: float
) -> Guidance | None:
    """At an instant the person knows the guidance of the frame before it."""
    last = bisect_right(known_s, min(t_s, from_s) - 1e-9) - 1
    if t_s < plan.led_from_s or last < 0:
        return None
    if t_s < from_s:
        return led[last]
    broken = plan.faults[0].coordinate if plan.faults else None
    waits = () if broken is None else (str(compensation_id(broken)),)
    return replace(led[last], t_s=t_s, phase=Phase.HOLD, cue_id="ease", waiting_for=waits)
