"""The shortest way from one point to another around a circle, a sphere or a cylinder, compiled.

Rules as in MuJoCo's tendons. p and q are the ends seen from the centre, both outside radius r.
In a plane the path leaves the straight line where that comes nearer to the centre than r, or passes
it on the other side than the given one. It touches the circle where tangents from p and q do, and
of the two pairs (over one side and over the other) it takes the one whose middle lies further
towards the given side, never one whose tangents cross before they touch. Its length is
sqrt(p^2 - r^2) + r x arc + sqrt(q^2 - r^2).

On a sphere the plane is that of p, q and the centre. About a cylinder it is the one across the
axis, and the way along the axis is the other leg of a right angle, as on a sheet unrolled.
"""

from math import atan2, pi, sqrt

import numpy as np
from numba import njit

Point = tuple[float, float, float]
Circle = tuple[float, float, float, float, float, float, float]
_NEAR = 1e-15
FREE = -1.0
"""In place of an arc: the straight line it is."""
_STRAIGHT_ON: Circle = (FREE, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


@njit(cache=True)
def _crossed(arc_sin: float, arc_cos: float, least_tangent: float, r2: float) -> bool:
    """Whether tangents cross before they touch; sine and cosine of the arc x r^2.

    For an arc of 2 pi - d, with d < pi, they meet at r tan(d / 2) = r sin d / (1 + cos d) from
    either touching point.
    """
    return arc_sin < 0.0 and least_tangent * (r2 + arc_cos) >= -sqrt(r2) * arc_sin


@njit(cache=True)
def _off_line(px: float, py: float, qx: float, qy: float, r2: float, sx: float, sy: float) -> bool:
    """Whether the straight line from p to q, both outside, is not the path. Without a division."""
    dx, dy = qx - px, qy - py
    d2 = dx * dx + dy * dy
    if d2 < _NEAR:
        return False
    along = -(dx * px + dy * py)
    if along <= 0.0:
        return px * sx + py * sy < 0.0
    if along >= d2:
        return qx * sx + qy * sy < 0.0
    across = px * qy - py * qx
    return (
        across * across <= r2 * d2 or d2 * (px * sx + py * sy) + along * (dx * sx + dy * sy) < 0.0
    )


@njit(cache=True)
def _further(a: float, a_cos: float, b: float, b_cos: float) -> bool:
    """Whether a / sqrt(1 + cos a) > b / sqrt(1 + cos b), given both sums under the roots."""
    if a > 0.0 >= b or a >= 0.0 > b:
        return True
    if b >= 0.0 >= a:
        return False
    first, second = a * a * b_cos, b * b * a_cos
    return first > second if a > 0.0 else first < second


@njit(cache=True)
def around_circle(
    px: float, py: float, qx: float, qy: float, radius: float, sx: float, sy: float
) -> Circle:
    """Arc in radians or FREE, free lengths on the side of p and of q, and both touching points.

    (sx, sy): direction of the given side, of any length.
    """
    r2 = radius * radius
    p2, q2 = px * px + py * py, qx * qx + qy * qy
    if p2 < r2 or q2 < r2 or not _off_line(px, py, qx, qy, r2, sx, sy):
        return _STRAIGHT_ON
    tangent_p, tangent_q = sqrt(p2 - r2), sqrt(q2 - r2)
    least = min(tangent_p, tangent_q)
    p_in, q_in = radius / p2, radius / q2
    ax, ay, bx, by = p_in * radius * px, p_in * radius * py, q_in * radius * qx, q_in * radius * qy
    p_in, q_in = p_in * tangent_p, q_in * tangent_q
    ux, uy, vx, vy = -p_in * py, p_in * px, -q_in * qy, q_in * qx
    # Over the one side and over the other: a + u to b - v, and a - u to b + v.
    x0, y0, x1, y1 = ax - ux, ay - uy, bx + vx, by + vy
    arc_sin, arc_cos = y0 * x1 - x0 * y1, x0 * x1 + y0 * y1
    x2, y2, x3, y3 = ax + ux, ay + uy, bx - vx, by - vy
    other_sin, other_cos = x2 * y3 - y2 * x3, x2 * x3 + y2 * y3
    free = not _crossed(arc_sin, arc_cos, least, r2)
    other_free = not _crossed(other_sin, other_cos, least, r2)
    if not (free or other_free):
        return _STRAIGHT_ON
    if other_free and not (
        free
        and _further(
            (x0 + x1) * sx + (y0 + y1) * sy,
            r2 + arc_cos,
            (x2 + x3) * sx + (y2 + y3) * sy,
            r2 + other_cos,
        )
    ):
        x0, y0, x1, y1, arc_sin, arc_cos = x2, y2, x3, y3, other_sin, other_cos
    arc = atan2(arc_sin, arc_cos)
    if arc < 0.0:
        arc += 2.0 * pi
    return arc, tangent_p, tangent_q, x0, y0, x1, y1


@njit(cache=True)
def around_surface(
    p: Point, q: Point, side: Point, sphere: bool, radius: float, touch: np.ndarray
) -> float:
    """Length from p to q in the axes of a surface, FREE where it is the straight line.

    `touch` (2, 3) receives where it leaves p's tangent and where it takes q's.
    """
    if not sphere:
        arc, before, after, x0, y0, x1, y1 = around_circle(
            p[0], p[1], q[0], q[1], radius, side[0], side[1]
        )
        if arc == FREE:
            return FREE
        flat, up = before + radius * arc + after, q[2] - p[2]
        touch[0, 0], touch[0, 1], touch[0, 2] = x0, y0, p[2] + up * before / flat
        touch[1, 0], touch[1, 1], touch[1, 2] = x1, y1, q[2] - up * after / flat
        return sqrt(flat * flat + up * up)
    nx, ny, nz = p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]
    n, far = sqrt(nx * nx + ny * ny + nz * nz), sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2])
    if n < _NEAR or far < radius:
        return FREE
    ex, ey, ez = p[0] / far, p[1] / far, p[2] / far
    fx, fy, fz = (ny * ez - nz * ey) / n, (nz * ex - nx * ez) / n, (nx * ey - ny * ex) / n
    arc, before, after, x0, y0, x1, y1 = around_circle(
        far,
        0.0,
        q[0] * ex + q[1] * ey + q[2] * ez,
        q[0] * fx + q[1] * fy + q[2] * fz,
        radius,
        side[0] * ex + side[1] * ey + side[2] * ez,
        side[0] * fx + side[1] * fy + side[2] * fz,
    )
    if arc == FREE:
        return FREE
    touch[0, 0], touch[0, 1], touch[0, 2] = x0 * ex + y0 * fx, x0 * ey + y0 * fy, x0 * ez + y0 * fz
    touch[1, 0], touch[1, 1], touch[1, 2] = x1 * ex + y1 * fx, x1 * ey + y1 * fy, x1 * ez + y1 * fz
    return before + radius * arc + after
