"""When one phase gives way to the next. Each rule proposes; the envelope has the last word."""

from collections.abc import Callable
from math import degrees

from msgspec import Struct

from lengthwise.coach import breath
from lengthwise.coach.judgement import let_go_reason, taken_back
from lengthwise.coach.limits import said
from lengthwise.coach.plan import SidePlan
from lengthwise.coach.reading import Reading
from lengthwise.coach.reasons import ReasonId, reason
from lengthwise.coach.settings import Settings
from lengthwise.coach.state import Move, State
from lengthwise.contracts.decision import Phase, Reason
from lengthwise.reference.exercises import Behaviour


class Scene(Struct, frozen=True, gc=False):
    """One frame, ready to be judged: `side_count` working sides are done one after the other."""

    plan: SidePlan
    settings: Settings
    side_count: int
    state: State
    reading: Reading

    def at(self, state: State) -> "Scene":
        """The same frame with what is remembered by now."""
        if state is self.state:
            return self
        return Scene(self.plan, self.settings, self.side_count, state, self.reading)

    @property
    def in_phase_s(self) -> float:
        start_s = self.state.phase_start_s
        return 0.0 if start_s is None else self.reading.t_s - start_s

    @property
    def still_s(self) -> float:
        """Seconds of stillness, 0 where nothing is seen."""
        return self.state.stillness.still_for_s(self.reading.t_s) or 0.0


def propose(scene: Scene) -> Move | None:
    """The change of phase that is due now, or None."""
    rule = _RULES.get(scene.state.phase)
    return rule(scene) if rule else None


def propose_ready(scene: Scene) -> Move | None:
    """Into the exercise, where the person is in place and was counted in."""
    return _get_ready(scene)


def after_repetition(state: State, *, repetitions: int, side_count: int) -> Move:
    """Where to go once a repetition is over and the body is back at rest."""
    repetitions += state.extra
    numbers = {"repetition": float(state.repetition), "repetitions": float(repetitions)}
    if state.postponed:
        return Move(Phase.DONE, (reason(ReasonId.POSTPONE_PERSON, **numbers),))
    if state.repetition < repetitions:
        return Move(Phase.REST, (reason(ReasonId.REPETITIONS_LEFT, **numbers),))
    if state.side_index + 1 < side_count:
        return Move(Phase.SWITCH_SIDE, (reason(ReasonId.SIDE_LEFT, **numbers),))
    return Move(Phase.DONE, (reason(ReasonId.ALL_DONE, **numbers),))


def _get_ready(scene: Scene) -> Move | None:
    s, reading = scene.settings, scene.reading
    if scene.state.other.suspected:
        return None
    if not _counted(scene) or reading.t_s < scene.plan.ready_from_s:
        return None
    if scene.plan.unseen_allowed:
        return Move(Phase.EASE_IN, (reason(ReasonId.TIME_ALONE, waited_s=scene.in_phase_s),))
    if not reading.body_known:
        return None
    if not reading.misplaced and scene.still_s >= s.still_s:
        return Move(Phase.EASE_IN, (reason(ReasonId.GET_READY_IN_PLACE, still_s=scene.still_s),))
    if scene.in_phase_s < s.get_ready_max_s:
        return None
    reasons = [reason(ReasonId.GET_READY_TIME_BOUND, waited_s=scene.in_phase_s)]
    if reading.misplaced:
        reasons.append(posture_reason(scene))
    return Move(Phase.EASE_IN, tuple(reasons))


def _counted(scene: Scene) -> bool:
    """Whether the countdown has come to its end and the posture is not just being left."""
    counting = scene.state.countdown
    if counting.since_s is None or counting.out_since_s is not None:
        return False
    return scene.reading.t_s - counting.since_s >= scene.settings.get_ready_min_s


def posture_reason(scene: Scene) -> Reason:
    """Which coordinates are outside the start pose, in degrees of difference."""
    start_rad = dict(scene.plan.start_rad)
    differs = {
        f"{c.value}_deg": degrees(scene.reading.pose[c].mean - start_rad[c])
        for c in scene.reading.misplaced
    }
    return reason(ReasonId.GET_READY_POSTURE, **differs)


