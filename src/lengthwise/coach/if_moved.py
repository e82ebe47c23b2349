"""What the coach remembers of what is read had no worn sensor been doubted.

A sensor that may have slid leaves an estimate between two readings: it slid, or the body moved.
Which of the two is worse for the person nobody knows, so from the first doubt to the end of the
session limits are held against both, the estimate and what it would be had nothing been doubted,
and the stricter answer stands:

    allowed = min(allowed by the estimate, allowed had the body moved)

Whatever would have eased or led back without the doubt does so with it, no later.
"""

from collections.abc import Callable

from msgspec.structs import replace

from lengthwise.coach.state import IfMoved, State

_NAMES = IfMoved.__struct_fields__


def as_if(state: State) -> State:
    """The state had nothing been doubted; the same one where nothing was."""
    beside, seen = state.if_moved, state.sighting
    if beside is None:
        return state
    # What was eased was eased for whichever reading asked for it.
    sighting = replace(
        beside.sighting,
        easing=seen.easing,
        easing_since_s=seen.easing_since_s,
        allowed=seen.allowed,
    )
    fields = {name: getattr(beside, name) for name in _NAMES}
    return replace(state, **(fields | {"sighting": sighting}), if_moved=None)


def beside(state: State, other: State) -> State:
    """The state with what `other`, the same had nothing been doubted, remembers beside it."""
    return replace(state, if_moved=IfMoved(*[getattr(other, name) for name in _NAMES]))


def both(state: State, change: Callable[[State], State]) -> State:
    """A change that depends on what is read, made to each of them."""
    after = change(state)
    return after if state.if_moved is None else beside(after, change(as_if(state)))
