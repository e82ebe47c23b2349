"""A slow breath to go along with, in breathing exercises and in what is held still.

It begins with breathing in as the hold begins and goes on by the time of the hold alone, whatever
is counted, so that it never stops or jumps under the person. Where a sensor told how long the
person's own breath was before the hold, it is that one made longer, and at most the slow one.
Movements to and fro have a rhythm of their own, and nobody is paced on the way in or back.
"""

from lengthwise.coach.settings import Settings
from lengthwise.contracts.decision import BreathPace, BreathPhase, Phase
from lengthwise.reference.exercise_parts import ExerciseKind
from lengthwise.reference.exercises import Behaviour, Exercise

_HELD = (Behaviour.HELD_IN_WINDOW, Behaviour.HELD_STILL)
_HOLD = Phase.HOLD


def breath_led_s(own_s: float | None, s: Settings) -> float:
    """How long the breath is that is led to; `own_s` None: the person's own is not known."""
    if own_s is None or not own_s > 0.0:
        return s.breath_paced_s
    return min(s.breath_lengthened_ratio * own_s, s.breath_paced_s)


def paced(
    exercise: Exercise, phase: Phase, phase_s: float, s: Settings, *, own_s: float | None = None
) -> BreathPace | None:
    """Where the paced breath is `phase_s` into the phase, None where breathing is not led."""
    if phase is not _HOLD:
        return None
    if exercise.kind is not ExerciseKind.BREATHING and exercise.behaviour not in _HELD:
        return None
    breath_s = breath_led_s(own_s, s)
    within_s, in_s = phase_s % breath_s, s.breath_in_ratio * breath_s
    if within_s < in_s:
        return BreathPace(BreathPhase.IN, within_s / in_s, in_s)
    out_s = breath_s - in_s
    return BreathPace(BreathPhase.OUT, min((within_s - in_s) / out_s, 1.0), out_s)
