"""What an open band does by itself, whoever sends to it: its state machine and its watchdog.

    take(limits, state, set_point, t_s) -> (state, Outcome)
    damaged(state) -> (state, Outcome)
    step(limits, state, sensed, t_s) -> state

The firmware of a band has to do the same; docs/open-band.md says it in words. Every way out leads
to release: no word for too long, an open grip, a lost link, too much force, a sensor that says
nothing or always the same, a jerk, a winder that runs away, a set-point that cannot be read. A
release pays out at a steady speed until nothing pulls and ends at rest; only from rest, with a grip
that was opened and is closed anew, does a set-point pull again. So nobody is pulled without having
just said so by hand, however many set-points are on their way.

A release is a speed and no falling force: a force that goes down by a clock, below what the weight
of a limb takes, lets the limb drop as fast as it falls. It needs no load cell either.
"""

from math import isfinite

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.devices import BandFault, BandMode
from lengthwise.devices.open_band.codec import Command, Limits, Outcome, SetPoint

RELEASE_M_S = 0.05
"""How fast the winder pays out in a release, whatever the load cell says. Expert default: with an
elastic of 400 N/m 20 N/s, as the controller lets go (`unload_n_s`); a heel that hangs in it comes
down by 0.05 m/s."""
RELEASE_LEAST_S = 0.25
"""A release lasts no less, however little was pulled: a grip that opens for a moment is heard of by
the host before it is closed anew. Expert default: twenty readings."""
SLACK_N = 3.0
"""Below this a band pulls with nothing that matters. Expert default."""
SLACK_M = 0.002
"""Wound in by no more than this it is slack. Expert default: two steps of what is told."""
OVERLOAD_RATIO = 1.15
"""More than the limit of the band by so much is a fault. Expert default."""

JERK_N_S, JERK_OVER_S = 150.0, 0.025
"""The force changes faster than this, over at least so long: the limb or the line jerked. Expert
default: a breath changes it by 2 N/s, a drive by 25."""
OVER_SPEED_M_S = 0.12
"""Twice what a drive can do in which nothing is broken. Expert default."""

STUCK_S, STUCK_M = 0.3, 0.004
"""A load cell that says the very same for so long while the winder goes so far is broken. Expert
defaults, as the controller has them."""

BAND_LIMITS = Limits(force_n=120.0, rate_n_s=40.0, valid_s=0.2)
"""Of the simulated band. Expert default."""


class Sensed(Struct, frozen=True):
    """What the band feels: force (not finite: its sensor is broken), grip, how much is wound in
    from where it is slack, motor, room left, and how fast its winder runs."""

    force_n: float
    grip_closed: bool
    wound_m: float
    motor_fault: bool = False
    at_end: bool = False
    battery_empty: bool = False
    speed_m_s: float = 0.0


class State(Struct, frozen=True):
    """`pull_n`: what the motor is told to pull with; 0 where it is told a speed, `pay_out_m_s`.
    `good_until_s`: the watchdog. `released_s`: when the last release began. `armed`: the grip was
    closed at rest, and nothing was released since; one that was held as the band was switched on,
    or began anew, was not closed by then. `wound_m` as it was last; `felt`: (time, force) of late;
    `same_since`: (time, wound) of the first of the readings that all say the same force."""

    mode: BandMode = BandMode.RELEASED
    fault: BandFault = BandFault.NONE
    pull_n: float = 0.0
    pay_out_m_s: float = 0.0
    target_n: float = 0.0
    rate_n_s: float = 0.0
    good_until_s: float = 0.0
    released_s: float = -RELEASE_LEAST_S
    sequence: int | None = None
    grip_closed: bool = True
    armed: bool = False
    force_n: float = 0.0
    wound_m: float = 0.0
    t_s: float = 0.0
    felt: tuple[tuple[float, float], ...] = ()
    same_since: tuple[float, float] = (0.0, 0.0)


def take(limits: Limits, state: State, p: SetPoint, t_s: float) -> tuple[State, Outcome]:
    """A set-point whose checksum and ranges hold. One that is not taken changes nothing, and so
    does not feed the watchdog either. A release is taken whatever its number; an older one makes
    nothing newer again."""
    newer = _newer(state.sequence, p.sequence)
    seen = replace(state, sequence=p.sequence) if newer else state
    if p.command is Command.RELEASE:
        return _release(seen), Outcome.TAKEN
    if not newer:
        return state, Outcome.OLD
    if p.command is Command.CLEAR_FAULT:
        return _cleared(seen)
    if state.mode is BandMode.FAULT:
        return state, Outcome.FAULT
    if not _allowed(limits, p):
        return state, Outcome.OUT_OF_RANGE
    if not state.grip_closed:
        return state, Outcome.GRIP_OPEN
    if state.mode is BandMode.RELEASING:
        return state, Outcome.NOT_AT_REST
    if not state.armed:
        return state, Outcome.NOT_ARMED
    following = replace(
        seen,
        mode=BandMode.FOLLOWING,
        pay_out_m_s=0.0,
        target_n=p.target_n,
        rate_n_s=p.rate_n_s,
        good_until_s=t_s + p.valid_s,
    )
    return following, Outcome.TAKEN


