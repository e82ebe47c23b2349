"""What goes wrong with times: late, twice, out of order, ahead."""

from collections.abc import Callable

import numpy as np
from msgspec.structs import replace

from lengthwise.contracts.observation import LandmarkFrame, Observation
from lengthwise.live.evaluation.fault_stream import Period, Stream, frames

_LATE_S, _INFERENCE_S, _DISORDER_S = 0.3, (0.06, 0.15), 0.08
_FUTURE_S = (0.4, 60.0)
_WRONG_CLOCK_S = 0.25
"""What is stamped so far ahead says nothing about when it arrives."""


def _arriving(stream: Stream, delay_s: Callable[[Observation], float]) -> Stream:
    """The stream in the order of arrival, each observation so much later than it came before."""
    arrives_s, newest_s = [], 0.0
    for o in stream:
        if o.t_s < newest_s + _WRONG_CLOCK_S:
            newest_s = max(newest_s, o.t_s)
        arrives_s.append(newest_s + delay_s(o))
    return [stream[i] for i in sorted(range(len(stream)), key=lambda i: (arrives_s[i], i))]


def late_frames(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """Camera frames arrive 300 ms after what the other sensors saw at their time."""
    return _arriving(
        stream,
        lambda o: _LATE_S if isinstance(o, LandmarkFrame) and period.holds(o) else 0.0,
    )


def slow_inference(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """Camera frames arrive as late as the inference of a pose model takes, each by its own."""
    return _arriving(
        stream,
        lambda o: (
            float(rng.uniform(*_INFERENCE_S))
            if isinstance(o, LandmarkFrame) and period.holds(o)
            else 0.0
        ),
    )


def duplicates(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """Everything arrives twice."""
    out: Stream = []
    for o in stream:
        out += [o, o] if period.holds(o) else [o]
    return out


def out_of_order(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """Everything arrives up to 80 ms late, each by its own delay."""
    return _arriving(
        stream, lambda o: float(rng.uniform(0.0, _DISORDER_S)) if period.holds(o) else 0.0
    )


def future_frames(stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """A clock jumps: frames are stamped ahead, then are right again."""
    ahead_s = float(np.exp(rng.uniform(*np.log(_FUTURE_S))))
    return frames(stream, period, lambda f: replace(f, t_s=f.t_s + ahead_s))
