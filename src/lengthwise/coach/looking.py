"""What one frame shows the coach, before anything is decided."""

from math import isfinite

from msgspec.structs import replace

from lengthwise.coach import guarding
from lengthwise.coach.envelope import Verdict
from lengthwise.coach.guard import standing
from lengthwise.coach.guarding import Signs
from lengthwise.coach.limits import said
from lengthwise.coach.params import CoachFrame, Params
from lengthwise.coach.plan import SidePlan
from lengthwise.coach.reading import Reading, read
from lengthwise.coach.sighting import observe
from lengthwise.coach.state import LOADED, State
from lengthwise.coach.stillness import NO_POSE
from lengthwise.contracts.decision import Phase

_HOLD = Phase.HOLD


def look(params: Params, before: State, frame: CoachFrame) -> tuple[State, Reading, Verdict]:
    """What a frame shows, and what the envelope allows in it, before anything is decided.

    `before` has come to the time of the frame.
    """
    plan, settings = params.plans[before.side_index], params.settings
    begun = before.entry.way if before.phase is _HOLD and plan.comes_to_rest else NO_POSE
    reading = read(plan, before.start_pose, frame.body, frame.tissue, settings, begun=begun)
    t_s = 0.0 if before.t_s is None else before.t_s
    if reading.t_s != t_s:
        reading = replace(reading, t_s=t_s)
    observed = observe(plan, before, reading, settings)
    state = _followed(params, plan, observed, frame, t_s=t_s)
    return state, reading, standing(params.limits, state, t_s)


def _followed(
    params: Params, plan: SidePlan, state: State, frame: CoachFrame, *, t_s: float
) -> State:
    """What this frame says of easing that was asked for, and of guarding."""
    loaded = state.phase in LOADED
    if state.phase is not _HOLD and frame.breath_s not in (None, state.breath_s):
        # Not within a hold: the pacer never changes under the person.
        state = replace(state, breath_s=frame.breath_s)
    told = said.followed(
        state.said,
        t_s=t_s,
        loaded=loaded,
        seen=said.Seen(plan.path, state.start_pose, state.sighting.progress, state.sighting.way),
        baseline_nrs=params.limits.baseline_nrs,
        settings=params.settings,
    )
    if not loaded:
        return state if told is state.said else replace(state, said=told)
    seen = None if plan.quick is None else frame.body.claimed(plan.quick)
    signs = Signs(
        t_s=t_s,
        breath_held_s=frame.breath_held_s,
        pull_n=frame.pull_n,
        heart_effort_per_min=frame.heart_effort_per_min,
        still_since_s=state.stillness.since_s,
        quick_rad=seen.mean if seen is not None and isfinite(seen.mean) else None,
    )
    guards = guarding.step(state.guarding, signs, params.settings)
    if told is state.said and guards == state.guarding:
        return state
    return replace(state, said=told, guarding=guards)
