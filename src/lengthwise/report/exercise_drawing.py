"""An exercise as pictures: its still postures side by side, and frames of its movement.

Muscles that it lengthens are warm by how far they are into their range, those that it trains have a
colour of their own, and all others are pale. Nothing is fogged: the posture is stated, not seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin

import numpy as np
from PIL import Image, ImageDraw

from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES
from lengthwise.report import palette
from lengthwise.report.body_drawing import BodyPainter, view_yaw_deg
from lengthwise.report.in_room import InRoom
from lengthwise.report.paint import Canvas, paint_bones, paint_muscles, paint_outline, paint_skin
from lengthwise.report.raster import Camera, draw_ellipsoids, draw_mesh
from lengthwise.report.room import Room
from lengthwise.report.things import Shape, Tone, things_around

_RAISE_DEG = 8.0
_OVERSAMPLE = 2
_MARGIN_M = 0.05
_TONE = {
    Tone.GROUND: (226, 229, 229, 255),
    Tone.WALL: (236, 238, 238, 235),
    Tone.WOOD: (214, 206, 194, 255),
    Tone.HELD: (150, 126, 98, 255),
}
_EDGE = {
    Tone.GROUND: (188, 194, 196, 255),
    Tone.WALL: (188, 194, 196, 255),
    Tone.WOOD: (158, 148, 134, 255),
    Tone.HELD: (112, 92, 70, 255),
}


@dataclass(frozen=True)
class Panel:
    """One posture to draw. `colour` (32, 3) of each group and side; `marked`: those that are
    outlined and drawn through what lies before them."""

    at: InRoom
    colour: np.ndarray
    marked: tuple[int, ...]


def marked_groups(room: Room) -> tuple[int, ...]:
    """Indices in GROUP_SIDES of what is lengthened, then of what works."""
    done = room.done
    lengthened = [GROUP_INDEX[t.group, t.side] for t in done.targets]
    worked = [GROUP_INDEX[t.muscle.group, t.side] for t in done.trained if t.muscle.group]
    return tuple(dict.fromkeys([*lengthened, *worked]))


def colours(room: Room, fraction: np.ndarray) -> np.ndarray:
    """(32, 3) from (32,) range fractions."""
    out = np.tile(palette.MUSCLE_REST, (len(GROUP_SIDES), 1))
    for works in room.done.trained:
        if works.muscle.group:
            out[GROUP_INDEX[works.muscle.group, works.side]] = palette.MUSCLE_WORKS
    for t in room.done.targets:
        i = GROUP_INDEX[t.group, t.side]
        out[i] = palette.warmth(np.asarray(fraction[i]))
    return out


def view_of(room: Room) -> np.ndarray:
    """(3, 3) view axes from room axes, as the exercise wants to be seen."""
    picture, view = room.done.picture, room.done.camera_view()
    yaw = radians(view_yaw_deg(view, picture.turn_deg))
    raise_deg = _RAISE_DEG if picture.raise_deg is None else picture.raise_deg
    level = np.array([sin(yaw), -cos(yaw), 0.0])
    up = radians(raise_deg)
    towards = level * cos(up) + np.array([0.0, 0.0, sin(up)])
    right = np.cross(np.array([0.0, 0.0, 1.0]), towards)
    right /= np.linalg.norm(right)
    return np.stack([right, np.cross(towards, right), towards])


class ExercisePainter:
    """Draws one exercise; all its pictures share one frame and one scale."""

    def __init__(self, room: Room, painter: BodyPainter, shares: Sequence[float]) -> None:
        self.room, self._painter = room, painter
        self._view = view_of(room)
        self.bodies = [room.at(s) for s in shares]
        low, high = self._extent()
        self._low, self._high = low - _MARGIN_M, high + _MARGIN_M

    @property
    def ratio(self) -> float:
        """Width to height of what is to be shown."""
        size = self._high - self._low
        return float(size[0] / size[1])

    def camera(self, size_px: tuple[int, int]) -> Camera:
        """From room axes to an image of this size."""
        width, height = size_px
        size = self._high - self._low
        scale = min(width / size[0], height / size[1])
        return Camera(self._view, (self._low + self._high) / 2, float(scale), width, height)

    def draw(
        self, panel: Panel, size_px: tuple[int, int], *, oversample: int = _OVERSAMPLE
    ) -> Image.Image:
        """One posture with what stands around it, RGBA on a clear ground."""
        size = size_px[0] * oversample, size_px[1] * oversample
        camera = self.camera(size)
        shapes = things_around(self.room, panel.at, self.bodies)
        sheet = Image.new("RGBA", size, (0, 0, 0, 0))
        _draw_shapes(sheet, [s for s in shapes if not s.before], camera)
        sheet.alpha_composite(_image(self._body(panel, camera)))
        _draw_shapes(sheet, [s for s in shapes if s.before], camera)
        return sheet.resize(size_px, Image.Resampling.BOX)

    def _body(self, panel: Panel, camera: Camera) -> Canvas:
        at, unit = panel.at, camera.pixels_per_m / 500.0
        of_body = _for_bones(camera, at)
        coarse = camera.coarser(2)
        skin_m, _ = draw_ellipsoids(at.soft(self.room.flesh), coarse, blend_m=0.012, labels=9)
        ground = Canvas.empty(coarse.height_px, coarse.width_px)
        paint_skin(ground, skin_m, pixels_per_m=coarse.pixels_per_m)
        canvas = ground.enlarged(2).cropped(camera.height_px, camera.width_px)
        bones = draw_mesh(self._painter.bone_mesh(at.data), of_body)
        paint_bones(canvas, bones, radius_px=9.0 * unit)
        others = [g for g in range(len(GROUP_SIDES)) if g not in panel.marked]
        context = draw_mesh(self._painter.muscle_mesh(at.data, others, 1.15), of_body)
        visible = context.depth_m >= bones.depth_m - 0.002
        paint_muscles(canvas, context, panel.colour, visible * 0.5, radius_px=5.0 * unit)
        seen = draw_mesh(self._painter.muscle_mesh(at.data, panel.marked, 1.3), of_body)
        if seen.filled.any():
            alpha = np.where(seen.depth_m >= bones.depth_m - 0.002, 1.0, 0.80)
            paint_outline(canvas, seen.filled, palette.OUTLINE, width_px=max(1, round(2.2 * unit)))
            paint_muscles(canvas, seen, panel.colour, alpha, radius_px=5.0 * unit)
        return canvas

    def _extent(self) -> tuple[np.ndarray, np.ndarray]:
        """(2,), (2,) the view that holds the bodies and what stands around them."""
        found = []
        for at in self.bodies:
            soft = at.soft(self.room.flesh)
            centre = soft.centre_m @ self._view.T
            half = np.linalg.norm(self._view @ soft.shape_m, axis=2)
            found += [(centre - half)[:, :2], (centre + half)[:, :2]]
            for shape in things_around(self.room, at, self.bodies):
                if shape.tone is not Tone.WALL:
                    found.append((shape.points_m @ self._view.T)[:, :2])
        points = np.concatenate(found)
        return points.min(axis=0), points.max(axis=0)


def _for_bones(camera: Camera, at: InRoom) -> Camera:
    """The same view for points in the axes of the body."""
    rot = camera.rot_view_from_world
    centre = camera.centre_m - (rot @ at.shift_m)[:2]
    return Camera(rot @ at.turn, centre, camera.pixels_per_m, camera.width_px, camera.height_px)


def _draw_shapes(sheet: Image.Image, shapes: Sequence[Shape], camera: Camera) -> None:
    draw = ImageDraw.Draw(sheet)
    line = max(1, round(0.006 * camera.pixels_per_m))
    for shape in shapes:
        at = [tuple(p) for p in camera.pixels(camera.view(shape.points_m))[:, :2].tolist()]
        if shape.closed:
            draw.polygon(
                at, fill=_TONE[shape.tone], outline=_EDGE[shape.tone], width=max(1, line // 2)
            )
        else:
            wide = line * (3 if shape.tone is Tone.WOOD else 2)
            draw.line(at, fill=_EDGE[shape.tone], width=wide, joint="curve")


def _image(canvas: Canvas) -> Image.Image:
    alpha = canvas.ink[:, :, 3:]
    rgba = np.concatenate([canvas.ink[:, :, :3] / np.maximum(alpha, 1e-6), alpha * 255.0], axis=2)
    return Image.fromarray(np.clip(np.rint(rgba), 0, 255).astype(np.uint8), "RGBA")
