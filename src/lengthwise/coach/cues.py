"""At most one phrase at a time, never close together, the most important one first."""

from enum import IntEnum
from itertools import takewhile
from math import inf

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.coach.compensation import Keeping, passed_rad
from lengthwise.coach.envelope import Action, Verdict
from lengthwise.coach.fading import its_turn, may_fade
from lengthwise.coach.hold_clock import Counting, Judgement
from lengthwise.coach.intents import Intent, contradict, intent
from lengthwise.coach.judgement import compensation_reason, window_finding
from lengthwise.coach.phases import Scene
from lengthwise.coach.plan import SidePlan
from lengthwise.coach.questions import REASON_OF
from lengthwise.coach.reasons import ReasonId, reason
from lengthwise.coach.settings import Settings
from lengthwise.coach.state import ENDED, LOADED, Speech, State
from lengthwise.coach.wording import AGAIN, BARS, OWN_WORDS, QUESTIONS
from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.decision import Phase, Reason
from lengthwise.reference.exercises import Behaviour
from lengthwise.reference.wording import Wording


class Priority(IntEnum):
    """Most important first; the order is an expert default.

    A stop waits for no phrase: it is a decision of its own, at once. `SAFETY`: what the envelope
    asks for. `NOT_KNOWN` before `COMPENSATION`: who is not seen cannot be corrected. What yields to
    a correction (`Phrase.yields`) comes after it. `WINDOW`: above it, below it, or too quick.
    `BREATH`: the pacer is shown and not spoken, its place is kept; a held breath that the envelope
    eases for is `SAFETY`. `QUESTION`: asked when all else is said.
    """

    SAFETY = 0
    PHASE = 1
    NOT_KNOWN = 2
    COMPENSATION = 3
    WINDOW = 4
    BREATH = 5
    PRAISE = 6
    QUESTION = 7


class Phrase(Struct, frozen=True):
    """Something that could be said now. `cue_id`: an exercise's cue or a reason id.

    `yields`: a correction that is due is said before it. `adds`: a correction that may bring back
    stretch or strain, which contradicts what leads back.
    """

    priority: Priority
    cue_id: str
    wording: Wording
    reasons: tuple[Reason, ...]
    yields: bool = False
    adds: bool = False


class Shown(Struct, frozen=True):
    """What stands on the screen: the cue or the reason, and how it is said."""

    cue_id: str
    wording: Wording


class Choice(Struct, frozen=True):
    """`said` None: nothing now. `held_back`: what was due and is left to the person."""

    speech: Speech
    said: Phrase | None = None
    held_back: tuple[Phrase, ...] = ()


_INSTRUCTION = {
    Phase.GET_READY: "get_ready",
    Phase.EASE_IN: "ease_in",
    Phase.HOLD: "hold",
    Phase.RELEASE: "release",
    Phase.REST: "release",
    Phase.SWITCH_SIDE: "switch_side",
    Phase.DONE: "done",
}
_ONCE = frozenset({ReasonId.NOT_KNOWN_WINDOW, ReasonId.TIME_ALONE})
_FADING = frozenset({Priority.COMPENSATION, Priority.WINDOW, Priority.BREATH, Priority.PRAISE})
_SPOKEN = frozenset(_INSTRUCTION) - {Phase.REST}
_TRUNK = frozenset(c for c in Coordinate if c.startswith(("pelvis", "lumbar", "thorax", "trunk")))
_OF_POSTURE = frozenset({ReasonId.LUMBAR_LIMIT, ReasonId.SPEED_EASE})
"""What leaving a place makes: load on the back, and a way into the stretch that is as quick."""
_COMING_RATIO = 0.5
"""Of its tolerance: so far a coordinate may be on its way out."""


def instruction(plan: SidePlan, phase: Phase) -> Shown:
    """What stands on the screen while nothing else is said."""
    if phase is Phase.PAUSED:
        return _reason_shown(plan, ReasonId.PAUSE_PERSON)
    if phase is Phase.STOPPED:
        return _reason_shown(plan, ReasonId.STOP_PERSON)
    return _cue_shown(plan, _INSTRUCTION[phase])


