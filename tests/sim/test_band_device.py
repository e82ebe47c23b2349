"""How the simulated motorised band takes set-points, which are numbered with 16 bits."""

import numpy as np
import pytest

from lengthwise.sim.band_device import Device, SetPoint
from lengthwise.sim.band_run import Amiss, Run, usual

TICK_S = 0.0125


def wound(device: Device, points: list[SetPoint]) -> list[float]:
    """Carriage speed after each set-point and a tick, of a spring that is drawn by it."""
    speeds = []
    for i, point in enumerate(points):
        device.take(point, i * TICK_S)
        force_n = device.stroke_m * device.spring_n_m
        device.step(i * TICK_S, force_n, dt_s=TICK_S, grip=True)
        speeds.append(device.speed_m_s)
    return speeds


def pull(sequence: int, force_n: float = 30.0) -> SetPoint:
    return SetPoint(force_n, 15.0, 0.15, sequence % 0x10000)


@pytest.mark.parametrize("first", [65_530, 40_000])
def test_set_points_are_taken_over_the_end_of_their_numbers(first: int) -> None:
    one = wound(Device(400.0, fuse_n=100.0), [pull(first + i) for i in range(60)])
    other = wound(Device(400.0, fuse_n=100.0), [pull(i) for i in range(60)])
    assert one == other and one[-1] > 0.0


def test_a_pull_that_was_overtaken_is_not_taken_and_a_release_is() -> None:
    points = [pull(100 + i) for i in range(40)]
    late = wound(Device(400.0, fuse_n=100.0), [*points, pull(50, 5.0), pull(51, 5.0)])
    assert late[-1] > 0.0
    released = wound(Device(400.0, fuse_n=100.0), [*points, pull(50, 0.0), pull(51, 5.0)])
    assert released[-1] < released[-2] < late[-1]


def test_a_session_is_the_same_wherever_its_readings_begin_to_count() -> None:
    forces = []
    for first in (0, 65_400):
        setup, chance = usual(40.0, 8.0, 0.1)
        run = Run(setup, chance, Amiss())
        run._sequence = first
        forces.append(run.run().force_n)
    assert np.array_equal(*forces)
    assert forces[0][-1] > 35.0