def _ease_in(scene: Scene) -> Move | None:
    """A stretch that cannot be seen waits for the person's mark; other work is led by ear."""
    if scene.state.other.noticed:
        return _out_of_other_side(scene)
    arrived = _ARRIVED[scene.plan.behaviour](scene)
    if arrived is not None:
        return Move(Phase.HOLD, (arrived,))
    progress = scene.reading.progress
    stretch = scene.plan.stretch
    by_ear = progress is None and not stretch
    bound_s = scene.plan.exercise.dose.ease_in_s if by_ear else scene.settings.ease_in_max_s
    if scene.in_phase_s < bound_s:
        return None
    if progress is None and stretch and not scene.state.sighting.calibrated:
        why = reason(ReasonId.EASE_IN_NOT_SEEN, waited_s=scene.in_phase_s)
        return Move(Phase.RELEASE, (why,))
    if progress is not None and abs(progress) < scene.settings.begun_progress_ratio:
        why = reason(ReasonId.EASE_IN_NOT_BEGUN, progress=progress, waited_s=scene.in_phase_s)
        return Move(Phase.RELEASE, (why,))
    return Move(Phase.HOLD, (reason(ReasonId.EASE_IN_TIME_BOUND, waited_s=scene.in_phase_s),))


def _stretch_arrived(scene: Scene) -> Reason | None:
    reading, s = scene.reading, scene.settings
    if scene.state.sighting.window_leads and not said.keeps_short(scene.state.said, s):
        position = reading.position
        if not reading.about_in_window or reading.surer_further or position is None:
            return None
        return reason(ReasonId.EASE_IN_IN_WINDOW, position=position.mean, sd=position.sd)
    begun = reading.progress is not None and reading.progress >= s.begun_progress_ratio
    if begun and scene.still_s >= s.rest_still_s:
        return reason(ReasonId.EASE_IN_AT_REST, progress=reading.progress, still_s=scene.still_s)
    return None


def _still_arrived(scene: Scene) -> Reason | None:
    if not scene.reading.reached:
        return None
    return reason(ReasonId.EASE_IN_REACHED, progress=scene.reading.progress)


def _cycles_arrived(scene: Scene) -> Reason | None:
    progress = scene.reading.progress
    begun = progress is not None and abs(progress) >= scene.settings.begun_progress_ratio
    if not (begun or scene.state.cycles.moving):
        return None
    return reason(ReasonId.EASE_IN_BEGUN, progress=progress)


def _timed_arrived(_: Scene) -> None:
    """There is no place to arrive at: it begins when the time to ease in is over."""


_ARRIVED: dict[Behaviour, Callable[[Scene], Reason | None]] = {
    Behaviour.HELD_IN_WINDOW: _stretch_arrived,
    Behaviour.HELD_STILL: _still_arrived,
    Behaviour.TO_AND_FRO: _cycles_arrived,
    Behaviour.TIMED: _timed_arrived,
}


def _out_of_other_side(scene: Scene) -> Move:
    """Nobody watches the limits of that leg: back, and this repetition from the start. Who works it
    again and again is led on, without a second counted."""
    state = scene.state
    again = state.other.left < scene.settings.other_side_most and not state.postponed
    why = reason(ReasonId.SIDE_OTHER, begun_anew=float(state.other.left))
    return Move(Phase.RELEASE, (why,), anew=again)


def _hold(scene: Scene) -> Move | None:
    if scene.state.other.noticed:
        return _out_of_other_side(scene)
    why = _out_of_hold(scene) or _dose_reached(scene)
    return None if why is None else Move(Phase.RELEASE, (why,))


def _out_of_hold(scene: Scene) -> Reason | None:
    """The person has left the hold, or left the sight of the sensors."""
    s, t_s, sighting = scene.settings, scene.reading.t_s, scene.state.sighting
    lost_s = _since(sighting.lost_since_s, t_s)
    if scene.plan.loads and lost_s > s.lost_release_s:
        return reason(ReasonId.KNOWN_LOST, lost_s=lost_s)
    if _since(sighting.let_go_since_s, t_s) >= s.lapse_s:
        back = taken_back(scene.plan, scene.state, scene.reading, s)
        return let_go_reason(back, effective_s=scene.state.clock.effective_s)
    return None


