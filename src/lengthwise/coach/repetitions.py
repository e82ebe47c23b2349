"""Counts repetitions of a dynamic exercise live, from one signal. A pure step.

A repetition departs from a rest that was seen, turns, and is back at rest for a moment. Rest and
amplitude are the person's own: what counts as departing follows the last amplitudes, so nobody's
range is prescribed. What begins unseen, breaks off unseen or is a small shift counts nothing.
"""

from enum import StrEnum
from math import isfinite
from statistics import median

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.coach import half_circles
from lengthwise.coach.repetition import (
    Coefficients,
    Form,
    Repetition,
    log_dimensionless_jerk,
)

_MOST_BINS = 600
"""Of a movement longer than so many bins the smoothness is not formed."""
_NOISE_WEIGHT = 0.1
_ENDS = 3
_SETTLED_S = 1.0
"""A signal that has come half the way back and keeps still for so long is at a new rest."""


class Params(Struct, frozen=True):
    """`least_amplitude` in the unit of the signal: less than this is never a repetition."""

    form: Form
    least_amplitude: float
    coefficients: Coefficients


class Sample(Struct, frozen=True):
    """`progress` grows away from rest, or is signed from the middle (see `Form`); None: unknown.

    `upright`: of a circle, largest where the body is straight; says which half comes first.
    """

    t_s: float
    progress: float | None
    upright: float | None = None


class Phase(StrEnum):
    UNSEEN = "unseen"
    AT_REST = "at_rest"
    MOVING = "moving"


class Usual(Struct, frozen=True):
    """Amplitudes and durations of the last repetitions, oldest first."""

    amplitudes: tuple[float, ...] = ()
    durations_s: tuple[float, ...] = ()


class Movement(Struct, frozen=True):
    """What is under way. Levels are distances from the middle, or plain progress.

    `low`: the rest it left; `trough`: the lowest since the turn; `whole`: whether that rest was
    seen; `still_since_s`, `still_at`: since when it keeps at one level; `bins`: means of the signal
    since departure.
    """

    start_s: float
    low: float
    peak: float
    trough: float
    turn_s: float
    side: int | None
    whole: bool
    back_since_s: float | None = None
    still_since_s: float | None = None
    still_at: float = 0.0
    bins: tuple[float | None, ...] = ()
    bin_sum: float = 0.0
    bin_samples: int = 0
    departed_s: float = 0.0


class Rest(Struct, frozen=True):
    """`first`: the level at `since_s`; `low`: the lowest since; `near_s`: when it was last near."""

    since_s: float
    first: float
    low: float
    near_s: float


class State(Struct, frozen=True):
    """`recent`: (time, value) within `despike_s`, `uprights` beside them.

    `ends`: the last turns to +1 and to -1, `middle` between. `after_repetition`: the
    present rest follows a repetition. `to_sides`: counted to +1 and to -1.
    """

    phase: Phase = Phase.UNSEEN
    recent: tuple[tuple[float, float], ...] = ()
    noise: float = 0.0
    ends: tuple[tuple[float, ...], tuple[float, ...]] = ((), ())
    middle: float = 0.0
    rest: Rest | None = None
    after_repetition: bool = False
    movement: Movement | None = None
    halves: half_circles.State = half_circles.State()
    uprights: tuple[float | None, ...] = ()
    usual: Usual = Usual()
    counted: int = 0
    to_sides: tuple[int, int] = (0, 0)


class Output(Struct, frozen=True):
    """`repetition`: the one that this sample completed. `phase`: what the signal is doing."""

    counted: int
    phase: Phase
    repetition: Repetition | None = None


def rested() -> State:
    """To begin with where rest has been seen by other means, so that what begins now is whole."""
    return State(after_repetition=True)


