"""The simulated tissue and band: frozen, near what was published, and bound by mechanics."""

import hashlib
from importlib.resources import files
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.reference.constants import Status, constants
from lengthwise.sim.band_device import Device, SetPoint, Unload
from lengthwise.sim.band_link import Way
from lengthwise.sim.band_moving import Happening
from lengthwise.sim.band_tissue import Tissue, figure, some_tissue, usual_tissue

FROZEN = "df94468a747322f3b298d38e4778aae756e887973cca3b70a0c8944dfed14bbe"
TARGET_N = 80.0
RIGID_N_M = 1e8


def held(stiffness_n_m: float, *, ramp_s: float, hold_s: float, dt_s: float = 0.0125) -> float:
    """Share of the force that is left after a hold between fixed anchors."""
    tissue = Tissue(usual_tissue())
    steps = round(ramp_s / dt_s)
    for i in range(steps):
        tissue.loaded(TARGET_N * (i + 1) / steps, dt_s)
    apart_m = tissue.way_m + TARGET_N / stiffness_n_m
    for _ in range(round(hold_s / dt_s)):
        tissue.pulled(apart_m, stiffness_n_m, dt_s)
    return tissue.force_n / TARGET_N


def test_the_plant_is_as_it_was_frozen_before_the_controller_was_tuned() -> None:
    raw = (files("lengthwise.reference") / "constants_data" / "band_plant.toml").read_bytes()
    assert hashlib.sha256(raw).hexdigest() == FROZEN


@pytest.mark.parametrize("area", ["band", "band_plant"])
def test_every_figure_has_a_source_and_lies_in_its_range(area: str) -> None:
    for name, c in constants(area).items():
        assert c.low <= c.value <= c.high, name
        assert c.source.strip(), name
        assert (c.status is Status.EXPERT_DEFAULT) == (
            c.source == "expert default" or c.source.startswith(("Asked", "Design", "The open"))
        ), name


@pytest.mark.parametrize(("hold_s", "left"), [(30.0, 0.75), (90.0, 0.69)])
def test_a_fresh_stretch_at_one_length_falls_as_published(hold_s: float, left: float) -> None:
    """Peixoto 2015: -25 % in 30 s; Magnusson 1996: about a third in 90 s. Within 1 % of the force:
    the shares were solved for these two."""
    assert held(RIGID_N_M, ramp_s=0.05, hold_s=hold_s) == pytest.approx(left, abs=0.01)


def test_a_locked_elastic_band_loses_little_and_a_strap_much() -> None:
    """The prototype: 2 to 4 % and 13 to 17 % in 45 s."""
    elastic = 1.0 - held(figure("elastic_stiffness_n_m"), ramp_s=8.0, hold_s=45.0)
    strap = 1.0 - held(figure("strap_stiffness_n_m"), ramp_s=8.0, hold_s=45.0)
    assert 0.02 <= elastic <= 0.04
    assert 0.13 <= strap <= 0.17


@given(
    st.lists(st.floats(-0.1, 0.5), min_size=1, max_size=30),
    st.floats(100.0, 20000.0),
    st.integers(0, 1000),
)
def test_band_and_tissue_carry_one_force_and_neither_pushes(
    ways_m: list[float], stiffness_n_m: float, seed: int
) -> None:
    tissue = Tissue(some_tissue(np.random.default_rng(seed)))
    for apart_m in ways_m:
        force_n = tissue.pulled(apart_m, stiffness_n_m, 0.0125)
        assert force_n >= 0.0
        assert tissue.way_m >= 0.0
        if force_n > 0.0:
            assert force_n == pytest.approx(stiffness_n_m * (apart_m - tissue.way_m), abs=1e-6)


def test_a_locked_band_is_the_same_in_any_steps() -> None:
    """The elastic force is not straight between coarse steps: a thousandth of the force."""
    assert held(400.0, ramp_s=8.0, hold_s=40.0, dt_s=0.1) == pytest.approx(
        held(400.0, ramp_s=8.0, hold_s=40.0, dt_s=0.005), abs=1e-3
    )


@given(st.floats(200.0, 3000.0), st.floats(201.0, 6000.0))
def test_the_softer_band_keeps_more_of_its_force(one: float, other: float) -> None:
    soft, stiff = sorted((one, other))
    left = [held(k, ramp_s=4.0, hold_s=10.0, dt_s=0.1) for k in (soft, stiff)]
    assert left[0] >= left[1] - 1e-9


def test_the_way_worked_by_hand() -> None:
    """A fresh stretch of 80 N: ln(80 / 6 + 1) / 28 = 95 mm."""
    assert usual_tissue().way_m(80.0) == pytest.approx(log(80.0 / 6.0 + 1.0) / 28.0)
    assert usual_tissue().way_m(80.0) == pytest.approx(0.0951, abs=1e-4)


