"""Orders observations by capture time and lets time pass where no camera frame arrives.

A pure step. Samples wait `lag_s` so that a camera frame, late by its inference time, still meets
the inertial samples of its instant; what arrives after its instant was delivered is rejected as
late. What claims to be from the future waits too: either the next observation is of the time known
so far, and its time was wrong, or several in a row go on from there, and there was a pause. A
`Tick` is injected whenever `TICK_S` pass without a camera frame, so that steps without a clock see
staleness. The order delivered, ticks included, is what the log keeps; fed back in, it comes out
unchanged, so that a replay repeats it.
"""

from math import isfinite

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.observation import (
    AuditFrame,
    ImuSample,
    LandmarkFrame,
    Observation,
    PersonSignal,
    Rejection,
    RejectionReason,
    Tick,
)

TICK_S = 0.05
MAX_TICKS_IN_A_GAP = 100
"""After a gap this long every estimate has gone stale; more ticks would say nothing new."""
AHEAD_S = 0.25
"""Sensors deliver in bundles: one may be as much ahead of the others without being wrong."""
PAUSE_KNOWN_AFTER_S = 0.5
_PAUSE_FEWEST = 5
"""A pause is believed once so many observations in a row, over so long, go on after it."""

Sensed = Observation
Delivered = Observation | Rejection


class State(Struct, frozen=True):
    """`waiting` in capture order; `delivered_s` capture time of the last one handed on; `ahead`
    those whose time lies ahead of all others, in order of arrival.
    """

    waiting: tuple[Sensed, ...] = ()
    newest_s: float | None = None
    delivered_s: float | None = None
    emitted_s: float | None = None
    ahead: tuple[Sensed, ...] = ()


def start() -> State:
    return State()


def step(state: State, observation: Sensed, *, lag_s: float) -> tuple[State, list[Delivered]]:
    """Take one observation in; hand on what is due. With `lag_s` 0 nothing in time waits."""
    if not isfinite(observation.t_s):
        at_s = 0.0 if state.delivered_s is None else state.delivered_s
        return state, [_rejected(observation, RejectionReason.NON_FINITE, "time", at_s=at_s)]
    if not _is_ahead(state, observation):
        out: list[Delivered] = [_rejected_as_future(state, o) for o in state.ahead]
        state, due = _in_time(replace(state, ahead=()), observation, lag_s=lag_s)
        return state, out + due
    ahead = (*state.ahead, observation)
    times_s = [o.t_s for o in ahead]
    if len(ahead) < _PAUSE_FEWEST or max(times_s) - min(times_s) < PAUSE_KNOWN_AFTER_S:
        return replace(state, ahead=ahead), []
    state, out = replace(state, newest_s=min(times_s), ahead=()), []
    for waited in ahead:
        state, due = step(state, waited, lag_s=lag_s)
        out += due
    return state, out


def flush(state: State) -> tuple[State, list[Delivered]]:
    """Hand on everything that still waits: the recording has ended."""
    left = sorted((*state.waiting, *state.ahead), key=lambda o: o.t_s)
    return _deliver(replace(state, waiting=(), ahead=()), left)


def _is_ahead(state: State, observation: Sensed) -> bool:
    """Whether a sensor's time is ahead of all others. The session's own clock is never wrong."""
    if state.newest_s is None or isinstance(observation, Tick | PersonSignal):
        return False
    return observation.t_s > state.newest_s + AHEAD_S


def _in_time(state: State, observation: Sensed, *, lag_s: float) -> tuple[State, list[Delivered]]:
    if state.delivered_s is not None and observation.t_s < state.delivered_s:
        late_s = state.delivered_s - observation.t_s
        detail = f"{late_s:.3f} s after its instant was delivered"
        return state, [_rejected(observation, RejectionReason.LATE, detail)]
    newest_s = observation.t_s if state.newest_s is None else max(state.newest_s, observation.t_s)
    waiting = [*state.waiting, observation]
    waiting.sort(key=lambda o: o.t_s)
    due_s = newest_s - lag_s
    cut = next((i for i, o in enumerate(waiting) if o.t_s > due_s), len(waiting))
    held = replace(state, waiting=tuple(waiting[cut:]), newest_s=newest_s)
    return _deliver(held, waiting[:cut])


def _deliver(state: State, due: list[Sensed]) -> tuple[State, list[Delivered]]:
    out: list[Delivered] = []
    delivered_s, emitted_s = state.delivered_s, state.emitted_s
    for observation in due:
        if emitted_s is None or isinstance(observation, Tick):
            emitted_s = observation.t_s
        for _ in range(MAX_TICKS_IN_A_GAP):
            if observation.t_s - emitted_s <= TICK_S + 1e-9:
                break
            # Sums of ticks round: one must not fall a hair before what was already delivered.
            emitted_s = max(emitted_s + TICK_S, delivered_s if delivered_s is not None else 0.0)
            out.append(Tick(emitted_s))
        if observation.t_s - emitted_s > TICK_S + 1e-9:
            emitted_s = observation.t_s
            out.append(Tick(emitted_s))
        out.append(observation)
        delivered_s = observation.t_s
        if isinstance(observation, LandmarkFrame):
            emitted_s = observation.t_s
    return replace(state, delivered_s=delivered_s, emitted_s=emitted_s), out


def _rejected_as_future(state: State, observation: Sensed) -> Rejection:
    known_s = observation.t_s if state.newest_s is None else state.newest_s
    detail = f"{observation.t_s - known_s:.3f} s ahead of all others"
    return _rejected(observation, RejectionReason.FUTURE, detail, at_s=known_s)


def _rejected(
    observation: Sensed, reason: RejectionReason, detail: str, *, at_s: float | None = None
) -> Rejection:
    """`at_s`: when it was found, where the observation's own time is wrong."""
    time_s = observation.t_s if at_s is None else at_s
    return Rejection(time_s, source_of(observation), reason, detail)


def source_of(observation: Observation) -> str:
    """The stream name used in rejections: `camera`, `camera:audit`, `imu:pelvis`, `person`,
    `clock`."""
    if isinstance(observation, LandmarkFrame):
        return "camera"
    if isinstance(observation, AuditFrame):
        return "camera:audit"
    if isinstance(observation, ImuSample):
        return f"imu:{observation.segment.value}"
    return "person" if isinstance(observation, PersonSignal) else "clock"
