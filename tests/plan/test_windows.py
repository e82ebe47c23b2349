"""From all marks of a person to the windows of today."""

from math import inf, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mark_history import FIRST, PSOAS_L, TOLERANCE, both, taken

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import Mark, Window
from lengthwise.plan.windows import Lack, PersonalWindow, Taken, windows_of_today

SETUP = "imu:pelvis"
CEILING = 0.90


def of(marks: list[Taken], *, setup: str | None = SETUP) -> PersonalWindow:
    (found,) = windows_of_today(marks, (), setup=setup)
    return found


def ceiling_m(window: PersonalWindow) -> float:
    """Where a stretch meets its ceiling; without a window nowhere."""
    if not window.valid:
        return -1.0
    assert window.first is not None and window.tolerance is not None
    first_m, tolerance_m = window.first.length_m, window.tolerance.length_m
    return first_m + CEILING * (tolerance_m - first_m)


@st.composite
def histories(
    draw: st.DrawFn, relief: tuple[bool | None, ...] = (None, False, True)
) -> list[Taken]:
    found = []
    for _ in range(draw(st.integers(1, 12))):
        kind = draw(st.sampled_from((FIRST, TOLERANCE)))
        low_m = 0.30 if kind is FIRST else 0.32
        found.append(
            taken(
                kind,
                draw(st.floats(low_m, low_m + 0.04)),
                ago=draw(st.integers(0, 40)) + draw(st.sampled_from((0.1, 0.2, 0.3))),
                sd_m=draw(st.floats(0.001, 0.01)),
                relief=draw(st.sampled_from(relief)),
                setup=draw(st.sampled_from((SETUP, "camera:left:blazepose_full"))),
            )
        )
    return found


@given(marks=histories(), order=st.randoms(use_true_random=False))
def test_the_order_in_which_marks_are_given_does_not_matter(marks: list[Taken], order) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(marks)
    order.shuffle(shuffled)
    one, other = of(shuffled), of(marks)
    assert (one.lacks, one.setup) == (other.lacks, other.setup)
    for a, b in ((one.first, other.first), (one.tolerance, other.tolerance)):
        assert (a is None) == (b is None)
        if a is not None and b is not None:
            assert (a.length_m, a.sd_m, a.age_days) == (b.length_m, b.sd_m, b.age_days)


