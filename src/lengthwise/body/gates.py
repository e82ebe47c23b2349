"""What is kept out of the estimate, each by name: the continuity of the person and of the sensors.

A second person defeats tests against the filter's own uncertainty, so the torso is followed in raw
image space: the median jump of its four points, and its size (`label_sides` sees to left and right
first). A frozen inertial sensor is the most harmful fault and is known by three identical samples,
one at the end of its scale by a large reading that repeats.
"""

from itertools import chain
from math import ceil, floor, hypot, inf, isfinite, sqrt

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numba import njit

from lengthwise.body.camera_geometry import TORSO_AT, USED_AT, Landmarks, without_points
from lengthwise.body.label_sides import SeenBody, SidesMemory, sides_put_back
from lengthwise.contracts.observation import (
    LANDMARKS,
    ImuSample,
    LandmarkFrame,
    RejectionReason,
)
from lengthwise.reference.constants import constant

_JUMP_M = constant("body", "torso_jump_m")
_JUMP_BASE_M = constant("body", "torso_jump_base_m")
_JUMP_SPEED_M_S = constant("body", "torso_jump_speed_m_s")
_SIZE_CHANGE = constant("body", "torso_size_change_ratio")
_SIZE_SPEED_PER_S = constant("body", "torso_size_speed_per_s")
_RELOCATION_S = constant("body", "relocation_s")
_RELOCATION_UNSEEN_S = constant("body", "relocation_unseen_s")
_RELOCATION_LEAST_S = constant("body", "relocation_least_s")
_MARGIN = constant("body", "out_of_frame_margin_ratio")
_GYR_LIMIT_RAD_S = constant("body", "imu_gyr_limit_rad_s")
_ACC_LIMIT_M_S2 = constant("body", "imu_acc_limit_m_s2")
_FROZEN_AFTER = 3
_LARGE_ACC_M_S2 = constant("body", "imu_smallest_acc_scale_m_s2")
_LARGE_GYR_RAD_S = constant("body", "imu_smallest_gyr_scale_rad_s")
_LEAST_TORSO_POINTS = 3
_ASTRAY_LONGEST_S = 2.0
"""After this a torso landmark that lies elsewhere is believed: the body may have changed shape."""
_PAUSE_S = 0.25
"""After a longer time out of sight the person may be anywhere."""
_ASIDE_S = 0.3
"""As out of sight for so long counts, however long it was, who was hidden by another: beyond the
reach of a squat or a bend it may as well be a third one."""


def finite_landmarks(frame: LandmarkFrame) -> tuple[Landmarks, int]:
    """The landmarks that can be computed with, and how many reported ones were not finite."""
    # Copies are of one kind, whatever a frame came from: each other kind would be compiled anew.
    xy_px, z_px, visibility, usable, not_finite = _finite(
        np.array(frame.xy_px, dtype=float),
        np.array(frame.image_z_px, dtype=float),
        np.array(frame.visibility, dtype=float),
        np.array(frame.present, dtype=bool),
    )
    return Landmarks(xy_px, z_px, visibility, usable), not_finite


@njit(cache=True)
def _finite(
    xy_px: np.ndarray, z_px: np.ndarray, visibility: np.ndarray, present: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, int]:
    """Places, depths and visibilities, 0 where not usable; what is usable; how many are not
    finite."""
    count = len(present)
    places, depths, clear = np.zeros((count, 2)), np.zeros(count), np.zeros(count)
    usable, not_finite = np.zeros(count, dtype=np.bool_), 0
    for i in range(count):
        if not present[i]:
            continue
        x, y, z, seen = xy_px[i, 0], xy_px[i, 1], z_px[i], visibility[i]
        if np.isfinite(x) and np.isfinite(y) and np.isfinite(z) and np.isfinite(seen):
            places[i, 0], places[i, 1], depths[i], usable[i] = x, y, z, True
            clear[i] = min(max(seen, 0.0), 1.0)
        else:
            not_finite += 1
    return places, depths, clear, usable, not_finite


def inside_image(points: Landmarks, *, width_px: int, height_px: int) -> np.ndarray:
    """(33,) whether each landmark lies in the image, with a small margin."""
    return np.asarray(_inside(points.xy_px, float(width_px), float(height_px)))


