"""One exercise on a sheet: its postures side by side, with what is coloured in words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import GROUP_INDEX
from lengthwise.report import palette, words
from lengthwise.report.body_drawing import BodyPainter
from lengthwise.report.exercise_drawing import ExercisePainter, Panel, colours, marked_groups
from lengthwise.report.posture_picture import INK, PAPER, QUIET, fitting_font, sized_font
from lengthwise.report.room import Room

_PANEL_PX = 560
_LOWEST_PX, _HIGHEST_PX = 300, 620
_FRAME_PX = 260
_FRAMES = 6
"""Pictures on the way from start to end, both included."""
_LONGEST_S, _PAUSE_S = 4.0, 1.2


@dataclass(frozen=True)
class Drawn:
    """An exercise ready to be drawn. `fraction` (k, 32): range fractions at `room.shares`."""

    room: Room
    painter: BodyPainter
    fraction: np.ndarray

    @property
    def title(self) -> str:
        done = self.room.done
        side = f", {done.written_for.name.lower()} side" if done.bilateral else ""
        return f"{done.plain_name}{side}"

    def fraction_at(self, share: float) -> np.ndarray:
        """(32,) on the way between the still postures."""
        if len(self.fraction) == 1:
            return np.asarray(self.fraction[0])
        end = self.fraction[1] if share >= 0.0 or len(self.fraction) < 3 else self.fraction[2]
        return np.asarray(self.fraction[0] + abs(share) * (end - self.fraction[0]))

    def panel(self, share: float) -> Panel:
        colour = colours(self.room, self.fraction_at(share))
        return Panel(self.room.at(share), colour, marked_groups(self.room))


@dataclass(frozen=True)
class LegendLine:
    """`rgb` of the sample beside it; None: no sample, since it is not drawn."""

    rgb: np.ndarray | None
    text: str


def captions(room: Room) -> tuple[str, ...]:
    """The names of the still postures."""
    if len(room.shares) == 1:
        return ("Throughout",)
    return ("Start", "End", "Other end")[: len(room.shares)]


def legend(drawn: Drawn) -> list[LegendLine]:
    """What is coloured, and what is meant and has no muscle to draw."""
    done = drawn.room.done
    lines = []
    for t in done.targets:
        i = GROUP_INDEX[t.group, t.side]
        first, last = (round(100 * float(np.clip(f[i], 0, 1))) for f in drawn.fraction[:2])
        name = f"{words.muscle_place(t.group, t.side)} ({words.muscle_name(t.group, t.side)})"
        said = f"Lengthens {name}: {first} to {last} % of its range"
        lines.append(LegendLine(palette.warmth(np.asarray(last / 100.0)), said))
    worked = [words.muscle_name(t.muscle.group, t.side) for t in done.trained if t.muscle.group]
    if worked:
        lines.append(LegendLine(palette.MUSCLE_WORKS, f"Works: {_sides_joined(worked)}"))
    hidden = [
        f"{t.muscle.value.replace('_', ' ')}, {_word(t.side)}"
        for t in done.trained
        if t.muscle.group is None
    ]
    if hidden:
        lines.append(LegendLine(None, f"Works, not drawn: {_sides_joined(hidden)}"))
    return lines


def _word(side: Side) -> str:
    return side.name.lower()


def _sides_joined(names: Sequence[str]) -> str:
    """ "psoas, left" and "psoas, right" as "psoas on both sides"."""
    sides: dict[str, list[str]] = {}
    for name in names:
        stem, _, side = name.rpartition(", ")
        sides.setdefault(stem, []).append(side)
    found = [f"{n} on both sides" if len(s) > 1 else f"{n} on the {s[0]}" for n, s in sides.items()]
    return words.joined_words(found)


def panel_size(ratio: float, width_px: int = _PANEL_PX) -> tuple[int, int]:
    scale = width_px / _PANEL_PX
    height = min(max(width_px / ratio, _LOWEST_PX * scale), _HIGHEST_PX * scale)
    return width_px, round(height / 2) * 2


def panels(drawn: Drawn) -> list[Image.Image]:
    """The still postures, RGBA, at one scale."""
    shares = drawn.room.shares
    painter = ExercisePainter(drawn.room, drawn.painter, shares)
    size = panel_size(painter.ratio)
    return [painter.draw(drawn.panel(share), size) for share in shares]


def sheet(drawn: Drawn) -> Image.Image:
    """The whole sheet, RGB."""
    pictures = panels(drawn)
    lines = legend(drawn)
    width, height = pictures[0].size
    whole = Image.new("RGB", (width * max(len(pictures), 2), height + 150 + 26 * len(lines)), PAPER)
    draw = ImageDraw.Draw(whole)
    room_px = whole.width - 56
    done = drawn.room.done
    draw.text((28, 20), drawn.title, fill=INK, font=fitting_font(drawn.title, 30, room_px))
    draw.text((28, 60), done.name, fill=QUIET, font=fitting_font(done.name, 19, room_px))
    for i, (picture, caption) in enumerate(zip(pictures, captions(drawn.room), strict=True)):
        whole.paste(picture, (i * width, 116), picture)
        draw.text((i * width + 28, 94), caption, fill=INK, font=sized_font(20))
    for i, line in enumerate(lines):
        top = height + 134 + 26 * i
        if line.rgb is not None:
            colour = tuple(round(v) for v in line.rgb.tolist())
            draw.rounded_rectangle((28, top, 50, top + 14), 4, fill=colour)
        text_px = fitting_font(line.text, 17, room_px - 32)
        draw.text((60, top - 3), line.text, fill=QUIET, font=text_px)
    return whole


@dataclass(frozen=True)
class Movement:
    """Frames on paper, RGB, with how long each stands."""

    frames: list[Image.Image]
    duration_ms: list[int]


def movement(drawn: Drawn, width_px: int = _FRAME_PX) -> Movement | None:
    """From start to end and back, at most at the tempo of the dose; None: nothing moves."""
    room = drawn.room
    if len(room.shares) == 1:
        return None
    ways = [1.0] if len(room.shares) == 2 else [1.0, -1.0]
    steps = 0.5 - 0.5 * np.cos(np.linspace(0.0, np.pi, _FRAMES))
    painter = ExercisePainter(room, drawn.painter, [w * s for w in ways for s in (0.0, 0.5, 1.0)])
    size = panel_size(painter.ratio, width_px)
    still = [_on_paper(painter.draw(drawn.panel(w * s), size)) for w in ways for s in steps]
    dose = room.done.dose
    out_s = min(dose.tempo.out_s or dose.ease_in_s or 2.0, _LONGEST_S)
    back_s = min(dose.tempo.back_s or out_s, _LONGEST_S)
    frames: list[Image.Image] = []
    lasting: list[int] = []
    for way in range(len(ways)):
        there = still[way * _FRAMES : (way + 1) * _FRAMES]
        out_ms, back_ms = (round(1000 * s / (_FRAMES - 1)) for s in (out_s, back_s))
        frames += [*there, *there[-2:0:-1]]
        lasting += [round(1000 * _PAUSE_S / 2), *[out_ms] * (_FRAMES - 2)]
        lasting += [round(1000 * _PAUSE_S), *[back_ms] * (_FRAMES - 2)]
    return Movement(frames, lasting)


def _on_paper(picture: Image.Image) -> Image.Image:
    sheet = Image.new("RGB", picture.size, PAPER)
    sheet.paste(picture, (0, 0), picture)
    return sheet