def step(params: Params, state: State, sample: Sample) -> tuple[State, Output]:
    """One sample. A sample that is not later than the last one changes nothing."""
    t_s, x, c = sample.t_s, sample.progress, params.coefficients
    last_s = state.recent[-1][0] if state.recent else None
    if last_s is not None and t_s <= last_s:
        return state, Output(state.counted, state.phase)
    if last_s is not None and t_s - last_s > c.gap_s:
        state = _lost(state)
    if x is None or not isfinite(x):
        return state, Output(state.counted, state.phase)
    recent = (*[r for r in state.recent if t_s - r[0] < c.despike_s], (t_s, x))
    state = replace(state, recent=recent, noise=_noise(state.noise, state.phase, recent))
    # The median lies half its width back, and so do the times that are told.
    in_order = sorted([r[1] for r in recent])
    half = len(in_order) // 2
    value = 0.5 * (in_order[half] + in_order[-1 - half])
    if params.form is Form.BOTH_SIDES:
        value -= state.middle
    at_s = 0.5 * (recent[0][0] + t_s)
    if params.form is Form.CIRCLE:
        uprights = (*state.uprights, sample.upright)[-len(recent) :]
        halves, found = half_circles.step(
            state.halves, value, uprights[len(uprights) // 2], t_s=at_s, coefficients=c
        )
        phase = Phase.MOVING if halves.moving else Phase.AT_REST
        return _told(replace(state, halves=halves, uprights=uprights, phase=phase), found, c)
    if state.movement is not None:
        return _moving(params, state, state.movement, value, at_s)
    state = _resting(params, state, value, at_s)
    return state, Output(state.counted, state.phase)


def _middle(ends: tuple[tuple[float, ...], tuple[float, ...]]) -> float:
    """Half way between the last turns to either side, once both are known; 0 before."""
    right, left = ends
    return 0.5 * (median(right) + median(left)) if right and left else 0.0


def _with_end(state: State, found: Repetition | None, reached: float) -> State:
    if found is None or found.side is None:
        return state
    right, left = state.ends
    turned = state.middle + found.side * reached
    if found.side > 0:
        right = (*right, turned)[-_ENDS:]
    else:
        left = (*left, turned)[-_ENDS:]
    return replace(state, ends=(right, left), middle=_middle((right, left)))


def _lost(state: State) -> State:
    return State(
        usual=state.usual,
        ends=state.ends,
        middle=state.middle,
        counted=state.counted,
        to_sides=state.to_sides,
    )


def _noise(before: float, phase: Phase, recent: tuple[tuple[float, float], ...]) -> float:
    """Mean half second difference at rest: about the sd of white noise, blind to slow movement."""
    if phase is Phase.MOVING or len(recent) < 3:
        return before
    (_, a), (_, b), (_, c) = recent[-3:]
    return before + _NOISE_WEIGHT * (abs(a - 2.0 * b + c) / 2.0 - before)


def _least(params: Params, state: State) -> float:
    """The amplitude at which something counts as a movement, now and of this person."""
    c, amplitudes = params.coefficients, state.usual.amplitudes
    least = max(params.least_amplitude, c.noise_ratio * state.noise)
    if amplitudes and params.form is Form.ALTERNATING:
        least = max(least, c.least_narrow_ratio * max(amplitudes))
    elif amplitudes:
        least = max(least, c.depart_ratio * min(amplitudes))
    return least


def _resting(params: Params, state: State, value: float, t_s: float) -> State:
    c = params.coefficients
    level = abs(value) if params.form.signed else value
    rest = state.rest
    if rest is None:
        rest = Rest(t_s, level, level, t_s)
    least = _least(params, state)
    low = min(rest.low, level)
    near_s = t_s if level <= low + c.rest_ratio * least else rest.near_s
    rest = replace(rest, low=low, near_s=near_s)
    if level - low < least or level == low:
        return replace(state, phase=Phase.AT_REST, rest=rest)
    seen = (
        state.after_repetition
        or near_s - rest.since_s >= c.dwell_s
        or rest.first - low >= c.cut_off_ratio * least
    )
    side = (1 if value > 0.0 else -1) if params.form.signed else None
    movement = Movement(near_s, low, level, level, t_s, side, seen, departed_s=t_s)
    return replace(state, phase=Phase.MOVING, rest=None, movement=movement)


def _moving(
    params: Params, state: State, movement: Movement, value: float, t_s: float
) -> tuple[State, Output]:
    c = params.coefficients
    level = value if movement.side is None else movement.side * value
    m = _binned(movement, value, t_s, c.bin_s)
    if level > m.peak:
        m = replace(m, peak=level, trough=level, turn_s=t_s)
    m = replace(m, trough=min(m.trough, level))
    if m.side is None and _rest_is_elsewhere(state.usual, m, level, c):
        m = Movement(t_s, m.trough, level, level, t_s, None, True, departed_s=t_s)
    amplitude = m.peak - m.low
    back = level - m.low <= c.return_ratio * amplitude
    since_s = (t_s if m.back_since_s is None else m.back_since_s) if back else None
    m = replace(m, back_since_s=since_s)
    if m.still_since_s is None or abs(level - m.still_at) > c.rest_ratio * amplitude:
        m = replace(m, still_since_s=t_s, still_at=level)
    settled = level - m.low <= 0.5 * amplitude and t_s - (m.still_since_s or t_s) >= _SETTLED_S
    rested = since_s is not None and t_s - since_s >= c.dwell_s
    if not (rested or settled):
        state = replace(state, movement=m)
        return state, Output(state.counted, state.phase)
    end_s = m.still_since_s if since_s is None else since_s
    found = _accepted(state, m, amplitude, t_s if end_s is None else end_s, c)
    here = abs(value) if params.form.signed else value
    state = replace(
        _with_end(state, found, m.peak),
        phase=Phase.AT_REST,
        movement=None,
        rest=Rest(t_s, here, here, t_s),
        after_repetition=True,
    )
    return _told(state, found, c)


def _rest_is_elsewhere(usual: Usual, m: Movement, level: float, c: Coefficients) -> bool:
    """A movement unlike any counted one came back a part of the way and goes out again.

    Then the body was getting into position, and rest is where it came back to.
    """
    amplitude = m.peak - m.low
    unlike = not usual.amplitudes or amplitude > max(usual.amplitudes) / c.unlike_ratio
    near = m.trough - m.low <= c.return_ratio * amplitude
    return unlike and not near and level - m.trough >= c.elsewhere_ratio * amplitude


def _accepted(
    state: State, m: Movement, amplitude: float, end_s: float, c: Coefficients
) -> Repetition | None:
    """The repetition, unless its beginning was not seen or it was too quick to be one."""
    durations_s = state.usual.durations_s
    usual_s = median(durations_s) if durations_s else 0.0
    least_s = max(c.least_duration_s, c.least_duration_ratio * usual_s)
    if not m.whole or end_s - m.start_s < least_s:
        return None
    return Repetition(
        m.start_s, m.turn_s, end_s, amplitude, m.side, log_dimensionless_jerk(m.bins, c.bin_s)
    )


def _told(state: State, found: Repetition | None, c: Coefficients) -> tuple[State, Output]:
    if found is None:
        return state, Output(state.counted, state.phase)
    keep = int(c.remembered)
    right, left = state.to_sides
    state = replace(
        state,
        counted=state.counted + 1,
        to_sides=(right + (found.side == 1), left + (found.side == -1)),
        usual=Usual(
            (*state.usual.amplitudes, found.amplitude)[-keep:],
            (*state.usual.durations_s, found.duration_s)[-keep:],
        ),
    )
    return state, Output(state.counted, state.phase, found)


def _binned(m: Movement, value: float, t_s: float, bin_s: float) -> Movement:
    """With this value in its bin; full bins are kept as means, an empty one as None."""
    due = int((t_s - m.departed_s) / bin_s)
    bins, total, samples = m.bins, m.bin_sum, m.bin_samples
    while len(bins) < min(due, _MOST_BINS + 1):
        bins = (*bins, total / samples if samples else None)
        total, samples = 0.0, 0
    if len(bins) > _MOST_BINS:
        return replace(m, bins=(None,), bin_sum=0.0, bin_samples=0, departed_s=t_s)
    return replace(m, bins=bins, bin_sum=total + value, bin_samples=samples + 1)
