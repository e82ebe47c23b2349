"""The marks that a person gave in a session, as they are kept for the days to come."""

from datetime import UTC, datetime, timedelta
from math import hypot

import numpy as np

from lengthwise.coach.reasons import ReasonId
from lengthwise.coach.state import LOADED
from lengthwise.contracts.coordinates import ANATOMICAL, Side
from lengthwise.contracts.decision import Decision, DecisionKind, Phase
from lengthwise.contracts.muscles import ANATOMY_EDITION, GROUP_INDEX, MuscleGroup
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.person import Mark, MarkKind
from lengthwise.contracts.session import (
    DecisionLogged,
    FrameLogged,
    ObservationLogged,
    SessionEvent,
    SessionStarted,
)
from lengthwise.live import pipeline
from lengthwise.plan.ramp_permission import known_bars

_KINDS = {
    SignalKind.FIRST_RESISTANCE: MarkKind.FIRST_RESISTANCE,
    SignalKind.TOLERANCE: MarkKind.TOLERANCE,
}
_MARKED_IN = {
    SignalKind.FIRST_RESISTANCE: (ReasonId.MARK_FIRST_RESISTANCE, frozenset({Phase.EASE_IN})),
    SignalKind.TOLERANCE: (ReasonId.MARK_TOLERANCE, LOADED),
}
"""What the coach calls a mark, and the phases in which it is one: a first pull that is said inside
a hold is late and lies too far, and at rest no tolerance is met."""


class MarksTaken:
    """Takes every event of one session. A mark is of the last frame before the word, and only of
    muscles that were claimed in it; the coach's decision on the word says in which phase it fell,
    so where nobody is coached nothing is marked. No tolerance is kept of a person whose care
    forbids a ramp to it (rule D)."""

    def __init__(self, started: SessionStarted, params: pipeline.Params) -> None:
        self._started, self._params = started, params
        self._upright_m = params.tissue.groups.lengths_m(np.zeros(len(ANATOMICAL)))
        self._last: FrameLogged | None = None
        self._said: PersonSignal | None = None
        self._marks: list[Mark] = []

    def take(self, event: SessionEvent) -> None:
        if isinstance(event, FrameLogged):
            self._last = event
        elif isinstance(event, ObservationLogged):
            said = event.observation
            word = said if isinstance(said, PersonSignal) else None
            self._said = word if word is not None and word.kind in _KINDS else None
        elif isinstance(event, DecisionLogged) and self._said is not None:
            self._decided(self._said, event.decision)

    def marks(self) -> tuple[Mark, ...]:
        return tuple(self._marks)

    def _decided(self, said: PersonSignal, decision: Decision) -> None:
        name, phases = _MARKED_IN[said.kind]
        named = any(r.id == name for r in decision.reasons)
        if decision.kind is DecisionKind.MARK and named and decision.phase in phases:
            self._mark(said)

    def _mark(self, said: PersonSignal) -> None:
        last = self._last
        if last is None or last.guidance is None:
            return
        care = self._started.config.care
        if said.kind is SignalKind.TOLERANCE and known_bars(care):
            return
        for muscle in said.targets or self._targets(last.guidance.side):
            row = GROUP_INDEX[muscle]
            if last.tissue.claimed[row]:
                self._marks.append(self._of(muscle, row, said, last))

    def _targets(self, side: Side | None) -> tuple[tuple[MuscleGroup, Side], ...]:
        assert self._params.coach is not None, "there is guidance"
        plans = self._params.coach.plans
        return next((p.targets for p in plans if p.side is side), plans[0].targets)

    def _of(
        self, muscle: tuple[MuscleGroup, Side], row: int, said: PersonSignal, last: FrameLogged
    ) -> Mark:
        ground = self._params.tissue.ground
        return Mark(
            *muscle,
            _KINDS[said.kind],
            length_m=float(last.tissue.length_m[row]),
            sd_m=hypot(float(last.tissue.length_sd_m[row]), float(ground.repeat_sd_m[row])),
            upright_m=float(self._upright_m[row]),
            measured_utc=_later(self._started.started_utc, said.t_s),
            setup=self._params.tissue.setup or "",
            session_id=self._started.session_id,
            pain_relief=self._started.config.care.pain_relief,
            edition=ANATOMY_EDITION,
        )


def _later(started_utc: str, t_s: float) -> str:
    begun = datetime.fromisoformat(started_utc)
    aware = begun if begun.tzinfo else begun.replace(tzinfo=UTC)
    at = (aware + timedelta(seconds=t_s)).astimezone(UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
