"""What stands on the screen: the phrase while it is fresh, else the instruction of the phase."""

from msgspec import Struct

from lengthwise.coach.envelope import Action
from lengthwise.coach.intents import Intent, intent
from lengthwise.coach.plan import SidePlan
from lengthwise.coach.questions import REASON_OF
from lengthwise.coach.reasons import ReasonId
from lengthwise.coach.settings import Settings
from lengthwise.coach.state import LOADED, Speech, State, settling
from lengthwise.coach.wording import QUESTIONS
from lengthwise.contracts.decision import Phase
from lengthwise.reference.exercises import Behaviour
from lengthwise.reference.wording import Wording


class Shown(Struct, frozen=True, gc=False):
    """What stands on the screen: the cue or the reason, and how it is said."""

    cue_id: str
    wording: Wording


INSTRUCTION = {
    Phase.GET_READY: "get_ready",
    Phase.EASE_IN: "ease_in",
    Phase.HOLD: "hold",
    Phase.RELEASE: "release",
    Phase.SWITCH_SIDE: "switch_side",
    Phase.DONE: "done",
}
_OUT_OF_IT = frozenset({Phase.PAUSED, Phase.STOPPED})
_UNDER_LOAD = frozenset({Intent.FURTHER, Intent.STAY})
SPOKEN = frozenset(INSTRUCTION)
_EASE, _STAY, _EASE_IN, _FURTHER = Action.EASE, Action.HOLD, Phase.EASE_IN, Intent.FURTHER


def instruction(plan: SidePlan, phase: Phase) -> Shown:
    """What stands on the screen while nothing else is said."""
    if phase is Phase.PAUSED:
        return _reason_shown(plan, ReasonId.PAUSE_PERSON)
    if phase is Phase.REST:
        return _reason_shown(plan, ReasonId.REPETITIONS_LEFT)
    if phase is Phase.STOPPED:
        return _reason_shown(plan, ReasonId.STOP_PERSON)
    return _cue_shown(plan, INSTRUCTION[phase])


def _cue_shown(plan: SidePlan, cue_id: str) -> Shown:
    return Shown(cue_id, plan.words.cues[cue_id])


def _reason_shown(plan: SidePlan, reason_id: str) -> Shown:
    return Shown(str(reason_id), plan.words.reasons[reason_id])


def shown(
    plan: SidePlan, state: State, settings: Settings, *, instead: Shown | None = None
) -> Shown:
    """The phrase while it is fresh, else the instruction of the phase, or what stands `instead`."""
    speech = state.speech
    if state.stopped_by is not None and state.phase is Phase.STOPPED:
        return _reason_shown(plan, state.stopped_by)
    asked = state.asking.open
    if asked is not None:
        return _reason_shown(plan, REASON_OF[asked])
    if state.phase in LOADED:
        held_back = _held_back(plan, state, settings)
        if held_back is not None:
            return held_back
    elif intent(speech.cue_id) in _UNDER_LOAD:
        return instead or instruction(plan, state.phase)
    if speech.cue_id in QUESTIONS:
        return instead or instruction(plan, state.phase)
    paused = state.phase in _OUT_OF_IT
    if paused or speech.text is None or speech.last_s is None or state.t_s is None:
        return instead or instruction(plan, state.phase)
    if not (speech.phase_said or _since_phase(state)) and state.phase in SPOKEN:
        return instead or instruction(plan, state.phase)
    fresh = state.t_s - speech.last_s < settings.phrase_shown_s
    if fresh:
        return _said_last(speech)
    return instead or _asked_for(plan, state) or instruction(plan, state.phase)


def _asked_for(plan: SidePlan, state: State) -> Shown | None:
    """On the way in the word that is asked of the person stays there until it is given."""
    stretch = plan.exercise.behaviour is Behaviour.HELD_IN_WINDOW
    if state.phase is not _EASE_IN or not stretch or state.remarked:
        return None
    if state.sighting.calibrated:
        return _reason_shown(plan, ReasonId.NOT_KNOWN_TODAY)
    unseen = state.sighting.progress is None
    return _reason_shown(plan, ReasonId.EASE_IN_NOT_SEEN if unseen else ReasonId.NOT_KNOWN_WINDOW)


def _since_phase(state: State) -> bool:
    """Whether the last phrase was said in this phase: a correction may come before its own."""
    last_s, begun_s = state.speech.last_s, state.phase_start_s
    return last_s is not None and begun_s is not None and last_s > begun_s


def _said_last(speech: Speech) -> Shown:
    return Shown(speech.cue_id or "", Wording(speech.text or "", language=speech.language))


def _held_back(plan: SidePlan, state: State, settings: Settings) -> Shown | None:
    """What stands there under load while the envelope allows less than what was said before."""
    speech, allowed = state.speech, state.sighting.allowed
    t_s, last_s = state.t_s, speech.last_s
    fresh = t_s is not None and last_s is not None and t_s - last_s < settings.phrase_shown_s
    said = intent(speech.cue_id) if fresh else Intent.NONE
    if allowed is _EASE:
        return _said_last(speech) if said is Intent.BACK else _cue_shown(plan, "ease")
    leads_on = said is _FURTHER or (not fresh and state.phase is _EASE_IN)
    held = allowed is not None and allowed < _STAY
    if leads_on and (held or settling(state, settings)):
        return _cue_shown(plan, "hold")
    if fresh and speech.cue_id == "deeper" and allowed is not Action.DEEPEN:
        return _cue_shown(plan, "hold")
    if (
        not speech.phase_said
        and state.phase is Phase.EASE_IN
        and (held or settling(state, settings))
    ):
        return _cue_shown(plan, "hold")
    return None
