"""A stream of unknown length in bounded memory."""

from typing import Generic, TypeVar

Item = TypeVar("Item")


class Thinned(Generic[Item]):
    """An evenly thinned copy of a stream of unknown length in bounded memory."""

    def __init__(self, limit: int) -> None:
        self._limit, self._every, self.seen = limit, 1, 0
        self.frames: list[Item] = []

    def take(self, frame: Item) -> None:
        if self.seen % self._every == 0:
            self.frames.append(frame)
            if len(self.frames) >= 2 * self._limit:
                self.frames = self.frames[::2]
                self._every *= 2
        self.seen += 1
