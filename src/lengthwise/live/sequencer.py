"""Orders observations by capture time and lets time pass where no camera frame arrives.

Pure steps. Live, the time of arrival is known (`take`, `pass_time`): everything waits until
`LIVE_LAG_S` after its capture, so that a camera frame, late by its inference time, still meets the
inertial samples of its instant. As nothing younger than that is ever delivered, nothing that takes
less than that to arrive can be late, whatever other sensors do; and what is stamped later than it
arrives is plainly from the future. Where each stream brings its own in order (`in_order`), nothing
waits for longer than until every stream that goes on has brought something younger.

In a recording (`step`) only the order of arrival is known. Samples wait `lag_s` behind the newest
time. What claims to be from the future waits too: either the next observation is of the time known
so far, and its time was wrong, or several in a row go on from there, and there was a pause.

What devices tell beside inertial samples (`DeviceSample`: a pull, a heart, a link) is handed on as
it comes. Each device tells its own in order, nothing that is stepped depends on how they lie
between frames, and a strap that speaks once a second must not hold up an image.

What arrives after its instant was delivered is rejected as late. But a reading of an inertial
sensor that keeps its own while its link is gone (`kept_by`), with the time at which it felt them,
is handed on as one that tells of the past (`LateSample`): its sensor's own orientation can still go
through it.

A `Tick` is injected whenever `TICK_S` pass without a camera frame, so that steps without a clock
see staleness. The order delivered, ticks included, is what the log keeps; fed back in, it comes out
unchanged, so that a replay repeats it.
"""

from collections.abc import Sequence
from math import isfinite
from typing import Any, overload

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.devices import DeviceSample, LinkSample
from lengthwise.contracts.observation import (
    AuditFrame,
    ImuSample,
    LandmarkFrame,
    LateSample,
    Observation,
    PersonSignal,
    Rejection,
    RejectionReason,
    Segment,
    SignalKind,
    Tick,
)
from lengthwise.contracts.wire import MOST_LATE_S

TICK_S = 0.05
MAX_TICKS_IN_A_GAP = 100
"""After a gap this long every estimate has gone stale; more ticks would say nothing new."""
AHEAD_S = 0.25
"""Sensors deliver in bundles: one may be as much ahead of the others without being wrong."""
LIVE_LAG_S = 0.2
"""More than the inference of a camera frame takes (60 to 150 ms) with its way to here."""
STAMP_TOLERANCE_S = 0.05
"""By so much two clocks may differ before a stamp is said to be from the future."""
PAUSE_KNOWN_AFTER_S = 0.5
_PAUSE_FEWEST = 5
"""A pause is believed once so many observations in a row, over so long, go on after it."""

_AT_ONCE = (
    SignalKind.STOP,
    SignalKind.PAUSE,
    SignalKind.PAIN,
    SignalKind.LEG_SYMPTOM,
    SignalKind.DIZZY,
)

Sensed = Observation
Delivered = Observation | Rejection
Came = Observation | DeviceSample


class State(Struct, frozen=True):
    """`waiting` in capture order; `delivered_s` capture time of the last one handed on; `ahead`
    those whose time lies ahead of all others, in order of arrival; `heard` newest time of each
    stream that brings its own in order.
    """

    waiting: tuple[Sensed, ...] = ()
    newest_s: float | None = None
    delivered_s: float | None = None
    emitted_s: float | None = None
    ahead: tuple[Sensed, ...] = ()
    heard: dict[str, float] = {}


def start() -> State:
    return State()


@overload
def step(state: State, observation: Sensed, *, lag_s: float) -> tuple[State, list[Delivered]]: ...
@overload
def step(
    state: State, observation: Came, *, lag_s: float
) -> tuple[State, list[Came | Rejection]]: ...
def step(state: State, observation: Came, *, lag_s: float) -> tuple[State, Any]:
    """Take one observation in; hand on what is due. With `lag_s` 0 nothing in time waits."""
    if not isfinite(observation.t_s):
        at_s = 0.0 if state.delivered_s is None else state.delivered_s
        return state, [_rejected(observation, RejectionReason.NON_FINITE, "time", at_s=at_s)]
    if isinstance(observation, DeviceSample | LateSample):
        return state, [observation]
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


