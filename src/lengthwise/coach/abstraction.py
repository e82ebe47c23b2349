"""The coach and its envelope as a finite picture: every state, every event, what may follow.

A state keeps of the coach's memory what safety depends on: the phase, whether it has just eased
(`settling`), whether it was put off, and what pain is in force. An event is a word of the person,
or a frame with what all limits together allow in it. `successors` is the whole relation; the tests
walk it exhaustively, and hold the real step against it (`docs/envelope.md` is printed from here).

The picture allows more than the code does: time is left out, so whatever a time decides may happen
or not. What is proven for the picture therefore holds for the code as long as every real step is
one of these.
"""

from collections.abc import Iterator
from enum import StrEnum
from itertools import product

from msgspec import Struct

from lengthwise.coach.limits.actions import Action
from lengthwise.coach.reasons import ReasonId
from lengthwise.coach.state import ENDED, LOADED
from lengthwise.contracts.decision import Phase


class Pain(StrEnum):
    """What pain is in force: `OVER`: it eases, and no depth without it is known; `EASED`: it was
    eased to a depth; `NOT_KNOWN`: said without a usable number."""

    FREE = "free"
    OVER = "over"
    EASED = "eased"
    NOT_KNOWN = "not_known"


class Abstract(Struct, frozen=True, order=True):
    phase: Phase
    settling: bool = False
    postponed: bool = False
    pain: Pain = Pain.FREE

    @property
    def loaded(self) -> bool:
        return self.phase in LOADED


class Word(StrEnum):
    """What the person can say, as far as it matters here."""

    STOP = "stop"
    LEG_SYMPTOM = "leg_symptom"
    DIZZY = "dizzy"
    PAIN_STOPS = "pain_stops"
    PAIN_EASES = "pain_eases"
    PAIN_FREE = "pain_free"
    PAIN_WITHOUT_NUMBER = "pain_without_number"
    SENSATION = "sensation"
    PAUSE = "pause"
    RESUME = "resume"
    SKIP = "skip"
    POSTPONE = "postpone"
    REPEAT = "repeat"
    FIRST_RESISTANCE = "first_resistance"
    TOLERANCE = "tolerance"
    REACH = "reach"
    CHANGED = "changed"


STOPS = frozenset({Word.STOP, Word.LEG_SYMPTOM, Word.DIZZY, Word.PAIN_STOPS})
_PAINS = frozenset({Word.PAIN_EASES, Word.PAIN_FREE, Word.PAIN_WITHOUT_NUMBER})

Event = Action | Word
"""A frame, by what all limits together allow in it, or a word."""


class Limit(Struct, frozen=True):
    """One class of limits: the reason it gives, and what it allows at the most."""

    reason: ReasonId
    action: Action
    when: str