@njit(cache=True)
def _inside(xy_px: np.ndarray, width_px: float, height_px: float) -> np.ndarray:
    inside = np.empty(len(xy_px), dtype=np.bool_)
    for i in range(len(xy_px)):
        x, y = xy_px[i, 0], xy_px[i, 1]
        across = -_MARGIN * width_px <= x <= (1.0 + _MARGIN) * width_px
        inside[i] = across and -_MARGIN * height_px <= y <= (1.0 + _MARGIN) * height_px
    return inside


class Torso(Struct, frozen=True):
    """The four torso points in one frame; the place is (4, 2), flattened."""

    t_s: float
    place_px: tuple[float, ...]
    usable: tuple[bool, ...]

    def without(self, point: int) -> "Torso":
        usable = tuple(use and i != point for i, use in enumerate(self.usable))
        return Torso(self.t_s, self.place_px, usable)

    def carried(self, before: "Torso", point: int) -> "Torso":
        """The same with one point where it would be had it moved like the others that are seen."""
        seen = [i for i in range(4) if before.usable[i] and self.usable[i]]
        others = [i for i in seen if i != point]
        place = list(self.place_px)
        for axis in (0, 1):
            moved = [self.place_px[2 * i + axis] - before.place_px[2 * i + axis] for i in others]
            place[2 * point + axis] = before.place_px[2 * point + axis] + sum(moved) / len(moved)
        return Torso(self.t_s, tuple(place), self.usable)

    def size_px(self, points: list[int]) -> float:
        """Root mean square distance of some of the points from their middle."""
        x = [self.place_px[2 * i] for i in points]
        y = [self.place_px[2 * i + 1] for i in points]
        count = len(points)
        mid_x, mid_y = sum(x) / count, sum(y) / count
        spread = sum((a - mid_x) ** 2 + (b - mid_y) ** 2 for a, b in zip(x, y, strict=True))
        return sqrt(spread / count)


def torso_of(points: Landmarks, t_s: float) -> Torso | None:
    """The torso of a frame; None where fewer than three of its points were reported."""
    usable = tuple(points.usable[TORSO_AT].tolist())
    if sum(usable) < _LEAST_TORSO_POINTS:
        return None
    place = points.xy_px[TORSO_AT].tolist()
    return Torso(t_s, tuple(chain.from_iterable(place)), usable)


def same_person(before: Torso, now: Torso, px_per_m: float) -> bool:
    """Whether the torso can have moved from one place to the other in the time between."""
    return _misfit(before, now, px_per_m, at=0.5) <= 1.0


def _misfit(before: Torso, now: Torso, px_per_m: float, *, at: float) -> float:
    """How much more than it can have moved or grown: 1 at the limit.

    `at`: which of the jumps of the points counts, 0.5 the median, 1 the largest.
    """
    both = [i for i in range(4) if before.usable[i] and now.usable[i]]
    if len(both) < 2:
        return 0.0
    dt_s = max(now.t_s - before.t_s, 0.0)
    allowed_m = min(_JUMP_M, _JUMP_BASE_M + _JUMP_SPEED_M_S * dt_s)
    moved = _jump_px(before, now, both, at=at) / (allowed_m * px_per_m)
    size_px = before.size_px(both)
    if len(both) < _LEAST_TORSO_POINTS or size_px <= 0.0:
        return moved
    grown = abs(now.size_px(both) / size_px - 1.0) / (_SIZE_CHANGE + _SIZE_SPEED_PER_S * dt_s)
    return max(moved, grown)


def _jump_px(before: Torso, now: Torso, points: list[int], *, at: float) -> float:
    """How far some of the points have moved: the median at 0.5, the largest at 1."""
    jumps = sorted(
        hypot(
            now.place_px[2 * i] - before.place_px[2 * i],
            now.place_px[2 * i + 1] - before.place_px[2 * i + 1],
        )
        for i in points
    )
    low, high = floor(at * (len(jumps) - 1)), ceil(at * (len(jumps) - 1))
    return 0.5 * (jumps[low] + jumps[high])


def can_have_walked(before: Torso, now: Torso, px_per_m: float, *, unseen_s: float) -> bool:
    """Whether the person can have got from one place to the other while nobody was seen."""
    if unseen_s <= _PAUSE_S:
        return False
    both = [i for i in range(4) if before.usable[i] and now.usable[i]]
    reach_px = (_JUMP_BASE_M + _JUMP_SPEED_M_S * unseen_s) * px_per_m
    return len(both) < 2 or _jump_px(before, now, both, at=0.5) <= reach_px


