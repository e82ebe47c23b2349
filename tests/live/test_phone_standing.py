"""Three seconds of standing: found when somebody stands still with the phone as in its picture."""

from math import cos, radians, sin

import numpy as np
import pytest

from lengthwise.contracts.observation import ImuSample, Segment
from lengthwise.contracts.phone_wire import PhoneSays
from lengthwise.live.phone_standing import Standing
from lengthwise.live.worn import STANDS_S
from lengthwise.reference.exercises import exercises
from lengthwise.reference.wearing import place_for_exercise, position

HZ = 60.0


def samples(
    up: tuple[float, float, float], seconds: float, *, from_s: float = 10.0, sway_deg: float = 0.3
) -> list[ImuSample]:
    """Held so that `up` points upwards, swaying a little about x."""
    rng = np.random.default_rng(2)
    out = []
    for n in range(round(seconds * HZ)):
        t_s = from_s + n / HZ
        angle, rate = radians(sway_deg) * sin(3.0 * t_s), radians(sway_deg) * 3.0 * cos(3.0 * t_s)
        x, y, z = up
        turned = (x, y * cos(angle) + z * sin(angle), z * cos(angle) - y * sin(angle))
        acc = 9.81 * np.array(turned) + rng.normal(0.0, 0.03, 3)
        gyr = np.array([rate, 0.0, 0.0]) + rng.normal(0.0, 0.002, 3)
        out.append(ImuSample(t_s, Segment.PELVIS, tuple(acc.tolist()), tuple(gyr.tolist())))
    return out


def fed(standing: Standing, felt: list[ImuSample]) -> Standing:
    for sample in felt:
        standing.take(sample)
    return standing


def test_three_seconds_of_standing_still_are_found() -> None:
    found = fed(Standing("sacrum", HZ), samples((0.0, 1.0, 0.0), 4.0)).found
    assert found is not None
    begun_s, until_s = found.stood_s
    assert until_s - begun_s == pytest.approx(STANDS_S, abs=0.05)
    assert (found.segment, found.rate_hz) == (Segment.PELVIS, HZ)


def test_it_is_told_as_of_the_segment_that_the_place_says() -> None:
    found = fed(Standing("thigh_front_r", HZ), samples((0.0, 1.0, 0.0), 4.0)).found
    assert found is not None and found.stream().segment is Segment.THIGH_R


def test_less_than_three_seconds_are_not_enough_and_moving_begins_anew() -> None:
    standing = fed(Standing("sacrum", HZ), samples((0.0, 1.0, 0.0), 2.5))
    assert standing.found is None and 2.0 < standing.still_s < 2.6
    fed(standing, samples((0.0, 1.0, 0.0), 1.5, from_s=12.5, sway_deg=12.0))
    assert standing.found is None and standing.still_s < 1.5
    fed(standing, samples((0.0, 1.0, 0.0), 4.5, from_s=14.0))
    assert standing.found is not None and standing.found.stood_s[0] > 12.5


def test_a_slow_lean_is_no_standing_still() -> None:
    """Three degrees a second stay within what one look allows, and not within three seconds."""
    standing = Standing("sacrum", HZ)
    for n in range(round(6.0 * HZ)):
        angle = radians(3.0) * n / HZ
        acc = (0.0, 9.81 * cos(angle), 9.81 * sin(angle))
        standing.take(ImuSample(n / HZ, Segment.PELVIS, acc, (radians(-3.0), 0.0, 1e-4 * (n % 7))))
    assert standing.found is None


@pytest.mark.parametrize("up", [(0.0, -1.0, 0.0), (0.0, 0.0, 1.0), (1.0, 0.0, 0.0)])
def test_upside_down_flat_or_on_its_side_it_is_asked_to_be_turned(
    up: tuple[float, float, float],
) -> None:
    standing = fed(Standing("sacrum", HZ), samples(up, 4.0))
    assert standing.found is None and standing.says is PhoneSays.WORN_OTHERWISE
    fed(standing, samples((0.0, 1.0, 0.0), 5.0, from_s=20.0))
    assert standing.found is not None and standing.says is PhoneSays.WORN_WELL


def test_it_never_gives_up_looking() -> None:
    standing = fed(Standing("sacrum", HZ), samples((0.0, 1.0, 0.0), 20.0, sway_deg=15.0))
    assert standing.found is None
    assert fed(standing, samples((0.0, 1.0, 0.0), 5.0, from_s=30.0)).found is not None


def test_every_exercise_has_a_place_where_a_phone_can_stand() -> None:
    for chosen in exercises().values():
        place = place_for_exercise(chosen).recommended
        assert position(place).up.value == "+y"