def damaged(state: State) -> tuple[State, Outcome]:
    """A set-point that is not used: by length, checksum, version, code or range. Radio repairs its
    own errors, so this is of a host that does not work: release."""
    return _release(state), Outcome.DAMAGED


def step(limits: Limits, state: State, sensed: Sensed, t_s: float) -> State:
    """Time passes up to `t_s`; called at least a hundred times a second."""
    passed_s = max(t_s - state.t_s, 0.0)
    state = _felt(state, sensed, t_s)
    fault = _fault(limits, state, sensed)
    if fault is not BandFault.NONE and state.mode is not BandMode.FAULT:
        state = replace(state, mode=BandMode.FAULT, fault=fault, armed=False)
    let_go = not sensed.grip_closed or t_s >= state.good_until_s or _jerked(state)
    if state.mode is BandMode.FOLLOWING and (let_go or abs(sensed.speed_m_s) > OVER_SPEED_M_S):
        state = _release(state)
    if state.mode is BandMode.FOLLOWING:
        most_n = state.rate_n_s * passed_s
        away_n = state.target_n - state.pull_n
        return replace(state, pull_n=state.pull_n + max(-most_n, min(most_n, away_n)))
    mode = state.mode
    if mode is BandMode.RELEASING and _at_rest(state):
        mode = BandMode.RELEASED if t_s - state.released_s >= RELEASE_LEAST_S else mode
    elif mode is BandMode.RELEASED and not state.wound_m <= SLACK_M:
        # Switched on, or begun anew, under load.
        mode, state = BandMode.RELEASING, replace(state, armed=False)
    pay_out_m_s = RELEASE_M_S if _pays_out(state, sensed) else 0.0
    return replace(state, mode=mode, pull_n=0.0, pay_out_m_s=pay_out_m_s, target_n=0.0)


def _pays_out(state: State, sensed: Sensed) -> bool:
    """Where the band was slack a limb that came down since hangs in it: on from there by the load
    cell, while that says something, to the end of the line."""
    if not state.wound_m <= 0.0:
        return True
    tells = state.fault is not BandFault.FORCE_SENSOR and not sensed.at_end
    return tells and state.force_n > SLACK_N


def _felt(state: State, sensed: Sensed, t_s: float) -> State:
    pressed = sensed.grip_closed and not state.grip_closed
    armed = sensed.grip_closed and (state.armed or (pressed and state.mode is BandMode.RELEASED))
    same = state.mode is BandMode.FOLLOWING and sensed.force_n == state.force_n
    return replace(
        state,
        t_s=t_s,
        force_n=sensed.force_n,
        wound_m=sensed.wound_m,
        grip_closed=sensed.grip_closed,
        armed=armed,
        felt=(
            *(f for f in state.felt if t_s - f[0] <= 2.0 * JERK_OVER_S),
            (t_s, sensed.force_n),
        ),
        same_since=state.same_since if same else (t_s, sensed.wound_m),
    )


def lost_link(state: State) -> State:
    """The other side is gone: release, and count its set-points anew when it is back. A grip that
    was closed before it was is no word for whoever comes."""
    return replace(_release(state), sequence=None, armed=False)


def _jerked(state: State) -> bool:
    """By now against the latest that is old enough to tell a rate."""
    before = [f for f in state.felt if state.t_s - f[0] >= JERK_OVER_S - 1e-9]
    if not before:
        return False
    then_s, then_n = before[-1]
    return abs(state.force_n - then_n) > JERK_N_S * (state.t_s - then_s)


def _at_rest(state: State) -> bool:
    """Written so that what is no number is not at rest."""
    return state.wound_m <= SLACK_M and abs(state.force_n) <= SLACK_N


def _stuck(state: State) -> bool:
    since_s, wound_m = state.same_since
    return state.t_s - since_s > STUCK_S and abs(state.wound_m - wound_m) > STUCK_M


def _release(state: State) -> State:
    if state.mode is not BandMode.FOLLOWING:
        return state
    return replace(
        state,
        mode=BandMode.RELEASING,
        released_s=state.t_s,
        pull_n=0.0,
        pay_out_m_s=RELEASE_M_S,
        target_n=0.0,
        armed=False,
    )


def _cleared(state: State) -> tuple[State, Outcome]:
    if state.mode is not BandMode.FAULT:
        return state, Outcome.TAKEN
    if not _at_rest(state) or state.grip_closed:
        return state, Outcome.NOT_AT_REST
    return replace(state, mode=BandMode.RELEASED, fault=BandFault.NONE), Outcome.TAKEN


def _fault(limits: Limits, state: State, sensed: Sensed) -> BandFault:
    if not isfinite(sensed.force_n) or _stuck(state):
        return BandFault.FORCE_SENSOR
    if sensed.force_n > limits.force_n * OVERLOAD_RATIO:
        return BandFault.OVERLOAD
    if sensed.motor_fault:
        return BandFault.MOTOR
    if sensed.at_end:
        return BandFault.LENGTH_END
    return BandFault.BATTERY if sensed.battery_empty else BandFault.NONE


def _allowed(limits: Limits, p: SetPoint) -> bool:
    return (
        p.target_n <= limits.force_n
        and p.rate_n_s <= limits.rate_n_s
        and p.valid_s <= limits.valid_s
    )


def _newer(last: int | None, sequence: int) -> bool:
    return last is None or 0 < (sequence - last) % 0x10000 < 0x8000
