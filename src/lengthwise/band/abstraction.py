"""The band's controller as a finite picture: every state, every event, what may follow, what may
pull. As `coach.abstraction`: the tests walk all of it, and hold the real step against it.

Time is left out: a ramp may end or not at every tick. So the picture allows more than the code.
"""

from collections.abc import Iterator
from itertools import product

from msgspec import Struct

from lengthwise.band.controller import Output, State
from lengthwise.band.settings import Params
from lengthwise.band.signals import LOADED, Input, Phase


class Abstract(Struct, frozen=True, order=True):
    """`asked`: a start was being asked for at the last tick, so that only a new asking counts."""

    phase: Phase
    asked: bool = True


class Event(Struct, frozen=True, order=True):
    """One tick. `cause`: anything that releases; `slack`: the band is read to pull with nothing."""

    stop: bool
    cause: bool
    start: bool
    slack: bool


def every_state() -> Iterator[Abstract]:
    for phase, asked in product(Phase, (False, True)):
        yield Abstract(phase, asked)


EVENTS = tuple(Event(*four) for four in product((False, True), repeat=4))


def start() -> Abstract:
    return Abstract(Phase.REST)


def successors(state: Abstract, event: Event) -> frozenset[Abstract]:
    """Everything that may follow."""
    phases = _phases(state, event)
    return frozenset(Abstract(phase, event.start) for phase in phases)


def may_pull(after: Abstract, event: Event) -> bool:
    """Whether a force above 0 may be commanded at the end of the tick."""
    return after.phase in LOADED and not event.cause and not event.stop


def _phases(state: Abstract, event: Event) -> frozenset[Phase]:
    if state.phase is Phase.STOPPED or event.stop:
        return frozenset({Phase.STOPPED})
    if state.phase in LOADED:
        if event.cause:
            return frozenset({Phase.UNLOAD})
        return frozenset({state.phase, Phase.HOLD})
    if state.phase is Phase.UNLOAD:
        return frozenset({Phase.REST if event.slack else Phase.UNLOAD})
    begins = event.start and not state.asked and not event.cause and event.slack
    return frozenset({Phase.RAMP if begins else Phase.REST})


def abstract(state: State) -> Abstract:
    return Abstract(state.phase, state.asked)


def event(p: Params, now: Input, after: State, output: Output) -> Event:
    """What a tick of the real controller is in the picture."""
    last, t_s = after.seen.last, after.t_s
    known = last is not None and t_s is not None and t_s - last.t_s <= p.limits.stale_s
    slack = known and last is not None and last.force_n <= p.limits.rest_n
    return Event(now.stop is not False, bool(output.causes), now.start, slack)
