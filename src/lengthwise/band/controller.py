"""The band's controller as one pure step: what came in a tick, and the set-point that goes out.

    rest -> ramp -> hold -> unload -> rest,   stopped from everywhere, to the end

The device goes for a set-point slowly and by itself: F follows it as a / (s + a), with
a = stiffness / (spring x follow), which also takes out what moves slower than that. Around it is a
PI in velocity form with its zero on that pole,

    trim' = trim + kp (e - e') + ki e dt,   kp = w / a,   ki = w,

so that the whole loop is w / s with the delay, whatever the stiffness, which is measured. The error
is that of the force against the reference that a reading of that moment can show. While the filter
or the envelope takes something off, the integral does not rise, and the trim is clamped: nothing
winds up.

The envelope is evaluated last, and its command is what goes out.
"""

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.band import envelope, leading, relaxation, stiffness
from lengthwise.band.envelope import Sight
from lengthwise.band.filtering import filtered
from lengthwise.band.readings import LONGEST_S, Seen, force_rate_n_s, take
from lengthwise.band.relaxation import Relaxation
from lengthwise.band.settings import Coefficients, Params
from lengthwise.band.signals import LOADED, Cause, Command, Input, Phase
from lengthwise.band.stiffness import Stiffness
from lengthwise.reference.constants import constant

_MOST_GAIN, _MOST_LEAD_N = constant("band", "most_gain"), constant("band", "most_lead_n")
_LONGEST_GAP_S = 0.1
_LEAST_N = 0.1
"""Of a pull: a command of 0 is a release."""


class State(Struct, frozen=True):
    """`target_n`: as it is led now. `begun_s`: when the ramp began. `error_n` with `error_s`: the
    last error and the time of its reading. `commanded_n`: the force that went out last. `asked`:
    whether a start was being asked for. `released_by`: what the last release was for."""

    stiffness: Stiffness
    relaxation: Relaxation
    phase: Phase = Phase.REST
    t_s: float | None = None
    seen: Seen = Seen()
    target_n: float = 0.0
    begun_s: float = 0.0
    trim_n: float = 0.0
    error_n: float | None = None
    error_s: float = 0.0
    commanded_n: float = 0.0
    asked: bool = True
    released_by: tuple[Cause, ...] = ()


class Output(Struct, frozen=True):
    """`command`: what the device is to be sent. `causes`: what keeps or made the band released."""

    command: Command
    phase: Phase
    target_n: float
    causes: tuple[Cause, ...] = ()


def start(p: Params) -> State:
    return State(stiffness.prior(p.spring_n_m), relaxation.prior())


def step(p: Params, c: Coefficients, state: State, now: Input) -> tuple[State, Output]:
    """One tick. Raises nothing, whatever comes in: what cannot be used releases."""
    before_s = 0.0 if state.t_s is None else state.t_s
    forward = before_s <= now.t_s <= LONGEST_S
    t_s = now.t_s if forward else before_s
    dt_s = 0.0 if state.t_s is None else min(t_s - before_s, _LONGEST_GAP_S)
    state = replace(state, t_s=t_s, seen=take(state.seen, now.readings, t_s))
    sight = Sight(
        t_s, forward, dt_s, state.commanded_n, state.seen, now.stop, now.link,
        now.position, now.position_t_s, now.allowed,
    )  # fmt: skip
    found = envelope.causes(sight, p.limits)
    state = _phase(p, c, state, now, found)
    state = _measured(p, state)
    wanted = None
    if state.phase in LOADED:
        state = _led(p, c, state, sight)
        state, wanted = _wanted(p, c, state)
    left_n = None if wanted is None else wanted.left_n
    verdict = envelope.cut(left_n, found, sight, p.limits)
    state = _kept(state, wanted, verdict.command)
    if verdict.causes and state.phase in LOADED:
        # Eased to nothing: from there, too, the way back is by rest.
        state = replace(state, phase=Phase.UNLOAD, released_by=verdict.causes)
    return state, Output(verdict.command, state.phase, state.target_n, verdict.causes)


def reference(p: Params, c: Coefficients, state: State, t_s: float) -> tuple[float, float]:
    """The force that is asked for at a time, and its rate: even, and rounded at its end."""
    gone_s = t_s - state.begun_s
    if gone_s <= 0.0:
        return 0.0, 0.0
    left_s = c.ramp_s - gone_s
    if left_s <= 0.0:
        return state.target_n, 0.0
    if left_s < c.round_s:
        ramp_n = p.target_n - 0.5 * p.ramp_n_s * left_s**2 / c.round_s
        rate_n_s = p.ramp_n_s * left_s / c.round_s
    else:
        ramp_n, rate_n_s = p.ramp_n_s * gone_s, p.ramp_n_s
    return (ramp_n, rate_n_s) if ramp_n < state.target_n else (state.target_n, 0.0)


def _phase(p: Params, c: Coefficients, state: State, now: Input, found: tuple[Cause, ...]) -> State:
    """Where it stands now. Only a start that is newly asked for, at rest, begins a pull."""
    asked, state = state.asked, replace(state, asked=now.start)
    if state.phase is Phase.STOPPED or now.stop is not False:
        return replace(state, phase=Phase.STOPPED, released_by=found or state.released_by)
    assert state.t_s is not None, "set in this step"
    t_s = state.t_s
    if state.phase in LOADED and found:
        return replace(state, phase=Phase.UNLOAD, released_by=found)
    if state.phase is Phase.UNLOAD and _slack(p, state):
        return replace(state, phase=Phase.REST)
    if state.phase is Phase.REST and now.start and not asked and not found and _slack(p, state):
        return replace(
            state,
            phase=Phase.RAMP,
            begun_s=t_s,
            target_n=p.target_n,
            trim_n=0.0,
            error_n=None,
            commanded_n=0.0,
            released_by=(),
        )
    if state.phase is Phase.RAMP and t_s - state.begun_s >= c.ramp_s:
        held = relaxation.begin(
            state.relaxation,
            state.seen,
            spring_n_m=p.spring_n_m,
            ramp_s=c.ramp_s,
        )
        return replace(state, phase=Phase.HOLD, relaxation=held)
    return state


