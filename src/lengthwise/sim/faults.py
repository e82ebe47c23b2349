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


class Fault(Struct, frozen=True):
    """From `from_s` to `until_s` after a hold began; in each hold with `probability`.

    `size`: radians of tilt, in the direction that the exercise warns of, or of tremor; for an
    overshoot the path share beyond tolerance; metres to the side for stepping away; for what leaves
    its place the signed change of `coordinate`; unused for a hold that is let go and for a second
    person.
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


PELVIS_TIPS = Fault(FaultKind.PELVIS_TIPS, 8.0, 18.0, 0.26)
OVERSHOOT = Fault(FaultKind.OVERSHOOT, 8.0, 16.0, 0.15)
LET_GO = Fault(FaultKind.LET_GO, 12.0, 60.0)
TREMOR = Fault(FaultKind.TREMOR, 5.0, 15.0, 0.0087)
STEP_AWAY = Fault(FaultKind.STEP_AWAY, 10.0, 20.0, 4.0)
SECOND_PERSON = Fault(FaultKind.SECOND_PERSON, 8.0, 14.0)
"""Usual sizes: 15 degrees of tilt, 15 % of the path beyond tolerance, 0.5 degrees of tremor,
4 m to the side."""
