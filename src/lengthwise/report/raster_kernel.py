"""Which triangle is nearest in each pixel; compiled, because pictures have a hundred thousand."""

from math import ceil, floor

import numpy as np
from numba import njit

_EDGE = 1.0e-9


@njit(cache=True)
def nearest_faces(
    corners: np.ndarray, faces: np.ndarray, depth_m: np.ndarray, face: np.ndarray, top: int
) -> None:
    """Fill, in place, (h, w) depth and face (-1: none), the rows of the picture from `top` on.

    `corners` (n, 3): column, row, depth of each vertex; `faces` (m, 3).
    """
    height, width = depth_m.shape
    for f in range(len(faces)):
        a, b, c = corners[faces[f, 0]], corners[faces[f, 1]], corners[faces[f, 2]]
        area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
        if abs(area) < _EDGE:
            continue
        x0 = max(floor(min(a[0], b[0], c[0])), 0)
        x1 = min(ceil(max(a[0], b[0], c[0])), width - 1)
        y0 = max(floor(min(a[1], b[1], c[1])), top)
        y1 = min(ceil(max(a[1], b[1], c[1])), top + height - 1)
        for y in range(y0, y1 + 1):
            for x in range(x0, x1 + 1):
                at_a = ((c[0] - b[0]) * (y - b[1]) - (c[1] - b[1]) * (x - b[0])) / area
                at_b = ((a[0] - c[0]) * (y - c[1]) - (a[1] - c[1]) * (x - c[0])) / area
                at_c = 1.0 - at_a - at_b
                if at_a < -_EDGE or at_b < -_EDGE or at_c < -_EDGE:
                    continue
                z = at_a * a[2] + at_b * b[2] + at_c * c[2]
                if z >= depth_m[y - top, x]:
                    depth_m[y - top, x] = z
                    face[y - top, x] = f


@njit(cache=True)
def weights_at(
    corners: np.ndarray,
    faces: np.ndarray,
    face: np.ndarray,
    rows: np.ndarray,
    columns: np.ndarray,
    top: int,
) -> np.ndarray:
    """(k, 3) barycentric weights of k pixels, each in its face: of the pixels that are filled
    alone, since of a whole picture they are as large as all else of it. `rows` count from `top`."""
    out = np.empty((len(rows), 3))
    for i in range(len(rows)):
        y, x = rows[i], columns[i]
        f = face[y, x]
        y += top
        a, b, c = corners[faces[f, 0]], corners[faces[f, 1]], corners[faces[f, 2]]
        area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
        at_a = ((c[0] - b[0]) * (y - b[1]) - (c[1] - b[1]) * (x - b[0])) / area
        at_b = ((a[0] - c[0]) * (y - c[1]) - (a[1] - c[1]) * (x - c[0])) / area
        out[i, 0], out[i, 1], out[i, 2] = at_a, at_b, 1.0 - at_a - at_b
    return out
