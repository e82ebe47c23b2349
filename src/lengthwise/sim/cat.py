"""A cat that walks past in front of the camera: what it hides, a pose model guesses.

It crosses the image from left to right, near the camera, so that it hides a third of the width and
all but the top. Its size is an expert default.
"""

import numpy as np
from msgspec.structs import replace

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.observation import LANDMARKS, LandmarkFrame
from lengthwise.sim.draws import Stream, generator

_HALF_WIDTH, _TOP = 0.17, 0.2
"""Shares of the image width and height."""
_VISIBILITY = 0.15
_GUESS_RATIO = 0.06
"""Sd of a guessed landmark, as share of the image height."""


def behind_cat(
    frame: LandmarkFrame, done: float, *, size_px: tuple[int, int], seed: int
) -> LandmarkFrame:
    """The frame with the cat `done` (0..1) of its way; `size_px` width and height of the image."""
    width, height = size_px
    middle = (1.0 + 2.0 * _HALF_WIDTH) * done - _HALF_WIDTH
    x, y = frame.xy_px[:, 0] / width, frame.xy_px[:, 1] / height
    hidden = (np.abs(x - middle) < _HALF_WIDTH) & (y > _TOP)
    guess = generator(seed, Stream.CAT).standard_normal((len(LANDMARKS), 2))
    moved = frame.xy_px + _GUESS_RATIO * height * guess * hidden[:, None]
    visibility = np.where(hidden, np.minimum(frame.visibility, _VISIBILITY), frame.visibility)
    return replace(frame, xy_px=frozen_array(moved), visibility=frozen_array(visibility))
