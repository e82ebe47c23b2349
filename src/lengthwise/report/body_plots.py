"""What is plotted of a session: an angle with its directions in words, a muscle in its range."""

from collections.abc import Sequence
from math import ceil, degrees, floor, radians

from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.states import Estimate
from lengthwise.report import words
from lengthwise.report.plots import BAND_SD, Mark, Plot, Scale, Tick
from lengthwise.report.series import Series

_MENTIONED_FOG_S = 0.5
_LABEL_ROOM_RATIO = 0.16
_ANGLE_STEPS_DEG = (5, 10, 15, 20, 30, 45, 60, 90)
_ROOM_FOR_WORDS = 0.26
"""Room above and below the band, as share of its height: the words of a mark fit into it."""


def angle_plot(
    coordinate: Coordinate,
    series: Series,
    *,
    time_range_s: tuple[float, float],
    shades: tuple[tuple[float, float], ...],
    remark: str | None = None,
) -> Plot:
    """An angle in degrees with its directions in words."""
    low, high = _angle_range(series)
    scale = Scale(*time_range_s, radians(low), radians(high))
    plus, minus = words.direction_words(coordinate)
    never = words.never_shown(coordinate)
    mark = _furthest(coordinate, series)
    return Plot(
        title=words.coordinate_name(coordinate),
        summary=_angle_summary(coordinate, series),
        series=series,
        scale=scale,
        ticks=_angle_ticks(low, high, plus, minus) if series.known else (),
        shades=shades,
        mark=mark,
        unit="°",
        factor=degrees(1.0),
        remark=remark,
        fog_word=None if never is None else never.short,
    )


def _angle_range(series: Series) -> tuple[float, float]:
    found = series.bounds(BAND_SD)
    if found is None:
        return -10.0, 10.0
    low, high = degrees(found[0]), degrees(found[1])
    pad = max(3.0, _ROOM_FOR_WORDS * (high - low))
    middle, half = (low + high) / 2, max((high - low) / 2 + pad, 10.0)
    return middle - half, middle + half


def _angle_ticks(low: float, high: float, plus: str, minus: str) -> tuple[Tick, ...]:
    step = next((n for n in _ANGLE_STEPS_DEG if (high - low) / n <= 4), 180)
    inset = 0.06 * (high - low)
    values = [
        n * step
        for n in range(floor(low / step), ceil(high / step) + 1)
        if low + inset <= n * step <= high - inset
    ]
    return tuple(
        Tick(radians(v), f"{abs(v)}°{_way(v, values, plus, minus)}" if v else "0°") for v in values
    )


def _way(value: int, values: list[int], plus: str, minus: str) -> str:
    """The direction is written once on each side of zero, at the outermost line."""
    if value == max(values) and value > 0:
        return f" {plus}"
    if value == min(values) and value < 0:
        return f" {minus}"
    return ""


def _furthest(coordinate: Coordinate, series: Series) -> Mark | None:
    """The known point furthest from where the session began."""
    ends = [series.at_extreme(True), series.at_extreme(False)]
    if not series.runs or ends[0] is None or ends[1] is None:
        return None
    begin = float(series.runs[0].mean[0])
    t_s, estimate = max((e for e in ends if e is not None), key=lambda e: abs(e[1].mean - begin))
    return Mark(t_s, estimate.mean, words.angle(coordinate, estimate))


def _angle_summary(coordinate: Coordinate, series: Series) -> str:
    low, high = series.at_extreme(False), series.at_extreme(True)
    if low is None or high is None:
        return "not known in this session"
    least, most = words.angle(coordinate, low[1]), words.angle(coordinate, high[1])
    known = f"steady at {most}" if least == most else f"between {least} and {most}"
    return known + _fog_summary(series)


def _fog_summary(series: Series) -> str:
    """How long it was not known and why, for fog too narrow to carry its own words."""
    total = sum(fog.end_s - fog.start_s for fog in series.fog)
    if total < _MENTIONED_FOG_S:
        return ""
    longest = max(series.fog, key=lambda fog: fog.end_s - fog.start_s)
    why = words.unseen_short(longest.why) if longest.why is not None else "no reading"
    return f"; not known for {words.duration(total)}, {why}"


def muscle_plot(
    title: str,
    series: Series,
    *,
    time_range_s: tuple[float, float],
    shades: tuple[tuple[float, float], ...],
    window: tuple[float, float] | None,
    remark: str | None = None,
) -> Plot:
    """A range fraction, always on the whole range 0 to 1."""
    top = series.at_extreme(True)
    return Plot(
        title=title,
        summary=_muscle_summary(series, top),
        series=series,
        scale=Scale(*time_range_s, 0.0, 1.0),
        ticks=_range_ticks(window) if series.known else (),
        shades=shades,
        mark=Mark(top[0], top[1].mean, words.range_share(top[1])) if top else None,
        unit=" %",
        factor=100.0,
        window=window,
        remark=remark,
    )


def _range_ticks(window: tuple[float, float] | None) -> tuple[Tick, ...]:
    """Words for the range, without the one whose place the window's own label takes."""
    found = (Tick(0.03, "shortest"), Tick(0.5, "half"), Tick(0.97, "longest"))
    if window is None:
        return found
    middle = (window[0] + window[1]) / 2
    return tuple(t for t in found if abs(t.value - middle) > _LABEL_ROOM_RATIO)


def _muscle_summary(series: Series, top: tuple[float, Estimate] | None) -> str:
    if top is None:
        return "not known in this session"
    return f"reached {words.range_share(top[1])} of its range" + _fog_summary(series)


def nice_time_range(times: Sequence[float]) -> tuple[float, float]:
    """First and last time, at least a second apart."""
    if not times:
        return 0.0, 1.0
    return times[0], max(times[-1], times[0] + 1.0)
