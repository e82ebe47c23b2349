"""Who looks at what a worn phone feels before a session: standing still, or which way round it is.

What is computed is `phone_standing` and `phone_check`. They load much, so on this side there is
only what was found last; it is looked for in a process that ends with the looking.
"""

import queue
import threading
from contextlib import suppress
from enum import StrEnum
from multiprocessing.connection import Connection
from typing import Protocol

from msgspec import Struct

from lengthwise.contracts.observation import ImuSample
from lengthwise.contracts.phone_wire import PhoneSays
from lengthwise.live import nursery
from lengthwise.live.worn import Checked, Worn

_LOOK = "lengthwise.live.phone_looking:look"


class What(StrEnum):
    STANDING = "standing"
    CHECK = "check"


class Found(Struct, frozen=True):
    """So far. `still_s`, `worn` and `says` of a standing; `checked` of a check."""

    says: PhoneSays = PhoneSays.KEEP_STILL
    still_s: float = 0.0
    worn: Worn | None = None
    checked: Checked | None = None


class Looking(Protocol):
    place: str

    def take(self, *samples: ImuSample) -> None: ...

    @property
    def found(self) -> Found: ...

    def close(self) -> None:
        """Nothing is looked for any more."""


class Near:
    """Looks here, and knows at once."""

    def __init__(self, what: What, place: str, rate_hz: float) -> None:
        # Elsewhere only: it loads what the server is to be free of.
        from lengthwise.live.phone_check import Check
        from lengthwise.live.phone_standing import Standing

        self.place = place
        self._look = (Standing if what is What.STANDING else Check)(place, rate_hz)
        self._check_of = Check

    def take(self, *samples: ImuSample) -> None:
        for sample in samples:
            self._look.take(sample)

    @property
    def found(self) -> Found:
        look = self._look
        if isinstance(look, self._check_of):
            return Found(checked=look.checked)
        return Found(look.says, look.still_s, look.found)

    def close(self) -> None:
        pass


class Apart:
    """Looks in a process of its own. Nothing here waits for it: what it has found is known a little
    later."""

    def __init__(self, what: What, place: str, rate_hz: float) -> None:
        self.place = place
        self._asked = what, place, rate_hz
        self._found, self._gone = Found(), False
        self._process = nursery.Process(_LOOK)
        self._felt: queue.SimpleQueue[tuple[ImuSample, ...] | None] = queue.SimpleQueue()
        self._asking = threading.Thread(target=self._ask, daemon=True)
        self._asking.start()

    def take(self, *samples: ImuSample) -> None:
        if not self._gone:
            self._felt.put(samples)

    @property
    def found(self) -> Found:
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


def looking(what: What, place: str, rate_hz: float) -> Looking:
    return (Apart if nursery.FORKS else Near)(what, place, rate_hz)


def look(end: Connection) -> None:
    """The process: an answer for each message, until the other end is closed."""
    with suppress(EOFError, OSError):
        near = Near(*end.recv())
        end.send(near.found)
        while True:
            near.take(*end.recv())
            end.send(near.found)
