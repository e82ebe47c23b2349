"""The whole way of a held breath: from a sensor on the lowest rib to what the coach says."""

from pathlib import Path

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Decision, DecisionKind
from lengthwise.contracts.session import DecisionLogged, FrameLogged
from lengthwise.live.params import pipeline_params
from lengthwise.live.rehearsal import Led, Rehearsal, rehearsal_started
from lengthwise.live.session import session_events
from lengthwise.reference.constants import constant
from lengthwise.sim.faults import Fault, FaultKind
from lengthwise.sim.recording import Plan

HELD = Fault(FaultKind.BREATH_HELD, 17.0, 30.0)


def test_a_breath_held_too_long_is_eased_and_breathing_is_not(tmp_path: Path) -> None:
    plan = Plan(
        "chair_forward_fold", Side.LEFT, 4, sensors="imu4", duration_s=44.0, faults=(HELD,),
        sway_ratio=0.1,
    )  # fmt: skip
    led = Led(plan)
    params = pipeline_params(rehearsal_started(Rehearsal(plan, tmp_path), led.recording))
    decisions: list[Decision] = []
    paced = []
    for event in session_events(params, led.observations()):
        led.hear(event)
        if isinstance(event, DecisionLogged):
            decisions.append(event.decision)
        if isinstance(event, FrameLogged) and event.guidance is not None:
            paced.append(event.guidance.breath)
    times_s, _ = led.recording.truth()
    began_s = times_s[led.recording.breath_held()][0]
    breath = [d for d in decisions if any(r.id == "guarding.breath" for r in d.reasons)]
    assert breath[0].kind is DecisionKind.EASE
    limit_s = constant("coach", "breath_held_s")
    assert began_s + limit_s - 1.5 <= breath[0].t_s <= began_s + limit_s + 3.0
    assert breath[0].reasons[0].numbers["breath_held_s"] > limit_s
    assert any(d.cue_id == "ease" for d in breath)
    assert any(paced)
