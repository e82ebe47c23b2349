"""Muscles as tubes along the paths of the anatomical model."""

from collections.abc import Sequence
from functools import cache

import mujoco
import numpy as np

from lengthwise.contracts.muscles import GROUP_INDEX
from lengthwise.reference.muscle_groups import muscle_group_table
from lengthwise.report.raster import Mesh

STATIONS = 26
"""Points along one tube."""

SIDES = 8
"""Corners around one tube."""


def path_points_m(model: mujoco.MjModel, data: mujoco.MjData, tendon: int) -> np.ndarray:
    """(k, 3) world points of a tendon path, bends around bones included; needs `mj_tendon`."""
    start, count = data.ten_wrapadr[tendon], data.ten_wrapnum[tendon]
    return np.array(data.wrap_xpos.reshape(-1, 3)[start : start + count])


def tendons_by_group(muscle_names: Sequence[str]) -> dict[int, list[tuple[int, float]]]:
    """For each index of GROUP_SIDES its tendons and their weight in newtons.

    `muscle_names` in the order of the model's tendons, as `body.anatomy.Anatomy` gives them.
    """
    tendon_of = {name: tendon for tendon, name in enumerate(muscle_names)}
    found: dict[int, list[tuple[int, float]]] = {}
    for fascicle in muscle_group_table():
        tendon = tendon_of.get(fascicle.muscle)
        if tendon is not None:
            key = GROUP_INDEX[fascicle.group, fascicle.side]
            found.setdefault(key, []).append((tendon, fascicle.weight_n))
    return found


def tubes(paths_m: list[np.ndarray], radius_m: np.ndarray, label: np.ndarray) -> Mesh:
    """One mesh of all tubes: thin at the tendons, full in the belly, `label` one per path."""
    if not paths_m:
        return Mesh(np.zeros((0, 3)), np.zeros((0, 3), dtype=int), np.zeros(0, dtype=int))
    centre = np.stack([resampled(path) for path in paths_m])
    ahead = np.gradient(centre, axis=1)
    ahead /= np.maximum(np.linalg.norm(ahead, axis=2, keepdims=True), 1e-9)
    beside = np.cross(ahead, np.array([0.31, 0.82, 0.48]))
    beside /= np.maximum(np.linalg.norm(beside, axis=2, keepdims=True), 1e-9)
    above = np.cross(ahead, beside)
    angle = np.linspace(0.0, 2 * np.pi, SIDES, endpoint=False)
    ring = (
        beside[:, :, None, :] * np.cos(angle)[:, None]
        + above[:, :, None, :] * np.sin(angle)[:, None]
    )
    radius = radius_m[:, None] * _belly()[None, :]
    vertices = centre[:, :, None, :] + ring * radius[:, :, None, None]
    count = len(paths_m)
    faces = _tube_faces()[None] + (np.arange(count) * STATIONS * SIDES)[:, None, None]
    return Mesh(vertices.reshape(-1, 3), faces.reshape(-1, 3), np.repeat(label, STATIONS * SIDES))


def tube_radius_m(weight_n: np.ndarray) -> np.ndarray:
    """Thickness of a drawn muscle; compressed, so that small ones stay visible."""
    return np.asarray(0.0042 * (np.maximum(weight_n, 1.0) / 100.0) ** 0.35)


def resampled(path: np.ndarray) -> np.ndarray:
    """(k, 3) points to (STATIONS, 3): equal steps, corners rounded, ends kept."""
    steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    keep = np.concatenate([[True], steps > 1e-6])
    path = path[keep]
    along = np.concatenate([[0.0], np.cumsum(steps[keep[1:]])])
    at = np.linspace(0.0, along[-1], STATIONS)
    out = np.stack([np.interp(at, along, path[:, k]) for k in range(3)], axis=1)
    for _ in range(6):
        out[1:-1] = (out[:-2] + 2 * out[1:-1] + out[2:]) / 4
    return out


@cache
def _belly() -> np.ndarray:
    s = np.linspace(0.0, 1.0, STATIONS)
    return np.asarray(0.32 + 0.68 * np.sin(np.pi * s) ** 0.8)


@cache
def _tube_faces() -> np.ndarray:
    station, corner = np.meshgrid(np.arange(STATIONS - 1), np.arange(SIDES), indexing="ij")
    a = station * SIDES + corner
    b = station * SIDES + (corner + 1) % SIDES
    quads = np.stack([a, b, b + SIDES, a + SIDES], axis=-1).reshape(-1, 4)
    return np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
