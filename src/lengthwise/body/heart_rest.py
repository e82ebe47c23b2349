"""How much faster the heart beats in a static hold than at rest in the same posture. Pure steps.

    step(limits, rest, state, t_s, at_rest=...) -> rest
    rise_per_min(limits, rest, state, t_s, static_hold_since_s=...) -> beats a minute, or None

A rest is one in the posture of the exercise, since lying, kneeling and standing differ by more than
a strain does. Somebody who has just got down to the floor still beats faster: of all rests the one
with the slowest heart counts. The least of many ten seconds lies below their mean (MIT-BIH 100: by
0.6 a minute in rests of 20 s, 1.2 in 60 s, 1.5 in two minutes, 2 at most; more in a heart that
follows its breath more), so a rise is told too large by that, towards ease. Longer means would lie
less low (0.8 with 30 s in two minutes) and let somebody who has just got down count as at rest. It
only ever asks to ease; it says nothing of how
anybody feels.
"""

from msgspec import Struct

from lengthwise.body.heart import Limits, State, rate_over


class Rest(Struct, frozen=True):
    """`per_min` of the slowest rest so far, over `rate_over_s`; None: none was long enough.
    `since_s`: since when the person rests now."""

    per_min: float | None = None
    since_s: float | None = None


def step(limits: Limits, rest: Rest, state: State, t_s: float, *, at_rest: bool) -> Rest:
    """One frame. `at_rest`: in the posture of the exercise and under no load."""
    if not at_rest:
        return rest if rest.since_s is None else Rest(rest.per_min)
    since_s = t_s if rest.since_s is None else rest.since_s
    now = rate_over(limits, state, t_s) if t_s - since_s >= limits.rate_over_s else None
    known = [x for x in (rest.per_min, now) if x is not None]
    return Rest(min(known) if known else None, since_s)


def rise_per_min(
    limits: Limits, rest: Rest, state: State, t_s: float, *, static_hold_since_s: float | None
) -> float | None:
    """None outside of a static hold (who moves has a reason to beat faster), in its first seconds,
    and where the heart or its rest is not known: not known is no reason. Without a rest that was
    long enough the rate as the hold began stands for it."""
    since_s = static_hold_since_s
    if since_s is None or t_s - since_s < limits.rate_over_s:
        return None
    before = rest.per_min if rest.per_min is not None else rate_over(limits, state, since_s)
    now = rate_over(limits, state, t_s)
    return None if now is None or before is None else now - before
