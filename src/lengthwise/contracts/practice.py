"""What one session says of how an exercise is done: what was kept, what was corrected."""

from msgspec import Struct

from lengthwise.contracts.coordinates import Coordinate, Side

CUE_SHARES = (1.0, 0.5, 0.0)
"""Shares of the fading cues that are said, from the first days on; an expert default."""


class ConstraintKept(Struct, frozen=True):
    """One constraint of an exercise on one side, over the holds of a session.

    `kept_s`, `beyond_s`: seconds in which it was known to be kept or left; `unsure_s`: all others.
    `said`, `faded`: corrections of it that were due, and spoken or left to the person. `required`:
    the exercise needs it to be seen.
    """

    side: Side | None
    coordinate: Coordinate
    required: bool
    kept_s: float = 0.0
    beyond_s: float = 0.0
    unsure_s: float = 0.0
    said: int = 0
    faded: int = 0

    @property
    def due(self) -> int:
        return self.said + self.faded

    @property
    def known_s(self) -> float:
        return self.kept_s + self.beyond_s

    @property
    def known_ratio(self) -> float | None:
        """None: nothing was held."""
        held_s = self.known_s + self.unsure_s
        return self.known_s / held_s if held_s > 0.0 else None

    @property
    def kept_ratio(self) -> float | None:
        """Share of the known time; None: none of it was known."""
        return self.kept_s / self.known_s if self.known_s > 0.0 else None


class Practice(Struct, frozen=True):
    """`cue_share` of the corrections was said; `check`: it was an uncued retention check."""

    cue_share: float
    constraints: tuple[ConstraintKept, ...]
    check: bool = False
