"""What is said, and stands on the screen, while a ramp is led.

Only two phrases lead further: the exercise's own way in with the word for the first gentle pull,
and the offer of one small step, each once in its part of the ramp.
"""

from lengthwise.coach import ramp_moves
from lengthwise.coach.limits import tissue
from lengthwise.coach.phases import Scene
from lengthwise.coach.plan import SidePlan
from lengthwise.coach.ramping import Ramping, end_reason, result_reason
from lengthwise.coach.reasons import ReasonId, reason
from lengthwise.coach.settings import Settings
from lengthwise.coach.shown import INSTRUCTION, Shown
from lengthwise.coach.speaking import Phrase, Priority
from lengthwise.coach.state import State
from lengthwise.coach.tolerance_ramp import RampPhase
from lengthwise.contracts.decision import Phase, Reason
from lengthwise.reference.wording import Wording

_OF_PART = {RampPhase.STEPPING: ReasonId.RAMP_STEP, RampPhase.WAITING: ReasonId.RAMP_WAIT}


def instruction(scene: Scene, ramping: Ramping) -> Phrase | None:
    """The words of this part; None where the exercise's own are the right ones."""
    place = _place(scene.plan, ramping, scene.state, scene.settings)
    if place is None:
        return None
    found, why = place
    numbers = {"repetition": float(scene.state.repetition)}
    return Phrase(
        Priority.PHASE,
        found.cue_id,
        found.wording,
        (reason(ReasonId.PHASE_INSTRUCTION, **numbers), why),
    )


def shown(plan: SidePlan, ramping: Ramping, state: State, settings: Settings) -> Shown | None:
    """What stands on the screen while nothing else is said; None: the exercise's own."""
    place = _place(plan, ramping, state, settings)
    return None if place is None else place[0]


def offers(state: State, settings: Settings) -> bool:
    """Whether a step may be offered: not to who said that it is enough, nor to who may be working
    the other side, whose limits nobody watches, nor where a nerve or the back is not seen to be
    within its own."""
    told = state.said
    felt = [x for x in (told.sensation, told.set_sensation) if x is not None]
    enough = not told.sensation_known or any(x >= settings.sensation_most for x in felt)
    return not (enough or state.other.doubted) and _within(state)


def _within(state: State) -> bool:
    nerves, lumbar = state.sighting.nerves, state.sighting.lumbar
    return nerves is not None and lumbar is not None and tissue.within(nerves, lumbar)


def _part(ramping: Ramping, state: State, settings: Settings) -> RampPhase:
    part = ramping.ramp.phase
    stays = part is RampPhase.STEPPING and not offers(state, settings)
    return RampPhase.WAITING if stays else part


def _place(
    plan: SidePlan, ramping: Ramping, state: State, settings: Settings
) -> tuple[Shown, Reason] | None:
    phase, part = state.phase, _part(ramping, state, settings)
    if phase in (Phase.REST, Phase.GET_READY) and ramping.ramp.phase is RampPhase.OVER:
        holds = ramp_moves.follows(state, ramping)
        return _own(plan, reason(ReasonId.RAMP_HOLDS) if holds else result_reason(ramping))
    if phase is Phase.GET_READY:
        return None if ramping.ready else _own(plan, reason(ReasonId.RAMP_WARM_UP))
    if phase is Phase.EASE_IN and part in _OF_PART:
        return _own(plan, reason(_OF_PART[part]))
    if phase is Phase.EASE_IN:
        return _with(plan, phase, reason(ReasonId.RAMP_PULL))
    if phase is Phase.RELEASE and state.other.led_back:
        return None
    if phase is Phase.RELEASE and state.speech.led_out == ReasonId.HOLD_SENSOR_SLID:
        return _with(plan, phase, reason(ReasonId.HOLD_SENSOR_SLID), first=True)
    if phase is Phase.RELEASE and ramping.ramp.ended:
        return _with(plan, phase, end_reason(ramping), first=True)
    if phase is Phase.REST:
        return _own(plan, reason(ReasonId.RAMP_REST))
    if phase is Phase.DONE:
        why = end_reason(ramping) if ramping.refused else result_reason(ramping)
        return _with(plan, phase, why, first=True)
    return None


def _own(plan: SidePlan, why: Reason) -> tuple[Shown, Reason]:
    return Shown(why.id, plan.words.reasons[why.id]), why


def _with(
    plan: SidePlan, phase: Phase, why: Reason, *, first: bool = False
) -> tuple[Shown, Reason]:
    """The exercise's cue of the phase with the words of the ramp in the same breath, which then is
    the cue still. In two languages they stay apart, and the exercise's own are said."""
    cue_id, more = INSTRUCTION[phase], plan.words.reasons[why.id]
    own = plan.words.cues[cue_id]
    if more.language != own.language:
        return Shown(cue_id, own), why
    texts = (more.text, own.text) if first else (own.text, more.text)
    # A release has had its sound with the decision itself.
    sound = own.earcon or (None if phase is Phase.RELEASE else more.earcon)
    both = Wording(" ".join(texts), more.short, sound, own.language)
    return Shown(cue_id, both), why