def astray_point(before: Torso, now: Torso, px_per_m: float) -> int | None:
    """The one torso point (0 to 3) without which all others continue the torso before.

    None where several do not, or too few are seen to tell.
    """
    both = [i for i in range(4) if before.usable[i] and now.usable[i]]
    if len(both) < _LEAST_TORSO_POINTS:
        return None
    misfits = {i: _misfit(before, now.without(i), px_per_m, at=1.0) for i in both}
    best = min(both, key=misfits.__getitem__)
    return best if misfits[best] <= 1.0 else None


class PersonTrack(Struct, frozen=True):
    """The person followed since `since_s`: `torso` last accepted; `other` a torso elsewhere since
    `other_since_s`; `left` the one followed before, where another was taken in its place.

    `seen_s` when any torso was last seen; `unseen_s` the longest time since the accepted one in
    which none was.

    `sides` which side is which in the last accepted frame; `astray_since_s` since when one torso
    landmark has been left out, None where none is.
    """

    torso: Torso | None = None
    since_s: float = 0.0
    other: Torso | None = None
    other_since_s: float = 0.0
    left: Torso | None = None
    seen_s: float | None = None
    unseen_s: float = 0.0
    sides: SidesMemory = SidesMemory()
    astray_since_s: float | None = None


class Continuity(Struct, frozen=True):
    """How one frame continues the person followed.

    `same`: it may be used; `moved`: it is a person at a new place, followed from now on;
    `camera_moved`: nobody can have got there, so the camera may have; `relabelled`: left is from
    now on what was right before; `put_back`
    why sides or image were turned back, None where they were not; `astray` the torso landmark that
    was left out; `elsewhere` why a frame that is not `same` was.
    """

    track: PersonTrack
    points: Landmarks
    same: bool
    moved: bool = False
    put_back: RejectionReason | None = None
    astray: str | None = None
    elsewhere: RejectionReason = RejectionReason.SECOND_PERSON
    camera_moved: bool = False
    relabelled: bool = False


def follow_person(
    track: PersonTrack, points: Landmarks, image: SeenBody, *, t_s: float
) -> Continuity | None:
    """Continue the person followed with one frame; None where no torso is seen.

    One torso landmark that alone jumps farther than a body can is left out: the median would not
    feel it, a line across the body would. A frame that continues nothing is a jump; frames that
    continue each other elsewhere are another person. One who stays there for `relocation_s` is
    followed from then on, or sooner where the one followed had hardly been seen: a model often
    begins on something else. Nobody gets elsewhere between two frames, nor farther in a pause than
    one walks: then it takes `relocation_unseen_s`, and the person who was left is followed again at
    once. Where someone elsewhere is gone between two frames, the person is who is seen near by.
    Labels that stay exchanged are believed where the face agrees.
    """
    sides = sides_put_back(track.sides, points, image, t_s=t_s)
    torso = torso_of(sides.points, t_s)
    if torso is None:
        return None
    if sides.doubted:
        waiting = replace(track, torso=torso, seen_s=t_s, sides=sides.memory)
        return Continuity(waiting, sides.points, same=False, elsewhere=RejectionReason.SIDES)
    moved, left, before = sides.believed, track.left, track.torso
    camera_moved = False
    unseen_s = track.unseen_s if track.seen_s is None else max(track.unseen_s, t_s - track.seen_s)
    points, astray, astray_since_s = sides.points, None, None
    if before is not None and not moved and _misfit(before, torso, image.px_per_m, at=1.0) > 1.0:
        since_s = t_s if track.astray_since_s is None else track.astray_since_s
        out = astray_point(before, torso, image.px_per_m)
        if out is not None and t_s - since_s <= _ASTRAY_LONGEST_S:
            torso, astray = torso.carried(before, out), LANDMARKS[TORSO_AT[out]]
            points = without_points(points, [int(TORSO_AT[out])])
            astray_since_s = since_s
        elif out is not None:
            before = None
    if before is not None and not moved and not same_person(before, torso, image.px_per_m):
        steady = track.other is not None and same_person(track.other, torso, image.px_per_m)
        since_s = track.other_since_s if steady else t_s
        if track.other is not None and not steady and t_s - before.t_s > _PAUSE_S:
            # Whoever was elsewhere has gone at once: the person was out of sight meanwhile.
            unseen_s = max(unseen_s, _ASIDE_S)
        back = left is not None and same_person(left, torso, image.px_per_m)
        walked = can_have_walked(before, torso, image.px_per_m, unseen_s=unseen_s)
        if not back and t_s - since_s < _patience_s(track, walked=walked):
            waiting = replace(
                track, other=torso, other_since_s=since_s, seen_s=t_s, unseen_s=unseen_s
            )
            reason = RejectionReason.SECOND_PERSON if steady else RejectionReason.JUMP
            return Continuity(waiting, sides.points, same=False, elsewhere=reason)
        moved, left = True, before
        camera_moved = not back and not walked and _known_s(track) >= _RELOCATION_S
    followed = PersonTrack(
        torso=torso,
        since_s=t_s if moved or track.torso is None else track.since_s,
        left=left,
        seen_s=t_s,
        sides=sides.memory,
        astray_since_s=astray_since_s,
    )
    return Continuity(
        followed,
        points,
        same=True,
        moved=moved,
        put_back=sides.reason,
        astray=astray,
        camera_moved=camera_moved,
        relabelled=sides.believed,
    )