def _cue_shown(plan: SidePlan, cue_id: str) -> Shown:
    return Shown(cue_id, plan.words.cues[cue_id])


def _reason_shown(plan: SidePlan, reason_id: str) -> Shown:
    return Shown(str(reason_id), plan.words.reasons[reason_id])


def choose(
    speech: Speech,
    phrases: list[Phrase],
    *,
    t_s: float,
    settings: Settings,
    cue_share: float = 1.0,
) -> Choice:
    """Say the most important phrase that is due, or nothing.

    One that fades and whose turn is to be left out counts as said, without taking its time.
    """
    since_s = inf if speech.last_s is None else t_s - speech.last_s
    due = _in_order([p for p in phrases if _due(speech, p, t_s, settings)])
    if since_s < settings.phrase_gap_s:
        if not (due and _cuts_in(speech, due[0], since_s, settings)):
            return Choice(speech)
        due = list(takewhile(_corrects, due))
    held_back: list[Phrase] = []
    for phrase in due:
        if cue_share < 1.0 and phrase.priority in _FADING and may_fade(phrase.cue_id):
            turn = speech.turns.get(phrase.cue_id, 0)
            speech = replace(speech, turns=speech.turns | {phrase.cue_id: turn + 1})
            if not its_turn(turn, cue_share):
                speech = _passed(speech, phrase, t_s, settings)
                held_back.append(phrase)
                continue
        said = replace(
            _passed(speech, phrase, t_s, settings),
            last_s=t_s,
            text=phrase.wording.text,
            language=phrase.wording.language,
            cue_id=phrase.cue_id,
            asked=speech.asked and not _of_the_phase(phrase),
            again=None if phrase.cue_id == speech.again else speech.again,
            phase_said=speech.phase_said or _of_the_phase(phrase),
            told=(*speech.told, phrase.cue_id) if phrase.cue_id in _ONCE else speech.told,
            corrected=_corrects(phrase),
            yielded=phrase.yields,
        )
        return Choice(said, phrase, tuple(held_back))
    return Choice(speech, None, tuple(held_back))


def _of_the_phase(phrase: Phrase) -> bool:
    return phrase.priority is Priority.PHASE and phrase.cue_id not in AGAIN


def _corrects(phrase: Phrase) -> bool:
    return phrase.priority is Priority.COMPENSATION


def _in_order(due: list[Phrase]) -> list[Phrase]:
    """Most important first; what yields comes after the corrections that follow right upon it."""
    ordered = sorted(due, key=lambda p: p.priority)
    yielding = list(takewhile(lambda p: p.yields, ordered))
    back = any(intent(p.cue_id) is Intent.BACK for p in yielding)
    after = ordered[len(yielding) :]
    first = list(takewhile(lambda p: _corrects(p) and not (back and p.adds), after))
    return [*first, *yielding, *after[len(first) :]]


def _cuts_in(speech: Speech, phrase: Phrase, since_s: float, settings: Settings) -> bool:
    """Whether it need not wait for the gap: a correction comes while what it is about is fresh.

    Only one after another phrase, so that two corrections keep the gap; and none while what was
    said leads back, but where that was for the posture which the correction takes away.
    """
    if not _corrects(phrase) or speech.corrected or since_s < settings.correction_gap_s:
        return False
    if since_s >= settings.ease_lapse_s:
        return True
    said = intent(speech.cue_id)
    if contradict(said, intent(phrase.cue_id)):
        return False
    return said is not Intent.BACK or (speech.yielded and not phrase.adds)


def _passed(speech: Speech, phrase: Phrase, t_s: float, settings: Settings) -> Speech:
    """It has had its moment, said or left out, and does not come again for a while."""
    recent = {
        cue_id: at_s
        for cue_id, at_s in speech.said_s.items()
        if t_s - at_s < settings.phrase_repeat_s and cue_id != phrase.cue_id
    }
    praised = phrase.priority is Priority.PRAISE
    return replace(
        speech,
        said_s=recent | {phrase.cue_id: t_s},
        praise_cue=None if praised else speech.praise_cue,
    )


