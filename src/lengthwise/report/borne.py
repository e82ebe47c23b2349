"""What low back and nerves bore over a session, as bands against the person's own standing."""

from collections.abc import Callable, Sequence
from html import escape

from lengthwise.contracts.session import FrameLogged
from lengthwise.contracts.states import Estimate
from lengthwise.report import words
from lengthwise.report.nerve_untold import NERVES, untold_html
from lengthwise.report.plots import BAND_SD, Mark, Plot, Scale, Tick, plot_html
from lengthwise.report.series import Series, estimate_series
from lengthwise.tissue.told import told_loads, told_strains

_PER_CENT = 100.0
_LEAST_KNOWN = 0.1
"""Share of the session; what was known for a moment only says nothing."""
_MENTIONED_S = 0.5
_LEAST_LOAD, _LEAST_STRAIN = 1.5, 0.03
"""Upper end of a plot at least: 1 and a half standings, 3 % of strain."""


def borne_html(
    frames: Sequence[FrameLogged],
    time_range_s: tuple[float, float],
    shades: tuple[tuple[float, float], ...],
) -> str:
    """Plots of what was known, folded away, and the nerves that concern the person and were not;
    empty where there is neither."""
    loads = [_load_plot(frames, i, time_range_s, shades) for i in range(2)]
    strains = [_strain_plot(frames, i, time_range_s, shades) for i in range(len(NERVES))]
    drawn = [p.series.known_ratio >= _LEAST_KNOWN for p in strains]
    untold = untold_html(frames, drawn)
    known = "".join(
        plot_html(p) for p in (*loads, *strains) if p.series.known_ratio >= _LEAST_KNOWN
    )
    if not known:
        return untold
    said = words.labels().borne
    return (
        f'{untold}<details><summary>{escape(said["summary"])}</summary><p class="note">'
        f'{escape(said["note"])}</p><div class="plots">{known}</div></details>'
    )


def _load_plot(
    frames: Sequence[FrameLogged],
    i: int,
    time_range_s: tuple[float, float],
    shades: tuple[tuple[float, float], ...],
) -> Plot:
    series = estimate_series(frames, lambda frame: told_loads(frame.tissue)[i])
    top = _top(series, _LEAST_LOAD)
    return _plot(
        words.labels().borne[("load_l4l5", "load_l5s1")[i]],
        series,
        Scale(*time_range_s, 0.0, top),
        _ticks((0.5, 1.0, 2.0, 4.0, 8.0), top, lambda v: "standing" if v == 1.0 else f"{v:g} ×"),
        shades,
        lambda e: f"{e.mean:.1f} (up to {e.mean + BAND_SD * e.sd:.1f}) × standing",
        unit=" ×",
        factor=1.0,
    )


def _strain_plot(
    frames: Sequence[FrameLogged],
    i: int,
    time_range_s: tuple[float, float],
    shades: tuple[tuple[float, float], ...],
) -> Plot:
    series = estimate_series(frames, lambda frame: told_strains(frame.tissue)[i])
    top = _top(series, _LEAST_STRAIN)
    low = min(0.0, (series.bounds(BAND_SD) or (0.0, 0.0))[0])
    name, side = NERVES[i]
    return _plot(
        words.labels().borne[f"{name}_{side.value}"],
        series,
        Scale(*time_range_s, low, top),
        _ticks(
            (0.0, 0.02, 0.04, 0.08),
            top,
            lambda v: "standing" if v == 0.0 else f"{_PER_CENT * v:.0f} %",
        ),
        shades,
        lambda e: _longer(e) if e.mean > 0.0 else "slack",
        unit=" %",
        factor=_PER_CENT,
    )


def _longer(strain: Estimate) -> str:
    """With how far it may reach: people's nerves run differently."""
    most = strain.mean + BAND_SD * strain.sd
    return f"{_PER_CENT * strain.mean:.1f} % longer (up to {_PER_CENT * most:.1f} %)"


def _plot(
    title: str,
    series: Series,
    scale: Scale,
    ticks: tuple[Tick, ...],
    shades: tuple[tuple[float, float], ...],
    said: Callable[[Estimate], str],
    *,
    unit: str,
    factor: float,
) -> Plot:
    top = series.at_extreme(True)
    return Plot(
        title=title,
        summary=_summary(series, said),
        series=series,
        scale=scale,
        ticks=ticks if series.known else (),
        shades=shades,
        mark=None if top is None else Mark(top[0], top[1].mean, said(top[1])),
        unit=unit,
        factor=factor,
        fog_word="not told",
    )


def _summary(series: Series, said: Callable[[Estimate], str]) -> str:
    """Never "at most": what could not be told may have been more."""
    top = series.at_extreme(True)
    if top is None:
        return "not known in this session"
    missing = sum(fog.end_s - fog.start_s for fog in series.fog)
    if missing < _MENTIONED_S:
        return said(top[1])
    return f"where it could be told {said(top[1])}; not told for {words.duration(missing)}"


def _top(series: Series, least: float) -> float:
    found = series.bounds(BAND_SD)
    return least if found is None else max(least, 1.1 * found[1])


def _ticks(values: tuple[float, ...], top: float, said: Callable[[float], str]) -> tuple[Tick, ...]:
    return tuple(Tick(value, said(value)) for value in values if value < 0.95 * top)
