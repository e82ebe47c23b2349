"""What is found of worn sensors before a session: how each sits, and when somebody stood still."""

from msgspec import Struct

from lengthwise.contracts.observation import Axis, Segment


class SensorSits(Struct, frozen=True):
    """How one sensor sits, in words; `well` None: not known. `front`, `up`: its axes that point to
    the segment's front and upwards in standing, as stated or as found."""

    segment: Segment
    words: str
    well: bool | None = None
    front: Axis | None = None
    up: Axis | None = None


class Aligned(Struct, frozen=True):
    """So far. `words`: what to do now; `sensors` once it is `done`."""

    words: str = ""
    done: bool = False
    sensors: tuple[SensorSits, ...] = ()


class Stood(Struct, frozen=True):
    """So far. `stood_s`: when it was, on the clock of the samples; None: not yet. `otherwise`:
    names of sensors that are worn otherwise than declared."""

    still_s: float = 0.0
    stood_s: tuple[float, float] | None = None
    otherwise: tuple[str, ...] = ()