def _known_s(track: PersonTrack) -> float:
    """How long the person has been followed."""
    return 0.0 if track.torso is None else track.torso.t_s - track.since_s


def _patience_s(track: PersonTrack, *, walked: bool) -> float:
    """How long someone elsewhere is not followed; `walked`: it can be the person."""
    longest_s = _RELOCATION_S if walked else _RELOCATION_UNSEEN_S
    return min(longest_s, max(_RELOCATION_LEAST_S, _known_s(track)))


def used_outside(points: Landmarks, inside: np.ndarray) -> int:
    """How many landmarks that the estimate would use lie outside the image."""
    at = USED_AT
    return int((points.usable[at] & ~inside[at]).sum())


class SampleMemory(Struct, frozen=True):
    """The last inertial sample, how many in a row were identical to it, and in how many some large
    value was.

    `certain_s`: time of the last sample before those that may be the beginning of a frozen or
    clipped reading; None while there are none.
    """

    t_s: float | None = None
    values: tuple[float, ...] = ()
    repeated: int = 0
    at_end: int = 0
    certain_s: float | None = None


def sample_values(sample: ImuSample) -> tuple[float, ...]:
    """All numbers of a sample, in a fixed order."""
    return (
        *sample.acc_m_s2,
        *(sample.gyr_rad_s or (0.0, 0.0, 0.0)),
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
    at_end = memory.at_end + 1 if _large_repeats(memory.values, values) else 1
    certain_s = None
    if repeated > 1 or is_large(values):
        begun = memory.certain_s is not None and (repeated > 1 or at_end > 1)
        certain_s = memory.certain_s if begun else (-inf if memory.t_s is None else memory.t_s)
    kept = SampleMemory(sample.t_s, values, repeated, at_end, certain_s)
    if repeated >= _FROZEN_AFTER:
        return kept, RejectionReason.FROZEN
    if at_end >= _FROZEN_AFTER:
        return kept, RejectionReason.SATURATED
    if sample.gyr_rad_s and max(abs(v) for v in sample.gyr_rad_s) > _GYR_LIMIT_RAD_S:
        return kept, RejectionReason.SATURATED
    if max(abs(v) for v in sample.acc_m_s2) > _ACC_LIMIT_M_S2:
        return kept, RejectionReason.SATURATED
    return kept, None


def is_large(values: tuple[float, ...]) -> bool:
    """Whether a reading may be the end of a scale that nobody declared."""
    return any(abs(v) > _LARGE_ACC_M_S2 for v in values[:3]) or any(
        abs(v) > _LARGE_GYR_RAD_S for v in values[3:6]
    )


def _large_repeats(before: tuple[float, ...], now: tuple[float, ...]) -> bool:
    """Whether acceleration or rotation along one axis is large and exactly what it was: the end of
    a scale that nobody declared."""
    pairs = list(zip(before, now, strict=False))
    return any(a == b and abs(b) > _LARGE_ACC_M_S2 for a, b in pairs[:3]) or any(
        a == b and abs(b) > _LARGE_GYR_RAD_S for a, b in pairs[3:6]
    )
