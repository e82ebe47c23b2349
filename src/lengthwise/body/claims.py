"""Which coordinates may be shown, and why the others may not.

A coordinate is claimed when its sd is below 6 degrees and below a quarter of its normal range,
*and* each inclination it is made of was seen within the last half second: a narrow prior alone is
no knowledge. Turns about the vertical are never claimed (neither gravity nor one camera sees
them), and from a camera alone neither pelvic tilt nor the share of the lumbar spine. Nor is an
ankle: heel and toe lie a foot apart, each off by 40 mm, and no sensor is worn on a foot.

What no sensor showed for some seconds is not `shown` either: a knee that bends towards the camera
fits two angles, and the filter's choice of one is not to be trusted with its narrow sd.
"""

from functools import lru_cache
from math import radians

import numpy as np
from msgspec import Struct

from lengthwise.body.channels import Channels
from lengthwise.body.kinematic_chain import Link, Plane
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import COORDINATES, Coordinate
from lengthwise.contracts.states import Unseen
from lengthwise.reference.constants import constant
from lengthwise.reference.joint_limits import normal_range_rad

Inclination = tuple[Link, Plane]
_S, _F = Plane.SAGITTAL, Plane.FRONTAL
_RECENT_S = constant("body", "claim_recent_s")
_SHOWN_S = constant("body", "shown_recent_s")

LARGEST_SD_RAD = np.array(
    [
        min(
            radians(constant("body", "claim_largest_sd_deg")),
            constant("body", "claim_range_ratio") * normal_range_rad(c),
        )
        for c in COORDINATES
    ]
)
"""(21,) sd from which a coordinate is no longer claimed."""


def _needs() -> dict[Coordinate, tuple[tuple[Inclination, ...], ...]]:
    """Per coordinate the inclinations it follows from; several ways where there are."""
    needs: dict[Coordinate, tuple[tuple[Inclination, ...], ...]] = dict.fromkeys(COORDINATES, ())
    pelvis, t12, thorax = Link.PELVIS, Link.T12, Link.THORAX
    needs[Coordinate.PELVIS_TILT] = (((pelvis, _S),),)
    needs[Coordinate.PELVIS_OBLIQUITY] = (((pelvis, _F),),)
    needs[Coordinate.LUMBAR_FLEXION] = (((pelvis, _S), (t12, _S)),)
    needs[Coordinate.LUMBAR_SIDE_BEND] = (((pelvis, _F), (t12, _F)),)
    needs[Coordinate.THORAX_FLEXION] = (((pelvis, _S), (thorax, _S)),)
    needs[Coordinate.THORAX_SIDE_BEND] = (((pelvis, _F), (thorax, _F)),)
    needs[Coordinate.TRUNK_FLEXION] = (((thorax, _S),), ((Link.CHORD, _S),))
    needs[Coordinate.TRUNK_SIDE_LEAN] = (((thorax, _F),),)
    for side in ("l", "r"):
        thigh, shank = Link(f"thigh_{side}"), Link(f"shank_{side}")
        needs[Coordinate(f"hip_flexion_{side}")] = (
            ((thigh, _S), (pelvis, _S)),
            ((thigh, _S), (Link.CHORD, _S)),
        )
        needs[Coordinate(f"hip_adduction_{side}")] = (((thigh, _F), (pelvis, _F)),)
        needs[Coordinate(f"knee_flexion_{side}")] = (((thigh, _S), (shank, _S)),)
    return needs


_NEEDS = _needs()
_RANK = {
    reason: rank
    for rank, reason in enumerate(
        (
            Unseen.CLAIMED,
            Unseen.UNCERTAIN,
            Unseen.STALE,
            Unseen.OCCLUDED,
            Unseen.OUT_OF_FRAME,
            Unseen.VIEW,
            Unseen.NOT_CALIBRATED,
            Unseen.NEVER_FROM_CAMERA,
            Unseen.NO_SENSOR,
        )
    )
}
"""From what passes by itself to what needs another sensor."""

_BEYOND_REACH = frozenset({Unseen.NO_SENSOR, Unseen.NEVER_FROM_CAMERA, Unseen.VIEW})


class Claims(Struct, frozen=True):
    """`unseen` (21,) as in BodyState; `quality` share claimed of what is within reach."""

    unseen: tuple[Unseen, ...]
    quality: float


def claims(
    channels: Channels,
    *,
    t_s: float,
    fused_s: np.ndarray,
    hindrance: tuple[Unseen, ...],
    sd_rad: np.ndarray,
) -> Claims:
    """What may be shown of the 21 coordinates.

    `fused_s` (m,) when each channel last informed the filter; `hindrance` (m,) why it did not
    since; `sd_rad` (21,) of the coordinates.
    """
    recent = (t_s - fused_s <= _RECENT_S).tolist()
    status = tuple(
        Unseen.CLAIMED if now else Unseen.STALE if why is Unseen.CLAIMED else why
        for now, why in zip(recent, hindrance, strict=True)
    )
    reasons, reachable = _seen_coordinates(channels, status)
    narrow = (sd_rad < LARGEST_SD_RAD).tolist()
    unseen = tuple(
        Unseen.UNCERTAIN if reason is Unseen.CLAIMED and not sure else reason
        for reason, sure in zip(reasons, narrow, strict=True)
    )
    quality = unseen.count(Unseen.CLAIMED) / reachable if reachable else 0.0
    return Claims(unseen, quality)


def shown(channels: Channels, *, t_s: float, fused_s: np.ndarray) -> np.ndarray:
    """(21,) whether what a coordinate is made of was lately seen, however unsurely; `fused_s` (m,)
    as above."""
    return _shown(channels, tuple((t_s - fused_s <= _SHOWN_S).tolist()))


@lru_cache(maxsize=1024)
def _seen_coordinates(
    channels: Channels, status: tuple[Unseen, ...]
) -> tuple[tuple[Unseen, ...], int]:
    """Per coordinate what the channels' status (m,) means for it, and how many are in reach."""
    best: dict[Inclination, Unseen] = {}
    for channel, now in zip(channels.all, status, strict=True):
        key = (channel.link, channel.plane)
        if key not in best or _RANK[now] < _RANK[best[key]]:
            best[key] = now
    missing = Unseen.NO_SENSOR if channels.camera is None else Unseen.NEVER_FROM_CAMERA
    reasons = tuple(
        min(
            (
                max((best.get(need, missing) for need in way), key=_RANK.__getitem__)
                for way in _NEEDS[coordinate]
            ),
            key=_RANK.__getitem__,
            default=missing,
        )
        for coordinate in COORDINATES
    )
    return reasons, sum(reason not in _BEYOND_REACH for reason in reasons)


@lru_cache(maxsize=1024)
def _shown(channels: Channels, lately: tuple[bool, ...]) -> np.ndarray:
    """(21,) where each inclination was seen `lately` (m,), or one without a channel of its own lies
    in a plane that the camera shows."""
    seen: dict[Inclination, bool] = {}
    in_view: set[Plane] = set()
    for channel, now in zip(channels.all, lately, strict=True):
        key = (channel.link, channel.plane)
        seen[key] = seen.get(key, False) or now
        if now and channel.line is not None:
            in_view.add(channel.plane)
    return frozen_array(
        [
            any(all(seen.get(need, need[1] in in_view) for need in way) for way in _NEEDS[c])
            for c in COORDINATES
        ],
        dtype="bool",
    )
