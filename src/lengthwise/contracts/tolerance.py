"""What a person's marks predict for a day: both marks and the ceiling, each with its doubt."""

from msgspec import Struct

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import MarkKind


class Marked(Struct, frozen=True):
    """One mark of one day: a length (m) with its sd. `relief`: pain relief was taken; None: not
    asked."""

    day: int
    kind: MarkKind
    length_m: float
    sd_m: float
    relief: bool | None = None


class Estimate(Struct, frozen=True):
    """A length (m) and its variance (m2) on a day. `seen_day`: the last day that counts; `stepped`:
    a mark on it lay so far below that it was followed at once; `surprise_m`: by how much the last
    day lay outside of what was likely."""

    length_m: float
    variance_m2: float
    seen_day: int
    stepped: bool = False
    surprise_m: float = 0.0


class Predicted(Struct, frozen=True):
    """One muscle and side on a day. Each `_m` is None where nothing counts that could tell.

    `tolerance_m`, `ceiling_m` never lie beyond what the rules allow on that day. `stale_in_days`:
    days until it says too little, 0 where it already does; None where there is nothing.
    `bounded_by`: what keeps tolerance below what was predicted, or keeps it away, by name.
    """

    group: MuscleGroup
    side: Side
    day: int
    first_m: float | None = None
    first_sd_m: float | None = None
    tolerance_m: float | None = None
    tolerance_sd_m: float | None = None
    ceiling_m: float | None = None
    ceiling_sd_m: float | None = None
    stale_in_days: float | None = None
    bounded_by: tuple[str, ...] = ()
