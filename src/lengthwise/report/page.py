"""One session as one page of HTML that needs nothing else: no network, no script, no font.

`build_report` is a pure function of its input. Scripts only add a read-out under the pointer.
"""

from collections.abc import Sequence
from html import escape
from math import radians

from lengthwise.contracts.coordinates import COORDINATES, Coordinate, Side
from lengthwise.contracts.decision import DecisionKind
from lengthwise.contracts.muscles import GROUP_SIDES, MuscleGroup
from lengthwise.contracts.states import Estimate
from lengthwise.reference.exercises import Exercise
from lengthwise.report import words
from lengthwise.report.body_drawing import Target
from lengthwise.report.body_plots import angle_plot, muscle_plot, nice_time_range
from lengthwise.report.borne import borne_html
from lengthwise.report.decisions import decisions_html
from lengthwise.report.holds import Hold, holds, phase_spans
from lengthwise.report.how_far import how_far_html
from lengthwise.report.html_page import whole_page
from lengthwise.report.moments import (
    coached_moments,
    drawings_html,
    exercise_view,
    measured_moments,
    movement_view,
)
from lengthwise.report.not_seen import not_seen_table, set_aside, unseen_text
from lengthwise.report.plots import plot_html
from lengthwise.report.report_input import ReportInput
from lengthwise.report.resisted import resisted_html
from lengthwise.report.series import Series, coordinate_series, muscle_series
from lengthwise.report.summary import coached_facts, headline, measured_facts
from lengthwise.report.timeline import hold_rows, phase_strip
from lengthwise.report.window_band import window_band

_FIRST_ANGLES = 6
_FIRST_MUSCLES = 4
_LEAST_CHANGE_FRACTION = 0.03
_LEAST_CHANGE_RAD = radians(5.0)


def build_report(session: ReportInput) -> str:
    """The whole page as HTML text."""
    body = [_banners(session), f"<header>{_headline(session)}</header>", _stop(session)]
    if not session.frames:
        body.append(_EMPTY)
    elif session.exercise is not None:
        body += _coached(session, session.exercise)
    else:
        body += _measured(session)
    body += _always(session)
    title = session.exercise.plain_name if session.exercise else "Measured session"
    return whole_page(title, "".join(body), look="style.css", script="readout.js")


_EMPTY = (
    '<section class="calm"><p>No body was seen in this recording, so there is nothing to draw '
    "and no number to give.</p><p>A calm start: the whole body in the picture, two to three metres "
    "from the camera, light from the front.</p></section>"
)


def _banners(session: ReportInput) -> str:
    out = ""
    if session.totals.simulated:
        out += (
            '<p class="banner simulated"><b>Simulated person.</b> Nobody was measured: the '
            "movement and the sensors on this page were made up by a computer.</p>"
        )
    if not session.totals.complete:
        end = words.clock(session.ended.t_s if session.ended else session.totals.duration_s)
        out += (
            f'<p class="banner"><b>Cut short at {end}.</b> What was recorded before is kept and '
            "shown here.</p>"
        )
    return out


def _stop(session: ReportInput) -> str:
    """The words of a stop: what was noticed, what to do now, when to seek help."""
    stop = next((d for d in session.decisions if d.kind is DecisionKind.STOP), None)
    if stop is None:
        return ""
    said = escape(stop.text or words.reason_text("stop.person"))
    return f'<p class="banner"><b>Stopped at {words.clock(stop.t_s)}.</b> {said}</p>'


def _headline(session: ReportInput) -> str:
    return headline(session.started, session.totals, session.exercise)


def _section(heading: str, content: str, *, note: str = "", name: str = "") -> str:
    if not content:
        return ""
    small = f'<p class="note">{escape(note)}</p>' if note else ""
    return f'<section class="{name}"><h2>{escape(heading)}</h2>{small}{content}</section>'


def _times(session: ReportInput) -> tuple[float, float]:
    return nice_time_range([f.body.t_s for f in session.frames])


# --- a coached session ------------------------------------------------------------------------


