"""Where a stretch stands between a person's two marks: the one place that decides it.

Feedback, score and report all ask here, so that they can never disagree.

With the reading f and the marks f1 (first resistance) and fT (tolerance), all range fractions,

    position p = (f - f1) / (fT - f1):  0 at first resistance, 1 at tolerance.

Errors enter as dp (fT - f1) = df - (1 - p) df1 - p dfT. What was marked in this session was read
by the same sensors in the same set-up, so it shares the slow part of its error with the reading,
and that part cancels as far as the weights let it. The body estimate says how large the rest is
(`own_sd`); where it does not, `shared_bias_ratio` of the variance is taken as shared.
"""

from math import sqrt

from msgspec import Struct

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import Window
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant

SHARED_BIAS_RATIO = constant("tissue", "shared_bias_ratio")
_KNOWN_POSITION_SD = constant("tissue", "known_position_sd")
_CEILING_SD_FACTOR = constant("tissue", "ceiling_sd_factor")
_MIN_MARK_SPAN = constant("tissue", "min_mark_span_ratio")


class MarkReading(Struct, frozen=True):
    """A mark as range fraction. `this_session`: it shares its bias with the present reading.

    `own_sd`: the part of `sd` that is not shared with other readings of its session.
    """

    range_fraction: float
    sd: float
    this_session: bool
    own_sd: float | None = None


def own_part(sd: float, own_sd: float | None) -> float:
    """The unshared part of an sd, never more than the whole."""
    return sqrt(1.0 - SHARED_BIAS_RATIO) * sd if own_sd is None else min(own_sd, sd)


def tolerance_today(
    first_now: MarkReading, *, first_then: MarkReading, tolerance_then: MarkReading
) -> MarkReading:
    """Tolerance of another day, carried over to today's reading by the first resistance.

    Both marks of that day shared their bias, so their distance is surer than either. Today's first
    resistance says where it begins, and only downwards: no re-marking lifts the ceiling.
    """
    shift = min(first_now.range_fraction - first_then.range_fraction, 0.0)
    own = sqrt(
        own_part(first_now.sd, first_now.own_sd) ** 2
        + own_part(first_then.sd, first_then.own_sd) ** 2
        + own_part(tolerance_then.sd, tolerance_then.own_sd) ** 2
    )
    whole = max(own, first_now.sd)
    return MarkReading(tolerance_then.range_fraction + shift, whole, True, own)


def window_position(
    reading: Estimate,
    *,
    first: MarkReading,
    tolerance: MarkReading,
    own_sd: float | None = None,
) -> Estimate | None:
    """Position of a range fraction between the marks, not limited to 0..1.

    `own_sd`: the part of the reading's sd that other readings of the session do not share.
    None where the marks lie in the other order or so close together that nothing fits between.
    """
    span = tolerance.range_fraction - first.range_fraction
    if span < _MIN_MARK_SPAN:
        return None
    position = (reading.mean - first.range_fraction) / span
    own = own_part(reading.sd, own_sd)
    shared, own_variance = sqrt(reading.sd**2 - own**2), own**2
    for mark, weight in ((first, position - 1.0), (tolerance, -position)):
        if mark.this_session:
            own = own_part(mark.sd, mark.own_sd)
            shared += weight * sqrt(mark.sd**2 - own**2)
            own_variance += (weight * own) ** 2
        else:
            own_variance += (weight * mark.sd) ** 2
    return Estimate(position, sqrt(shared**2 + own_variance) / span)


def numeric(position: Estimate | None) -> Estimate | None:
    """The position if it is sure enough (`known_position_sd`) to be a numeric window, else None.

    With a wider sd the ceiling (mean + 1.64 sd below 0.90) leaves no room inside 0.60 to 0.85: a
    person could only be eased away, so the first gentle pull leads instead.
    """
    return position if position is not None and position.sd <= _KNOWN_POSITION_SD else None


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