LIMITS: tuple[Limit, ...] = (
    Limit(ReasonId.STOP_PERSON, Action.STOP, "the person says stop: key, clicker or tap"),
    Limit(ReasonId.SYMPTOM_LEG, Action.STOP, "a symptom of the leg was said"),
    Limit(ReasonId.SYMPTOM_DIZZY, Action.STOP, "dizziness was said"),
    Limit(ReasonId.PAIN_STOP, Action.STOP, "pain above what stops, or 3 above the least"),
    Limit(ReasonId.ENVELOPE_MISSING, Action.RELEASE, "something that safety needs is not known"),
    Limit(ReasonId.PAIN_BASELINE, Action.RELEASE, "pain of 7 or more before a stretch"),
    Limit(ReasonId.PAIN_HELD, Action.RELEASE, "pain that eases, and no easing seen for 5 s"),
    Limit(
        ReasonId.SENSATION_STRONG,
        Action.RELEASE,
        "the last set felt above 5, and no easing seen for 5 s",
    ),
    Limit(ReasonId.ENVELOPE_TOLERANCE, Action.RELEASE, "beyond the mark of tolerance"),
    Limit(ReasonId.ENVELOPE_CEILING_HELD, Action.RELEASE, "above the ceiling for 5 s"),
    Limit(ReasonId.SPEED_BOUNCE, Action.RELEASE, "to and fro in a stretch, for 5 s more"),
    Limit(ReasonId.KNOWN_LOST, Action.RELEASE, "nothing seen, or no position, for 5 s"),
    Limit(ReasonId.KNOWN_LOST, Action.PAUSE, "nothing seen, or no position, for 1 s"),
    Limit(ReasonId.PAIN_DEPTH_UNSEEN, Action.PAUSE, "pain eased to a depth that is not seen now"),
    Limit(ReasonId.NERVE_NOT_KNOWN, Action.PAUSE, "strain not known of a nerve with a sign"),
    Limit(ReasonId.SPEED_FAST, Action.PAUSE, "into the stretch faster than 1 path a second"),
    Limit(ReasonId.ENVELOPE_CEILING, Action.EASE, "above the ceiling, with 1.64 sd"),
    Limit(ReasonId.PAIN_EASE, Action.EASE, "pain above what eases, or deeper than eased to"),
    Limit(
        ReasonId.SENSATION_STRONG,
        Action.EASE,
        "a stretch felt above 5, now or in the last set",
    ),
    Limit(ReasonId.NERVE_LIMIT, Action.EASE, "nerve strain above its limit"),
    Limit(ReasonId.LUMBAR_LIMIT, Action.EASE, "upper edge of lumbar load above its limit"),
    Limit(ReasonId.SPEED_EASE, Action.EASE, "into the stretch faster than half a path a second"),
    Limit(ReasonId.SPEED_BOUNCE, Action.EASE, "to and fro in a stretch, four turns in 3 s"),
    Limit(ReasonId.GUARDING_BREATH, Action.EASE, "breath held above 8 s"),
    Limit(ReasonId.GUARDING_BREATH_REST, Action.EASE, "the same in breathing and at rest"),
    Limit(ReasonId.GUARDING_HEART, Action.EASE, "a heart 15 a minute above rest in a static hold"),
    Limit(
        ReasonId.GUARDING_MUSCLE,
        Action.EASE,
        "muscle activity 3 times that at rest, for 1 s of a static hold",
    ),
    Limit(ReasonId.GUARDING_TENSION, Action.EASE, "a measured pull that does not fall"),
    Limit(ReasonId.GUARDING_TREMOR, Action.EASE, "tremor in a coordinate of inertial sensors"),
    Limit(ReasonId.NOT_KNOWN_WINDOW, Action.HOLD, "no numeric window, or one target not known"),
    Limit(ReasonId.NOT_KNOWN_TODAY, Action.HOLD, "a window without today's first gentle pull"),
    Limit(
        ReasonId.ENVELOPE_FIRST_PULL, Action.HOLD, "a case in which first resistance leads alone"
    ),
    Limit(ReasonId.PAIN_NOT_DEEPER, Action.HOLD, "pain in force, at a depth eased to"),
    Limit(
        ReasonId.SENSATION_ENOUGH,
        Action.HOLD,
        "a stretch felt at 5, now or in the last set",
    ),
    Limit(ReasonId.NERVE_NEAR, Action.HOLD, "upper edge of nerve strain above its limit"),
    Limit(ReasonId.NERVE_NOT_KNOWN, Action.HOLD, "nerve strain not known"),
    Limit(ReasonId.LUMBAR_NEAR, Action.HOLD, "phase not known: load above the acute limit"),
    Limit(ReasonId.LUMBAR_NOT_KNOWN, Action.HOLD, "lumbar load not known"),
    Limit(ReasonId.SPEED_NOT_KNOWN, Action.HOLD, "speed into the stretch not known"),
    Limit(ReasonId.SETTLING, Action.HOLD, "less than 3 s after an ease or a pause"),
)
"""Every limit with what it allows, strictest first. A reason may stand at two strengths."""


def every_state() -> Iterator[Abstract]:
    for phase, settling, postponed, pain in product(Phase, (False, True), (False, True), Pain):
        yield Abstract(phase, settling, postponed, pain)


EVENTS: tuple[Event, ...] = (*Action, *Word)


def start() -> Abstract:
    return Abstract(Phase.GET_READY)


def possible(state: Abstract, action: Action) -> bool:
    """Whether a frame can allow so much: what is in force has been counted in already."""
    if state.pain is Pain.NOT_KNOWN:
        return action <= Action.RELEASE
    # Of a pain that is over its limit, this very frame may see the easing done.
    return action <= (Action.DEEPEN if state.pain is Pain.FREE else Action.HOLD)


def successors(state: Abstract, event: Event) -> frozenset[Abstract]:
    """Everything that may follow; empty for a frame that cannot be."""
    if isinstance(event, Word):
        return _after_word(state, event)
    return _after_frame(state, event) if possible(state, event) else frozenset()


def _states(
    state: Abstract,
    phases: frozenset[Phase],
    *,
    settling: tuple[bool, ...],
    pains: tuple[Pain, ...],
    postponed: bool | None = None,
) -> frozenset[Abstract]:
    put_off = state.postponed if postponed is None else postponed
    return frozenset(Abstract(*each) for each in product(phases, settling, (put_off,), pains))


def _after_frame(state: Abstract, action: Action) -> frozenset[Abstract]:
    pains: tuple[Pain, ...] = (state.pain,)
    if state.pain is Pain.OVER and state.loaded:
        pains = (Pain.OVER, Pain.EASED)
    if state.loaded and action in (Action.EASE, Action.PAUSE):
        settling: tuple[bool, ...] = (True,)
    elif action is Action.DEEPEN:
        # Only once the time after an ease is over.
        settling = (False,)
    else:
        settling = (False, True) if state.settling else (False,)
    phases = frame_phases(state.phase, action, postponed=state.postponed)
    return _states(state, phases, settling=settling, pains=pains)


