"""The session as a strip of phases, and each hold as a bar of seconds that counted or did not."""

from collections.abc import Sequence
from html import escape

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Phase
from lengthwise.report import words
from lengthwise.report.holds import Counted, Hold, PhaseSpan, Piece
from lengthwise.report.plots import Scale, time_axis

_MENTIONED_S = 0.5
_WRITTEN_S = 5.0


def phase_strip(spans: Sequence[PhaseSpan], time_range_s: tuple[float, float]) -> str:
    """All phases on one line of time."""
    if not spans:
        return ""
    scale = Scale(*time_range_s, 0.0, 1.0)
    blocks = "".join(_phase_block(scale, span) for span in spans)
    return (
        f'<div class="strip" role="img" aria-label="{escape(_strip_text(spans))}">{blocks}</div>'
        f'<div class="axis">{time_axis(scale)}</div>'
    )


def _phase_block(scale: Scale, span: PhaseSpan) -> str:
    left, right = scale.x(span.start_s), scale.x(span.end_s)
    name = words.labels().phase[span.phase.value]
    length = words.duration(span.end_s - span.start_s)
    side = f"{words.side_word(span.side)} " if span.side and span.phase is Phase.HOLD else ""
    return (
        f'<i class="phase {span.phase.value}" title="{name}, {length}"'
        f' style="left:{left:.2f}%;width:{max(right - left, 0.2):.2f}%"><b>{side}{name}</b></i>'
    )


def _strip_text(spans: Sequence[PhaseSpan]) -> str:
    return "; ".join(
        f"{words.labels().phase[s.phase.value]} from {words.clock(s.start_s)}" for s in spans
    )


def hold_rows(found: Sequence[Hold]) -> str:
    """One bar per repetition and side, all to the same scale of seconds."""
    if not found:
        return ""
    longest = max(max(h.end_s - h.start_s, h.target_s) for h in found)
    rows = [_hold_row(hold, longest, first=k == 0) for k, hold in enumerate(found)]
    return f'<ol class="holds">{"".join(rows)}</ol>{_KEY}'


_KEY = (
    '<p class="key"><span><i class="piece effective"></i>counted</span>'
    '<span><i class="piece uncertain likely"></i>likely in your window</span>'
    '<span><i class="piece uncertain"></i>held, but not knowable</span>'
    '<span><i class="piece waiting"></i>the clock waited</span></p>'
)


def hold_name(side: Side | None, repetition: int) -> str:
    return f"{words.first_upper(words.side_word(side))} {repetition}" if side else f"{repetition}"


def _hold_row(hold: Hold, longest_s: float, *, first: bool) -> str:
    pieces = "".join(_piece(p, longest_s) for p in hold.pieces)
    whole, likely = round(hold.effective_s), round(hold.likely_s)
    more = f"<small>{likely} s likely</small>" if likely else ""
    return (
        f"<li><b>{hold_name(hold.side, hold.repetition)}</b>"
        f'<div class="bar" role="img" aria-label="{escape(_hold_text(hold))}">{pieces}</div>'
        f'<span class="sum"><b>{whole}</b> of {round(hold.target_s)} s{more}</span>'
        f"{_why_waited(hold)}</li>"
    )


def _piece(piece: Piece, longest_s: float) -> str:
    width = piece.seconds / longest_s
    shown = f"<b>{round(piece.seconds)} s</b>" if piece.seconds >= _WRITTEN_S else ""
    plain = "counted" if piece.counted is Counted.EFFECTIVE else "making sure"
    why = words.waiting_short(piece.reason) if piece.reason else plain
    fate = f"{piece.counted.value} likely" if piece.likely else piece.counted.value
    return (
        f'<i class="piece {fate}" title="{escape(why)}, '
        f'{words.duration(piece.seconds)}" style="width:{100 * width:.2f}%">{shown}</i>'
    )


def _why_waited(hold: Hold) -> str:
    told = [
        f'<li class="{counted.value}">{escape(words.waiting_short(reason))}'
        f" <span>{words.duration(seconds)}</span></li>"
        for (counted, reason), seconds in hold.waited_s().items()
        if seconds >= _MENTIONED_S
    ]
    return f'<ul class="waits">{"".join(told[:4])}</ul>' if told else ""


def _hold_text(hold: Hold) -> str:
    waiting = sum(p.seconds for p in hold.pieces if p.counted is Counted.WAITING)
    return (
        f"{words.duration(hold.effective_s)} counted of {words.duration(hold.target_s)}, "
        f"{words.duration(hold.likely_s)} likely in the window, "
        f"{words.duration(max(hold.uncertain_s - hold.likely_s, 0.0))} held but not knowable, "
        f"{words.duration(waiting)} waiting"
    )


def ring(effective_s: float, uncertain_s: float, asked_s: float, likely_s: float = 0.0) -> str:
    """The ring of seconds: filled where they counted, hollow where they could not be known; of
    these `likely_s` pale, where the estimate was in the window."""
    around = 2 * 3.14159265 * 42
    filled = min(effective_s / asked_s, 1.0) if asked_s > 0 else 0.0
    hollow = min(uncertain_s / asked_s, 1.0 - filled) if asked_s > 0 else 0.0
    likely = min(likely_s / asked_s, hollow) if asked_s > 0 else 0.0
    label = (
        f"{words.duration(effective_s)} counted of {words.duration(asked_s)}, "
        f"{words.duration(likely_s)} likely in the window, "
        f"{words.duration(max(uncertain_s - likely_s, 0.0))} not knowable"
    )
    hollow_arc = (
        f'<circle class="hollow" r="42" cx="50" cy="50"'
        f' stroke-dasharray="{hollow * around:.1f} 999"'
        f' transform="rotate({-90 + 360 * filled:.1f} 50 50)"/>'
        f'<circle class="hollow-in" r="42" cx="50" cy="50"'
        f' stroke-dasharray="{max(hollow * around - 1.6, 0):.1f} 999"'
        f' transform="rotate({-89 + 360 * filled:.1f} 50 50)"/>'
        if hollow > 0
        else ""
    )
    if likely > 0:
        hollow_arc += (
            f'<circle class="likely" r="42" cx="50" cy="50"'
            f' stroke-dasharray="{max(likely * around - 1.6, 0):.1f} 999"'
            f' transform="rotate({-89 + 360 * filled:.1f} 50 50)"/>'
        )
    return (
        f'<svg class="ring" viewBox="0 0 100 100" role="img" aria-label="{label}">'
        f'<circle class="track" r="42" cx="50" cy="50"/>{hollow_arc}'
        f'<circle class="fill" r="42" cx="50" cy="50" stroke-dasharray="{filled * around:.1f} 999"'
        f' transform="rotate(-90 50 50)"/>'
        f'<text x="50" y="52">{round(effective_s)}</text><text class="of" x="50" y="66">'
        f"of {round(asked_s)} s</text></svg>"
    )
