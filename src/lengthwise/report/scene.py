"""One picture of a body in full detail, painted some rows at a time.

At twice the pixels each way a layer of the whole is 10 to 25 MB, and several are needed at once.
Rows are painted with as many around them as the softest stroke reaches, so that it does not show
where they were cut: the picture is the same to the bit as one that is painted at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

import numpy as np

from lengthwise.report import palette
from lengthwise.report.paint import (
    Canvas,
    enlarged,
    paint_bones,
    paint_fog,
    paint_muscles,
    paint_outline,
)
from lengthwise.report.raster import Camera, Layer, Projected

_ROWS = 64
"""Painted at a time; even, and the rows around them come on top."""
_GLOW = 10.0
_SOFT_REACH = 3.0
"""In radii, of the widest soft stroke (`paint._soft`)."""
_BEHIND_M = 0.002


@dataclass(frozen=True)
class Scene:
    """What is painted, from the back to the front.

    `ground` and `fog` (h, w) with fewer pixels than `camera` has, as they are soft by themselves.
    `colour` (groups, 3); `unknown` groups of the target; `glowing`: the target glows.
    """

    camera: Camera
    ground: Canvas
    fog: np.ndarray
    bones: Projected
    around: Projected
    target: Projected
    colour: np.ndarray
    unknown: tuple[int, ...]
    glowing: bool

    def painted(self, oversample: int, *, rows: int = _ROWS) -> tuple[np.ndarray, np.ndarray]:
        """(h, w, 4) RGBA 0..255 of `oversample` times fewer pixels each way, and where the target
        is seen, (h, w) bool of all pixels."""
        height, width = self.camera.height_px, self.camera.width_px
        small = np.empty((height // oversample, width // oversample, 4), dtype=np.uint8)
        seen = np.zeros((height, width), dtype=bool)
        for first in range(0, height, rows):
            last = min(first + rows, height)
            top = max(first - self._reach(oversample), 0)
            end = min(last + self._reach(oversample), height)
            canvas, target = self._strip(top, end, oversample)
            inner = slice(first - top, last - top)
            seen[first:last] = target[inner]
            small[first // oversample : last // oversample] = _finished(
                canvas.ink[inner], oversample
            )
        return small, seen

    @property
    def _unit(self) -> float:
        return self.camera.pixels_per_m / 500.0

    def _reach(self, oversample: int) -> int:
        """Rows around that a painted one depends on, whole pixels of the smaller picture."""
        reach = _SOFT_REACH * _GLOW * self._unit + 2 * self._line + 4
        return ceil(reach / oversample) * oversample

    @property
    def _line(self) -> int:
        return max(1, round(4 * self._unit))

    def _strip(self, top: int, end: int, oversample: int) -> tuple[Canvas, np.ndarray]:
        unit, size = self._unit, (top, end - top, self.camera.width_px)
        coarse = slice(top // oversample, end // oversample)
        canvas = Canvas(enlarged(self.ground.ink[coarse], oversample))
        bones = self.bones.rows(*size)
        paint_bones(canvas, bones, radius_px=9.0 * unit)
        bones_m = bones.depth_m
        del bones
        for around in self._layers(self.around, size):
            visible = around.depth_m >= bones_m - _BEHIND_M
            paint_muscles(canvas, around, self.colour, visible * 0.66, radius_px=5.0 * unit)
        fog = enlarged(self.fog[coarse], oversample)
        paint_fog(canvas, fog, spacing_px=max(6, round(9 * unit)), top=top)
        del fog
        seen = np.zeros(bones_m.shape, dtype=bool)
        for target in self._layers(self.target, size):
            seen = target.filled
            self._paint_target(canvas, target, bones_m, top)
        return canvas, seen

    def _layers(self, mesh: Projected, size: tuple[int, int, int]) -> Iterator[Layer]:
        """The layer, where it shows anything, held no longer than it is painted."""
        layer = mesh.rows(*size)
        if layer.filled.any():
            yield layer

    def _paint_target(self, canvas: Canvas, seen: Layer, bones_m: np.ndarray, top: int) -> None:
        unit = self._unit
        if self.glowing:
            paint_outline(
                canvas, seen.filled, palette.IN_WINDOW, width_px=round(4 * unit), glow_px=10 * unit
            )
        alpha = np.where(seen.depth_m >= bones_m - _BEHIND_M, 1.0, 0.80)
        line = max(1, round(2.2 * unit))
        paint_outline(canvas, seen.filled, palette.OUTLINE, width_px=line)
        paint_muscles(canvas, seen, self.colour, alpha, radius_px=5.0 * unit)
        if self.unknown:
            fog = np.isin(seen.label, self.unknown) * 0.75
            paint_fog(canvas, fog, spacing_px=max(6, round(7 * unit)), top=top)


def _finished(ink: np.ndarray, oversample: int) -> np.ndarray:
    height, width = ink.shape[0] // oversample, ink.shape[1] // oversample
    small = ink.reshape(height, oversample, width, oversample, 4).mean(axis=(1, 3))
    alpha = small[:, :, 3:]
    rgba = np.concatenate([small[:, :, :3] / np.maximum(alpha, 1e-6), alpha * 255.0], axis=2)
    return np.asarray(np.clip(np.rint(rgba), 0, 255).astype(np.uint8))
