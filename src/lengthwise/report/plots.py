"""Plots of one quantity over time: a thin line, its doubt as a band, fog where it is not known.

The line is SVG stretched to its box; words stand beside it as HTML, so that they keep their size
on a phone. Percentages place everything, no script is needed.
"""

from dataclasses import dataclass
from html import escape
from math import ceil

import numpy as np

from lengthwise.report import words
from lengthwise.report.series import Fog, Run, Series

BAND_SD = 1.96
"""Half width of the band: it holds the true value about 19 times in 20."""

_BOX = 1000.0
_PHONE_FIELD_PX = (292.0, 150.0)
"""The box of a plot on a phone 390 px wide, the narrowest that a label is placed for."""
_MARK_LETTER_PX = 8.0
_MARK_HEIGHT_PX = 17.0
_MARK_GAP_PX = 8.0
_TIME_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)


@dataclass(frozen=True)
class Tick:
    value: float
    label: str


@dataclass(frozen=True)
class Scale:
    """Time and value ranges of one plot, onto percent of its box."""

    start_s: float
    end_s: float
    low: float
    high: float

    def x(self, t_s: float) -> float:
        return 100.0 * (t_s - self.start_s) / max(self.end_s - self.start_s, 1e-9)

    def y(self, value: float) -> float:
        return 100.0 * (self.high - value) / max(self.high - self.low, 1e-9)


@dataclass(frozen=True)
class Mark:
    """A point worth naming on the line."""

    t_s: float
    value: float
    label: str


@dataclass(frozen=True)
class Plot:
    """One plot with its words. `shades`: holds (start, end); `window`: low and high, or None.

    `factor` turns values into `unit`; `fog_word` stands in the fog in place of its reason.
    `beside`: another quantity in the same unit, dashed and without doubt.
    """

    title: str
    summary: str
    series: Series
    scale: Scale
    ticks: tuple[Tick, ...]
    shades: tuple[tuple[float, float], ...]
    mark: Mark | None
    unit: str
    factor: float
    window: tuple[float, float] | None = None
    remark: str | None = None
    fog_word: str | None = None
    beside: Series | None = None


def plot_html(plot: Plot, *, large: bool = False) -> str:
    """The figure. Every text is escaped here."""
    s = plot.scale
    parts = [
        *(_shade(s, a, b) for a, b in plot.shades),
        _window(s, plot.window),
        *(_tick(s, tick) for tick in plot.ticks),
        _svg(plot),
        *(_fog(s, fog, plot.fog_word) for fog in plot.series.fog),
        _mark(s, plot.mark, plot.series),
    ]
    remark = f'<p class="remark">{escape(plot.remark)}</p>' if plot.remark else ""
    kind = " unknown" if not plot.series.known else " large" if large else ""
    return (
        f'<figure class="plot{kind}">'
        f"<figcaption><b>{escape(plot.title)}</b> <span>{escape(plot.summary)}</span></figcaption>"
        f'<div class="field"{_readout_data(plot)}>{"".join(parts)}</div>'
        f'<div class="axis">{time_axis(s)}</div>{remark}</figure>'
    )


def time_axis(scale: Scale) -> str:
    """Times below a plot, three to seven of them."""
    length = max(scale.end_s - scale.start_s, 1e-9)
    step = next((n for n in _TIME_STEPS_S if length / n <= 6), _TIME_STEPS_S[-1])
    first = ceil(scale.start_s / step) * step
    ticks = np.arange(first, scale.end_s + 1e-6, step)
    return "".join(_time_tick(scale, float(t)) for t in ticks[:40])


def _time_tick(scale: Scale, t_s: float) -> str:
    x = scale.x(t_s)
    edge = ' class="first"' if x < 4 else ' class="last"' if x > 96 else ""
    return f'<span{edge} style="left:{x:.2f}%">{words.clock(t_s)}</span>'


def _shade(scale: Scale, start_s: float, end_s: float) -> str:
    left = scale.x(start_s)
    return f'<i class="shade" style="left:{left:.2f}%;width:{scale.x(end_s) - left:.2f}%"></i>'


def _window(scale: Scale, window: tuple[float, float] | None) -> str:
    if window is None:
        return ""
    top, bottom = scale.y(window[1]), scale.y(window[0])
    style = f"top:{top:.2f}%;height:{bottom - top:.2f}%"
    return f'<i class="window" style="{style}"><b>your window</b></i>'


def _tick(scale: Scale, tick: Tick) -> str:
    style = f"top:{scale.y(tick.value):.2f}%"
    return f'<i class="tick" style="{style}"><b>{escape(tick.label)}</b></i>'


def _fog(scale: Scale, fog: Fog, word: str | None) -> str:
    left, right = max(scale.x(fog.start_s), 0.0), min(scale.x(fog.end_s), 100.0)
    why = word or (words.unseen_short(fog.why) if fog.why is not None else "no reading")
    style = f"left:{left:.2f}%;width:{right - left:.2f}%"
    return f'<i class="fog" title="{escape(why)}" style="{style}"><b>{escape(why)}</b></i>'


