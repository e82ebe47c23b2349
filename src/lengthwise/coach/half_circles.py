"""Counts circles live from the side the body is on: one half and then the other. A pure step."""

from statistics import median

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.coach.repetition import Coefficients, Repetition


class Half(Struct, frozen=True):
    """`reach`: the farthest the signal went to this side. `upright`: how straight it began."""

    start_s: float
    side: int
    reach: float
    upright: float | None = None


class State(Struct, frozen=True):
    """`now`: the half under way, None until a change of side was seen.

    `settled`: the side of that half; `changed_s`, `changed_upright`: since when the signal is on
    the other, and how straight the body was then. `first`: a half that waits for its other half.
    `lasts_s`: of the last halves. `least_upright`, `most_upright`: seen so far.
    """

    settled: int | None = None
    changed_s: float | None = None
    changed_upright: float | None = None
    least_upright: float | None = None
    most_upright: float | None = None
    now: Half | None = None
    first: Half | None = None
    lasts_s: tuple[float, ...] = ()

    @property
    def moving(self) -> bool:
        return self.now is not None


def step(
    state: State,
    value: float,
    upright: float | None,
    *,
    t_s: float,
    coefficients: Coefficients,
) -> tuple[State, Repetition | None]:
    """One known sample of the signed signal."""
    c = coefficients
    state = _seen(state, upright)
    side = 1 if value > 0.0 else -1
    if state.settled is None:
        return replace(state, settled=side), None
    if side == state.settled:
        now = state.now
        if now is not None:
            now = replace(now, reach=max(now.reach, abs(value)))
        return replace(state, changed_s=None, now=now), None
    if state.changed_s is None:
        state = replace(state, changed_s=t_s, changed_upright=upright)
    changed_s = t_s if state.changed_s is None else state.changed_s
    if t_s - changed_s < _least_half_s(state, c):
        return state, None
    begun = Half(changed_s, side, abs(value), state.changed_upright)
    fresh = replace(state, settled=side, changed_s=None, now=begun)
    return (fresh, None) if state.now is None else _ended(fresh, state.now, changed_s, c)


def _ended(
    state: State, half: Half, end_s: float, c: Coefficients
) -> tuple[State, Repetition | None]:
    """A half has ended. A long one ends one circle with its beginning and begins another."""
    lasts_s = end_s - half.start_s
    usual_s = median(state.lasts_s) if len(state.lasts_s) >= 2 else lasts_s
    long = lasts_s > c.half_long_ratio * usual_s
    if not long:
        state = replace(state, lasts_s=(*state.lasts_s, lasts_s)[-int(c.remembered) :])
    first = state.first
    if first is None and _other_first(state, half, c):
        return state, None
    if first is None:
        start_s = end_s - usual_s if long else half.start_s
        return replace(state, first=replace(half, start_s=start_s)), None
    stop_s = half.start_s + usual_s if long else end_s
    waits = replace(half, start_s=max(stop_s, end_s - usual_s)) if long else None
    found = Repetition(
        first.start_s, half.start_s, stop_s, 0.5 * (first.reach + half.reach), first.side
    )
    if found.duration_s < c.least_duration_s:
        return replace(state, first=waits), None
    return replace(state, first=waits), found


def _least_half_s(state: State, c: Coefficients) -> float:
    """How long the other side must last to be a half and no flicker."""
    usual_s = median(state.lasts_s) if state.lasts_s else 0.0
    return max(0.5 * c.least_duration_s, c.half_short_ratio * usual_s)


def _seen(state: State, upright: float | None) -> State:
    if upright is None:
        return state
    least, most = state.least_upright, state.most_upright
    return replace(
        state,
        least_upright=upright if least is None else min(least, upright),
        most_upright=upright if most is None else max(most, upright),
    )


def _other_first(state: State, half: Half, c: Coefficients) -> bool:
    """Whether the half that follows begins clearly straighter, so that a circle begins with it."""
    least, most, now = state.least_upright, state.most_upright, state.now
    if least is None or most is None or now is None:
        return False
    if half.upright is None or now.upright is None:
        return False
    return now.upright - half.upright > c.more_upright_ratio * (most - least)
