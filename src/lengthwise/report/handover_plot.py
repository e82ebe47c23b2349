"""Pain before and after sessions over the days, as a small plot with direct labels."""

from lengthwise.contracts.handover import Handover, Mean

_WIDTH, _HEIGHT = 360.0, 132.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 16.0, 30.0, 8.0, 16.0
_SPAN_RATIO = 0.22
_MOST_STEMS = 60


def pain_plot(h: Handover) -> str:
    """Dots before, rings after; a bar and a band for mean and sd of the first and last days. Empty
    where nothing was told."""
    if not h.points:
        return ""
    days = max(h.points[-1].day, 1)

    def x(day: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * day / days

    parts = [_line(_LEFT, y(v), _WIDTH - _RIGHT, y(v), "grid") for v in (0.0, 5.0, 10.0)]
    parts += [_text(_LEFT - 4, y(v) + 3, f"{v:.0f}", anchor="end") for v in (0.0, 5.0, 10.0)]
    width = _SPAN_RATIO * (_WIDTH - _LEFT - _RIGHT)
    stems = len(h.points) <= _MOST_STEMS
    for p in h.points:
        if stems and p.before is not None and p.after is not None:
            parts.append(_line(x(p.day), y(p.before), x(p.day), y(p.after), "stem"))
        if p.after is not None:
            parts.append(_dot(x(p.day), y(p.after), 1.9, "after"))
        if p.before is not None:
            parts.append(_dot(x(p.day), y(p.before), 2.1, "before"))
    parts.append(_span(h.pain.first, _LEFT, width))
    parts.append(_span(h.pain.last, _WIDTH - _RIGHT - width, width))
    foot = _HEIGHT - 3
    parts.append(_text(_LEFT, foot, "first day"))
    parts.append(_text(_WIDTH - _RIGHT, foot, f"day {days + 1}", anchor="end"))
    middle = 0.5 * (_LEFT + _WIDTH - _RIGHT)
    parts.append(_dot(middle - 62, foot - 3, 2.1, "before") + _text(middle - 57, foot, "before"))
    parts.append(_dot(middle - 16, foot - 3, 1.9, "after") + _text(middle - 11, foot, "after"))
    parts.append(_line(middle + 22, foot - 3, middle + 34, foot - 3, "span"))
    parts.append(_text(middle + 38, foot, "mean and sd"))
    return (
        f'<svg viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" role="img" aria-label="Pain before and after '
        f'sessions, 0 to 10, over {days + 1} days">{"".join(parts)}</svg>'
    )


def y(nrs: float) -> float:
    return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1.0 - nrs / 10.0)


def _span(m: Mean | None, left: float, width: float) -> str:
    if m is None:
        return ""
    band = ""
    if m.sd is not None:
        top, foot = y(min(m.mean + m.sd, 10.0)), y(max(m.mean - m.sd, 0.0))
        band = (
            f'<rect class="band" x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" '
            f'height="{foot - top:.1f}"/>'
        )
    line = _line(left, y(m.mean), left + width, y(m.mean), "span")
    return band + line + _text(left + width + 3, y(m.mean) + 3, f"{m.mean:.1f}", kind="strong")


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _dot(cx: float, cy: float, r: float, kind: str) -> str:
    return f'<circle class="{kind}" cx="{cx:.1f}" cy="{cy:.1f}" r="{r:g}"/>'


def _text(x: float, at: float, words: str, *, anchor: str = "start", kind: str = "") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{at:.1f}" text-anchor="{anchor}">{words}</text>'
