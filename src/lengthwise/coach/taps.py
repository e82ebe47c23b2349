"""Taps on the worn phone as words of the person: one marks the first gentle pull, more stop.

A tap is a jolt of the accelerometer that comes out of quiet, is over at once and leaves the phone
as it lay. With a the specific force and s its slow part, e = |a - s| is

    quiet        its mean of the last moments is below `tap_quiet_m_s2`
    a jolt       e above `tap_least_m_s2`, back below `tap_rest_m_s2` within `tap_longest_s`
    left alone   e stays below `tap_least_m_s2` for `tap_settle_s` afterwards

Walking, getting up and setting down a leg are never quiet before and after, so they are no taps.
A person who moves about cannot tap: leaving the position stops as well.

Jolts no further apart than `tap_apart_s` belong together. After a tap anything that may be the
second one stops, at once: a jolt of `tap_faint_m_s2` is enough, since what is seen of it may be a
part, and it need neither be short nor be left alone; nor is a tap the first one where so faint a
jolt came before it. A single one is a mark once no other has
followed, and only where one could have been seen: at `tap_least_rate_hz` and without a gap. A stop
that is read as a mark would lead a person on who wants out; a mark that is read as a stop is lost.
"""

from math import exp, isfinite, sqrt

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.coach.settings import Settings
from lengthwise.contracts.observation import SignalKind

_SLOW_S = 0.25
_QUIET_S = 0.3
_GAP_S = 0.1
"""Samples further apart do not show a jolt: it begins anew."""

_UNSEEN_S = 0.05
"""Between samples further apart a tap goes by with all its ringing."""

_RATE_S = 0.5
"""The interval of samples is the mean over about so long."""

Vector = tuple[float, float, float]


class Taps(Struct, frozen=True):
    """`slow_m_s2`: the slow part; `stir_m_s2`: the mean of e. `jolt_s`: since when a jolt lasts;
    `settling_s`: when one was over that may have been a tap. `count` of taps that belong together,
    the latest at `tapped_s`. `interval_s`: mean of the recent ones between samples; `unseen`: since
    the tap there was time in which another would not have been seen. `faint_s`: when something last
    stirred out of quiet that may be a part of a tap.
    """

    t_s: float | None = None
    slow_m_s2: Vector = (0.0, 0.0, 0.0)
    stir_m_s2: float = 0.0
    jolt_s: float | None = None
    settling_s: float | None = None
    count: int = 0
    tapped_s: float | None = None
    interval_s: float | None = None
    unseen: bool = False
    faint_s: float | None = None


def step(taps: Taps, acc_m_s2: Vector, t_s: float, s: Settings) -> tuple[Taps, SignalKind | None]:
    """One sample, and what the taps until now say."""
    if not isfinite(t_s) or not all(isfinite(x) for x in acc_m_s2):
        return taps, None
    if taps.t_s is None:
        return Taps(t_s, acc_m_s2, s.tap_least_m_s2), None
    dt_s = t_s - taps.t_s
    if dt_s <= 0.0:
        return taps, None
    now = _watched(replace(taps, t_s=t_s), dt_s, s)
    if dt_s > _GAP_S:
        return _said(taps, _after_gap(now, acc_m_s2, dt_s, s), s)
    e = sqrt(sum((x - y) ** 2 for x, y in zip(acc_m_s2, taps.slow_m_s2, strict=True)))
    if taps.count == 1 and taps.settling_s is None and e >= s.tap_faint_m_s2:
        now = _second(now)
    elif taps.jolt_s is not None:
        now = _in_jolt(now, taps.jolt_s, e, s)
    elif e >= s.tap_least_m_s2 and taps.stir_m_s2 < _quiet_m_s2(taps, s):
        # The next tap of a quick hand ends the settling of the one before.
        now = _second(now) if taps.settling_s is not None else replace(now, jolt_s=t_s)
    else:
        if e >= s.tap_faint_m_s2 and taps.settling_s is None and taps.stir_m_s2 < s.tap_quiet_m_s2:
            now = replace(now, faint_s=t_s)
        now = _settled(_stirred(now, acc_m_s2, e, dt_s), e, s)
    return _said(taps, now, s)