def _due(speech: Speech, phrase: Phrase, t_s: float, settings: Settings) -> bool:
    if phrase.priority in (Priority.PHASE, Priority.QUESTION):
        return True
    at_s = speech.said_s.get(phrase.cue_id)
    return at_s is None or t_s - at_s >= settings.phrase_repeat_s


def shown(plan: SidePlan, state: State, settings: Settings) -> Shown:
    """The phrase while it is fresh, else the instruction of the phase."""
    speech = state.speech
    if state.phase is Phase.STOPPED and state.stopped_by is not None:
        return _reason_shown(plan, state.stopped_by)
    if state.asking.open is not None:
        return _reason_shown(plan, REASON_OF[state.asking.open])
    if state.phase in LOADED:
        held_back = _held_back(plan, state, settings)
        if held_back is not None:
            return held_back
    elif intent(speech.cue_id) in (Intent.FURTHER, Intent.STAY):
        return instruction(plan, state.phase)
    if speech.cue_id in QUESTIONS:
        return instruction(plan, state.phase)
    paused = state.phase in (Phase.PAUSED, Phase.STOPPED)
    if paused or speech.text is None or speech.last_s is None or state.t_s is None:
        return instruction(plan, state.phase)
    if not (speech.phase_said or _since_phase(state)) and state.phase in _SPOKEN:
        return instruction(plan, state.phase)
    fresh = state.t_s - speech.last_s < settings.phrase_shown_s
    return _said_last(speech) if fresh else instruction(plan, state.phase)


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
    if allowed is Action.EASE:
        return _said_last(speech) if said is Intent.BACK else _cue_shown(plan, "ease")
    leads_on = said is Intent.FURTHER or (not fresh and state.phase is Phase.EASE_IN)
    held = allowed is not None and allowed < Action.HOLD
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


def settling(state: State, settings: Settings) -> bool:
    """Whether the envelope has just eased: nothing leads further, nor to stay, for a while."""
    eased_s, t_s = state.eased_s, state.t_s
    return eased_s is not None and t_s is not None and t_s - eased_s < settings.ease_lapse_s


def phrases(scene: Scene, judgement: Judgement | None, verdict: Verdict) -> list[Phrase]:
    """Everything worth saying at this frame; `scene.state` is the state after its moves."""
    found = [*_instruction(scene, verdict), *_again(scene)]
    if scene.state.phase not in LOADED:
        if scene.state.asking.open is not None:
            return found
        return [*found, *_praise(scene), *_barred(scene, verdict), *_question(scene)]
    found += [*_ease(scene, verdict), *_corrections(scene, verdict)]
    found += [*_not_known(scene, judgement), *_deeper(scene, verdict)]
    if not settling(scene.state, scene.settings):
        return found
    return [p for p in found if intent(p.cue_id) not in (Intent.FURTHER, Intent.STAY)]


def _again(scene: Scene) -> list[Phrase]:
    """What becomes of the wish to do it once more."""
    reason_id = scene.state.speech.again
    if reason_id is None or scene.state.phase in ENDED:
        return []
    numbers = {"repetitions": float(scene.plan.exercise.dose.rounds + scene.state.extra)}
    wording = scene.plan.words.reasons[reason_id]
    return [Phrase(Priority.PHASE, reason_id, wording, (reason(reason_id, **numbers),))]


def _question(scene: Scene) -> list[Phrase]:
    """The next one after a set; it waits for whatever else is to be said."""
    if not scene.state.asking.pending:
        return []
    reason_id = REASON_OF[scene.state.asking.pending[0]]
    numbers = {"repetition": float(scene.state.repetition)}
    wording = scene.plan.words.reasons[reason_id]
    return [Phrase(Priority.QUESTION, str(reason_id), wording, (reason(reason_id, **numbers),))]


def _barred(scene: Scene, verdict: Verdict) -> list[Phrase]:
    """Why nothing is begun, where the person can change it."""
    if scene.state.phase is not Phase.GET_READY:
        return []
    why = next((r for r in verdict.reasons if r.id in BARS), None)
    return [] if why is None else [_in_own_words(scene, why)]


def _in_own_words(scene: Scene, why: Reason, cue_id: str | None = None) -> Phrase:
    wording = scene.plan.words.reasons[why.id]
    return Phrase(Priority.SAFETY, cue_id or why.id, wording, (why,))


