"""Frames that never came, told by the times of those that did."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.body.frame_gaps import FrameTimes, frames_lost


def lost_in(times_s: list[float]) -> list[int]:
    times, found = FrameTimes(), []
    for t_s in times_s:
        times, lost = frames_lost(times, t_s)
        found.append(lost)
    return found


@given(st.floats(5.0, 120.0))
def test_at_a_steady_rate_nothing_is_lost(fps_hz: float) -> None:
    assert not any(lost_in([k / fps_hz for k in range(200)]))


def test_times_that_jitter_are_no_loss() -> None:
    rng = np.random.default_rng(1)
    times_s = np.arange(600) / 30.0 + rng.uniform(-0.008, 0.008, 600)
    assert not any(lost_in(times_s.tolist()))


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_frames_of_a_gap_are_counted(count: int) -> None:
    times_s = [k / 30.0 for k in range(200) if not 100 <= k < 100 + count]
    found = lost_in(times_s)
    assert sum(found) == found[100] == count


def test_every_other_frame_at_random_is_lost() -> None:
    rng = np.random.default_rng(2)
    times_s = [k / 30.0 for k in range(240) if k < 150 or rng.random() < 0.5]
    assert sum(lost_in(times_s)) > 20


def test_a_camera_that_becomes_slower_loses_nothing_after_a_while() -> None:
    """15 instead of 30 frames a second, as in a dim room."""
    times_s = [k / 30.0 for k in range(150)] + [5.0 + k / 15.0 for k in range(150)]
    found = lost_in(times_s)
    assert any(found[150:200])
    assert not any(found[200:])