def _coached(session: ReportInput, exercise: Exercise) -> list[str]:
    found = holds(session.frames)
    side = session.started.config.side
    shades = tuple((h.start_s, h.end_s) for h in found)
    sides = list(dict.fromkeys(h.side for h in found)) or [side]
    moments = coached_moments(session.afterwards, exercise, found)
    views = [exercise_view(exercise, m.side) for m in moments]
    pictures = drawings_html(moments, session.anatomy, views) if session.anatomy else ""
    return [
        coached_facts(session.frames, session.decisions, session.totals, exercise, found, side),
        _section(
            "Key moments",
            pictures,
            note="The muscle warms in colour as it lengthens. Fog lies where the position is not "
            "known. Head and arms are not measured; the head is drawn only for orientation.",
        ),
        _section("Seconds", _seconds(session, found), name="seconds"),
        _section("The stretched muscle", _target_plots(session, exercise, sides, shades)),
        _section("What resisted", _resisted(session, found, _moved(exercise, sides))),
        _section(
            "Angles",
            _angle_plots(session, _relevant(exercise, sides), shades),
            note=_afterwards(session),
        ),
    ]


def _seconds(session: ReportInput, found: Sequence[Hold]) -> str:
    rows = hold_rows(found) or "<p>No hold was begun in this session.</p>"
    return phase_strip(phase_spans(session.frames), _times(session)) + rows


def _resisted(session: ReportInput, found: Sequence[Hold], moved: Sequence[Coordinate]) -> str:
    return resisted_html(session.frames, _times(session), found, moved)


def _moved(exercise: Exercise, sides: Sequence[Side | None]) -> list[Coordinate]:
    """What the exercise moves, for the sides that were worked on."""
    return [
        motion.coordinate
        for side in sides
        for motion in (exercise.for_side(side) if side is not None else exercise).path
    ]


def _relevant(exercise: Exercise, sides: Sequence[Side | None]) -> list[Coordinate]:
    """Coordinates the exercise requires, moves or keeps, for the sides that were worked on."""
    wanted: dict[Coordinate, None] = {}
    for side in sides:
        written = exercise.for_side(side) if side is not None else exercise
        wanted |= dict.fromkeys(written.required)
        wanted |= dict.fromkeys(m.coordinate for m in written.path)
        wanted |= dict.fromkeys(c.coordinate for c in written.constraints)
    return list(wanted)


