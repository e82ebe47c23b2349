"""What stands on the screen all the time, said for whoever only hears.

The screen has a ring, a count, the reason for a wait and fog on what is not seen. To the ear each
of these comes as one sentence at a calm moment: how much is left, what is not seen, and why nothing
begins.
"""

from math import ceil

from msgspec.structs import replace

from lengthwise.coach import evenness
from lengthwise.coach.compensation import passed_rad
from lengthwise.coach.hold_clock import Counting, Judgement
from lengthwise.coach.phases import Scene, posture_reason
from lengthwise.coach.plan import SidePlan
from lengthwise.coach.reasons import ReasonId, reason
from lengthwise.coach.speaking import Phrase, Priority
from lengthwise.coach.state import State, settling
from lengthwise.coach.wording import OF_A_SET
from lengthwise.contracts.decision import Phase, Reason
from lengthwise.reference.wording import Wording

_SAID_ALREADY = frozenset(
    {ReasonId.NOT_KNOWN_WINDOW, ReasonId.TIME_ALONE, ReasonId.HOLD_SENSOR_SLID}
)
"""Noted with what is not seen, and said on the way in or in a sentence of its own."""
_UNSURE = (ReasonId.HOLD_WINDOW_UNSURE, ReasonId.HOLD_COMPENSATION_UNSURE)
_LEAVING_RATIO = 0.5
"""Of its tolerance: so far out a coordinate may be on its way."""
_WORDS_FIT_S = 2.0
"""So long "ten more seconds" is still near enough, where other words come first."""
_HOLD = Phase.HOLD


def at_rest(scene: Scene) -> list[Phrase]:
    """A pause and a rest by name, how a set went, and why nothing begins."""
    state, s = scene.state, scene.settings
    if state.phase is Phase.PAUSED and not state.speech.phase_said:
        return [_own(scene, Priority.PHASE, ReasonId.PAUSE_PERSON)]
    if state.phase is Phase.REST and not state.speech.phase_said and _news(scene):
        return [_own(scene, Priority.PHASE, ReasonId.REPETITIONS_LEFT)]
    if state.phase is Phase.RELEASE and state.speech.phase_said:
        return _set(scene)
    if state.phase is not Phase.GET_READY or scene.plan.unseen_allowed:
        return []
    if not scene.reading.body_known:
        told = scene.in_phase_s >= s.wait_told_s
        return [_own(scene, Priority.NOT_KNOWN, ReasonId.KNOWN_LOST)] if told else []
    if scene.reading.misplaced and scene.in_phase_s >= s.posture_told_s:
        return [_posture(scene)]
    return []


def _set(scene: Scene) -> list[Phrase]:
    """How the movements of a set went, where they were seen well enough to say so."""
    found = of_the_set(scene.plan, scene.state)
    if found is None or found.id not in OF_A_SET or found.id in scene.state.speech.told:
        return []
    return [Phrase(Priority.PRAISE, found.id, scene.plan.words.reasons[found.id], (found,))]


def of_the_set(plan: SidePlan, state: State) -> Reason | None:
    """Tempo and smoothness of the movements that were counted; None for other exercises."""
    if plan.cycle is None:
        return None
    asked_s = plan.exercise.dose.tempo.cycle_s
    return evenness.finding(state.cycles.made, asked_s, plan.cycle.coefficients)


def _news(scene: Scene) -> bool:
    """That another one follows is known after the first rest."""
    first = scene.state.repetition == 1 and scene.state.side_index == 0
    return first or scene.state.speech.asked


def _posture(scene: Scene) -> Phrase:
    """That it is another one, and which it should be, in one breath."""
    differs = scene.plan.words.reasons[ReasonId.GET_READY_POSTURE]
    wanted = scene.plan.words.cues["get_ready"]
    if wanted.language == differs.language:
        differs = replace(differs, text=f"{differs.text} {wanted.text}", short=wanted.short)
    why = (posture_reason(scene),)
    return Phrase(Priority.NOT_KNOWN, str(ReasonId.GET_READY_POSTURE), differs, why)


def in_hold(scene: Scene, judgement: Judgement | None, *, check: bool = False) -> list[Phrase]:
    """Of a hold or of movements to and fro that are under way; in a retention check only what is
    not seen, as how much is left goes by what has counted."""
    if scene.state.phase is not _HOLD or _easing(scene):
        return []
    slid = _slid(scene)
    if not _calm(scene):
        return slid
    if check:
        return [*slid, *_not_seen(scene)]
    return [*slid, *_left(scene), *_not_seen(scene), *_unsure(scene, judgement)]


