"""What remains of a session in the store, counted from its events alone."""

from collections import Counter

from lengthwise.contracts.coordinates import COORDINATES, Side
from lengthwise.contracts.session import (
    DecisionLogged,
    FrameLogged,
    RejectionLogged,
    SessionEnded,
    SessionEvent,
    SessionStarted,
    SessionTotals,
)
from lengthwise.contracts.states import Unseen
from lengthwise.record.reached import ReachedCount

_OF_A_TEST = "test."


class TotalsCount:
    """Counts events as they come, in bounded memory."""

    def __init__(self) -> None:
        self._started: SessionStarted | None = None
        self._ended: SessionEnded | None = None
        self._last_s = 0.0
        self._frames = 0
        self._claimed = [0] * len(COORDINATES)
        self._rejections: Counter[str] = Counter()
        self._holds: dict[tuple[Side | None, int], tuple[float, float]] = {}
        self._reached = ReachedCount()
        self._tested = False

    def take(self, event: SessionEvent) -> None:
        if isinstance(event, SessionStarted):
            self._started = event
        elif isinstance(event, SessionEnded):
            self._ended = event
        elif isinstance(event, RejectionLogged):
            rejection = event.rejection
            self._rejections[f"{rejection.source}.{rejection.reason.value}"] += 1
        elif isinstance(event, DecisionLogged):
            # A test holds nothing that counts, so it has no seconds that do, and not none of them.
            self._tested |= any(why.id.startswith(_OF_A_TEST) for why in event.decision.reasons)
        elif isinstance(event, FrameLogged):
            self._frame(event)

    def _frame(self, frame: FrameLogged) -> None:
        self._frames += 1
        self._last_s = frame.body.t_s
        for i, unseen in enumerate(frame.body.unseen):
            self._claimed[i] += unseen is Unseen.CLAIMED
        self._reached.take(frame)
        guidance = frame.guidance
        if guidance is not None and (guidance.effective_s > 0 or guidance.uncertain_s > 0):
            # The hold's clock stands at its end when the next hold begins: keep the last reading.
            hold = (guidance.side, guidance.repetition)
            self._holds[hold] = (guidance.effective_s, guidance.uncertain_s)

    def totals(self) -> SessionTotals | None:
        """None where the event that says which session it is was lost."""
        started, ended = self._started, self._ended
        if started is None:
            return None
        config = started.config
        coached = config.exercise_id is not None and config.repositioning is None
        coached = coached and not self._tested
        return SessionTotals(
            session_id=started.session_id,
            started_utc=started.started_utc,
            duration_s=ended.t_s if ended else self._last_s,
            frames=self._frames,
            exercise_id=started.config.exercise_id,
            effective_s=sum(e for e, _ in self._holds.values()) if coached else None,
            uncertain_s=sum(u for _, u in self._holds.values()) if coached else None,
            rejections=dict(sorted(self._rejections.items())),
            claimed_ratio={
                c.value: round(n / max(self._frames, 1), 4)
                for c, n in zip(COORDINATES, self._claimed, strict=True)
            },
            simulated=started.recording.simulated,
            complete=ended is not None and ended.complete,
            reached=self._reached.found(),
        )
