"""Intervals of a few numbers: laws, then published and independently computed cases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from lengthwise.contracts.handover import Change
from lengthwise.plan.intervals import compared, mean_of, paired, share

COUNTS = st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
VALUES = st.lists(st.floats(0.0, 10.0).map(lambda v: round(v, 2)), min_size=5, max_size=20)


@given(COUNTS)
def test_an_interval_of_a_share_holds_it_and_stays_within_none_and_all(kn: tuple[int, int]) -> None:
    k, n = kn
    s = share(k, n, least=5)
    assert 0.0 <= s.low <= k / n + 1e-12 and k / n - 1e-12 <= s.high <= 1.0
    assert s.high - s.low > 0.0
    mirrored = share(n - k, n, least=5)
    assert mirrored.low == pytest.approx(1.0 - s.high)


@given(COUNTS)
def test_more_of_the_same_makes_it_narrower(kn: tuple[int, int]) -> None:
    k, n = kn
    few, many = share(k, n, least=5), share(4 * k, 4 * n, least=5)
    assert many.high - many.low < few.high - few.low


def test_of_fewer_than_are_needed_nothing_is_told() -> None:
    assert [share(k, k, least=5).told for k in (0, 1, 4, 5)] == [False, False, False, True]
    assert (share(0, 0, least=5).low, share(0, 0, least=5).high) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    # Newcombe 1998, Stat Med 17:857, table I, method 3 (score, without correction).
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_published_intervals_are_reproduced(k: int, n: int, low: float, high: float) -> None:
    """Newcombe 1998, doi 10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E; four
    printed digits."""
    s = share(k, n, least=5)
    assert (s.low, s.high) == (pytest.approx(low, abs=6e-5), pytest.approx(high, abs=6e-5))


@given(VALUES, VALUES)
def test_uncorrelated_spans_have_the_interval_of_welch(a: list[float], b: list[float]) -> None:
    found = compared(a, b, least=4, correlation=0.0)
    assert found.change is not None and found.low is not None and found.high is not None
    if len(set(a)) == 1 or len(set(b)) == 1:
        return
    told = stats.ttest_ind(b, a, equal_var=False).confidence_interval(0.95)
    assert (found.low, found.high) == (pytest.approx(told.low), pytest.approx(told.high))


@given(VALUES, VALUES)
def test_days_that_resemble_each_other_tell_less(a: list[float], b: list[float]) -> None:
    free, tied = (compared(a, b, least=4, correlation=r) for r in (0.0, 0.5))
    assert None not in (free.low, free.high, tied.low, tied.high)
    assert tied.low <= free.low + 1e-9 and tied.high >= free.high - 1e-9  # type: ignore[operator]


@given(VALUES, st.floats(-2.0, 2.0))
def test_pairs_have_the_interval_of_student(a: list[float], by: float) -> None:
    b = [v + by + 0.1 * (i % 3) for i, v in enumerate(a)]
    told = stats.ttest_1samp([y - x for x, y in zip(a, b, strict=True)], 0.0)
    interval = told.confidence_interval(0.95)
    found = paired(a, b, least=5)
    assert found.low == pytest.approx(interval.low) and found.high == pytest.approx(interval.high)


def test_a_change_is_named_only_where_its_interval_is_on_one_side_of_none() -> None:
    before, noisy = [5.0, 5.2, 4.8, 5.1, 4.9], [4.0, 6.5, 3.5, 6.0, 5.2]
    assert compared(before, [2.0, 2.2, 1.9, 2.1], least=4, correlation=0.5).verdict is Change.LESS
    assert compared(before, noisy, least=4, correlation=0.5).verdict is Change.NOT_TOLD_APART
    assert compared(before, before[:3], least=4, correlation=0.5).verdict is Change.TOO_FEW
    assert paired(before[:4], noisy[:4], least=5).verdict is Change.TOO_FEW


def test_one_value_has_no_sd_and_none_has_no_mean() -> None:
    one = mean_of([3.0])
    assert one is not None and one.sd is None
    assert mean_of([]) is None
