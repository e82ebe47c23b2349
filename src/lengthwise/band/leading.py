"""The outer loop: the force that keeps the target in the middle of the person's window, or as near
to it as is surely below the ceiling.

Tissue gives way in a hold, so a steady force goes ever deeper. Where the pose is known the target
force follows the window position, slowly beside the loop it is a target for:

    dF*/dt = -gain F* (p - aim),   |dF*/dt| <= rate,   least F <= F* <= F,
    aim = min(middle, ceiling - 1.64 sd - room).

The envelope holds p + 1.64 sd against the ceiling. A loop that aims at the middle whatever the sd
leads everybody whose position is not sure enough into an ease, and a grip to be closed anew.

It never goes beyond the force that was asked for. While the envelope eases, which it also does
where the position is not known, what is asked for goes down with it: a ramp runs back, and comes
again at its own rate; in a hold the target is lowered, and only the loop brings it back.
"""

from lengthwise.band.settings import Params
from lengthwise.contracts.person import Window
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant

_GAIN_PER_S, _RATE_N_S = constant("band", "window_gain_per_s"), constant("band", "window_rate_n_s")
_LEAST, _ROOM = constant("band", "window_least_ratio"), constant("band", "window_room")
_CEILING_SDS = constant("tissue", "ceiling_sd_factor")


def aim(position: Estimate, window: Window) -> float:
    """The position that is led to: the middle, or less where it is not sure enough for that."""
    middle = 0.5 * (window.low + window.high)
    return min(middle, window.ceiling - _CEILING_SDS * position.sd - _ROOM)


def led(target_n: float, position: Estimate | None, p: Params, *, dt_s: float) -> float:
    """The target force after `dt_s`."""
    if position is None or p.window is None:
        return target_n
    off = position.mean - aim(position, p.window)
    rate_n_s = min(max(-_GAIN_PER_S * target_n * off, -_RATE_N_S), _RATE_N_S)
    # A target that was eased to below the least stays there until the loop raises it.
    least_n = min(_LEAST * p.target_n, target_n)
    return min(max(target_n + rate_n_s * dt_s, least_n), p.target_n)


def arrived(position: Estimate | None, p: Params) -> bool:
    """Whether it is nearly where it is led to, so that the ramp goes no further: what it is late by
    comes on top, and the rest is led."""
    if position is None or p.window is None:
        return False
    return position.mean >= aim(position, p.window) - _ROOM
