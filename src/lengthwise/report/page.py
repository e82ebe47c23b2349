"""One session as one page of HTML that needs nothing else: no network, no script, no font.

`build_report` is a pure function of its input. Scripts only add a read-out under the pointer.
Pictures take much memory, and so do the frames that all else is written from: `write_page` and
`WrittenPage.drawn` are the same in two steps, between which the frames can be let go of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.decision import DecisionKind
from lengthwise.reference.exercises import Exercise
from lengthwise.report import words
from lengthwise.report.band_driven import band_driven_html
from lengthwise.report.body_drawing import DrawingSource
from lengthwise.report.borne import borne_html
from lengthwise.report.decisions import decisions_html
from lengthwise.report.evenness import evenness_html
from lengthwise.report.holds import Hold, holds, phase_spans
from lengthwise.report.how_far import how_far_html
from lengthwise.report.html_page import section, whole_page
from lengthwise.report.learnt import learnt_html
from lengthwise.report.measured import measured
from lengthwise.report.moments import (
    Drawings,
    coached_moments,
    exercise_view,
)
from lengthwise.report.not_seen import not_seen_table, set_aside
from lengthwise.report.report_input import ReportInput
from lengthwise.report.repositioned import repositioned_html
from lengthwise.report.session_plots import (
    afterwards_note,
    angle_plots,
    resisted,
    session_times,
    target_plots,
)
from lengthwise.report.summary import coached_facts, headline
from lengthwise.report.timeline import hold_rows, phase_strip


def build_report(session: ReportInput) -> str:
    """The whole page as HTML text."""
    return write_page(session).drawn(session.anatomy)


@dataclass(frozen=True)
class WrittenPage:
    """A page but for its pictures. Of the frames it holds those few that are drawn."""

    title: str
    body: str
    drawings: Drawings

    def drawn(self, anatomy: DrawingSource | None) -> str:
        """The whole page; `anatomy` the one that it was written with."""
        body = self.drawings.put_into(self.body, anatomy)
        return whole_page(self.title, body, look="style.css", script="readout.js")


def write_page(session: ReportInput) -> WrittenPage:
    """All that is written on it."""
    body = [_banners(session), f"<header>{_headline(session)}</header>", _stop(session)]
    drawings = Drawings()
    if not session.frames:
        body.append(_EMPTY)
    else:
        parts, drawings = (
            measured(session) if session.exercise is None else _coached(session, session.exercise)
        )
        body += parts
    body += _always(session)
    title = session.exercise.plain_name if session.exercise else "Measured session"
    return WrittenPage(title, "".join(body), drawings)


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


# --- a coached session ------------------------------------------------------------------------


def _coached(session: ReportInput, exercise: Exercise) -> tuple[list[str], Drawings]:
    found = holds(session.frames)
    side = session.started.config.side
    shades = tuple((h.start_s, h.end_s) for h in found)
    sides = list(dict.fromkeys(h.side for h in found)) or [side]
    moments = coached_moments(session.afterwards, exercise, found)
    views = tuple(exercise_view(exercise, m.side) for m in moments)
    drawn = Drawings(moments, views) if session.anatomy else Drawings()
    parts = [
        coached_facts(session.frames, session.decisions, session.totals, exercise, found, side),
        section(
            "Key moments",
            drawn.place,
            note="The muscle warms in colour as it lengthens. Fog lies where the position is not "
            "known. Head and arms are not measured; the head is drawn only for orientation.",
        ),
        section("Seconds", _seconds(session, found), name="seconds"),
        section("Tempo and smoothness", evenness_html(session.decisions), name="evenness"),
        section("The stretched muscle", target_plots(session, exercise, sides, shades)),
        section(
            words.labels().band["heading"],
            band_driven_html(session.band, session_times(session), shades),
            name="band",
        ),
        section("What resisted", resisted(session, found, _moved(exercise, sides))),
        section(
            "Angles",
            angle_plots(session, _relevant(exercise, sides), shades),
            note=afterwards_note(session),
        ),
    ]
    return parts, drawn


def _seconds(session: ReportInput, found: Sequence[Hold]) -> str:
    rows = hold_rows(found) or "<p>No hold was begun in this session.</p>"
    return phase_strip(phase_spans(session.frames), session_times(session)) + rows


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


# --- every session ----------------------------------------------------------------------------


def _always(session: ReportInput) -> list[str]:
    borne = borne_html(session.frames, session_times(session), ())
    table = not_seen_table(session.frames, session.totals.claimed_ratio) if session.frames else ""
    return [
        section(
            "How far",
            how_far_html(session.how_far, session.torque_window, session.ramp),
            name="how-far",
        ),
        section(
            words.labels().repositioned["heading"],
            repositioned_html(session.totals.repositioning),
            name="repositioned",
        ),
        section(words.labels().learnt["heading"], learnt_html(session.learning), name="learnt"),
        section("Low back and nerves", borne, name="borne"),
        section("What was seen, and what was not", table, name="unseen"),
        section("Readings set aside", set_aside(session.totals.rejections)),
        section("Decisions", decisions_html(session.decisions)),
        _limits(session),
        _footer(session),
    ]


def _limits(session: ReportInput) -> str:
    said = dict(words.labels().limits)
    if session.exercise is None:
        del said["defaults"]
    text = "".join(f"<p>{escape(sentence)}</p>" for sentence in said.values())
    return section("What this page can and cannot say", text, name="limits")


def _footer(session: ReportInput) -> str:
    started = session.started
    parts = [
        started.software,
        f"session {session.totals.session_id}",
        f"{session.totals.frames} frames",
    ]
    return f"<footer>{' · '.join(escape(p) for p in parts)}</footer>"
