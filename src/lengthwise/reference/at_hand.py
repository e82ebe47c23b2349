"""Whether what an exercise needs is at hand, out of the words of its file.

Alternatives stand with "or". What is named nowhere here (a wall, socks, a cushion) is in any home.
"""

from collections.abc import Collection

from lengthwise.contracts.own_plan import AtHand
from lengthwise.reference.exercises import Exercise

_WORDS = {
    "mat": AtHand.MAT,
    "blanket": AtHand.MAT,
    "bed": AtHand.BED,
    "chair": AtHand.CHAIR,
    "strap": AtHand.STRAP,
    "towel": AtHand.STRAP,
    "step": AtHand.STEP,
    "stool": AtHand.STEP,
    "footstool": AtHand.STEP,
    "box": AtHand.WEIGHT,
    "bag": AtHand.WEIGHT,
}


def needs(equipment: str) -> frozenset[AtHand]:
    """What one line of an exercise's equipment names."""
    return frozenset(_WORDS[word] for word in equipment.replace(",", " ").split() if word in _WORDS)


def is_at_hand(e: Exercise, there: Collection[AtHand]) -> bool:
    """Of a line with "or" one of its things is enough, of any other all are needed."""
    for line in e.equipment:
        wanted = needs(line)
        enough = wanted & set(there) if " or " in line else wanted <= set(there)
        if wanted and not enough:
            return False
    return True