def _slack(p: Params, state: State) -> bool:
    """Seen now, and not only some time ago."""
    last = state.seen.last
    if last is None or state.t_s is None or state.t_s - last.t_s > p.limits.stale_s:
        return False
    return last.force_n <= p.limits.rest_n


def _measured(p: Params, state: State) -> State:
    if state.phase not in LOADED or not state.seen.fresh:
        return state
    found = stiffness.read(state.stiffness, state.seen, spring_n_m=p.spring_n_m)
    if state.phase is Phase.HOLD:
        gone = relaxation.read(state.relaxation, state.seen, spring_n_m=p.spring_n_m)
    else:
        gone = relaxation.rising(
            state.relaxation, state.seen, spring_n_m=p.spring_n_m, target_n=state.target_n
        )
    return replace(state, stiffness=found, relaxation=gone)


def _led(p: Params, c: Coefficients, state: State, sight: Sight) -> State:
    position = envelope.known(sight)
    if envelope.above_ceiling(sight, p.limits):
        state = _back(p, state, sight.dt_s, unknown=position is None)
    # A ramp that has arrived is led as a hold is; its time is not over yet.
    if state.phase is Phase.HOLD or state.target_n < p.target_n:
        return replace(state, target_n=leading.led(state.target_n, position, p, dt_s=sight.dt_s))
    if leading.arrived(position, p) and state.t_s is not None:
        here_n, _ = reference(p, c, state, state.t_s)
        return replace(state, target_n=min(state.target_n, max(here_n, p.limits.rest_n)))
    return state


def _back(p: Params, state: State, dt_s: float, *, unknown: bool) -> State:
    """What is asked for goes down with the envelope, so that it does not stand far above the force
    when the position is back. A known position in a hold is left to the loop that leads it."""
    eased_n = p.limits.ease_n_s * dt_s
    if state.phase is Phase.RAMP:
        assert state.t_s is not None, "set in this step"
        begun_s = min(state.begun_s + dt_s + eased_n / p.ramp_n_s, state.t_s)
        state = replace(state, begun_s=begun_s)
        unknown = unknown and state.target_n < p.target_n
    return replace(state, target_n=max(state.target_n - eased_n, 0.0)) if unknown else state


def _gain(p: Params, c: Coefficients, state: State) -> tuple[float, float]:
    """How fast the device follows with this person, 1/s, and kp."""
    follows = state.stiffness.n_m / (p.spring_n_m * p.follow_s)
    return follows, min(c.crossover_rad_s / follows, _MOST_GAIN)


def _ahead(p: Params, c: Coefficients, state: State) -> float:
    """Where the set-point stands without a trim: ahead of the reference by what the device lags."""
    assert state.t_s is not None, "set in this step"
    asked_n, rate_n_s = reference(p, c, state, state.t_s)
    follows, _ = _gain(p, c, state)
    return asked_n + min(rate_n_s / follows, _MOST_LEAD_N)


class _Wanted(Struct, frozen=True, gc=False):
    """What the loop asks for, what the filter leaves of it, and what the integral rose by."""

    asked_n: float
    left_n: float
    integral_n: float


def _wanted(p: Params, c: Coefficients, state: State) -> tuple[State, _Wanted]:
    last, t_s = state.seen.last, state.t_s
    assert last is not None and t_s is not None, "a cause of release else"
    trim_n, integral_n = state.trim_n, 0.0
    if state.seen.fresh:
        shown_n, _ = reference(p, c, state, last.t_s - c.down_s)
        error_n = shown_n - last.force_n
        _, gain = _gain(p, c, state)
        if state.error_n is not None:
            over_s = min(last.t_s - state.error_s, _LONGEST_GAP_S)
            integral_n = c.crossover_rad_s * error_n * over_s
            trim_n += gain * (error_n - state.error_n) + integral_n
        state = replace(state, error_n=error_n, error_s=last.t_s)
    most_n = c.most_trim_n if state.phase is Phase.HOLD else c.ramp_trim_n
    trim_n = min(max(trim_n, -most_n), most_n)
    asked_n = max(_ahead(p, c, state) + trim_n, _LEAST_N)
    left_n = filtered(
        asked_n,
        cap_n=p.limits.cap_n,
        force_n=last.force_n,
        rising_n_s=force_rate_n_s(state.seen) or 0.0,
        ahead_s=t_s - last.t_s + c.down_s,
        follow_s=p.follow_s,
    )
    return replace(state, trim_n=trim_n), _Wanted(asked_n, max(left_n, _LEAST_N), integral_n)


def _kept(state: State, wanted: _Wanted | None, command: Command) -> State:
    """What could not go out is not stored up."""
    if wanted is not None and 0.0 < command.force_n < wanted.asked_n:
        state = replace(state, trim_n=state.trim_n - max(wanted.integral_n, 0.0))
    return replace(state, commanded_n=command.force_n)
