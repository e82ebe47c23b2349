"""Totals of a session, counted as it runs: dose, what was seen, what was rejected."""

from collections import Counter
from math import degrees

import numpy as np

from lengthwise.contracts.coordinates import COORDINATES, Coordinate, Side
from lengthwise.contracts.decision import Phase
from lengthwise.contracts.muscles import GROUP_SIDES
from lengthwise.contracts.session import (
    FrameLogged,
    RejectionLogged,
    SessionEnded,
    SessionEvent,
    SessionStarted,
    SessionTotals,
)
from lengthwise.contracts.states import Unseen


class Tally:
    """Takes every event of one session; `totals` and `extremes` say what came of it."""

    def __init__(self, started: SessionStarted) -> None:
        self._started = started
        self._frames = 0
        self._claimed = np.zeros(len(COORDINATES), dtype=int)
        self._why: list[Counter[Unseen]] = [Counter() for _ in COORDINATES]
        self._low = np.full(len(COORDINATES), np.inf)
        self._high = np.full(len(COORDINATES), -np.inf)
        self._fraction_low = np.full(len(GROUP_SIDES), np.inf)
        self._fraction_high = np.full(len(GROUP_SIDES), -np.inf)
        self._rejections: Counter[str] = Counter()
        self._holds: dict[tuple[Side | None, int], tuple[float, float]] = {}
        self._last_s = 0.0
        self._ended: SessionEnded | None = None
        self._final_phase: Phase | None = None

    def take(self, event: SessionEvent) -> None:
        if isinstance(event, FrameLogged):
            self._frame(event)
        elif isinstance(event, RejectionLogged):
            rejection = event.rejection
            self._rejections[f"{rejection.source}.{rejection.reason.value}"] += 1
        elif isinstance(event, SessionEnded):
            self._ended = event

    def _frame(self, frame: FrameLogged) -> None:
        self._frames += 1
        self._last_s = frame.body.t_s
        for i, unseen in enumerate(frame.body.unseen):
            self._why[i][unseen] += 1
        shown = np.array([u is Unseen.CLAIMED for u in frame.body.unseen])
        self._claimed += shown
        self._low[shown] = np.minimum(self._low, frame.body.mean_rad)[shown]
        self._high[shown] = np.maximum(self._high, frame.body.mean_rad)[shown]
        known = np.array(frame.tissue.claimed)
        fraction = frame.tissue.range_fraction
        self._fraction_low[known] = np.minimum(self._fraction_low, fraction)[known]
        self._fraction_high[known] = np.maximum(self._fraction_high, fraction)[known]
        if frame.guidance is not None:
            g = frame.guidance
            self._final_phase = g.phase
            if g.effective_s > 0 or g.uncertain_s > 0:
                self._holds[g.side, g.repetition] = (g.effective_s, g.uncertain_s)

    def totals(self) -> SessionTotals:
        coached = self._started.config.exercise_id is not None
        seen = max(self._frames, 1)
        return SessionTotals(
            session_id=self._started.session_id,
            started_utc=self._started.started_utc,
            duration_s=self._ended.t_s if self._ended else self._last_s,
            frames=self._frames,
            exercise_id=self._started.config.exercise_id,
            effective_s=sum(e for e, _ in self._holds.values()) if coached else None,
            uncertain_s=sum(u for _, u in self._holds.values()) if coached else None,
            rejections=dict(sorted(self._rejections.items())),
            claimed_ratio={
                c.value: round(float(n) / seen, 4)
                for c, n in zip(COORDINATES, self._claimed, strict=True)
            },
            simulated=self._started.recording.simulated,
            complete=bool(self._ended and self._ended.complete),
        )

    def why_unseen(self) -> dict[Coordinate, Unseen]:
        """For coordinates not claimed most of the time: the most frequent reason."""
        out = {}
        for coordinate, why in zip(COORDINATES, self._why, strict=True):
            if why and why[Unseen.CLAIMED] * 2 < self._frames:
                out[coordinate] = max(
                    (u for u in why if u is not Unseen.CLAIMED), key=lambda u: why[u]
                )
        return out

    def summary(self) -> dict[str, object]:
        """The content of summary.json beyond the totals; absent where never known."""
        return {
            "coordinates": {
                c.value: {
                    "min_deg": round(degrees(self._low[i]), 2),
                    "max_deg": round(degrees(self._high[i]), 2),
                }
                for i, c in enumerate(COORDINATES)
                if self._claimed[i]
            },
            "muscles": {
                f"{group.value}_{side.value}": {
                    "min_range_fraction": round(float(self._fraction_low[i]), 4),
                    "max_range_fraction": round(float(self._fraction_high[i]), 4),
                }
                for i, (group, side) in enumerate(GROUP_SIDES)
                if np.isfinite(self._fraction_low[i])
            },
            "holds": [
                {
                    "side": side.value if side else None,
                    "repetition": repetition,
                    "effective_s": round(effective_s, 3),
                    "uncertain_s": round(uncertain_s, 3),
                }
                for (side, repetition), (effective_s, uncertain_s) in self._holds.items()
            ],
            "not_seen": {c.value: u.value for c, u in self.why_unseen().items()},
            "final_phase": self._final_phase.value if self._final_phase else None,
        }
