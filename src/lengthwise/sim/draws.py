"""Random numbers by place: the same seed, stream and count always give the same numbers.

So a state holds a count and nothing else, and what was saved and restored goes on unchanged.
"""

from enum import IntEnum
from functools import lru_cache

import numpy as np

_BLOCK = 256


class Stream(IntEnum):
    """One number per use, so that no two uses share their noise."""

    CAMERA = 2
    IMU = 3
    CAMERA_TRAIT = 5
    IMU_TRAIT = 6
    BREATH = 8
    CAT = 9
    REACTION = 10
    MISS = 11


def generator(seed: int, stream: Stream, *, part: int = 0, count: int = 0) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=seed, counter=[0, part, int(stream), count]))


@lru_cache(maxsize=64)
def _block(seed: int, stream: Stream, part: int, block: int, width: int) -> np.ndarray:
    drawn = generator(seed, stream, part=part, count=block).standard_normal((_BLOCK, width))
    drawn.flags.writeable = False
    return drawn


def normals(seed: int, stream: Stream, *, part: int, count: int, width: int) -> np.ndarray:
    """(width,) standard normal numbers of one place in a long stream; read-only."""
    block, row = divmod(count, _BLOCK)
    return np.asarray(_block(seed, stream, part, block, width)[row])
