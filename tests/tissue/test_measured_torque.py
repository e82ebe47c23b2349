"""Torque from a force sensor, and extensibility beside tolerance."""

from math import pi, radians

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.states import Estimate
from lengthwise.tissue.measured_torque import (
    RangeKind,
    applied_torque,
    extensibility,
    limb_weight_torque,
    passive_torque,
    tolerance,
)

HIP = Coordinate.HIP_FLEXION_R
RAMP_RAD = np.radians(np.arange(20.0, 86.0, 1.0))


def resisting_nm(steeper: float = 1.0) -> np.ndarray:
    return np.asarray(steeper * np.exp(4.0 * (RAMP_RAD - 0.5)))


def extensible(torque_nm: np.ndarray, standard_nm: float = 20.0) -> float | None:
    found = extensibility(
        HIP, RAMP_RAD, torque_nm, standard_nm=standard_nm, angle_sd_rad=0.0, torque_sd_nm=0.0
    )
    return None if found is None else found.angle_rad.mean


def test_a_pull_at_right_angles_by_hand() -> None:
    """60 N at 0.8 m: 48 N.m; 1 N, 1 cm: sqrt(.8^2 + .6^2) = 1.0."""
    found = applied_torque(Estimate(60.0, 1.0), Estimate(0.8, 0.01), Estimate(pi / 2, 0.1))
    assert found.mean == pytest.approx(48.0)
    assert found.sd == pytest.approx(1.0)


def test_a_slanted_pull_turns_less_and_its_angle_matters() -> None:
    found = applied_torque(Estimate(60.0, 0.0), Estimate(0.8, 0.0), Estimate(radians(30), 0.02))
    assert found.mean == pytest.approx(24.0)
    assert found.sd == pytest.approx(48.0 * 0.8660 * 0.02, rel=1e-3)


def test_the_weight_of_a_leg_by_hand() -> None:
    """12 kg at 0.35 m, level: -41.2 N.m; upright: none, and then only its angle matters."""
    level = limb_weight_torque(Estimate(12.0, 0.0), Estimate(0.35, 0.0), Estimate(0.0, 0.05))
    up = limb_weight_torque(Estimate(12.0, 1.0), Estimate(0.35, 0.02), Estimate(pi / 2, 0.05))
    assert level.mean == pytest.approx(-12 * 9.80665 * 0.35)
    assert level.sd == pytest.approx(0.0, abs=1e-12)
    assert up.mean == pytest.approx(0.0, abs=1e-12)
    assert up.sd == pytest.approx(12 * 9.80665 * 0.35 * 0.05)


def test_a_leg_held_against_its_weight_alone_meets_no_resistance() -> None:
    weight = limb_weight_torque(Estimate(12.0, 0.5), Estimate(0.35, 0.01), Estimate(0.4, 0.02))
    found = passive_torque(Estimate(-weight.mean, 1.0), weight)
    assert found.mean == pytest.approx(0.0)
    assert found.sd > max(1.0, weight.sd)


def test_tissue_that_resists_flexion_pulls_into_extension() -> None:
    """48 N.m of pull up against 20 of weight down: 28 N.m into extension."""
    assert passive_torque(Estimate(48.0, 3.0), Estimate(-20.0, 4.0)) == Estimate(-28.0, 5.0)


def test_extensibility_is_the_angle_at_the_standard_torque() -> None:
    """exp(4 (q - .5)) = 20 at q = .5 + ln(20) / 4."""
    assert extensible(resisting_nm()) == pytest.approx(0.5 + np.log(20.0) / 4.0, abs=1e-3)


@given(st.floats(0.3, 1.0), st.floats(1.01, 2.0))
def test_stiffer_tissue_meets_the_standard_torque_earlier(steeper: float, more: float) -> None:
    soft, stiff = (
        extensible(resisting_nm(steeper), 5.0),
        extensible(resisting_nm(steeper * more), 5.0),
    )
    assert soft is not None and stiff is not None
    assert stiff < soft


@pytest.mark.parametrize("standard_nm", [0.1, 500.0])
def test_nothing_is_read_beyond_what_was_pulled(standard_nm: float) -> None:
    assert extensible(resisting_nm(), standard_nm) is None


def test_noise_hardly_moves_it_and_its_sd_covers_that() -> None:
    """200 ramps with 1 N.m of noise: the spread is no more than stated, and not far below."""
    rng, found = np.random.default_rng(2), []
    for _ in range(200):
        noisy_nm = resisting_nm() + rng.normal(0.0, 1.0, len(RAMP_RAD))
        result = extensibility(
            HIP, RAMP_RAD, noisy_nm, standard_nm=20.0, angle_sd_rad=0.0, torque_sd_nm=1.0
        )
        assert result is not None
        found.append((result.angle_rad.mean, result.angle_rad.sd))
    angles, sds = np.array(found).T
    assert angles.mean() == pytest.approx(0.5 + np.log(20.0) / 4.0, abs=0.01)
    assert 0.3 * sds.mean() < angles.std() < 1.2 * sds.mean()


def test_a_ramp_that_goes_back_is_no_ramp() -> None:
    with pytest.raises(ValueError, match="do not fall"):
        extensible_of = np.array([0.1, 0.3, 0.2])
        extensibility(
            HIP, extensible_of, np.ones(3), standard_nm=1.0, angle_sd_rad=0.0, torque_sd_nm=0.0
        )


def test_tolerance_is_another_result_and_needs_no_force() -> None:
    borne = tolerance(HIP, Estimate(1.2, 0.05), None)
    ramp = extensibility(
        HIP, RAMP_RAD, resisting_nm(), standard_nm=20.0, angle_sd_rad=0.02, torque_sd_nm=1.0
    )
    assert ramp is not None
    assert (borne.kind, borne.resisting_nm) == (RangeKind.TOLERANCE, None)
    assert ramp.kind is RangeKind.EXTENSIBILITY
    assert ramp.resisting_nm == Estimate(20.0, 1.0)
    assert ramp.angle_rad.sd > 0.02
