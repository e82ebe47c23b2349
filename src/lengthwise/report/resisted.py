"""What the person's own marked muscles resisted with, by the model: about which joint, how surely.

Worked out from personal marks, never measured, and so told as "about"; how it changes while a
posture is held is surer than how much it is.
"""

from collections.abc import Sequence
from html import escape

import numpy as np

from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.muscles import GROUP_SIDES
from lengthwise.contracts.session import FrameLogged
from lengthwise.contracts.states import TORQUE_COORDINATES, Estimate
from lengthwise.report import words
from lengthwise.report.holds import Hold
from lengthwise.report.plots import BAND_SD, Mark, Plot, Scale, Tick, plot_html
from lengthwise.report.series import Series, estimate_series
from lengthwise.tissue.told import told_torques

_LEAST_KNOWN = 0.05
"""Share of the session; what was known for a moment only says nothing."""
_LEAST_NM = 1.0
_ENDS_S = 2.0
"""How much of the beginning and of the end of a hold its two figures are taken over."""
_LEAST_HOLD_S = 3.0 * _ENDS_S
_STEPS_NM = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)


def resisted_html(
    frames: Sequence[FrameLogged],
    time_range_s: tuple[float, float],
    holds: Sequence[Hold],
    wanted: Sequence[Coordinate] = (),
) -> str:
    """One plot per joint with its holds below; empty where nothing was told.

    `wanted`: what the exercise moves; none of them among the joints: all joints.
    """
    joints = [c for c in TORQUE_COORDINATES if c in wanted] or list(TORQUE_COORDINATES)
    found = [(c, _resisting(frames, c)) for c in joints]
    shades = tuple((h.start_s, h.end_s) for h in holds)
    parts = []
    for coordinate, series in found:
        top = series.at_extreme(True)
        if top is None or top[1].mean < _LEAST_NM or series.known_ratio < _LEAST_KNOWN:
            continue
        plot = plot_html(_plot(frames, coordinate, series, time_range_s, shades))
        parts.append(f"<div>{plot}{_holds_said(series, holds)}</div>")
    if not parts:
        return ""
    said = words.labels().resisted
    return f'<p class="note">{escape(said["note"])}</p><div class="plots">{"".join(parts)}</div>'


def _way(frames: Sequence[FrameLogged], i: int) -> float:
    """1 where the muscles mostly pull in the coordinate's positive sense, else -1."""
    told = [e.mean for frame in frames if (e := told_torques(frame.tissue)[i]) is not None]
    return -1.0 if told and max(told, key=abs) < 0.0 else 1.0


def _resisting(frames: Sequence[FrameLogged], coordinate: Coordinate) -> Series:
    """Torque in the sense in which the marked muscles pull, N.m."""
    i = TORQUE_COORDINATES.index(coordinate)
    way = _way(frames, i)

    def at(frame: FrameLogged) -> Estimate | None:
        told = told_torques(frame.tissue)[i]
        return None if told is None else Estimate(way * told.mean, told.sd)

    return estimate_series(frames, at)


def _plot(
    frames: Sequence[FrameLogged],
    coordinate: Coordinate,
    series: Series,
    time_range_s: tuple[float, float],
    shades: tuple[tuple[float, float], ...],
) -> Plot:
    i = TORQUE_COORDINATES.index(coordinate)
    plus, minus = words.direction_words(coordinate)
    towards = plus if _way(frames, i) > 0.0 else minus
    name = words.coordinate_name(coordinate)
    bounds, highest = series.bounds(BAND_SD), series.at_extreme(True)
    assert bounds is not None and highest is not None, "only known series are drawn"
    top = max(1.25 * bounds[1], _LEAST_NM)
    step = next((s for s in _STEPS_NM if top / s <= 4.0), _STEPS_NM[-1])
    ticks = [Tick(v, f"{v:g} N·m") for v in np.arange(0.0, 0.95 * top, step).tolist()]
    label = f"about {_number(highest[1].mean)} N·m"
    return Plot(
        title=f"{name}: pulled towards “{towards}”",
        summary=f"by {_muscles(frames, i)}; {label} at the most that could be told",
        series=series,
        scale=Scale(*time_range_s, 0.0, top),
        ticks=tuple(ticks),
        shades=shades,
        mark=Mark(highest[0], highest[1].mean, label),
        unit=" N·m",
        factor=1.0,
        fog_word="not told",
    )


def _muscles(frames: Sequence[FrameLogged], i: int) -> str:
    counted = next(f.tissue.torque.counted[i] for f in frames if f.tissue.torque is not None)
    return words.joined_words(
        [
            words.muscle_name(*muscle)
            for muscle, is_in in zip(GROUP_SIDES, counted, strict=True)
            if is_in
        ]
    )


def _holds_said(series: Series, holds: Sequence[Hold]) -> str:
    """What it was at the beginning and at the end of each hold that it was told in."""
    lines = []
    for hold in holds:
        first = _mean(series, hold.start_s, hold.start_s + _ENDS_S)
        last = _mean(series, hold.end_s - _ENDS_S, hold.end_s)
        if hold.end_s - hold.start_s < _LEAST_HOLD_S or first is None or last is None:
            continue
        side = f"{words.side_word(hold.side)} " if hold.side else ""
        name = words.first_upper(f"{side}hold {hold.repetition}")
        # More at the end is a deeper stretch, and says nothing of what the tissue did.
        eased = round(100.0 * (1.0 - last / first)) if first >= _LEAST_NM else 0
        change = f": eased by {eased} %" if eased > 0 else ""
        said = f"{_number(first)} N·m at its beginning, {_number(last)} at its end"
        lines.append(f"{name}: {said}{change}")
    if not lines:
        return ""
    return f'<ul class="note">{"".join(f"<li>{escape(line)}</li>" for line in lines)}</ul>'


def _mean(series: Series, start_s: float, end_s: float) -> float | None:
    within = [
        float(m)
        for run in series.runs
        for t, m in zip(run.t_s, run.mean, strict=True)
        if start_s <= t <= end_s
    ]
    return sum(within) / len(within) if within else None


def _number(nm: float) -> str:
    """Two figures: more would be a claim."""
    return f"{nm:.1f}" if nm < 9.95 else f"{nm:.0f}"
