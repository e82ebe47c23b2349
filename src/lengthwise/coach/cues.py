"""What could be said at one frame, each with its priority and its reasons."""

from msgspec.structs import replace

from lengthwise.coach import aloud, ramp_cues
from lengthwise.coach.compensation import Deviation, Keeping, passed_rad
from lengthwise.coach.envelope import Action, Verdict
from lengthwise.coach.hold_clock import Counting, Judgement
from lengthwise.coach.intents import Intent, intent
from lengthwise.coach.judgement import compensation_reason, window_finding, window_standing
from lengthwise.coach.phases import Scene
from lengthwise.coach.questions import REASON_OF
from lengthwise.coach.reasons import ReasonId, reason
from lengthwise.coach.shown import INSTRUCTION, SPOKEN
from lengthwise.coach.speaking import Phrase, Priority
from lengthwise.coach.state import ENDED, LOADED, settling
from lengthwise.coach.wording import BARS, OWN_WORDS
from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.decision import Phase, Reason

_TRUNK = frozenset(c for c in Coordinate if c.startswith(("pelvis", "lumbar", "thorax", "trunk")))
_OF_POSTURE = frozenset({ReasonId.LUMBAR_LIMIT, ReasonId.SPEED_EASE})
"""What leaving a place makes: load on the back, and a way into the stretch that is as quick."""
_DEEPEN, _STAY, _BEYOND = Action.DEEPEN, Action.HOLD, Keeping.BEYOND
_EASE_IN, _ABOVE = Phase.EASE_IN, ReasonId.HOLD_ABOVE_WINDOW
_COMING_RATIO = 0.5
"""Of its tolerance: so far a coordinate may be on its way out."""


def phrases(
    scene: Scene, judgement: Judgement | None, verdict: Verdict, *, check: bool = False
) -> list[Phrase]:
    """Everything worth saying at this frame; `scene.state` is the state after its moves. `check`:
    a retention check, where what counts is not told."""
    found, loaded = _instruction(scene, verdict), scene.state.phase in LOADED
    if not loaded:
        found += aloud.at_rest(scene)
    if scene.state.speech.again is not None:
        found += _again(scene)
    if not loaded:
        if scene.state.asking.open is not None:
            return found
        barred = [*_other_side(scene), *_barred(scene, verdict)]
        return [*found, *_praise(scene), *barred, *_question(scene)]
    found += _ease(scene, verdict)
    if scene.reading.keeping is _BEYOND:
        found += _corrections(scene, verdict)
    found += _not_known(scene, judgement)
    if verdict.action is _DEEPEN:
        found += _deeper(scene)
    found += aloud.in_hold(scene, judgement, check=check)
    if not found or not settling(scene.state, scene.settings):
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


def _other_side(scene: Scene) -> list[Phrase]:
    """At rest it is said as often as anything else that is waited for. Who does not change over may
    be where they should, with a left and a right sensor exchanged."""
    other = scene.state.other
    if scene.state.phase is not Phase.GET_READY or not other.noticed or other.since_s is None:
        return []
    long = scene.reading.t_s - other.since_s >= scene.settings.get_ready_max_s
    return [_general(scene, ReasonId.SIDE_SENSORS if long else ReasonId.SIDE_OTHER)]


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
    if state.phase is _EASE_IN and verdict.reasons and verdict.action < _STAY:
        return []
    if state.on_ramp is not None and not state.speech.phase_said:
        of_ramp = ramp_cues.instruction(scene, state.on_ramp)
        if of_ramp is not None:
            return [of_ramp]
    if state.speech.phase_said or state.phase not in SPOKEN:
        return []
    known_place = state.repetition > 1 and not (scene.reading.misplaced or state.speech.asked)
    if state.phase is Phase.GET_READY and known_place:
        return []
    numbers = {"repetition": float(state.repetition), "side": float(state.side_index + 1)}
    asked = ReasonId.REPEAT_PERSON if state.speech.asked else ReasonId.PHASE_INSTRUCTION
    cue_id = INSTRUCTION[state.phase]
    stays = intent(cue_id) is Intent.STAY
    if state.phase is Phase.RELEASE and state.other.led_back and not state.speech.asked:
        side = ReasonId.SIDE_SENSORS if state.repetition_over else ReasonId.SIDE_OTHER
        why = (reason(asked, **numbers), reason(side))
        return [Phrase(Priority.PHASE, str(side), scene.plan.words.reasons[side], why)]
    led = _cue(scene, Priority.PHASE, cue_id, (reason(asked, **numbers),), yields=stays)
    if state.phase is Phase.RELEASE and state.speech.led_out is not None:
        return [_with(scene, led, state.speech.led_out)]
    return [_with_question(scene, led) if _unmarked(scene) else led]


