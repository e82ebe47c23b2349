"""What looks at a phone in a process of its own finds what is found here, and ends."""

import os

import numpy as np
import pytest

from lengthwise.contracts.observation import ImuSample
from lengthwise.live import nursery
from lengthwise.live.load.memory import family
from lengthwise.live.phone_looking import Apart, Found, Near, What
from lengthwise.reference.wearing import position

pytestmark = pytest.mark.skipif(not nursery.FORKS, reason="elsewhere it looks where it is asked")
PLACE, RATE_HZ = "sacrum", 50.0


def still(seconds: float) -> list[ImuSample]:
    """Of a phone that is worn upright and does not move: its y axis feels gravity, and noise."""
    at, rng = position(PLACE), np.random.default_rng(2)
    out = []
    for i in range(int(seconds * RATE_HZ)):
        acc = np.array([0.0, 9.81, 0.0]) + rng.normal(0.0, 0.03, 3)
        gyr = rng.normal(0.0, 0.002, 3)
        out.append(ImuSample(i / RATE_HZ, at.segment, tuple(acc.tolist()), tuple(gyr.tolist())))
    return out


def found_at_the_end(apart: Apart) -> Found:
    """Once all that it was given is looked at."""
    apart.close()
    apart._asking.join(60.0)
    assert not apart._asking.is_alive()
    return apart.found


def test_it_finds_apart_what_it_finds_near_and_leaves_no_process() -> None:
    nursery.begin()
    begun = family(os.getpid())
    near, apart = Near(What.STANDING, PLACE, RATE_HZ), Apart(What.STANDING, PLACE, RATE_HZ)
    samples = still(12.0)
    for i in range(0, len(samples), 30):
        near.take(*samples[i : i + 30])
        apart.take(*samples[i : i + 30])
    assert near.found.worn is not None, "else nothing is compared"
    assert found_at_the_end(apart) == near.found
    assert family(os.getpid()) == begun
    apart.take(*samples)
    assert apart.found == near.found, "what comes later is not looked at"


def test_a_check_asks_for_something_before_anything_was_felt() -> None:
    told = found_at_the_end(Apart(What.CHECK, PLACE, RATE_HZ)).checked
    assert told is not None
    assert told == Near(What.CHECK, PLACE, RATE_HZ).found.checked
