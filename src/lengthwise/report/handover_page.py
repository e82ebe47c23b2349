"""The handover as one page of A4: self-contained, for paper and screen."""

from collections.abc import Sequence

from lengthwise.contracts.handover import Handover, PractisedRow, RangeRow, Screen
from lengthwise.report import handover_words as said
from lengthwise.report.handover_plot import pain_plot
from lengthwise.report.html_page import whole_page
from lengthwise.report.words import safe

_MOST_PRACTISED = 7
_MOST_RANGES = 3
_MOST_LINES = 3
_MOST_RELAXED = 2
_MOST_ASKS = 3
_NAME, _RANGE_NAME = 34, 42
"""What one page has room for; a longer list says how many more there are."""
_ROOMY_LINES, _ROOMY_LETTERS = 16, 600


def handover_page(h: Handover) -> str:
    """The whole page. Texts of the person are made harmless here."""
    body = "".join(
        (
            _head(h),
            _goal(h),
            f'<div class="two">{_pain(h)}{_standing(h)}</div>',
            _practised(h),
            _ranges(h),
            _relaxed(h),
            _decided(h),
            _foot(h),
        )
    )
    body += '<i class="dense"></i>' if _full(h) else ""
    return whole_page(f"Handover, {h.told.who.name}", body, look="handover.css")


def _full(h: Handover) -> bool:
    """Whether there is so much that smaller letters are needed for one page."""
    told = h.told
    lists = (
        *(h.practised, h.ranges, h.not_seen, h.decided),
        *(told.relaxed, told.asks, told.screened.left_out),
    )
    texts = (h.told.who.since, h.told.movement, *(d.sentence for d in h.decided[:_MOST_LINES]))
    return sum(map(len, lists)) > _ROOMY_LINES or sum(map(len, texts)) > _ROOMY_LETTERS


def _head(h: Handover) -> str:
    who = h.told.who
    banner = (
        '<p class="banner">A simulated person: none of this is of anybody.</p>'
        if who.simulated
        else ""
    )
    return (
        '<header><div><p class="kicker">Handover for the physiotherapist</p>'
        f"<h1>{safe(said.cut(who.name, 30))}</h1>"
        f'<p class="sub">{safe(said.who_words(h))}</p></div>'
        f'<p class="dates">Written {h.told.written_on.isoformat()}<br>'
        f"{safe(said.period_words(h))}</p></header>{banner}"
    )


def _goal(h: Handover) -> str:
    goal = h.told.goal
    if goal is None:
        return '<div class="goal"><span>Wants back</span><b>No activity was named yet.</b></div>'
    return (
        f'<div class="goal"><span>Wants back</span><b>“{safe(said.cut(goal.text, 70))}”</b>'
        f"<small>How well it goes, 0 to 10: {safe(said.goal_words(h))}</small></div>"
    )


def _pain(h: Handover) -> str:
    asks = said.asks_words(h)
    return (
        f"<section><h2>Course of pain</h2><p>{safe(said.pain_words(h))}</p>{pain_plot(h)}"
        f'<h2 class="next">Asks you</h2>{_list(asks[:_MOST_ASKS], "no question for you yet")}'
        f"{_more(len(asks) - _MOST_ASKS, 'question')}</section>"
    )


def _standing(h: Handover) -> str:
    first, *rest = said.screening_words(h)
    held = "" if h.told.screened.state is Screen.CLEAR else ' class="hold"'
    found = said.not_seen_words(h)
    return (
        f"<section><h2>Safety questions</h2><p{held}>{safe(first)}</p>{_paragraphs(rest)}"
        f'<h2 class="next">Own painful movement</h2><p>{safe(said.movement_words(h))}</p>'
        f'<h2 class="next">Not seen</h2>{_list(found[:_MOST_LINES], "no sessions yet")}'
        f"{_more(len(found) - _MOST_LINES, 'angle')}</section>"
    )


