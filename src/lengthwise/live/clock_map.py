"""The clock of a page or a phone, mapped on the session's. Pure steps.

    take(state, exchange) -> state;  session_s(state, device_s, now_s) -> (state, Estimate | None)

In an exchange the device says its time, the session answers with its own, and the device says
when the answer came. What the two clocks differ by lies within half of the time on the way,
whatever the ways take. So the exchange that was on its way for the shortest time is believed most;
one that is older is believed less, since clocks drift apart. Nothing of how long the ways take is
assumed.
"""

from math import isfinite

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.states import Estimate

DRIFT_RATIO = 2.0e-4
"""Two clocks may part by so much a second: twice what quartz does (100 ppm)."""
KEPT = 32
MOST_ON_WAY_S = 2.0
"""An exchange that took longer says nothing that is of use."""
BACK_RATIO = 0.5
"""A better knowledge that sets the time back is followed at this pace, so that samples keep their
order; one that sets it forward at once."""


class Exchange(Struct, frozen=True):
    """`sent_s`, `back_s` on the device's clock; `answered_s` on the session's, in between."""

    sent_s: float
    answered_s: float
    back_s: float


class Known(Struct, frozen=True):
    """Session's clock less the device's: `offset_s`, at most `within_s` off when it was found."""

    device_s: float
    offset_s: float
    within_s: float


class State(Struct, frozen=True):
    """`told_s`: offset that was last used, at `told_at_s` of the device's clock; `since_s` of that
    clock: what it says of before is of another one, which began anew or stood still meanwhile."""

    known: tuple[Known, ...] = ()
    told_s: float | None = None
    told_at_s: float = 0.0
    refused: int = 0
    since_s: float = float("-inf")


def start() -> State:
    return State()


def take(state: State, exchange: Exchange) -> State:
    """One more exchange. One that cannot have been so is counted and left."""
    on_way_s = exchange.back_s - exchange.sent_s
    times = (exchange.sent_s, exchange.answered_s, exchange.back_s)
    if not all(map(isfinite, times)) or not 0.0 <= on_way_s <= MOST_ON_WAY_S:
        return replace(state, refused=state.refused + 1)
    middle_s = 0.5 * (exchange.sent_s + exchange.back_s)
    found = Known(middle_s, exchange.answered_s - middle_s, 0.5 * on_way_s)
    known = tuple(k for k in state.known if _agree(k, found))
    if len(known) < len(state.known):
        # Bounds are bounds: a device that began anew, or whose clock stood still. When, within this
        # exchange or before, nobody knows; one that was long on its way may agree with both clocks.
        state = replace(state, told_s=None, since_s=exchange.back_s)
    if len(known) >= KEPT:
        worst = max(known, key=lambda k: _within_s(k, middle_s))
        known = tuple(k for k in known if k is not worst)
    return replace(state, known=(*known, found))


def session_s(state: State, device_s: float) -> tuple[State, Estimate | None]:
    """A time of the device on the session's clock, with what it may be off by as its sd (it is a
    bound, so a cautious one); None before any exchange."""
    if not state.known or not isfinite(device_s):
        return state, None
    best = min(state.known, key=lambda k: _within_s(k, device_s))
    offset_s = best.offset_s
    if state.told_s is not None:
        back_s = BACK_RATIO * max(device_s - state.told_at_s, 0.0)
        offset_s = max(offset_s, state.told_s - back_s)
    lag_s = abs(best.offset_s - offset_s)
    told = replace(state, told_s=offset_s, told_at_s=max(device_s, state.told_at_s))
    return told, Estimate(device_s + offset_s, _within_s(best, device_s) + lag_s)


def _within_s(known: Known, device_s: float) -> float:
    return known.within_s + DRIFT_RATIO * abs(device_s - known.device_s)


def _agree(a: Known, b: Known) -> bool:
    apart_s = abs(a.offset_s - b.offset_s)
    return apart_s <= a.within_s + b.within_s + DRIFT_RATIO * abs(a.device_s - b.device_s)
