"""One posture as a picture with its title, its targets and the scale of its colours."""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import GROUP_INDEX
from lengthwise.contracts.observation import View
from lengthwise.contracts.states import BodyState, TissueState
from lengthwise.report import palette, words
from lengthwise.report.body_drawing import BodyPainter, Target, view_yaw_deg

PAPER = (251, 251, 249)
INK = (29, 37, 44)
QUIET = (85, 97, 108)
_OBLIQUE_DEG = 42.0
_MOST_TARGETS = 4


class Sight(StrEnum):
    """From where a posture is looked at; oblique: from the front, turned to the working side."""

    LEFT = "left"
    RIGHT = "right"
    FRONT = "front"
    BACK = "back"
    OBLIQUE = "oblique"

    def stand(self, side: Side) -> tuple[View, float | None]:
        """The side looked at, and how far off it the viewer stands."""
        if self is not Sight.OBLIQUE:
            return View(self.value), None
        return View.FRONT, _OBLIQUE_DEG if side is Side.LEFT else -_OBLIQUE_DEG

    def yaw_deg(self, side: Side) -> float:
        return view_yaw_deg(*self.stand(side))


def bare_picture(
    painter: BodyPainter,
    body: BodyState,
    tissue: TissueState,
    *,
    targets: Sequence[Target],
    sight: Sight,
    side: Side,
    size_px: tuple[int, int],
) -> Image.Image:
    """The body alone on a clear ground, RGBA."""
    view, turn_deg = sight.stand(side)
    return painter.draw(
        body,
        tissue,
        target=targets,
        view_from=view,
        frame=painter.frame([body], view, turn_deg=turn_deg),
        size_px=size_px,
        turn_deg=turn_deg,
    ).image


def titled_picture(
    painter: BodyPainter,
    body: BodyState,
    tissue: TissueState,
    *,
    title: str,
    targets: Sequence[Target],
    sight: Sight,
    side: Side,
    size_px: tuple[int, int],
) -> Image.Image:
    """The body on paper, with title above and scale below, RGB."""
    width, height = size_px
    unit = min(width, height) / 40.0
    lines = target_lines(tissue, targets)
    above = round(unit * (3.0 + 1.35 * len(lines)))
    below = round(unit * 3.4)
    sheet = Image.new("RGB", size_px, PAPER)
    space = (width, max(height - above - below, 16))
    picture = bare_picture(
        painter, body, tissue, targets=targets, sight=sight, side=side, size_px=space
    )
    sheet.paste(picture, (0, above), picture)
    draw = ImageDraw.Draw(sheet)
    left = 1.4 * unit
    draw.text(
        (left, 0.9 * unit), title, fill=INK, font=fitting_font(title, 1.5 * unit, width - 2 * left)
    )
    for i, line in enumerate(lines):
        at = (left, (2.9 + 1.35 * i) * unit)
        draw.text(at, line, fill=QUIET, font=fitting_font(line, 1.05 * unit, width - 2 * left))
    _scale(draw, width, height, unit, all_known=all(tissue.claimed))
    return sheet


def target_lines(tissue: TissueState, targets: Sequence[Target]) -> list[str]:
    """Each target with how far it is into its range; the first few."""
    lines = []
    for target in targets[:_MOST_TARGETS]:
        name = words.first_upper(words.muscle_name(*target))
        known = tissue.claimed[GROUP_INDEX[target]]
        fraction = tissue.fraction(*target)
        said = words.range_share(fraction) + " of its range"
        if fraction is not None and fraction.sd > 0.0:
            said += f" (\u00b1 {196 * fraction.sd:.0f})"
        lines.append(f"{name}: {said if known else 'not known'}")
    if len(targets) > _MOST_TARGETS:
        lines.append(f"and {len(targets) - _MOST_TARGETS} more")
    return lines


def _scale(
    draw: ImageDraw.ImageDraw, width: int, height: int, unit: float, *, all_known: bool
) -> None:
    left, top, thick = 1.4 * unit, height - 2.6 * unit, 0.55 * unit
    long = min(width - 2 * left, 17 * unit)
    for x in range(round(long)):
        colour = palette.warmth(np.array(x / long))
        draw.line(
            [(left + x, top), (left + x, top + thick)],
            fill=tuple(round(v) for v in colour.tolist()),
        )
    font = sized_font(0.85 * unit)
    draw.text((left, top + 0.9 * unit), "0 % of its range", fill=QUIET, font=font)
    end = "100 %"
    draw.text((left + long - font.getlength(end), top + 0.9 * unit), end, fill=QUIET, font=font)
    if not all_known:
        said = "grey and hatched: not known"
        place = (width - left - font.getlength(said), top + 0.9 * unit)
        if place[0] > left + long + unit:
            draw.text(place, said, fill=QUIET, font=font)


def sized_font(size_px: float) -> ImageFont.FreeTypeFont:
    """The font that comes with the drawing library: the same picture on every machine."""
    font = ImageFont.load_default(max(size_px, 6.0))
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("the drawing library has no scalable font")
    return font


def fitting_font(text: str, size_px: float, room_px: float) -> ImageFont.FreeTypeFont:
    """A font in which the text fits into its room."""
    font = sized_font(size_px)
    length = font.getlength(text)
    return font if length <= room_px else sized_font(size_px * room_px / length)
