"""The way between a band and its controller: late, uneven, and now and then nothing comes."""

from heapq import heappop, heappush
from typing import Generic, TypeVar

import numpy as np

Message = TypeVar("Message")


class Way(Generic[Message]):
    """One direction. `late_s`: the least; each message up to `jitter_ratio` of it more; a share
    `loss_ratio` is lost, and everything while `cut`. What comes late may be overtaken."""

    def __init__(
        self, chance: np.random.Generator, late_s: float, *, jitter_ratio: float, loss_ratio: float
    ) -> None:
        self._chance, self._late_s = chance, late_s
        self.jitter_ratio, self.loss_ratio = jitter_ratio, loss_ratio
        self.cut = False
        self.more_s = 0.0
        self._count = 0
        self._on_way: list[tuple[float, int, Message]] = []

    def send(self, message: Message, at_s: float) -> None:
        kept, late = self._chance.random(2)
        if self.cut or kept < self.loss_ratio:
            return
        arrives_s = at_s + self._late_s * (1.0 + self.jitter_ratio * late) + self.more_s
        self._count += 1
        heappush(self._on_way, (arrives_s, self._count, message))

    def arrived(self, at_s: float) -> list[Message]:
        """What has come by now, in the order of arrival."""
        came = []
        while self._on_way and self._on_way[0][0] <= at_s + 1e-9:
            came.append(heappop(self._on_way)[2])
        return came
