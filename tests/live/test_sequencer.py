"""Laws of the sequencer: order, ticks, lateness; its output fed back comes out unchanged."""

from itertools import pairwise
from math import inf, isfinite, nan

from hypothesis import given
from hypothesis import strategies as st

from lengthwise.contracts.codec import decode, encode, frozen_array
from lengthwise.contracts.observation import (
    ImuSample,
    LandmarkFrame,
    Observation,
    Rejection,
    RejectionReason,
    Segment,
    Tick,
)
from lengthwise.live import sequencer


def camera(t_s: float) -> LandmarkFrame:
    blank = frozen_array([0.0] * 33)
    return LandmarkFrame(
        t_s, frozen_array([[0.0, 0.0]] * 33), blank, blank, frozen_array([True] * 33, dtype="bool")
    )


def imu(t_s: float) -> ImuSample:
    return ImuSample(t_s, Segment.PELVIS, (0.0, 0.0, 9.8))


def run(items: list[Observation], *, lag_s: float = 0.0) -> list[sequencer.Delivered]:
    state, out = sequencer.start(), []
    for item in items:
        state, due = sequencer.step(state, item, lag_s=lag_s)
        out += due
    _, due = sequencer.flush(state)
    return out + due


times = st.lists(st.floats(0, 20), min_size=1, max_size=40)
kinds = st.sampled_from([camera, imu])


@st.composite
def observations(draw: st.DrawFn) -> list[Observation]:
    return [draw(kinds)(t) for t in draw(times)]


@given(observations(), st.floats(0, 1))
def test_delivery_never_goes_back_in_time(items: list[Observation], lag_s: float) -> None:
    delivered = [o.t_s for o in run(items, lag_s=lag_s) if not isinstance(o, Rejection)]
    assert delivered == sorted(delivered)


@given(observations(), st.floats(0, 1))
def test_every_observation_is_delivered_or_rejected(items: list[Observation], lag_s: float) -> None:
    out = run(items, lag_s=lag_s)
    assert sum(not isinstance(o, Tick) for o in out) == len(items)
    reasons = {o.reason for o in out if isinstance(o, Rejection)}
    assert reasons <= {RejectionReason.LATE, RejectionReason.FUTURE}


@given(times)
def test_no_more_than_a_tick_passes_without_an_emission(moments: list[float]) -> None:
    items: list[Observation] = [imu(t) for t in sorted(moments)]
    out = run(items)
    emitted = [items[0].t_s] + [o.t_s for o in out if isinstance(o, Tick)]
    # A gap longer than the bound is crossed in one stride, by design.
    gaps = [b - a for a, b in pairwise(emitted)]
    bound_s = sequencer.TICK_S * sequencer.MAX_TICKS_IN_A_GAP
    assert all(g <= sequencer.TICK_S + 1e-9 or items[-1].t_s - items[0].t_s > bound_s for g in gaps)


@given(observations(), st.floats(0, 1))
def test_what_was_delivered_comes_out_unchanged_when_replayed(
    items: list[Observation], lag_s: float
) -> None:
    first = [o for o in run(items, lag_s=lag_s) if not isinstance(o, Rejection)]
    assert [encode(o) for o in run(first)] == [encode(o) for o in first]


@given(observations(), st.floats(0, 0.5), st.integers(0, 40))
def test_saved_and_restored_gives_the_same_bytes(
    items: list[Observation], lag_s: float, at: int
) -> None:
    state, out = sequencer.start(), []
    for i, item in enumerate(items):
        if i == at:
            state = decode(encode(state), sequencer.State)
        state, due = sequencer.step(state, item, lag_s=lag_s)
        out += due
    out += sequencer.flush(state)[1]
    assert [encode(o) for o in out] == [encode(o) for o in run(items, lag_s=lag_s)]


def test_a_camera_frame_late_by_its_inference_meets_the_samples_of_its_instant() -> None:
    arrivals: list[Observation] = [imu(0.00), imu(0.01), imu(0.02), camera(0.005), imu(0.03)]
    kept = [o.t_s for o in run(arrivals, lag_s=0.02) if not isinstance(o, Tick | Rejection)]
    assert kept == [0.0, 0.005, 0.01, 0.02, 0.03]


def test_without_lag_the_same_frame_is_rejected_as_late() -> None:
    out = run([imu(0.00), imu(0.02), camera(0.005)])
    assert [o.reason for o in out if isinstance(o, Rejection)] == [RejectionReason.LATE]


def test_a_gap_of_a_year_costs_a_bounded_number_of_ticks() -> None:
    out = run([camera(0.0), camera(3.15e7)])
    assert sum(isinstance(o, Tick) for o in out) == sequencer.MAX_TICKS_IN_A_GAP + 1


def test_a_tick_never_falls_before_what_was_delivered() -> None:
    """Found by replaying: sixty ticks of 0.05 s sum to a hair less than 3 s."""
    out = run([camera(0.0), camera(4.0), imu(3.0)], lag_s=1.0)
    delivered = [o.t_s for o in out]
    assert delivered == sorted(delivered)


def reasons(out: list[sequencer.Delivered]) -> list[RejectionReason]:
    return [o.reason for o in out if isinstance(o, Rejection)]


def delivered_s(out: list[sequencer.Delivered]) -> list[float]:
    return [o.t_s for o in out if not isinstance(o, Tick | Rejection)]


def test_frames_from_the_future_do_not_carry_the_clock_with_them() -> None:
    """Three frames five seconds ahead: the rest comes through as if they had not been."""
    clean: list[Observation] = [camera(k / 30) for k in range(60)]
    future: list[Observation] = [camera(k / 30 + 5.0) for k in range(30, 33)]
    out = run([*clean[:30], *future, *clean[33:]], lag_s=0.1)
    assert reasons(out) == [RejectionReason.FUTURE] * 3
    assert delivered_s(out) == [o.t_s for o in [*clean[:30], *clean[33:]]]
    assert max(o.t_s for o in out) == clean[-1].t_s


def test_one_sensor_with_its_clock_ahead_costs_the_others_nothing() -> None:
    """For as long as it lasts, and already 0.3 s are more than the camera's lag could bear."""
    items: list[Observation] = []
    for k in range(200):
        items.append(camera(k / 50))
        items.append(imu(k / 50 + (0.3 if k >= 50 else 0.0)))
    items.append(camera(4.0))
    out = run(items, lag_s=0.1)
    assert reasons(out) == [RejectionReason.FUTURE] * 150
    assert sum(isinstance(o, LandmarkFrame) for o in out) == 201


def test_after_a_pause_of_all_sensors_nothing_is_lost() -> None:
    items: list[Observation] = [camera(k / 30) for k in range(30)]
    items += [camera(9.0 + k / 30) for k in range(60)]
    out = run(items)
    assert not reasons(out)
    assert delivered_s(out) == [o.t_s for o in items]


def test_a_slow_camera_is_no_frame_from_the_future() -> None:
    items: list[Observation] = [camera(2.0 * k) for k in range(20)]
    out = run(items)
    assert not reasons(out)
    assert delivered_s(out) == [o.t_s for o in items]


def test_times_that_are_no_numbers_are_named_and_stop_nothing() -> None:
    out = run([camera(0.0), camera(nan), camera(inf), camera(0.1)])
    assert reasons(out) == [RejectionReason.NON_FINITE] * 2
    assert delivered_s(out) == [0.0, 0.1]
    assert all(isfinite(o.t_s) for o in out)
