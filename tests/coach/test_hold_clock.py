"""Only what was done well counts, at any frame rate, and a brief lapse is forgiven in silence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.coach import hold_clock
from lengthwise.coach.hold_clock import Counting, HoldClock, Judgement
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.decision import Reason

stretches = st.lists(
    st.tuples(st.sampled_from(Counting), st.floats(0.2, 6.0)), min_size=1, max_size=8
)


def counting_at(parts: list[tuple[Counting, float]], t_s: float) -> Counting:
    for counting, lasts_s in parts:
        if t_s < lasts_s:
            return counting
        t_s -= lasts_s
    return parts[-1][0]


def run(
    parts: list[tuple[Counting, float]], rate_hz: float
) -> tuple[HoldClock, list[tuple[float, Counting]]]:
    clock, told = HoldClock(), []
    total_s = sum(lasts_s for _, lasts_s in parts)
    for k in range(int(total_s * rate_hz) + 1):
        t_s = k / rate_hz
        judgement = Judgement(counting_at(parts, t_s), (Reason("x"),))
        clock, news = hold_clock.step(clock, judgement, t_s=t_s, lapse_s=1.0, largest_gap_s=0.5)
        if news is not None:
            told.append((t_s, news))
    return clock, told


@given(stretches)
def test_no_second_is_counted_that_was_not_earned(parts: list[tuple[Counting, float]]) -> None:
    clock, _ = run(parts, 30.0)
    for counting, seconds in (
        (Counting.EFFECTIVE, clock.effective_s),
        (Counting.UNCERTAIN, clock.uncertain_s),
    ):
        earned_s = sum(lasts_s for c, lasts_s in parts if c is counting)
        assert seconds <= earned_s + 1e-9 + (len(parts) / 30.0)


@given(stretches)
def test_effective_seconds_do_not_depend_on_the_frame_rate(
    parts: list[tuple[Counting, float]],
) -> None:
    seconds = [run(parts, rate_hz)[0].effective_s for rate_hz in (10.0, 30.0, 60.0)]
    assert max(seconds) - min(seconds) <= 2.0 * len(parts) / 10.0


def test_an_even_hold_counts_the_same_within_a_frame_at_any_rate() -> None:
    for rate_hz in (10.0, 30.0, 60.0):
        clock, _ = run([(Counting.EFFECTIVE, 30.0)], rate_hz)
        assert clock.effective_s == pytest.approx(30.0, abs=1.0 / rate_hz + 1e-9)


def test_a_brief_lapse_is_not_spoken_of_and_not_counted() -> None:
    parts = [(Counting.EFFECTIVE, 5.0), (Counting.WAITING, 0.8), (Counting.EFFECTIVE, 5.0)]
    clock, told = run(parts, 50.0)
    assert [news for _, news in told] == [Counting.EFFECTIVE]
    assert clock.effective_s == pytest.approx(10.0, abs=0.08)


def test_a_long_lapse_is_told_when_it_is_long_and_again_when_it_ends() -> None:
    parts = [(Counting.EFFECTIVE, 5.0), (Counting.WAITING, 3.0), (Counting.EFFECTIVE, 5.0)]
    _, told = run(parts, 50.0)
    assert [news for _, news in told] == [
        Counting.EFFECTIVE,
        Counting.WAITING,
        Counting.EFFECTIVE,
    ]
    assert told[1][0] == pytest.approx(6.0, abs=0.05)
    assert told[2][0] == pytest.approx(8.0, abs=0.05)


def test_time_between_frames_that_lie_far_apart_does_not_count() -> None:
    clock = HoldClock()
    judgement = Judgement(Counting.EFFECTIVE, ())
    for t_s in (0.0, 0.1, 2.1, 2.2):
        clock, _ = hold_clock.step(clock, judgement, t_s=t_s, lapse_s=1.0, largest_gap_s=0.5)
    assert clock.effective_s == pytest.approx(0.2)


def test_nothing_counts_across_an_interruption() -> None:
    clock, _ = run([(Counting.EFFECTIVE, 5.0)], 10.0)
    before_s = clock.effective_s
    clock, _ = hold_clock.step(
        clock.interrupted(),
        Judgement(Counting.EFFECTIVE, ()),
        t_s=5.1,
        lapse_s=1.0,
        largest_gap_s=0.5,
    )
    assert clock.effective_s == before_s


@given(stretches, st.floats(0.0, 1.0))
def test_a_saved_and_restored_clock_goes_on_the_same(
    parts: list[tuple[Counting, float]], share: float
) -> None:
    total = int(sum(lasts_s for _, lasts_s in parts) * 20)
    cut = int(share * total)
    straight, restored = HoldClock(), HoldClock()
    for k in range(total):
        judgement = Judgement(counting_at(parts, k / 20), ())
        args = {"t_s": k / 20, "lapse_s": 1.0, "largest_gap_s": 0.5}
        straight, _ = hold_clock.step(straight, judgement, **args)
        restored, _ = hold_clock.step(restored, judgement, **args)
        if k == cut:
            restored = decode(encode(restored), HoldClock)
    assert encode(straight) == encode(restored)
