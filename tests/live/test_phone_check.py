"""A small bend tells which face of a phone looks outwards, and which segment carries it."""

from math import cos, pi, radians, sin

import pytest

from lengthwise.contracts.observation import ImuSample, Segment
from lengthwise.live.phone_check import Check
from lengthwise.live.worn import Checked

HZ = 60.0


def bent(
    check: Check, *, outwards: bool = True, bends_deg: float = 35.0, seconds: float = 20.0
) -> Checked:
    """Stands, and at four seconds bends forward and comes back within three."""
    face = 1.0 if outwards else -1.0
    for n in range(round(seconds * HZ)):
        t_s = n / HZ
        share = min(max((t_s - 4.0) / 3.0, 0.0), 1.0)
        lean = radians(bends_deg) * sin(pi * share) ** 2
        rate = radians(bends_deg) * sin(2.0 * pi * share) * pi / 3.0
        acc = (0.01 * (n % 3), 9.81 * cos(lean), face * 9.81 * sin(lean))
        check.take(ImuSample(t_s, Segment.PELVIS, acc, (-face * rate, 1e-3 * (n % 2), 0.0)))
        if check.checked.done:
            break
    return check.checked


def test_it_asks_to_stand_then_to_bend_and_says_that_it_sits_well() -> None:
    check = Check("sacrum", HZ)
    assert "Stand upright" in check.checked.words
    assert "Bend forward" in bent(check, seconds=4.0).words
    assert bent(Check("sacrum", HZ)).well is True


def test_a_screen_that_looks_inwards_is_found() -> None:
    found = bent(Check("sacrum", HZ), outwards=False)
    assert found.done and found.well is False
    assert "front of the sensor points to the back" in found.words
    assert "other face" in found.words


def test_the_other_face_is_meant_at_the_belt_buckle() -> None:
    assert bent(Check("belt_buckle", HZ), outwards=False).well is True
    assert bent(Check("belt_buckle", HZ)).well is False


def test_without_a_bend_nothing_is_known_and_nothing_is_forbidden() -> None:
    found = bent(Check("sacrum", HZ), bends_deg=2.0)
    assert found.done and found.well is None


def test_a_phone_on_a_thigh_does_not_bend_with_the_trunk() -> None:
    assert bent(Check("thigh_front_l", HZ), bends_deg=60.0).well is not True


@pytest.mark.parametrize("place", ["sacrum", "belt_buckle", "thigh_front_l", "thigh_front_r"])
def test_it_comes_to_an_end_by_itself(place: str) -> None:
    assert bent(Check(place, HZ), bends_deg=0.0, seconds=40.0).done
