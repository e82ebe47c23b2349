"""Tempo and smoothness of each set of movements to and fro, as it was told when the set ended."""

from collections.abc import Sequence
from html import escape

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Decision, DecisionKind, Phase, Reason
from lengthwise.report import words

_AREA = "set."
_SIDE = {Side.LEFT: "Left", Side.RIGHT: "Right", None: ""}


def evenness_html(decisions: Sequence[Decision]) -> str:
    """One line for each set; empty for a session without such movements."""
    found = [
        (d.side, why)
        for d in decisions
        if d.kind is DecisionKind.PHASE and d.phase is Phase.RELEASE
        for why in d.reasons
        if why.id.startswith(_AREA)
    ]
    if not found:
        return ""
    lines = "".join(f"<li>{escape(_line(side, why))}</li>" for side, why in found)
    return f'<ul>{lines}</ul><p class="note">{escape(words.labels().evenness["measure"])}</p>'


def _line(side: Side | None, why: Reason) -> str:
    place = f"{_SIDE[side]}: " if side is not None else ""
    return f"{place}{_tempo(why.numbers)} {words.reason_text(why.id)}{_jerk(why.numbers)}"


def _tempo(numbers: dict[str, float]) -> str:
    count, lasts_s = round(numbers.get("movements", 0.0)), numbers.get("cycle_s")
    if lasts_s is None:
        return "No movement was seen well enough."
    each = "1 movement seen" if count == 1 else f"{count} movements seen"
    sd_s, asked_s = numbers.get("cycle_sd_s"), numbers.get("asked_s")
    spread = "" if sd_s is None else f" (± {sd_s:.1f} s)"
    asked = "" if asked_s is None else f", asked for {asked_s:.0f} s"
    return f"{each}, about {lasts_s:.1f} s each{spread}{asked}."


def _jerk(numbers: dict[str, float]) -> str:
    level, change = numbers.get("log_jerk"), numbers.get("log_jerk_change")
    sd = numbers.get("log_jerk_change_sd")
    if level is None or change is None or sd is None:
        return ""
    return f" Smoothness {level:.1f}, later against first {change:+.1f} ± {sd:.1f}."
