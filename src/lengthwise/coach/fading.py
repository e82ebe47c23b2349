"""Which cues are left to a person who learns: all are said, then half, then none.

What fades is what corrects the form, leads further or praises. What asks for less, what safety
says, the instructions of the phases and what is not known never fade.
"""

from math import ceil

from lengthwise.coach.intents import Intent, intent
from lengthwise.contracts.practice import CUE_SHARES

SHARES = CUE_SHARES

_LESS = frozenset({"slower"})
"""Cues that ask for less without leading back."""


def may_fade(cue_id: str) -> bool:
    """Whether a cue, of those that correct, lead further or praise, is ever held back."""
    return intent(cue_id) is not Intent.BACK and cue_id not in _LESS


def its_turn(occurrence: int, share: float) -> bool:
    """Whether the cue is said when it comes due for the `occurrence`-th time, from 0.

    Of n times, ceil(n * share) are said, the first among them: at one half each is said, left out,
    said. A fixed rule and no chance, so that a replay says the same.
    """
    return ceil((occurrence + 1) * share) > ceil(occurrence * share)
