"""What is known of a person on the day of a session that sets limits of safety. None: not asked."""

from enum import StrEnum
from math import isfinite

from msgspec import Struct

from lengthwise.contracts.coordinates import Side


class Course(StrEnum):
    """How long the present episode of back pain has lasted: < 6, < 12 weeks, longer (rule P)."""

    ACUTE = "acute"
    SUBACUTE = "subacute"
    CHRONIC = "chronic"


class Direction(StrEnum):
    """Of the low back: rounding, arching (rule K)."""

    FLEXION = "flexion"
    EXTENSION = "extension"


class Nerve(StrEnum):
    SCIATIC = "sciatic"
    FEMORAL = "femoral"


class NeuralSign(Struct, frozen=True):
    """The person's own leg symptom changed with a distant joint (rule N)."""

    side: Side
    nerve: Nerve


class NerveLimit(Struct, frozen=True):
    """The most strain of one nerve against upright standing, as ratio."""

    side: Side
    nerve: Nerve
    limit_ratio: float


class Care(Struct, frozen=True):
    """`baseline_nrs`: pain now, before the session, 0 to 10. `neural_signs` None: not tested.
    `pain_relief`: whether pain relief was taken that works now.

    `flare`: clearly worse since yesterday. `irritable`: pain comes up quickly and settles slowly.
    `hypermobile`: Beighton 5 or more; `osteoporotic`: osteoporosis or a fracture of a vertebra;
    `pregnant`: or within three months after. `warm`: moved gently just before the session.

    `nerve_limits`, `lumbar_limit_ratio` (load as ratio to standing) take the place of the general
    limits. Raises ValueError for a number that no limit could be held against.
    """

    baseline_nrs: float | None = None
    course: Course | None = None
    neural_signs: tuple[NeuralSign, ...] | None = None
    nerve_limits: tuple[NerveLimit, ...] = ()
    lumbar_limit_ratio: float | None = None
    pain_relief: bool | None = None
    flare: bool | None = None
    irritable: bool | None = None
    hypermobile: bool | None = None
    osteoporotic: bool | None = None
    pregnant: bool | None = None
    warm: bool | None = None

    def __post_init__(self) -> None:
        if self.baseline_nrs is not None and not 0.0 <= self.baseline_nrs <= 10.0:
            raise ValueError(f"baseline pain is {self.baseline_nrs}; allowed: 0 to 10")
        own = [limit.limit_ratio for limit in self.nerve_limits]
        own += [] if self.lumbar_limit_ratio is None else [self.lumbar_limit_ratio]
        for limit in own:
            if not isfinite(limit):
                raise ValueError(f"a limit is {limit}; allowed: a number")
