"""How well a session's pull lay along the line of what the exercise lengthens (`band.pull_line`).

At the greatest pull of each hold; told of the holds together. Where only a lever is stated the
direction of the line is not known, and nothing is told.
"""

from collections.abc import Sequence
from math import hypot

import numpy as np
from msgspec import Struct

from lengthwise.band.pull_line import pull_alignment
from lengthwise.band.torque import Anchors, Place
from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.coordinates import ANATOMICAL, INDEX, Coordinate, Side
from lengthwise.contracts.states import BodyState, Estimate
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import Exercise
from lengthwise.tissue.groups import GroupLengths
from lengthwise.tissue.moments import within_model_rad
from lengthwise.tissue.precision import stretch_line
from lengthwise.tissue.range import RangeBounds

_MOST = 6
_TOLD_SD = constant("tissue", "precision_sd")
_PLACES = [INDEX[c] for c in ANATOMICAL]


class Pulling(Struct, frozen=True):
    """The body at the greatest pull of a hold: pose (21,) and covariance (21, 21)."""

    force_n: float
    pose_rad: np.ndarray
    covariance_rad2: np.ndarray


def harder(now: Pulling | None, force_n: float, body: BodyState) -> Pulling:
    if now is not None and force_n <= now.force_n:
        return now
    return Pulling(force_n, body.mean_rad, body.covariance_rad2)


def pull_aimed(
    anatomy: Anatomy,
    bounds: RangeBounds,
    exercise: Exercise,
    coordinate: Coordinate,
    anchors: Anchors,
    place: Place,
    holds: Sequence[Pulling],
) -> Estimate | None:
    """Mean over the holds, with what they differ by and what they share in its sd; None where the
    exercise lengthens nothing on the side that is pulled, or where it is too unsure to be told."""
    side = Side(coordinate.value[-1])
    line = stretch_line(exercise, side, typical_slope_m=bounds.typical_slope_m)
    if not line.stretches or not holds:
        return None
    groups = GroupLengths.over(anatomy)
    found = []
    for hold in holds[-_MOST:]:
        posture_rad = within_model_rad(hold.pose_rad[_PLACES])
        slope = groups.lengths_and_slopes(posture_rad)[1] / bounds.span_m[:, None]
        estimate = pull_alignment(
            anchors,
            place,
            pose_rad=hold.pose_rad,
            covariance_rad2=hold.covariance_rad2,
            uphill=np.where(line.depends, line.targets @ slope, 0.0),
        )
        if estimate is not None:
            found.append(estimate)
    if not found:
        return None
    means = np.array([e.mean for e in found])
    # Anchors and sensors are off alike in every hold: no number of holds makes them surer.
    sd = hypot(float(np.median([e.sd for e in found])), float(means.std()))
    return Estimate(float(means.mean()), sd) if sd <= _TOLD_SD else None
