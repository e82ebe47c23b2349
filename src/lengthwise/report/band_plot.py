"""The force of simulated bands over time as one picture, SVG or PNG from the same strokes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from lengthwise.report.posture_picture import INK, PAPER, QUIET

_WIDTH, _HEIGHT = 1000, 520
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 980, 84, 456
_COLOURS = ((15, 136, 133), (176, 106, 20), (110, 118, 128))
_INSIDE = (222, 239, 236)
_MOST_POINTS = 1200


@dataclass(frozen=True)
class Line:
    """One band: its name, times (n,) s and forces (n,) N."""

    name: str
    t_s: Sequence[float]
    force_n: Sequence[float]


@dataclass(frozen=True)
class BandPicture:
    """`inside_n`: edges of what counts as kept; `hold_s`: when the hold began, None for never."""

    title: str
    subtitle: str
    lines: tuple[Line, ...]
    target_n: float
    inside_n: tuple[float, float]
    hold_s: float | None

    @property
    def end_s(self) -> float:
        return max(line.t_s[-1] for line in self.lines)

    @property
    def top_n(self) -> float:
        highest = max(max(line.force_n) for line in self.lines)
        return 1.08 * max(highest, self.inside_n[1])


_Point = tuple[float, float]


class _Strokes:
    """Rectangles, lines and words in the order in which they are laid over each other."""

    def __init__(self) -> None:
        self.boxes: list[tuple[_Point, _Point, tuple[int, int, int]]] = []
        self.lines: list[tuple[list[_Point], tuple[int, int, int], float]] = []
        self.words: list[tuple[_Point, str, tuple[int, int, int], int, str]] = []


def write(picture: BandPicture, path: Path) -> None:
    """By the ending of `path`: .svg or .png."""
    strokes = _strokes(picture)
    if path.suffix.lower() == ".png":
        _png(strokes).save(path, format="PNG")
    else:
        path.write_text(_svg(strokes, picture.title), encoding="utf-8", newline="\n")


def _strokes(p: BandPicture) -> _Strokes:
    out = _Strokes()

    def at(t_s: float, force_n: float) -> _Point:
        x = _LEFT + (_RIGHT - _LEFT) * t_s / p.end_s
        return x, _BOTTOM - (_BOTTOM - _TOP) * force_n / p.top_n

    start_s = 0.0 if p.hold_s is None else p.hold_s
    out.boxes.append((at(start_s, p.inside_n[1]), at(p.end_s, p.inside_n[0]), _INSIDE))
    for t_s in _ticks(p.end_s):
        x, y = at(t_s, 0.0)
        out.lines.append(([(x, y), (x, y + 6.0)], QUIET, 1.0))
        out.words.append(((x, y + 22.0), f"{t_s:g}", QUIET, 14, "middle"))
    for force_n in _ticks(p.top_n):
        x, y = at(0.0, force_n)
        out.lines.append(([(x - 6.0, y), (x, y)], QUIET, 1.0))
        out.words.append(((x - 10.0, y + 5.0), f"{force_n:g}", QUIET, 14, "end"))
    out.lines.append(([(_LEFT, _TOP), (_LEFT, _BOTTOM), (_RIGHT, _BOTTOM)], QUIET, 1.0))
    out.words.append(((_LEFT, _TOP - 8.0), "N", QUIET, 14, "middle"))
    out.words.append((((_LEFT + _RIGHT) / 2, _BOTTOM + 46.0), "seconds", QUIET, 14, "middle"))
    if p.hold_s is not None:
        x, _ = at(p.hold_s, 0.0)
        out.lines.append(([(x, _TOP), (x, _BOTTOM)], (200, 206, 212), 1.0))
        out.words.append(((x + 6.0, _BOTTOM - 10.0), "hold", QUIET, 14, "start"))
    # The first line is what the picture is about: it is laid over the others.
    for k in reversed(range(len(p.lines))):
        out.lines.append((_points(p.lines[k], at), _COLOURS[k], 2.4 if k == 0 else 1.8))
    x = float(_LEFT)
    for k, line in enumerate(p.lines):
        out.lines.append(([(x, _TOP - 31.0), (x + 26.0, _TOP - 31.0)], _COLOURS[k], 3.0))
        out.words.append(((x + 34.0, _TOP - 26.0), line.name, INK, 15, "start"))
        x += 60.0 + 8.2 * len(line.name)
    out.words.append(((_LEFT, 26.0), p.title, INK, 20, "start"))
    out.words.append(((_RIGHT, 26.0), p.subtitle, QUIET, 14, "end"))
    return out


def _points(line: Line, at: Callable[[float, float], _Point]) -> list[_Point]:
    """Thinned to what a picture can show, highest and lowest of each piece kept."""
    t_s, force_n = np.asarray(line.t_s), np.asarray(line.force_n)
    size = max(len(t_s) // (_MOST_POINTS // 2), 1)
    chosen: list[int] = []
    for first in range(0, len(t_s), size):
        piece = force_n[first : first + size]
        chosen += sorted({first + int(piece.argmin()), first + int(piece.argmax())})
    return [at(float(t_s[i]), float(force_n[i])) for i in chosen]


def _ticks(end: float) -> list[float]:
    step = next(s for s in (1, 2, 5, 10, 20, 30, 60, 120) if end / s <= 10 or s == 120)
    return [float(k) for k in range(0, int(end) + 1, step)]


def _hex(rgb: tuple[int, int, int]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*rgb)


def _svg(s: _Strokes, title: str) -> str:
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'font-family="system-ui, sans-serif" role="img"><title>{escape(title)}</title>',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="{_hex(PAPER)}"/>',
    ]
    for (x0, y0), (x1, y1), rgb in s.boxes:
        out.append(
            f'<rect x="{x0:.1f}" y="{y0:.1f}" width="{x1 - x0:.1f}" height="{y1 - y0:.1f}" '
            f'fill="{_hex(rgb)}"/>'
        )
    for points, rgb, width in s.lines:
        way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        out.append(
            f'<polyline points="{way}" fill="none" stroke="{_hex(rgb)}" stroke-width="{width}" '
            'stroke-linejoin="round"/>'
        )
    for (x, y), text, rgb, size, anchor in s.words:
        out.append(
            f'<text x="{x:.1f}" y="{y:.1f}" fill="{_hex(rgb)}" font-size="{size}" '
            f'text-anchor="{anchor}">{escape(text)}</text>'
        )
    return "\n".join([*out, "</svg>\n"])


def _png(s: _Strokes) -> Image.Image:
    """Twice as large, so that lines are smooth on any screen."""
    image = Image.new("RGB", (2 * _WIDTH, 2 * _HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    for (x0, y0), (x1, y1), rgb in s.boxes:
        draw.rectangle((2 * x0, 2 * y0, 2 * x1, 2 * y1), fill=rgb)
    for points, rgb, width in s.lines:
        draw.line([(2 * x, 2 * y) for x, y in points], fill=rgb, width=round(2 * width))
    for (x, y), text, rgb, size, anchor in s.words:
        where = {"start": "ls", "middle": "ms", "end": "rs"}[anchor]
        font = ImageFont.load_default(2 * size)
        draw.text((2 * x, 2 * y), text, fill=rgb, font=font, anchor=where)
    return image
