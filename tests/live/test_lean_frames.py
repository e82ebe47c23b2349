"""A frame that waits for its page tells the same of its moment, and holds less."""

import numpy as np
import pytest

from lengthwise.contracts.coordinates import COORDINATES
from lengthwise.contracts.muscles import GROUP_SIDES
from lengthwise.contracts.session import FrameLogged
from lengthwise.live.lean_frames import LeanFrames
from lengthwise.live.load.person import rehearsed
from lengthwise.live.params import pipeline_params
from lengthwise.live.session import session_events


@pytest.fixture(scope="module")
def frames() -> list[FrameLogged]:
    led, started = rehearsed(2, 4.0)
    events = session_events(pipeline_params(started), led.observations())
    return [e for e in events if isinstance(e, FrameLogged)]


def test_what_a_moment_tells_is_the_same_to_the_bit(frames: list[FrameLogged]) -> None:
    lean = LeanFrames()
    for frame in frames:
        kept = lean.of(frame)
        for coordinate in COORDINATES:
            assert kept.body.claimed(coordinate) == frame.body.claimed(coordinate)
            assert kept.body.believed(coordinate) == frame.body.believed(coordinate)
        for target in GROUP_SIDES:
            assert kept.tissue.fraction(*target) == frame.tissue.fraction(*target)
            assert kept.tissue.window(*target) == frame.tissue.window(*target)
        assert kept.tissue.claimed == frame.tissue.claimed
        assert kept.tissue.lumbar == frame.tissue.lumbar
        assert kept.tissue.nerve == frame.tissue.nerve
        assert kept.guidance == frame.guidance
        if kept.guidance is not None and frame.guidance is not None:
            assert type(kept.guidance.phase) is type(frame.guidance.phase)


def test_what_was_left_out_is_missed_aloud(frames: list[FrameLogged]) -> None:
    """Never a zero, and never a value of something else."""
    kept = LeanFrames().of(frames[0])
    with pytest.raises(IndexError):
        kept.body.covariance_rad2[0, 1]
    with pytest.raises(IndexError):
        kept.tissue.length_m[0]


def test_the_frame_itself_is_left_as_it_was(frames: list[FrameLogged]) -> None:
    before = frames[0].body.covariance_rad2.copy()
    kept = LeanFrames().of(frames[0])
    assert np.array_equal(frames[0].body.covariance_rad2, before)
    assert kept.body.mean_rad.base is None, "it would hold all bytes that it was read from"