def _target_plots(
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
    bands = {t: _window_of(session, t) for t in (*targets, *around)}
    first = [_muscle_figure(session, t, shades, bands[t], large=True) for t in targets]
    rest = [
        _muscle_figure(session, t, shades, bands[t], large=False)
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


def _window_of(session: ReportInput, target: Target) -> tuple[float, float] | None:
    return window_band(session.frames, *target, session.started.person.windows)


_DOUBT = "the grey band around the line is doubt: the true value lies in it about 19 times in 20."


def _band_words(windowed: Sequence[bool]) -> str:
    """What the two bands of a muscle plot mean. `windowed`: per plot, whether it has a window."""
    if not any(windowed):
        return f"No window of yours was known, so none is drawn; {_DOUBT}"
    missing = "" if all(windowed) else " Where none stands, it was not known well enough to draw."
    return (
        "The level green band is your own window, between the first gentle pull and the most that "
        f"was comfortable; {_DOUBT}{missing}"
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


def _muscle_figure(
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
        time_range_s=_times(session),
        shades=shades,
        window=window,
    )
    return plot_html(plot, large=large)


def _afterwards(session: ReportInput) -> str:
    """That the angles are not quite those that were known live."""
    return words.labels().afterwards if session.smoothed else ""


def _angle_plots(
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
        time_range_s=_times(session),
        shades=shades,
        remark=None if series.known else unseen_text(coordinate, series.main_reason),
    )
    return plot_html(plot)


# --- a measured session -----------------------------------------------------------------------


def _measured(session: ReportInput) -> list[str]:
    angles = _most_changed_angles(session)
    muscles = _most_changed_muscles(session)
    moved = angles[0][0] if angles else None
    targets = _muscle_beside([t for t, _ in muscles], moved)
    moments = measured_moments(session.afterwards, moved, targets)
    view = movement_view(moved, session.started.recording)
    pictures = (
        drawings_html(moments, session.anatomy, [view] * len(moments)) if session.anatomy else ""
    )
    plots = "".join(
        _muscle_figure(session, t, (), _window_of(session, t), large=False) for t, _ in muscles
    )
    known = sum(1 for c in COORDINATES if session.totals.claimed_ratio.get(c.value, 0.0) > 0)
    return [
        measured_facts(known, len(COORDINATES), _changed_words(angles, muscles)),
        _section(
            "Key moments",
            pictures,
            note=(
                "The outlined muscle is one that changed much; it warms in colour as it lengthens. "
                if targets
                else ""
            )
            + "Fog lies where the position is not known. Head and arms are not measured.",
        ),
        _section(
            "Angles that changed most",
            _angle_plots(session, [c for c, _ in angles], ()),
            note=_afterwards(session),
        ),
        _section(
            "Muscles that changed most",
            f'<div class="plots">{plots}</div>' if plots else "",
            note=words.first_upper(_DOUBT),
        ),
        _section("What resisted", _resisted(session, (), ())),
    ]


def _muscle_beside(muscles: Sequence[Target], moved: Coordinate | None) -> tuple[Target, ...]:
    """The most changed muscle, of the side that moved where one of it is among them."""
    ending = moved.value[-2:] if moved is not None else ""
    beside = [t for t in muscles if f"_{t[1].value}" == ending]
    return tuple((beside or list(muscles))[:1])


def _most_changed_angles(session: ReportInput) -> list[tuple[Coordinate, Series]]:
    found = [(c, coordinate_series(session.afterwards, c)) for c in COORDINATES]
    known = [(c, s) for c, s in found if s.known and s.span() >= _LEAST_CHANGE_RAD]
    return sorted(known, key=lambda item: -item[1].span())[:_FIRST_ANGLES]


def _most_changed_muscles(session: ReportInput) -> list[tuple[Target, Series]]:
    found: list[tuple[tuple[MuscleGroup, Side], Series]] = [
        (t, muscle_series(session.frames, *t)) for t in GROUP_SIDES
    ]
    known = [(t, s) for t, s in found if s.known and s.span() >= _LEAST_CHANGE_FRACTION]
    return sorted(known, key=lambda item: -item[1].span())[:_FIRST_MUSCLES]


def _changed_words(
    angles: Sequence[tuple[Coordinate, Series]], muscles: Sequence[tuple[Target, Series]]
) -> list[tuple[str, str]]:
    out = []
    for coordinate, series in angles[:2]:
        low, high = series.at_extreme(False), series.at_extreme(True)
        if low and high:
            change = Estimate(high[1].mean - low[1].mean, (low[1].sd ** 2 + high[1].sd ** 2) ** 0.5)
            text = words.angle(coordinate, change).split("°")[0] + "°"
            out.append((text, f"change of {words.coordinate_name(coordinate).lower()}"))
    for (group, side), series in muscles[:1]:
        top = series.at_extreme(True)
        if top:
            name = words.muscle_place(group, side)
            out.append((words.range_share(top[1]), f"of its range: {name}"))
    return out


# --- every session ----------------------------------------------------------------------------


def _always(session: ReportInput) -> list[str]:
    borne = borne_html(session.frames, _times(session), ())
    table = not_seen_table(session.frames, session.totals.claimed_ratio) if session.frames else ""
    return [
        _section("How far", how_far_html(session.how_far, session.ramp), name="how-far"),
        _section("Low back and nerves", borne, name="borne"),
        _section("What was seen, and what was not", table, name="unseen"),
        _section("Readings set aside", set_aside(session.totals.rejections)),
        _section("Decisions", decisions_html(session.decisions)),
        _limits(session),
        _footer(session),
    ]


def _limits(session: ReportInput) -> str:
    said = dict(words.labels().limits)
    if session.exercise is None:
        del said["defaults"]
    text = "".join(f"<p>{escape(sentence)}</p>" for sentence in said.values())
    return _section("What this page can and cannot say", text, name="limits")


def _footer(session: ReportInput) -> str:
    started = session.started
    parts = [
        started.software,
        f"session {session.totals.session_id}",
        f"{session.totals.frames} frames",
    ]
    return f"<footer>{' · '.join(escape(p) for p in parts)}</footer>"
