"""Who looks at what worn sensors feel before a session: how they sit, and standing still with them.

What is computed is `device_alignment`. It loads much, so on this side there is only what was found
last; it is looked for in a process that ends with the looking.
"""

import queue
import threading
from contextlib import suppress
from enum import StrEnum
from multiprocessing.connection import Connection
from typing import Protocol

from msgspec import Struct

from lengthwise.contracts.observation import Axis, ImuSample, ImuStream, Segment
from lengthwise.live import nursery

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


class Looking(Protocol):
    def take(self, *samples: ImuSample) -> None: ...

    @property
    def found(self) -> Aligned | Stood: ...

    def close(self) -> None:
        """Nothing is looked for any more."""


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


class Apart:
    """Looks in a process of its own. Nothing here waits for it: what it has found is known a little
    later."""

    def __init__(self, what: What, streams: tuple[ImuStream, ...]) -> None:
        self._asked = what, streams
        self._found: Aligned | Stood = Aligned() if what is What.ALIGNING else Stood()
        self._gone = False
        self._process = nursery.Process(_LOOK)
        self._felt: queue.SimpleQueue[tuple[ImuSample, ...] | None] = queue.SimpleQueue()
        self._asking = threading.Thread(target=self._ask, daemon=True)
        self._asking.start()

    def take(self, *samples: ImuSample) -> None:
        if not self._gone:
            self._felt.put(samples)

    @property
    def found(self) -> Aligned | Stood:
        return self._found

    def close(self) -> None:
        self._felt.put(None)

    def _ask(self) -> None:
        with suppress(OSError, EOFError):
            self._process.start()
            self._process.end.send(self._asked)
            self._found = self._process.end.recv()
            while (felt := self._felt.get()) is not None:
                self._process.end.send(felt)
                self._found = self._process.end.recv()
        self._gone = True
        self._process.end.close()
        self._process.finish(within_s=1.0)


def looking(what: What, streams: tuple[ImuStream, ...]) -> Looking:
    return (Apart if nursery.FORKS else Near)(what, streams)


def look(end: Connection) -> None:
    """The process: an answer for each message, until the other end is closed."""
    with suppress(EOFError, OSError):
        near = Near(*end.recv())
        end.send(near.found)
        while True:
            near.take(*end.recv())
            end.send(near.found)
