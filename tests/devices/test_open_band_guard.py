"""What a band does by itself: every way out leads to release, at a steady speed, and to rest."""

from math import cos, pi, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.contracts.devices import BandFault, BandMode
from lengthwise.devices.open_band import guard
from lengthwise.devices.open_band.codec import Command, Outcome, SetPoint
from lengthwise.devices.open_band.guard import (
    BAND_LIMITS,
    RELEASE_M_S,
    SLACK_M,
    SLACK_N,
    STUCK_S,
    Sensed,
    State,
)
from lengthwise.reference.constants import constant

TICK_S = 0.005
SPRING_N_M = 400.0
FOLLOW = SetPoint(Command.FOLLOW, 1, target_n=60.0, rate_n_s=40.0, valid_s=0.2)


def wound_m(state: State) -> float:
    """Of a winder that does at once what it is told, on an elastic before a limb that stays."""
    if state.mode is BandMode.FOLLOWING:
        return state.pull_n / SPRING_N_M
    return max(state.wound_m - state.pay_out_m_s * TICK_S, 0.0)


def ticked(state: State, seconds: float, *, grip: bool = True, **sensed: object) -> State:
    for _ in range(round(seconds / TICK_S)):
        here_m = wound_m(state)
        felt = {"force_n": SPRING_N_M * here_m, "grip_closed": grip, "wound_m": here_m, **sensed}
        state = guard.step(BAND_LIMITS, state, Sensed(**felt), state.t_s + TICK_S)  # type: ignore[arg-type]
    return state


def armed() -> State:
    return ticked(ticked(State(), 0.05, grip=False), 0.05)


def led(state: State, seconds: float, *, p: SetPoint = FOLLOW) -> State:
    """A host that says the same again every 50 ms."""
    for n in range(round(seconds / 0.05)):
        first = 1 if state.sequence is None else state.sequence + 1
        state, _ = guard.take(BAND_LIMITS, state, replace(p, sequence=first % 0x10000), state.t_s)
        state = ticked(state, 0.05)
        assert n >= 0
    return state


def test_it_follows_at_the_rate_it_was_given() -> None:
    state = led(armed(), 1.0)
    assert state.mode is BandMode.FOLLOWING
    assert state.pull_n == pytest.approx(40.0, abs=1.0)
    assert led(state, 2.0).pull_n == pytest.approx(60.0)


def test_without_a_word_a_release_begins_within_200_ms() -> None:
    state = led(armed(), 3.0)
    assert ticked(state, 0.14).mode is BandMode.FOLLOWING
    silent = ticked(state, 0.21)
    assert silent.mode is BandMode.RELEASING
    assert silent.wound_m < state.wound_m


def test_a_grip_that_is_held_as_the_band_begins_was_not_closed_by_then() -> None:
    state, outcome = guard.take(BAND_LIMITS, ticked(State(), 0.1), FOLLOW, 0.1)
    assert (state.mode, outcome) == (BandMode.RELEASED, Outcome.NOT_ARMED)
    assert led(ticked(ticked(state, 0.05, grip=False), 0.05), 0.1).mode is BandMode.FOLLOWING


def test_an_open_grip_releases_at_once() -> None:
    state = led(armed(), 3.0)
    assert ticked(state, TICK_S, grip=False).mode is BandMode.RELEASING


def test_a_release_pays_out_at_a_steady_speed_and_ends_at_rest() -> None:
    state = ticked(led(armed(), 3.0), TICK_S, grip=False)
    assert state.pull_n == 0.0, "told a speed, and no force"
    for _ in range(1000):
        after = ticked(state, TICK_S, grip=False)
        assert after.pay_out_m_s == (RELEASE_M_S if after.wound_m > 0.0 else 0.0)
        state = after
    assert state.mode is BandMode.RELEASED and state.wound_m <= SLACK_M


def test_a_release_is_as_fast_as_the_controllers_own() -> None:
    """One release, whoever asked for it: the controller's bounds were judged with its own."""
    assert RELEASE_M_S * constant("band", "drive_spring_n_m") == constant("band", "unload_n_s")


def test_a_release_of_next_to_nothing_lasts_long_enough_to_be_heard_of() -> None:
    """A grip that opens for a moment is not closed anew before the host has heard of it."""
    state = ticked(led(armed(), 0.05), TICK_S, grip=False)
    assert state.wound_m > 0.0
    state = ticked(state, 0.2)
    assert (state.mode, state.armed) == (BandMode.RELEASING, False)
    assert ticked(state, 0.1).mode is BandMode.RELEASED