def _practised(h: Handover) -> str:
    head = (
        ("Exercise", ""),
        ("Sides", ""),
        ("Done of planned", "n"),
        ("Effective of asked, min", "n"),
        ("Not known, min", "n"),
        ("Well borne the day after (95 %)", "n"),
    )
    rows = "".join(_practised_row(row) for row in h.practised[:_MOST_PRACTISED])
    more = _more(len(h.practised) - _MOST_PRACTISED, "exercise")
    table = _table(head, rows) if rows else '<p class="quiet">Nothing was practised.</p>'
    return (
        f"<section><h2>What is practised <small>in the last {h.days} days; how it was borne over "
        f"all sessions that tell it</small></h2>{table}{more}</section>"
    )


def _practised_row(row: PractisedRow) -> str:
    cells = (
        (said.cut(said.exercise_words(row.exercise_id), _NAME), ""),
        (said.sides_words(row), "w doubt"),
        (said.done_words(row), "n"),
        (said.minutes_words(row), "n"),
        (said.unknown_words(row), "n doubt"),
        (said.share_words(row.next_day), "n"),
    )
    return _row(cells)


def _ranges(h: Handover) -> str:
    head = (("Angle", ""), ("First", ""), ("Last", ""), ("Change, and what days differ by", ""))
    rows = "".join(_range_row(row) for row in h.ranges[:_MOST_RANGES])
    if not rows:
        return (
            '<section><h2>Range at tolerance</h2><p class="quiet">Not measured: tolerance is told '
            "in a led ramp or with a force sensor.</p></section>"
        )
    more = _more(len(h.ranges) - _MOST_RANGES, "angle")
    return (
        "<section><h2>Range at tolerance <small>with the sd of the measurement, days of the same "
        f"sensors</small></h2>{_table(head, rows)}{more}</section>"
    )


def _range_row(row: RangeRow) -> str:
    first, last, verdict = said.range_words(row)
    name = said.cut(said.range_name(row), _RANGE_NAME)
    return _row(((name, ""), (first, "w"), (last, "w"), (verdict, "w")))


def _relaxed(h: Handover) -> str:
    told = h.told.relaxed
    if not told:
        return ""
    head = (("Angle", ""), ("First", ""), ("Last", ""), ("Change, and what chance makes", ""))
    rows = ""
    for r in told[:_MOST_RELAXED]:
        name = said.cut(said.relaxed_name(r), _RANGE_NAME)
        rows += _row(((name, ""), *((text, "w") for text in said.relaxed_words(r))))
    more = _more(len(told) - _MOST_RELAXED, "angle")
    title = f"<h2>{safe(said.RELAXED)} <small>{safe(said.RELAXED_HOW)}</small></h2>"
    return f"<section>{title}{_table(head, rows)}{more}</section>"


def _decided(h: Handover) -> str:
    lines = [said.decided_words(d) for d in h.decided[:_MOST_LINES]]
    more = _more(len(h.decided) - _MOST_LINES, "decision")
    return (
        f"<section><h2>Decided lately <small>newest first</small></h2>"
        f"{_list(lines, 'nothing was decided')}{more}</section>"
    )


def _foot(h: Handover) -> str:
    return (
        f'<footer><p class="claim">{safe(said.NO_CLAIM)}</p><p>{safe(said.defaults_words(h))}</p>'
        f"<p>{safe(said.SOURCES)}</p></footer>"
    )


def _table(head: Sequence[tuple[str, str]], rows: str) -> str:
    cells = "".join(f'<th class="{kind}">{safe(name)}</th>' for name, kind in head)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{rows}</tbody></table>"


def _row(cells: Sequence[tuple[str, str]]) -> str:
    return "<tr>" + "".join(f'<td class="{k}">{safe(text)}</td>' for text, k in cells) + "</tr>"


def _list(lines: Sequence[str], none: str) -> str:
    if not lines:
        return f'<p class="quiet">{safe(none.capitalize())}.</p>'
    return f"<ul>{''.join(f'<li>{safe(line)}</li>' for line in lines)}</ul>"


def _paragraphs(lines: Sequence[str]) -> str:
    return "".join(f"<p>{safe(line)}</p>" for line in lines)


def _more(count: int, thing: str) -> str:
    return f"<small>{said.count(count, f'more {thing}')} in the text.</small>" if count > 0 else ""
