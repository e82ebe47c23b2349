"""How far a stretch went: extensibility and tolerance, two results that are never mixed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from math import degrees

from lengthwise.report import words
from lengthwise.tissue.measured_torque import RangeAbsent, RangeKind, RangeResult


@dataclass(frozen=True)
class RangeReport:
    """What was found, and why what is missing is missing."""

    results: tuple[RangeResult, ...]
    absent: Mapping[RangeKind, RangeAbsent] = field(default_factory=dict)


def how_far_html(found: RangeReport | None, ramp: tuple[str, ...] = ()) -> str:
    """What came of a ramp, then both results, each named; empty where nothing asked for them."""
    parts = [f"<p>{escape(line[:1].upper() + line[1:])}</p>" for line in map(str.strip, ramp)]
    if found is None:
        return "".join(parts)
    said = words.labels().how_far
    for kind in RangeKind:
        lines = [_line(r) for r in found.results if r.kind is kind]
        if not lines:
            why = found.absent.get(kind)
            lines = [said[f"{kind.value}_{why.value}"]] if why is not None else []
        body = "".join(f"<p>{escape(line)}</p>" for line in lines)
        name = escape(said[kind.value])
        parts.append(
            f'<div><h3>{name}</h3><p class="note">{escape(said[f"{kind.value}_means"])}</p>'
        )
        parts.append(f"{body}</div>")
    return "".join(parts)


def _line(result: RangeResult) -> str:
    name = words.coordinate_name(result.coordinate)
    angle = words.angle(result.coordinate, result.angle_rad)
    doubt = f"(± {degrees(1.96 * result.angle_rad.sd):.0f}°)"
    torque = result.resisting_nm
    if torque is None:
        return f"{name}: {angle} {doubt}. No force was measured there."
    if result.kind is RangeKind.EXTENSIBILITY:
        return f"{name}: {angle} {doubt} at {torque.mean:g} N·m."
    return f"{name}: {angle} {doubt}, resisting with {torque.mean:.0f} N·m there."
