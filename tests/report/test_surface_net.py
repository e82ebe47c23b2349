"""Surfaces to turn: closed, of the right size, in the right place."""

import numpy as np
import pytest

from lengthwise.report.raster import Ellipsoids, Mesh
from lengthwise.report.surface_net import decimated, skin_mesh


def ellipsoids(*parts: tuple[tuple[float, float, float], float, int]) -> Ellipsoids:
    centre, radius, label = zip(*parts, strict=True)
    shapes = np.eye(3)[None] * np.array(radius)[:, None, None]
    return Ellipsoids(np.array(centre, dtype=float), shapes, np.array(label))


def volume(mesh: Mesh) -> float:
    """Of a closed surface; positive where the faces look outwards."""
    a, b, c = (mesh.vertices_m[mesh.faces[:, k]] for k in range(3))
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6.0)


def edges_of_one_face(mesh: Mesh) -> int:
    sides = [mesh.faces[:, [0, 1]], mesh.faces[:, [1, 2]], mesh.faces[:, [2, 0]]]
    pairs = np.sort(np.concatenate(sides), axis=1)
    _, count = np.unique(pairs, axis=0, return_counts=True)
    return int((count != 2).sum())


@pytest.mark.parametrize("centre", [(0.0, 0.0, 0.0), (0.31, -0.07, 1.23)])
def test_a_ball_becomes_a_closed_surface_of_its_size(centre: tuple[float, float, float]) -> None:
    mesh = skin_mesh(ellipsoids((centre, 0.1, 3)), cell_m=0.01)
    assert edges_of_one_face(mesh) == 0
    assert volume(mesh) == pytest.approx(4 / 3 * np.pi * 0.1**3, rel=0.15)
    radius = np.linalg.norm(mesh.vertices_m - np.array(centre), axis=1)
    assert radius.max() - radius.min() < 0.006
    assert set(mesh.label) == {3}


def test_two_that_meet_melt_into_one_and_keep_their_labels() -> None:
    mesh = skin_mesh(ellipsoids(((-0.06, 0, 0), 0.1, 1), ((0.06, 0, 0), 0.1, 2)), cell_m=0.012)
    assert edges_of_one_face(mesh) == 0
    x = mesh.vertices_m[:, 0]
    assert set(mesh.label[x < -0.03]) == {1} and set(mesh.label[x > 0.03]) == {2}


def test_less_detail_keeps_place_size_and_labels() -> None:
    fine = skin_mesh(ellipsoids(((0, 0, 0), 0.1, 5)), cell_m=0.005)
    coarse = decimated(fine, cell_m=0.02)
    assert len(coarse.vertices_m) < 0.25 * len(fine.vertices_m)
    assert volume(coarse) == pytest.approx(volume(fine), rel=0.06)
    assert set(coarse.label) == {5}
    assert coarse.faces.max() < len(coarse.vertices_m)


def test_parts_with_other_labels_are_not_drawn_together() -> None:
    points = np.array([[0.001, 0, 0], [0.002, 0, 0], [0.5, 0, 0], [0, 0.5, 0]])
    mesh = Mesh(points, np.array([[0, 2, 3], [1, 2, 3]]), np.array([1, 2, 1, 1]))
    assert len(decimated(mesh, cell_m=0.1).vertices_m) == 4
