"""The outer loop: the force that keeps the target in the middle of the person's window.

Tissue gives way in a hold, so a steady force goes ever deeper. Where the pose is known the target
force follows the window position, slowly beside the loop it is a target for:

    dF*/dt = -gain F* (p - middle),   |dF*/dt| <= rate,   least F <= F* <= F.

It never goes beyond the force that was asked for. While the envelope eases, which it also does
where the position is not known, what is asked for goes down with it: a ramp runs back, and comes
again at its own rate; in a hold the target is lowered, and only the loop brings it back.
"""

from lengthwise.band.settings import Params
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant

_GAIN_PER_S, _RATE_N_S = constant("band", "window_gain_per_s"), constant("band", "window_rate_n_s")
_LEAST = constant("band", "window_least_ratio")


def led(target_n: float, position: Estimate | None, p: Params, *, dt_s: float) -> float:
    """The target force after `dt_s`."""
    if position is None or p.window is None:
        return target_n
    off = position.mean - 0.5 * (p.window.low + p.window.high)
    rate_n_s = min(max(-_GAIN_PER_S * target_n * off, -_RATE_N_S), _RATE_N_S)
    # A target that was eased to below the least stays there until the loop raises it.
    least_n = min(_LEAST * p.target_n, target_n)
    return min(max(target_n + rate_n_s * dt_s, least_n), p.target_n)


def arrived(position: Estimate | None, p: Params) -> bool:
    """Whether the middle of the window is reached, so that the ramp goes no further."""
    if position is None or p.window is None:
        return False
    return position.mean >= 0.5 * (p.window.low + p.window.high)
