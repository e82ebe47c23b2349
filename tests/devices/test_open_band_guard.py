"""What a band does by itself: every way out leads to release, at a bounded rate, and to rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.contracts.devices import BandFault, BandMode
from lengthwise.devices.open_band import guard
from lengthwise.devices.open_band.codec import Command, Outcome, SetPoint
from lengthwise.devices.open_band.guard import BAND_LIMITS, RELEASE_N_S, SLACK_N, Sensed, State

TICK_S = 0.005
FOLLOW = SetPoint(Command.FOLLOW, 1, target_n=60.0, rate_n_s=40.0, valid_s=0.2)


def ticked(state: State, seconds: float, *, grip: bool = True, **sensed: object) -> State:
    for _ in range(round(seconds / TICK_S)):
        felt = Sensed(**{"force_n": state.pull_n, "grip_closed": grip, **sensed})  # type: ignore[arg-type]
        state = guard.step(BAND_LIMITS, state, felt, state.t_s + TICK_S)
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
    assert silent.pull_n < state.pull_n


def test_a_grip_that_is_held_as_the_band_begins_was_not_closed_by_then() -> None:
    state, outcome = guard.take(BAND_LIMITS, ticked(State(), 0.1), FOLLOW, 0.1)
    assert (state.mode, outcome) == (BandMode.RELEASED, Outcome.NOT_ARMED)
    assert led(ticked(ticked(state, 0.05, grip=False), 0.05), 0.1).mode is BandMode.FOLLOWING


def test_an_open_grip_releases_at_once() -> None:
    state = led(armed(), 3.0)
    assert ticked(state, TICK_S, grip=False).mode is BandMode.RELEASING


def test_a_release_unloads_at_a_bounded_rate_and_ends_at_rest() -> None:
    state = ticked(led(armed(), 3.0), TICK_S, grip=False)
    for _ in range(1000):
        after = ticked(state, TICK_S, grip=False)
        assert 0.0 <= state.pull_n - after.pull_n <= RELEASE_N_S * TICK_S + 1e-9
        state = after
    assert state.mode is BandMode.RELEASED and state.pull_n == 0.0


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
    assert state.pull_n == 0.0 and state.mode is BandMode.FAULT
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
    assert ticked(after, 0.1).pull_n < state.pull_n


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
            before = state
            felt = Sensed(state.pull_n + disturbance_n, grip)
            state = guard.step(BAND_LIMITS, state, felt, state.t_s + TICK_S)
            if state.pull_n > before.pull_n:
                assert grip and state.armed and state.mode is BandMode.FOLLOWING
                assert state.t_s < state.good_until_s and state.fault is BandFault.NONE
            assert 0.0 <= state.pull_n <= BAND_LIMITS.force_n
            assert state.pull_n - before.pull_n <= BAND_LIMITS.rate_n_s * TICK_S + 1e-9
            if before.mode is not BandMode.FOLLOWING or state.mode is not BandMode.FOLLOWING:
                drop_n = before.pull_n - state.pull_n
                assert -1e-9 <= drop_n <= RELEASE_N_S * TICK_S + 1e-9
            assert (state.mode is BandMode.FAULT) == (state.fault is not BandFault.NONE)
            if state.mode is BandMode.RELEASED:
                assert state.pull_n <= SLACK_N
