"""The angle of a test: a sum of coordinates and the sd of that sum."""

from math import hypot, radians

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.coach.measuring import change, measured
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate
from lengthwise.contracts.states import BodyState, Estimate, Unseen
from lengthwise.reference.exercise_taken import Part

HIP, TILT = Coordinate.HIP_FLEXION_L, Coordinate.PELVIS_TILT
THIGH = (Part(HIP), Part(TILT, -1.0))


def body(
    hip_deg: float, tilt_deg: float, *, shared: float = 0.0, why: Unseen = Unseen.CLAIMED
) -> BodyState:
    """Both with an sd of 4 degrees and a correlation."""
    mean, size = np.zeros(len(COORDINATES)), len(COORDINATES)
    mean[INDEX[HIP]], mean[INDEX[TILT]] = radians(hip_deg), radians(tilt_deg)
    covariance = np.eye(size) * radians(4.0) ** 2
    covariance[INDEX[HIP], INDEX[TILT]] = covariance[INDEX[TILT], INDEX[HIP]] = (
        shared * radians(4.0) ** 2
    )
    return BodyState(0.0, frozen_array(mean), frozen_array(covariance), (why,) * size, 1.0)


def test_the_thigh_against_gravity_is_the_hip_less_the_pelvis() -> None:
    """Worked by hand: 70 of hip on a pelvis that tucked under by 10 is a thigh raised by 80."""
    found = measured(body(70.0, -10.0), THIGH)
    assert found is not None and found.mean == pytest.approx(radians(80.0))
    assert found.sd == pytest.approx(radians(hypot(4.0, 4.0)))


@given(shared=st.floats(-0.99, 0.99))
def test_what_two_coordinates_share_leaves_their_difference(shared: float) -> None:
    found = measured(body(70.0, -10.0, shared=shared), THIGH)
    assert found is not None
    assert found.sd == pytest.approx(radians(4.0) * (2.0 - 2.0 * shared) ** 0.5)


@pytest.mark.parametrize("why", [w for w in Unseen if w is not Unseen.CLAIMED])
def test_one_coordinate_alone_must_be_claimed(why: Unseen) -> None:
    assert measured(body(70.0, 0.0, why=why), (Part(HIP),)) is None


@pytest.mark.parametrize(
    "why", [Unseen.NO_SENSOR, Unseen.STALE, Unseen.OCCLUDED, Unseen.OUT_OF_FRAME, Unseen.VIEW]
)
def test_a_sum_of_what_nothing_showed_is_no_angle(why: Unseen) -> None:
    assert measured(body(70.0, -10.0, why=why), THIGH) is None
    assert measured(body(70.0, -10.0), ()) is None


def test_a_change_is_never_surer_than_the_angle_there() -> None:
    now, before = Estimate(1.2, radians(5.0)), Estimate(0.1, radians(2.4))
    found = change(body(70.0, 0.0), THIGH, now, before)
    assert found is not None and found.mean == pytest.approx(1.1)
    assert found.sd >= now.sd
    assert change(body(0.0, 0.0), THIGH, now, None) is None
