"""What an inertial sensor tells of the obliquity of a pelvis that is not upright."""

from math import radians

import numpy as np
import pytest

from lengthwise.body.channels import channels_of
from lengthwise.body.claims import LARGEST_SD_RAD, claims
from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate
from lengthwise.contracts.observation import Axis, CameraStream, ImuStream, Segment, Stream
from lengthwise.contracts.states import Unseen

SACRUM = ImuStream(Segment.PELVIS, 100.0, forward_axis=Axis.MINUS_Z)
CAMERA = CameraStream(1280, 720, 30.0)
OBLIQUITY = INDEX[Coordinate.PELVIS_OBLIQUITY]


def told(streams: tuple[Stream, ...], leak_deg: float) -> tuple[Unseen, ...]:
    """All is seen now, with an sd of 2 degrees."""
    channels = channels_of(streams)
    count = len(channels.all)
    return claims(
        channels,
        t_s=1.0,
        fused_s=np.ones(count),
        hindrance=(Unseen.CLAIMED,) * count,
        sd_rad=np.full(len(COORDINATES), radians(2.0)),
        roll_leak_rad=radians(leak_deg),
    ).unseen


@pytest.mark.parametrize("streams", [(SACRUM,), (SACRUM, CAMERA), (CAMERA,)])
def test_a_turn_of_the_sensor_that_looks_like_obliquity_matters_only_where_nothing_else_shows_it(
    streams: tuple[Stream, ...],
) -> None:
    upright, lying = told(streams, 0.0), told(streams, 8.0)
    assert upright[OBLIQUITY] is Unseen.CLAIMED
    alone = CAMERA not in streams
    assert lying[OBLIQUITY] is (Unseen.UNCERTAIN if alone else Unseen.CLAIMED)
    others = [i for i in range(len(COORDINATES)) if i != OBLIQUITY]
    assert [lying[i] for i in others] == [upright[i] for i in others]


def test_the_most_that_it_may_look_like_is_the_largest_sd_that_is_claimed() -> None:
    largest_deg = np.degrees(LARGEST_SD_RAD[OBLIQUITY])
    for leak_deg, seen in ((0.9 * largest_deg, True), (1.1 * largest_deg, False)):
        assert (told((SACRUM,), leak_deg)[OBLIQUITY] is Unseen.CLAIMED) is seen
