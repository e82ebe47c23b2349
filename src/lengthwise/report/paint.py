"""From depth and normal images to soft colours with alpha, layer upon layer."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import binary_dilation, distance_transform_edt, gaussian_filter

from lengthwise.report import palette
from lengthwise.report.raster import FAR, Layer, crevice_shade

_LIGHT = np.array([-0.42, 0.62, 0.66]) / np.linalg.norm([-0.42, 0.62, 0.66])


_STRIP_PX = 64


@dataclass
class Canvas:
    """A picture being painted: `ink` (h, w, 4) float32, colour 0..255 times alpha, alpha 0..1."""

    ink: np.ndarray

    @classmethod
    def empty(cls, height_px: int, width_px: int) -> "Canvas":
        return cls(np.zeros((height_px, width_px, 4), dtype=np.float32))

    def over(self, rgb: np.ndarray, alpha: np.ndarray) -> None:
        """Paint a colour (h, w, 3) or (3,) with coverage (h, w) over what is there."""
        cover = alpha.astype(np.float32)[:, :, None]
        self.ink *= 1.0 - cover
        self.ink[:, :, :3] += rgb.astype(np.float32) * cover
        self.ink[:, :, 3:] += cover

    def over_where(self, chosen: np.ndarray, rgb: np.ndarray, alpha: np.ndarray) -> None:
        """The same on `chosen` pixels only (flat indices, n): colours (n, 3), coverage (n,)."""
        flat = self.ink.reshape(-1, 4)
        cover = alpha.astype(np.float32)[:, None]
        fresh = np.concatenate([rgb.astype(np.float32) * cover, cover], axis=1)
        flat[chosen] = flat[chosen] * (1.0 - cover) + fresh

    def part(self, box: tuple[slice, slice]) -> "Canvas":
        """A window onto this canvas: painting there paints here."""
        return Canvas(self.ink[box])

    def cropped(self, height_px: int, width_px: int) -> "Canvas":
        return Canvas(self.ink[:height_px, :width_px].copy())

    def enlarged(self, factor: int) -> "Canvas":
        return Canvas(enlarged(self.ink, factor))


def enlarged(image: np.ndarray, factor: int) -> np.ndarray:
    """(h, w, ...) with every pixel repeated, for layers that are soft by themselves."""
    return np.asarray(image.repeat(factor, axis=0).repeat(factor, axis=1))


def daylight(normal: np.ndarray) -> np.ndarray:
    """(h, w) 0..1: soft light from above, to the left and behind the viewer."""
    return np.asarray(0.5 + 0.5 * (normal @ _LIGHT))


def paint_skin(canvas: Canvas, depth_m: np.ndarray, *, pixels_per_m: float) -> None:
    """A glass-like body: clear where one looks straight through, denser towards its edge."""
    hit = depth_m > FAR / 2
    unit = pixels_per_m / 250.0
    inside = rounded(hit, 2.5 * unit)
    edge = np.exp(-distance_transform_edt(inside > 0.5) / (2.5 * unit))
    weight = np.maximum(_soft(hit, 1.5 * unit), 1e-3)
    smooth = _soft(np.where(hit, depth_m, 0.0), 1.5 * unit) / weight
    del hit, weight
    dy, dx = np.gradient(smooth * pixels_per_m)
    del smooth
    for first in range(0, len(edge), _STRIP_PX):  # colours of all at once are 40 MB
        part = slice(first, first + _STRIP_PX), slice(None)
        facing = 1.0 / np.sqrt(1.0 + dx[part] ** 2 + dy[part] ** 2)
        normal = np.stack([-dx[part] * facing, dy[part] * facing, facing], axis=2)
        rim = np.clip((1.0 - facing) ** 1.5 * 0.8 + 0.55 * edge[part], 0.0, 1.0)
        light, blend = daylight(normal)[:, :, None], rim[:, :, None]
        rgb = (palette.SKIN * (1 - blend) + palette.SKIN_EDGE * blend) * (0.74 + 0.40 * light)
        cover = inside[part] * np.clip(0.34 + 0.46 * rim, 0.0, 0.85)
        canvas.part(part).over(np.clip(rgb, 0, 255), cover)


def _soft(image: np.ndarray, radius_px: float) -> np.ndarray:
    return np.asarray(gaussian_filter(image.astype(np.float32), radius_px, truncate=3.0))


def rounded(mask: np.ndarray, radius_px: float) -> np.ndarray:
    """(h, w) 0..1: the mask with its small dents filled and an even, soft edge."""
    soft = _soft(mask, radius_px)
    return np.asarray(np.clip((soft - 0.5) * radius_px * 2.2 + 0.5, 0.0, 1.0))


def paint_bones(canvas: Canvas, layer: Layer, *, radius_px: float) -> None:
    """Light bone with soft hollows."""
    chosen = np.flatnonzero(layer.filled)
    tone = np.clip(_lit(layer, chosen) * 1.05 - 0.55 * _hollow(layer, chosen, radius_px), 0.0, 1.0)
    rgb = palette.BONE_SHADE * (1 - tone) + palette.BONE * tone
    canvas.over_where(chosen, rgb, np.full(len(chosen), 0.97))


def paint_muscles(
    canvas: Canvas, layer: Layer, colour: np.ndarray, alpha: np.ndarray, *, radius_px: float
) -> None:
    """Tubes in the colour of their label (labels, 3); `alpha` (h, w) how densely."""
    chosen = np.flatnonzero(layer.filled & (alpha > 0))
    light, hollow = _lit(layer, chosen), _hollow(layer, chosen, radius_px)
    base = colour[layer.label.reshape(-1)[chosen]]
    shaded = base * np.clip(0.62 + 0.50 * light - 0.30 * hollow, 0.0, 1.15)
    gloss = np.clip(light - 0.86, 0.0, 1.0) * 260.0
    canvas.over_where(chosen, np.clip(shaded + gloss, 0, 255), alpha.reshape(-1)[chosen])


def _lit(layer: Layer, chosen: np.ndarray) -> np.ndarray:
    return daylight(layer.normal.reshape(-1, 3)[chosen])[:, None]


def _hollow(layer: Layer, chosen: np.ndarray, radius_px: float) -> np.ndarray:
    shade = np.zeros(layer.depth_m.shape, dtype=np.float32)
    part = _box(layer.filled, round(3 * radius_px))
    shade[part] = crevice_shade(layer.depth_m[part], layer.filled[part], radius_px=radius_px)
    return np.asarray(shade.reshape(-1)[chosen, None])


def _box(mask: np.ndarray, margin_px: int) -> tuple[slice, slice]:
    """The smallest part of the image that holds a shape and a margin around it."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return slice(0, 0), slice(0, 0)
    return (
        slice(max(rows[0] - margin_px, 0), rows[-1] + margin_px + 1),
        slice(max(columns[0] - margin_px, 0), columns[-1] + margin_px + 1),
    )


