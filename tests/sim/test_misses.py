"""Simulated misses of a place: as large on the whole as published, and a person's own."""

from math import degrees

import numpy as np
import pytest

from lengthwise.sim.misses import miss_rad


@pytest.mark.parametrize(("back_pain", "published_deg"), [(False, 2.8), (True, 7.5)])
def test_the_mean_absolute_error_is_the_published_one(
    back_pain: bool, published_deg: float
) -> None:
    """Georgy 2011: 2.8 degrees of 15 healthy people and 7.5 of 15 with back dysfunction; 3,000
    draws know it to 3 %, and the furthest are cut off, which takes 1 %."""
    sizes = [
        abs(degrees(miss_rad(seed, trial, back_pain=back_pain)))
        for seed in range(1000)
        for trial in (1, 2, 3)
    ]
    assert np.mean(sizes) == pytest.approx(published_deg, rel=0.06)


def test_half_of_the_variance_is_the_same_in_every_trial_of_a_person() -> None:
    misses = np.array(
        [[miss_rad(seed, trial, back_pain=False) for trial in range(1, 6)] for seed in range(600)]
    )
    within = misses.var(axis=1, ddof=1).mean()
    assert within / misses.var() == pytest.approx(0.5, abs=0.06)


def test_the_same_person_misses_alike_every_time_it_is_simulated() -> None:
    assert miss_rad(7, 2, back_pain=True) == miss_rad(7, 2, back_pain=True)
    assert miss_rad(7, 2, back_pain=True) != miss_rad(7, 3, back_pain=True)
