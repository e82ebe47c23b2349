"""What was not seen and why, how to make it visible, and which readings were set aside."""

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape

from lengthwise.contracts.coordinates import INDEX, Coordinate
from lengthwise.contracts.session import FrameLogged
from lengthwise.contracts.states import Unseen
from lengthwise.report import words
from lengthwise.report.words import Area, never_shown

_MOSTLY = 0.5
_THROUGHOUT = 0.98
_HARDLY = 0.005
_BEYOND_REACH = frozenset({Unseen.NO_SENSOR, Unseen.NEVER_FROM_CAMERA, Unseen.VIEW})
"""Reasons that another sensor or another place of the camera clears."""


def not_seen_table(frames: Sequence[FrameLogged], claimed_ratio: Mapping[str, float]) -> str:
    """One row per part of the body: how much was known, why not more, and how to clear it."""
    rows = "".join(_area_row(area, frames, claimed_ratio) for area in words.labels().area)
    return (
        '<table class="seen"><thead><tr><th scope="col">Part</th><th scope="col">Known</th>'
        '<th scope="col">Not seen, and why</th><th scope="col">To make it visible</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _area_row(area: Area, frames: Sequence[FrameLogged], claimed_ratio: Mapping[str, float]) -> str:
    ratios = {c: claimed_ratio.get(c.value, 0.0) for c in area.coordinates}
    hidden = [c for c in area.coordinates if ratios[c] < _THROUGHOUT]
    known = sum(ratios.values()) / len(ratios)
    why = _why(hidden, ratios, frames)
    # What no sensor can show is no reason to wear one.
    clearable = [c for c in hidden if ratios[c] < _MOSTLY and never_shown(c) is None]
    clear = escape(area.clear) if clearable else ""
    meter = f'<i class="meter"><i style="width:{100 * known:.0f}%"></i></i>{_known_words(ratios)}'
    return (
        f'<tr><th scope="row">{escape(area.name)}</th><td data-head="Known">{meter}</td>'
        f'<td data-head="Not seen">{why}</td><td data-head="To make it visible">{clear}</td></tr>'
    )


def _known_words(ratios: Mapping[Coordinate, float]) -> str:
    count = sum(ratio >= _MOSTLY for ratio in ratios.values())
    if min(ratios.values()) >= _THROUGHOUT:
        return "all of it"
    if max(ratios.values()) <= _HARDLY:
        return "nothing"
    return f"{count} of {len(ratios)} angles"


def _why(
    hidden: Sequence[Coordinate],
    ratios: Mapping[Coordinate, float],
    frames: Sequence[FrameLogged],
) -> str:
    """Coordinates grouped by their most frequent reason; what no sensor shows by itself."""
    if not hidden:
        return "All of it was seen."
    by_sentence: dict[str, list[str]] = {}
    for coordinate in hidden:
        name = words.coordinate_name(coordinate).lower()
        if ratios[coordinate] >= _MOSTLY:
            name += f" ({round(100 * (1 - ratios[coordinate]))} % of the time)"
        by_sentence.setdefault(_reason_sentence(coordinate, frames), []).append(name)
    lines = []
    for sentence, names in by_sentence.items():
        subject = words.first_upper(words.joined_words(names))
        lines.append(f"<p><b>{escape(subject)}.</b> {escape(sentence)}</p>")
    return "".join(lines)


def unseen_text(coordinate: Coordinate, why: Unseen | None) -> str:
    """Why one angle is not known. Where another sensor or place of the camera clears it, that."""
    if why is None or why in _BEYOND_REACH or never_shown(coordinate) is not None:
        return words.reason_text(f"not_known.{coordinate.value}")
    return f"{words.coordinate_name(coordinate)}: {words.unseen_sentence(why)}"


def _reason_sentence(coordinate: Coordinate, frames: Sequence[FrameLogged]) -> str:
    if (never := never_shown(coordinate)) is not None:
        return never.sentence
    reason = main_reason(coordinate, frames)
    return words.unseen_sentence(reason) if reason is not None else "Nothing was read."


def main_reason(coordinate: Coordinate, frames: Sequence[FrameLogged]) -> Unseen | None:
    """The most frequent reason for which an angle was not known; None where it always was."""
    i = INDEX[coordinate]
    counted = Counter(f.body.unseen[i] for f in frames if f.body.unseen[i] is not Unseen.CLAIMED)
    return counted.most_common(1)[0][0] if counted else None


def set_aside(rejections: Mapping[str, int]) -> str:
    """Readings that were not used, in plain words; keys are `source.reason`."""
    if not rejections:
        return "<p>Every reading that came in was used.</p>"
    lines = "".join(
        f"<li>{escape(_rejection(key, count))}</li>"
        for key, count in sorted(rejections.items(), key=lambda item: -item[1])
    )
    return f"<p>These were set aside and not used:</p><ul>{lines}</ul>"


def _rejection(key: str, count: int) -> str:
    source, _, reason = key.rpartition(".")
    kind, _, segment = source.partition(":")
    label = words.labels()
    one, many = label.source.get(kind, label.source["other"])
    where = f" ({segment.replace('_', ' ')})" if segment else ""
    text = label.rejection.get(reason, f"were marked “{reason.replace('_', ' ')}”")
    return f"{count} {one if count == 1 else many}{where} {text}."
