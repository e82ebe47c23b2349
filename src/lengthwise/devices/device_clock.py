"""The clock of a device that only sends, mapped on the session's. Pure step.

    step(state, device_us, arrived_s) -> (state, seconds of the session or why not)

A device tells u32 microseconds, which begin again after 71.6 minutes. What it sends is on its way
for some time, never less than none, so `arrived - device` is what the clocks differ by, or more;
the least of it, let grow as fast as clocks drift apart, is taken. `live.clock_map` asks a phone and
is answered, which bounds the difference from both sides; nothing can be asked here, so what is told
is late by the shortest way a message took, some ten milliseconds over Bluetooth.
"""

from math import isfinite

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.observation import RejectionReason

WRAP_US = 1 << 32
DRIFT_RATIO = 2.0e-4
"""Two clocks may part by so much a second: twice what quartz does (100 ppm)."""
BACK_RATIO = 0.5
"""A better knowledge that sets the time back is followed at this pace, so that samples keep their
order; one that sets it forward at once."""
RESTART_S = 10.0
"""A device's time that differs from what passed here by more has begun anew. Expert default: longer
than what a device keeps back when the radio is disturbed."""
_LEAST_STEP_S = 1.0e-6


class State(Struct, frozen=True):
    """`last_us` as told, `unwrapped_us` counted on over wraps. `told_s`: time that was told last;
    it stays over a new link, whose clock is begun with `on_new_link`."""

    last_us: int | None = None
    unwrapped_us: int = 0
    arrived_s: float = 0.0
    offset_s: float = 0.0
    told_offset_s: float = 0.0
    told_s: float | None = None
    restarts: int = 0


def on_new_link(state: State) -> State:
    """A device that was gone may have been switched off: nothing of its clock is believed."""
    return State(told_s=state.told_s, restarts=state.restarts)


def step(state: State, device_us: int, arrived_s: float) -> tuple[State, float | RejectionReason]:
    """`device_us` 0 to 2^32 - 1. One that is not later than the one before is told as such."""
    if not 0 <= device_us < WRAP_US or not isfinite(arrived_s):
        return state, RejectionReason.OUT_OF_RANGE
    if state.last_us is None:
        return _begun(state, device_us, arrived_s)
    here_us = (arrived_s - state.arrived_s) * 1.0e6
    forward_us = (device_us - state.last_us) % WRAP_US
    passed_us = forward_us + WRAP_US * round((here_us - forward_us) / WRAP_US)
    if abs(passed_us - here_us) > RESTART_S * 1.0e6:
        return _begun(replace(state, restarts=state.restarts + 1), device_us, arrived_s)
    if passed_us == 0:
        return state, RejectionReason.DUPLICATE_TIME
    if passed_us < 0:
        return state, RejectionReason.TIME_BACKWARDS
    return _on(state, device_us, passed_us, arrived_s)


def _begun(state: State, device_us: int, arrived_s: float) -> tuple[State, float]:
    offset_s = arrived_s - device_us * 1.0e-6
    begun = State(
        last_us=device_us,
        unwrapped_us=device_us,
        arrived_s=arrived_s,
        offset_s=offset_s,
        told_offset_s=offset_s,
        told_s=state.told_s,
        restarts=state.restarts,
    )
    return _told(begun, arrived_s)


def _on(state: State, device_us: int, passed_us: int, arrived_s: float) -> tuple[State, float]:
    unwrapped_us = state.unwrapped_us + passed_us
    device_s, passed_s = unwrapped_us * 1.0e-6, passed_us * 1.0e-6
    offset_s = min(state.offset_s + DRIFT_RATIO * passed_s, arrived_s - device_s)
    told_offset_s = max(offset_s, state.told_offset_s - BACK_RATIO * passed_s)
    on = replace(
        state,
        last_us=device_us,
        unwrapped_us=unwrapped_us,
        arrived_s=arrived_s,
        offset_s=offset_s,
        told_offset_s=told_offset_s,
    )
    return _told(on, device_s + told_offset_s)


def _told(state: State, t_s: float) -> tuple[State, float]:
    if state.told_s is not None:
        t_s = max(t_s, state.told_s + _LEAST_STEP_S)
    return replace(state, told_s=t_s), t_s


def by_arrival(state: State, count: int, arrived_s: float) -> tuple[State, tuple[float, ...]]:
    """Times of `count` samples without a time of their own that came together: spread evenly since
    the notification before, the last at its arrival."""
    since_s = state.arrived_s if state.told_s is not None else arrived_s
    times = []
    for i in range(count):
        state, t_s = _told(state, since_s + (arrived_s - since_s) * (i + 1) / count)
        times.append(t_s)
    return replace(state, arrived_s=arrived_s), tuple(times)
