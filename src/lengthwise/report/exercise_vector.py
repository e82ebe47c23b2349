"""An exercise as a drawing of lines and areas (SVG): sharp on paper at any size, and small.

The same body, muscles and things as in the painted picture. The body is the union of its
ellipsoids, each seen as an ellipse: parts are laid over each other from the farthest to the
nearest, each with an edge of its own.
"""

from collections.abc import Iterator
from html import escape

import numpy as np

from lengthwise.contracts.muscles import GROUP_SIDES
from lengthwise.report import palette
from lengthwise.report.body_drawing import BodyPainter
from lengthwise.report.body_parts import BodyPart
from lengthwise.report.exercise_drawing import ExercisePainter, Panel
from lengthwise.report.exercise_sheet import Drawn, captions, legend, panel_size
from lengthwise.report.in_room import InRoom
from lengthwise.report.raster import Camera
from lengthwise.report.things import Shape, Tone, things_around

_FILL = {Tone.GROUND: "#e2e5e5", Tone.WALL: "#eceeee", Tone.WOOD: "#d6cec2", Tone.HELD: "#967e62"}
_EDGE = {Tone.GROUND: "#bcc4c4", Tone.WALL: "#bcc4c4", Tone.WOOD: "#9e9486", Tone.HELD: "#705c46"}
_SKIN, _SKIN_EDGE = "#e3e9ee", "#8496a6"
_ARMS = len(BodyPart)


def vector_sheet(drawn: Drawn) -> str:
    """One SVG with the still postures side by side, captions and legend."""
    room = drawn.room
    painter = ExercisePainter(room, drawn.painter, room.shares)
    width, height = panel_size(painter.ratio)
    camera = painter.camera((width, height))
    lines = legend(drawn)
    whole = width * max(len(room.shares), 2), height + 140 + 26 * len(lines)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole[0]} {whole[1]}" '
        f'font-family="system-ui, sans-serif" role="img"><title>{escape(drawn.title)}</title>',
        f'<rect width="{whole[0]}" height="{whole[1]}" fill="#fbfbf9"/>',
        f'<text x="28" y="44" font-size="28" fill="#1d252c">{escape(drawn.title)}</text>',
        f'<text x="28" y="72" font-size="17" fill="#55616c">{escape(room.done.name)}</text>',
    ]
    for i, (share, caption) in enumerate(zip(room.shares, captions(room), strict=True)):
        out.append(
            f'<g id="{caption.lower().replace(" ", "-")}" transform="translate({i * width} 100)">'
        )
        out.append(f'<text x="28" y="8" font-size="18" fill="#1d252c">{caption}</text>')
        # A picture in the picture: a wall that is taller than the frame ends with it.
        out.append(f'<svg y="14" width="{width}" height="{height}" overflow="hidden">')
        out += panel_svg(painter, drawn.painter, drawn.panel(share), camera)
        out.append("</svg></g>")
    for i, line in enumerate(lines):
        y = height + 132 + 26 * i
        if line.rgb is not None:
            colour = palette.hex_colour(line.rgb)
            out.append(f'<rect x="28" y="{y}" width="22" height="14" rx="4" fill="{colour}"/>')
        said = escape(line.text)
        out.append(f'<text x="60" y="{y + 13}" font-size="16" fill="#55616c">{said}</text>')
    return "\n".join([*out, "</svg>\n"])


def panel_svg(
    painter: ExercisePainter, body: BodyPainter, panel: Panel, camera: Camera
) -> Iterator[str]:
    """The elements of one posture."""
    shapes = things_around(painter.room, panel.at, painter.bodies)
    for shape in shapes:
        if not shape.before:
            yield _shape(shape, camera)
    yield from _skin(painter, panel.at, camera)
    for group, path_m, radius_m in body.muscle_paths(panel.at.data, panel.marked):
        colour = palette.hex_colour(panel.colour[group])
        points = _points(panel.at.placed(path_m), camera)
        name = "_".join(part.value for part in GROUP_SIDES[group])
        yield (
            f'<polyline class="{name}" points="{points}" fill="none" stroke="{colour}" '
            f'stroke-width="{2 * radius_m * camera.pixels_per_m:.1f}" stroke-linecap="round" '
            'stroke-linejoin="round" stroke-opacity=".9"/>'
        )
    for shape in shapes:
        if shape.before:
            yield _shape(shape, camera)


def _skin(painter: ExercisePainter, at: InRoom, camera: Camera) -> Iterator[str]:
    flesh = painter.room.flesh
    soft = at.soft(flesh)
    label = np.array(soft.label)
    label[len(at.soft(flesh, arms=False).label) :] = _ARMS
    rot = camera.rot_view_from_world
    spread = rot @ (soft.shape_m @ soft.shape_m.transpose(0, 2, 1)) @ rot.T
    seen = camera.pixels(camera.view(soft.centre_m))
    parts = sorted(set(label.tolist()), key=lambda part: float(seen[label == part, 2].mean()))
    for part in parts:
        ellipses = "".join(
            _ellipse(seen[i], spread[i, :2, :2], camera.pixels_per_m)
            for i in np.flatnonzero(label == part)
        )
        name = f"part{part}_{round(100 * at.share)}"
        yield f'<defs><g id="{name}">{ellipses}</g></defs>'
        yield f'<use href="#{name}" stroke="{_SKIN_EDGE}" stroke-width="3"/>'
        yield f'<use href="#{name}" fill="{_SKIN}"/>'


def _ellipse(at: np.ndarray, spread: np.ndarray, pixels_per_m: float) -> str:
    square, axes = np.linalg.eigh(spread)
    # Rows of an image grow downwards, so the angle turns round.
    turn = -np.degrees(np.arctan2(axes[1, 1], axes[0, 1]))
    short, long = np.sqrt(np.maximum(square, 0.0)) * pixels_per_m
    return (
        f'<ellipse rx="{long:.1f}" ry="{short:.1f}" '
        f'transform="translate({at[0]:.1f} {at[1]:.1f}) rotate({turn:.0f})"/>'
    )


def _shape(shape: Shape, camera: Camera) -> str:
    points = _points(shape.points_m, camera)
    edge = _EDGE[shape.tone]
    if shape.closed:
        fill = _FILL[shape.tone]
        return f'<polygon points="{points}" fill="{fill}" stroke="{edge}"/>'
    wide = 4 if shape.tone is Tone.WOOD else 3
    return f'<polyline points="{points}" fill="none" stroke="{edge}" stroke-width="{wide}"/>'


def _points(points_m: np.ndarray, camera: Camera) -> str:
    at = camera.pixels(camera.view(points_m))[:, :2]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in at.tolist())
