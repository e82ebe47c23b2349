"""What `summary.json` says beyond the totals: ranges, holds, and what was not seen and why."""

from collections import Counter
from math import degrees

import numpy as np

from lengthwise.contracts.coordinates import COORDINATES, Coordinate, Side
from lengthwise.contracts.decision import Phase
from lengthwise.contracts.muscles import GROUP_SIDES
from lengthwise.contracts.session import FrameLogged, SessionEvent
from lengthwise.contracts.states import Unseen


class Details:
    """Takes every event of one session, in bounded memory."""

    def __init__(self) -> None:
        self._frames = 0
        self._why: list[Counter[Unseen]] = [Counter() for _ in COORDINATES]
        self._low_rad = np.full(len(COORDINATES), np.inf)
        self._high_rad = np.full(len(COORDINATES), -np.inf)
        self._fraction_low = np.full(len(GROUP_SIDES), np.inf)
        self._fraction_high = np.full(len(GROUP_SIDES), -np.inf)
        self._holds: dict[tuple[Side | None, int], tuple[float, float]] = {}
        self._final_phase: Phase | None = None

    def take(self, event: SessionEvent) -> None:
        if not isinstance(event, FrameLogged):
            return
        self._frames += 1
        for i, unseen in enumerate(event.body.unseen):
            self._why[i][unseen] += 1
        shown = np.array([u is Unseen.CLAIMED for u in event.body.unseen])
        known = np.array(event.tissue.claimed)
        _widen(self._low_rad, self._high_rad, event.body.mean_rad, shown)
        _widen(self._fraction_low, self._fraction_high, event.tissue.range_fraction, known)
        if event.guidance is not None:
            g = event.guidance
            self._final_phase = g.phase
            if g.effective_s > 0 or g.uncertain_s > 0:
                self._holds[g.side, g.repetition] = (g.effective_s, g.uncertain_s)

    def summary(self) -> dict[str, object]:
        """Only what was known at some time is listed."""
        return {
            "coordinates": {
                c.value: {
                    "min_deg": round(degrees(self._low_rad[i]), 2),
                    "max_deg": round(degrees(self._high_rad[i]), 2),
                }
                for i, c in enumerate(COORDINATES)
                if np.isfinite(self._low_rad[i])
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

    def why_unseen(self) -> dict[Coordinate, Unseen]:
        """For coordinates that were not claimed most of the time: the most frequent reason."""
        return {
            coordinate: max((u for u in why if u is not Unseen.CLAIMED), key=lambda u: why[u])
            for coordinate, why in zip(COORDINATES, self._why, strict=True)
            if why and why[Unseen.CLAIMED] * 2 < self._frames
        }


def _widen(low: np.ndarray, high: np.ndarray, value: np.ndarray, where: np.ndarray) -> None:
    np.minimum(low, value, out=low, where=where)
    np.maximum(high, value, out=high, where=where)
