"""Compiled path lengths of both nerves of a right leg, their slopes, and both legs at once.

Each piece of a path passes one joint or several of the spine, so a length is the sum of a part of
the lumbar coordinates, one of the hip's three, one of the knee and one of the ankle. Spine and hip
are computed as they turn (`load_kernel.turn_on`); knee and ankle, which slide and turn obliquely,
are read from tables made with the anatomical model, by cubic interpolation.

`eight` (8,): lumbar flexion, side-bend, rotation; hip flexion, adduction, rotation; knee, ankle.
"""

from math import cos, radians, sin, sqrt

import numpy as np
from numba import njit

from lengthwise.tissue.load_kernel import turn_on

KNEE_FROM_DEG, KNEE_TO_DEG = -5, 145
ANKLE_FROM_DEG, ANKLE_TO_DEG = -60, 45
_DEG = radians(1.0)
_ANKLE = 7
"""The last of `eight`."""


@njit(cache=True)
def spine_m(
    lumbar: np.ndarray,
    centres: np.ndarray,
    shares: np.ndarray,
    points: np.ndarray,
    slope: np.ndarray,
) -> float:
    """Length through `points` (n, 4): bone 0 the pelvis, 1..5 L5..L1, and the place in it.

    `slope` (at least 3,) is given d length / d lumbar coordinate. Where a piece from p (above) to q
    passes a level with centre c, a turn about an axis there lengthens it by u . (axis x (p - c)),
    u from q to p.
    """
    axes = np.empty((6, 3, 3))
    turn = np.empty((5, 3, 3))
    at = np.zeros((6, 3))
    for i in range(3):
        for j in range(3):
            axes[0, i, j] = 1.0 if i == j else 0.0
    for k in range(5):
        flexed = shares[0, k] * lumbar[0]
        cf, sf = cos(flexed), -sin(flexed)
        turn_on(axes, k + 1, k, flexed, shares[1, k] * lumbar[1], shares[2, k] * lumbar[2])
        for i in range(3):
            at[k + 1, i] = at[k, i] + (
                axes[k, i, 0] * centres[k, 0]
                + axes[k, i, 1] * centres[k, 1]
                + axes[k, i, 2] * centres[k, 2]
            )
            turn[k, 0, i] = -axes[k, i, 2] * shares[0, k]
            turn[k, 1, i] = (axes[k, i, 0] * cf + axes[k, i, 1] * sf) * shares[1, k]
            turn[k, 2, i] = axes[k + 1, i, 1] * shares[2, k]
    slope[0] = slope[1] = slope[2] = 0.0
    total = 0.0
    px = py = pz = 0.0
    above = 0
    for n in range(len(points)):
        b = int(points[n, 0])
        x, y, z = points[n, 1], points[n, 2], points[n, 3]
        qx = at[b, 0] + axes[b, 0, 0] * x + axes[b, 0, 1] * y + axes[b, 0, 2] * z
        qy = at[b, 1] + axes[b, 1, 0] * x + axes[b, 1, 1] * y + axes[b, 1, 2] * z
        qz = at[b, 2] + axes[b, 2, 0] * x + axes[b, 2, 1] * y + axes[b, 2, 2] * z
        if n > 0:
            ux, uy, uz = px - qx, py - qy, pz - qz
            size = sqrt(ux * ux + uy * uy + uz * uz)
            total += size
            for level in range(b, above):
                rx, ry, rz = px - at[level + 1, 0], py - at[level + 1, 1], pz - at[level + 1, 2]
                mx, my, mz = ry * uz - rz * uy, rz * ux - rx * uz, rx * uy - ry * ux
                for i in range(3):
                    slope[i] += (
                        turn[level, i, 0] * mx + turn[level, i, 1] * my + turn[level, i, 2] * mz
                    ) / size
        px, py, pz, above = qx, qy, qz, b
    return total


@njit(cache=True)
def hip_m(
    hip: np.ndarray,
    centre: np.ndarray,
    above: np.ndarray,
    below: np.ndarray,
    slope: np.ndarray,
) -> float:
    """Length from a point `above` in the pelvis to one `below` in the femur, turned by Rz Rx Ry.

    `slope` (3,) is given d length / d flexion, adduction, rotation.
    """
    cf, sf, ca, sa = cos(hip[0]), sin(hip[0]), cos(hip[1]), sin(hip[1])
    cr, sr = cos(hip[2]), sin(hip[2])
    x, y, z = below[0], below[1], below[2]
    x, z = x * cr + z * sr, z * cr - x * sr
    y, z = y * ca - z * sa, y * sa + z * ca
    x, y = x * cf - y * sf, x * sf + y * cf
    ux, uy, uz = centre[0] + x - above[0], centre[1] + y - above[1], centre[2] + z - above[2]
    size = sqrt(ux * ux + uy * uy + uz * uz)
    mx, my, mz = y * uz - z * uy, z * ux - x * uz, x * uy - y * ux
    slope[0] = mz / size
    slope[1] = (cf * mx + sf * my) / size
    # The rotation axis is the thigh's own long axis: Rz Rx of up.
    slope[2] = (-sf * ca * mx + cf * ca * my + sa * mz) / size
    return size


