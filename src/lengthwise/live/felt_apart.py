"""What a worn sensor feels looked at in a process of its own, which ends with the looking.

Looking loads much, so on this side there is only what was found last.
"""

import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, Generic, Protocol, TypeVar

from lengthwise.contracts.observation import ImuSample
from lengthwise.live import nursery

FoundT = TypeVar("FoundT")
FoundCo = TypeVar("FoundCo", covariant=True)


class Looks(Protocol[FoundCo]):
    def take(self, *samples: ImuSample) -> None: ...

    @property
    def found(self) -> FoundCo: ...

    def close(self) -> None:
        """Nothing is looked for any more."""


class Apart(Generic[FoundT]):
    """Nothing here waits for the process `place` (`module:function`): what it has found is known a
    little later. `asked` is what it is begun with; `nothing` is found until it answers."""

    def __init__(self, place: str, asked: tuple[object, ...], nothing: FoundT) -> None:
        self._asked = asked
        self._found, self._gone = nothing, False
        self._process = nursery.Process(place)
        self._felt: queue.SimpleQueue[tuple[ImuSample, ...] | None] = queue.SimpleQueue()
        self._asking = threading.Thread(target=self._ask, daemon=True)
        self._asking.start()

    def take(self, *samples: ImuSample) -> None:
        if not self._gone:
            self._felt.put(samples)

    @property
    def found(self) -> FoundT:
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


def answer(end: Connection, near: Callable[..., Looks[Any]]) -> None:
    """The process: what is found for each message, until the other end is closed."""
    with suppress(EOFError, OSError):
        looks = near(*end.recv())
        end.send(looks.found)
        while True:
            looks.take(*end.recv())
            end.send(looks.found)