def frame_phases(phase: Phase, action: Action, *, postponed: bool) -> frozenset[Phase]:
    """The phases that may follow a frame in which so much is allowed."""
    if phase is Phase.STOPPED or action is Action.STOP:
        return frozenset({Phase.STOPPED})
    if phase in LOADED and action is Action.RELEASE:
        return frozenset({Phase.RELEASE})
    if phase is Phase.GET_READY:
        # A ramp of which nothing follows ends from rest.
        begun = {Phase.EASE_IN} if action >= Action.HOLD else set()
        return frozenset({Phase.GET_READY, Phase.DONE, *begun})
    if phase is Phase.EASE_IN:
        return frozenset({Phase.EASE_IN, Phase.HOLD, Phase.RELEASE})
    if phase is Phase.HOLD:
        return frozenset({Phase.HOLD, Phase.RELEASE})
    if phase is Phase.RELEASE:
        after = {Phase.DONE} if postponed else {Phase.DONE, Phase.REST, Phase.SWITCH_SIDE}
        return frozenset({Phase.RELEASE, *after})
    if phase in (Phase.REST, Phase.SWITCH_SIDE):
        return frozenset({phase, Phase.GET_READY})
    return frozenset({phase})


def _after_word(state: Abstract, word: Word) -> frozenset[Abstract]:
    settling = (False, True) if state.settling else (False,)
    if word in STOPS:
        pains = tuple(Pain) if word is Word.PAIN_STOPS else (state.pain,)
        return _states(state, frozenset({Phase.STOPPED}), settling=settling, pains=pains)
    if word in _PAINS or word is Word.SENSATION:
        return _after_rating(state, word, settling)
    phases = frozenset({state.phase})
    if word is Word.POSTPONE and state.phase not in ENDED:
        put_off = _postponed(state.phase)
        return _states(state, put_off, settling=settling, pains=(state.pain,), postponed=True)
    if state.phase not in ENDED:
        phases = _WORDS.get((word, state.phase), phases)
    if word is Word.PAUSE and state.phase not in ENDED:
        phases = frozenset({Phase.PAUSED})
    return _states(state, phases, settling=settling, pains=(state.pain,))


def _after_rating(state: Abstract, word: Word, settling: tuple[bool, ...]) -> frozenset[Abstract]:
    """The envelope answers at the word: it may ease or release, never begin or end anything else.

    Pain said lower while something is under load changes nothing of what is in force.
    """
    pains = _pains(state, word)
    phases = {state.phase}
    if state.loaded:
        settling = (False, True)
        phases.add(Phase.RELEASE)
        if pains == (Pain.NOT_KNOWN,):
            phases = {Phase.RELEASE}
    return _states(state, frozenset(phases), settling=settling, pains=pains)


def _pains(state: Abstract, word: Word) -> tuple[Pain, ...]:
    if state.phase is Phase.STOPPED and word in _PAINS:
        return tuple(Pain)
    if word is Word.PAIN_WITHOUT_NUMBER:
        return (Pain.NOT_KNOWN,)
    if word is Word.PAIN_EASES:
        return (
            (Pain.OVER, Pain.EASED) if state.pain in (Pain.EASED, Pain.NOT_KNOWN) else (Pain.OVER,)
        )
    if word is Word.PAIN_FREE:
        in_force = (Pain.FREE, Pain.OVER, Pain.EASED)
        if state.pain is Pain.NOT_KNOWN:
            return in_force
        return (state.pain,) if state.loaded else (Pain.FREE,)
    return (state.pain,)


def _postponed(phase: Phase) -> frozenset[Phase]:
    if phase in LOADED or phase is Phase.RELEASE:
        return frozenset({Phase.RELEASE})
    return frozenset({Phase.DONE})


_WORDS: dict[tuple[Word, Phase], frozenset[Phase]] = {
    (Word.RESUME, Phase.PAUSED): frozenset({Phase.GET_READY, Phase.SWITCH_SIDE, Phase.DONE}),
    (Word.SKIP, Phase.EASE_IN): frozenset({Phase.RELEASE}),
    (Word.SKIP, Phase.HOLD): frozenset({Phase.RELEASE}),
    (Word.SKIP, Phase.REST): frozenset({Phase.GET_READY}),
    (Word.SKIP, Phase.SWITCH_SIDE): frozenset({Phase.GET_READY}),
    (Word.SKIP, Phase.GET_READY): frozenset({Phase.GET_READY, Phase.SWITCH_SIDE, Phase.DONE}),
    (Word.FIRST_RESISTANCE, Phase.EASE_IN): frozenset({Phase.EASE_IN, Phase.HOLD, Phase.RELEASE}),
    (Word.TOLERANCE, Phase.EASE_IN): frozenset({Phase.RELEASE}),
    (Word.TOLERANCE, Phase.HOLD): frozenset({Phase.RELEASE}),
}
"""What a word that is no stop and no rating leads to; everywhere else the phase stays. A pause
leads to PAUSED from everywhere that has not ended."""
