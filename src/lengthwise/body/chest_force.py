"""Breathing from what a belt around the chest is pulled with, by counting cycles. Pure steps.

    step(limits, state, t_s, force_n) -> state;  told(limits, state, t_s) -> ChestBreath

Turns are found as those of inertial sensors are (`body.breath_turns`). A rate that is averaged over
instants overstates (19.4 where 16 breaths were in a minute): breaths are counted, and the rate is
of their mean duration.
"""

from math import isfinite, sqrt

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.body.breath_turns import Limits, breathing_in, quick_noise, smoothed, turns
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.states import Estimate

_LEAST_BLOCKS = 12
_LONG = 3.0
"""Usual breaths; one that is longer was held."""


class State(Struct, frozen=True):
    """`blocks` (n,) mean force of each past block, the first of which began at `first_s`; `total`
    and `count` of the block that is being filled since `block_s`."""

    first_s: float = 0.0
    block_s: float | None = None
    total: float = 0.0
    count: int = 0
    last_s: float | None = None
    blocks: np.ndarray = frozen_array([])


class ChestBreath(Struct, frozen=True):
    """`per_min` by the breaths that were counted, with its sd, None where the breath is not regular
    enough to be told; `begun_s`: when each breath of the window began."""

    per_min: Estimate | None = None
    begun_s: tuple[float, ...] = ()


def start() -> State:
    return State()


def step(limits: Limits, state: State, t_s: float, force_n: float) -> State:
    """One reading later. After a gap it begins anew; a reading that is no number is left out."""
    if not isfinite(t_s) or not isfinite(force_n):
        return state
    if state.last_s is not None and t_s <= state.last_s:
        return state
    if state.last_s is None or t_s - state.last_s > limits.gap_s:
        return State(first_s=t_s, block_s=t_s, total=force_n, count=1, last_s=t_s)
    assert state.block_s is not None
    on = replace(state, last_s=t_s)
    if t_s - state.block_s < limits.block_s - 1.0e-9:
        return replace(on, total=state.total + force_n, count=state.count + 1)
    blocks = np.append(state.blocks, state.total / state.count)
    most = round(limits.window_s / limits.block_s)
    cut = max(len(blocks) - most, 0)
    return replace(
        on,
        first_s=state.first_s + cut * limits.block_s,
        block_s=state.block_s + limits.block_s,
        total=force_n,
        count=1,
        blocks=frozen_array(blocks[cut:]),
    )


def told(limits: Limits, state: State) -> ChestBreath:
    """What the belt shows now."""
    if len(state.blocks) < _LEAST_BLOCKS:
        return ChestBreath()
    signal, noise = smoothed(state.blocks), quick_noise(state.blocks)
    # A smoothed block stands for the middle one of three.
    at_s = state.first_s + 1.5 * limits.block_s
    begun = tuple(at_s + limits.block_s * k for k in breaths_begun(limits, signal, noise))
    if breathing_in(signal, noise, limits) is None or len(begun) < limits.least_breaths + 1:
        return ChestBreath(begun_s=begun)
    breaths_s = np.diff(begun)
    # A breath that was held is no breath of that length.
    breaths_s = breaths_s[breaths_s < _LONG * float(np.median(breaths_s))]
    breath_s = float(np.mean(breaths_s))
    spread_s = float(np.std(breaths_s)) + limits.block_s
    sd = 60.0 * spread_s / breath_s**2 / sqrt(len(breaths_s))
    return ChestBreath(Estimate(60.0 / breath_s, sd), begun)


def breaths_begun(limits: Limits, signal: np.ndarray, noise: float) -> list[int]:
    """Places in a smoothed signal (n,) at which it begins to rise by more than a share of its usual
    excursion: one for each breath."""
    by, found = 0.5 * limits.clear_ratio * noise, []
    for _ in range(3):
        found = turns(signal, by)
        if len(found) < 2:
            return []
        usual = float(np.median(np.abs(np.diff(signal[found]))))
        by = max(by, limits.turn_ratio * usual)
    ends = [*found[1:], len(signal) - 1]
    return [a for a, b in zip(found, ends, strict=True) if signal[b] > signal[a]]
