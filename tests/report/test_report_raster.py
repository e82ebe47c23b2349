"""The drawing of surfaces: nearest wins, shapes keep their size."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lengthwise.report.raster import (
    FAR,
    Camera,
    Ellipsoids,
    Mesh,
    draw_ellipsoids,
    draw_mesh,
    joined,
)

CAMERA = Camera(np.eye(3), np.zeros(2), 100.0, 101, 101)


def _square(half_m: float, z_m: float, label: int) -> Mesh:
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half_m
    return Mesh(
        np.column_stack([corners, np.full(4, z_m)]),
        np.array([[0, 1, 2], [0, 2, 3]]),
        np.full(4, label),
    )


def test_the_nearer_surface_covers_the_farther_one() -> None:
    near, far = _square(0.1, 0.2, 7), _square(0.3, -0.1, 3)
    for order in ([near, far], [far, near]):
        layer = draw_mesh(joined(order), CAMERA)
        assert layer.label[50, 50] == 7
        assert layer.label[50, 75] == 3
        assert layer.label[0, 0] == -1
        assert np.isclose(layer.depth_m[50, 50], 0.2)
        assert layer.depth_m[0, 0] == FAR


def test_a_surface_covers_the_pixels_of_its_size() -> None:
    layer = draw_mesh(_square(0.2, 0.0, 0), CAMERA)
    assert layer.filled.sum() == 41 * 41
    assert np.allclose(layer.normal[50, 50], (0, 0, 1))


def test_what_lies_outside_the_image_is_left_out() -> None:
    away = Mesh(
        _square(0.2, 0.0, 0).vertices_m + np.array([5.0, 0, 0]), np.array([[0, 1, 2]]), np.zeros(4)
    )
    assert not draw_mesh(away, CAMERA).filled.any()
    assert not draw_mesh(joined([]), CAMERA).filled.any()


@settings(max_examples=20, deadline=None)
@given(st.floats(0.05, 0.4), st.floats(-0.3, 0.3))
def test_a_ball_has_its_radius_and_its_nearest_point_in_the_middle(r_m: float, z_m: float) -> None:
    ball = Ellipsoids(np.array([[0.0, 0.0, z_m]]), np.eye(3)[None] * r_m, np.array([1]))
    depth, share = draw_ellipsoids(ball, CAMERA, blend_m=0.01, labels=2)
    hit = depth > FAR / 2
    assert np.isclose(depth[50, 50], z_m + r_m, atol=1e-6)
    assert np.isclose(hit.sum(), np.pi * (100 * r_m) ** 2, rtol=0.12)
    assert np.allclose(share[hit], (0.0, 1.0))
