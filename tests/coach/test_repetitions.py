"""The live count follows the person, forgives nothing unseen, and is the same however it is fed."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.coach import repetitions
from lengthwise.coach.repetition import (
    Form,
    Repetition,
    log_dimensionless_jerk,
    published_coefficients,
)
from lengthwise.coach.repetitions import Params, Phase, Sample, State
from lengthwise.contracts.codec import decode, encode

C = published_coefficients()
TO_AND_FRO = Params(Form.THERE_AND_BACK, 0.05, C)
SIDES = Params(Form.BOTH_SIDES, 0.05, C)
CIRCLES = Params(Form.CIRCLE, 0.0, C)
RATE_HZ = 32.0
Signal = list[tuple[float, float | None]]


def bumps(
    count: int, *, lasts_s: float = 3.0, rest_s: float = 1.0, height: float = 1.0
) -> Callable[[float], float]:
    """`count` smooth movements there and back, with rest before each."""

    def at(t_s: float) -> float:
        whole, within_s = divmod(t_s, lasts_s + rest_s)
        if whole >= count or within_s < rest_s:
            return 0.0
        return height * math.sin(math.pi * (within_s - rest_s) / lasts_s) ** 2

    return at


def sampled(at: Callable[[float], float], lasts_s: float, rate_hz: float = RATE_HZ) -> Signal:
    return [(k / rate_hz, at(k / rate_hz)) for k in range(int(lasts_s * rate_hz) + 1)]


def counted(params: Params, signal: Signal) -> list[Repetition]:
    state, found = State(), []
    for t_s, x in signal:
        state, output = repetitions.step(params, state, Sample(t_s, x))
        if output.repetition is not None:
            found.append(output.repetition)
        assert output.counted == len(found)
    return found


@given(st.floats(0.01, 100.0))
def test_amplitude_scales_and_the_count_does_not(scale: float) -> None:
    plain = counted(TO_AND_FRO, sampled(bumps(4), 18.0))
    params = replace(TO_AND_FRO, least_amplitude=scale * TO_AND_FRO.least_amplitude)
    scaled = counted(params, [(t, scale * x) for t, x in sampled(bumps(4), 18.0) if x is not None])
    assert len(scaled) == len(plain) == 4
    for a, b in zip(plain, scaled, strict=True):
        assert b.amplitude == pytest.approx(scale * a.amplitude)
        assert b.start_s == pytest.approx(a.start_s, abs=0.1)
        assert b.log_jerk == pytest.approx(a.log_jerk, abs=0.5)


@given(st.integers(-50, 50))
def test_where_rest_lies_does_not_matter(offset: int) -> None:
    plain = counted(TO_AND_FRO, sampled(bumps(4), 18.0))
    moved = counted(
        TO_AND_FRO, [(t, x + offset) for t, x in sampled(bumps(4), 18.0) if x is not None]
    )
    assert [r.turn_s for r in moved] == pytest.approx([r.turn_s for r in plain], abs=0.1)


@given(st.integers(-1000, 1000))
def test_when_it_begins_does_not_matter(shift_s: int) -> None:
    plain = counted(TO_AND_FRO, sampled(bumps(3), 14.0))
    later = counted(TO_AND_FRO, [(t + shift_s, x) for t, x in sampled(bumps(3), 14.0)])
    assert [r.start_s - shift_s for r in later] == pytest.approx([r.start_s for r in plain])
    assert [r.amplitude for r in later] == pytest.approx([r.amplitude for r in plain])


@pytest.mark.parametrize("rate_hz", [12.0, 24.0, 60.0, 120.0])
def test_frame_rate_does_not_matter(rate_hz: float) -> None:
    plain = counted(TO_AND_FRO, sampled(bumps(4), 18.0))
    other = counted(TO_AND_FRO, sampled(bumps(4), 18.0, rate_hz))
    assert len(other) == len(plain)
    for a, b in zip(plain, other, strict=True):
        assert b.turn_s == pytest.approx(a.turn_s, abs=0.2)
        assert b.duration_s == pytest.approx(a.duration_s, abs=0.25)
        assert b.amplitude == pytest.approx(a.amplitude, rel=0.05)


@pytest.mark.parametrize("form", [Form.THERE_AND_BACK, Form.ALTERNATING, Form.BOTH_SIDES])
@pytest.mark.parametrize("sd", [0.0, 0.01, 1.0])
def test_a_still_signal_counts_none(form: Form, sd: float) -> None:
    noise = np.random.default_rng(3).normal(0.0, sd, 6000) if sd else np.zeros(6000)
    still = [(k / RATE_HZ, 5.0 + float(x)) for k, x in enumerate(noise)]
    assert counted(Params(form, 0.0, C), still) == []


@given(begin_s=st.floats(0.0, 18.0), lasts_s=st.floats(0.0, 6.0))
def test_a_gap_never_adds_a_repetition(begin_s: float, lasts_s: float) -> None:
    signal = sampled(bumps(4), 18.0)
    unseen = [(t, None if begin_s <= t < begin_s + lasts_s else x) for t, x in signal]
    left_out = [(t, x) for t, x in unseen if x is not None]
    assert len(counted(TO_AND_FRO, unseen)) <= 4
    assert counted(TO_AND_FRO, unseen) == counted(TO_AND_FRO, left_out)


def test_a_return_that_was_not_seen_counts_nothing() -> None:
    signal = [(t, None if 2.6 < t < 3.8 else x) for t, x in sampled(bumps(1), 8.0)]
    assert counted(TO_AND_FRO, signal) == []


@given(cut=st.integers(0, 400), form=st.sampled_from([TO_AND_FRO, SIDES, CIRCLES]))
def test_saved_and_resumed_is_the_same_to_the_byte(cut: int, form: Params) -> None:
    signal = sampled(lambda t: math.sin(2.0 * t) + 0.1 * math.sin(9.0 * t), 14.0)
    whole = resumed = State()
    for k, (t_s, x) in enumerate(signal):
        if k == cut:
            resumed = decode(encode(resumed), State)
        whole, told = repetitions.step(form, whole, Sample(t_s, x))
        resumed, told_again = repetitions.step(form, resumed, Sample(t_s, x))
        assert told == told_again
    assert encode(whole) == encode(resumed)


def test_a_sample_that_is_not_later_changes_nothing() -> None:
    state, _ = repetitions.step(TO_AND_FRO, State(), Sample(1.0, 0.0))
    again, output = repetitions.step(TO_AND_FRO, state, Sample(1.0, 9.0))
    assert again == state and output.counted == 0


def test_start_turn_end_and_tempo_of_one_repetition() -> None:
    def at(t_s: float) -> float:
        """Rest to 2 s, out in 1.5 s, back in 3 s."""
        if t_s < 2.0 or t_s > 6.5:
            return 0.0
        out = t_s < 3.5
        share = (t_s - 2.0) / 1.5 if out else (6.5 - t_s) / 3.0
        return 0.8 * math.sin(0.5 * math.pi * share) ** 2

    (found,) = counted(TO_AND_FRO, sampled(at, 9.0))
    assert found.start_s == pytest.approx(2.2, abs=0.3)
    assert found.turn_s == pytest.approx(3.5, abs=0.2)
    assert found.out_s < found.back_s
    assert found.amplitude == pytest.approx(0.8, rel=0.05)
    assert 0.5 * 4.5 < found.duration_s <= 4.5


def test_a_movement_under_way_when_first_seen_is_not_counted() -> None:
    whole = bumps(3, rest_s=1.0)
    from_the_middle = [(t, x) for t, x in sampled(whole, 14.0) if t >= 1.8]
    assert len(counted(TO_AND_FRO, from_the_middle)) == 2


def test_a_movement_that_does_not_come_back_is_not_counted() -> None:
    assert len(counted(TO_AND_FRO, [s for s in sampled(bumps(3), 14.0) if s[0] < 10.5])) == 2


def test_coming_down_into_position_is_not_counted() -> None:
    move = bumps(3)

    def at(t_s: float) -> float:
        return 1.5 if t_s < 2.0 else max(1.5 - (t_s - 2.0), 0.0) if t_s < 5.0 else move(t_s - 5.0)

    assert len(counted(TO_AND_FRO, sampled(at, 18.0))) == 3


def test_a_small_shift_between_repetitions_is_not_counted() -> None:
    large, small = bumps(2), bumps(1, height=0.2)
    signal = sampled(lambda t: large(t) if t < 8.0 else small(t - 8.0), 13.0)
    assert len(counted(TO_AND_FRO, signal)) == 2


def test_half_the_amplitude_still_counts() -> None:
    large, small = bumps(2), bumps(2, height=0.5)
    signal = sampled(lambda t: large(t) if t < 8.0 else small(t - 8.0), 18.0)
    assert len(counted(TO_AND_FRO, signal)) == 4


def test_a_pause_at_the_end_is_inside_the_repetition() -> None:
    def at(t_s: float) -> float:
        return max(0.0, min(1.0, t_s - 2.0, 12.0 - t_s))

    (found,) = counted(TO_AND_FRO, sampled(at, 15.0))
    assert found.duration_s > 8.0


def test_each_side_counts_by_itself() -> None:
    signal = [
        (t, math.copysign(x, 1.0 if (t // 4.0) % 2 == 0 else -1.0))
        for t, x in sampled(bumps(5), 22.0)
        if x is not None
    ]
    state = State()
    for t_s, x in signal:
        state, _ = repetitions.step(SIDES, state, Sample(t_s, x))
    assert state.to_sides == (3, 2)


@pytest.mark.parametrize("lean", [-0.2, 0.2])
def test_a_person_who_leans_a_little_is_counted_to_both_sides(lean: float) -> None:
    at = bumps(8)
    signal = sampled(lambda t: lean + at(t) * (1.0 if (t // 4.0) % 2 == 0 else -1.0), 33.0)
    assert len(counted(SIDES, signal)) == 8


def test_rest_may_be_elsewhere_than_where_the_approach_began() -> None:
    """The signal rises to a rest of 2 and the exercise goes on from there."""
    moves = bumps(4)
    signal = sampled(lambda t: min(t, 2.0) + moves(t - 3.0) if t > 3.0 else min(t, 2.0), 20.0)
    assert len(counted(TO_AND_FRO, signal)) >= 3


def test_a_small_turn_beside_a_large_one_counts_where_sides_alternate() -> None:
    def at(t_s: float) -> float:
        return bumps(8)(t_s) * (1.0 if (t_s // 4.0) % 2 == 0 else 0.25)

    assert len(counted(Params(Form.ALTERNATING, 0.05, C), sampled(at, 33.0))) == 8


def test_two_halves_are_one_circle() -> None:
    signal = sampled(lambda t: math.cos(2.0 * math.pi * t / 3.0), 3.0 * 5.5)
    found = counted(CIRCLES, signal)
    assert len(found) == 5
    assert all(r.duration_s == pytest.approx(3.0, abs=0.1) for r in found)


def test_the_phase_says_when_it_moves() -> None:
    state, phases = State(), []
    for t_s, x in sampled(bumps(1), 6.0):
        state, output = repetitions.step(TO_AND_FRO, state, Sample(t_s, x))
        phases.append(output.phase)
    assert phases[0] is Phase.AT_REST and phases[-1] is Phase.AT_REST
    assert Phase.MOVING in phases


def test_a_tremor_is_less_smooth_and_an_empty_bin_is_unknown() -> None:
    t = np.arange(0.0, 3.0, 0.1)
    smooth = tuple((1.0 - np.cos(2.0 * math.pi * t / 3.0)).tolist())
    shaky = tuple((np.array(smooth) + 0.05 * np.sin(12.0 * t)).tolist())
    plain, worse = log_dimensionless_jerk(smooth, 0.1), log_dimensionless_jerk(shaky, 0.1)
    assert plain is not None and worse is not None and worse < plain < 0.0
    assert log_dimensionless_jerk((*smooth, None), 0.1) is None
    assert log_dimensionless_jerk((1.0,) * 10, 0.1) is None


def test_dimensionless_jerk_of_a_cosine_is_as_worked_by_hand() -> None:
    """x = 1 - cos(w t), one period: T^3 / w^2 * w^6 * T / 2 with T = 2 pi / w: (2 pi)^4 / 2."""
    t = np.arange(0.0, 4.0, 0.02)
    found = log_dimensionless_jerk(tuple((1.0 - np.cos(0.5 * math.pi * t)).tolist()), 0.02)
    assert found == pytest.approx(-math.log((2.0 * math.pi) ** 4 / 2.0), abs=0.1)
