"""Where a person's own windows lie in the range of each muscle: what a screen draws them by.

The marks are the very readings that a position is taken between (`tissue.session_marks`). What no
mark tells is NaN: a window of a population is nobody's own.
"""

import numpy as np

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.muscles import GROUP_SIDES
from lengthwise.contracts.person import MarkKind
from lengthwise.tissue.session_marks import MarkGround, SessionMark, readings
from lengthwise.tissue.window import between, window_for

FIRST, LOWER, UPPER, CEILING, TOLERANCE = range(5)
"""Columns of `window_edges`."""


def window_edges(
    ground: MarkGround, marks: tuple[SessionMark, ...], *, window_leads: bool
) -> np.ndarray:
    """(32, 5) range fractions, in the order of GROUP_SIDES: first resistance, lower and upper edge
    of the window, ceiling, tolerance; NaN where it is not known.

    `marks`: of this session. Without both marks in their order, and with room between, there is no
    edge, and of a lone tolerance nothing. `window_leads` False: nobody is led into a window, so it
    has no edges, and the ceiling stays.
    """
    edges = np.full((len(GROUP_SIDES), 5), np.nan)
    found = readings(ground, marks)
    for row, (group, side) in enumerate(GROUP_SIDES):
        first = found.get((group, side, MarkKind.FIRST_RESISTANCE))
        tolerance = found.get((group, side, MarkKind.TOLERANCE))
        if first is None:
            continue
        edges[row, FIRST] = first.length_m
        if tolerance is None or not between(first, tolerance, float(ground.least_span_m[row])):
            continue
        window, span_m = (
            window_for(ground.windows, group, side),
            tolerance.length_m - first.length_m,
        )
        edges[row, TOLERANCE] = tolerance.length_m
        edges[row, CEILING] = first.length_m + window.ceiling * span_m
        if window_leads:
            edges[row, LOWER] = first.length_m + window.low * span_m
            edges[row, UPPER] = first.length_m + window.high * span_m
    bounds = ground.bounds
    return frozen_array((edges - bounds.shortest_m[:, None]) / bounds.span_m[:, None])
