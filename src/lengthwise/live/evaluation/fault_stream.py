"""A stream of observations in the order of their arrival, and changes to parts of it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lengthwise.contracts.observation import ImuSample, LandmarkFrame, Observation, Segment


@dataclass(frozen=True)
class Period:
    from_s: float
    until_s: float

    def holds(self, observation: Observation) -> bool:
        return self.from_s <= observation.t_s < self.until_s


Stream = list[Observation]
Injector = Callable[[Stream, Period, np.random.Generator], Stream]


def frames(
    stream: Stream, period: Period, change: Callable[[LandmarkFrame], LandmarkFrame]
) -> Stream:
    return [change(o) if isinstance(o, LandmarkFrame) and period.holds(o) else o for o in stream]


def one_segment(stream: Stream, rng: np.random.Generator) -> Segment | None:
    worn = sorted({o.segment for o in stream if isinstance(o, ImuSample)})
    return worn[int(rng.integers(len(worn)))] if worn else None


def samples(
    stream: Stream,
    period: Period,
    segment: Segment | None,
    change: Callable[[ImuSample], ImuSample],
) -> Stream:
    return [
        change(o) if isinstance(o, ImuSample) and o.segment is segment and period.holds(o) else o
        for o in stream
    ]


def without(stream: Stream, period: Period, lost: Callable[[Observation], bool]) -> Stream:
    """What is left where some of what belongs to the period never arrives."""
    return [o for o in stream if not (period.holds(o) and lost(o))]
