"""Which way a phrase leads, so that no two close together can contradict each other.

Within `ease_lapse_s` of each other these do:

    further, back      "a little further" and "ease off a little"
    stay, further      "stay here" and "a little further"
    stay, back         "stay here" and "come back slowly"

Phrases stand `phrase_gap_s` apart, which is longer. A decision of the envelope does not wait for a
phrase: it may lead back at any time, and nothing leads to stay or further until its time is over.
"""

from enum import StrEnum


class Intent(StrEnum):
    FURTHER = "further"
    STAY = "stay"
    BACK = "back"
    NONE = "none"


_NOWHERE = Intent.NONE
_OF_CUE = {
    "ease_in": Intent.FURTHER,
    "deeper": Intent.FURTHER,
    "ramp.step": Intent.FURTHER,
    "hold": Intent.STAY,
    "ramp.wait": Intent.STAY,
    "ease": Intent.BACK,
    "release": Intent.BACK,
    "side.other": Intent.BACK,
    "side.sensors": Intent.BACK,
}

CONTRADICTIONS = frozenset(
    {
        frozenset({Intent.FURTHER, Intent.BACK}),
        frozenset({Intent.STAY, Intent.FURTHER}),
        frozenset({Intent.STAY, Intent.BACK}),
    }
)


def intent(cue_id: str | None) -> Intent:
    """Of an exercise's cue and of who is led back; everything else leads nowhere."""
    return _NOWHERE if cue_id is None else _OF_CUE.get(cue_id, _NOWHERE)


def contradict(one: Intent, other: Intent) -> bool:
    return frozenset({one, other}) in CONTRADICTIONS
