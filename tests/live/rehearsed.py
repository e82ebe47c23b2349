"""A simulated person led through a session, and what was decided and shown."""

from pathlib import Path

from lengthwise.contracts.decision import Decision, Guidance
from lengthwise.contracts.session import DecisionLogged, FrameLogged
from lengthwise.live.params import pipeline_params
from lengthwise.live.rehearsal import Led, Rehearsal, rehearsal_started
from lengthwise.live.session import session_events
from lengthwise.sim.recording import Plan


def rehearsed(plan: Plan, folder: Path) -> tuple[list[Decision], list[Guidance], Led]:
    led = Led(plan)
    params = pipeline_params(rehearsal_started(Rehearsal(plan, folder), led.recording))
    decisions: list[Decision] = []
    shown: list[Guidance] = []
    for event in session_events(params, led.observations()):
        led.hear(event)
        if isinstance(event, DecisionLogged):
            decisions.append(event.decision)
        if isinstance(event, FrameLogged) and event.guidance is not None:
            shown.append(event.guidance)
    return decisions, shown, led
