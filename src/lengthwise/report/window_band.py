"""Where the stretch window lies on the range of one muscle, read back from the session itself."""

from collections.abc import Sequence

import numpy as np

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import GROUP_INDEX, MuscleGroup
from lengthwise.contracts.person import Window
from lengthwise.contracts.session import FrameLogged
from lengthwise.tissue.window import window_for

_LEAST_SPREAD = 0.02


def window_band(
    frames: Sequence[FrameLogged],
    group: MuscleGroup,
    side: Side,
    windows: tuple[Window, ...],
) -> tuple[float, float] | None:
    """Low and high edge as range fractions; None where no window was known.

    Window position is linear in range fraction between the two marks, so the frames that carry
    both say where the edges are; the latest marks count.
    """
    i = GROUP_INDEX[group, side]
    pairs = [
        (position.mean, float(f.tissue.range_fraction[i]))
        for f in frames
        if (position := f.tissue.window_position[i]) is not None
    ][-400:]
    if len(pairs) < 2:
        return None
    positions, fractions = np.array(pairs).T
    if np.ptp(positions) < _LEAST_SPREAD:
        return None
    slope, start = np.polyfit(positions, fractions, 1)
    window = window_for(windows, group, side)
    low, high = start + slope * window.low, start + slope * window.high
    if not 0.0 <= low < high <= 1.5:
        return None
    return float(low), float(min(high, 1.0))