def _dose_reached(scene: Scene) -> Reason | None:
    s, clock, dose = scene.settings, scene.state.clock, scene.plan.exercise.dose
    target_s = dose.hold_s
    if dose.cycles is not None:
        done = _cycles_reached(scene, dose.cycles)
        if done is not None:
            return done
    # Where most movements go unseen, waiting to see them all would ask for too many.
    by_time = dose.cycles is None or 2 * scene.state.cycles.seen < dose.cycles
    full = dose.cycles is None and clock.effective_s >= target_s
    if (full or (by_time and clock.uncertain_s >= target_s)) and not breath.unfinished(
        scene.plan, scene.in_phase_s, s, own_s=scene.state.breath_s
    ):
        how = ReasonId.HOLD_COMPLETE if full else ReasonId.HOLD_COMPLETE_UNCERTAIN
        return reason(how, **_held(scene))
    together_s = clock.effective_s + clock.uncertain_s
    if dose.cycles is None and together_s >= s.dose_ceiling_ratio * target_s:
        return reason(ReasonId.HOLD_DOSE_CEILING, **_held(scene))
    if scene.in_phase_s >= s.hold_max_ratio * target_s:
        return reason(ReasonId.HOLD_TIME_BOUND, **_held(scene))
    return None


def _cycles_reached(scene: Scene, asked: int) -> Reason | None:
    """As with seconds: hollow ones fill the dose, and both together have a ceiling."""
    count = scene.state.cycles
    if count.counted >= asked:
        done = ReasonId.CYCLE_COMPLETE
    elif count.unsure >= asked or count.seen >= scene.settings.dose_ceiling_ratio * asked:
        done = ReasonId.CYCLE_COMPLETE_UNSURE
    else:
        return None
    told = {"cycles": float(asked), "unsure_cycles": float(count.unsure)}
    return reason(done, **told, **_held(scene))


def _held(scene: Scene) -> dict[str, float]:
    clock = scene.state.clock
    return {
        "effective_s": clock.effective_s,
        "uncertain_s": clock.uncertain_s,
        "target_s": scene.plan.exercise.dose.hold_s,
        "held_s": scene.in_phase_s,
    }


def _since(begin_s: float | None, t_s: float) -> float:
    return 0.0 if begin_s is None else t_s - begin_s


def _returned(scene: Scene) -> bool:
    progress = scene.reading.progress
    return progress is not None and abs(progress) < scene.settings.begun_progress_ratio


def came_back(scene: Scene) -> bool:
    """Whether a release is over: the return was seen, or has had its time."""
    if scene.in_phase_s < scene.settings.release_min_s:
        return False
    return _returned(scene) or scene.in_phase_s >= scene.settings.release_max_s


def _release(scene: Scene) -> Move | None:
    if scene.state.asking.pending or not came_back(scene):
        return None
    returned = _returned(scene)
    onward = _onward(scene)
    how = ReasonId.RELEASE_RETURNED if returned else ReasonId.RELEASE_TIME_BOUND
    why = reason(how, progress=scene.reading.progress, took_s=scene.in_phase_s)
    return Move(onward.to, (why, *onward.reasons))


def _onward(scene: Scene) -> Move:
    state = scene.state
    if not state.repetition_over and not state.postponed:
        return Move(Phase.REST, (reason(ReasonId.SIDE_OTHER, begun_anew=float(state.other.left)),))
    return after_repetition(
        state, repetitions=scene.plan.exercise.dose.rounds, side_count=scene.side_count
    )


def _rest(scene: Scene) -> Move | None:
    rest_s = scene.plan.exercise.dose.rest_s
    if scene.in_phase_s < rest_s:
        return None
    return Move(Phase.GET_READY, (reason(ReasonId.REST_OVER, rest_s=rest_s),))


def _switch_side(scene: Scene) -> Move | None:
    if scene.in_phase_s < scene.settings.switch_side_s:
        return None
    return Move(Phase.GET_READY, (reason(ReasonId.SWITCH_OVER, waited_s=scene.in_phase_s),))


_RULES = {
    Phase.GET_READY: _get_ready,
    Phase.EASE_IN: _ease_in,
    Phase.HOLD: _hold,
    Phase.RELEASE: _release,
    Phase.REST: _rest,
    Phase.SWITCH_SIDE: _switch_side,
}