def _cue(
    scene: Scene,
    priority: Priority,
    cue_id: str,
    reasons: tuple[Reason, ...],
    *,
    yields: bool = False,
    adds: bool = False,
) -> Phrase:
    wording = scene.plan.words.cues[cue_id]
    return Phrase(priority, cue_id, wording, reasons, yields=yields, adds=adds)


def _instruction(scene: Scene, verdict: Verdict) -> list[Phrase]:
    """The words of the phase. Those that lead into a stretch wait for the envelope's leave."""
    state = scene.state
    held_back = bool(verdict.reasons) and verdict.action < Action.HOLD
    if state.phase is Phase.EASE_IN and held_back:
        return []
    if state.speech.phase_said or state.phase not in _SPOKEN:
        return []
    known_place = state.repetition > 1 and not (scene.reading.misplaced or state.speech.asked)
    if state.phase is Phase.GET_READY and known_place:
        return []
    numbers = {"repetition": float(state.repetition), "side": float(state.side_index + 1)}
    asked = ReasonId.REPEAT_PERSON if state.speech.asked else ReasonId.PHASE_INSTRUCTION
    cue_id = _INSTRUCTION[state.phase]
    stays = intent(cue_id) is Intent.STAY
    led = _cue(scene, Priority.PHASE, cue_id, (reason(asked, **numbers),), yields=stays)
    return [_with_question(scene, led) if _unmarked(scene) else led]


def _unmarked(scene: Scene) -> bool:
    """On the way into a stretch whose window is of another day, without today's first pull."""
    state = scene.state
    static = scene.plan.exercise.behaviour is Behaviour.HELD_IN_WINDOW
    way_in = state.phase is Phase.EASE_IN and static
    return way_in and state.sighting.calibrated and not state.remarked


def _with_question(scene: Scene, led: Phrase) -> Phrase:
    """The words that lead in, with the question for the first gentle pull in the same breath: a
    phrase of its own would come too late. In two languages they stay apart."""
    asked = scene.plan.words.reasons[ReasonId.NOT_KNOWN_TODAY]
    if asked.language != led.wording.language:
        return led
    both = replace(led.wording, text=f"{led.wording.text} {asked.text}", short=asked.short)
    return replace(led, wording=both, reasons=(*led.reasons, reason(ReasonId.NOT_KNOWN_TODAY)))


def _praise(scene: Scene) -> list[Phrase]:
    cue = scene.state.speech.praise_cue
    if cue is None or scene.state.phase in LOADED or scene.state.phase is Phase.STOPPED:
        return []
    why = reason(ReasonId.HOLD_KEPT, effective_s=scene.state.clock.effective_s)
    return [_cue(scene, Priority.PRAISE, cue, (why,))]


def _ease(scene: Scene, verdict: Verdict) -> list[Phrase]:
    own = next((r for r in verdict.reasons if r.id in OWN_WORDS), None)
    if verdict.action is Action.EASE:
        yields = all(why.id in _OF_POSTURE for why in verdict.reasons)
        if yields and _waits(scene):
            return []
        if own is not None:
            return [replace(_in_own_words(scene, own, "ease"), yields=yields)]
        return [_cue(scene, Priority.SAFETY, "ease", verdict.reasons, yields=yields)]
    if verdict.action is Action.PAUSE and own is not None:
        return [_in_own_words(scene, own)]
    found = []
    _, where = window_finding(scene.reading)
    if scene.state.sighting.calibrated and where.id == ReasonId.HOLD_ABOVE_WINDOW:
        found.append(_cue(scene, Priority.WINDOW, "ease", (where,)))
    if scene.state.cycles.last_fast:
        why = reason(ReasonId.CYCLE_FAST, cycle_s=scene.state.cycles.cycle_s)
        found.append(_cue(scene, Priority.WINDOW, "slower", (why,)))
    return found


