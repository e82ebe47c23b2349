"""A breath that is led through a hold, so that the hold ends with it and not in the middle.

It is led where there is nothing else to move: in stretches and where breathing is the exercise, at
about 6 a minute from the first moment of the hold. What the person breathes is not known here. A
hold whose seconds are full goes on to the end of the led breath, so for less than one breath; the
ceilings of the dose do not wait.
"""

from lengthwise.coach.plan import SidePlan
from lengthwise.coach.settings import Settings
from lengthwise.coach.state import State
from lengthwise.contracts.decision import Breath, Phase
from lengthwise.reference.exercises import Behaviour, ExerciseKind


def led(plan: SidePlan) -> bool:
    written = plan.exercise
    return written.behaviour is Behaviour.HELD_IN_WINDOW or written.kind is ExerciseKind.BREATHING


def unfinished(plan: SidePlan, held_s: float, settings: Settings) -> bool:
    """Whether a hold would end in the middle of a led breath now."""
    return led(plan) and held_s % settings.breath_s > settings.breath_slack_s


def shown(plan: SidePlan, state: State, settings: Settings) -> Breath | None:
    if state.phase is not Phase.HOLD or state.phase_start_s is None or state.t_s is None:
        return None
    if not led(plan):
        return None
    before, in_this_s = divmod(state.t_s - state.phase_start_s, settings.breath_s)
    inhaling = in_this_s < settings.breath_in_s
    out_s = settings.breath_s - settings.breath_in_s
    share = in_this_s / settings.breath_in_s
    if not inhaling:
        share = (in_this_s - settings.breath_in_s) / out_s
    return Breath(int(before) + 1, inhaling, share)
