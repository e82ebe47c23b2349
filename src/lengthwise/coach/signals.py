"""What a word from the person changes: marks, pause, resume, skip, postpone, repeat.

What is said of pain, of the stretch, of a leg and of dizziness is only remembered here; what
follows from it is the envelope's, and so is a stop.
"""

from msgspec.structs import replace

from lengthwise.coach import ramp_moves
from lengthwise.coach.if_moved import both
from lengthwise.coach.limits import said
from lengthwise.coach.limits.said import Said, Symptom
from lengthwise.coach.phases import after_repetition
from lengthwise.coach.plan import SidePlan
from lengthwise.coach.reasons import ReasonId, reason
from lengthwise.coach.settings import Settings
from lengthwise.coach.state import ENDED, LOADED, Move, State
from lengthwise.coach.tolerance_ramp import RampPhase
from lengthwise.contracts.decision import Phase, Reason
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.reference.exercises import Behaviour

_MARKS = {
    SignalKind.FIRST_RESISTANCE: ReasonId.MARK_FIRST_RESISTANCE,
    SignalKind.TOLERANCE: ReasonId.MARK_TOLERANCE,
}


SAYINGS = frozenset(
    {SignalKind.PAIN, SignalKind.SENSATION, SignalKind.LEG_SYMPTOM, SignalKind.DIZZY}
)
"""What is remembered, and decided by the envelope alone."""

_AFTER = frozenset({Phase.RELEASE, Phase.REST, Phase.PAUSED})
"""Where a repetition that is over is still the last one."""

_SYMPTOMS = {SignalKind.LEG_SYMPTOM: Symptom.LEG, SignalKind.DIZZY: Symptom.DIZZY}
_RATINGS = {
    SignalKind.PAIN: ReasonId.SAID_PAIN,
    SignalKind.SENSATION: ReasonId.SAID_SENSATION,
}


def heard(state: State, signal: PersonSignal, settings: Settings) -> State:
    """The state with what was said remembered."""
    return both(state, lambda before: _heard(before, signal, settings))


def _heard(state: State, signal: PersonSignal, settings: Settings) -> State:
    loaded = state.phase in LOADED
    if signal.kind is SignalKind.PAIN:
        return replace(state, said=said.pain_said(state.said, signal.value, loaded=loaded))
    if signal.kind is SignalKind.SENSATION:
        return _felt_said(state, signal.value)
    if signal.kind in _SYMPTOMS:
        return replace(state, said=replace(state.said, symptom=_SYMPTOMS[signal.kind]))
    if signal.kind is SignalKind.POSTPONE and state.phase not in ENDED:
        return replace(state, postponed=True)
    if signal.kind is SignalKind.FIRST_RESISTANCE:
        # One said inside a hold is late: it is measured and leads nobody on.
        pulled = state.phase is Phase.EASE_IN and state.sighting.markable and state.other.marks
        return replace(state, remarked=True) if pulled else state
    if signal.kind is SignalKind.REPEAT:
        return _once_more(state, settings)
    return state


def _once_more(state: State, settings: Settings) -> State:
    """After a repetition it is done once more; anywhere else what to do is said once more. Of ramps
    there are two, and no third."""
    if state.on_ramp is not None:
        return replace(state, speech=replace(state.speech, phase_said=False, asked=True))
    if state.phase is Phase.SWITCH_SIDE and state.left is not None:
        more = state.left.extra < settings.repeat_most
        why = ReasonId.REPEAT_REPETITION if more else ReasonId.REPEAT_ENOUGH
        return replace(state, speech=replace(state.speech, again=str(why)))
    if state.postponed or not state.repetition_over or state.phase not in _AFTER:
        speech = replace(state.speech, phase_said=False, asked=True)
        return replace(state, speech=speech)
    more = state.extra < settings.repeat_most
    why = ReasonId.REPEAT_REPETITION if more else ReasonId.REPEAT_ENOUGH
    speech = replace(state.speech, again=str(why))
    return replace(state, speech=speech, extra=state.extra + (1 if more else 0))


def _felt_said(state: State, value: float | None) -> State:
    """Said while the sides change, it is still about the side just done."""
    rating, left = said.usable(value), state.left
    if state.phase is Phase.SWITCH_SIDE and left is not None and rating is not None:
        about = replace(left, set_sensation=rating, set_depth=left.depth, set_way=left.along)
        return replace(state, left=about)
    return replace(state, said=_sensation(state, value))


def _sensation(state: State, value: float | None) -> Said:
    """Under load of this stretch; at rest after a repetition, of that one."""
    if state.phase in LOADED:
        return said.sensation_said(state.said, value)
    about_it = state.repetition_over and state.phase in _AFTER
    if not about_it:
        return state.said
    entry = state.entry
    return said.set_said(state.said, value, depth=entry.progress, along=entry.way)