@pytest.mark.parametrize("reading_n", [80.0, 0.0])
def test_a_load_cell_that_says_anything_changes_nothing_of_a_release(reading_n: float) -> None:
    state = ticked(led(armed(), 3.0), TICK_S, grip=False)
    after = ticked(state, 1.0, grip=False, force_n=reading_n)
    assert state.wound_m - after.wound_m == pytest.approx(RELEASE_M_S, rel=0.02)


def test_a_band_that_begins_anew_under_load_pays_out_first_and_pulls_with_nothing() -> None:
    state = State(wound_m=0.15)
    state = ticked(state, 0.1, grip=False)
    assert state.mode is BandMode.RELEASING
    state = ticked(state, 0.1)
    assert guard.take(BAND_LIMITS, state, FOLLOW, state.t_s)[1] is Outcome.NOT_AT_REST
    assert ticked(state, 4.0).mode is BandMode.RELEASED


LEG_KG, LEG_M, ANCHOR_M = 14.26, 0.29, 0.8
"""A leg of 88 kg (de Leva 1996), where its weight acts and where the line is fastened, from the
hip. Level it weighs 41 N.m."""


def lowered(*, by_speed: bool, seconds: float = 3.0) -> tuple[float, float, State]:
    """A straight leg at 70 degrees hangs in a line that runs up and back over the head, and nobody
    else carries it. The grip opens. (the fastest it comes down by then, rad/s; where it is, rad;
    the band) after so many `seconds`, or on the floor. `by_speed` False: a motor whose force goes
    down by 60 N/s instead."""
    inertia, damping = LEG_KG * LEG_M**2 * 1.35, 1.0
    weight_nm, start = LEG_KG * 9.81 * LEG_M, radians(70.0)
    fixed = (-0.55, 1.4)

    def line_m(angle: float) -> float:
        x, y = ANCHOR_M * cos(angle) - fixed[0], ANCHOR_M * sin(angle) - fixed[1]
        return float((x * x + y * y) ** 0.5)

    def arm_m(angle: float) -> float:
        return -(line_m(angle + 1e-4) - line_m(angle - 1e-4)) / 2e-4

    held_n = weight_nm * cos(start) / arm_m(start)
    wound = held_n / SPRING_N_M
    begin_m, angle, turn, fastest = line_m(start), start, 0.0, 0.0
    state = State(mode=BandMode.FOLLOWING, grip_closed=True, armed=True, good_until_s=9.0)
    for n in range(round(seconds / TICK_S)):
        stretched_m = wound + line_m(angle) - begin_m
        force_n = max(SPRING_N_M * stretched_m, 0.0)
        if not by_speed:
            force_n = max(held_n - 60.0 * n * TICK_S, 0.0)
        sensed = Sensed(force_n, grip_closed=False, wound_m=wound)
        state = guard.step(BAND_LIMITS, state, sensed, state.t_s + TICK_S)
        wound = max(wound - state.pay_out_m_s * TICK_S, -9.0)
        for _ in range(10):
            torque = force_n * arm_m(angle) - weight_nm * cos(angle) - damping * turn
            turn += torque / inertia * TICK_S / 10
            angle += turn * TICK_S / 10
            if by_speed and angle <= 0.0:
                angle = turn = 0.0
        fastest = max(fastest, -turn)
    return fastest, angle, state


def test_a_leg_at_70_degrees_that_hangs_in_the_line_alone_is_lowered_and_not_dropped() -> None:
    """At the winder's speed over its arm; with a force that goes down by a clock it falls."""
    fastest, angle, _ = lowered(by_speed=True)
    assert fastest < 2.0 * RELEASE_M_S / 0.5
    assert angle > radians(50.0)
    assert lowered(by_speed=False)[0] > pi / 2.0


def test_a_leg_that_hangs_in_the_line_comes_down_to_the_floor() -> None:
    """Where the line was slack the leg was carried: a winder that stops there keeps it up."""
    fastest, angle, state = lowered(by_speed=True, seconds=40.0)
    assert angle == 0.0 and state.mode is BandMode.RELEASED
    assert fastest < 2.0 * RELEASE_M_S / 0.5


@pytest.mark.parametrize("why", [{"force_n": float("nan")}, {"force_n": 40.0, "at_end": True}])
def test_beyond_where_it_was_slack_it_pays_out_by_the_load_cell(why: dict[str, float]) -> None:
    state = State(mode=BandMode.RELEASING)
    assert ticked(state, TICK_S, force_n=40.0).pay_out_m_s == RELEASE_M_S
    assert ticked(state, TICK_S, **why).pay_out_m_s == 0.0


def test_a_band_that_has_to_pay_out_is_not_armed_any_more() -> None:
    state = ticked(armed(), TICK_S, wound_m=0.01)
    assert (state.mode, state.armed) == (BandMode.RELEASING, False)


