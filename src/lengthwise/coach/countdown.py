"""Three, two, one before anything begins. A pure step.

It runs while the person is where the exercise begins and the envelope would let it be begun, and
ends at the moment at which it may. Leaving the posture, or the sight of the sensors, for
`countdown_lapse_s` makes it begin anew; a shorter lapse does not. A body that never comes near the
start pose as drawn is counted in too, once `get_ready_max_s` is nearly over: bodies differ.
"""

from math import ceil

from msgspec.structs import replace

from lengthwise.coach.limits.actions import Action, Verdict
from lengthwise.coach.phases import Scene
from lengthwise.coach.settings import Settings
from lengthwise.coach.state import Countdown, State
from lengthwise.contracts.decision import Phase

_GET_READY, _STAY = Phase.GET_READY, Action.HOLD


def followed(scene: Scene, now: Verdict) -> tuple[Countdown, int | None]:
    """One frame, and the number to be heard now; None: none that was not heard before."""
    state, t_s = scene.state, scene.reading.t_s
    if state.phase is not _GET_READY:
        return Countdown(), None
    before = state.countdown
    if _may_run(scene, now):
        running = replace(before, out_since_s=None)
        if before.since_s is None:
            running = replace(running, since_s=t_s)
    else:
        out_since_s = t_s if before.out_since_s is None else before.out_since_s
        if before.since_s is None or t_s - out_since_s >= scene.settings.countdown_lapse_s:
            return Countdown(), None
        return replace(before, out_since_s=out_since_s), None
    count = number(running, t_s, scene.settings)
    return replace(running, told=count), None if count == before.told else count


def _may_run(scene: Scene, now: Verdict) -> bool:
    s, reading = scene.settings, scene.reading
    if scene.state.other.suspected:
        return False
    if now.action < _STAY or reading.t_s < scene.plan.ready_from_s - s.get_ready_min_s:
        return False
    if scene.plan.unseen_allowed:
        return True
    nearly_over = scene.in_phase_s >= s.get_ready_max_s - s.get_ready_min_s
    return reading.body_known and (nearly_over or not reading.misplaced)


def number(countdown: Countdown, t_s: float, settings: Settings) -> int | None:
    """What is counted now, 1 also while the body still has to come to rest; None: not counting."""
    if countdown.since_s is None:
        return None
    return max(1, ceil(settings.get_ready_min_s - (t_s - countdown.since_s)))


def shown(state: State, settings: Settings) -> int | None:
    if state.phase is not _GET_READY or state.t_s is None:
        return None
    return number(state.countdown, state.t_s, settings)
