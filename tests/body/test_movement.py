"""Whether anything moves, told from noisy values."""

import numpy as np
import pytest

from lengthwise.body.movement import (
    Movement,
    displaced,
    followed,
    nothing_seen,
    stirring,
    wander_ratios,
)
from lengthwise.contracts.codec import decode, encode

FPS_HZ = 30.0
SD = 0.01
THERE = np.array([True])


def seen(values: np.ndarray, sds: np.ndarray) -> list[float]:
    """How much moves, frame by frame of values (n, k)."""
    memory, found = nothing_seen(values.shape[1]), []
    for n, row in enumerate(values):
        t_s = n / FPS_HZ
        memory = followed(memory, row, np.ones(len(row), dtype=bool), sds, t_s=t_s)
        found.append(stirring(memory, sds, t_s=t_s))
    return found


def wander(seed: int, seconds: float, *, tau_s: float = 1.0, white: float = 0.0) -> np.ndarray:
    """(n,) an error that wanders with sd 1, and white noise."""
    rng = np.random.default_rng(seed)
    kept = np.exp(-1.0 / FPS_HZ / tau_s)
    out = np.empty(int(seconds * FPS_HZ))
    now = rng.normal()
    for n in range(len(out)):
        now = kept * now + np.sqrt(1.0 - kept**2) * rng.normal()
        out[n] = now + white * rng.normal()
    return out


def test_errors_of_landmarks_alone_hardly_ever_seem_to_move() -> None:
    """24 values for ten minutes."""
    ratio, _ = wander_ratios(1.0)
    values = np.stack([wander(seed, 600.0) for seed in range(24)], axis=1)
    found = np.array(seen(values, np.full(24, ratio)))[60:]
    assert (found > 0.0).mean() < 0.03
    assert found.mean() < 0.01


def test_the_stated_spread_of_neighbouring_means_is_that_of_the_errors() -> None:
    ratio, white_ratio = wander_ratios(1.0)
    memory, apart = nothing_seen(1), []
    for n, value in enumerate(wander(1, 2000.0, white=1.0)):
        memory = followed(memory, np.array([value]), THERE, np.array([1e9]), t_s=n / FPS_HZ)
        apart.append(memory.means[:2, 0] - memory.means[1:, 0])
    found = np.std(apart[300:], axis=0)
    assert found.max() == pytest.approx(np.hypot(ratio, white_ratio), rel=0.1)


def test_a_movement_is_seen_within_a_moment_and_over_soon_after_its_end() -> None:
    t_s = np.arange(0.0, 12.0, 1.0 / FPS_HZ)
    path = 20.0 * SD * np.clip((t_s - 5.0) / 2.0, 0.0, 1.0)
    found = np.array(seen(path[:, None], np.array([SD])))
    assert (found[(t_s > 1.5) & (t_s < 5.0)] == 0.0).all()
    assert found[(t_s > 6.0) & (t_s < 7.0)].min() > 0.3
    assert found.max() == 1.0
    assert (found[t_s > 9.0] == 0.0).all()


def test_what_creeps_is_seen_too() -> None:
    """Two sds a second, which hardly shows within a second."""
    t_s = np.arange(0.0, 10.0, 1.0 / FPS_HZ)
    found = seen((2.0 * SD * t_s)[:, None], np.array([SD]))
    assert found[-1] > 0.3


def test_before_a_second_has_been_seen_anything_may_move() -> None:
    found = seen(np.zeros((60, 1)), np.array([SD]))
    assert found[0] == found[20] == 1.0
    assert found[40] == 0.0


def after_a_gap(gap_s: float, *values: float) -> tuple[Movement, float]:
    """The memory, and how much moves, after two seconds at 0, a gap, and some values."""
    memory, t_s = nothing_seen(1), 0.0
    for n in range(60):
        t_s = n / FPS_HZ
        memory = followed(memory, np.zeros(1), THERE, np.array([SD]), t_s=t_s)
    for n, value in enumerate(values):
        now_s = t_s + gap_s + n / FPS_HZ
        memory = followed(memory, np.array([value]), THERE, np.array([SD]), t_s=now_s)
    return memory, stirring(memory, np.array([SD]), t_s=now_s)


@pytest.mark.parametrize("gap_s", [0.1, 1.0, 3.0])
def test_what_is_where_it_was_before_a_gap_holds_still(gap_s: float) -> None:
    assert after_a_gap(gap_s, 0.0)[1] == 0.0


@pytest.mark.parametrize("gap_s", [0.1, 1.0, 3.0])
def test_what_is_elsewhere_after_a_gap_moves_within_a_moment(gap_s: float) -> None:
    assert after_a_gap(gap_s, *[14.0 * SD] * 8)[1] == 1.0


def test_what_was_not_seen_for_long_begins_anew() -> None:
    memory, moves = after_a_gap(10.0, 1.0)
    assert (memory.means == 1.0).all()
    assert moves == 1.0


def test_one_look_far_off_is_no_movement_but_the_next_one_tells() -> None:
    memory, moves = after_a_gap(1.0 / FPS_HZ, 1.0)
    assert (memory.means == 0.0).all()
    assert moves == 0.0
    assert after_a_gap(1.0 / FPS_HZ, 1.0, 0.0)[1] == 0.0
    assert after_a_gap(1.0 / FPS_HZ, 1.0, 1.0)[1] == 1.0


def test_where_values_lie_elsewhere_is_told_by_one_look() -> None:
    memory, _ = after_a_gap(0.1, 0.0)
    sds = np.array([SD])
    assert displaced(memory, np.array([3.0 * SD]), THERE, sds) == 0.0
    assert displaced(memory, np.array([8.0 * SD]), THERE, sds) == 1.0
    assert displaced(nothing_seen(1), np.array([0.0]), THERE, sds) == 1.0


def test_saved_and_restored_it_is_the_same() -> None:
    memory = followed(nothing_seen(2), np.ones(2), np.array([True, False]), np.full(2, SD), t_s=0.5)
    assert encode(decode(encode(memory), Movement)) == encode(memory)
