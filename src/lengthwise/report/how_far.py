"""How far a stretch went: extensibility and tolerance, two results that are never mixed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from math import degrees

from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.states import Estimate
from lengthwise.report import words
from lengthwise.tissue.measured_torque import (
    RangeAbsent,
    RangeKind,
    RangeResult,
    TorqueWindowAbsent,
)


@dataclass(frozen=True)
class RangeReport:
    """What was found, and why what is missing is missing."""

    results: tuple[RangeResult, ...]
    absent: Mapping[RangeKind, RangeAbsent] = field(default_factory=dict)


@dataclass(frozen=True)
class TorqueWindow:
    """Torque at the two marks, and the furthest position between them (0 and 1) in torque.

    `in_window_s`: surely, `likely_in_window_s` by the estimate alone; None without an exercise.
    `absent`: why there is none, and then no position either.
    """

    coordinate: Coordinate
    first_nm: Estimate | None
    tolerance_nm: Estimate | None
    furthest: Estimate | None = None
    in_window_s: float | None = None
    likely_in_window_s: float | None = None
    absent: TorqueWindowAbsent | None = None


def how_far_html(
    found: RangeReport | None, window: TorqueWindow | None = None, ramp: tuple[str, ...] = ()
) -> str:
    """What came of a ramp, then both results and the window in torque, each named; empty where
    nothing asked for them."""
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
    if window is not None:
        parts.append(
            f"<div><h3>{escape(said['window'])}</h3>"
            f'<p class="note">{escape(said["window_means"])}</p>'
            f"<p>{escape(_window_line(window, said))}</p></div>"
        )
    return "".join(parts)


def _window_line(window: TorqueWindow, said: Mapping[str, str]) -> str:
    if window.absent is not None:
        return said[f"window_{window.absent.value}"]
    first, tolerance, furthest = window.first_nm, window.tolerance_nm, window.furthest
    assert first is not None and tolerance is not None and furthest is not None, "not absent"
    line = said["window_found"].format(
        joint=words.coordinate_name(window.coordinate),
        first=f"{first.mean:.1f}",
        tolerance=f"{tolerance.mean:.1f}",
        furthest=f"{furthest.mean:.2f}",
        doubt=f"{1.96 * furthest.sd:.2f}",
    )
    if window.in_window_s is None or window.likely_in_window_s is None:
        return line
    return f"{line} " + said["window_seconds"].format(
        likely=f"{window.likely_in_window_s:.0f}", sure=f"{window.in_window_s:.0f}"
    )


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
