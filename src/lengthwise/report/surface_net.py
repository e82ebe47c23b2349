"""Surfaces for a picture that can be turned: the soft body as one skin, and bones with less detail.

The skin is where the joined field of all ellipsoids is zero, found by naive surface nets (Gibson
1998, Constrained elastic surface nets): one vertex in each cell that the surface passes, at the
mean of the crossings on the cell's edges.
"""

from itertools import product

import numpy as np

from lengthwise.report.raster import Ellipsoids, Mesh

_BLEND_M = 0.008
_REACH = 4.0
"""How far outside an ellipsoid it is felt, in widths of the blend."""

_CORNERS = np.array(list(product((0, 1), repeat=3)))
_EDGES = tuple(
    (a, b) for a in range(8) for b in range(a + 1, 8) if abs(_CORNERS[a] - _CORNERS[b]).sum() == 1
)


def skin_mesh(soft: Ellipsoids, *, cell_m: float) -> Mesh:
    """One closed surface around the ellipsoids; each vertex carries the label nearest to it."""
    field, label, low_m = _field(soft, cell_m)
    inside = field > 0.0
    corner = [_shifted(inside, c) for c in _CORNERS]
    filled = np.sum(corner, axis=0)
    crossed = (filled > 0) & (filled < 8)
    value = [_shifted(field, c)[crossed] for c in _CORNERS]
    total, count = np.zeros((crossed.sum(), 3)), np.zeros((crossed.sum(), 1))
    for a, b in _EDGES:
        cut = (value[a] > 0.0) != (value[b] > 0.0)
        share = np.where(cut, value[a] / np.where(cut, value[a] - value[b], 1.0), 0.0)
        point = _CORNERS[a] + share[:, None] * (_CORNERS[b] - _CORNERS[a])
        total += np.where(cut[:, None], point, 0.0)
        count += cut[:, None]
    vertices = low_m + cell_m * (np.argwhere(crossed) + total / count)
    number = np.full(crossed.shape, -1)
    number[crossed] = np.arange(len(vertices))
    faces = np.concatenate([_quads(inside, number, axis) for axis in range(3)])
    smooth = _relaxed(vertices, faces)
    return Mesh(smooth, faces, label[:-1, :-1, :-1][crossed])


def decimated(mesh: Mesh, *, cell_m: float) -> Mesh:
    """The same surface with one vertex where several lie in one cell (vertex clustering)."""
    cell = np.floor(mesh.vertices_m / cell_m).astype(np.int64)
    key = np.column_stack([cell, mesh.label])
    _, first, number = np.unique(key, axis=0, return_index=True, return_inverse=True)
    number = number.reshape(-1)
    count = np.bincount(number)[:, None]
    middle = np.stack(
        [np.bincount(number, weights=mesh.vertices_m[:, k]) for k in range(3)], axis=1
    )
    faces = number[mesh.faces]
    whole = (
        (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 0] != faces[:, 2])
    )
    faces = faces[whole]
    _, once = np.unique(np.sort(faces, axis=1), axis=0, return_index=True)
    return Mesh(middle / count, faces[np.sort(once)], mesh.label[first])


def _field(soft: Ellipsoids, cell_m: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """About the distance to the joined surface, + inside, at the corners of a grid; the label of
    the ellipsoid that counts most there; and the grid's low corner."""
    reach_m = np.linalg.norm(soft.shape_m, axis=2) + _REACH * _BLEND_M
    low = (soft.centre_m - reach_m).min(axis=0) - cell_m
    shape = np.ceil(((soft.centre_m + reach_m).max(axis=0) - low) / cell_m).astype(int) + 2
    total, most, label = np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=int)
    for centre, half, reach, part in zip(
        soft.centre_m, soft.shape_m, reach_m, soft.label, strict=True
    ):
        begin = np.floor((centre - reach - low) / cell_m).astype(int)
        end = np.ceil((centre + reach - low) / cell_m).astype(int) + 1
        box = tuple(slice(b, e) for b, e in zip(begin, end, strict=True))
        at = np.stack(np.meshgrid(*(np.arange(s.start, s.stop) for s in box), indexing="ij"), -1)
        scaled = (low + cell_m * at - centre) @ np.linalg.inv(half).T
        girth = float(np.cbrt(abs(np.linalg.det(half))))
        depth = np.maximum(girth * (1.0 - np.linalg.norm(scaled, axis=-1)), -_REACH * _BLEND_M)
        weight = np.exp(depth / _BLEND_M) - np.exp(-_REACH)
        total[box] += weight
        nearer = weight > most[box]
        most[box] = np.where(nearer, weight, most[box])
        label[box] = np.where(nearer, part, label[box])
    # Where many overlap the sum is too large by their number; half of it is taken off.
    return np.log(np.maximum(total, np.exp(-_REACH))) - 0.5, label, low


def _shifted(grid: np.ndarray, corner: np.ndarray) -> np.ndarray:
    """The values at one corner of every cell."""
    return grid[tuple(slice(c, s - 1 + c) for c, s in zip(corner, grid.shape, strict=True))]


def _quads(inside: np.ndarray, number: np.ndarray, axis: int) -> np.ndarray:
    """(k, 3) triangles around every crossed grid edge along an axis, facing outwards."""
    one, other = (axis + 1) % 3, (axis + 2) % 3
    ahead = np.roll(inside, -1, axis=axis)
    crossed = inside != ahead
    for a, edge in ((axis, -1), (one, 0), (other, 0), (one, -1), (other, -1)):
        taken = [slice(None)] * 3
        taken[a] = edge  # type: ignore[call-overload]
        crossed[tuple(taken)] = False
    at = np.argwhere(crossed)
    step = np.eye(3, dtype=int)
    ring = [at, at - step[one], at - step[one] - step[other], at - step[other]]
    a, b, c, d = (number[tuple(cell.T)] for cell in ring)
    leaving = inside[tuple(at.T)][:, None]
    quads = np.where(leaving, np.stack([a, b, c, d], 1), np.stack([d, c, b, a], 1))
    return np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])


def _relaxed(vertices: np.ndarray, faces: np.ndarray, rounds: int = 3) -> np.ndarray:
    """Every vertex moved half-way to the mean of its neighbours."""
    pairs = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    pairs = np.concatenate([pairs, pairs[:, ::-1]])
    count = np.maximum(np.bincount(pairs[:, 0], minlength=len(vertices)), 1)[:, None]
    out = vertices
    for _ in range(rounds):
        total = np.stack(
            [np.bincount(pairs[:, 0], out[pairs[:, 1], k], len(out)) for k in range(3)], axis=1
        )
        out = 0.5 * out + 0.5 * total / count
    return out