def _unmarked(scene: Scene) -> bool:
    """On the way into a stretch whose window is of another day, without today's first pull."""
    state = scene.state
    way_in = state.phase is Phase.EASE_IN and scene.plan.stretch
    return way_in and state.sighting.calibrated and not state.remarked


def _with_question(scene: Scene, led: Phrase) -> Phrase:
    """The words that lead in, with the question for the first gentle pull in the same breath: a
    phrase of its own would come too late. In two languages they stay apart."""
    asked = scene.plan.words.reasons[ReasonId.NOT_KNOWN_TODAY]
    both = _with(scene, led, ReasonId.NOT_KNOWN_TODAY)
    if both is led:
        return led
    return replace(both, wording=replace(both.wording, short=asked.short))


def _with(scene: Scene, led: Phrase, reason_id: str) -> Phrase:
    """The words of a phase and a reason after them, in one breath and one language."""
    why = scene.plan.words.reasons[reason_id]
    if why.language != led.wording.language:
        return led
    both = replace(led.wording, text=f"{led.wording.text} {why.text}")
    return replace(led, wording=both, reasons=(*led.reasons, reason(reason_id)))


def _praise(scene: Scene) -> list[Phrase]:
    cue = scene.state.speech.praise_cue
    if cue is None or scene.state.phase in LOADED or scene.state.phase is Phase.STOPPED:
        return []
    why = reason(ReasonId.HOLD_KEPT, effective_s=scene.state.clock.effective_s)
    return [_cue(scene, Priority.PRAISE, cue, (why,))]


def _ease(scene: Scene, verdict: Verdict) -> list[Phrase]:
    if verdict.action < _STAY:
        own = next((r for r in verdict.reasons if r.id in OWN_WORDS), None)
        if verdict.action is Action.EASE:
            return _easing(scene, verdict, own)
        if verdict.action is Action.PAUSE and own is not None:
            return [_in_own_words(scene, own)]
    found = []
    if scene.state.sighting.calibrated and window_standing(scene.reading)[1] is _ABOVE:
        _, where = window_finding(scene.reading)
        found.append(_cue(scene, Priority.WINDOW, "ease", (where,)))
    if scene.state.cycles.last_fast:
        why = reason(ReasonId.CYCLE_FAST, cycle_s=scene.state.cycles.cycle_s)
        found.append(_cue(scene, Priority.WINDOW, "slower", (why,)))
    return found


def _easing(scene: Scene, verdict: Verdict, own: Reason | None) -> list[Phrase]:
    yields = _made_by_posture(scene, verdict) and not _corrected(scene)
    if yields and _waits(scene, verdict):
        return []
    if own is not None:
        return [replace(_in_own_words(scene, own, "ease"), yields=yields)]
    return [_cue(scene, Priority.SAFETY, "ease", verdict.reasons, yields=yields)]


def _corrected(scene: Scene) -> bool:
    """One correction was said in its place; where that did not help, the ease has its word."""
    speech, since_s = scene.state.speech, scene.state.sighting.easing_since_s
    if speech.last_s is None or since_s is None:
        return False
    return speech.corrected and speech.last_s >= since_s


def _made_by_posture(scene: Scene, verdict: Verdict) -> bool:
    """Whether all that is eased for may go with the posture that a correction takes away.

    A ceiling does where what has left its place has lengthened every target: to bring it back is
    the ease, and says where. Beside a worn sensor in doubt nothing surely has.
    """
    if scene.state.slid:
        return False
    made = _OF_POSTURE | {ReasonId.ENVELOPE_CEILING} if _stretched_by(scene) else _OF_POSTURE
    return all(why.id in made for why in verdict.reasons)


