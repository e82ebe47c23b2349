"""Things that people do, as data: each fault with its own time within a hold."""

from enum import StrEnum

import numpy as np
from msgspec import Struct

from lengthwise.contracts.coordinates import Coordinate
from lengthwise.sim.motion import eased


class FaultKind(StrEnum):
    PELVIS_TIPS = "pelvis_tips"
    OVERSHOOT = "overshoot"
    LET_GO = "let_go"
    TREMOR = "tremor"
    STEP_AWAY = "step_away"
    SECOND_PERSON = "second_person"
    LEAVES = "leaves"
    BREATH_HELD = "breath_held"
    WRONG_SIDE = "wrong_side"
    CAT = "cat"
    FATIGUE = "fatigue"
    SLOW_TO_REACT = "slow_to_react"
    RAMP_PAIN = "ramp_pain"
    RAMP_LEG = "ramp_leg"
    RAMP_STOP = "ramp_stop"
    RAMP_SILENT = "ramp_silent"
    RAMP_HURRY = "ramp_hurry"


class Fault(Struct, frozen=True):
    """From `from_s` to `until_s` after a hold began; in each hold with `probability`.

    `size`: radians of tilt, in the direction that the exercise warns of, or of tremor; for an
    overshoot the path share beyond tolerance; metres to the side for stepping away; for what leaves
    its place the signed change of `coordinate`; for fatigue the share of the path that is lost by
    its end; for who is slow to react how many times the usual time it takes; unused otherwise.

    Who takes the wrong side does so from the start of a repetition, and who is slow is so all the
    time: for them the times mean nothing, nor do they for those of a ramp to tolerance, whose size
    is where between the two marks it is said.
    """

    kind: FaultKind
    from_s: float
    until_s: float
    size: float = 0.0
    probability: float = 1.0
    coordinate: Coordinate | None = None

    def happens(self, *, seed: int, hold: int, place: int) -> bool:
        """Whether it happens in this hold, fixed by the seed. `place`: which fault of the list."""
        if self.probability >= 1.0:
            return True
        counter = [0, place, 4, hold]
        rng = np.random.Generator(np.random.Philox(key=seed, counter=counter))
        return bool(rng.random() < self.probability)

    def amount(self, held_s: float, *, ramp_s: float = 1.0) -> float:
        """0 outside its time, 1 in the midst of it, with smooth edges inside it."""
        return eased((held_s - self.from_s) / ramp_s) * eased((self.until_s - held_s) / ramp_s)

    def gone(self, held_s: float) -> float:
        """Share of its time that is over."""
        return (held_s - self.from_s) / (self.until_s - self.from_s)


def of_kind(active: tuple[Fault, ...], kind: FaultKind) -> tuple[Fault, ...]:
    return tuple(f for f in active if f.kind is kind)


PELVIS_TIPS = Fault(FaultKind.PELVIS_TIPS, 8.0, 18.0, 0.26)
OVERSHOOT = Fault(FaultKind.OVERSHOOT, 8.0, 16.0, 0.15)
LET_GO = Fault(FaultKind.LET_GO, 12.0, 60.0)
TREMOR = Fault(FaultKind.TREMOR, 5.0, 15.0, 0.0087)
STEP_AWAY = Fault(FaultKind.STEP_AWAY, 10.0, 20.0, 4.0)
SECOND_PERSON = Fault(FaultKind.SECOND_PERSON, 8.0, 14.0)
BREATH_HELD = Fault(FaultKind.BREATH_HELD, 17.0, 30.0)
WRONG_SIDE = Fault(FaultKind.WRONG_SIDE, 0.0, 0.0)
CAT = Fault(FaultKind.CAT, 8.0, 14.0)
FATIGUE = Fault(FaultKind.FATIGUE, 5.0, 60.0, 0.25)
SLOW_TO_REACT = Fault(FaultKind.SLOW_TO_REACT, 0.0, 0.0, 3.0)
RAMP_PAIN = Fault(FaultKind.RAMP_PAIN, 0.0, 0.0, 0.5)
RAMP_LEG = Fault(FaultKind.RAMP_LEG, 0.0, 0.0, 0.5)
RAMP_STOP = Fault(FaultKind.RAMP_STOP, 0.0, 0.0, 0.5)
RAMP_SILENT = Fault(FaultKind.RAMP_SILENT, 0.0, 0.0)
RAMP_HURRY = Fault(FaultKind.RAMP_HURRY, 0.0, 0.0)
"""Usual sizes: 15 degrees of tilt, 15 % of the path beyond tolerance, 0.5 degrees of tremor,
4 m to the side, 13 s without a breath, 6 s until the cat has passed, a quarter of the path within a
minute, three times as slow; half way between the marks."""

USUAL = {
    fault.kind: fault
    for fault in (
        PELVIS_TIPS, OVERSHOOT, LET_GO, TREMOR, STEP_AWAY, SECOND_PERSON, BREATH_HELD, WRONG_SIDE,
        CAT, FATIGUE, SLOW_TO_REACT, RAMP_PAIN, RAMP_LEG, RAMP_STOP, RAMP_SILENT, RAMP_HURRY,
    )
}  # fmt: skip
