"""The band's loop as a linear system, and what it measures while it pulls."""

from collections.abc import Iterator
from math import degrees, pi

import numpy as np
import pytest
from band_inputs import TICK_S, usual_params, window
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.band import controller, envelope, leading, relaxation, stiffness
from lengthwise.band.envelope import Sight
from lengthwise.band.readings import Seen, take
from lengthwise.band.settings import coefficients, params, phase_margin_rad
from lengthwise.band.signals import Phase, Reading
from lengthwise.contracts.states import Estimate

FOLLOWS = 0.85 / 0.5
"""a of a device that follows in 0.5 s with a person who takes 15 % of the band's stiffness, 1/s."""


def margin_deg(latency_s: float, *, taken_for: float = 1.0) -> float:
    """Phase margin of PI, delay, drive and device; stiffness is taken for so much of itself."""
    # Here, not above: a second and more that each process would wait, also for other tests.
    import control

    p = usual_params(latency_s=latency_s)
    c = coefficients(p, tick_s=TICK_S)
    gain = c.crossover_rad_s / (FOLLOWS * taken_for)
    pi_control = control.tf([gain, c.crossover_rad_s], [1.0, 0.0])
    device = control.tf([FOLLOWS], [1.0, FOLLOWS]) * control.tf([1.0], [p.lag_s, 1.0])
    # A reading waits half a tick to be taken and half a tick for the controller.
    delay = control.tf(*control.pade(latency_s + TICK_S, 8))
    _, phase_deg, _, _ = control.margin(pi_control * device * delay)
    return float(phase_deg)


@pytest.mark.parametrize("latency_s", [0.03, 0.1, 0.2])
@pytest.mark.parametrize("taken_for", [0.7, 1.0, 1.4])
def test_the_phase_margin_is_45_degrees_and_more(latency_s: float, taken_for: float) -> None:
    """Also where the stiffness is measured 30 % too low or 40 % too high."""
    assert margin_deg(latency_s, taken_for=taken_for) >= 45.0


@pytest.mark.parametrize("latency_s", [0.03, 0.1, 0.2])
def test_the_margin_is_the_one_that_is_aimed_at(latency_s: float) -> None:
    """The aim counts the drive's lag as delay, which is near at the crossover."""
    p = usual_params(latency_s=latency_s)
    aim_deg = degrees(phase_margin_rad(coefficients(p, tick_s=TICK_S), p, tick_s=TICK_S))
    assert margin_deg(latency_s) == pytest.approx(aim_deg, abs=1.5)


def test_breathing_moves_less_than_with_a_locked_band_at_200_ms() -> None:
    """Sensitivity to what moves the person, device and loop together, at 0.1 to 0.35 Hz."""
    p = usual_params(latency_s=0.2)
    w = coefficients(p, tick_s=TICK_S).crossover_rad_s
    for hz in np.linspace(0.1, 0.35, 12):
        s = 2j * pi * hz
        device = s / (s + FOLLOWS / (1.0 + p.lag_s * s))
        loop = w / s * np.exp(-s * (0.2 + TICK_S)) / (1.0 + p.lag_s * s)
        assert abs(device / (1.0 + loop)) < 1.0


@given(st.floats(10.0, 120.0), st.floats(0.0, 20.0))
def test_the_reference_rises_evenly_and_ends_at_the_target(target_n: float, t_s: float) -> None:
    p = usual_params(target_n=target_n)
    c = coefficients(p, tick_s=TICK_S)
    state = replace(controller.start(p), phase=Phase.RAMP, target_n=target_n, begun_s=0.0)
    here_n, rate_n_s = controller.reference(p, c, state, t_s)
    after_n, _ = controller.reference(p, c, state, t_s + 0.01)
    assert 0.0 <= here_n <= after_n <= target_n
    assert after_n - here_n <= p.ramp_n_s * 0.01 + 1e-9
    assert rate_n_s <= p.ramp_n_s
    assert controller.reference(p, c, state, c.ramp_s)[0] == pytest.approx(target_n)


def test_the_ramp_worked_by_hand() -> None:
    """80 N at 10 N/s, rounded over 2.5 s: 9.25 s; half way through that 10 x 1.25^2 / 5 short."""
    p = usual_params()
    c = coefficients(p, tick_s=TICK_S)
    state = replace(controller.start(p), phase=Phase.RAMP, target_n=80.0, begun_s=0.0)
    assert c.ramp_s == pytest.approx(9.25)
    assert controller.reference(p, c, state, 4.0) == (pytest.approx(40.0), 10.0)
    assert controller.reference(p, c, state, 8.0)[0] == pytest.approx(80.0 - 3.125)


@pytest.mark.parametrize(
    "wrong",
    [
        {"target_n": 0.0},
        {"target_n": float("nan")},
        {"latency_s": -0.1},
        {"latency_s": 2.0},
        {"person_cap_n": 81.0},
        {"person_cap_n": -5.0},
        {"target_n": 149.0},
    ],
)
def test_what_cannot_be_held_is_refused(wrong: dict[str, float]) -> None:
    given_ = {"target_n": 80.0, "latency_s": 0.1} | wrong
    with pytest.raises(ValueError, match=r"must be above|cannot be closed|no room"):
        params(
            given_.pop("target_n"), spring_n_m=400.0, follow_s=0.5, lag_s=0.04, stroke_m=0.6,
            **given_,
        )  # fmt: skip


