"""A recording is read in three ways, and what two of them see outvotes what one mistakes."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.coach import chain, prominence, rounds, valley_chain, whole_movements
from lengthwise.coach.agreement import most_agreed
from lengthwise.coach.recording import STEP_S
from lengthwise.coach.repetition import Form, Repetition, published_coefficients
from lengthwise.coach.repetition_report import segment

C = published_coefficients()
WAYS = [valley_chain.found, prominence.found, whole_movements.found]


def squats(count: int, *, left: float = 0.0) -> np.ndarray:
    """(n,) so many of 2 s with 1 s between, in which `left` of the way is left, on the grid."""
    rise = np.sin(np.pi * np.arange(0.0, 2.0, STEP_S) / 2.0) ** 2
    rest = np.zeros(round(1.0 / STEP_S))
    body = np.concatenate([np.append(rest, rise)] * count)
    body[len(rest) : len(body) - len(rise) // 2] = np.maximum(
        body[len(rest) : len(body) - len(rise) // 2], left
    )
    body[len(rest) : len(rest) + len(rise) // 2] = rise[: len(rise) // 2]
    return np.concatenate([body, rest])


def counted(y: np.ndarray) -> list[Repetition]:
    return segment((STEP_S * np.arange(len(y))).tolist(), y.tolist(), Form.THERE_AND_BACK)


@pytest.mark.parametrize("way", WAYS)
@given(count=st.integers(2, 6), scale=st.floats(0.02, 50.0), offset=st.integers(-5, 5))
def test_each_way_finds_what_is_plain(
    way: Callable[..., list[list[object]]], count: int, scale: float, offset: int
) -> None:
    assert len(way([scale * (squats(count) + offset)], Form.THERE_AND_BACK, C)[0]) == count


@pytest.mark.parametrize("way", WAYS)
def test_each_way_finds_nothing_where_nothing_moves(
    way: Callable[..., list[list[object]]],
) -> None:
    assert way([np.ones(300), np.zeros(60)], Form.THERE_AND_BACK, C) == [[], []]


@pytest.mark.parametrize("left", [0.0, 0.2, 0.4, 0.5])
def test_who_does_not_straighten_between_makes_as_many(left: float) -> None:
    assert len(counted(squats(6, left=left))) == 6


def test_who_stands_long_before_and_after_and_sways_makes_no_more() -> None:
    t_s = np.arange(0.0, 15.0, STEP_S)
    sway = 0.1 * np.sin(2.0 * np.pi * 0.11 * t_s) ** 2 + 0.05 * np.sin(2.0 * np.pi * 0.27 * t_s)
    assert len(counted(np.concatenate([sway, squats(5), sway]))) == 5


def test_who_waits_at_the_bottom_and_bounces_there_makes_one() -> None:
    one = squats(1)
    top = len(one) // 2
    wait = 1.0 - 0.3 * np.sin(2.0 * np.pi * np.arange(0.0, 1.5, STEP_S) / 1.5) ** 2
    bounced = np.concatenate([one[:top], wait, one[top:]])
    assert len(counted(np.concatenate([bounced] * 5))) == 5


def test_a_larger_movement_before_hides_none() -> None:
    before = 3.0 * np.sin(np.pi * np.arange(0.0, 4.0, STEP_S) / 4.0) ** 2
    found = counted(np.concatenate([before, np.zeros(120), squats(5)]))
    assert sum(r.start_s > 4.0 for r in found) == 5


def reading(*starts_s: float) -> tuple[list[Repetition], list[tuple[float, float]]]:
    found = [Repetition(t, t + 1.0, t + 2.0, 1.0) for t in starts_s]
    return found, [(r.start_s, r.end_s) for r in found]


def test_two_that_agree_outvote_one_and_the_first_of_equals_is_taken() -> None:
    three, also, six = reading(0.0, 4.0, 8.0), reading(0.2, 4.1, 8.3), reading(1.9, 5.9, 9.9)
    assert most_agreed([six, three, also]) == three[0]
    assert most_agreed([six, three]) == six[0]


def test_one_that_found_none_has_no_vote() -> None:
    assert most_agreed([reading(), reading(), reading(1.0)]) == reading(1.0)[0]
    assert most_agreed([reading(), reading()]) == []


@given(st.integers(0, 2**32 - 1), st.integers(1, 2))
def test_stretches_of_a_chain_follow_one_another(seed: int, kinds: int) -> None:
    count = 120
    lasts = chain.lasts_tried(count)
    likeness = np.random.default_rng(seed).uniform(-1.0, 1.0, (len(lasts), count + 1, kinds))
    for k, length in enumerate(lasts):
        likeness[k, :length] = -np.inf
    found = chain.best_chain(likeness, lasts, irregular=0.5, turning=0.3)
    assert found
    edges = [edge for begin, end, _ in found for edge in (begin, end)]
    assert edges == sorted(edges)
    assert all(0 <= kind < kinds and end - begin in lasts for begin, end, kind in found)


def test_circles_the_one_way_and_then_the_other_begin_anew_where_they_turn() -> None:
    """Six of 3 s from 1 s on, upright where each begins; after three the other side comes first."""
    t_s = np.arange(0.0, 20.0, 1.0 / 30.0).tolist()

    def angle(t: float) -> float:
        return 2.0 * math.pi * (t - 1.0) / 3.0 if 1.0 <= t <= 19.0 else 0.0

    side = [math.copysign(0.5, math.sin(angle(t)) * (1.0 if t < 10.0 else -1.0)) for t in t_s]
    found = rounds.segment(t_s, side, [math.cos(angle(t)) for t in t_s])
    assert [r.side for r in found] == [1] * 3 + [-1] * 3
    assert [r.start_s for r in found] == pytest.approx([1.0, 4.0, 7.0, 10.0, 13.0, 16.0], abs=0.3)
