"""The heart between beats: which intervals are of normal beats, rate, RMSSD. Pure steps.

    step(limits, state, sample) -> state;  told(limits, state, t_s) -> Heart

RMSSD is the root mean square of successive differences of the intervals between normal beats. It is
told over a rolling minute and only from good intervals. **It is no measure of stress**: slow
breathing by itself makes it greater, and over less than minutes it says little. What is used of
the heart is whether a static hold has become an effort (`body.heart_rest`).
"""

from collections.abc import Sequence
from itertools import pairwise
from math import isfinite, sqrt

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.devices import HeartSample
from lengthwise.reference.constants import constants

_KEPT_S = 90.0
_CHAIN_S = 1.5
"""A sample comes at most about a second after its last beat; one that fits no chain begins anew."""
_LEAST_RATES = 3  # of a device that tells no beats
_LOST_IN_A_ROW = 3
"""So many intervals that differ from the last kept one are a new rate, not ectopic beats."""


class Limits(Struct, frozen=True):
    """Fields are the entries of `constants_data/heart.toml`, in the units of their names."""

    shortest_rr_s: float
    longest_rr_s: float
    ectopic_ratio: float
    window_s: float
    least_kept_ratio: float
    least_covered_ratio: float
    rate_over_s: float
    ease_rise_per_min: float
    stale_s: float


def published_limits() -> Limits:
    """The limits as they ship. Raises TypeError where the file and the fields differ."""
    return Limits(**{name: entry.value for name, entry in constants("heart").items()})


class Interval(Struct, frozen=True):
    """`ended_s`: when its second beat was. `kept`: between two normal beats. `joined`: the interval
    before it ended with its first beat."""

    ended_s: float
    rr_s: float
    kept: bool
    joined: bool


class State(Struct, frozen=True):
    """`last_kept_s`: last interval that was kept, what a new one is held against; `refused`: how
    many in a row were not kept; `short`: the last one ended with a premature beat. `rates`: (time,
    beats a minute) of late, of samples that tell a rate and no interval."""

    intervals: tuple[Interval, ...] = ()
    last_kept_s: float | None = None
    refused: int = 0
    short: bool = False
    rates: tuple[tuple[float, float], ...] = ()


class Heart(Struct, frozen=True):
    """What is known at one instant; None: not known. `rate_per_min` over some ten seconds,
    `rmssd_s` over the window, `kept_ratio` of its intervals."""

    rate_per_min: float | None = None
    rmssd_s: float | None = None
    kept_ratio: float | None = None


def start() -> State:
    return State()


def step(limits: Limits, state: State, sample: HeartSample) -> State:
    """One measurement of a strap later. Without contact with the skin it says nothing."""
    if not isfinite(sample.t_s) or not all(map(isfinite, sample.rr_s)):
        return state
    if sample.contact is False:
        return state
    if not sample.rr_s:
        return _rated(limits, state, sample)
    last = state.intervals[-1] if state.intervals else None
    ended_s = sample.t_s - sum(sample.rr_s)
    joined = False
    if last is not None and abs(last.ended_s - ended_s) <= _CHAIN_S:
        ended_s, joined = last.ended_s, True
    intervals = list(state.intervals)
    for rr_s in sample.rr_s:
        ended_s += rr_s
        state, kept = _judged(limits, state, rr_s, joined=joined)
        intervals.append(Interval(ended_s, rr_s, kept, joined))
        joined = True
    from_s = ended_s - _KEPT_S
    kept_intervals = tuple(i for i in intervals if i.ended_s > from_s)
    return State(kept_intervals, state.last_kept_s, state.refused, state.short, state.rates)


def _rated(limits: Limits, state: State, sample: HeartSample) -> State:
    """A watch tells a rate alone. It is no interval, and nothing of RMSSD comes of it."""
    rate = sample.rate_per_min
    if rate is None or not 60.0 / limits.longest_rr_s <= rate <= 60.0 / limits.shortest_rr_s:
        return state
    before = tuple(r for r in state.rates if 0.0 < sample.t_s - r[0] <= _KEPT_S)
    return replace(state, rates=(*before, (sample.t_s, rate)))


def _judged(limits: Limits, state: State, rr_s: float, *, joined: bool) -> tuple[State, bool]:
    """Whether an interval is between two normal beats."""
    if not limits.shortest_rr_s <= rr_s <= limits.longest_rr_s:
        return State((), state.last_kept_s, state.refused + 1, False), False
    before_s = state.last_kept_s
    if before_s is None or not joined or state.refused >= _LOST_IN_A_ROW:
        return State((), rr_s, 0, False), True
    off = rr_s / before_s - 1.0
    if state.short or abs(off) > limits.ectopic_ratio:
        # A premature beat spoils the interval before it, which is short, and the one behind it.
        short = off < -limits.ectopic_ratio
        return State((), before_s, state.refused + 1, short), False
    return State((), rr_s, 0, False), True


def told(limits: Limits, state: State, t_s: float) -> Heart:
    """What is known at `t_s`."""
    recent = [i for i in state.intervals if t_s - limits.window_s < i.ended_s <= t_s + _CHAIN_S]
    if not recent or t_s - recent[-1].ended_s > limits.stale_s:
        return Heart(rate_per_min=_told_rate(limits, state, t_s))
    kept_ratio = sum(i.kept for i in recent) / len(recent)
    covered = sum(i.rr_s for i in recent) / limits.window_s
    good = kept_ratio >= limits.least_kept_ratio and covered >= limits.least_covered_ratio
    return Heart(
        rate_per_min=rate_over(limits, state, t_s),
        rmssd_s=rmssd_s(recent) if good else None,
        kept_ratio=kept_ratio,
    )


def rate_over(limits: Limits, state: State, t_s: float) -> float | None:
    """Beats a minute over the last `rate_over_s` before `t_s`; None where too few are known. Of a
    device that tells no intervals, the mean of the rates that it told."""
    recent = [i for i in state.intervals if i.ended_s <= t_s + _CHAIN_S]
    if not recent or t_s - recent[-1].ended_s > limits.stale_s:
        return _told_rate(limits, state, t_s)
    return _rate_per_min(state, t_s - limits.rate_over_s, t_s + _CHAIN_S)


def _told_rate(limits: Limits, state: State, t_s: float) -> float | None:
    recent = [r for r in state.rates if t_s - limits.rate_over_s < r[0] <= t_s]
    if len(recent) < _LEAST_RATES or t_s - recent[-1][0] > limits.stale_s:
        return None
    return sum(rate for _, rate in recent) / len(recent)


def rmssd_s(intervals: Sequence[Interval]) -> float | None:
    """Of successive intervals that were both kept and share a beat; None without any."""
    squares = [
        (b.rr_s - a.rr_s) ** 2 for a, b in pairwise(intervals) if a.kept and b.kept and b.joined
    ]
    return sqrt(sum(squares) / len(squares)) if squares else None


def _rate_per_min(state: State, from_s: float, to_s: float) -> float | None:
    of = [i.rr_s for i in state.intervals if i.kept and from_s < i.ended_s <= to_s]
    return 60.0 * len(of) / sum(of) if len(of) >= 3 else None
