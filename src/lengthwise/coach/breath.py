"""Whole breaths: a hold ends with the paced breath and not in the middle of it.

A hold whose seconds are full goes on to the end of the breath that the pacer leads, so for less
than one breath; the ceilings of the dose do not wait, and no word of the person does. Holds
against load do not wait: ten seconds that became twenty for a breath would be twice the work.
"""

from lengthwise.coach.pacer import breath_led_s, paced
from lengthwise.coach.plan import SidePlan
from lengthwise.coach.settings import Settings
from lengthwise.contracts.decision import Phase
from lengthwise.reference.exercises import Behaviour


def unfinished(
    plan: SidePlan, held_s: float, settings: Settings, *, own_s: float | None = None
) -> bool:
    """Whether a hold would end in the middle of a paced breath now; `own_s` as of the pacer."""
    if plan.behaviour is Behaviour.HELD_STILL:
        return False
    led = paced(plan.exercise, Phase.HOLD, held_s, settings) is not None
    return led and held_s % breath_led_s(own_s, settings) > settings.breath_slack_s
