"""How far into its range each muscle group was in the holds of a session, from its frames."""

import numpy as np

from lengthwise.contracts.decision import Phase
from lengthwise.contracts.muscles import GROUP_SIDES
from lengthwise.contracts.session import FrameLogged, MuscleReached

LEAST_S = 3.0
"""Known for less than this, nothing is told of a muscle: a place, not a passing by."""
_LEAST_SHARE = 0.5
_LONGEST_S = 0.5
"""A gap between frames longer than this is not time in which a muscle was known."""


class ReachedCount:
    """Takes the frames of one session in their order, in bounded memory.

    A mean over time and not the most: the highest of many readings is one with much noise in it.
    Of the side that works alone; the other one rests meanwhile.
    """

    def __init__(self) -> None:
        self._last_s: float | None = None
        self._held_s = np.zeros(len(GROUP_SIDES))
        self._known_s = np.zeros(len(GROUP_SIDES))
        self._ratio_s = np.zeros(len(GROUP_SIDES))
        self._sd_s = np.zeros(len(GROUP_SIDES))

    def take(self, frame: FrameLogged) -> None:
        t_s, last_s = frame.body.t_s, self._last_s
        self._last_s = t_s
        guidance = frame.guidance
        if last_s is None or guidance is None or guidance.phase is not Phase.HOLD:
            return
        dt_s = min(max(t_s - last_s, 0.0), _LONGEST_S)
        works = np.array([guidance.side in (None, side) for _, side in GROUP_SIDES])
        known = works & np.array(frame.tissue.claimed, dtype=bool)
        self._held_s[works] += dt_s
        self._known_s[known] += dt_s
        self._ratio_s[known] += dt_s * frame.tissue.range_fraction[known]
        self._sd_s[known] += dt_s * frame.tissue.range_fraction_sd[known]

    def found(self) -> tuple[MuscleReached, ...]:
        """The groups that were known for most of the holds of their side."""
        told = (self._known_s >= LEAST_S) & (self._known_s >= _LEAST_SHARE * self._held_s)
        return tuple(
            MuscleReached(
                *GROUP_SIDES[i],
                round(float(self._ratio_s[i] / self._known_s[i]), 4),
                round(float(self._sd_s[i] / self._known_s[i]), 4),
                round(float(self._known_s[i]), 2),
            )
            for i in np.flatnonzero(told)
        )
