"""The heart between beats: what is kept, what is told, and that nothing is told from little."""

from math import nan, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.body import heart
from lengthwise.contracts.devices import HeartSample

LIMITS = heart.published_limits()


def beaten(
    rr_s: list[float], *, state: heart.State | None = None, from_s: float = 0.0
) -> tuple[heart.State, float]:
    """A strap that reports each beat as it comes; the state, and when the last beat was."""
    state, t_s = state or heart.start(), from_s
    for rr in rr_s:
        t_s += rr
        state = heart.step(LIMITS, state, HeartSample(t_s, "strap", None, (rr,)))
    return state, t_s


def test_rmssd_of_three_intervals_by_hand() -> None:
    """0.8, 0.9, 0.85: differences 0.1 and -0.05, so the root of 0.00625."""
    state, _ = beaten([0.8, 0.9, 0.85])
    assert heart.rmssd_s(state.intervals) == pytest.approx(sqrt(0.00625))


def test_a_premature_beat_costs_the_two_intervals_it_bounds_and_no_other() -> None:
    state, _ = beaten([0.8, 0.8, 0.5, 1.1, 0.8, 0.8])
    assert [i.kept for i in state.intervals] == [True, True, False, False, True, True]
    assert heart.rmssd_s(state.intervals) == 0.0


def test_a_missed_beat_costs_one_interval() -> None:
    state, _ = beaten([0.8, 0.8, 1.6, 0.8, 0.8])
    assert [i.kept for i in state.intervals] == [True, True, False, True, True]


def test_a_heart_that_quickly_beats_otherwise_is_heard_again_after_three_beats() -> None:
    state, _ = beaten([1.0] * 5 + [0.6] * 8)
    assert [i.kept for i in state.intervals][-4:] == [True] * 4


@given(
    rr=st.lists(st.floats(0.75, 0.85), min_size=90, max_size=120),
    shift_s=st.floats(0.0, 1e5),
)
def test_rmssd_knows_no_absolute_time(rr: list[float], shift_s: float) -> None:
    a, t_s = beaten(rr)
    b, later_s = beaten(rr, from_s=shift_s)
    told, again = heart.told(LIMITS, a, t_s), heart.told(LIMITS, b, later_s)
    assert told.rmssd_s is not None
    assert told.rmssd_s == pytest.approx(again.rmssd_s, rel=1e-4, abs=1e-9)


@given(st.lists(st.floats(0.75, 0.85), min_size=90, max_size=120))
def test_how_beats_are_bundled_does_not_matter(rr: list[float]) -> None:
    one, t_s = beaten(rr)
    state, at_s = heart.start(), 0.0
    for n in range(0, len(rr), 3):
        bundle = tuple(rr[n : n + 3])
        at_s += sum(bundle)
        state = heart.step(LIMITS, state, HeartSample(at_s, "strap", None, bundle))
    assert heart.told(LIMITS, state, t_s).rmssd_s == pytest.approx(
        heart.told(LIMITS, one, t_s).rmssd_s
    )


def test_rmssd_is_told_after_a_minute_and_not_of_bad_intervals() -> None:
    early, t_s = beaten([0.8] * 40)
    assert heart.told(LIMITS, early, t_s).rmssd_s is None
    good, t_s = beaten([0.8, 0.82] * 40)
    assert heart.told(LIMITS, good, t_s).rmssd_s == pytest.approx(0.02)
    bad, t_s = beaten(([0.8] * 6 + [0.5, 1.1]) * 12)
    known = heart.told(LIMITS, bad, t_s)
    assert known.rmssd_s is None and known.kept_ratio is not None and known.kept_ratio < 0.9


def test_a_strap_that_slipped_says_nothing() -> None:
    state, t_s = beaten([0.8] * 80)
    assert heart.told(LIMITS, state, t_s + 6.0) == heart.Heart()
    off = heart.step(LIMITS, state, HeartSample(t_s + 0.4, "strap", 60.0, (0.4,), contact=False))
    assert off == state


def test_intervals_on_two_sides_of_a_gap_make_no_difference() -> None:
    state, t_s = beaten([0.8] * 5)
    state, _ = beaten([0.9] * 5, state=state, from_s=t_s + 10.0)
    assert heart.rmssd_s(state.intervals) == 0.0


def test_what_is_no_number_is_left_out() -> None:
    state, t_s = beaten([0.8] * 5)
    assert heart.step(LIMITS, state, HeartSample(nan, "strap", None, (0.8,))) == state
    assert heart.step(LIMITS, state, HeartSample(t_s, "strap", None, (nan,))) == state


def test_slower_breathing_raises_rmssd_and_no_rate() -> None:
    """The same heart that breathes deeper varies more: nothing is made of that."""
    from math import pi, sin

    shallow, t_s = beaten([0.9 + 0.01 * sin(2 * pi * 0.25 * 0.9 * n) for n in range(90)])
    deep, _ = beaten([0.9 + 0.06 * sin(2 * pi * 0.1 * 0.9 * n) for n in range(90)])
    a, b = heart.rmssd_s(shallow.intervals), heart.rmssd_s(deep.intervals)
    assert a is not None and b is not None and b > a
    rate = heart.told(LIMITS, deep, t_s).rate_per_min
    assert rate == pytest.approx(heart.told(LIMITS, shallow, t_s).rate_per_min, rel=0.03)
