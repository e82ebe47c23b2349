"""A whole recording is parted alike whatever its unit, offset, beginning and rate."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.coach import repetition_report, rounds, whole_circles
from lengthwise.coach.repetition import Form, Repetition, published_coefficients
from lengthwise.coach.repetition_report import segment, with_rest

RATE_HZ = 30.0


def bumps(count: int, *, lasts_s: float = 3.0, rest_s: float = 1.0) -> Callable[[float], float]:
    def at(t_s: float) -> float:
        whole, within_s = divmod(t_s, lasts_s + rest_s)
        if t_s < 0.0 or whole >= count or within_s < rest_s:
            return 0.0
        return math.sin(math.pi * (within_s - rest_s) / lasts_s) ** 2

    return at


def parted(
    at: Callable[[float], float],
    lasts_s: float,
    form: Form = Form.THERE_AND_BACK,
    rate_hz: float = RATE_HZ,
) -> list[Repetition]:
    t_s = np.arange(0.0, lasts_s, 1.0 / rate_hz).tolist()
    return segment(t_s, [at(t) for t in t_s], form)


@given(st.floats(0.01, 100.0), st.integers(-20, 20))
def test_unit_and_offset_do_not_matter(scale: float, offset: int) -> None:
    plain = parted(bumps(4), 18.0)
    other = parted(lambda t: scale * (bumps(4)(t) + offset), 18.0)
    assert len(plain) == 4
    assert [r.turn_s for r in other] == pytest.approx([r.turn_s for r in plain], abs=0.1)
    assert [r.amplitude for r in other] == pytest.approx(
        [scale * r.amplitude for r in plain], rel=1e-3
    )


@given(st.integers(-1000, 1000))
def test_when_it_begins_does_not_matter(shift_s: int) -> None:
    t_s = np.arange(0.0, 18.0, 1.0 / RATE_HZ)
    x = [bumps(4)(t) for t in t_s.tolist()]
    plain = segment(t_s.tolist(), x, Form.THERE_AND_BACK)
    later = segment((t_s + shift_s).tolist(), x, Form.THERE_AND_BACK)
    assert [r.start_s - shift_s for r in later] == pytest.approx(
        [r.start_s for r in plain], abs=0.1
    )


@pytest.mark.parametrize("rate_hz", [10.0, 15.0, 60.0, 120.0])
def test_frame_rate_does_not_matter(rate_hz: float) -> None:
    plain, other = parted(bumps(4), 18.0), parted(bumps(4), 18.0, rate_hz=rate_hz)
    assert len(other) == len(plain)
    for a, b in zip(plain, other, strict=True):
        assert b.start_s == pytest.approx(a.start_s, abs=0.1)
        assert b.end_s == pytest.approx(a.end_s, abs=0.1)


@pytest.mark.parametrize("form", [Form.THERE_AND_BACK, Form.ALTERNATING, Form.BOTH_SIDES])
def test_a_signal_that_stands_still_has_none(form: Form) -> None:
    assert parted(lambda t: 4.0, 10.0, form) == []
    assert segment([], [], form) == []
    assert segment([0.0, 1.0], [None, None], form) == []


@given(begin_s=st.floats(0.0, 18.0), lasts_s=st.floats(0.0, 6.0))
def test_a_gap_never_adds_a_repetition(begin_s: float, lasts_s: float) -> None:
    t_s = np.arange(0.0, 18.0, 1.0 / RATE_HZ).tolist()
    x = [None if begin_s <= t < begin_s + lasts_s else bumps(4)(t) for t in t_s]
    found = segment(t_s, x, Form.THERE_AND_BACK)
    assert len(found) <= 4
    for a in found:
        assert any(abs(a.turn_s - whole) < 1.0 for whole in (2.5, 6.5, 10.5, 14.5))


def test_times_lie_where_the_movement_is() -> None:
    for k, found in enumerate(parted(bumps(4), 18.0)):
        assert 4.0 * k + 1.0 <= found.start_s < 4.0 * k + 1.7
        assert found.turn_s == pytest.approx(4.0 * k + 2.5, abs=0.1)
        assert 4.0 * k + 3.3 < found.end_s <= 4.0 * k + 4.0
        assert found.out_s == pytest.approx(found.back_s, abs=0.15)


def test_arms_that_come_down_first_and_a_half_at_the_end_are_left_out() -> None:
    moves = bumps(3)

    def at(t_s: float) -> float:
        return max(1.0 - t_s, 0.0) if t_s < 2.0 else moves(t_s - 2.0) if t_s < 14.0 else t_s - 14.0

    assert len(parted(at, 15.0)) == 3


@pytest.mark.parametrize(("late_s", "count"), [(-0.5, 4), (0.0, 4), (0.2, 3), (0.25, 3)])
def test_what_has_left_rest_before_anything_was_seen_is_no_whole_one(
    late_s: float, count: int
) -> None:
    """Steady movements of two seconds each, recorded from so long after the first began."""

    def at(t_s: float) -> float:
        return 1.0 - abs(t_s % 2.0 - 1.0) if 0.0 < t_s < 8.0 else 0.0

    assert len(parted(lambda t: at(t + late_s), 10.0)) == count
    assert len(parted(lambda t: at(10.0 - late_s - t), 10.0 - 2.0 * late_s)) == count


def test_brief_dropouts_at_the_end_of_a_reach_do_not_part_it() -> None:
    moves = bumps(5)

    def at(t_s: float) -> float:
        lost = t_s < 20.0 and 2.4 < t_s % 4.0 < 2.55
        return 0.1 if lost else moves(t_s)

    assert len(parted(at, 21.0)) == 5


def test_sides_are_signs_or_the_wider_turn() -> None:
    moves = bumps(6)

    def signed(t_s: float) -> float:
        return moves(t_s) * (1.0 if (t_s // 4.0) % 2 == 0 else -1.0)

    def unequal(t_s: float) -> float:
        return moves(t_s) * (1.0 if (t_s // 4.0) % 2 == 0 else 0.3)

    for at, form in ((signed, Form.BOTH_SIDES), (unequal, Form.ALTERNATING)):
        assert [r.side for r in parted(at, 26.0, form)] == [1, -1] * 3


@pytest.mark.parametrize("narrow", [0.5, 0.2, 0.06, 0.03, -0.04])
def test_a_narrow_turn_between_wide_ones_is_found_however_little_it_shows(narrow: float) -> None:
    moves = bumps(7)
    found = parted(
        lambda t: moves(t) * (1.0 if (t // 4.0) % 2 == 0 else narrow), 30.0, Form.ALTERNATING
    )
    assert [r.side for r in found] == [1, -1] * 3 + [1]


def set_between(before: Callable[[float], float], after: Callable[[float], float]) -> list[float]:
    """Turns found of four movements that begin at 12 s, with 12 s of something before and after."""

    def at(t_s: float) -> float:
        return before(t_s) if t_s < 12.0 else bumps(4)(t_s - 12.0) + after(t_s - 29.0)

    return [r.turn_s for r in parted(at, 42.0)]


def test_what_is_unlike_the_set_in_more_than_one_way_before_and_after_is_none_of_it() -> None:
    def quick(t_s: float) -> float:
        return 0.5 * bumps(1, lasts_s=1.2)(t_s)

    def slow(t_s: float) -> float:
        return 0.5 * bumps(1, lasts_s=7.0)(t_s - 2.0)

    found = set_between(quick, slow)
    assert found == pytest.approx([14.5, 18.5, 22.5, 26.5], abs=0.2)


def test_what_is_unlike_the_set_in_one_way_alone_stays() -> None:
    def later(t_s: float) -> float:
        return bumps(1)(t_s - 7.0)

    def smaller(t_s: float) -> float:
        return 0.5 * bumps(1)(t_s - 8.0)

    assert len(set_between(smaller, lambda t: 0.0)) == 5
    assert len(set_between(lambda t: 0.0, later)) == 5


def test_who_tires_keeps_the_last_one() -> None:
    def at(t_s: float) -> float:
        begin_s = 1.0
        for k in range(6):
            lasts_s = 2.0 * 1.15**k
            if begin_s <= t_s < begin_s + lasts_s:
                return 0.87**k * math.sin(math.pi * (t_s - begin_s) / lasts_s) ** 2
            begin_s += lasts_s + 0.8
        return 0.0

    assert len(parted(at, 25.0)) == 6


def test_nothing_is_put_between_turns_where_nothing_moved_or_was_seen() -> None:
    t_s = np.arange(0.0, 32.0, 1.0 / RATE_HZ).tolist()
    wide_only = [bumps(8)(t) if (t // 4.0) % 2 == 0 else 0.0 for t in t_s]
    unseen = [x if (t // 4.0) % 2 == 0 else None for t, x in zip(t_s, wide_only, strict=True)]
    assert len(segment(t_s, wide_only, Form.ALTERNATING)) == 4
    assert len(segment(t_s, unseen, Form.ALTERNATING)) <= 4


def test_rest_is_halved_among_neighbours_and_a_long_pause_is_nobodys() -> None:
    spans = with_rest([Repetition(1.0, 2.0, 3.0, 1.0), Repetition(4.0, 5.0, 6.0, 1.0)])
    assert spans == [(0.0, 3.5), (3.5, 7.0)]
    spans = with_rest([Repetition(1.0, 2.0, 3.0, 1.0), Repetition(20.0, 21.0, 22.0, 1.0)])
    assert spans[0][1] == 4.0 and spans[1][0] == 19.0
    assert with_rest([]) == []


def circle(t_s: float) -> tuple[float, float]:
    """Side and uprightness: upright where it begins with the positive side; 3 s each."""
    angle = 2.0 * math.pi * (t_s - 1.0) / 3.0
    if t_s < 1.0 or t_s > 13.0:
        return -0.5, 1.0
    return (0.5 if math.sin(angle) > 0.0 else -0.5), math.cos(angle)


def test_circles_begin_upright_and_name_the_side_that_comes_first() -> None:
    t_s = np.arange(0.0, 14.0, 1.0 / RATE_HZ).tolist()
    found = rounds.segment(t_s, [circle(t)[0] for t in t_s], [circle(t)[1] for t in t_s])
    assert [r.side for r in found] == [1, 1, 1, 1]
    assert [r.start_s for r in found] == pytest.approx([1.0, 4.0, 7.0, 10.0], abs=0.2)


def test_who_sways_upright_before_makes_no_circle() -> None:
    def side(t_s: float) -> float:
        if t_s < 6.0:
            return 0.5 if t_s % 2.5 < 1.2 else -0.5
        return circle(t_s - 6.0)[0]

    t_s = np.arange(0.0, 20.0, 1.0 / RATE_HZ).tolist()
    upright = [circle(t - 6.0)[1] + 0.02 * math.sin(3.0 * t) for t in t_s]
    found = rounds.segment(t_s, [side(t) for t in t_s], upright)
    assert [r.side for r in found] == [1, 1, 1, 1]
    assert [r.start_s for r in found] == pytest.approx([7.0, 10.0, 13.0, 16.0], abs=0.3)


def test_which_half_comes_first_is_told_by_the_whole_circle_and_not_by_its_crossings() -> None:
    """The body dips as it crosses the middle in front, yet is straighter in front than behind."""

    def upright(t_s: float) -> float:
        angle = 2.0 * math.pi * (t_s - 1.0) / 3.0
        if t_s < 1.0 or t_s > 13.0:
            return 0.6
        return 0.6 * math.cos(angle) - 0.9 * max(0.0, math.cos(angle)) ** 12

    t_s = np.arange(0.0, 14.0, 1.0 / RATE_HZ).tolist()
    found = rounds.segment(t_s, [circle(t)[0] for t in t_s], [upright(t) for t in t_s])
    assert [r.side for r in found] == [1, 1, 1, 1]


def circles_read(
    side: Callable[[float], float], upright: Callable[[float], float]
) -> list[Repetition]:
    t_s = np.arange(0.0, 20.0, 1.0 / RATE_HZ).tolist()
    return rounds.segment(t_s, [side(t) for t in t_s], [upright(t) for t in t_s])


def six_circles(t_s: float) -> float:
    """Angle of six circles of 3 s from 1 s on, 0 before and after."""
    return 2.0 * math.pi * (t_s - 1.0) / 3.0 if 1.0 <= t_s <= 19.0 else 0.0


STARTS_S = pytest.approx([1.0, 4.0, 7.0, 10.0, 13.0, 16.0], abs=0.25)


def test_who_leans_in_front_as_well_makes_no_second_circle() -> None:
    def side(t_s: float) -> float:
        return 0.5 if math.sin(six_circles(t_s)) > 0.0 else -0.5

    def upright(t_s: float) -> float:
        return 0.3 * math.cos(six_circles(t_s)) + math.cos(2.0 * six_circles(t_s))

    found = circles_read(side, upright)
    assert [r.start_s for r in found] == STARTS_S
    assert [r.side for r in found] == [1] * 6


@pytest.mark.parametrize("missed", range(1, 5))
def test_a_circle_of_which_one_half_was_missed_is_counted(missed: int) -> None:
    def side(t_s: float) -> float:
        half = missed * 3.0 + 2.5 <= t_s < missed * 3.0 + 4.0
        return 0.5 if math.sin(six_circles(t_s)) > 0.0 or half else -0.5

    t_s = np.arange(0.0, 20.0, 1.0 / RATE_HZ).tolist()
    upright = [math.cos(six_circles(t)) for t in t_s]
    found = whole_circles.segment(t_s, [side(t) for t in t_s], upright, published_coefficients())
    assert [r.start_s for r in found] == STARTS_S
    assert [r.side for r in found] == [None if k == missed else 1 for k in range(6)]


def test_readings_of_circles_need_no_common_start_of_the_recording() -> None:
    t_s = np.arange(0.0, 14.0, 1.0 / RATE_HZ)
    side, upright = zip(*(circle(t) for t in t_s), strict=True)
    c = published_coefficients()
    found = whole_circles.segment(t_s.tolist(), side, upright, c)
    later = whole_circles.segment((t_s + 71.3).tolist(), side, upright, c)
    assert [r.start_s for r in found] == pytest.approx([1.0, 4.0, 7.0, 10.0], abs=0.2)
    assert [r.start_s - 71.3 for r in later] == pytest.approx([r.start_s for r in found])


def test_circles_the_other_way_round_name_the_other_side() -> None:
    t_s = np.arange(0.0, 14.0, 1.0 / RATE_HZ).tolist()
    found = rounds.segment(t_s, [-circle(t)[0] for t in t_s], [circle(t)[1] for t in t_s])
    assert [r.side for r in found] == [-1, -1, -1, -1]


def test_circles_beside_the_middle_are_found_by_bends_and_have_no_side() -> None:
    t_s = np.arange(0.0, 14.0, 1.0 / RATE_HZ).tolist()
    found = rounds.segment(t_s, [0.5] * len(t_s), [circle(t)[1] for t in t_s])
    assert [r.side for r in found] == [None] * 4
    assert [r.turn_s for r in found] == pytest.approx([2.5, 5.5, 8.5, 11.5], abs=0.2)


def test_circles_of_which_the_uprightness_never_changes_are_counted_all_the_same() -> None:
    t_s = [n / 30.0 for n in range(900)]
    side = [math.sin(0.8 * math.pi * t) for t in t_s]
    assert len(rounds.segment(t_s, side, [1.0] * len(t_s))) >= 10


def test_one_side_only_and_nothing_seen_are_no_circles() -> None:
    t_s = [k / RATE_HZ for k in range(300)]
    assert rounds.segment(t_s, [0.5] * 300, [1.0] * 300) == []
    assert rounds.segment(t_s, [None] * 300, [1.0] * 300) == []
    assert rounds.segment([], [], []) == []


def test_circles_are_not_for_the_other_way_of_parting() -> None:
    with pytest.raises(ValueError, match="circle"):
        repetition_report.segment([0.0], [1.0], Form.CIRCLE)


@pytest.mark.parametrize("unknown", ["all", "three of four"])
def test_where_sides_are_unknown_the_bends_say_how_many_circles_there_were(unknown: str) -> None:
    t_s = np.arange(0.0, 20.0, 1.0 / RATE_HZ).tolist()
    upright = [math.cos(six_circles(t)) for t in t_s]
    side = [0.5 if unknown != "all" and i % 40 >= 30 else None for i in range(len(t_s))]
    found = rounds.segment(t_s, side, upright)
    assert len(found) == 6
    assert [r.side for r in found] == [None] * 6


def test_where_nothing_is_known_there_is_no_circle() -> None:
    assert rounds.segment([0.0, 0.1, 0.2], [None] * 3, [None] * 3) == []


def test_half_way_round_is_sought_as_near_as_the_ends_of_a_circle() -> None:
    """The middle lies 0.25 of the circle from where the side changes."""
    t_s = np.arange(0.0, 20.0, 1.0 / RATE_HZ).tolist()
    turn = 2.0 * math.pi
    side = [0.5 if (six_circles(t) / turn) % 1.0 < 0.75 else -0.5 for t in t_s]
    upright = [math.cos(six_circles(t)) for t in t_s]
    c = published_coefficients()

    def halves(ratio: float) -> list[float]:
        found = whole_circles.segment(t_s, side, upright, replace(c, circle_near_ratio=ratio))
        return [(r.turn_s - r.start_s) / (r.end_s - r.start_s) for r in found]

    assert max(halves(0.3)) > 0.7
    assert max(halves(0.1)) < 0.6