def _waits(scene: Scene) -> bool:
    """Whether words that would yield to a correction wait a moment for one that is coming."""
    since_s = scene.state.sighting.easing_since_s
    if since_s is None or scene.reading.t_s - since_s >= scene.settings.correction_wait_s:
        return False
    deviations = scene.reading.deviations
    return not any(d.keeping is Keeping.BEYOND for d in deviations) and any(
        passed_rad(d.deviation_rad, d.limit) >= _COMING_RATIO * d.limit.tolerance_rad
        for d in deviations
        if d.deviation_rad is not None
    )


def _corrections(scene: Scene, verdict: Verdict) -> list[Phrase]:
    """What takes most of the stretch is spoken of first."""
    lost = scene.reading.lost_ratio
    beyond = [d for d in scene.reading.deviations if d.keeping is Keeping.BEYOND]
    return [
        _cue(
            scene,
            Priority.COMPENSATION,
            d.limit.cue,
            (compensation_reason(d.limit.coordinate, scene.reading),),
            adds=_adds(scene, verdict, d.limit.coordinate),
        )
        for d in sorted(beyond, key=lambda d: -lost.get(d.limit.coordinate, 0.0))
    ]


def _adds(scene: Scene, verdict: Verdict, coordinate: Coordinate) -> bool:
    """Whether to correct it may add to what is, or would be, eased for.

    In a stretch it may bring back stretch, but for the trunk where only its load or speed is eased
    for: these are of the very posture, and the words ask for less of it.
    """
    easing = verdict.action < Action.HOLD
    if easing and any(why.id not in _OF_POSTURE for why in verdict.reasons):
        return True
    if scene.plan.exercise.behaviour is not Behaviour.HELD_IN_WINDOW:
        return False
    return not (easing and coordinate in _TRUNK)


def _not_known(scene: Scene, judgement: Judgement | None) -> list[Phrase]:
    found = []
    easing_in = scene.state.phase is Phase.EASE_IN
    static = easing_in and scene.plan.exercise.behaviour is Behaviour.HELD_IN_WINDOW
    once = ReasonId.NOT_KNOWN_WINDOW not in scene.state.speech.told
    if static and once and not scene.state.sighting.calibrated:
        found.append(_general(scene, ReasonId.NOT_KNOWN_WINDOW))
    eased = scene.in_phase_s >= scene.plan.exercise.dose.ease_in_s
    if eased and _unmarked(scene):
        found.append(_general(scene, ReasonId.NOT_KNOWN_TODAY))
    guided = scene.state.sighting.calibrated or scene.reading.progress is not None
    if static and eased and not guided:
        found.append(_general(scene, ReasonId.EASE_IN_NOT_SEEN))
    if scene.plan.unseen_allowed and ReasonId.TIME_ALONE not in scene.state.speech.told:
        found.append(_general(scene, ReasonId.TIME_ALONE))
    told_waiting = scene.state.clock.told is Counting.WAITING
    if told_waiting and _among(judgement, ReasonId.KNOWN_LOST):
        found.append(_general(scene, ReasonId.KNOWN_LOST))
    return found


def _general(scene: Scene, reason_id: ReasonId) -> Phrase:
    wording = scene.plan.words.reasons[reason_id]
    return Phrase(Priority.NOT_KNOWN, str(reason_id), wording, (reason(reason_id),))


def _deeper(scene: Scene, verdict: Verdict) -> list[Phrase]:
    """Only with a numeric window, nothing else amiss, and the envelope's leave."""
    state, reading = scene.state, scene.reading
    _, where = window_finding(reading)
    below = state.sighting.calibrated and (
        where.id == ReasonId.HOLD_BELOW_WINDOW or reading.surer_further
    )
    amiss = reading.missing or any(
        d.keeping in (Keeping.BEYOND, Keeping.DOUBTFUL) for d in reading.deviations
    )
    eased = state.phase is Phase.HOLD or scene.in_phase_s >= scene.plan.exercise.dose.ease_in_s
    if verdict.action is not Action.DEEPEN or not below or amiss or not eased:
        return []
    return [_cue(scene, Priority.WINDOW, "deeper", (where,))]


def _among(judgement: Judgement | None, reason_id: ReasonId) -> Reason | None:
    found = judgement.reasons if judgement else ()
    return next((r for r in found if r.id == reason_id), None)