@given(
    lengths_m=st.lists(st.floats(0.3, 0.4), min_size=2, max_size=4),
    order=st.permutations(range(4)),
)
def test_when_on_a_day_a_mark_was_taken_does_not_matter(
    lengths_m: list[float], order: list[int]
) -> None:
    """Two ramps, the lower kept, whichever came first; of gentle pulls the lower middle one."""
    marks = [taken(TOLERANCE, x + 0.05, ago=1.1 + 0.1 * order[k]) for k, x in enumerate(lengths_m)]
    marks += [taken(FIRST, x, ago=1.1 + 0.1 * order[k]) for k, x in enumerate(lengths_m)]
    found = of(marks)
    assert found.first is not None and found.tolerance is not None
    ordered = sorted(lengths_m)
    assert found.first.length_m == ordered[(len(ordered) - 1) // 2]
    assert found.tolerance.length_m == pytest.approx(ordered[0] + 0.05)


@settings(max_examples=300)
@given(
    marks=histories(relief=(None, False)),
    more=histories(relief=(True,)),
    setup=st.sampled_from((None, SETUP, "camera:left:blazepose_full", "imu:thigh_l")),
)
def test_marks_under_pain_relief_never_raise_a_window(
    marks: list[Taken], more: list[Taken], setup: str | None
) -> None:
    """On days of their own and on the same ones, in one set-up and in another."""
    before, after = of(marks, setup=setup), of([*marks, *more], setup=setup)
    assert ceiling_m(after) <= ceiling_m(before)
    if after.valid:
        assert before.valid and before.tolerance is not None and after.tolerance is not None
        assert after.tolerance.length_m <= before.tolerance.length_m


@pytest.mark.parametrize("relief", [None, False, True])
def test_a_first_pull_in_another_set_up_leaves_the_tolerance_that_was_carried_down(
    relief: bool | None,
) -> None:
    """By hand: 15 mm apart, then first resistance at 405 mm: tolerance at 420 mm and not at 445."""
    of_b = [*both(0.430, 0.445, ago=2.5), taken(FIRST, 0.405, ago=1.5)]
    alone = of(of_b, setup="imu:thigh_l")
    found = of(
        [*of_b, taken(FIRST, 0.408, ago=0.5, relief=relief, setup="imu:thigh_l")], setup=None
    )
    for each in (alone, found):
        assert each.tolerance is not None
        assert each.tolerance.length_m == pytest.approx(0.420)


def test_of_two_set_ups_the_one_that_carries_tolerance_least_far_leads() -> None:
    """By hand: 15 mm in the one and 30 mm in the other, from 410 mm."""
    marks = [*both(0.42, 0.45, ago=4.5, setup="imu:thigh_l"), *both(0.43, 0.445, ago=3.5)]
    found = of([*marks, taken(FIRST, 0.41, ago=0.5)], setup="imu:shank_l")
    assert found.tolerance is not None
    assert found.tolerance.length_m == pytest.approx(0.425)


@given(marks=histories(relief=(True,)))
def test_marks_under_pain_relief_alone_make_no_window(marks: list[Taken]) -> None:
    found = of(marks)
    assert not found.valid and found.marks() == ()


@given(marks=histories(), waited=st.floats(0.0, 60.0))
def test_time_alone_only_takes_windows_away(marks: list[Taken], waited: float) -> None:
    older = [Taken(t.mark, t.day, t.age_days + waited, t.expired) for t in marks]
    before, after = of(marks, setup=None), of(older, setup=None)
    if after.valid:
        assert before.valid
        assert ceiling_m(after) == ceiling_m(before)


def test_each_kind_expires_by_its_own_days() -> None:
    """By hand: a first gentle pull counts for 14 days, a tolerance for 28."""
    assert of(both(0.30, 0.34, ago=13.9)).valid
    assert of(both(0.30, 0.34, ago=14.1)).lacks == (Lack.FIRST_RESISTANCE_EXPIRED,)
    renewed = of([*both(0.30, 0.34, ago=27.5), taken(FIRST, 0.30, ago=2.5)])
    assert renewed.valid
    assert renewed.expires_in_days == pytest.approx(0.5)
    late = of([*both(0.30, 0.34, ago=28.5), taken(FIRST, 0.30, ago=2.5)])
    assert late.lacks == (Lack.TOLERANCE_EXPIRED,)
    assert [m.kind for m in late.marks()] == [FIRST]


def test_a_mark_ends_at_its_own_date_where_that_is_sooner() -> None:
    found = of(both(0.30, 0.34, ago=3.5, expired=True))
    assert set(found.lacks) == {Lack.FIRST_RESISTANCE_EXPIRED, Lack.TOLERANCE_EXPIRED}


def test_what_was_never_marked_is_named() -> None:
    assert of([taken(FIRST, 0.30)]).lacks == (Lack.NO_TOLERANCE,)
    assert of([taken(TOLERANCE, 0.34)]).lacks == (Lack.NO_FIRST_RESISTANCE,)
    assert of(both(0.34, 0.30)).lacks == (Lack.NOT_IN_ORDER,)
    assert windows_of_today([], (), setup=SETUP) == ()


@pytest.mark.parametrize("length_m", [nan, inf, 0.0, -0.2])
def test_a_length_that_is_none_is_passed_over(length_m: float) -> None:
    usable = both(0.30, 0.34)
    assert of([*usable, taken(TOLERANCE, length_m)]) == of(usable)


def test_what_is_marked_after_today_is_passed_over() -> None:
    usable = both(0.30, 0.34)
    assert of([*usable, taken(TOLERANCE, 0.30, ago=-2.0)]) == of(usable)


def test_tolerance_comes_nearer_with_first_resistance_and_never_further() -> None:
    """By hand: marked 40 mm apart; then first resistance 12 mm earlier on four days: tolerance at
    288 + 40 = 328 mm. Later by as much: it stays at 340."""
    day = both(0.30, 0.34, ago=10.0)
    earlier = of([*day, *(taken(FIRST, 0.288, ago=float(k)) for k in range(1, 5))])
    assert earlier.first is not None and earlier.tolerance is not None
    assert earlier.first.length_m == pytest.approx(0.288)
    assert earlier.tolerance.length_m == pytest.approx(0.328)
    later = of([*day, *(taken(FIRST, 0.312, ago=float(k)) for k in range(1, 5))])
    assert later.tolerance is not None and later.tolerance.length_m == pytest.approx(0.34)


def test_marks_of_todays_sensors_come_before_others() -> None:
    camera = both(0.28, 0.31, ago=2.0, setup="camera:left:blazepose_full")
    own = both(0.30, 0.34, ago=5.0)
    found = of([*camera, *own])
    assert found == of(own)
    first, tolerance = found.marks()
    assert first.setup == tolerance.setup == SETUP
    assert first.measured_utc == tolerance.measured_utc
    marking_m2, drift_m2 = 0.1 * 2 * 0.004**2, 5.0 * 0.0005**2
    expected_m2 = 2 * (0.003**2 + 0.5 * marking_m2) + drift_m2
    assert tolerance.distance_sd_m == pytest.approx(expected_m2**0.5)


def test_marks_of_several_sensors_are_never_taken_as_made_together() -> None:
    """The engine carries tolerance over only between marks of one day in today's set-up."""
    camera = both(0.28, 0.31, ago=2.0, setup="camera:left:blazepose_full")
    found = of([*camera, *both(0.30, 0.34, ago=5.0)], setup="imu:pelvis+imu:thigh_l")
    assert found.valid and found.setup is None and found.distance_sd_m is None
    assert {m.setup for m in found.marks()} == {""}


def test_marks_of_a_smaller_body_grow_with_it() -> None:
    """By hand: upright length 4 % up, and so is every older mark."""
    before = both(0.30, 0.34, ago=5.0, upright_m=0.25)
    found = of([*before, taken(FIRST, 0.312, ago=1.0, upright_m=0.26)])
    assert found.first is not None and found.first.length_m == pytest.approx(0.312)
    assert found.tolerance is not None and found.tolerance.length_m == pytest.approx(0.3536)
    assert {m.upright_m for m in found.marks()} == {0.26}


def test_the_persons_own_positions_go_with_the_window() -> None:
    own = Window(*PSOAS_L, low=0.3, high=0.5, ceiling=0.6)
    other = (MuscleGroup.HAMSTRINGS, Side.RIGHT)
    marks = [*both(0.3, 0.34), *both(0.4, 0.44, muscle=other)]
    found = windows_of_today(marks, (own,), setup=SETUP)
    assert [w.window for w in found] == [own, Window(*other)]


def test_a_single_pair_of_marks_is_handed_on_as_it_was() -> None:
    found = of(both(0.30, 0.34, ago=3.5))
    first, tolerance = found.marks()
    assert isinstance(first, Mark)
    assert (first.length_m, tolerance.length_m) == (0.30, 0.34)
    assert first.sd_m == pytest.approx(0.005)


def test_slips_and_pain_relief_hardly_reach_the_ceiling_of_simulated_people() -> None:
    """60 people over 24 days: 3 mm from day to day, 2 mm in each mark, one tolerance of twenty said
    20 mm late, every fifth day under pain relief that takes both marks 10 mm further. The latest
    marks alone put two ceilings of five over 3 mm too far."""
    rng = np.random.Generator(np.random.Philox(key=7))
    settled_m, latest_m = [], []
    for _ in range(60):
        marks: list[Taken] = []
        for ago in range(24, 0, -1):
            relief = bool(rng.random() < 0.2)
            off_m = rng.normal(0.0, 0.003) + (0.01 if relief else 0.0)
            late_m = 0.02 if rng.random() < 0.05 else 0.0
            first_m = 0.30 + off_m + rng.normal(0.0, 0.002)
            tolerance_m = 0.34 + off_m + rng.normal(0.0, 0.002) + late_m
            marks += both(first_m, tolerance_m, ago=ago + 0.5, relief=relief)
        settled_m.append(ceiling_m(of(marks)))
        latest_m.append(first_m + CEILING * (tolerance_m - first_m))
    true_m = 0.30 + CEILING * 0.04
    assert np.mean(np.array(latest_m) > true_m + 0.003) > 0.25
    assert np.mean(np.array(settled_m) > true_m + 0.003) < 0.02
    assert np.mean(settled_m) == pytest.approx(true_m, abs=0.0015)
