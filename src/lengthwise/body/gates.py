"""What is kept out of the estimate, each by name: the continuity of the person and of the sensors.

A second person defeats tests against the filter's own uncertainty, so the torso is followed in raw
image space: the median jump of its four points, and its size. Exchanged left and right labels are
put back where that clearly shortens the way from the last frame. A frozen inertial sensor is the
most harmful fault and is known by three identical samples.
"""

from itertools import chain
from math import hypot, isfinite, sqrt

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.body.camera_geometry import (
    EXCHANGED,
    LEGS_AT,
    TORSO_AT,
    USED_AT,
    Landmarks,
    exchange_sides,
)
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.observation import ImuSample, LandmarkFrame, RejectionReason
from lengthwise.reference.constants import constant

_JUMP_M = constant("body", "torso_jump_m")
_JUMP_BASE_M = constant("body", "torso_jump_base_m")
_JUMP_SPEED_M_S = constant("body", "torso_jump_speed_m_s")
_SIZE_CHANGE = constant("body", "torso_size_change_ratio")
_SIZE_SPEED_PER_S = constant("body", "torso_size_speed_per_s")
_RELOCATION_S = constant("body", "relocation_s")
_RELOCATION_LEAST_S = constant("body", "relocation_least_s")
_MARGIN = constant("body", "out_of_frame_margin_ratio")
_SWAP_GAIN = constant("body", "swap_gain_ratio")
_SWAP_LEAST_M = constant("body", "swap_least_m")
_SWAP_LONGEST_S = constant("body", "swap_longest_s")
_GYR_LIMIT_RAD_S = constant("body", "imu_gyr_limit_rad_s")
_ACC_LIMIT_M_S2 = constant("body", "imu_acc_limit_m_s2")
_FROZEN_AFTER = 3
_LEAST_TORSO_POINTS = 3


def finite_landmarks(frame: LandmarkFrame) -> tuple[Landmarks, int]:
    """The landmarks that can be computed with, and how many reported ones were not finite."""
    finite = (
        np.isfinite(frame.xy_px).all(axis=1)
        & np.isfinite(frame.image_z_px)
        & np.isfinite(frame.visibility)
    )
    present = np.asarray(frame.present, dtype=bool)
    usable = present & finite
    points = Landmarks(
        np.where(usable[:, None], frame.xy_px, 0.0),
        np.where(usable, frame.image_z_px, 0.0),
        np.where(usable, np.clip(frame.visibility, 0.0, 1.0), 0.0),
        usable,
    )
    return points, int((present & ~finite).sum())


def inside_image(points: Landmarks, *, width_px: int, height_px: int) -> np.ndarray:
    """(33,) whether each landmark lies in the image, with a small margin."""
    x, y = points.xy_px[:, 0], points.xy_px[:, 1]
    inside: np.ndarray = (
        (x >= -_MARGIN * width_px)
        & (x <= (1.0 + _MARGIN) * width_px)
        & (y >= -_MARGIN * height_px)
        & (y <= (1.0 + _MARGIN) * height_px)
    )
    return inside


class Torso(Struct, frozen=True):
    """Place and size of the four torso points in one frame; the place is (4, 2), flattened."""

    t_s: float
    place_px: tuple[float, ...]
    usable: tuple[bool, ...]
    size_px: float


def torso_of(points: Landmarks, t_s: float) -> Torso | None:
    """The torso of a frame; None where fewer than three of its points were reported."""
    usable = points.usable[TORSO_AT].tolist()
    place = points.xy_px[TORSO_AT].tolist()
    seen = [point for point, use in zip(place, usable, strict=True) if use]
    count = len(seen)
    if count < _LEAST_TORSO_POINTS:
        return None
    x, y = (sum(point[k] for point in seen) / count for k in (0, 1))
    spread = sum((point[0] - x) ** 2 + (point[1] - y) ** 2 for point in seen)
    return Torso(t_s, tuple(chain.from_iterable(place)), tuple(usable), sqrt(spread / count))


