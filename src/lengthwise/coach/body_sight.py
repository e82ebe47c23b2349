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
    `unseen_sd_rad`: the doubt of every other one; `in_sight`: those that are seen, however unsure.
    `anything`: some part of the body is in sight.
    """

    pose: Pose
    unseen_sd_rad: dict[Coordinate, float]
    in_sight: set[Coordinate]
    anything: bool


def body_sight(body: BodyState, watched: tuple[tuple[Coordinate, int], ...]) -> BodySight:
    """`watched`: coordinates with their places in the arrays of the body."""
    means_rad, variances_rad2 = body.mean_rad.tolist(), body.covariance_rad2.diagonal().tolist()
    claimed, unsure, unseen = _CLAIMED, _UNCERTAIN, body.unseen
    pose, unseen_sd_rad, in_sight = {}, {}, set()
    for coordinate, place in watched:
        why, mean_rad, variance_rad2 = unseen[place], means_rad[place], variances_rad2[place]
        sd_rad = 0.0 if variance_rad2 < 0.0 else sqrt(variance_rad2)
        if (why is claimed or why is unsure) and isfinite(mean_rad) and isfinite(variance_rad2):
            in_sight.add(coordinate)
            if why is claimed:
                pose[coordinate] = Estimate(mean_rad, sd_rad)
                continue
            unseen_sd_rad[coordinate] = sd_rad
        else:
            unseen_sd_rad[coordinate] = sd_rad
    anything = bool(in_sight) or _anything(body, means_rad, variances_rad2)
    return BodySight(pose, unseen_sd_rad, in_sight, anything)


def _anything(body: BodyState, means_rad: list[float], variances_rad2: list[float]) -> bool:
    return any(
        why in _IN_SIGHT and isfinite(mean_rad) and isfinite(variance_rad2)
        for why, mean_rad, variance_rad2 in zip(body.unseen, means_rad, variances_rad2, strict=True)
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
