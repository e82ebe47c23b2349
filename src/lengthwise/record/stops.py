"""Whether a session was stopped, and whether the safety questions come after it, by its record.

A record that was cut off right behind a cause may lack what followed from it. So the causes count
as well as what was decided: whatever may have ended with a symptom is taken for one that did.
"""

from lengthwise.contracts.decision import DecisionKind, Guidance, Phase
from lengthwise.contracts.observation import UNWELL, PersonSignal, SignalKind
from lengthwise.contracts.session import (
    DecisionLogged,
    FrameLogged,
    ObservationLogged,
    SessionEnded,
    SessionEvent,
)

SCREENING_NEEDED = "screening.needed"
"""Id of the coach's reason that asks the questions anew; a test holds both together."""
_SYMPTOMS = frozenset({SignalKind.LEG_SYMPTOM, SignalKind.DIZZY})
_OVER = frozenset({Phase.DONE, Phase.STOPPED})


class StopSeen:
    """Takes every event of one session.

    `over`: it was stopped, is done or has ended, so that nothing of it is left to go on with.
    """

    def __init__(self) -> None:
        self.over = False
        self._asks_anew = False
        self._pain_open = False

    @property
    def asks_anew(self) -> bool:
        """It ended with a symptom or pain, or may have. What followed from a pain that was said
        last of all was not written down any more."""
        return self._asks_anew or self._pain_open

    def take(self, event: SessionEvent) -> None:
        if isinstance(event, ObservationLogged):
            if isinstance(event.observation, PersonSignal):
                self._said(event.observation)
        elif isinstance(event, DecisionLogged):
            decision = event.decision
            self.over |= decision.kind is DecisionKind.STOP or decision.phase in _OVER
            self._asks_anew |= any(why.id == SCREENING_NEEDED for why in decision.reasons)
        elif isinstance(event, FrameLogged):
            if event.guidance is not None:
                self._shown(event.guidance)
        elif isinstance(event, SessionEnded):
            self.over = True

    def _said(self, word: PersonSignal) -> None:
        if word.kind in _SYMPTOMS:
            self.over = self._asks_anew = True
        elif word.kind is SignalKind.STOP:
            self.over = True
            self._asks_anew |= word.value == UNWELL
        elif word.kind is SignalKind.PAIN:
            self._pain_open = True

    def _shown(self, guidance: Guidance) -> None:
        self.over |= guidance.phase in _OVER
        self._asks_anew |= guidance.screening_needed
        self._pain_open = False