def same_person(before: Torso, now: Torso, px_per_m: float) -> bool:
    """Whether the torso can have moved from one place to the other in the time between."""
    dt_s = max(now.t_s - before.t_s, 0.0)
    both = [i for i in range(4) if before.usable[i] and now.usable[i]]
    if len(both) < 2:
        return True
    jumps = sorted(
        hypot(
            now.place_px[2 * i] - before.place_px[2 * i],
            now.place_px[2 * i + 1] - before.place_px[2 * i + 1],
        )
        for i in both
    )
    median = 0.5 * (jumps[(len(jumps) - 1) // 2] + jumps[len(jumps) // 2])
    allowed_m = min(_JUMP_M, _JUMP_BASE_M + _JUMP_SPEED_M_S * dt_s)
    if median > allowed_m * px_per_m:
        return False
    if before.usable != now.usable or before.size_px <= 0.0:
        return True
    change = abs(now.size_px / before.size_px - 1.0)
    return change <= _SIZE_CHANGE + _SIZE_SPEED_PER_S * dt_s


class PersonTrack(Struct, frozen=True):
    """The person followed since `since_s`: `torso` last accepted; `other` a torso elsewhere since
    `other_since_s`.

    `points_px` (33, 2) and `points_usable` (33,): the last accepted landmarks; `swapped_since_s`
    since when labels have been exchanged back, None while they are not.
    """

    torso: Torso | None = None
    since_s: float = 0.0
    other: Torso | None = None
    other_since_s: float = 0.0
    points_px: np.ndarray | None = None
    points_usable: np.ndarray | None = None
    swapped_since_s: float | None = None


class Continuity(Struct, frozen=True):
    """How one frame continues the person followed.

    `same`: it may be used; `moved`: it is a person at a new place, followed from now on;
    `swapped`: left and right labels were exchanged back.
    """

    track: PersonTrack
    points: Landmarks
    same: bool
    moved: bool
    swapped: bool


def follow_person(
    track: PersonTrack, points: Landmarks, *, t_s: float, px_per_m: float
) -> Continuity | None:
    """Continue the person followed with one frame; None where no torso is seen.

    Someone who stays at another place for `relocation_s` is followed from then on, or sooner where
    the one followed had hardly been seen: a model often begins on something else. Labels that stay
    exchanged for `swap_longest_s` are believed: the person has turned round.
    """
    believed = track.swapped_since_s is not None and t_s - track.swapped_since_s > _SWAP_LONGEST_S
    if believed:
        track = PersonTrack()
    points, swapped = sides_put_back(track, points, px_per_m=px_per_m)
    torso = torso_of(points, t_s)
    if torso is None:
        return None
    moved = believed
    if track.torso is not None and not same_person(track.torso, torso, px_per_m):
        steady = track.other is not None and same_person(track.other, torso, px_per_m)
        since_s = track.other_since_s if steady else t_s
        known_s = track.torso.t_s - track.since_s
        if t_s - since_s < min(_RELOCATION_S, max(_RELOCATION_LEAST_S, known_s)):
            waiting = replace(track, other=torso, other_since_s=since_s)
            return Continuity(waiting, points, same=False, moved=False, swapped=False)
        moved = True
    since = None
    if swapped:
        since = t_s if track.swapped_since_s is None else track.swapped_since_s
    followed = PersonTrack(
        torso=torso,
        since_s=t_s if moved or track.torso is None else track.since_s,
        points_px=frozen_array(points.xy_px),
        points_usable=frozen_array(points.usable, dtype="bool"),
        swapped_since_s=since,
    )
    return Continuity(followed, points, same=True, moved=moved, swapped=swapped)


def sides_put_back(
    track: PersonTrack, points: Landmarks, *, px_per_m: float
) -> tuple[Landmarks, bool]:
    """Labels exchanged back where the model swapped them (torso, legs), and whether it did."""
    before_px, before_usable = track.points_px, track.points_usable
    if before_px is None or before_usable is None:
        return points, False
    swapped = False
    for group in (TORSO_AT, LEGS_AT):
        opposite = EXCHANGED[group]
        both = before_usable[group] & points.usable[group] & points.usable[opposite]
        count = int(both.sum())
        if count < 2:
            continue
        before = before_px[group][both]
        as_is = float(((points.xy_px[group][both] - before) ** 2).sum()) / count
        if as_is <= (_SWAP_LEAST_M * px_per_m) ** 2:
            continue
        back = float(((points.xy_px[opposite][both] - before) ** 2).sum()) / count
        if back < _SWAP_GAIN * as_is:
            points, swapped = exchange_sides(points, group), True
    return points, swapped


def used_outside(points: Landmarks, inside: np.ndarray) -> int:
    """How many landmarks that the estimate would use lie outside the image."""
    at = USED_AT
    return int((points.usable[at] & ~inside[at]).sum())


class SampleMemory(Struct, frozen=True):
    """The last inertial sample and how many in a row were identical to it."""

    t_s: float | None = None
    values: tuple[float, ...] = ()
    repeated: int = 0


def sample_values(sample: ImuSample) -> tuple[float, ...]:
    """All numbers of a sample, in a fixed order."""
    return (
        *sample.acc_m_s2,
        *(sample.gyr_rad_s or ()),
        *(sample.quat_wxyz or ()),
    )


def imu_rejection(
    memory: SampleMemory, sample: ImuSample, fused_s: float | None
) -> tuple[SampleMemory, RejectionReason | None]:
    """The memory after a sample and why it cannot be used. `fused_s`: time of the filter."""
    values = sample_values(sample)
    if not (isfinite(sample.t_s) and all(isfinite(v) for v in values)):
        return memory, RejectionReason.NON_FINITE
    if memory.t_s is not None and sample.t_s == memory.t_s:
        return memory, RejectionReason.DUPLICATE_TIME
    if memory.t_s is not None and sample.t_s < memory.t_s:
        return memory, RejectionReason.TIME_BACKWARDS
    if fused_s is not None and sample.t_s < fused_s:
        return memory, RejectionReason.LATE
    repeated = memory.repeated + 1 if values == memory.values else 1
    kept = SampleMemory(sample.t_s, values, repeated)
    if repeated >= _FROZEN_AFTER:
        return kept, RejectionReason.FROZEN
    if sample.gyr_rad_s and max(abs(v) for v in sample.gyr_rad_s) > _GYR_LIMIT_RAD_S:
        return kept, RejectionReason.SATURATED
    if max(abs(v) for v in sample.acc_m_s2) > _ACC_LIMIT_M_S2:
        return kept, RejectionReason.SATURATED
    return kept, None
