"""Samples that never came: a bend is made up for, a knock is not, and nothing waits for it."""

from math import exp, pi, radians, sin, sqrt

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lengthwise.body import imu_estimate
from lengthwise.body.imu_estimate import ImuMemory
from lengthwise.body.imu_geometry import Orientation, advance
from lengthwise.body.imu_holes import Holes, Triple, Turned, heard_more
from lengthwise.contracts.codec import encode
from lengthwise.contracts.observation import ImuSample, ImuStream, RejectionReason, Segment

RATE_HZ, G = 100.0, 9.81
STREAM = ImuStream(Segment.THORAX, RATE_HZ)
triple = st.tuples(*[st.floats(-20.0, 20.0)] * 3)
gentle = st.tuples(*[st.floats(-1.0, 1.0)] * 3)
"""Far from the end of any scale, so nothing is in doubt."""


def sample(t_s: float, turn: tuple[float, ...]) -> ImuSample:
    x, y, z = turn
    # No two alike: what repeats is frozen.
    return ImuSample(t_s, Segment.THORAX, (0.0, 1e-3 * sin(1e3 * t_s), G), (x, y, z))


def bending(t_s: float, at: Triple, slope: Triple, bend: Triple) -> Triple:
    x, y, z = (a + b * t_s + 5.0 * c * t_s**2 for a, b, c in zip(at, slope, bend, strict=True))
    return x, y, z


def taken(samples: list[ImuSample]) -> ImuMemory:
    memory = ImuMemory()
    for one in samples:
        memory, _ = imu_estimate.take(STREAM, memory, one, None)
    return memory


def turned_in_all(memory: ImuMemory) -> np.ndarray:
    """(3,) sum of what waits, which the filter turns by."""
    return np.sum([s.gyr_rad_s for s in memory.waiting], axis=0)


def made_up(turns: list[Turned]) -> list[Triple | None]:
    holes, more = Holes(), []
    for turn in turns:
        holes, one = heard_more(holes, turn)
        more.append(one)
    return more


@given(st.lists(st.booleans(), min_size=20, max_size=22), gentle, gentle, gentle)
@settings(max_examples=50, deadline=None)
def test_a_turn_of_constant_bend_is_whole_whatever_is_lost(
    lost: list[bool], at: Triple, slope: Triple, bend: Triple
) -> None:
    """One or more in a row, holes side by side, in any order: the turn in all is the true one."""
    lost = [False, False, *lost, False, False]
    assume("xxxxx" not in "".join("x" if one else " " for one in lost))
    whole = [sample(n / RATE_HZ, bending(n / RATE_HZ, at, slope, bend)) for n in range(len(lost))]
    memory = taken([s for s, gone in zip(whole, lost, strict=True) if not gone])
    assert len(memory.waiting) == len(whole)
    truth = np.sum([s.gyr_rad_s for s in whole], axis=0)
    assert turned_in_all(memory) == pytest.approx(truth, abs=1e-6)


@given(st.tuples(*[st.floats(0.008, 0.05)] * 3), st.integers(1, 3), triple, triple, triple)
def test_a_constant_bend_is_made_up_for_at_any_times(
    steps_s: tuple[float, float, float], lost: int, at: Triple, slope: Triple, bend: Triple
) -> None:
    before_s, gap_s, after_s = steps_s
    times = 0.0, before_s, before_s + gap_s, before_s + gap_s + after_s
    turns = [
        Turned(t_s, bending(t_s, at, slope, bend), lost if n == 2 else 0)
        for n, t_s in enumerate(times)
    ]
    shares = [(k + 1) / (lost + 1) for k in range(lost)]
    a, b = np.array(turns[1].turn_rad_s), np.array(turns[2].turn_rad_s)
    by_line = sum(a + share * (b - a) for share in shares)
    truth = np.sum([bending(times[1] + share * gap_s, at, slope, bend) for share in shares], axis=0)
    more = made_up(turns)[-1]
    assert more is not None
    assert by_line + np.array(more) == pytest.approx(truth, abs=1e-6)


@given(st.integers(0, 3), triple, triple, triple, st.integers(1, 3))
def test_a_knock_in_an_even_turn_is_not_made_larger(
    at: int, turn: Triple, slope: Triple, knock: Triple, lost: int
) -> None:
    """Wherever it is beside the hole: the line stays."""
    turns = []
    for n, place in enumerate((0, 1, 2 + lost, 3 + lost)):
        t_s = place / RATE_HZ
        level = bending(t_s, turn, slope, (0.0, 0.0, 0.0))
        x, y, z = (a + (k if n == at else 0.0) for a, k in zip(level, knock, strict=True))
        turns.append(Turned(t_s, (x, y, z), lost if n == 2 else 0))
    more = made_up(turns)[-1]
    assert more is not None and max(map(abs, more)) < 1e-6


def test_a_knock_beside_a_slight_bend_is_worth_no_more_than_four_of_it() -> None:
    def around(first: float) -> float:
        turns = [first, 0.0, 0.0, -0.01]
        times = (0.0, 0.01, 0.03, 0.04)
        found = made_up(
            [
                Turned(t, (x, 0.0, 0.0), n == 2)
                for n, (t, x) in enumerate(zip(times, turns, strict=True))
            ]
        )[-1]
        assert found is not None
        return found[0]

    alike, knocked = around(-0.01), around(-30.0)
    assert alike > 0.0
    assert knocked == pytest.approx(4.0 * alike)