def paint_outline(
    canvas: Canvas, mask: np.ndarray, colour: np.ndarray, *, width_px: int, glow_px: float = 0.0
) -> None:
    """A line around a shape; with `glow_px` a halo outside of it as well."""
    part = _box(mask, round(3 * glow_px) + width_px + 3)
    shape, ink = mask[part], canvas.part(part)
    if glow_px > 0:
        ink.over(colour, np.clip(_soft(shape, glow_px) * 1.5, 0, 0.75) * ~shape)
    ring = binary_dilation(shape, iterations=width_px) & ~shape
    ink.over(colour, _soft(ring, 0.6))


def fog_density(share: np.ndarray, skin_m: np.ndarray, pixels_per_m: float) -> np.ndarray:
    """(h, w) 0..1 from the share of each pixel that belongs to parts that are not known."""
    unit = pixels_per_m / 250.0
    body = skin_m > FAR / 2
    return np.asarray(_soft(share * body, 3.0 * unit) * rounded(body, 2.5 * unit))


def paint_fog(canvas: Canvas, density: np.ndarray, *, spacing_px: float, top: int = 0) -> None:
    """Haze with slanted lines (so that it is told by shape too) over what is not known. `top`: the
    row of the picture that the canvas begins at."""
    chosen = np.flatnonzero(density > 0.004)
    row, column = np.divmod(chosen, density.shape[1])
    row += top
    dense = density.reshape(-1)[chosen]
    wave = (row + column) % spacing_px
    line = np.clip(1.5 - np.abs(wave - spacing_px / 2), 0, 1) * (dense > 0.45)
    shade = line[:, None]
    rgb = palette.FOG * (1 - shade) + palette.FOG_LINE * shade
    canvas.over_where(chosen, rgb, np.clip(dense * 0.90, 0, 0.90))


def paint_shadow(
    canvas: Canvas, skin_m: np.ndarray, floor_row: int, *, pixels_per_m: float
) -> None:
    """A soft contact shadow on the floor, darkest below what touches it."""
    hit = skin_m > FAR / 2
    height = hit.shape[0]
    lowest = height - 1 - np.argmax(hit[::-1], axis=0)
    gap_m = (floor_row - lowest) / pixels_per_m
    strength = np.where(hit.any(axis=0), np.exp(-np.maximum(gap_m, 0.0) / 0.10), 0.0)
    strength = _soft(strength, 0.02 * pixels_per_m)
    rows = np.arange(height)[:, None]
    fall = np.exp(-(((rows - floor_row) / (0.013 * pixels_per_m)) ** 2))
    colour = np.array([40.0, 52.0, 64.0])
    for first in range(0, height, _STRIP_PX):
        part = slice(first, first + _STRIP_PX), slice(None)
        canvas.part(part).over(colour, 0.30 * fall[part] * strength[None, :])
