"""Observations as a live session delivers them to the estimate: ordered, with ticks in gaps."""

from collections.abc import Iterable, Iterator

from lengthwise.contracts.observation import Observation, Rejection
from lengthwise.live import sequencer


def delivered(
    arrived: Iterable[Observation], *, lag_s: float = 0.0
) -> Iterator[Observation | Rejection]:
    """What reaches the estimate when observations arrive in this order."""
    state = sequencer.start()
    for observation in arrived:
        state, due = sequencer.step(state, observation, lag_s=lag_s)
        yield from due
    _, due = sequencer.flush(state)
    yield from due