def _stretched_by(scene: Scene) -> frozenset[Coordinate]:
    """Kept coordinates that are out of their place, or half way, and have lengthened the target."""
    further = scene.reading.lengthened_by
    if not further:
        return frozenset()
    return frozenset(
        d.limit.coordinate
        for d in scene.reading.deviations
        if d.limit.coordinate in further and (d.keeping is Keeping.BEYOND or _coming(d))
    )


def _coming(d: Deviation) -> bool:
    if d.deviation_rad is None:
        return False
    return passed_rad(d.deviation_rad, d.limit) >= _COMING_RATIO * d.limit.tolerance_rad


def _waits(scene: Scene, verdict: Verdict) -> bool:
    """Whether words that would yield to a correction wait a moment for one that is coming."""
    since_s = scene.state.sighting.easing_since_s
    if since_s is None or scene.reading.t_s - since_s >= scene.settings.correction_wait_s:
        return False
    if scene.reading.keeping is Keeping.BEYOND:
        return False
    if any(why.id == ReasonId.ENVELOPE_CEILING for why in verdict.reasons):
        return bool(_stretched_by(scene))
    return any(_coming(d) for d in scene.reading.deviations)


def _corrections(scene: Scene, verdict: Verdict) -> list[Phrase]:
    """What takes most of the stretch is spoken of first. A leg that is about to be taken for the
    working one has not left its place."""
    if scene.state.other.doubted:
        return []
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
    if easing and not _made_by_posture(scene, verdict):
        return True
    if not scene.plan.stretch or coordinate in _stretched_by(scene):
        return False
    ceiling = any(why.id == ReasonId.ENVELOPE_CEILING for why in verdict.reasons)
    return ceiling or not (easing and coordinate in _TRUNK)


def _not_known(scene: Scene, judgement: Judgement | None) -> list[Phrase]:
    found = []
    easing_in = scene.state.phase is _EASE_IN
    static = easing_in and scene.plan.stretch and scene.state.on_ramp is None
    unled = static and not scene.state.sighting.window_leads
    if unled and ReasonId.NOT_KNOWN_WINDOW not in scene.state.speech.told:
        found.append(_general(scene, ReasonId.NOT_KNOWN_WINDOW))
    eased = scene.in_phase_s >= scene.plan.exercise.dose.ease_in_s
    if eased and _unmarked(scene):
        found.append(_general(scene, ReasonId.NOT_KNOWN_TODAY))
    guided = scene.state.sighting.calibrated or scene.reading.progress is not None
    if static and eased and not guided:
        found.append(_general(scene, ReasonId.EASE_IN_NOT_SEEN))
    if scene.plan.unseen_allowed and ReasonId.TIME_ALONE not in scene.state.speech.told:
        found.append(_general(scene, ReasonId.TIME_ALONE))
    told_waiting = judgement is not None and scene.state.clock.told is Counting.WAITING
    if told_waiting and _among(judgement, ReasonId.KNOWN_LOST):
        found.append(_general(scene, ReasonId.KNOWN_LOST))
    return found


def _general(scene: Scene, reason_id: ReasonId) -> Phrase:
    wording = scene.plan.words.reasons[reason_id]
    return Phrase(Priority.NOT_KNOWN, str(reason_id), wording, (reason(reason_id),))


def _deeper(scene: Scene) -> list[Phrase]:
    """Only with a numeric window that leads and nothing else amiss, where the envelope gave its
    leave; in a ramp never, nor where what tells how far may sit otherwise."""
    state, reading = scene.state, scene.reading
    amiss = reading.missing or reading.keeping <= Keeping.DOUBTFUL or state.other.doubted
    amiss = amiss or state.slid
    if amiss or state.on_ramp is not None or not state.sighting.window_leads:
        return []
    below = reading.room_further and window_standing(reading)[1] is ReasonId.HOLD_BELOW_WINDOW
    below = below or reading.surer_further
    eased = state.phase is Phase.HOLD or scene.in_phase_s >= scene.plan.exercise.dose.ease_in_s
    if not (below and eased):
        return []
    _, where = window_finding(reading)
    return [_cue(scene, Priority.WINDOW, "deeper", (where,))]


def _among(judgement: Judgement | None, reason_id: ReasonId) -> Reason | None:
    found = judgement.reasons if judgement else ()
    return next((r for r in found if r.id == reason_id), None)
