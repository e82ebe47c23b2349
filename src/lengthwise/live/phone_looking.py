"""Who looks at what a worn phone feels before a session: standing still, or which way round it is.

What is computed is `phone_standing` and `phone_check`, in a process of its own (`felt_apart`).
"""

from enum import StrEnum
from multiprocessing.connection import Connection
from typing import Protocol

from msgspec import Struct

from lengthwise.contracts.observation import ImuSample
from lengthwise.contracts.phone_wire import PhoneSays
from lengthwise.live import felt_apart, nursery
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


class Looking(felt_apart.Looks[Found], Protocol):
    place: str


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


class Apart(felt_apart.Apart[Found]):
    def __init__(self, what: What, place: str, rate_hz: float) -> None:
        self.place = place
        super().__init__(_LOOK, (what, place, rate_hz), Found())


def looking(what: What, place: str, rate_hz: float) -> Looking:
    return (Apart if nursery.FORKS else Near)(what, place, rate_hz)


def look(end: Connection) -> None:
    felt_apart.answer(end, Near)
