"""Whether a muscle works that is being stretched, from raw activity at the skin. Pure steps.

    step(limits, state, sample) -> state;   framed(limits, watch, state, t_s, ...) -> watch

Envelope: raw values through a band (20 to 450 Hz, as far as the rate allows), rectified, low-passed
at 3 Hz. The level at rest is the lowest mean of two seconds of getting ready. A slow static stretch
is silent; where the envelope is above three times that level for more than a second of a static
hold, the muscle works, and that asks to ease. It says nothing else: no activity permits nothing,
**it is no measure of stress**, and its volts are of one electrode on one day.
"""

from functools import lru_cache
from math import isfinite

import numpy as np
from msgspec import Struct
from scipy.signal import butter, sosfilt

from lengthwise.contracts.devices import EmgSample
from lengthwise.reference.constants import constants

_NYQUIST_SHARE = 0.45
_LATE_S = 0.05
"""Of the first value of a row, behind when it was due: more, and values were lost. Stamps jitter by
a few ms; below it the filters go on by the count of values. Expert default."""


class Limits(Struct, frozen=True):
    """Fields are the entries of `constants_data/emg.toml`, in the units of their names."""

    high_pass_hz: float
    low_pass_hz: float
    smooth_hz: float
    settles_s: float
    rest_over_s: float
    rest_least_v: float
    guard_ratio: float
    guard_least_v: float
    guard_lasts_s: float
    most_v: float
    stale_s: float


def published_limits() -> Limits:
    """The limits as they ship. Raises TypeError where the file and the fields differ."""
    return Limits(**{name: entry.value for name, entry in constants("emg").items()})


class State(Struct, frozen=True):
    """`band`, `smooth`: what the filters carry over (pairs of their sections); `begun_s`: time of
    the first value that they have seen; `envelope_v` at `t_s`."""

    t_s: float | None = None
    rate_hz: float = 0.0
    begun_s: float = 0.0
    band: tuple[tuple[float, float], ...] = ()
    smooth: tuple[tuple[float, float], ...] = ()
    envelope_v: float = 0.0


class Watch(Struct, frozen=True):
    """`rest_v`: level at rest, None: not known. Of the rest that goes on: since when, sum and
    number of envelopes. `over_since_s`: since when the muscle has worked in this hold."""

    rest_v: float | None = None
    resting_s: float | None = None
    sum_v: float = 0.0
    frames: int = 0
    over_since_s: float | None = None


def start() -> State:
    return State()


def step(limits: Limits, state: State, sample: EmgSample) -> State:
    """A row later. One that is no row leaves all as it was; one behind a gap begins anew."""
    values = np.array(sample.emg_v)
    sound = isfinite(sample.t_s) and isfinite(sample.rate_hz) and bool(np.isfinite(values).all())
    if not sound or not len(values) or sample.rate_hz <= limits.high_pass_hz / _NYQUIST_SHARE:
        return state
    first_s = sample.t_s - (len(values) - 1) / sample.rate_hz
    if state.t_s is not None and sample.t_s <= state.t_s:
        return state
    late = state.t_s is None or first_s - state.t_s > _LATE_S + 1.0 / sample.rate_hz
    if late or sample.rate_hz != state.rate_hz:
        state = _begun(limits, sample.rate_hz, first_s, float(values[0]))
    band, smooth = _filters(limits, sample.rate_hz)
    passed, band_zi = sosfilt(band, values, zi=np.array(state.band))
    even, smooth_zi = sosfilt(smooth, np.abs(passed), zi=np.array(state.smooth))
    return State(
        sample.t_s,
        sample.rate_hz,
        state.begun_s,
        _pairs(band_zi),
        _pairs(smooth_zi),
        max(float(even[-1]), 0.0),
    )


def _begun(limits: Limits, rate_hz: float, first_s: float, value_v: float) -> State:
    """As if the first value had always been there: an offset of the electrodes is no activity."""
    band, smooth = _filters(limits, rate_hz)
    carried = np.zeros((len(band), 2))
    level = value_v
    for n, (b0, b1, b2, _, a1, a2) in enumerate(band):
        out = level * (b0 + b1 + b2) / (1.0 + a1 + a2)
        carried[n] = out - b0 * level, b2 * level - a2 * out
        level = out
    nothing = np.zeros((len(smooth), 2))
    return State(None, rate_hz, first_s, _pairs(carried), _pairs(nothing), 0.0)


@lru_cache(maxsize=8)
def _filters(limits: Limits, rate_hz: float) -> tuple[np.ndarray, np.ndarray]:
    """Sections of both, of second order each; the band has no upper end where the rate has none."""
    high = butter(2, limits.high_pass_hz, "highpass", fs=rate_hz, output="sos")
    if limits.low_pass_hz < _NYQUIST_SHARE * rate_hz:
        low = butter(2, limits.low_pass_hz, fs=rate_hz, output="sos")
        high = np.vstack([high, low])
    return high, butter(2, limits.smooth_hz, fs=rate_hz, output="sos")


def _pairs(of: np.ndarray) -> tuple[tuple[float, float], ...]:
    return tuple((float(a), float(b)) for a, b in of)


def envelope_v(limits: Limits, state: State, t_s: float) -> float | None:
    """Of now; None where nothing is heard, has only begun, or is more than a muscle makes."""
    if state.t_s is None or not abs(t_s - state.t_s) <= limits.stale_s:
        return None
    if state.t_s - state.begun_s < limits.settles_s or state.envelope_v > limits.most_v:
        return None
    return state.envelope_v


def framed(
    limits: Limits, watch: Watch, state: State, t_s: float, *, at_rest: bool, static_hold: bool
) -> Watch:
    """A frame later. `at_rest`: getting ready, before anything is under load."""
    now_v = envelope_v(limits, state, t_s)
    rest_v, resting_s, sum_v, frames = watch.rest_v, watch.resting_s, watch.sum_v, watch.frames
    if not at_rest or now_v is None:
        resting_s, sum_v, frames = None, 0.0, 0
    else:
        resting_s = t_s if resting_s is None else resting_s
        sum_v, frames = sum_v + now_v, frames + 1
        if t_s - resting_s >= limits.rest_over_s:
            mean_v = sum_v / frames
            if mean_v >= limits.rest_least_v:
                rest_v = mean_v if rest_v is None else min(rest_v, mean_v)
            resting_s, sum_v, frames = None, 0.0, 0
    since_s = None
    if static_hold and now_v is not None and rest_v is not None:
        over = now_v > max(limits.guard_ratio * rest_v, limits.guard_least_v)
        before_s = t_s if watch.over_since_s is None else watch.over_since_s
        since_s = before_s if over else None
    return Watch(rest_v, resting_s, sum_v, frames, since_s)


def works_ratio(limits: Limits, watch: Watch, state: State, t_s: float) -> float | None:
    """How many times as active as at rest, where that asks to ease; None: it does not, or nothing
    is known."""
    now_v, since_s = envelope_v(limits, state, t_s), watch.over_since_s
    if now_v is None or watch.rest_v is None or since_s is None:
        return None
    return now_v / watch.rest_v if t_s - since_s > limits.guard_lasts_s else None
