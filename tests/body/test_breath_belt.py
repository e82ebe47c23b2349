"""A belt tells the breath as a sensor on the ribs does: how many, and for how long it is held."""

from math import pi, sin

import numpy as np
import pytest

from lengthwise.body import breathing
from lengthwise.body.breath_turns import published_limits

LIMITS = published_limits()
RATE_HZ = 80.0


def worn(seconds: float, *, per_min: float, held_from_s: float = 1e9) -> breathing.Breath:
    """A belt at 15 N, 1.5 N a breath, with the noise of a gauge."""
    noise, state = np.random.default_rng(3).normal(0.0, 0.02, round(seconds * RATE_HZ)), None
    state = breathing.start()
    for n, more in enumerate(noise.tolist()):
        t_s = n / RATE_HZ
        way_s = min(t_s, held_from_s)
        force_n = 15.0 + 1.5 * sin(2.0 * pi * per_min / 60.0 * way_s)
        state = breathing.belt_step(LIMITS, state, t_s, force_n + more)
    return breathing.told(LIMITS, state, seconds)


@pytest.mark.parametrize("per_min", [8.0, 15.0])
def test_breaths_of_a_belt_are_counted(per_min: float) -> None:
    found = worn(60.0, per_min=per_min)
    assert found.sensor == "belt" and found.per_min is not None
    assert found.per_min.mean == pytest.approx(per_min, abs=0.7) and found.held_s == 0.0


def test_a_breath_held_is_told_with_how_long() -> None:
    found = worn(56.0, per_min=15.0, held_from_s=45.0)
    assert found.held_s == pytest.approx(11.0, abs=1.5)


def test_a_reading_that_is_no_number_changes_nothing() -> None:
    state = breathing.belt_step(LIMITS, breathing.start(), 0.0, 15.0)
    assert breathing.belt_step(LIMITS, state, 1.0, float("nan")) is state