def _slid(scene: Scene) -> list[Phrase]:
    """That a worn sensor may have slipped: what is corrected meanwhile may be the sensor's. Nothing
    is said of a doubt that was settled before its turn came."""
    slid, state = ReasonId.HOLD_SENSOR_SLID, scene.state
    if not state.slid or slid not in state.noted or slid in state.speech.told:
        return []
    return [_own(scene, Priority.NOT_KNOWN, slid)]


def _easing(scene: Scene) -> bool:
    """Something is eased for, or a breath is long held: words about that come first, and none of
    these may stand in their way."""
    state, s = scene.state, scene.settings
    held_s = state.guarding.breath_held_s
    holds_breath = held_s is not None and held_s > s.breath_held_s - s.phrase_gap_s
    return holds_breath or state.sighting.easing or settling(state, s)


def _calm(scene: Scene) -> bool:
    """Nothing is on its way out of its place: words about that come first too."""
    return not any(
        passed_rad(d.deviation_rad, d.limit) >= _LEAVING_RATIO * d.limit.tolerance_rad
        for d in scene.reading.deviations
        if d.deviation_rad is not None
    )


def _left(scene: Scene) -> list[Phrase]:
    told = scene.state.speech.told
    left = _cycles_left(scene) if scene.plan.exercise.dose.cycles else _seconds_left(scene)
    return [_own(scene, Priority.LEFT, left)] if left is not None and left not in told else []


def _seconds_left(scene: Scene) -> ReasonId | None:
    """Until the first of the bounds at which the hold may end, while it is counting."""
    s, clock, asked_s = scene.settings, scene.state.clock, scene.plan.exercise.dose.hold_s
    if clock.told in (None, Counting.WAITING) or asked_s < 2.0 * s.time_left_s:
        return None
    left_s = min(
        asked_s - max(clock.effective_s, clock.uncertain_s),
        s.dose_ceiling_ratio * asked_s - clock.effective_s - clock.uncertain_s,
        s.hold_max_ratio * asked_s - scene.in_phase_s,
    )
    if s.time_left_s - _WORDS_FIT_S < left_s <= s.time_left_s:
        return ReasonId.HOLD_TEN_LEFT
    half = 0.5 * asked_s - _WORDS_FIT_S < left_s <= 0.5 * asked_s
    return ReasonId.HOLD_HALF if half and asked_s >= 4.0 * s.time_left_s else None


def _cycles_left(scene: Scene) -> ReasonId | None:
    count, asked = scene.state.cycles, scene.plan.exercise.dose.cycles or 0
    left = min(
        asked - max(count.counted, count.unsure),
        ceil(scene.settings.dose_ceiling_ratio * asked) - count.seen,
    )
    return ReasonId.CYCLE_TWO_LEFT if left == 2 and count.seen > 0 else None


def _not_seen(scene: Scene) -> list[Phrase]:
    """All that is not seen of this stretch, by name, in one phrase; each of it once a session."""
    state, words = scene.state, scene.plan.words.reasons
    if scene.in_phase_s < scene.settings.wait_told_s:
        return []
    general = words[ReasonId.NOT_KNOWN_HERE]
    fresh = [
        i
        for i in state.noted
        if i in words and i not in _SAID_ALREADY and i not in state.speech.told
    ]
    if not fresh:
        return []
    named = [w.short for w in (words[i] for i in fresh) if w.language == general.language]
    text = " ".join([general.text, *(short for short in named if short)])
    wording = Wording(text, general.short, general.earcon, general.language)
    why = (reason(ReasonId.NOT_KNOWN_HERE), *(reason(i) for i in fresh))
    return [Phrase(Priority.NOT_SEEN, str(ReasonId.NOT_KNOWN_HERE), wording, why)]


def _unsure(scene: Scene, judgement: Judgement | None) -> list[Phrase]:
    """That the seconds of this hold are hollow ones, where nothing else has said it."""
    if judgement is None or scene.state.clock.told is not Counting.UNCERTAIN:
        return []
    told = scene.state.speech.told
    untold = [i for i in _UNSURE if i not in told]
    if not untold:
        return []
    found = {r.id for r in judgement.reasons}
    due = [i for i in untold if i in found]
    return [_own(scene, Priority.NOT_SEEN, due[0])] if due else []


def _own(scene: Scene, priority: Priority, reason_id: ReasonId) -> Phrase:
    wording = scene.plan.words.reasons[reason_id]
    return Phrase(priority, str(reason_id), wording, (reason(reason_id),))
