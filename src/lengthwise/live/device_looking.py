"""Who looks at what worn sensors feel before a session: how they sit, and standing still with them.

What is computed is `device_alignment`, in a process of its own (`felt_apart`).
"""

from enum import StrEnum
from multiprocessing.connection import Connection

from lengthwise.contracts.observation import ImuSample, ImuStream
from lengthwise.live import nursery
from lengthwise.live.device_sits import Aligned, Stood
from lengthwise.live.felt_apart import Apart, Looks, answer

_LOOK = "lengthwise.live.device_looking:look"


class What(StrEnum):
    ALIGNING = "aligning"
    STANDING = "standing"


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
