"""Ways around a circle, a cylinder and a sphere, worked by hand. The unit is the radius."""

from math import acos, pi, sqrt

import numpy as np
import pytest

from lengthwise.body.around_surface import FREE, around_circle, around_surface

TANGENT = sqrt(3.0)
"""From a point two radii away."""


def over_m(
    p: tuple[float, float, float],
    q: tuple[float, float, float],
    side: tuple[float, float, float],
    *,
    sphere: bool,
) -> float:
    return float(around_surface(p, q, side, sphere, 1.0, np.empty((2, 3))))


def test_a_line_through_the_circle_goes_around_on_the_given_side() -> None:
    """From -2 to 2: two tangents that touch at 60 degrees from the line, and 60 degrees of arc."""
    for up in (1.0, -1.0):
        arc, before, after, x0, y0, x1, y1 = around_circle(-2.0, 0.0, 2.0, 0.0, 1.0, 0.0, up)
        assert (before, after) == pytest.approx((TANGENT, TANGENT))
        assert arc == pytest.approx(pi / 3)
        assert (x0, y0, x1, y1) == pytest.approx((-0.5, up * TANGENT / 2, 0.5, up * TANGENT / 2))


def test_a_line_that_passes_on_the_given_side_is_straight() -> None:
    assert around_circle(-2.0, 1.01, 2.0, 1.01, 1.0, 0.0, 1.0)[0] == FREE


def test_a_line_that_passes_on_the_other_side_is_drawn_over() -> None:
    """Each tangent touches at acos(1 / |p|) from its point, seen from the centre."""
    far = sqrt(2.0**2 + 1.5**2)
    arc = around_circle(-2.0, -1.5, 2.0, -1.5, 1.0, 0.0, 1.0)[0]
    between = 2.0 * pi - 2.0 * acos(1.5 / far)
    assert arc == pytest.approx(between - 2.0 * acos(1.0 / far))


def test_the_way_around_begins_where_the_line_touches() -> None:
    for nearer in (1e-6, 1e-9):
        p, q = (-2.0, 1.0 - nearer, 0.0), (2.0, 1.0 - nearer, 0.0)
        for sphere in (True, False):
            assert over_m(p, q, (0.0, 2.0, 0.0), sphere=sphere) == pytest.approx(4.0, abs=nearer)


def test_an_end_inside_goes_straight() -> None:
    assert around_circle(0.5, 0.0, 2.0, 0.0, 1.0, 0.0, 1.0)[0] == FREE


def test_about_a_cylinder_the_way_along_its_axis_is_a_leg_of_a_right_angle() -> None:
    flat = 2.0 * TANGENT + pi / 3
    for up in (0.0, 0.7, -3.0):
        length = over_m((-2.0, 0.0, 0.1), (2.0, 0.0, 0.1 + up), (0.0, 2.0, 0.0), sphere=False)
        assert length == pytest.approx(sqrt(flat**2 + up**2))


def test_where_a_cylinder_is_touched_the_path_has_no_corner() -> None:
    p, q = np.array([-2.0, 0.3, 0.0]), np.array([1.5, -0.2, 1.2])
    touch = np.empty((2, 3))
    around_surface(tuple(p), tuple(q), (0.0, 2.0, 0.0), False, 1.0, touch)
    assert np.hypot(*touch[:, :2].T) == pytest.approx([1.0, 1.0])
    rise = [(b[2] - a[2]) / np.hypot(*(b - a)[:2]) for a, b in ((p, touch[0]), (touch[1], q))]
    assert rise[0] == pytest.approx(rise[1])


def test_on_a_sphere_the_way_does_not_depend_on_how_it_is_turned() -> None:
    p, q, side = np.array([-2.0, 0.1, 0.3]), np.array([2.5, 0.2, -0.1]), np.array([0.0, 2.0, 0.5])
    first = over_m(tuple(p), tuple(q), tuple(side), sphere=True)
    a, b = 0.7, -1.9
    turn = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]]) @ np.array(
        [[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]]
    )
    turned = [tuple(turn @ x) for x in (p, q, side)]
    assert over_m(*turned, sphere=True) == pytest.approx(first, rel=1e-14)


def test_on_a_sphere_a_path_is_as_long_one_way_as_the_other() -> None:
    p, q, side = (-2.0, 0.1, 0.3), (2.5, 0.2, -0.1), (0.0, 2.0, 0.5)
    for sphere in (True, False):
        assert over_m(p, q, side, sphere=sphere) == pytest.approx(over_m(q, p, side, sphere=sphere))
