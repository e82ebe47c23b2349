"""Orders observations by capture time and lets time pass where no camera frame arrives.

A pure step. Samples wait `lag_s` so that a camera frame, late by its inference time, still meets
the inertial samples of its instant; what arrives after its instant was delivered is rejected as
late. A `Tick` is injected whenever `TICK_S` pass without a camera frame, so that steps without a
clock see staleness. The order delivered, ticks included, is what the log keeps; fed back in, it
comes out unchanged, so that a replay repeats it.
"""

from msgspec import Struct

from lengthwise.contracts.observation import (
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

Sensed = Observation
Delivered = Observation | Rejection


class State(Struct, frozen=True):
    """`waiting` in capture order; `delivered_s` capture time of the last one handed on."""

    waiting: tuple[Sensed, ...] = ()
    newest_s: float | None = None
    delivered_s: float | None = None
    emitted_s: float | None = None


def start() -> State:
    return State()


def step(state: State, observation: Sensed, *, lag_s: float) -> tuple[State, list[Delivered]]:
    """Take one observation in; hand on what is due. With `lag_s` 0 nothing waits."""
    if state.delivered_s is not None and observation.t_s < state.delivered_s:
        late = Rejection(
            observation.t_s,
            source_of(observation),
            RejectionReason.LATE,
            f"{state.delivered_s - observation.t_s:.3f} s after its instant was delivered",
        )
        return state, [late]
    newest_s = observation.t_s if state.newest_s is None else max(state.newest_s, observation.t_s)
    waiting = [*state.waiting, observation]
    waiting.sort(key=lambda o: o.t_s)
    due_s = newest_s - lag_s
    cut = next((i for i, o in enumerate(waiting) if o.t_s > due_s), len(waiting))
    held = State(tuple(waiting[cut:]), newest_s, state.delivered_s, state.emitted_s)
    return _deliver(held, waiting[:cut])


def flush(state: State) -> tuple[State, list[Delivered]]:
    """Hand on everything that still waits: the recording has ended."""
    emptied = State((), state.newest_s, state.delivered_s, state.emitted_s)
    return _deliver(emptied, list(state.waiting))


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
    return State(state.waiting, state.newest_s, delivered_s, emitted_s), out


def source_of(observation: Observation) -> str:
    """The stream name used in rejections: `camera`, `imu:pelvis`, `person`, `clock`."""
    if isinstance(observation, LandmarkFrame):
        return "camera"
    if isinstance(observation, ImuSample):
        return f"imu:{observation.segment.value}"
    return "person" if isinstance(observation, PersonSignal) else "clock"
