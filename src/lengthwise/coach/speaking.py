"""Which of what could be said is said: one phrase at a time, never close together, the most
important one first."""

from enum import IntEnum
from itertools import takewhile
from math import inf

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.coach.fading import its_turn, may_fade
from lengthwise.coach.intents import Intent, contradict, intent
from lengthwise.coach.reasons import ReasonId
from lengthwise.coach.settings import Settings
from lengthwise.coach.state import Speech
from lengthwise.coach.wording import AGAIN, LEFT, OF_A_SET
from lengthwise.contracts.decision import Reason
from lengthwise.reference.wording import Wording


class Priority(IntEnum):
    """Most important first; the order is an expert default.

    A stop waits for no phrase: it is a decision of its own, at once. `SAFETY`: what the envelope
    asks for. `NOT_KNOWN` before `COMPENSATION`: who is not seen cannot be corrected. What yields to
    a correction (`Phrase.yields`) comes after it. `WINDOW`: above it, below it, or too quick.
    `BREATH`: the pacer is shown and not spoken, its place is kept; a held breath that the envelope
    eases for is `SAFETY`. `LEFT`, `NOT_SEEN`: what a screen shows all the time. `QUESTION`:
    asked when all else is said.
    """

    SAFETY = 0
    PHASE = 1
    NOT_KNOWN = 2
    COMPENSATION = 3
    WINDOW = 4
    BREATH = 5
    LEFT = 6
    NOT_SEEN = 7
    PRAISE = 8
    QUESTION = 9


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


class Choice(Struct, frozen=True):
    """`said` None: nothing now. `held_back`: what was due and is left to the person."""

    speech: Speech
    said: Phrase | None = None
    held_back: tuple[Phrase, ...] = ()


_ONCE = (
    LEFT
    | OF_A_SET
    | {
        ReasonId.NOT_KNOWN_WINDOW,
        ReasonId.TIME_ALONE,
        ReasonId.HOLD_WINDOW_UNSURE,
        ReasonId.HOLD_COMPENSATION_UNSURE,
        ReasonId.HOLD_SENSOR_SLID,
    }
)
"""What is told once a session, or, of what is left, once in each hold."""
_FADING = frozenset({Priority.COMPENSATION, Priority.WINDOW, Priority.BREATH, Priority.PRAISE})


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
    if not phrases:
        return Choice(speech)
    since_s = inf if speech.last_s is None else t_s - speech.last_s
    due = _in_order([p for p in phrases if _due(speech, p, t_s, settings)])
    if not due:
        return Choice(speech)
    if since_s < settings.phrase_gap_s:
        if not _cuts_in(speech, due[0], since_s, settings):
            return Choice(speech)
        due = list(takewhile(_corrects, due)) or due[:1]
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
            told=(*speech.told, *_told(phrase)),
            corrected=_corrects(phrase),
            yielded=phrase.yields,
        )
        return Choice(said, phrase, tuple(held_back))
    return Choice(speech, None, tuple(held_back))


def _told(phrase: Phrase) -> tuple[str, ...]:
    if phrase.cue_id == ReasonId.NOT_KNOWN_HERE:
        return tuple(why.id for why in phrase.reasons)
    return (phrase.cue_id,) if phrase.cue_id in _ONCE else ()


def _of_the_phase(phrase: Phrase) -> bool:
    return phrase.priority is Priority.PHASE and phrase.cue_id not in AGAIN


def _corrects(phrase: Phrase) -> bool:
    return phrase.priority is Priority.COMPENSATION


def _in_order(due: list[Phrase]) -> list[Phrase]:
    """Most important first; what yields comes after the corrections that follow right upon it."""
    if len(due) < 2:
        return due
    ordered = sorted(due, key=lambda p: p.priority)
    yielding = list(takewhile(lambda p: p.yields, ordered))
    back = any(intent(p.cue_id) is Intent.BACK for p in yielding)
    after = ordered[len(yielding) :]
    first = list(takewhile(lambda p: _corrects(p) and not (back and p.adds), after))
    return [*first, *yielding, *after[len(first) :]]


def _cuts_in(speech: Speech, phrase: Phrase, since_s: float, settings: Settings) -> bool:
    """Whether it need not wait for the gap: a correction comes while what it is about is fresh, and
    the words of an ease while they can still be followed.

    Only one after another phrase, so that two corrections keep the gap; and none while what was
    said leads back, but where that was for the posture which the correction takes away.
    """
    eases = phrase.priority is Priority.SAFETY and intent(phrase.cue_id) is Intent.BACK
    again = eases and intent(speech.cue_id) is Intent.BACK
    if not (eases or _corrects(phrase)) or again:
        return False
    if speech.corrected or since_s < settings.correction_gap_s:
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