def _loaded(*, valid_for_s: float = 0.15) -> Device:
    device = Device(400.0, fuse_n=120.0)
    device.take(SetPoint(40.0, 15.0, valid_for_s), 0.0)
    for i in range(20):
        device.step(i * 0.00625, 1.0 + 0.1 * (i % 3), dt_s=0.00625, grip=True)
    assert device.stroke_m > 0.0
    assert device.unloads is None
    return device


def test_a_silent_controller_lets_the_device_unload_by_itself() -> None:
    device = _loaded()
    before_m = device.stroke_m
    for i in range(20, 60):
        device.step(i * 0.00625, 1.0 + 0.1 * (i % 3), dt_s=0.00625, grip=True)
    assert device.unloads is Unload.NOT_VALID
    assert device.stroke_m < before_m


@pytest.mark.parametrize(
    ("reading_n", "grip", "why"),
    [
        (float("nan"), True, Unload.CELL),
        (121.0, True, Unload.FUSE),
        (20.0, True, Unload.JERK),
        (1.0, False, Unload.GRIP),
    ],
)
def test_the_device_unloads_at_once_by_itself(reading_n: float, grip: bool, why: Unload) -> None:
    device = _loaded()
    for i in range(2):
        device.step(0.125 + i * 0.00625, reading_n, dt_s=0.00625, grip=grip)
    assert device.unloads is why


def test_a_device_that_unloaded_takes_nothing_until_it_is_slack_and_told_so() -> None:
    device = _loaded()
    device.step(0.13, 1.0, dt_s=0.00625, grip=False)
    device.take(SetPoint(40.0, 15.0, 0.15, sequence=1), 0.14)
    device.take(SetPoint(0.0, 15.0, 0.15, sequence=2), 0.15)
    assert device.unloads is Unload.GRIP, "it is still loaded"
    for i in range(400):
        device.step(0.15 + i * 0.00625, 0.0, dt_s=0.00625, grip=True)
    assert device.stroke_m == 0.0
    device.take(SetPoint(40.0, 15.0, 0.15, sequence=3), 3.0)
    assert device.unloads is Unload.GRIP, "nobody asked for rest first"
    device.take(SetPoint(0.0, 15.0, 0.15, sequence=4), 3.1)
    assert device.unloads is None


def test_a_set_point_that_was_overtaken_changes_nothing() -> None:
    device = _loaded()
    device.take(SetPoint(50.0, 15.0, 0.15, sequence=9), 0.12)
    device.take(SetPoint(0.5, 15.0, 0.15, sequence=8), 0.13)
    stroke_m = device.stroke_m
    for i in range(8):
        device.step(0.13 + i * 0.00625, 1.0 + 0.02 * i, dt_s=0.00625, grip=True)
    assert device.stroke_m > stroke_m


def test_what_is_cut_does_not_come_and_what_comes_is_late_enough() -> None:
    way: Way[int] = Way(np.random.default_rng(1), 0.1, jitter_ratio=0.5, loss_ratio=0.0)
    way.send(1, 0.0)
    assert way.arrived(0.09) == []
    assert way.arrived(0.16) == [1]
    way.cut = True
    way.send(2, 1.0)
    assert way.arrived(9.0) == []


def test_a_jerk_goes_back_and_a_slip_stays() -> None:
    jerk, slip = Happening(1.0, 0.012, 0.05, back=True), Happening(1.0, -0.03, 0.02)
    assert jerk.moved_m(1.05) == pytest.approx(0.012)
    assert jerk.moved_m(1.2) == pytest.approx(0.0)
    assert slip.moved_m(0.9) == 0.0
    assert slip.moved_m(5.0) == pytest.approx(-0.03)


set_points = st.builds(
    SetPoint,
    st.sampled_from([-5.0, 0.0, 10.0, 80.0, 500.0, float("nan")]),
    st.floats(0.0, 100.0),
    st.floats(0.0, 1.0),
    st.integers(1, 100),
    broken=st.booleans(),
)


@given(
    st.lists(st.one_of(st.none(), set_points), min_size=60, max_size=120),
    st.floats(-50.0, 300.0),
)
def test_a_device_that_unloads_only_pays_out_whatever_comes(
    points: list[SetPoint | None], reading_n: float
) -> None:
    """After the lag of its drive, never faster than its steady speed, until it is slack."""
    device = _loaded()
    for i in range(100):
        device.step(0.125 + i * 0.00625, 1.0 + 0.1 * (i % 3), dt_s=0.00625, grip=True)
        device.take(SetPoint(40.0, 15.0, 0.15), 0.125 + i * 0.00625)
    device.step(0.75, 1.0, dt_s=0.00625, grip=False)
    assert device.unloads is Unload.GRIP
    for i, point in enumerate(points):
        before_m = device.stroke_m
        if before_m <= 1e-4:
            return
        if point is not None:
            device.take(point, 0.75 + i * 0.00625)
        device.step(0.75 + i * 0.00625, reading_n, dt_s=0.00625, grip=True)
        assert device.unloads is not None
        assert device.speed_m_s >= -device.pay_out_m_s - 1e-12
        if i > 24:
            assert device.stroke_m <= before_m
