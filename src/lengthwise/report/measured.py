"""The page of a session that was measured and not coached: what changed most."""

from collections.abc import Sequence
from math import radians

from lengthwise.contracts.coordinates import COORDINATES, Coordinate, Side
from lengthwise.contracts.muscles import GROUP_SIDES, MuscleGroup
from lengthwise.contracts.states import Estimate
from lengthwise.report import words
from lengthwise.report.body_drawing import Target
from lengthwise.report.html_page import section
from lengthwise.report.moments import (
    Drawings,
    measured_moments,
    movement_view,
)
from lengthwise.report.report_input import ReportInput
from lengthwise.report.series import Series, coordinate_series, muscle_series
from lengthwise.report.session_plots import (
    DOUBT,
    afterwards_note,
    angle_plots,
    muscle_figure,
    resisted,
    window_of,
)
from lengthwise.report.summary import measured_facts

_FIRST_ANGLES = 6
_FIRST_MUSCLES = 4
_LEAST_CHANGE_FRACTION = 0.03
_LEAST_CHANGE_RAD = radians(5.0)


def measured(session: ReportInput) -> tuple[list[str], Drawings]:
    """The parts of the page, and what is to be drawn at the place that they leave for it."""
    angles = _most_changed_angles(session)
    muscles = _most_changed_muscles(session)
    moved = angles[0][0] if angles else None
    targets = _muscle_beside([t for t, _ in muscles], moved)
    moments = measured_moments(session.afterwards, moved, targets)
    view = movement_view(moved, session.started.recording)
    drawn = Drawings(moments, (view,) * len(moments)) if session.anatomy else Drawings()
    plots = "".join(
        muscle_figure(session, t, (), window_of(session, t), large=False) for t, _ in muscles
    )
    known = sum(1 for c in COORDINATES if session.totals.claimed_ratio.get(c.value, 0.0) > 0)
    parts = [
        measured_facts(known, len(COORDINATES), _changed_words(angles, muscles)),
        section(
            "Key moments",
            drawn.place,
            note=(
                "The outlined muscle is one that changed much; it warms in colour as it lengthens. "
                if targets
                else ""
            )
            + "Fog lies where the position is not known. Head and arms are not measured.",
        ),
        section(
            "Angles that changed most",
            angle_plots(session, [c for c, _ in angles], ()),
            note=afterwards_note(session),
        ),
        section(
            "Muscles that changed most",
            f'<div class="plots">{plots}</div>' if plots else "",
            note=words.first_upper(DOUBT),
        ),
        section("What resisted", resisted(session, (), ())),
    ]
    return parts, drawn


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
