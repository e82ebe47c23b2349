"""Cycles are counted once, by what really moved, and are worth what their time deserved."""

import math

import numpy as np
import pytest
from cycle_paths import ONE_WAY, Path, S, eased, run
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.coach import cycles
from lengthwise.coach.cycles import CycleCount, CycleNews, CycleRule
from lengthwise.coach.hold_clock import Counting
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.states import Estimate
from lengthwise.reference.exercise_parts import Tempo

BOTH_WAYS = cycles.cycle_rule(Tempo(out_s=3.0, back_s=3.0), both_ways=True, settings=S)


def after_rest(path: Path) -> Path:
    """The same after a second of rest: what begins unseen is not counted."""
    return lambda t_s: path(max(t_s - 1.0, 0.0))


@given(
    period_s=st.floats(4.5, 15.0),
    rest_s=st.floats(0.0, 8.0),
    height=st.floats(0.35, 1.6),
    rate_hz=st.sampled_from([12.0, 30.0, 60.0]),
)
def test_each_slow_movement_is_counted_once(
    period_s: float, rest_s: float, height: float, rate_hz: float
) -> None:
    path = after_rest(eased(period_s, rest_s=rest_s, height=height))
    count, told = run(ONE_WAY, path, 4.0 * (period_s + rest_s) + 1.5, rate_hz=rate_hz)
    assert told == [CycleNews.COUNTED] * 4
    assert (count.counted, count.unsure) == (4, 0)


@given(offset=st.floats(-3.0, 3.0))
def test_where_rest_lies_does_not_matter(offset: float) -> None:
    path = eased(6.0)
    count, _ = run(ONE_WAY, lambda t_s: offset + (path(t_s) or 0.0), 24.5)
    assert count.counted == 4


@given(period_s=st.floats(5.0, 15.0))
def test_from_one_end_to_the_other_and_back_is_one_cycle(period_s: float) -> None:
    path = after_rest(lambda t_s: math.sin(2.0 * math.pi * t_s / period_s))
    count, told = run(BOTH_WAYS, path, 4.0 * period_s + 1.5)
    assert told == [CycleNews.COUNTED] * 4
    assert count.counted == 4


def test_of_a_movement_from_the_middle_nothing_counts_before_it_goes_to_the_other_end() -> None:
    path = after_rest(lambda t_s: math.sin(2.0 * math.pi * t_s / 8.0))
    assert run(BOTH_WAYS, path, 1.0 + 0.7 * 8.0)[1] == []
    assert run(BOTH_WAYS, path, 1.0 + 1.0 * 8.0)[1] == [CycleNews.COUNTED]


def test_from_either_end_or_from_the_middle_one_range_is_one_cycle() -> None:
    """A start that was measured at one end does not halve the count."""
    for phase in (0.0, 0.25, 0.5, 0.75):
        path = after_rest(lambda t_s, p=phase: math.sin(2.0 * math.pi * (t_s / 8.0 + p)))
        assert abs(run(BOTH_WAYS, path, 33.5)[0].counted - 4) <= 1


@pytest.mark.parametrize("at_share", [0.0, 0.5, 1.0])
def test_a_deliberate_pause_is_part_of_its_movement(at_share: float) -> None:
    """At rest, half way and at the end, five seconds each time on the way out."""
    way_s, pause_s = 3.0, 5.0

    def path(t_s: float) -> float:
        within_s = t_s % (2.0 * way_s + pause_s)
        reached_s = at_share * way_s
        moved_s = within_s if within_s < reached_s else max(reached_s, within_s - pause_s)
        return 0.5 * (1.0 - math.cos(math.pi * moved_s / way_s))

    _, told = run(ONE_WAY, path, 4.0 * (2.0 * way_s + pause_s) + 0.5)
    assert told == [CycleNews.COUNTED] * 4


def test_quick_cycles_are_not_counted_and_a_slow_one_after_them_is() -> None:
    quick, slow = eased(2.0), eased(6.0)
    path = after_rest(lambda t_s: quick(t_s) if t_s < 8.0 else slow(t_s - 8.0))
    count, told = run(ONE_WAY, path, 15.5)
    assert told == [CycleNews.FAST] * 4 + [CycleNews.COUNTED]
    assert count.counted == 1 and not count.last_fast


@given(tremor=st.floats(0.0, 0.1), hz=st.floats(4.0, 9.0))
def test_tremor_is_no_cycle(tremor: float, hz: float) -> None:
    path = eased(8.0)
    count, _ = run(
        ONE_WAY,
        lambda t_s: (path(t_s) or 0.0) + tremor * math.sin(2.0 * math.pi * hz * t_s),
        32.5,
        rate_hz=30.0,
    )
    assert count.seen <= 4, "it makes none"
    assert count.counted >= (4 if tremor <= 0.05 else 3), "it may hide the end of the last"


@pytest.mark.parametrize(("height", "seen"), [(0.20, 0), (0.24, 0), (0.27, 4)])
def test_what_goes_less_far_than_the_least_is_no_movement(height: float, seen: int) -> None:
    assert run(ONE_WAY, after_rest(eased(6.0, height=height)), 26.0)[0].seen == seen