@pytest.mark.parametrize("after_s", [0.05, 0.5])
def test_a_load_cell_that_says_the_very_same_while_the_band_is_wound_is_a_fault(
    after_s: float,
) -> None:
    state = led(armed(), after_s)
    reading_n, begun_s = SPRING_N_M * state.wound_m, state.t_s
    while state.mode is BandMode.FOLLOWING and state.t_s - begun_s < 1.0:
        again = replace(FOLLOW, sequence=(state.sequence or 0) + 1)
        state, _ = guard.take(BAND_LIMITS, state, again, state.t_s)
        state = ticked(state, TICK_S, force_n=reading_n)
    assert (state.mode, state.fault) == (BandMode.FAULT, BandFault.FORCE_SENSOR)
    assert state.t_s - begun_s < STUCK_S + 2.0 * TICK_S


def test_a_load_cell_that_says_the_same_in_a_hold_is_no_fault() -> None:
    state = led(armed(), 4.0)
    assert led(state, 2.0).mode is BandMode.FOLLOWING


def test_after_a_release_nothing_pulls_until_the_grip_is_closed_anew_at_rest() -> None:
    state = ticked(led(armed(), 3.0), 5.0)
    assert state.mode is BandMode.RELEASED
    again = replace(FOLLOW, sequence=9000)
    assert guard.take(BAND_LIMITS, state, again, state.t_s)[1] is Outcome.NOT_ARMED
    state = ticked(ticked(state, 0.05, grip=False), 0.05)
    assert guard.take(BAND_LIMITS, state, again, state.t_s)[1] is Outcome.TAKEN


def test_a_grip_that_is_closed_anew_while_it_still_releases_does_not_pull_again() -> None:
    state = ticked(led(armed(), 3.0), TICK_S, grip=False)
    state = ticked(state, 0.02)
    again = replace(FOLLOW, sequence=9000)
    assert guard.take(BAND_LIMITS, state, again, state.t_s)[1] is Outcome.NOT_AT_REST
    rested = ticked(state, 5.0)
    assert guard.take(BAND_LIMITS, rested, again, rested.t_s)[1] is Outcome.NOT_ARMED


@pytest.mark.parametrize(
    "sensed, fault",
    [
        ({"force_n": 150.0}, BandFault.OVERLOAD),
        ({"force_n": float("nan")}, BandFault.FORCE_SENSOR),
        ({"motor_fault": True}, BandFault.MOTOR),
        ({"at_end": True}, BandFault.LENGTH_END),
        ({"battery_empty": True}, BandFault.BATTERY),
    ],
)
def test_every_fault_releases_and_stays_until_it_is_cleared_at_rest_with_an_open_grip(
    sensed: dict[str, object], fault: BandFault
) -> None:
    state = ticked(led(armed(), 3.0), TICK_S, **sensed)
    assert (state.mode, state.fault) == (BandMode.FAULT, fault)
    clear = SetPoint(Command.CLEAR_FAULT, 5000)
    assert guard.take(BAND_LIMITS, state, clear, state.t_s)[1] is Outcome.NOT_AT_REST
    follow = replace(FOLLOW, sequence=5001)
    assert guard.take(BAND_LIMITS, state, follow, state.t_s)[1] is Outcome.FAULT
    state = ticked(state, 5.0)
    assert state.wound_m <= SLACK_M and state.mode is BandMode.FAULT
    assert guard.take(BAND_LIMITS, state, clear, state.t_s)[1] is Outcome.NOT_AT_REST
    state = ticked(state, 0.05, grip=False)
    state, outcome = guard.take(BAND_LIMITS, state, clear, state.t_s)
    assert (outcome, state.mode, state.fault) == (Outcome.TAKEN, BandMode.RELEASED, BandFault.NONE)
    assert not state.armed


@pytest.mark.parametrize("sequence", [0, 1, 59, 60, 61, 40_000, 65_535])
def test_a_release_is_taken_whatever_its_number(sequence: int) -> None:
    state = led(armed(), 3.0)
    assert state.sequence == 60
    p = SetPoint(Command.RELEASE, sequence)
    after, outcome = guard.take(BAND_LIMITS, state, p, state.t_s)
    assert (outcome, after.mode) == (Outcome.TAKEN, BandMode.RELEASING)
    assert not after.armed
    assert ticked(after, 0.1).wound_m < state.wound_m


def test_an_old_release_makes_no_old_pull_newer_again() -> None:
    state = led(armed(), 3.0)
    state, _ = guard.take(BAND_LIMITS, state, SetPoint(Command.RELEASE, 10), state.t_s)
    state = ticked(ticked(ticked(state, 5.0), 0.05, grip=False), 0.05)
    assert state.armed
    again = replace(FOLLOW, sequence=20)
    assert guard.take(BAND_LIMITS, state, again, state.t_s) == (state, Outcome.OLD)