def rating_reason(signal: PersonSignal) -> Reason | None:
    """What is written down of a pain or a sensation, with its number where it is one."""
    if signal.kind not in _RATINGS:
        return None
    return reason(_RATINGS[signal.kind], rating=said.usable(signal.value))


def mark_reason(state: State, kind: SignalKind) -> Reason | None:
    """The reason of a mark, with the range fraction it was taken at where that is known. One that
    may be of the other side is heard and is no mark of this one, nor is one of an unseen side."""
    if kind not in _MARKS:
        return None
    if state.other.doubted:
        return reason(ReasonId.SIDE_OTHER)
    if state.other.untold:
        return reason(ReasonId.SIDE_UNSEEN)
    fraction = state.sighting.range_fraction
    return reason(
        _MARKS[kind],
        range_fraction=fraction.mean if fraction else None,
        sd=fraction.sd if fraction else None,
    )


def answer(plan: SidePlan, state: State, kind: SignalKind, *, side_count: int) -> Move | None:
    """The change of phase that a signal asks for; None where it changes none."""
    if state.phase in ENDED:
        return None
    if kind is SignalKind.FIRST_RESISTANCE:
        return _first_resistance(plan, state)
    if kind is SignalKind.TOLERANCE:
        why = reason(ReasonId.MARK_TOLERANCE)
        return Move(Phase.RELEASE, (why,)) if state.phase in LOADED else None
    if kind is SignalKind.PAUSE:
        why = reason(ReasonId.PAUSE_PERSON)
        return None if state.phase is Phase.PAUSED else Move(Phase.PAUSED, (why,))
    if kind is SignalKind.RESUME:
        why = reason(ReasonId.RESUME_PERSON)
        resumed = state.phase is Phase.PAUSED
        return _onward(plan, state, why, side_count=side_count) if resumed else None
    if kind is SignalKind.POSTPONE:
        return _postpone(state)
    if kind is SignalKind.REPEAT:
        return _back(state)
    if kind is SignalKind.SKIP:
        return _skip(plan, state, side_count=side_count)
    return None


def _back(state: State) -> Move | None:
    """While the sides are being changed, once more means the side that was just done."""
    changing = state.phase is Phase.SWITCH_SIDE and state.left is not None
    if not changing or state.speech.again != ReasonId.REPEAT_REPETITION:
        return None
    return Move(Phase.SWITCH_SIDE, (reason(ReasonId.REPEAT_REPETITION),), back=True)


def _postpone(state: State) -> Move | None:
    """Out of what is under load by a release; from rest at once."""
    why = reason(ReasonId.POSTPONE_PERSON)
    if state.phase in LOADED:
        return Move(Phase.RELEASE, (why,))
    return None if state.phase is Phase.RELEASE else Move(Phase.DONE, (why,))


def _first_resistance(plan: SidePlan, state: State) -> Move | None:
    """Without a window, the first gentle pull is where the hold begins."""
    stretch = plan.exercise.behaviour is Behaviour.HELD_IN_WINDOW
    leads = state.phase is Phase.EASE_IN and stretch and not state.other.doubted
    if not leads or state.sighting.window_leads:
        return None
    why = reason(ReasonId.EASE_IN_FIRST_RESISTANCE, progress=state.sighting.progress)
    return Move(Phase.HOLD, (why,), by_signal=True)


def _skip(plan: SidePlan, state: State, *, side_count: int) -> Move | None:
    why = reason(ReasonId.SKIP_PERSON)
    if state.phase in LOADED:
        return Move(Phase.RELEASE, (why,))
    if state.phase in (Phase.REST, Phase.SWITCH_SIDE):
        return Move(Phase.GET_READY, (why,))
    if state.phase is Phase.GET_READY:
        return _next(plan, state, why, side_count=side_count)
    return None


def _onward(plan: SidePlan, state: State, why: Reason, *, side_count: int) -> Move:
    """Every resumption begins at rest: with this repetition, or with what follows it."""
    if state.on_ramp is not None and state.on_ramp.ramp.phase is not RampPhase.READY:
        return _next(plan, state, why, side_count=side_count)
    if not state.repetition_over:
        return Move(Phase.GET_READY, (why,))
    return _next(plan, state, why, side_count=side_count)


def _next(plan: SidePlan, state: State, why: Reason, *, side_count: int) -> Move:
    """What follows this repetition, without a rest."""
    if state.on_ramp is not None:
        onward = ramp_moves.onward(state, state.on_ramp)
    else:
        rounds = plan.exercise.dose.rounds
        onward = after_repetition(state, repetitions=rounds, side_count=side_count)
    to = Phase.GET_READY if onward.to is Phase.REST else onward.to
    return Move(to, (why, *onward.reasons), next_repetition=True)
