"""What a motorised band did in a session: how strongly it pulled and was led to pull, how long, how
much of that in the personal window, and each time it let go with why."""

from collections.abc import Sequence
from html import escape

import numpy as np
from msgspec import Struct

from lengthwise.report import words
from lengthwise.report.plots import Mark, Plot, Scale, Tick, plot_html
from lengthwise.report.series import Run, Series

_STEPS_N = (5.0, 10.0, 20.0, 50.0, 100.0)
_GAP_S = 1.0
"""Readings further apart are not joined."""
_MOST_TOLD = 12


class BandRelease(Struct, frozen=True):
    """`why`: ids of `band.signals.Cause`."""

    t_s: float
    why: tuple[str, ...]


class BandMoment(Struct, frozen=True):
    """One reading: measured, and led to at that time, 0 where it was released."""

    t_s: float
    force_n: float
    led_n: float


class BandReport(Struct, frozen=True):
    """Seconds: `pulled_s` in all, `by_force_s` of them with the position not known. Of the time in
    which it pulled within a hold: `held_s`, `in_window_s` surely in the personal window, `unsure_s`
    where that was not known. `rmse_n` of the measured pull over what was led to, once the pull was
    reached; `most_n` measured while it pulled, `commanded_n` the most that was asked. `course`:
    thinned, in order of time."""

    name: str
    cap_n: float
    pulled_s: float
    by_force_s: float
    held_s: float
    in_window_s: float
    unsure_s: float
    rmse_n: float | None
    most_n: float | None
    commanded_n: float
    releases: tuple[BandRelease, ...]
    course: tuple[BandMoment, ...] = ()

    def summary(self) -> dict[str, object]:
        """As `summary.json` has it."""
        rounded = {
            name: round(value, 2) if isinstance(value, float) else value
            for name, value in (
                ("pulled_s", self.pulled_s), ("by_force_s", self.by_force_s),
                ("held_s", self.held_s), ("in_window_s", self.in_window_s),
                ("unsure_s", self.unsure_s), ("rmse_n", self.rmse_n), ("most_n", self.most_n),
                ("commanded_n", self.commanded_n), ("cap_n", self.cap_n),
            )
        }  # fmt: skip
        told = [{"t_s": round(r.t_s, 2), "why": list(r.why)} for r in self.releases]
        return {"band": {"device": self.name, **rounded, "releases": told}}


def band_driven_html(
    band: BandReport | None,
    time_range_s: tuple[float, float],
    shades: Sequence[tuple[float, float]],
) -> str:
    """The pull over time, and what it comes to; empty where no band was to be driven."""
    if band is None:
        return ""
    said = words.labels().band
    lines = [said["none"]] if band.pulled_s <= 0.0 else _lines(band, said)
    told = "".join(f"<li>{escape(line)}</li>" for line in lines)
    plot = _plot(band, time_range_s, shades)
    drawn = "" if plot is None else f'<div class="plots">{plot_html(plot)}</div>'
    return f"{drawn}<ul>{told}</ul>{_releases(band, said)}"


def release_words(why: Sequence[str]) -> str:
    """Why it let go, in words; a cause of a later version by its name."""
    said = words.labels().band
    told = (said.get(f"why_{cause}", cause.replace("_", " ")) for cause in why)
    return ", ".join(told) or said["why_rest"]


def _lines(band: BandReport, said: dict[str, str]) -> list[str]:
    most = band.commanded_n if band.most_n is None else band.most_n
    lines = [
        said["pulled"].format(
            seconds=f"{band.pulled_s:.0f}", most=f"{most:.0f}", cap=f"{band.cap_n:g}"
        )
    ]
    if band.held_s > 0.0:
        lines.append(
            said["held"].format(
                held=f"{band.held_s:.0f}",
                inside=f"{band.in_window_s:.0f}",
                unsure=f"{band.unsure_s:.0f}",
            )
        )
    if band.rmse_n is not None:
        lines.append(said["steady"].format(rmse=f"{band.rmse_n:.1f}"))
    if band.by_force_s > 0.0:
        lines.append(said["by_force"].format(seconds=f"{band.by_force_s:.1f}"))
    return lines


def _releases(band: BandReport, said: dict[str, str]) -> str:
    if not band.releases:
        return ""
    told = [f"{words.clock(r.t_s)}: {release_words(r.why)}" for r in band.releases[:_MOST_TOLD]]
    left = len(band.releases) - len(told)
    if left:
        told.append(said["more"].format(count=left))
    items = "".join(f"<li>{escape(line)}</li>" for line in told)
    return f"<p>{escape(said['let_go'])}</p><ul>{items}</ul>"


def _plot(
    band: BandReport, time_range_s: tuple[float, float], shades: Sequence[tuple[float, float]]
) -> Plot | None:
    said, course = words.labels().band, band.course
    if not course:
        return None
    t_s = np.array([m.t_s for m in course])
    measured = _series(t_s, np.array([m.force_n for m in course]))
    # What somebody else pulled on a band at rest is drawn and is not its pull.
    pulling = [m for m in course if m.led_n > 0.0] or course
    highest = max(pulling, key=lambda m: m.force_n)
    top = 1.2 * max(1.0, *(max(m.force_n, m.led_n) for m in course))
    step = next((s for s in _STEPS_N if top / s <= 4.0), _STEPS_N[-1])
    return Plot(
        title=said["plot"],
        summary=said["plot_summary"],
        series=measured,
        scale=Scale(*time_range_s, 0.0, top),
        ticks=tuple(Tick(v, f"{v:g} N") for v in np.arange(0.0, 0.95 * top, step).tolist()),
        shades=tuple(shades),
        mark=Mark(highest.t_s, highest.force_n, f"{highest.force_n:.0f} N"),
        unit=" N",
        factor=1.0,
        beside=_series(t_s, np.array([m.led_n for m in course])),
    )


def _series(t_s: np.ndarray, values: np.ndarray) -> Series:
    """A reading is shown as it was measured, without doubt of its own."""
    cuts = np.flatnonzero(np.diff(t_s) > _GAP_S) + 1
    parts = zip(np.split(t_s, cuts), np.split(values, cuts), strict=True)
    runs = tuple(Run(t, v, np.zeros(len(t))) for t, v in parts)
    return Series(runs, (), 1.0, None)
