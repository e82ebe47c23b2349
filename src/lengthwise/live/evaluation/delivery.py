"""Observations as a live session delivers them to the estimate: ordered, with ticks in gaps."""

from collections.abc import Iterable, Iterator

from lengthwise.contracts.observation import Observation
from lengthwise.live import sequencer


class Delivery:
    """The sequencer with what it remembers, so that it can be left and taken up again."""

    def __init__(self, lag_s: float, state: sequencer.State | None = None) -> None:
        self.state = sequencer.start() if state is None else state
        self._lag_s = lag_s

    def take(self, arrived: Observation) -> list[sequencer.Delivered]:
        self.state, due = sequencer.step(self.state, arrived, lag_s=self._lag_s)
        return due

    def all_of(self, arrived: Iterable[Observation]) -> Iterator[sequencer.Delivered]:
        """What reaches the estimate when observations arrive in this order and then end."""
        for observation in arrived:
            yield from self.take(observation)
        self.state, due = sequencer.flush(self.state)
        yield from due


def delivered(
    arrived: Iterable[Observation], *, lag_s: float = 0.0
) -> Iterator[sequencer.Delivered]:
    """What reaches the estimate when observations arrive in this order."""
    return Delivery(lag_s).all_of(arrived)