@pytest.mark.parametrize(("sd", "seen"), [(0.05, 4), (0.16, 4), (0.17, 0), (0.3, 0)])
def test_a_movement_that_is_seen_too_unsurely_is_led_by_ear(sd: float, seen: int) -> None:
    """A count that misses most is worse than none."""
    assert run(ONE_WAY, after_rest(eased(6.0)), 26.0, sd=sd)[0].seen == seen


def test_who_is_led_by_ear_is_still_told_of_haste_and_of_haste_that_is_over() -> None:
    quick, slow = after_rest(eased(2.5)), eased(6.0)
    count, told = run(ONE_WAY, quick, 12.0, sd=0.2)
    assert set(told) == {CycleNews.FAST}
    assert count.seen == 0 and count.last_fast
    count, _ = run(
        ONE_WAY, lambda t_s: quick(t_s) if t_s < 11.0 else slow(t_s - 11.0), 30.0, sd=0.2
    )
    assert count.seen == 0 and not count.last_fast


def test_one_moment_of_doubt_makes_no_movement_smaller() -> None:
    """Of one that was seen well but for its last half second only the count is left out."""
    path = after_rest(eased(6.0, height=0.45))
    count = CycleCount()
    for k in range(280):
        sd = 0.16 if 120 <= k <= 135 else 0.02
        now = Estimate(path(k / 20.0) or 0.0, sd)
        count, _ = cycles.step(
            count, ONE_WAY, now, t_s=k / 20.0, deserves=Counting.EFFECTIVE, known=now.mean
        )
    assert count.seen == 2


@pytest.mark.parametrize("sd", [0.05, 0.1, 0.3])
def test_who_keeps_still_makes_hardly_a_cycle_however_unsure_the_sight(sd: float) -> None:
    """The estimate wanders by the whole sd of its change, with a memory of two seconds: worse than
    any that was measured. Less than one a minute, and none
    where the least way decides."""
    keep, made = math.exp(-0.05 / 2.0), []
    for seed in range(12):
        noise = np.random.default_rng(seed).normal(0.0, sd / math.sqrt(2.0), 1200)
        walk = [noise[0]]
        for x in noise[1:]:
            walk.append(keep * walk[-1] + math.sqrt(1.0 - keep**2) * x)
        made.append(run(ONE_WAY, lambda t_s, w=walk: float(w[round(20.0 * t_s)]), 60.0, sd=sd))
    assert sum(count.seen for count, _ in made) < (1 if sd <= 0.05 else len(made))


@pytest.mark.parametrize(
    ("counting", "lasts_s", "news"),
    [
        (Counting.WAITING, 0.8, CycleNews.COUNTED),
        (Counting.UNCERTAIN, 0.8, CycleNews.COUNTED),
        (Counting.UNCERTAIN, 1.5, CycleNews.UNSURE),
        (Counting.WAITING, 1.5, CycleNews.UNKEPT),
    ],
)
def test_a_cycle_is_worth_what_its_time_under_way_deserved(
    counting: Counting, lasts_s: float, news: CycleNews
) -> None:
    def deserves(t_s: float) -> Counting:
        return counting if 3.0 <= t_s < 3.0 + lasts_s else Counting.EFFECTIVE

    _, told = run(ONE_WAY, eased(6.0), 12.5, deserves=deserves)
    assert told == [news, CycleNews.COUNTED]


def test_what_is_broken_at_rest_costs_no_cycle() -> None:
    def deserves(t_s: float) -> Counting:
        return Counting.WAITING if t_s % 12.0 < 5.0 else Counting.EFFECTIVE

    _, told = run(ONE_WAY, eased(6.0, rest_s=6.0), 24.5, deserves=deserves)
    assert told == [CycleNews.COUNTED] * 2


@given(begin_s=st.floats(0.0, 24.0), lasts_s=st.floats(0.0, 8.0))
def test_what_is_out_of_sight_never_adds_a_cycle(begin_s: float, lasts_s: float) -> None:
    path = eased(6.0)
    count, _ = run(
        ONE_WAY, lambda t_s: None if begin_s <= t_s < begin_s + lasts_s else path(t_s), 24.5
    )
    assert count.seen <= 4


@given(share=st.floats(0.0, 1.0), rule=st.sampled_from([ONE_WAY, BOTH_WAYS]))
def test_a_saved_and_restored_count_goes_on_the_same(share: float, rule: CycleRule) -> None:
    straight = restored = CycleCount()
    cut = int(share * 400)
    for k in range(400):
        move = Estimate(math.sin(k / 20.0), 0.05)
        straight, _ = cycles.step(straight, rule, move, t_s=k / 20.0, deserves=Counting.EFFECTIVE)
        restored, _ = cycles.step(restored, rule, move, t_s=k / 20.0, deserves=Counting.EFFECTIVE)
        if k == cut:
            restored = decode(encode(restored), CycleCount)
    assert encode(straight) == encode(restored)


def test_memory_is_bounded() -> None:
    """Ten minutes at one end, and fifty movements: no more is kept than of one movement."""
    held, _ = run(ONE_WAY, lambda t_s: min(t_s, 1.0), 600.0)
    many, _ = run(ONE_WAY, eased(6.0), 300.0)
    assert len(encode(held)) < 16_000
    assert len(encode(many)) < 4_000
