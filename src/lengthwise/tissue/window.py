"""Where a stretch stands between a person's two marks: the one place that decides it.

Feedback, score and report all ask here, so that they can never disagree.

With the reading f and the marks f1 (first resistance) and fT (tolerance), all range fractions,

    position p = (f - f1) / (fT - f1):  0 at first resistance, 1 at tolerance.

Errors enter as dp (fT - f1) = df - (1 - p) df1 - p dfT. What was marked in this session was read
by the same sensors in the same set-up, so it shares most of its error with the reading
(`shared_bias_ratio` of the variance), and that part cancels as far as the weights let it.
"""

from math import sqrt

from msgspec import Struct

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import Window
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant

_SHARED_BIAS_RATIO = constant("tissue", "shared_bias_ratio")
_KNOWN_POSITION_SD = constant("tissue", "known_position_sd")
_CEILING_SD_FACTOR = constant("tissue", "ceiling_sd_factor")
_MIN_MARK_SPAN = constant("tissue", "min_mark_span_ratio")


class MarkReading(Struct, frozen=True):
    """A mark as range fraction. `this_session`: it shares its bias with the present reading."""

    range_fraction: float
    sd: float
    this_session: bool


def window_position(
    reading: Estimate, *, first: MarkReading, tolerance: MarkReading
) -> Estimate | None:
    """Position of a range fraction between the marks, not limited to 0..1.

    None where the marks lie in the other order or so close together that nothing fits between.
    """
    span = tolerance.range_fraction - first.range_fraction
    if span < _MIN_MARK_SPAN:
        return None
    position = (reading.mean - first.range_fraction) / span
    shared = sqrt(_SHARED_BIAS_RATIO) * reading.sd
    own_variance = (1.0 - _SHARED_BIAS_RATIO) * reading.sd**2
    for mark, weight in ((first, position - 1.0), (tolerance, -position)):
        error = weight * mark.sd
        if mark.this_session:
            shared += sqrt(_SHARED_BIAS_RATIO) * error
            own_variance += (1.0 - _SHARED_BIAS_RATIO) * error**2
        else:
            own_variance += error**2
    return Estimate(position, sqrt(shared**2 + own_variance) / span)


def window_for(windows: tuple[Window, ...], group: MuscleGroup, side: Side) -> Window:
    """The person's window of one muscle, or the general one (0.60 to 0.85, ceiling 0.90)."""
    for window in windows:
        if window.group is group and window.side is side:
            return window
    return Window(group, side)


def in_window(position: Estimate | None, window: Window) -> bool | None:
    """Whether the stretch is inside the window, edges included.

    None where it cannot be known: no position, or one with too wide an sd.
    """
    if position is None or position.sd > _KNOWN_POSITION_SD:
        return None
    return window.low <= position.mean <= window.high


def over_ceiling(position: Estimate | None, window: Window) -> bool | None:
    """Whether position + 1.64 sd passes the ceiling; None without a position.

    Unlike `in_window` this answers however wide the sd is: doubt counts against going further.
    """
    if position is None:
        return None
    return position.mean + _CEILING_SD_FACTOR * position.sd > window.ceiling
