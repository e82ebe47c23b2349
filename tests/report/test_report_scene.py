"""A picture that is painted some rows at a time is the picture that is painted at once."""

from dataclasses import replace

import numpy as np
import pytest

from lengthwise.report import palette
from lengthwise.report.paint import Canvas
from lengthwise.report.raster import Camera, Layer, Mesh, Projected
from lengthwise.report.scene import Scene

CAMERA = Camera(np.eye(3), np.zeros(2), pixels_per_m=400.0, width_px=160, height_px=600)


def _ball(x_m: float, y_m: float, radius_m: float, label: int) -> Projected:
    """A body of 24 times 12 facets that crosses many rows."""
    turn, rise = np.meshgrid(np.linspace(0, 2 * np.pi, 25), np.linspace(-1.5, 1.5, 13))
    points = radius_m * np.stack(
        [np.cos(rise) * np.cos(turn), 3.0 * np.sin(rise), np.cos(rise) * np.sin(turn)], axis=2
    )
    at = np.arange(25 * 13).reshape(13, 25)
    a, b, c, d = (m.ravel() for m in (at[:-1, :-1], at[:-1, 1:], at[1:, 1:], at[1:, :-1]))
    faces = np.concatenate([np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)])
    vertices = points.reshape(-1, 3) + np.array([x_m, y_m, 0.0])
    return Projected.of(Mesh(vertices, faces, np.full(len(vertices), label)), CAMERA)


@pytest.fixture
def scene() -> Scene:
    rng = np.random.default_rng(3)
    ground = Canvas(rng.random((300, 80, 4)).astype(np.float32))
    return Scene(
        CAMERA,
        ground,
        rng.random((300, 80)),
        bones=_ball(0.0, 0.0, 0.15, 0),
        around=_ball(-0.05, 0.2, 0.12, 1),
        target=_ball(0.05, -0.1, 0.14, 2),
        colour=np.array([palette.BONE, palette.MUSCLE_REST, palette.MUSCLE_WARM]),
        unknown=(2,),
        glowing=True,
    )


@pytest.mark.parametrize("rows", [2, 40, 126])
def test_rows_do_not_show_where_they_were_cut(scene: Scene, rows: int) -> None:
    whole, seen = scene.painted(2, rows=CAMERA.height_px)
    cut, seen_cut = scene.painted(2, rows=rows)
    assert np.array_equal(seen, seen_cut) and seen.any()
    assert np.array_equal(whole, cut)


def test_rows_of_a_mesh_are_those_of_the_whole() -> None:
    ball = _ball(0.0, 0.0, 0.2, 5)
    whole, part = ball.rows(0, 600, 160), ball.rows(250, 70, 160)
    inner = slice(250, 320)
    for of_whole, of_part in (
        (whole.depth_m, part.depth_m),
        (whole.normal, part.normal),
        (whole.label, part.label),
    ):
        assert np.array_equal(of_whole[inner], of_part)


def test_a_target_that_glows_is_not_one_that_does_not(scene: Scene) -> None:
    dull, _ = replace(scene, glowing=False).painted(2)
    assert not np.array_equal(dull, scene.painted(2)[0])


def test_nothing_to_draw_is_an_empty_layer() -> None:
    nothing = Mesh(np.zeros((0, 3)), np.zeros((0, 3), dtype=int), np.zeros(0, dtype=int))
    layer: Layer = Projected.of(nothing, CAMERA).rows(10, 20, 160)
    assert layer.label.shape == (20, 160) and not layer.filled.any()
