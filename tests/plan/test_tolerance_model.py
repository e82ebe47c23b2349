"""Predicted marks: surer by what is marked, less by what is not, and never beyond the rules."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mark_history import PSOAS_L, TODAY, both
from msgspec.structs import replace

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import MarkKind
from lengthwise.contracts.tolerance import Marked
from lengthwise.plan.tolerance_model import all_predicted, bounded, estimated, predicted
from lengthwise.plan.windows import PersonalWindow, windows_of_today

FIRST, TOLERANCE = MarkKind.FIRST_RESISTANCE, MarkKind.TOLERANCE
kinds = st.sampled_from(MarkKind)
marks = st.lists(
    st.builds(
        Marked,
        day=st.integers(0, 30),
        kind=kinds,
        length_m=st.floats(0.2, 0.4),
        sd_m=st.sampled_from((0.001, 0.004, 0.012)),
        relief=st.sampled_from((False, False, None, True)),
    ),
    max_size=14,
)
late = st.integers(30, 80)


def good(day: int, first_m: float = 0.30, tolerance_m: float = 0.34) -> list[Marked]:
    return [
        Marked(day, FIRST, first_m, 0.004, False),
        Marked(day, TOLERANCE, tolerance_m, 0.004, False),
    ]


@given(found=marks, kind=kinds, day=late)
def test_doubt_grows_with_every_day_without_a_mark(
    found: list[Marked], kind: MarkKind, day: int
) -> None:
    now, later = (estimated(found, kind, day=d) for d in (day, day + 1))
    assert (now is None) == (later is None)
    if now is not None and later is not None:
        assert later.variance_m2 > now.variance_m2
        assert later.length_m <= now.length_m


@given(found=marks, day=late, seed=st.randoms(use_true_random=False))
def test_the_order_of_marks_changes_nothing(found: list[Marked], day: int, seed: object) -> None:
    mixed = list(found)
    seed.shuffle(mixed)  # type: ignore[attr-defined]
    assert predicted(PSOAS_L, mixed, day=day) == predicted(PSOAS_L, found, day=day)


@given(found=marks, day=late)
def test_the_mirrored_person_has_the_mirrored_window(found: list[Marked], day: int) -> None:
    left, right = ((MuscleGroup.PSOAS, side) for side in Side)
    one, other = all_predicted({left: found, right: found}, day=day)
    assert replace(other, side=Side.LEFT) == one


@given(found=marks.filter(bool), day=late, which=st.integers(0, 13), less_m=st.floats(0.0001, 0.15))
def test_a_lower_mark_never_raises_what_is_predicted(
    found: list[Marked], day: int, which: int, less_m: float
) -> None:
    k = which % len(found)
    lower = [*found]
    lower[k] = replace(found[k], length_m=found[k].length_m - less_m)
    for kind in MarkKind:
        before, after = (estimated(of, kind, day=day) for of in (found, lower))
        assert (before is None) == (after is None)
        if before is not None and after is not None:
            assert after.length_m <= before.length_m + 1e-12
            assert after.variance_m2 == before.variance_m2


@given(found=marks, day=late, low_m=st.floats(0.05, 0.3), sd_m=st.floats(0.001, 0.02))
def test_one_more_mark_below_what_is_predicted_lowers_it(
    found: list[Marked], day: int, low_m: float, sd_m: float
) -> None:
    before = estimated(found, TOLERANCE, day=day)
    if before is None or low_m >= before.length_m or day in {m.day for m in found}:
        return
    more = Marked(day, TOLERANCE, low_m, sd_m, None)
    after = estimated([*found, more], TOLERANCE, day=day, practised=[day])
    assert after is not None and after.length_m <= before.length_m


@given(found=marks, day=late, high_m=st.floats(0.4, 2.0), relief=st.sampled_from((None, True)))
def test_relief_raises_nothing_and_makes_nothing_surer(
    found: list[Marked], day: int, high_m: float, relief: bool | None
) -> None:
    before = estimated(found, TOLERANCE, day=day)
    after = estimated([*found, Marked(day, TOLERANCE, high_m, 0.001, relief)], TOLERANCE, day=day)
    if before is not None and after is not None and day not in {m.day for m in found}:
        assert after.length_m <= before.length_m
        assert after.variance_m2 >= before.variance_m2


@given(found=marks, day=late, refused=st.sampled_from(((), ("flare",))), width=st.floats(0, 0.06))
def test_nothing_lies_beyond_what_the_rules_allow(
    found: list[Marked], day: int, refused: tuple[str, ...], width: float
) -> None:
    (rules,) = windows_of_today(both(0.30, 0.30 + width, ago=0.1), (), setup="imu:pelvis")
    before = predicted(PSOAS_L, found, day=day)
    after = bounded(before, rules, refused)
    if refused or rules.ends_m is None:
        assert after.tolerance_m is None and after.ceiling_m is None and after.bounded_by
    elif after.tolerance_m is not None and after.ceiling_m is not None:
        ceiling_m, tolerance_m = rules.ends_m
        assert after.tolerance_m <= tolerance_m and after.ceiling_m <= ceiling_m
    assert (after.first_m, after.first_sd_m) == (before.first_m, before.first_sd_m)
    assert bounded(before, None).tolerance_m is None


def test_nothing_marked_is_nothing_and_not_zero() -> None:
    empty = predicted(PSOAS_L, [], day=3)
    assert (empty.first_m, empty.tolerance_m, empty.ceiling_m, empty.stale_in_days) == (None,) * 4
    only_first = predicted(PSOAS_L, good(1)[:1], day=3)
    assert only_first.first_m is not None and only_first.tolerance_m is None


def test_one_step_by_hand() -> None:
    """Day 1: x .34, P = R = 4e-3^2 + 3e-3^2 = 2.5e-5 (sd 5 mm). One day on with practice
    P = 2.5e-5 + 2.5e-7; a mark 5 mm above it is within the gate of 2.5 sd."""
    x, p, r = 0.34, 2.5e-5, 2.5e-5
    p += 2.5e-7
    gain = p / (p + r)
    found = estimated([*good(1), *good(2, tolerance_m=0.345)], TOLERANCE, day=2)
    assert found is not None
    assert found.length_m == pytest.approx(x + gain * 0.005, abs=1e-12)
    assert found.variance_m2 == pytest.approx((1.0 - gain) * p, rel=1e-12)


def test_a_step_down_is_followed_at_once_and_a_step_up_by_the_gate() -> None:
    steady = [m for d in range(1, 8) for m in good(d)]
    before = estimated(steady, TOLERANCE, day=7)
    down = estimated([*steady, *good(8, tolerance_m=0.30)], TOLERANCE, day=8)
    up = estimated([*steady, *good(8, tolerance_m=0.38)], TOLERANCE, day=8)
    assert before is not None and down is not None and up is not None
    assert down.stepped and down.length_m < 0.313 and not up.stepped
    assert 0.0 < up.length_m - before.length_m < 0.006
    assert down.surprise_m == pytest.approx(up.surprise_m, abs=0.002)


def test_more_marks_are_surer_and_a_window_goes_stale() -> None:
    days = [m for d in range(1, 6) for m in good(d)]
    one, five = predicted(PSOAS_L, good(5), day=5), predicted(PSOAS_L, days, day=5)
    assert one.ceiling_sd_m is not None and five.ceiling_sd_m is not None
    assert five.ceiling_sd_m < one.ceiling_sd_m
    left = [predicted(PSOAS_L, days, day=d).stale_in_days for d in (5, 10, 25, 60)]
    assert left[0] is not None and 0.0 < left[0] <= 14.0
    assert left == sorted(left, key=lambda x: -(x or 0.0)) and left[-1] == 0.0


def test_the_filter_tells_its_own_doubt_in_a_made_up_person() -> None:
    """Marks that wander as the filter has it lie within 1.96 sd of what was predicted the day
    before, in 92 to 98 of 100 of 400 days."""
    import numpy as np

    rng = np.random.default_rng(4)
    inside, total, truth, found = 0, 0, 0.34, []
    for day in range(1, 401):
        truth += rng.normal(0.0, 0.0005)
        mark = truth + rng.normal(0.0, sqrt(0.004**2 + 0.003**2))
        before = estimated(found, TOLERANCE, day=day, practised=range(1, day))
        if before is not None and day > 10:
            sd = sqrt(before.variance_m2 + 0.004**2 + 0.003**2)
            inside += abs(mark - before.length_m) < 1.96 * sd
            total += 1
        found.append(Marked(day, TOLERANCE, float(mark), 0.004, False))
        found = found[-60:]
    assert 0.92 <= inside / total <= 0.98


def test_a_window_of_the_rules_that_is_nearer_counts() -> None:
    (rules,) = windows_of_today(both(0.30, 0.33, ago=0.1), (), setup="imu:pelvis")
    assert isinstance(rules, PersonalWindow)
    found = bounded(predicted(PSOAS_L, good(TODAY), day=TODAY), rules)
    assert found.tolerance_m == pytest.approx(0.33) and found.bounded_by == ("window_of_rules",)
