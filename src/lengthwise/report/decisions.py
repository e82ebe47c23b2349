"""The decisions of a session, each with its reasons behind a "Why?"."""

from collections.abc import Sequence
from html import escape

from lengthwise.contracts.decision import Decision, DecisionKind, Reason
from lengthwise.report import words

MOST_SHOWN = 300
"""A longer list is cut, and says so; `events.jsonl` holds every one."""

_UNITS = {"deg": "°", "s": " s", "m": " m", "ratio": "", "n": " N"}


def decisions_html(decisions: Sequence[Decision]) -> str:
    """A collapsed list; empty text where nothing was decided."""
    if not decisions:
        return ""
    items = "".join(_item(d) for d in decisions[:MOST_SHOWN])
    more = len(decisions) - MOST_SHOWN
    note = f"<p>{more} more stand in events.jsonl.</p>" if more > 0 else ""
    count = "1 decision" if len(decisions) == 1 else f"{len(decisions)} decisions"
    return (
        f'<details class="decisions"><summary>{count}, each with its reasons</summary>'
        f"<ol>{items}</ol>{note}</details>"
    )


def _item(decision: Decision) -> str:
    side = f' <span class="side">{words.side_word(decision.side)}</span>' if decision.side else ""
    why = "".join(_reason(r, said=decision.text) for r in decision.reasons)
    quiet = "" if decision.text else ' class="quiet"'
    return (
        f"<li{quiet}><details><summary><time>{words.clock(decision.t_s)}</time> "
        f"<q>{escape(_what(decision))}</q>{side} <u>Why?</u></summary>{why}</details></li>"
    )


def _what(decision: Decision) -> str:
    if decision.text:
        return decision.text
    phase = words.labels().phase[decision.phase.value]
    if decision.kind is DecisionKind.PHASE:
        return words.labels().decision["phase"].format(phase=phase)
    return words.labels().decision.get(decision.kind.value, decision.kind.value)


def _reason(reason: Reason, *, said: str | None) -> str:
    """Its sentence, unless that was `said`; its numbers, and what it rests on."""
    numbers = "; ".join(_number(name, value) for name, value in reason.numbers.items())
    shown = f' <span class="numbers">{escape(numbers)}</span>' if numbers else ""
    rests = words.evidence_text(reason.id)
    grade = f"<small>{escape(rests)}</small> " if rests else ""
    sentence = words.reason_text(reason.id)
    told = "" if sentence == said else escape(sentence)
    line = f"{told}{shown}<br>" if told or shown else ""
    return f"<p>{line}{grade}<code>{escape(reason.id)}</code></p>"


def _number(name: str, value: float) -> str:
    """ "change 12°" from `change_deg`: degrees whole, seconds to a tenth, shares to hundredths."""
    if name == "stretch_lost_ratio":
        return f"takes {round(100 * value)} % of the stretch"
    stem, _, suffix = name.rpartition("_")
    unit = _UNITS.get(suffix) if stem else None
    if unit is None:
        return f"{name.replace('_', ' ')} {_plain(value)}"
    shown = str(round(value)) if suffix == "deg" else _plain(value)
    return f"{stem.replace('_', ' ')} {shown}{unit}"


def _plain(value: float) -> str:
    if value == round(value):
        return str(round(value))
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
