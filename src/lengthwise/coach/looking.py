"""What one frame shows the coach, before anything is decided."""

from math import isfinite

from msgspec.structs import replace

from lengthwise.coach import guarding
from lengthwise.coach.envelope import Verdict
from lengthwise.coach.guard import standing
from lengthwise.coach.guarding import Signs
from lengthwise.coach.if_moved import as_if, beside
from lengthwise.coach.limits import said
from lengthwise.coach.params import CoachFrame, Params, plan_of
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
    state, reading = _seen(params, before, frame)
    if frame.if_moved is not None:
        trusted, _ = _seen(params, as_if(before), _trusting(frame))
        state = beside(state, trusted)
    return state, reading, standing(params.limits, state, reading.t_s)


def trusted_reading(params: Params, before: State, frame: CoachFrame) -> Reading:
    """What the frame would show had nothing been doubted. `before` as for `look`."""
    return _read(params, plan_of(params, before), as_if(before), _trusting(frame))


def _trusting(frame: CoachFrame) -> CoachFrame:
    if frame.if_moved is None:
        return frame
    body, tissue = frame.if_moved
    return replace(frame, body=body, tissue=tissue, if_moved=None)


def _seen(params: Params, before: State, frame: CoachFrame) -> tuple[State, Reading]:
    plan = plan_of(params, before)
    reading = _read(params, plan, before, frame)
    observed = observe(plan, before, reading, params.settings)
    return _followed(params, plan, observed, frame, t_s=reading.t_s), reading


def _read(params: Params, plan: SidePlan, state: State, frame: CoachFrame) -> Reading:
    """At the time of the state."""
    t_s = 0.0 if state.t_s is None else state.t_s
    begun = state.entry.way if state.phase is _HOLD and plan.comes_to_rest else NO_POSE
    found = read(plan, state.start_pose, frame.body, frame.tissue, params.settings, begun=begun)
    return found if found.t_s == t_s else replace(found, t_s=t_s)


def _followed(
    params: Params, plan: SidePlan, state: State, frame: CoachFrame, *, t_s: float
) -> State:
    """What this frame says of easing that was asked for, and of guarding."""
    loaded = state.phase in LOADED
    if state.phase is not _HOLD and frame.breath_s not in (None, state.breath_s):
        # Not within a hold: the pacer never changes under the person.
        state = replace(state, breath_s=frame.breath_s)
    told, sighting = state.said, state.sighting
    if told != said.NOTHING:
        told = said.followed(
            told,
            t_s=t_s,
            loaded=loaded,
            seen=said.Seen(plan.path, state.start_pose, sighting.progress, sighting.way),
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
        muscle_works_ratio=frame.muscle_works_ratio,
        still_since_s=state.stillness.since_s,
        quick_rad=seen.mean if seen is not None and isfinite(seen.mean) else None,
    )
    guards = guarding.step(state.guarding, signs, params.settings)
    if told is state.said and guards == state.guarding:
        return state
    return replace(state, said=told, guarding=guards)
