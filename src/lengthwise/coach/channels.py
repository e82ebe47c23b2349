"""What of a session reaches the ear. The eye has the guidance of each frame and every text.

A voice says the words of a cue, a question and a stop; what is only *noted* as not known stands on
the screen, and its words are said later, together. A sound comes with whatever decision carries it.
The two tones are for whoever wants them; nothing is said by a tone alone but where one is.
"""

from msgspec import Struct

from lengthwise.contracts.decision import (
    BreathPhase,
    Decision,
    DecisionKind,
    Earcon,
    Guidance,
    Phase,
)

SPOKEN_KINDS = frozenset({DecisionKind.CUE, DecisionKind.QUESTION, DecisionKind.STOP})


class Heard(Struct, frozen=True):
    """`text` None: a sound alone; `sound` None: words alone. `language` of the text."""

    t_s: float
    text: str | None
    short: str | None
    sound: Earcon | None
    language: str | None


def heard(decision: Decision) -> Heard | None:
    """What is heard of a decision; None where it is for the eye alone."""
    spoken = decision.kind in SPOKEN_KINDS and decision.text is not None
    if not spoken and decision.earcon is None:
        return None
    if not spoken:
        return Heard(decision.t_s, None, None, decision.earcon, None)
    return Heard(decision.t_s, decision.text, decision.short, decision.earcon, decision.language)


def breath_pitch(guidance: Guidance) -> float | None:
    """Where a quiet tone stands that breathes along, 0 to 1; None: no tone.

    It rises while the pacer leads in and falls while it leads out, as the picture of it grows and
    shrinks: the same offer to the ear.
    """
    breath = guidance.breath
    if breath is None:
        return None
    return breath.progress if breath.phase is BreathPhase.IN else 1.0 - breath.progress


def window_pitch(guidance: Guidance) -> float | None:
    """Where a quiet tone stands that follows the gauge, 0 at first resistance and 1 at tolerance.

    None: no tone, at rest and where no numeric window is known.
    """
    if guidance.gauge is None or guidance.phase not in (Phase.EASE_IN, Phase.HOLD):
        return None
    return min(max(guidance.gauge.mean, 0.0), 1.0)