def _mark(scale: Scale, mark: Mark | None, series: Series) -> str:
    """The point and its words, which stand clear of the line and its band."""
    if mark is None:
        return ""
    x, y = scale.x(mark.t_s), scale.y(mark.value)
    place = label_place(scale, mark, series)
    side, away = ("left", x) if place.after else ("right", 100.0 - x)
    width_px = _MARK_LETTER_PX * len(mark.label) + _MARK_GAP_PX
    # Never beyond the box: where the words are longer than what is left, they begin earlier.
    begin = f"max(0px,min({away:.2f}% + {_MARK_GAP_PX:.0f}px,100% - {width_px:.0f}px))"
    return (
        f'<i class="mark" style="left:{x:.2f}%;top:{y:.2f}%"></i>'
        f'<b class="said" style="{side}:{begin};top:{place.top:.1f}%">{escape(mark.label)}</b>'
    )


@dataclass(frozen=True)
class LabelPlace:
    """Where the words of a mark stand: `after` the point in time, or before it; `top` and `bottom`
    in percent of the box.
    """

    after: bool
    top: float
    bottom: float


def label_place(scale: Scale, mark: Mark, series: Series) -> LabelPlace:
    """Where the words of a mark hide nothing of the band, as near to the point as that allows.

    Reckoned for the narrowest box, where words cover the most time. Where no place is free, the
    edge of the box that is farther from the band.
    """
    reach = 100.0 * (_MARK_LETTER_PX * len(mark.label) + 2 * _MARK_GAP_PX) / _PHONE_FIELD_PX[0]
    height = 100.0 * _MARK_HEIGHT_PX / _PHONE_FIELD_PX[1]
    gap = 100.0 * _MARK_GAP_PX / _PHONE_FIELD_PX[1]
    x, y = scale.x(mark.t_s), scale.y(mark.value)
    free: list[LabelPlace] = []
    edges: list[tuple[float, LabelPlace]] = []
    for after in (x <= 50, x > 50):
        begin = max(min(x, 100.0 - reach), 0.0) if after else max(x - reach, 0.0)
        top, bottom = _band_between(scale, series, begin, begin + reach)
        over, under = top - gap - height, bottom + gap
        free += [
            LabelPlace(after, place, place + height)
            for place in (over, under)
            if 0.0 <= place <= 100.0 - height
        ]
        edges += [
            (top, LabelPlace(after, 0.0, height)),
            (100.0 - bottom, LabelPlace(after, 100.0 - height, 100.0)),
        ]
    if free:
        return min(free, key=lambda place: abs(place.top + height / 2 - y))
    return max(edges, key=lambda edge: edge[0])[1]


def _band_between(scale: Scale, series: Series, begin: float, end: float) -> tuple[float, float]:
    """Highest and lowest edge of the band between two places of the time axis, all in percent."""
    tops, bottoms = [100.0], [0.0]
    for run in series.runs:
        within = [begin <= scale.x(float(t)) <= end for t in run.t_s]
        if any(within):
            half = BAND_SD * run.sd[within]
            tops.append(scale.y(float((run.mean[within] + half).max())))
            bottoms.append(scale.y(float((run.mean[within] - half).min())))
    return max(min(tops), 0.0), min(max(bottoms), 100.0)


def _svg(plot: Plot) -> str:
    bands = "".join(_band_path(plot.scale, run) for run in plot.series.runs)
    lines = "".join(_line_path(plot.scale, run) for run in plot.series.runs)
    other = "".join(_line_path(plot.scale, run) for run in plot.beside.runs) if plot.beside else ""
    dashed = f'<path class="beside" d="{other}"/>' if other else ""
    name = escape(f"{plot.title}: {plot.summary}", quote=True)
    return (
        f'<svg viewBox="0 0 {_BOX:.0f} {_BOX:.0f}" preserveAspectRatio="none" role="img"'
        f' aria-label="{name}">'
        f'<path class="band" d="{bands}"/>{dashed}<path class="line" d="{lines}"/></svg>'
    )


def _points(scale: Scale, t_s: np.ndarray, value: np.ndarray) -> list[str]:
    clipped = np.clip(value, scale.low, scale.high)
    factor = _BOX / 100.0
    return [
        f"{scale.x(float(t)) * factor:.0f} {scale.y(float(v)) * factor:.0f}"
        for t, v in zip(t_s, clipped, strict=True)
    ]


def _line_path(scale: Scale, run: Run) -> str:
    """Each run its own stroke: what was not known is never bridged."""
    points = _points(scale, run.t_s, run.mean)
    if len(points) == 1:
        return f"M{points[0]}h3"
    return f"M{'L'.join(points)}"


def _band_path(scale: Scale, run: Run) -> str:
    if len(run.t_s) == 1:
        return ""
    upper = _points(scale, run.t_s, run.mean + BAND_SD * run.sd)
    lower = _points(scale, run.t_s, run.mean - BAND_SD * run.sd)
    return f"M{'L'.join(upper)}L{'L'.join(reversed(lower))}Z"


def _readout_data(plot: Plot) -> str:
    """Known points for the read-out under the pointer: "t,value,half band" in whole units."""
    points = [
        f"{t:.1f},{round(m * plot.factor)},{round(BAND_SD * s * plot.factor)}"
        for run in plot.series.runs
        for t, m, s in zip(run.t_s, run.mean, run.sd, strict=True)
    ]
    thinned = points[:: max(1, len(points) // 250)]
    start, end = plot.scale.start_s, plot.scale.end_s
    return (
        f' data-from="{start:.2f}" data-to="{end:.2f}" data-unit="{escape(plot.unit)}"'
        f' data-points="{";".join(thinned)}"'
    )
