"""The body of one frame as an exercise asks about it: each coordinate is looked at once."""

from math import isfinite, sqrt

from msgspec import Struct

from lengthwise.coach.stillness import Pose
from lengthwise.contracts.coordinates import INDEX, Coordinate
from lengthwise.contracts.states import BodyState, Estimate, Unseen

_CLAIMED, _UNCERTAIN = Unseen.CLAIMED, Unseen.UNCERTAIN
_IN_SIGHT = frozenset({_CLAIMED, _UNCERTAIN})
"""A coordinate that is seen now; one that is too unsure to be spoken of is not out of sight."""


class BodySight(Struct, frozen=True, gc=False):
    """`pose`: the watched coordinates that may be spoken of, one that is not finite is not known;
    `unseen_sd_rad`: the doubt of every other one; `unsure`: those of the others that are seen.
    `anything`: some part of the body is in sight.
    """

    pose: Pose
    unseen_sd_rad: dict[Coordinate, float]
    unsure: set[Coordinate]
    anything: bool


def body_sight(body: BodyState, watched: tuple[tuple[Coordinate, int], ...]) -> BodySight:
    """`watched`: coordinates with their places in the arrays of the body."""
    means_rad, variances_rad2 = body.mean_rad.tolist(), body.covariance_rad2.diagonal().tolist()
    why = body.unseen
    # A sum is finite only where all of it is.
    if not (isfinite(sum(means_rad)) and isfinite(sum(variances_rad2))):
        why = _of_finite(why, means_rad, variances_rad2)
    pose, unseen_sd_rad, unsure = {}, {}, set()
    for coordinate, place in watched:
        variance_rad2, now = variances_rad2[place], why[place]
        sd_rad = 0.0 if variance_rad2 < 0.0 else sqrt(variance_rad2)
        if now is _CLAIMED:
            pose[coordinate] = Estimate(means_rad[place], sd_rad)
            continue
        unseen_sd_rad[coordinate] = sd_rad
        if now is _UNCERTAIN:
            unsure.add(coordinate)
    anything = bool(pose or unsure) or not _IN_SIGHT.isdisjoint(why)
    return BodySight(pose, unseen_sd_rad, unsure, anything)


def _of_finite(
    unseen: tuple[Unseen, ...], means_rad: list[float], variances_rad2: list[float]
) -> tuple[Unseen, ...]:
    """What is not finite is as little in sight as what no sensor informs."""
    return tuple(
        why if isfinite(mean_rad) and isfinite(variance_rad2) else Unseen.NO_SENSOR
        for why, mean_rad, variance_rad2 in zip(unseen, means_rad, variances_rad2, strict=True)
    )


def seen_at_all(body: BodyState, coordinate: Coordinate) -> Estimate | None:
    """The estimate of a coordinate that is in sight, claimed or not; for computation."""
    i = INDEX[coordinate]
    if body.unseen[i] not in _IN_SIGHT:
        return None
    mean_rad, variance_rad2 = body.mean_rad.item(i), body.covariance_rad2.item(i, i)
    if not (isfinite(mean_rad) and isfinite(variance_rad2)):
        return None
    return Estimate(mean_rad, sqrt(max(variance_rad2, 0.0)))
