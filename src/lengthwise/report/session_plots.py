"""Plots of one session, with what is said of their bands: muscles, angles, and what resisted."""

from collections.abc import Sequence
from html import escape

from lengthwise.contracts.coordinates import COORDINATES, Coordinate, Side
from lengthwise.reference.exercises import Exercise
from lengthwise.report import words
from lengthwise.report.body_drawing import Target
from lengthwise.report.body_plots import angle_plot, muscle_plot, nice_time_range
from lengthwise.report.holds import Hold
from lengthwise.report.not_seen import unseen_text
from lengthwise.report.plots import plot_html
from lengthwise.report.report_input import ReportInput
from lengthwise.report.resisted import resisted_html
from lengthwise.report.series import Series, coordinate_series, muscle_series
from lengthwise.report.window_band import window_band


def session_times(session: ReportInput) -> tuple[float, float]:
    return nice_time_range([f.body.t_s for f in session.frames])


def resisted(session: ReportInput, found: Sequence[Hold], moved: Sequence[Coordinate]) -> str:
    return resisted_html(session.frames, session_times(session), found, moved)


def target_plots(
    session: ReportInput,
    exercise: Exercise,
    sides: Sequence[Side | None],
    shades: tuple[tuple[float, float], ...],
) -> str:
    targets: dict[Target, None] = {}
    around: dict[Target, None] = {}
    for side in sides:
        written = exercise.for_side(side) if side is not None else exercise
        targets |= dict.fromkeys((t.group, t.side) for t in written.about)
        around |= dict.fromkeys((g, side or Side.LEFT) for g in exercise.region)
    bands = {t: window_of(session, t) for t in (*targets, *around)}
    first = [muscle_figure(session, t, shades, bands[t], large=True) for t in targets]
    rest = [
        muscle_figure(session, t, shades, bands[t], large=False)
        for t in around
        if t not in targets and muscle_series(session.frames, *t).known
    ]
    more = (
        f"<details><summary>The muscles around it</summary>"
        f'<div class="plots">{"".join(rest)}</div></details>'
        if rest
        else ""
    )
    known = [muscle_series(session.frames, *t).known for t in targets]
    said = _band_words([bands[t] is not None for t in targets]) if any(known) else ""
    if not all(known):
        said = f"{said} {_missing_words(session, exercise, sides)}".strip()
    note = f'<p class="note">{escape(said)}</p>' if said else ""
    return f'{note}<div class="plots">{"".join(first)}</div>{more}'


def window_of(session: ReportInput, target: Target) -> tuple[float, float] | None:
    return window_band(session.frames, *target, session.started.person.windows)


DOUBT = "the grey band around the line is doubt: the true value lies in it about 19 times in 20."


def _band_words(windowed: Sequence[bool]) -> str:
    """What the two bands of a muscle plot mean. `windowed`: per plot, whether it has a window."""
    if not any(windowed):
        return f"No window of yours was known, so none is drawn; {DOUBT}"
    missing = "" if all(windowed) else " Where none stands, it was not known well enough to draw."
    return (
        "The level green band is your own window, between the first gentle pull and the most that "
        f"was comfortable; {DOUBT}{missing}"
    )


def _missing_words(session: ReportInput, exercise: Exercise, sides: Sequence[Side | None]) -> str:
    """Which required angles keep the muscle from being known; empty where it is not they."""
    missing: dict[str, None] = {}
    for side in sides:
        written = exercise.for_side(side) if side is not None else exercise
        for coordinate in written.required:
            if session.totals.claimed_ratio.get(coordinate.value, 0.0) < 0.5:
                missing[words.coordinate_name(coordinate).lower()] = None
    if not missing:
        return ""
    return f"To know this muscle, these must be seen: {words.joined_words(list(missing))}."


def muscle_figure(
    session: ReportInput,
    target: Target,
    shades: tuple[tuple[float, float], ...],
    window: tuple[float, float] | None,
    *,
    large: bool,
) -> str:
    group, side = target
    series = muscle_series(session.frames, group, side)
    place = words.first_upper(words.muscle_place(group, side))
    plot = muscle_plot(
        f"{place} ({words.muscle_name(group, side)})",
        series,
        time_range_s=session_times(session),
        shades=shades,
        window=window,
    )
    return plot_html(plot, large=large)


def afterwards_note(session: ReportInput) -> str:
    """That the angles are not quite those that were known live."""
    return words.labels().afterwards if session.smoothed else ""


def angle_plots(
    session: ReportInput,
    wanted: Sequence[Coordinate],
    shades: tuple[tuple[float, float], ...],
) -> str:
    """The wanted angles first, in fog where not known; all other known ones folded away."""
    series = {c: coordinate_series(session.afterwards, c) for c in COORDINATES}
    first = [_angle_figure(session, c, series[c], shades) for c in wanted]
    others = [c for c in COORDINATES if c not in wanted and series[c].known]
    rest = "".join(_angle_figure(session, c, series[c], shades) for c in others)
    more = (
        f'<details><summary>The other angles</summary><div class="plots">{rest}</div></details>'
        if rest
        else ""
    )
    if not first and not rest:
        return ""
    return f'<div class="plots">{"".join(first)}</div>{more}'


def _angle_figure(
    session: ReportInput,
    coordinate: Coordinate,
    series: Series,
    shades: tuple[tuple[float, float], ...],
) -> str:
    plot = angle_plot(
        coordinate,
        series,
        time_range_s=session_times(session),
        shades=shades,
        remark=None if series.known else unseen_text(coordinate, series.main_reason),
    )
    return plot_html(plot)
