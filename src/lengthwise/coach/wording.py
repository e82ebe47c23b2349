"""Everything that can be said in one session, worded once before it begins."""

from msgspec import Struct

from lengthwise.coach.reasons import ReasonId, not_known_id
from lengthwise.contracts.coordinates import COORDINATES
from lengthwise.reference.exercises import Exercise
from lengthwise.reference.translations import Translation
from lengthwise.reference.wording import Wording, cue_wording, reason_wording

OWN_WORDS = frozenset(
    {
        ReasonId.GUARDING_BREATH,
        ReasonId.GUARDING_BREATH_REST,
        ReasonId.GUARDING_HEART,
        ReasonId.GUARDING_MUSCLE,
        ReasonId.GUARDING_TENSION,
        ReasonId.GUARDING_TREMOR,
        ReasonId.SPEED_EASE,
        ReasonId.SPEED_FAST,
        ReasonId.SPEED_BOUNCE,
        ReasonId.PAIN_DEPTH_UNSEEN,
    }
)
"""Reasons of the envelope that are spoken in their own words."""
BARS = frozenset({ReasonId.PAIN_BASELINE, ReasonId.PAIN_EASE, ReasonId.NERVE_NOT_KNOWN})
"""Reasons that keep a stretch from being begun until something changes: said while waiting."""
OUT_OF_IT = frozenset(
    {
        ReasonId.ENVELOPE_CEILING_HELD,
        ReasonId.ENVELOPE_TOLERANCE,
        ReasonId.ENVELOPE_MISSING,
        ReasonId.PAIN_HELD,
        ReasonId.KNOWN_LOST,
        ReasonId.HOLD_SENSOR_SLID,
    }
)
"""Why a stretch is led back before its time: said with the words that lead back."""
STOPS = frozenset(
    {ReasonId.STOP_PERSON, ReasonId.SYMPTOM_LEG, ReasonId.SYMPTOM_DIZZY, ReasonId.PAIN_STOP}
)
LEFT = frozenset({ReasonId.HOLD_HALF, ReasonId.HOLD_TEN_LEFT, ReasonId.CYCLE_TWO_LEFT})
"""How much is left; said once in each hold."""
OF_A_SET = frozenset({ReasonId.SET_AS_SMOOTH, ReasonId.SET_SMOOTHER, ReasonId.SET_LESS_SMOOTH})
"""How the movements of a set went; said once after each."""
AGAIN = frozenset({ReasonId.REPEAT_REPETITION, ReasonId.REPEAT_ENOUGH})
QUESTIONS = frozenset({ReasonId.QUESTION_SENSATION, ReasonId.QUESTION_PAIN})
REPOSITION = frozenset(
    {
        ReasonId.REPOSITION_STAY,
        ReasonId.REPOSITION_FIND,
        ReasonId.REPOSITION_TOO_FAR,
        ReasonId.REPOSITION_DONE,
        ReasonId.REPOSITION_NOT_SEEN,
        ReasonId.REPOSITION_ENDED,
    }
)
TEST = frozenset(
    {
        ReasonId.TEST_NOT_BEGUN,
        ReasonId.TEST_NOT_REACHED,
        ReasonId.TEST_NOT_SEEN,
        ReasonId.TEST_NOT_STILL,
        ReasonId.TEST_NOT_BACK,
        ReasonId.TEST_NOT_CONTROLLED,
        ReasonId.TEST_CONTROL_NOT_SEEN,
        ReasonId.TEST_EASED,
        ReasonId.TEST_LOAD,
        ReasonId.TEST_NOT_ANSWERED,
        ReasonId.TEST_CUT_OFF,
    }
)
"""Why a test ended without a result; a stop has its own words."""
_AT_REST = frozenset({ReasonId.PAUSE_PERSON, ReasonId.REPETITIONS_LEFT, ReasonId.GET_READY_POSTURE})
RAMP = frozenset(i for i in ReasonId if i.startswith("ramp."))
_NOT_KNOWN = frozenset(
    {
        ReasonId.NOT_KNOWN_WINDOW,
        ReasonId.NOT_KNOWN_TODAY,
        ReasonId.EASE_IN_NOT_SEEN,
        ReasonId.TIME_ALONE,
        ReasonId.CYCLE_HOLLOW,
        ReasonId.KNOWN_LOST,
        ReasonId.SIDE_OTHER,
        ReasonId.SIDE_SENSORS,
        ReasonId.SIDE_UNSEEN,
        ReasonId.NOT_KNOWN_HERE,
        ReasonId.HOLD_WINDOW_UNSURE,
        ReasonId.HOLD_COMPENSATION_UNSURE,
        ReasonId.HOLD_SENSOR_SLID,
        ReasonId.LUMBAR_NOT_KNOWN,
    }
)
SPOKEN: frozenset[str] = frozenset(
    [
        str(i)
        for i in (
            *OWN_WORDS,
            *BARS,
            *STOPS,
            *OUT_OF_IT,
            *QUESTIONS,
            *AGAIN,
            *REPOSITION,
            *TEST,
            *LEFT,
            *OF_A_SET,
            *_NOT_KNOWN,
            *_AT_REST,
            *RAMP,
        )
    ]
    + [not_known_id(c) for c in COORDINATES]
)
"""Every reason that is spoken, or shown in place of a phrase, in its own words."""


class Wordbook(Struct, frozen=True):
    """How each cue of an exercise on one side, and each spoken reason, is said."""

    cues: dict[str, Wording]
    reasons: dict[str, Wording]


def wordbook(written: Exercise, to: Translation | None) -> Wordbook:
    """Of an exercise for its working side, in English where a translation is missing."""
    return Wordbook(
        {cue: cue_wording(written, cue, to) for cue in written.cues},
        {reason_id: reason_wording(reason_id, to) for reason_id in SPOKEN},
    )