def test_a_person_with_a_lower_cap_has_that_one() -> None:
    p = params(
        80.0, spring_n_m=400.0, follow_s=0.5, lag_s=0.04, latency_s=0.1, stroke_m=0.6,
        person_cap_n=88.0,
    )  # fmt: skip
    assert p.limits.cap_n == 88.0
    assert usual_params().limits.cap_n == pytest.approx(96.0)


def wound(stiffness_n_m: float) -> Iterator[Seen]:
    """Five seconds at 24 mm/s, with the noise of a load cell and whole millimetres."""
    chance = np.random.default_rng(1)
    seen = Seen()
    for i in range(400):
        stroke_m = 0.0003 * i
        force_n = stiffness_n_m * stroke_m + float(chance.normal(0.0, 0.15))
        reading = Reading(i * TICK_S, force_n, round(stroke_m, 3), i, grip=True)
        seen = take(seen, (reading,), i * TICK_S)
        yield seen


@pytest.mark.parametrize("true_n_m", [150.0, 240.0, 350.0])
def test_stiffness_is_found_while_the_band_is_wound(true_n_m: float) -> None:
    found = stiffness.prior(400.0)
    for seen in wound(true_n_m):
        found = stiffness.read(found, seen, spring_n_m=400.0)
    assert found.n_m == pytest.approx(true_n_m, rel=0.1)
    assert found.found_n_m.sd < 0.5 * stiffness.prior(400.0).found_n_m.sd


def test_a_band_that_stands_still_tells_no_stiffness() -> None:
    seen = Seen()
    found = stiffness.prior(400.0)
    for i in range(100):
        reading = Reading(i * TICK_S, 80.0 + i, 0.3, i, grip=True)
        seen = take(seen, (reading,), i * TICK_S)
        found = stiffness.read(found, seen, spring_n_m=400.0)
    assert found == stiffness.prior(400.0)


@given(st.floats(0.0, 1.5), st.floats(0.0, 1.5), st.floats(35.0, 80.0))
def test_who_is_deeper_is_led_to_less(one: float, other: float, target_n: float) -> None:
    p = usual_params(window=window())
    low, high = sorted((one, other))
    led = [leading.led(target_n, Estimate(x, 0.03), p, dt_s=0.1) for x in (low, high)]
    assert led[0] >= led[1]
    assert all(0.4 * 80.0 <= n <= 80.0 for n in led)
    assert leading.led(target_n, None, p, dt_s=0.1) == target_n


@given(st.floats(0.0, 0.4), st.floats(0.0, 1.2))
def test_what_is_led_to_is_the_middle_or_surely_below_the_ceiling(sd: float, here: float) -> None:
    """By hand: 0.725 up to an sd of 0.076; with 0.12 it is 0.90 - 1.64 x 0.12 - 0.05 = 0.653."""
    w = window()
    aim = leading.aim(Estimate(here, sd), w)
    assert aim <= 0.725 and aim + 1.64 * sd < w.ceiling
    assert leading.aim(Estimate(here, 0.07), w) == pytest.approx(0.725)
    assert leading.aim(Estimate(here, 0.12), w) == pytest.approx(0.6532)
    assert leading.aim(Estimate(here, sd), w) >= leading.aim(Estimate(here, sd + 0.01), w)


def test_a_ramp_that_has_arrived_is_led_while_its_time_is_not_over() -> None:
    p = usual_params(window=window())
    assert leading.arrived(Estimate(0.68, 0.03), p)
    assert not leading.arrived(Estimate(0.67, 0.03), p)
    assert leading.arrived(Estimate(0.61, 0.12), p)


@pytest.mark.parametrize(
    ("position", "taken_s"),
    [
        (None, 1.0),
        (Estimate(0.7, 0.03), None),
        (Estimate(0.7, 0.03), 0.0),
        (Estimate(0.7, 0.03), 3.0),
        (Estimate(float("nan"), 0.03), 1.9),
        (Estimate(0.7, -1.0), 1.9),
    ],
)
def test_a_position_that_is_stale_or_none_leads_nowhere(
    position: Estimate | None, taken_s: float | None
) -> None:
    sight = Sight(2.0, True, 0.1, 40.0, Seen(), position=position, position_s=taken_s)
    assert envelope.known(sight) is None


def test_an_eased_target_comes_back_by_the_loop_alone() -> None:
    """Also from below the least the loop itself goes down to."""
    p = usual_params(window=window())
    assert 10.0 < leading.led(10.0, Estimate(0.0, 0.02), p, dt_s=0.1) < 10.2


def test_the_prior_of_relaxation_is_the_published_decline() -> None:
    """Peixoto 2015: -25 % in 30 s; about a third in 90 s (Magnusson 1996)."""
    prior = relaxation.prior()
    assert prior.loss_ratio(30.0).mean == pytest.approx(0.25, abs=0.01)
    assert prior.loss_ratio(90.0).mean == pytest.approx(0.31, abs=0.01)
    assert prior.loss_ratio(0.0).mean == 0.0
