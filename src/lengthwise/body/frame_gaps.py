"""Frames that never came: told by those that did, against how often they have come of late.

A camera's declared rate is what it can do, not what it does in a dim room. So a gap is measured by
the usual time between frames, which is followed slowly and hardly feels the gap itself.
"""

from math import exp

from msgspec import Struct

_FOLLOWED_S = 2.0
_FEWEST = 15
_LONGER = 1.6
"""Times of frames jitter; from here on one is missing rather than late."""


class FrameTimes(Struct, frozen=True):
    """`last_s` of the last frame, `usual_s` between two, by `count` of them."""

    last_s: float | None = None
    usual_s: float = 0.0
    count: int = 0


def frames_lost(times: FrameTimes, t_s: float) -> tuple[FrameTimes, int]:
    """What is known of the times after a frame in order, and how many were lost before it."""
    if times.last_s is None:
        return FrameTimes(last_s=t_s), 0
    step_s = t_s - times.last_s
    if times.count == 0:
        return FrameTimes(t_s, step_s, 1), 0
    lost = 0
    if times.count >= _FEWEST and step_s > _LONGER * times.usual_s:
        lost = round(step_s / times.usual_s) - 1
    counted_s = min(step_s, 2.0 * times.usual_s)
    share = max(1.0 - exp(-counted_s / _FOLLOWED_S), 1.0 / (times.count + 1))
    usual_s = times.usual_s + share * (counted_s - times.usual_s)
    return FrameTimes(t_s, usual_s, min(times.count + 1, _FEWEST)), lost