def _watched(now: Taps, dt_s: float, s: Settings) -> Taps:
    """Whether a tap would have been seen until now."""
    before_s = dt_s if now.interval_s is None else now.interval_s
    interval_s = before_s + (dt_s - before_s) * (1.0 - exp(-dt_s / _RATE_S))
    sparse = dt_s > _UNSEEN_S or interval_s * s.tap_least_rate_hz > 1.0
    waits = now.tapped_s is not None or now.settling_s is not None or now.jolt_s is not None
    return replace(now, interval_s=interval_s, unseen=waits and (now.unseen or sparse))


def _after_gap(now: Taps, acc_m_s2: Vector, dt_s: float, s: Settings) -> Taps:
    """It begins anew, but for a tap that another may still follow."""
    begun = Taps(now.t_s, acc_m_s2, s.tap_least_m_s2, interval_s=now.interval_s)
    tapped_s = now.settling_s if now.tapped_s is None else now.tapped_s
    if tapped_s is None or dt_s > s.tap_apart_s:
        return begun
    return replace(begun, count=max(now.count, 1), tapped_s=tapped_s, unseen=True)


def _second(now: Taps) -> Taps:
    """What goes on after it is no new jolt until it is quiet again."""
    return replace(now, settling_s=None, count=2, tapped_s=now.t_s)


def _quiet_m_s2(taps: Taps, s: Settings) -> float:
    """After a tap the phone still rings a little."""
    after_one = taps.tapped_s is not None or taps.settling_s is not None
    return s.tap_quiet_m_s2 * (2.0 if after_one else 1.0)


def _in_jolt(now: Taps, since_s: float, e: float, s: Settings) -> Taps:
    """What is slow, and what stirs, wait until it is over: a jolt is not yet a movement."""
    t_s = since_s if now.t_s is None else now.t_s
    if t_s - since_s > s.tap_longest_s:
        return replace(now, jolt_s=None, stir_m_s2=max(e, s.tap_least_m_s2), count=0)
    if e >= s.tap_rest_m_s2:
        return now
    return replace(now, jolt_s=None, settling_s=t_s)


def _stirred(now: Taps, acc_m_s2: Vector, e: float, dt_s: float) -> Taps:
    nearer, calmer = 1.0 - exp(-dt_s / _SLOW_S), 1.0 - exp(-dt_s / _QUIET_S)
    x, y, z = (a + (b - a) * nearer for a, b in zip(now.slow_m_s2, acc_m_s2, strict=True))
    return replace(now, slow_m_s2=(x, y, z), stir_m_s2=now.stir_m_s2 + (e - now.stir_m_s2) * calmer)


def _settled(now: Taps, e: float, s: Settings) -> Taps:
    if now.settling_s is None or now.t_s is None:
        return now
    if e >= s.tap_least_m_s2:
        return replace(now, settling_s=None, count=0, tapped_s=None)
    return _tapped(now, s) if now.t_s - now.settling_s >= s.tap_settle_s else now


def _tapped(now: Taps, s: Settings) -> Taps:
    at_s, before_s, faint_s = now.settling_s, now.tapped_s, now.faint_s
    assert at_s is not None, "it has settled"
    together = before_s is not None and at_s - before_s <= s.tap_apart_s
    # What is nearer than a jolt is long is its own beginning.
    second = faint_s is not None and s.tap_longest_s < at_s - faint_s <= s.tap_apart_s
    count = now.count + 1 if together else 2 if second else 1
    return replace(now, settling_s=None, tapped_s=at_s, count=count)


def _said(before: Taps, now: Taps, s: Settings) -> tuple[Taps, SignalKind | None]:
    if now.count == 2 and before.count < 2:
        return now, SignalKind.STOP
    if now.tapped_s is None or now.t_s is None or now.jolt_s is not None:
        return now, None
    # One that is still settling may have come in time.
    if now.settling_s is not None or now.t_s - now.tapped_s <= s.tap_apart_s:
        return now, None
    single = now.count == 1 and not now.unseen
    over = replace(now, count=0, tapped_s=None)
    return over, SignalKind.FIRST_RESISTANCE if single else None


def may_be_second(marked_s: float | None, t_s: float, s: Settings) -> bool:
    """Whether a tap comes so soon after one that was taken for a mark that both may have meant a
    stop, by a hand too slow for a double tap."""
    return marked_s is not None and t_s - marked_s <= s.tap_doubt_s
