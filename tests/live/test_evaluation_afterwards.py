"""The evaluation of what is known afterwards judges the same frames as live."""

import numpy as np
import pytest

from lengthwise.live.evaluation import afterwards
from lengthwise.live.evaluation.afterwards import pairs
from lengthwise.live.evaluation.synthetic import Piece


def test_live_and_afterwards_are_judged_in_the_same_frames() -> None:
    found = pairs(Piece("side_bend", 0, stands=True))
    assert set(found) == {"front", "side + sacrum", "side + sacrum + T12", "4 IMUs"}
    for pair in found.values():
        np.testing.assert_array_equal(pair.live.claimed, pair.after.claimed)
        np.testing.assert_array_equal(pair.live.frames, pair.after.frames)
        assert (pair.after.sd <= pair.live.sd).all()
        assert pair.after.sd.sum() < pair.live.sd.sum()


def test_lying_in_front_of_a_camera_overhead_does_not_begin_with_standing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Which sensors are asked, not what they make of it."""
    monkeypatch.setattr(afterwards, "_pair", lambda *_: None)
    assert set(pairs(Piece("leg_raise", 0, stands=True))) == set(afterwards._SETS) - {"front"}