@given(st.tuples(triple, triple, triple, triple))
def test_told_backwards_a_hole_is_the_same(turns: tuple[Triple, ...]) -> None:
    times = (0.0, 0.012, 0.035, 0.043)
    there = [Turned(t, x, n == 2) for n, (t, x) in enumerate(zip(times, turns, strict=True))]
    back = [
        Turned(1.0 - t, x, n == 2)
        for n, (t, x) in enumerate(zip(times[::-1], turns[::-1], strict=True))
    ]
    assert made_up(there)[-1] == pytest.approx(made_up(back)[-1], rel=1e-6, abs=1e-9)


@given(st.lists(gentle, min_size=4, max_size=25, unique=True))
@settings(max_examples=30, deadline=None)
def test_where_nothing_is_lost_every_sample_goes_on_as_it_came(turns: list[Triple]) -> None:
    samples = tuple(sample(n / RATE_HZ, turn) for n, turn in enumerate(turns))
    memory = taken(list(samples))
    assert memory.waiting == samples
    assert memory.missed_rad2 == 0.0
    told = imu_estimate.settle(STREAM, memory).orientation
    assert encode(told) == encode(advance(STREAM, Orientation(), samples))


def test_nothing_waits_for_what_comes_behind_a_hole() -> None:
    """The first sample behind is told with the line, the next with what bends."""
    turns = [(0.0, 3.0 * sin(0.2 * n), 0.0) for n in range(9)]
    whole = [sample(n / RATE_HZ, turn) for n, turn in enumerate(turns)]
    first = taken([*whole[:5], whole[6]])
    assert [s.t_s for s in first.waiting] == pytest.approx([n / RATE_HZ for n in range(7)])
    assert first.waiting[6] == whole[6]
    second = taken([*whole[:5], *whole[6:8]])
    off = np.abs(turned_in_all(first)[1] - np.sum([t[1] for t in turns[:7]]))
    assert np.abs(turned_in_all(second)[1] - np.sum([t[1] for t in turns[:8]])) < 0.1 * off


def test_a_long_hole_is_a_line_and_a_longer_one_begins_anew() -> None:
    turns = [(0.0, 3.0 * sin(0.1 * n), 0.0) for n in range(60)]
    whole = [sample(n / RATE_HZ, turn) for n, turn in enumerate(turns)]
    long = taken([*whole[:5], *whole[14:17]])
    assert long.waiting[-2:] == tuple(whole[15:17])
    assert taken([*whole[:5], *whole[40:43]]).waiting == tuple(whole[40:43])


def test_a_reading_at_the_end_of_a_scale_takes_the_hole_before_it_along() -> None:
    whole = [sample(n / RATE_HZ, (0.0, 3.0 * sin(0.2 * n), 0.0)) for n in range(12)]
    memory = taken([*whole[:5], whole[6]])
    clipped = sample(7 / RATE_HZ, (0.0, 500.0, 0.0))
    memory, rejection = imu_estimate.take(STREAM, memory, clipped, None)
    assert rejection is not None and rejection.reason is RejectionReason.SATURATED
    assert memory.holes == Holes() and memory.waiting == ()
    memory, _ = imu_estimate.take(STREAM, memory, whole[9], None)
    memory, _ = imu_estimate.take(STREAM, memory, whole[10], None)
    assert memory.waiting == tuple(whole[9:11])


@pytest.mark.parametrize("pace_hz", [3.0, 5.0, 7.0])
def test_the_error_is_within_what_is_stated_and_less_than_that_of_lines(pace_hz: float) -> None:
    """A sensor that swings by 20 degrees, a tenth lost; gravity takes it out in three seconds."""
    stated, found, by_lines = [], [], []
    for seed in range(20):
        gone = np.random.default_rng(seed).random(400) < 0.1
        phase = 2.0 * pi * pace_hz * np.arange(400) / RATE_HZ + seed
        rate = 2.0 * pi * pace_hz * radians(20.0) * np.cos(phase)
        holes, off, off_by_lines, last = Holes(), 0.0, 0.0, 0
        for n in range(1, 400):
            if gone[n]:
                continue
            between = np.interp(range(last + 1, n), [last, n], [rate[last], rate[n]])
            line = float(np.sum(between - rate[last + 1 : n])) / RATE_HZ
            turn = (0.0, float(rate[n]), 0.0)
            holes, more = heard_more(holes, Turned(n / RATE_HZ, turn, n - last - 1))
            kept = exp(-(n - last) / RATE_HZ / 3.0)
            off = kept * off + line + (0.0 if more is None else more[1] / RATE_HZ)
            off_by_lines = kept * off_by_lines + line
            last = n
        stated.append(sqrt(holes.rad2 + holes.open_rad2))
        found.append(abs(off))
        by_lines.append(abs(off_by_lines))
    assert np.mean(found) < 0.6 * np.mean(by_lines)
    assert np.mean(np.array(found) <= 1.96 * np.array(stated)) >= 0.85
