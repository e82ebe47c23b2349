"""Passive tension by stretch: laws of the curve, and worked cases of fibre and tendon."""

from math import cos, exp, expm1

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tension_body import COUNT, HAMSTRINGS, tense_body

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import GROUP_INDEX, MuscleGroup
from lengthwise.reference.muscle_groups import fascicles
from lengthwise.reference.muscle_parameters import MuscleParameters, parameters_of
from lengthwise.tissue.passive_curve import anchored, fascicle_lengths_m

CURVES = tense_body().curves
rows = st.integers(0, COUNT - 1)
places = st.floats(-0.2, 1.3)


def stretch(row: int, place: float) -> float:
    """0 where the curve begins, 1 where its table ends."""
    return float(CURVES.start_m[row] + place * 511 * CURVES.step_m[row])


@given(rows, places, st.floats(0.0, 0.5))
def test_tension_never_falls_with_length(row: int, place: float, further: float) -> None:
    here, there = (CURVES.at(row, stretch(row, p))[0] for p in (place, place + further))
    assert there >= here


@given(rows, st.floats(-5.0, 0.0))
def test_there_is_none_below_slack(row: int, place: float) -> None:
    assert CURVES.at(row, stretch(row, place))[0] == 0.0


@pytest.mark.parametrize("row", range(0, COUNT, 2))
def test_tension_and_its_slope_have_no_jump(row: int) -> None:
    """A hundredth of a node apart, over the whole curve and both its ends."""
    at_m = np.linspace(stretch(row, -0.05), stretch(row, 1.05), 56_000)
    tension_n = np.array([CURVES.at(row, s)[0] for s in at_m[::50]])
    assert np.all(np.diff(tension_n) >= 0.0)
    for edge in (0.0, 1.0, *np.linspace(0.0, 1.0, 512)[[1, 2, 3, 60, 200, 400]]):
        h = 1e-9
        before, here, after = (CURVES.at(row, stretch(row, edge) + d)[0] for d in (-h, 0.0, h))
        steepest = CURVES.slope_n_per_m[row, -1]
        assert abs((after - here) - (here - before)) / h < 1e-3 * steepest


@given(rows, st.floats(1e-6, 2.5))
def test_the_stretch_at_a_tension_has_that_tension(row: int, ratio: float) -> None:
    wanted_n = ratio * float(CURVES.max_isometric_n[row])
    found_n = CURVES.at(row, CURVES.stretch_at(row, wanted_n))[0]
    assert found_n == pytest.approx(wanted_n, rel=1e-8)


def test_a_stretch_at_no_tension_is_not_one_stretch() -> None:
    with pytest.raises(ValueError, match="positive"):
        CURVES.stretch_at(0, 0.0)


@pytest.mark.parametrize("row", range(0, COUNT, 2))
def test_left_and_right_have_one_curve(row: int) -> None:
    assert CURVES.start_m[row] == CURVES.start_m[row + 1]
    assert np.array_equal(CURVES.tension_n[row], CURVES.tension_n[row + 1])
    assert CURVES.neutral_m[row] == pytest.approx(CURVES.neutral_m[row + 1], abs=2e-5)


def test_stretches_scale_with_the_neutral_length() -> None:
    """A taller body has the same tension at the same stretch over its neutral length."""
    tall = tense_body(1.90).curves
    for row in range(COUNT):
        scale = tall.neutral_m[row] / CURVES.neutral_m[row]
        level_n = 0.05 * float(CURVES.max_isometric_n[row])
        ratio = tall.stretch_at(row, level_n) / CURVES.stretch_at(row, level_n)
        assert ratio == pytest.approx(scale, rel=0.02)
    assert np.all(tall.neutral_m > CURVES.neutral_m)


def test_a_fascicle_in_equilibrium_by_hand() -> None:
    """x = 5: fibres at 1.6 optimal lengths pull with maximum isometric force; tendon past its toe.

    l_opt 100 mm, a_opt 0.2: across 19.87 mm, along sqrt(160^2 - 19.87^2) = 158.76 mm, so the cosine
    is .9922; strain .02436 + (.9922 - .33) x .04 / 1.712 = .03983 of 200 mm slack.
    """
    p = MuscleParameters(0.1, 0.2, 0.2, 1000.0, 0.3)
    length_m, ratio = fascicle_lengths_m(p, np.array([5.0]))
    along_m = (0.160**2 - (0.1 * 0.1986693) ** 2) ** 0.5
    assert ratio[0] == pytest.approx(along_m / 0.160)
    strain = 0.609 * 0.04 + (ratio[0] - 0.33) * 0.04 / 1.712
    assert length_m[0] == pytest.approx(along_m + 0.2 * (1.0 + strain))


def test_half_way_up_the_fibre_curve_by_hand() -> None:
    """x = 2 without pennation: (e^2 - 3) / (e^5 - 6) = .0308, within the tendon's toe."""
    p = MuscleParameters(0.1, 0.2, 0.0, 1000.0, 0.3)
    length_m, ratio = fascicle_lengths_m(p, np.array([2.0]))
    assert (
        ratio[0]
        == pytest.approx((exp(2.0) - 3.0) / (exp(5.0) - 6.0))
        == pytest.approx(0.0308, abs=1e-4)
    )
    toe = 0.609 * 0.04 / 3.0 * np.log1p(ratio[0] * expm1(3.0) / 0.33)
    assert length_m[0] == pytest.approx(0.1 * 1.24 * cos(0.0) + 0.2 * (1.0 + toe))


def test_the_table_follows_the_fascicles_themselves() -> None:
    """Rectus femoris is one fascicle: between the nodes the table is within 0.01 % of it."""
    row = GROUP_INDEX[MuscleGroup.RECTUS_FEMORIS, Side.RIGHT]
    (fascicle,) = fascicles(MuscleGroup.RECTUS_FEMORIS, Side.RIGHT)
    neutral_m = float(CURVES.neutral_m[row])
    p = anchored(parameters_of(fascicle), neutral_m, neutral_m)
    length_m, ratio = fascicle_lengths_m(p, np.linspace(0.5, 5.5, 40))
    for at_m, r in zip(length_m, ratio, strict=True):
        assert CURVES.at(row, at_m - neutral_m)[0] == pytest.approx(
            r * p.max_isometric_force_n, rel=1e-4
        )


@pytest.mark.parametrize("sd_m", [0.001, 0.004, 0.008])
def test_the_sd_agrees_with_monte_carlo_within_a_tenth(sd_m: float) -> None:
    """Near slack and where it is tense; seven points of quadrature against 200,000 draws."""
    draws = np.random.default_rng(5).normal(size=200_000)
    for place in (0.1, 0.25, 0.4, 0.6):
        at_m = stretch(HAMSTRINGS, place)
        grid = np.linspace(-6.0, 6.0, 4001) * sd_m + at_m
        values = np.array([CURVES.at(HAMSTRINGS, s)[0] for s in grid])
        drawn_n = np.interp(at_m + sd_m * draws, grid, values)
        assert CURVES.at(HAMSTRINGS, at_m, sd_m)[1] == pytest.approx(drawn_n.std(), rel=0.1)


@given(rows, st.floats(0.05, 0.9), st.floats(0.0, 0.01), st.floats(0.0, 0.005))
def test_a_wider_length_is_a_wider_tension(
    row: int, place: float, sd_m: float, more_m: float
) -> None:
    at_m = stretch(row, place)
    here, wider = (CURVES.at(row, at_m, s)[1] for s in (sd_m, sd_m + more_m))
    assert wider >= here * (1.0 - 1e-9)
