"""What the decisions of a session tell of its ramp to tolerance, read without what led it."""

from lengthwise.coach.reasons import ReasonId
from lengthwise.contracts.decision import Decision

ENDS = frozenset(
    {
        ReasonId.RAMP_NOT_PERMITTED,
        ReasonId.RAMP_TOLERANCE,
        ReasonId.RAMP_JOINT_END,
        ReasonId.RAMP_PAIN,
        ReasonId.RAMP_SYMPTOM,
        ReasonId.RAMP_STOP,
        ReasonId.RAMP_ENVELOPE,
        ReasonId.RAMP_NOT_SEEN,
        ReasonId.RAMP_TIME,
        ReasonId.RAMP_NO_FIRST_PULL,
        ReasonId.RAMP_LEFT,
        ReasonId.RAMP_NO_FURTHER,
        ReasonId.RAMP_UNSEEN,
    }
)
"""What ends one, as `coach.ramping` says it; a test holds both together."""
_HARM = frozenset({ReasonId.RAMP_PAIN, ReasonId.RAMP_SYMPTOM, ReasonId.RAMP_STOP})
_OF_RAMP = "ramp."


class RampRead:
    """`led`: anything was said of one. `ends`: why each ended, by its number; 0: none was begun.
    `lower`: which of both measured less; None: not both did."""

    def __init__(self) -> None:
        self.led = False
        self.ends: dict[int, str] = {}
        self.lower: int | None = None
        self._harmed = False

    @property
    def kept(self) -> bool:
        """Whether a tolerance of it is kept, as far as the session itself tells."""
        return self.lower is not None and not self._harmed

    def take(self, decision: Decision) -> None:
        for why in decision.reasons:
            number = int(why.numbers.get("ramp", 0.0))
            self.led |= why.id.startswith(_OF_RAMP)
            self._harmed |= why.id in _HARM
            if why.id in ENDS:
                self.ends.setdefault(0 if why.id == ReasonId.RAMP_UNSEEN else number, why.id)
            elif why.id == ReasonId.RAMP_KEPT:
                self.lower = number
