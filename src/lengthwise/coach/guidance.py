"""What a screen shows at one instant, from what the coach remembers."""

from msgspec.structs import replace

from lengthwise.coach import countdown, questions, ramp_cues
from lengthwise.coach.pacer import paced
from lengthwise.coach.params import Params, plan_of
from lengthwise.coach.shown import shown
from lengthwise.coach.state import LOADED, State
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Guidance


def side_of(params: Params, state: State) -> Side | None:
    return params.plans[state.side_index].side if params.exercise.bilateral else None


def guidance(params: Params, state: State) -> Guidance:
    """A retention check tells nothing of how it goes: safety, questions and phases are as ever."""
    plan = plan_of(params, state)
    dose = plan.exercise.dose
    loaded = state.phase in LOADED
    t_s = 0.0 if state.t_s is None else state.t_s
    phase_s = 0.0 if state.phase_start_s is None else t_s - state.phase_start_s
    untold = params.check and loaded
    ramping = state.on_ramp
    instead = None if ramping is None else ramp_cues.shown(plan, ramping, state, params.settings)
    on_screen = shown(plan, state, params.settings, instead=instead)
    # In two steps: a call with more than 15 names makes a dictionary of them first.
    counted = Guidance(
        t_s=t_s,
        phase=state.phase,
        exercise_id=params.exercise.id,
        side=side_of(params, state),
        repetition=state.repetition,
        repetitions=dose.rounds + state.extra,
        phase_s=phase_s,
        effective_s=state.clock.effective_s,
        uncertain_s=state.clock.uncertain_s,
        hold_target_s=dose.hold_s,
        in_window=state.sighting.in_window if loaded and not untold else None,
        gauge=None if params.check else state.sighting.gauge,
        waiting_for=() if untold else state.waiting_for,
        without_s=state.clock.without_s,
        counted_without=state.counted_without,
    )
    return replace(
        counted,
        cue_text=on_screen.wording.text,
        cycles=None if dose.cycles is None else state.cycles.counted,
        unsure_cycles=None if dose.cycles is None else state.cycles.unsure,
        screening_needed=state.screening_needed,
        cue_language=on_screen.wording.language,
        cue_id=on_screen.cue_id,
        breath=paced(plan.exercise, state.phase, phase_s, params.settings, own_s=state.breath_s),
        question=questions.question(plan, state) if state.asking.pending else None,
        countdown=countdown.shown(state, params.settings),
        uncued=params.check,
    )
