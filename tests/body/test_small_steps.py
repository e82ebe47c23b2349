"""Small slow steps are followed while they are made, not seconds later."""

import numpy as np
import pytest

from lengthwise.body import estimator, going
from lengthwise.contracts.coordinates import INDEX, Coordinate, Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import PersonSignal, Posture, Segment, SignalKind, View
from lengthwise.sim.motions import motions
from lengthwise.sim.scripted import Film, Script, film

HIP = Coordinate.HIP_FLEXION_L
STAND_S, MARK_S, END_S = 4.0, 8.0, 23.0
STEPS = (
    (3.0, 0.0), (6.0, 0.45), (8.5, 0.45), (10.5, 0.6), (12.5, 0.6), (14.0, 0.7), (16.0, 0.7),
    (17.5, 0.8), (19.5, 0.8), (21.0, 0.9), (END_S, 0.9),
)  # fmt: skip
LUNGE = next(m for m in motions() if m.posture is Posture.HALF_KNEELING)


def lag_deg(filmed: Film, begin_s: float, sources: tuple[View | Segment, ...]) -> float:
    """How much more flexed than it is the hip is told on the steps after the mark, in the mean: who
    makes steps into extension and is followed late is told as more flexed."""
    params = estimator.Params(
        tuple(filmed.streams[s] for s in sources),
        LUNGE.posture,
        LUNGE.start_rad,
        zero_s=(0.5, 3.5),
        pelvis_kept=LUNGE.pelvis_kept,
    )
    state = estimator.start(params)
    mark = PersonSignal(
        begin_s + MARK_S, SignalKind.FIRST_RESISTANCE, ((MuscleGroup.PSOAS, Side.LEFT),)
    )
    errors, marked, at_mark = [], False, 0.0
    for observation in filmed.observations(sources):
        if not marked and observation.t_s > mark.t_s:
            state, _ = estimator.step(params, state, mark)
            marked = True
        state, heard = estimator.step(params, state, observation)
        if heard.state is None:
            continue
        true_rad = filmed.truth_at(np.array([heard.state.t_s]))[0, INDEX[HIP]]
        error = float(np.degrees(heard.state.believed(HIP).mean - true_rad))
        if not marked:
            at_mark = error
        elif heard.state.t_s >= begin_s + 10.5:
            errors.append(error - at_mark)
    return float(np.mean(errors))


@pytest.mark.parametrize("sources", [(View.LEFT,), (View.LEFT, Segment.PELVIS)])
def test_steps_that_no_landmark_tells_are_followed_sooner(
    sources: tuple[View | Segment, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    script = Script(
        LUNGE, 105, STEPS, views=(View.LEFT,), segments=(Segment.PELVIS,), stand_s=STAND_S
    )
    filmed = film(script)
    told = lag_deg(filmed, script.start_s, sources)
    monkeypatch.setattr(going, "_STEP_GOES", 0.0)
    assert lag_deg(filmed, script.start_s, sources) > told + 1.0
