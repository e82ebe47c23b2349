"""The marks that a person gave in a session, as they are kept for the days to come."""

from math import hypot

import numpy as np

from lengthwise.coach.reasons import ReasonId
from lengthwise.coach.state import LOADED
from lengthwise.contracts.coordinates import ANATOMICAL, Side
from lengthwise.contracts.decision import Decision, DecisionKind, Phase
from lengthwise.contracts.muscles import ANATOMY_EDITION, GROUP_INDEX, MuscleGroup
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.person import Mark, MarkKind, RampLed
from lengthwise.contracts.session import (
    DecisionLogged,
    FrameLogged,
    ObservationLogged,
    SessionEvent,
    SessionStarted,
)
from lengthwise.live import pipeline
from lengthwise.live.ramp_outcome import RampOutcome, later
from lengthwise.plan.ramp_permission import known_bars

_MARKED_IN: dict[str, tuple[MarkKind, frozenset[Phase]]] = {
    ReasonId.MARK_FIRST_RESISTANCE: (MarkKind.FIRST_RESISTANCE, frozenset({Phase.EASE_IN})),
    ReasonId.MARK_TOLERANCE: (MarkKind.TOLERANCE, LOADED),
}
"""What the coach calls a mark, and the phases in which it is one: a first pull that is said inside
a hold is late and lies too far, and at rest no tolerance is met."""

_KINDS = frozenset({SignalKind.FIRST_RESISTANCE, SignalKind.TOLERANCE})
_SOON_S = 1.0
"""A stop is heard at the second tap, the mark of a single one that much later."""


class MarksTaken:
    """Takes every event of one session. A mark is of the last frame before the word, and only of
    muscles that were claimed in it; the coach's decision on the word says in which phase it fell,
    so where nobody is coached nothing is marked. No tolerance is kept of a person whose care
    forbids a ramp to it (rule D). A tap marks like a key, unless a stop follows so soon that both
    may have meant it. Of a ramp no tolerance is kept but the lower of both, and of the holds after
    it nothing: both ramps have let the muscle go further.
    """

    def __init__(self, started: SessionStarted, params: pipeline.Params) -> None:
        self._started, self._params = started, params
        self._upright_m = params.tissue.groups.lengths_m(np.zeros(len(ANATOMICAL)))
        self._last: FrameLogged | None = None
        self._said: PersonSignal | None = None
        self._marks: list[Mark] = []
        self._tapped: tuple[float, tuple[Mark, ...]] = (float("-inf"), ())
        self._ramp = RampOutcome(started)
        self._borne: dict[int, tuple[Mark, ...]] = {}

    def take(self, event: SessionEvent) -> None:
        self._ramp.take(event)
        if isinstance(event, FrameLogged):
            self._last = event
        elif isinstance(event, ObservationLogged):
            said = event.observation
            word = said if isinstance(said, PersonSignal) else None
            self._said = word if word is not None and word.kind in _KINDS else None
        elif isinstance(event, DecisionLogged):
            self._decided(event.decision)

    def marks(self) -> tuple[Mark, ...]:
        """Those that are kept."""
        kept = self._ramp.kept
        return (*self._marks, *(self._borne.get(kept, ()) if kept is not None else ()))

    def ramps(self) -> tuple[RampLed, ...]:
        """Those that were begun, whether anything of them is kept or not."""
        return self._ramp.led()

    def _decided(self, decision: Decision) -> None:
        if decision.kind is DecisionKind.STOP:
            self._doubt(decision.t_s)
        ended = self._ramp.measured(decision)
        if ended is not None:
            self._borne[ended] = self._taken(MarkKind.TOLERANCE, decision.t_s)
        if decision.kind is not DecisionKind.MARK:
            return
        for why in decision.reasons:
            kind, phases = _MARKED_IN.get(why.id, (None, frozenset[Phase]()))
            if kind is None or decision.phase not in phases:
                continue
            if self._ramp.over or (kind is MarkKind.TOLERANCE and self._ramp.asked):
                continue
            taken = self._taken(kind, decision.t_s)
            self._marks += taken
            if self._said is None:
                self._tapped = (decision.t_s, taken)

    def _doubt(self, stopped_s: float) -> None:
        """A mark by a tap right before a stop was none. Where a place is found nobody marks."""
        at_s, taken = self._tapped
        if self._params.coach is None:
            return
        if stopped_s - at_s <= self._params.coach.settings.tap_doubt_s + _SOON_S:
            self._marks = [m for m in self._marks if m not in taken]

    def _taken(self, kind: MarkKind, t_s: float) -> tuple[Mark, ...]:
        last, said = self._last, self._said
        if last is None or last.guidance is None:
            return ()
        if kind is MarkKind.TOLERANCE and known_bars(self._started.config.care):
            return ()
        told = said.targets if said is not None else ()
        muscles = told or self._targets(last.guidance.side)
        return tuple(
            self._of(muscle, row, kind, t_s, last)
            for muscle in muscles
            if last.tissue.claimed[row := GROUP_INDEX[muscle]]
        )

    def _targets(self, side: Side | None) -> tuple[tuple[MuscleGroup, Side], ...]:
        assert self._params.coach is not None, "there is guidance"
        plans = self._params.coach.plans
        return next((p.targets for p in plans if p.side is side), plans[0].targets)

    def _of(
        self,
        muscle: tuple[MuscleGroup, Side],
        row: int,
        kind: MarkKind,
        t_s: float,
        last: FrameLogged,
    ) -> Mark:
        ground = self._params.tissue.ground
        return Mark(
            *muscle,
            kind,
            length_m=float(last.tissue.length_m[row]),
            sd_m=hypot(float(last.tissue.length_sd_m[row]), float(ground.repeat_sd_m[row])),
            upright_m=float(self._upright_m[row]),
            measured_utc=later(self._started.started_utc, t_s),
            setup=self._params.tissue.setup or "",
            session_id=self._started.session_id,
            pain_relief=self._started.config.care.pain_relief,
            edition=ANATOMY_EDITION,
        )