@njit(cache=True)
def read_table(table: np.ndarray, from_deg: int, angle_rad: float) -> tuple[float, float]:
    """Value and slope per radian of a table by whole degrees; it goes on along its tangents."""
    place = angle_rad / _DEG - from_deg
    last = len(table) - 1
    k = min(max(int(place), 1), last - 2)
    t = min(max(place - k, -1.0 if k == 1 else 0.0), 2.0 if k == last - 2 else 1.0)
    a, b, c, d = table[k - 1], table[k], table[k + 1], table[k + 2]
    # The cubic through four neighbours (Lagrange): at -1, 0, 1, 2.
    third = (d - a) / 6.0 + (b - c) / 2.0
    second = (a + c) / 2.0 - b
    first = c - b - second - third
    value = b + t * (first + t * (second + t * third))
    slope = first + t * (2.0 * second + 3.0 * third * t)
    return value + slope * (place - k - t), slope / _DEG


@njit(cache=True)
def lengths_and_slopes(
    eight: np.ndarray,
    centres: np.ndarray,
    shares: np.ndarray,
    sciatic_spine: np.ndarray,
    femoral_spine: np.ndarray,
    hip_centre: np.ndarray,
    sciatic_thigh: np.ndarray,
    femoral_thigh: np.ndarray,
    knee: np.ndarray,
    patella: np.ndarray,
    ankle: np.ndarray,
    rest: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """(2,) lengths m and (2, 8) slopes m/rad of the sciatic and the femoral path."""
    length = np.empty(2)
    slope = np.zeros((2, 8))
    for n in range(2):
        spine = sciatic_spine if n == 0 else femoral_spine
        thigh = sciatic_thigh if n == 0 else femoral_thigh
        length[n] = (
            rest[n]
            + spine_m(eight[:3], centres, shares, spine, slope[n, :3])
            + hip_m(eight[3:6], hip_centre, spine[-1, 1:], thigh, slope[n, 3:6])
        )
    value, slope[0, 6] = read_table(knee, KNEE_FROM_DEG, eight[6])
    length[0] += value
    value, slope[1, 6] = read_table(patella, KNEE_FROM_DEG, eight[6])
    length[1] += value
    value, slope[0, 7] = read_table(ankle, ANKLE_FROM_DEG, eight[7])
    length[0] += value
    return length, slope


@njit(cache=True)
def both_legs(
    posture: np.ndarray,
    covariance: np.ndarray,
    ankle_known: np.ndarray,
    order: np.ndarray,
    sign: np.ndarray,
    ends: np.ndarray,
    doubts: np.ndarray,
    zero: np.ndarray,
    centres: np.ndarray,
    shares: np.ndarray,
    sciatic_spine: np.ndarray,
    femoral_spine: np.ndarray,
    hip_centre: np.ndarray,
    sciatic_thigh: np.ndarray,
    femoral_thigh: np.ndarray,
    knee: np.ndarray,
    patella: np.ndarray,
    ankle: np.ndarray,
    rest: np.ndarray,
) -> np.ndarray:
    """(2, 5) left and right: sciatic strain and sd, femoral strain and sd, gain by dorsiflexion.

    `posture` (13,), `covariance` (13, 13) over ANATOMICAL. `ankle_known` (2,): one that is not is
    dorsiflexed at least as far as `ends` has it, for sure. `order`, `sign` (2, 8): where the eight
    coordinates of a leg stand in it, and their signs in the mirrored body for the left one. `ends`
    (2,) relaxed and dorsiflexed ankle. `doubts` (3,): sd as a share of strain, sd near zero, sd as
    a share of what the spine adds. `zero` (2,) lengths upright.
    """
    out = np.empty((2, 5))
    eight = np.empty(8)
    for leg in range(2):
        for i in range(8):
            eight[i] = sign[leg, i] * posture[order[leg, i]]
        doubtful = 8
        if not ankle_known[leg]:
            doubtful, eight[_ANKLE] = _ANKLE, max(eight[_ANKLE], ends[1])
        length, slope = lengths_and_slopes(
            eight, centres, shares, sciatic_spine, femoral_spine, hip_centre,
            sciatic_thigh, femoral_thigh, knee, patella, ankle, rest,
        )  # fmt: skip
        for n in range(2):
            strain = length[n] / zero[n] - 1.0
            variance = 0.0
            for i in range(doubtful):
                for j in range(doubtful):
                    variance += (
                        slope[n, i] * sign[leg, i] * slope[n, j] * sign[leg, j]
                        * covariance[order[leg, i], order[leg, j]]
                    )  # fmt: skip
            spine = slope[n, 0] * eight[0] + slope[n, 1] * eight[1] + slope[n, 2] * eight[2]
            out[leg, 2 * n] = strain
            out[leg, 2 * n + 1] = sqrt(
                max(variance, 0.0) / zero[n] ** 2
                + (doubts[0] * strain) ** 2
                + doubts[1] ** 2
                + (doubts[2] * spine / zero[n]) ** 2
            )
        here = read_table(ankle, ANKLE_FROM_DEG, eight[7])[0]
        off = length[0] - here + read_table(ankle, ANKLE_FROM_DEG, ends[0])[0]
        on = length[0] - here + read_table(ankle, ANKLE_FROM_DEG, max(ends[1], eight[7]))[0]
        out[leg, 4] = max(on / zero[0] - 1.0, 0.0) - max(off / zero[0] - 1.0, 0.0)
    return out
