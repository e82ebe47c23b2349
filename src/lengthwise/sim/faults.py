"""Things that people do, as data: each fault with its own time within a hold."""

from enum import StrEnum

from msgspec import Struct


class FaultKind(StrEnum):
    PELVIS_TIPS = "pelvis_tips"
    OVERSHOOT = "overshoot"
    LET_GO = "let_go"
    TREMOR = "tremor"


class Fault(Struct, frozen=True):
    """From `from_s` to `until_s` after a hold began, in every hold.

    `size`: radians of tilt or tremor; for an overshoot the path share beyond tolerance; unused for
    a hold that is let go.
    """

    kind: FaultKind
    from_s: float
    until_s: float
    size: float = 0.0


PELVIS_TIPS = Fault(FaultKind.PELVIS_TIPS, 8.0, 18.0, 0.26)
OVERSHOOT = Fault(FaultKind.OVERSHOOT, 8.0, 16.0, 0.15)
LET_GO = Fault(FaultKind.LET_GO, 12.0, 60.0)
TREMOR = Fault(FaultKind.TREMOR, 5.0, 15.0, 0.035)
"""Usual sizes: 15° of tilt, 15 % of the path beyond tolerance, 2° of tremor."""
