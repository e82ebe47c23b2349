"""Nerves that a session stretched and whose strain is too unsure to be drawn: named, and why."""

from collections.abc import Sequence
from html import escape

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.session import FrameLogged
from lengthwise.contracts.states import Estimate
from lengthwise.report import words
from lengthwise.report.not_seen import main_reason
from lengthwise.report.words import never_shown

NERVES = (
    ("sciatic", Side.LEFT),
    ("sciatic", Side.RIGHT),
    ("femoral", Side.LEFT),
    ("femoral", Side.RIGHT),
)
"""In the order of `tissue.told.told_strains`."""

_CONCERNS = 0.01
"""A strain that is believed to be larger than this is one the person should hear of."""
_LEAST_SHARE = 0.1
_SPINE = (Coordinate.LUMBAR_FLEXION, Coordinate.LUMBAR_SIDE_BEND)
_LEG = {
    "sciatic": ("hip_flexion", "hip_adduction", "knee_flexion", "ankle_dorsiflexion"),
    "femoral": ("hip_flexion", "hip_adduction", "knee_flexion"),
}


def untold_html(frames: Sequence[FrameLogged], drawn: Sequence[bool]) -> str:
    """A sentence of each nerve that concerns the person and is not `drawn` (4,); else empty."""
    lines = [
        _sentence(name, side, concerned)
        for (name, side), is_drawn in zip(NERVES, drawn, strict=True)
        if not is_drawn and len(concerned := _concerned(frames, name, side)) > 0
    ]
    return "".join(f'<p class="note">{escape(line)}</p>' for line in lines)


def _strain(frame: FrameLogged, name: str, side: Side) -> Estimate | None:
    nerve = frame.tissue.nerve
    if nerve is None:
        return None
    leg = nerve.of(side)
    return leg.sciatic if name == "sciatic" else leg.femoral


def _concerned(frames: Sequence[FrameLogged], name: str, side: Side) -> list[FrameLogged]:
    """The frames in which it is believed to be stretched; none where they are a moment only."""
    found = [f for f in frames if (e := _strain(f, name, side)) is not None and e.mean > _CONCERNS]
    return found if len(found) >= _LEAST_SHARE * len(frames) else []


def _sentence(name: str, side: Side, frames: Sequence[FrameLogged]) -> str:
    said = words.labels().borne
    title = said[f"{name}_{side.value}"]
    missing = [
        c
        for c in (*_SPINE, *(Coordinate(f"{part}_{side.value}") for part in _LEG[name]))
        if 2 * sum(f.body.claimed(c) is None for f in frames) > len(frames)
    ]
    if not missing:
        return f"{title}: {said['untold']} {said['untold_people']}"
    names = words.joined_words([words.coordinate_name(c).lower() for c in missing])
    reasons = [main_reason(c, frames) for c in missing]
    why = next((words.unseen_sentence(r) for r in reasons if r is not None), "")
    clear = dict.fromkeys(
        area.clear
        for c in missing
        for area in words.labels().area
        if c in area.coordinates and never_shown(c) is None
    )
    help_words = " ".join(c for c in clear if c) or said["untold_people"]
    return f"{title}: {said['untold']} Not known well enough: {names}. {why} {help_words}"