def take(
    state: State,
    observation: Came,
    *,
    now_s: float,
    in_order: bool = False,
    kept_by: frozenset[Segment] = frozenset(),
) -> tuple[State, Sequence[Came | Rejection]]:
    """Take in an observation that arrived at `now_s` of the session's clock; hand on what is due.

    A stop, a pause and what may lead to one do not wait: they are handed on at once, at the time up
    to which all else was.
    """
    if not isfinite(observation.t_s):
        return state, [_rejected(observation, RejectionReason.NON_FINITE, "time", at_s=now_s)]
    if observation.t_s > now_s + STAMP_TOLERANCE_S and not isinstance(observation, PersonSignal):
        detail = f"{observation.t_s - now_s:.3f} s after its arrival"
        return state, [_rejected(observation, RejectionReason.FUTURE, detail, at_s=now_s)]
    if isinstance(observation, DeviceSample | LateSample):
        return _forgotten(state, observation), [observation]
    if isinstance(observation, PersonSignal) and observation.kind in _AT_ONCE:
        state, out = pass_time(state, now_s=now_s)
        at_s = max(now_s - LIVE_LAG_S, state.delivered_s or 0.0, 0.0)
        state, due = _deliver(state, [replace(observation, t_s=at_s)])
        return state, out + due
    if in_order and not isinstance(observation, PersonSignal | Tick):
        source = source_of(observation)
        newest_s = max(observation.t_s, state.heard.get(source, observation.t_s))
        state = replace(state, heard=state.heard | {source: newest_s})
    if state.delivered_s is not None and observation.t_s < state.delivered_s:
        late: Delivered = _late(state.delivered_s, observation)
        recent = state.delivered_s - observation.t_s <= MOST_LATE_S
        if isinstance(observation, ImuSample) and recent and observation.segment in kept_by:
            late = LateSample(observation)
        state, out = _due(state, now_s)
        return state, [late, *out]
    waiting = sorted((*state.waiting, observation), key=lambda o: o.t_s)
    return _due(replace(state, waiting=tuple(waiting)), now_s)


def pass_time(state: State, *, now_s: float) -> tuple[State, list[Delivered]]:
    """Hand on what is due at `now_s`, and a tick where nothing was to be handed on for long."""
    state, out = _due(state, now_s)
    due_s = now_s - LIVE_LAG_S
    if state.emitted_s is None or due_s - state.emitted_s >= TICK_S:
        at_s = max(due_s, state.delivered_s or 0.0, 0.0)
        state, ticks = _deliver(state, [Tick(at_s)])
        out += ticks
    return state, out


def _due(state: State, now_s: float) -> tuple[State, list[Delivered]]:
    due_s = now_s - LIVE_LAG_S
    if state.heard:
        due_s = max(due_s, min(state.heard.values()))
    due = [o for o in state.waiting if o.t_s <= due_s]
    return _deliver(replace(state, waiting=state.waiting[len(due) :]), due)


def _forgotten(state: State, told: DeviceSample | LateSample) -> State:
    """Nobody waits for a sensor whose link is gone."""
    if not isinstance(told, LinkSample) or told.up or told.segment is None:
        return state
    gone = f"imu:{told.segment.value}"
    return replace(state, heard={name: t for name, t in state.heard.items() if name != gone})


def delivered(state: State, observation: Came) -> State:
    """The state once something was handed on, of which only that is known: of a log."""
    if isinstance(observation, DeviceSample | LateSample):
        return state
    emits = state.emitted_s is None or isinstance(observation, Tick | LandmarkFrame)
    emitted_s = observation.t_s if emits else state.emitted_s
    return replace(state, delivered_s=observation.t_s, emitted_s=emitted_s)


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
        return state, [_late(state.delivered_s, observation)]
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


def _late(delivered_s: float, observation: Sensed) -> Rejection:
    late_s = delivered_s - observation.t_s
    detail = f"{late_s:.3f} s after its instant was delivered"
    return _rejected(observation, RejectionReason.LATE, detail)


def _rejected_as_future(state: State, observation: Sensed) -> Rejection:
    known_s = observation.t_s if state.newest_s is None else state.newest_s
    detail = f"{observation.t_s - known_s:.3f} s ahead of all others"
    return _rejected(observation, RejectionReason.FUTURE, detail, at_s=known_s)


def _rejected(
    observation: Came, reason: RejectionReason, detail: str, *, at_s: float | None = None
) -> Rejection:
    """`at_s`: when it was found, where the observation's own time is wrong."""
    time_s = observation.t_s if at_s is None else at_s
    return Rejection(time_s, source_of(observation), reason, detail)


def source_of(observation: Came) -> str:
    """The stream name used in rejections: `camera`, `camera:audit`, `imu:pelvis`, `person`,
    `clock`, `device:NAME`."""
    if isinstance(observation, DeviceSample):
        return f"device:{observation.source}"
    if isinstance(observation, LandmarkFrame):
        return "camera"
    if isinstance(observation, AuditFrame):
        return "camera:audit"
    if isinstance(observation, LateSample):
        observation = observation.sample
    if isinstance(observation, ImuSample):
        return f"imu:{observation.segment.value}"
    return "person" if isinstance(observation, PersonSignal) else "clock"
