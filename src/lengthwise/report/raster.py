"""Orthographic drawing of triangle meshes and soft ellipsoids into depth and normal images.

Computed here, because machines without a graphics driver must draw the same picture.
View axes: x to the right of the image, y up, z towards the viewer; lengths in metres.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter

from lengthwise.report.raster_kernel import nearest_faces, weights_at

FAR = -1.0e6
"""Depth of an empty pixel: behind everything."""

_EDGE = 1.0e-9


@dataclass(frozen=True)
class Camera:
    """`rot_view_from_world` (3, 3); `centre_m` (2,) view point drawn at the image centre."""

    rot_view_from_world: np.ndarray
    centre_m: np.ndarray
    pixels_per_m: float
    width_px: int
    height_px: int

    def coarser(self, factor: int) -> "Camera":
        """The same view on an image of fewer pixels."""
        return Camera(
            self.rot_view_from_world,
            self.centre_m,
            self.pixels_per_m / factor,
            self.width_px // factor,
            self.height_px // factor,
        )

    def view(self, points_m: np.ndarray) -> np.ndarray:
        """(n, 3) world to (n, 3) view."""
        return np.asarray(points_m @ self.rot_view_from_world.T)

    def pixels(self, view_m: np.ndarray) -> np.ndarray:
        """(n, 3) view to (n, 3): column, row (pixel centres at whole numbers), depth in metres."""
        out = np.empty_like(view_m)
        scale = self.pixels_per_m
        out[:, 0] = (view_m[:, 0] - self.centre_m[0]) * scale + (self.width_px - 1) / 2
        out[:, 1] = (self.centre_m[1] - view_m[:, 1]) * scale + (self.height_px - 1) / 2
        out[:, 2] = view_m[:, 2]
        return out


@dataclass(frozen=True)
class Mesh:
    """`vertices_m` (n, 3), `faces` (m, 3), `label` (n,) whole number carried by each vertex."""

    vertices_m: np.ndarray
    faces: np.ndarray
    label: np.ndarray


def joined(meshes: list[Mesh]) -> Mesh:
    """One mesh out of many; an empty mesh out of none."""
    if not meshes:
        return Mesh(np.zeros((0, 3)), np.zeros((0, 3), dtype=int), np.zeros(0, dtype=int))
    starts = np.cumsum([0] + [len(m.vertices_m) for m in meshes[:-1]])
    return Mesh(
        np.concatenate([m.vertices_m for m in meshes]),
        np.concatenate([m.faces + s for m, s in zip(meshes, starts, strict=True)]),
        np.concatenate([m.label for m in meshes]),
    )


@dataclass(frozen=True)
class Layer:
    """What is nearest in each pixel.

    `depth_m` (h, w), FAR where empty; `normal` (h, w, 3) in view axes; `label` (h, w), -1 empty.
    """

    depth_m: np.ndarray
    normal: np.ndarray
    label: np.ndarray

    @property
    def filled(self) -> np.ndarray:
        return self.label >= 0


def vertex_normals(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """(n, 3) unit normals, the mean of the adjoining faces weighted by their area."""
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    face_normal = np.cross(b - a, c - a)
    out = np.zeros_like(vertices)
    for axis in range(3):
        for corner in range(3):
            out[:, axis] += np.bincount(
                faces[:, corner], weights=face_normal[:, axis], minlength=len(vertices)
            )
    length = np.linalg.norm(out, axis=1, keepdims=True)
    return np.asarray(out / np.maximum(length, _EDGE))


@dataclass(frozen=True)
class Projected:
    """A mesh before a camera: `corners` (n, 3) column, row and depth, `normal` (n, 3) in view axes,
    `faces` (m, 3), `label` (n,)."""

    corners: np.ndarray
    normal: np.ndarray
    faces: np.ndarray
    label: np.ndarray

    @classmethod
    def of(cls, mesh: Mesh, camera: Camera) -> "Projected":
        view = camera.view(mesh.vertices_m)
        faces = np.asarray(mesh.faces, dtype=np.int64)
        return cls(camera.pixels(view), vertex_normals(view, faces), faces, mesh.label)

    def rows(self, top: int, height_px: int, width_px: int) -> Layer:
        """So many rows of the picture from `top` on, the same to the bit as within the whole."""
        shape = (height_px, width_px)
        depth = np.full(shape, FAR)
        normal = np.zeros((*shape, 3), dtype=np.float32)
        label = np.full(shape, -1, dtype=np.int32)
        if not len(self.faces):
            return Layer(depth, normal, label)
        face = np.full(shape, -1, dtype=np.int32)
        nearest_faces(self.corners, self.faces, depth, face, top)
        hit = face >= 0
        corner = self.faces[face[hit]]
        rows, columns = np.nonzero(hit)
        near = weights_at(self.corners, self.faces, face, rows, columns, top)
        del face
        shaded = (self.normal[corner] * near[:, :, None]).sum(axis=1)
        shaded *= np.where(shaded[:, 2:] < 0, -1.0, 1.0)
        shaded /= np.maximum(np.linalg.norm(shaded, axis=1, keepdims=True), _EDGE)
        normal[hit] = shaded
        label[hit] = self.label[corner[:, 0]]
        return Layer(depth, normal, label)


def draw_mesh(mesh: Mesh, camera: Camera) -> Layer:
    """The visible surface of a mesh. Normals are turned towards the viewer."""
    return Projected.of(mesh, camera).rows(0, camera.height_px, camera.width_px)


@dataclass(frozen=True)
class Ellipsoids:
    """Soft tissue as many overlapping ellipsoids.

    `centre_m` (n, 3); `shape_m` (n, 3, 3) maps the unit ball onto the ellipsoid (columns are
    the half-axes in world axes); `label` (n,) the segment each belongs to.
    """

    centre_m: np.ndarray
    shape_m: np.ndarray
    label: np.ndarray

    def joined(self, other: "Ellipsoids") -> "Ellipsoids":
        return Ellipsoids(
            np.concatenate([self.centre_m, other.centre_m]),
            np.concatenate([self.shape_m, other.shape_m]),
            np.concatenate([self.label, other.label]),
        )


def draw_ellipsoids(
    soft: Ellipsoids, camera: Camera, *, blend_m: float, labels: int
) -> tuple[np.ndarray, np.ndarray]:
    """Front depth (h, w) of the blended body, FAR where empty, and (h, w, labels) share of each.

    Depths are joined by a smooth maximum of width `blend_m`, so that neighbours melt together.
    """
    shape = (camera.height_px, camera.width_px)
    total = np.zeros(shape)
    share = np.zeros((*shape, labels))
    spread = soft.shape_m @ soft.shape_m.transpose(0, 2, 1)
    rot = camera.rot_view_from_world
    covariance = rot @ spread @ rot.T
    centre = camera.pixels(camera.view(soft.centre_m))
    reference = float(centre[:, 2].max())
    for (column, row, z), cov, label in zip(centre, covariance, soft.label, strict=True):
        reach = np.sqrt(np.diag(cov)[:2]) * camera.pixels_per_m
        x0, x1 = max(int(column - reach[0]), 0), min(int(column + reach[0]) + 2, shape[1])
        y0, y1 = max(int(row - reach[1]), 0), min(int(row + reach[1]) + 2, shape[0])
        if x0 >= x1 or y0 >= y1:
            continue
        dx = (np.arange(x0, x1) - column)[None, :] / camera.pixels_per_m
        dy = (row - np.arange(y0, y1))[:, None] / camera.pixels_per_m
        # Conditional height of the ellipsoid over (dx, dy): Schur complement of its shape matrix.
        plane = np.linalg.inv(cov[:2, :2])
        slope = plane @ cov[:2, 2]
        thickness = cov[2, 2] - cov[2, :2] @ slope
        radial = plane[0, 0] * dx**2 + 2 * plane[0, 1] * dx * dy + plane[1, 1] * dy**2
        inside = radial < 1.0
        height = z + slope[0] * dx + slope[1] * dy
        height = height + np.sqrt(np.maximum(thickness * (1.0 - radial), 0.0))
        weight = np.where(inside, np.exp((height - reference) / blend_m), 0.0)
        total[y0:y1, x0:x1] += weight
        share[y0:y1, x0:x1, label] += weight
    hit = total > 0
    depth = np.where(hit, reference + blend_m * np.log(np.where(hit, total, 1.0)), FAR)
    share /= np.where(hit, total, 1.0)[:, :, None]
    return depth, share


def crevice_shade(depth_m: np.ndarray, filled: np.ndarray, *, radius_px: float) -> np.ndarray:
    """0..1, how far each pixel lies behind its neighbourhood: soft shadow in hollows.

    Unsharp masking of the depth image (Luft, Colditz, Deussen 2006), within the filled area.
    """
    weight = gaussian_filter(filled.astype(np.float32), radius_px, truncate=2.5)
    inside = np.where(filled, depth_m, 0.0).astype(np.float32)
    mean = gaussian_filter(inside, radius_px, truncate=2.5) / np.maximum(weight, 1e-6)
    behind = np.where(filled, mean - depth_m, 0.0)
    return np.asarray(np.clip(behind / 0.03, 0.0, 1.0))