def test_a_damaged_set_point_releases_and_feeds_no_watchdog() -> None:
    state = led(armed(), 3.0)
    after, outcome = guard.damaged(state)
    assert (outcome, after.mode, after.armed) == (Outcome.DAMAGED, BandMode.RELEASING, False)
    assert after.good_until_s == state.good_until_s
    rest = armed()
    assert guard.damaged(rest) == (rest, Outcome.DAMAGED)


def test_a_lost_link_releases_and_counts_anew() -> None:
    state = guard.lost_link(led(armed(), 3.0))
    assert state.mode is BandMode.RELEASING and state.sequence is None


def test_who_comes_after_a_lost_link_cannot_pull_at_a_grip_that_was_closed_before_it() -> None:
    state = ticked(guard.lost_link(armed()), 0.5)
    assert guard.take(BAND_LIMITS, state, FOLLOW, state.t_s)[1] is Outcome.NOT_ARMED
    state = ticked(ticked(state, 0.05, grip=False), 0.05)
    assert guard.take(BAND_LIMITS, state, FOLLOW, state.t_s)[1] is Outcome.TAKEN


@pytest.mark.parametrize("sequence, taken", [(10, False), (9, False), (11, True), (32777, True),
                                             (32778, False), (65535, False)])  # fmt: skip
def test_a_set_point_that_is_not_newer_feeds_no_watchdog(sequence: int, taken: bool) -> None:
    state = replace(armed(), sequence=10)
    after, outcome = guard.take(BAND_LIMITS, state, replace(FOLLOW, sequence=sequence), state.t_s)
    assert (outcome is Outcome.TAKEN) is taken
    assert taken or after == state


@pytest.mark.parametrize("change", [{"target_n": 121.0}, {"rate_n_s": 41.0}, {"valid_s": 0.21}])
def test_a_band_takes_no_more_than_its_own_limits(change: dict[str, float]) -> None:
    state = led(armed(), 1.0)
    more = replace(FOLLOW, sequence=5000, **change)
    assert guard.take(BAND_LIMITS, state, more, state.t_s) == (state, Outcome.OUT_OF_RANGE)


@given(
    events=st.lists(
        st.tuples(
            st.sampled_from(["follow", "release", "clear", "quiet", "lost", "damaged"]),
            st.booleans(),
            st.sampled_from([0.0, 0.0, 0.0, 30.0, 200.0, float("nan")]),
            st.floats(0.0, 120.0),
        ),
        max_size=60,
    )
)
def test_whatever_happens_it_pulls_only_while_gripped_armed_fresh_and_sound(
    events: list[tuple[str, bool, float, float]],
) -> None:
    state, sequence = State(), 0
    for what, grip, disturbance_n, target_n in events:
        if what in ("follow", "release", "clear"):
            sequence += 1
            command = {
                "follow": Command.FOLLOW, "release": Command.RELEASE, "clear": Command.CLEAR_FAULT,
            }[what]  # fmt: skip
            p = replace(FOLLOW, command=command, sequence=sequence, target_n=target_n)
            state, _ = guard.take(BAND_LIMITS, state, p, state.t_s)
        elif what == "lost":
            state = guard.lost_link(state)
        elif what == "damaged":
            state, _ = guard.damaged(state)
        for _ in range(10):
            before, here_m = state, wound_m(state)
            felt = Sensed(SPRING_N_M * here_m + disturbance_n, grip, here_m)
            state = guard.step(BAND_LIMITS, state, felt, state.t_s + TICK_S)
            if state.pull_n > before.pull_n:
                assert grip and state.armed and state.mode is BandMode.FOLLOWING
                assert state.t_s < state.good_until_s and state.fault is BandFault.NONE
            assert 0.0 <= state.pull_n <= BAND_LIMITS.force_n
            assert state.pull_n - before.pull_n <= BAND_LIMITS.rate_n_s * TICK_S + 1e-9
            if state.mode is not BandMode.FOLLOWING:
                assert state.pull_n == 0.0
                told = state.fault is not BandFault.FORCE_SENSOR and state.force_n > SLACK_N
                pulls = state.wound_m > 0.0 or told
                assert state.pay_out_m_s == (RELEASE_M_S if pulls else 0.0)
            else:
                assert state.pay_out_m_s == 0.0
            assert (state.mode is BandMode.FAULT) == (state.fault is not BandFault.NONE)
            if state.mode is BandMode.RELEASED:
                assert state.wound_m <= SLACK_M
