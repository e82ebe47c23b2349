"""Who looks at what worn sensors feel before a session: how they sit, and standing still with them.

What is computed is `device_alignment`, in a process of its own (`felt_apart`).
"""

from enum import StrEnum
from multiprocessing.connection import Connection

from msgspec import Struct

from lengthwise.contracts.observation import Axis, ImuSample, ImuStream, Segment
from lengthwise.live import nursery
from lengthwise.live.felt_apart import Apart, Looks, answer

_LOOK = "lengthwise.live.device_looking:look"


class What(StrEnum):
    ALIGNING = "aligning"
    STANDING = "standing"


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


Looking = Looks[Aligned | Stood]


class Near:
    """Looks here, and knows at once."""

    def __init__(self, what: What, streams: tuple[ImuStream, ...]) -> None:
        # Elsewhere only: it loads what the server is to be free of.
        from lengthwise.live.device_alignment import Aligning, Standing

        self._look = (Aligning if what is What.ALIGNING else Standing)(streams)

    def take(self, *samples: ImuSample) -> None:
        for sample in samples:
            self._look.take(sample)

    @property
    def found(self) -> Aligned | Stood:
        return self._look.found

    def close(self) -> None:
        pass


def looking(what: What, streams: tuple[ImuStream, ...]) -> Looking:
    if not nursery.FORKS:
        return Near(what, streams)
    return Apart(_LOOK, (what, streams), Aligned() if what is What.ALIGNING else Stood())


def look(end: Connection) -> None:
    answer(end, Near)
