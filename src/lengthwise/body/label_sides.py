"""Which side is which: labels that a pose model exchanges, and an image that becomes mirrored.

Both happen between two frames, where a body moves little. What clearly shortens the way from the
last frame is put back: left and right of the torso or of the legs exchanged, or the whole image
mirrored. The way is measured with the depth of the landmarks, since seen from the side left and
right lie behind each other. After a pause a mirror image may as well be a person who has turned
round; if that is undone between two frames, it was the image.

What cannot be known: a mirror image of someone who stands in the middle of the image, seen from the
front, with both sides alike, is that same image; nor which way it was before the first frame.
"""

from math import acos, inf, radians

import numpy as np
from msgspec import Struct
from numba import njit

from lengthwise.body.camera_geometry import (
    ANKLES,
    EXCHANGED,
    HEELS,
    HIPS,
    KNEES,
    LEGS_AT,
    SHOULDERS,
    TOES,
    TORSO_AT,
    USED_AT,
    Landmarks,
    exchange_sides,
    unmirrored,
)
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.observation import LANDMARK_INDEX, LANDMARKS, RejectionReason
from lengthwise.reference.constants import constant

_GAIN = constant("body", "swap_gain_ratio")
_LEAST_M = constant("body", "swap_least_m")
_LONGEST_S = constant("body", "swap_longest_s")
_SPEED_M_S = constant("body", "torso_jump_speed_m_s")
_DEPTH_GAIN = 0.5 * (
    constant("body", "image_depth_gain_shoulders") + constant("body", "image_depth_gain_hips")
)
_CLEAR_GAIN = constant("body", "mirror_clear_ratio")
_CLEAR_M = constant("body", "mirror_clear_least_m")
_CLEAR_SPEED_M_S = constant("body", "mirror_clear_speed_m_s")
_DOUBTED_S = constant("body", "swap_doubted_s")
_UNDONE_S = constant("body", "relocation_unseen_s")
_FEWEST_POINTS = 4
_ALL = np.arange(len(LANDMARKS))
_PAUSE_S = 0.25
"""Nobody turns round in less."""
_NOSE = LANDMARK_INDEX["nose"]
_EARS = (LANDMARK_INDEX["left_ear"], LANDMARK_INDEX["right_ear"])
_FACES_M = 0.1
"""How far apart nose and ears with toes and heels, and both sides, must be to say anything."""
_LOWER_LEGS = (*KNEES, *ANKLES)
_LEG_PARTS = ((HIPS, KNEES), (KNEES, ANKLES))
_AS_WORN_RAD, _NOT_WORN_RAD = radians(20.0), radians(15.0)
"""How near the hanging of a leg must be to a sensor's to be the one that wears it, and how much
farther off the other one."""
_OPPOSITE = -0.5
"""Cosine: legs that are turned by more than 120 degrees against the torso are not turned."""


class SeenBody(Struct, frozen=True):
    """`px_per_m` of the body in the image, and the image's width; `down` (right, down) where down
    is in it. `hang_rad` by sensors: the angle of left and right thigh, left and right shank against
    down; None where none is worn or sure."""

    px_per_m: float
    image_width_px: int
    down: tuple[float, float] = (0.0, 1.0)
    hang_rad: tuple[float | None, ...] = (None,) * 4


class SidesMemory(Struct, frozen=True):
    """The last accepted frame, put back: `places_m` (33, 3) right, down and behind; `usable` (33,).

    `exchanged_since_s` since when labels have been exchanged back, None while they are not;
    `mirrored` whether the images have been mirror images since some frame; `turned` whether, after
    a pause, the person had turned round or the image was mirrored; `believed_s` when labels that
    stayed exchanged were last believed, None where that was undone.
    """

    t_s: float = 0.0
    places_m: np.ndarray | None = None
    usable: np.ndarray | None = None
    exchanged_since_s: float | None = None
    mirrored: bool = False
    turned: bool = False
    believed_s: float | None = None


class PutBack(Struct, frozen=True):
    """`points` with the sides as they were; `reason` what was put back. `believed`: labels that
    stayed exchanged are taken as they are from now on; `doubted`: neither these nor the exchanged
    ones can be told to be right."""

    points: Landmarks
    memory: SidesMemory
    reason: RejectionReason | None = None
    believed: bool = False
    doubted: bool = False


def sides_put_back(memory: SidesMemory, seen: Landmarks, image: SeenBody, *, t_s: float) -> PutBack:
    """One frame with left and right as in the frames before."""
    since_s, believed = memory.exchanged_since_s, False
    points = _flipped(seen, image) if memory.mirrored else seen
    kept_points, exchanged = _exchanged_back(memory, points, image)
    believed_s = memory.believed_s
    if exchanged and since_s is None and _undone(memory, points, image, t_s=t_s):
        memory = SidesMemory(mirrored=memory.mirrored, turned=memory.turned)
        kept_points, exchanged, believed, believed_s = points, False, True, None
    lasting = exchanged and since_s is not None and t_s - since_s > _LONGEST_S
    lasting = lasting and not contradicted(points, image)
    doubted = lasting and not _settled(kept_points, image, t_s - (since_s or 0.0))
    if lasting and not doubted:
        memory = SidesMemory(mirrored=memory.mirrored, turned=memory.turned)
        kept_points, exchanged, since_s, believed = points, False, None, True
        believed_s = t_s
    mirrored, turned, unturned = memory.mirrored, memory.turned, False
    dt_s = max(t_s - memory.t_s, 0.0)
    flip = _mirrored_since(memory, points, kept_points, image, dt_s=dt_s)
    if flip is None:
        points = kept_points
    elif dt_s > _PAUSE_S and not mirrored:
        points, turned = kept_points, not turned
    elif turned and not mirrored:
        exchanged, turned, unturned = False, False, True
    else:
        (points, exchanged), mirrored = flip, not mirrored
    kept = SidesMemory(
        t_s=t_s,
        places_m=frozen_array(_places_m(points, image)),
        usable=frozen_array(points.usable, dtype="bool"),
        exchanged_since_s=(t_s if since_s is None else since_s) if exchanged else None,
        mirrored=mirrored,
        turned=turned,
        believed_s=believed_s,
    )
    reason = RejectionReason.SIDES if exchanged else None
    if mirrored or unturned:
        reason = RejectionReason.MIRRORED
    return PutBack(points, kept, reason, believed or unturned, doubted and exchanged)


def _settled(put_back: Landmarks, image: SeenBody, lasting_s: float) -> bool:
    """Whether labels that stayed exchanged are to be believed: where face or torso say that the
    others are wrong, or after long enough."""
    return lasting_s > _DOUBTED_S or contradicted(put_back, image)


def _undone(memory: SidesMemory, points: Landmarks, image: SeenBody, *, t_s: float) -> bool:
    """Whether labels that were believed, once exchanged, are now again as they were before: then
    it was the labels, and nothing has to be waited for."""
    if memory.believed_s is None or t_s - memory.believed_s > _UNDONE_S:
        return False
    return not contradicted(points, image)


def _flipped(points: Landmarks, image: SeenBody) -> Landmarks:
    return unmirrored(points, image_width_px=image.image_width_px)


def _places_m(points: Landmarks, image: SeenBody, at: np.ndarray = _ALL) -> np.ndarray:
    """(k, 3) right, down and behind; the depth only where there is one."""
    places = np.empty((len(at), 3))
    places[:, :2] = points.xy_px[at]
    places[:, 2] = points.z_px[at] / _DEPTH_GAIN
    places /= image.px_per_m
    return places


def _apart_m2(a: np.ndarray, b: np.ndarray, *, leave_out: int = 0) -> float:
    """Mean squared distance of places (k, 3), without the farthest few."""
    each = np.sort(((a - b) ** 2).sum(axis=1))
    count = len(each) - leave_out
    return float(each[:count].sum() / count)


def _moved_m2(
    before_m: np.ndarray,
    before: np.ndarray,
    points: Landmarks,
    image: SeenBody,
    at: np.ndarray,
    *,
    left_out: int = 0,
) -> tuple[float, int]:
    """Mean squared distance of landmarks `at` from where they were, (33, 3), and of how many.

    Only those count that were usable `before` (33,) and are now, as well as their like of the other
    side; without the farthest one of every `left_out`.
    """
    apart_m2, count = _moved(
        before_m,
        before,
        points.xy_px,
        points.z_px,
        points.usable,
        image.px_per_m,
        at,
        EXCHANGED,
        left_out,
    )
    return float(apart_m2), int(count)


@njit(cache=True)
def _moved(
    before_m: np.ndarray,
    before: np.ndarray,
    xy_px: np.ndarray,
    z_px: np.ndarray,
    usable: np.ndarray,
    px_per_m: float,
    at: np.ndarray,
    exchanged: np.ndarray,
    left_out: int,
) -> tuple[float, int]:
    each, count = np.empty(len(at)), 0
    for i in at:
        if before[i] and usable[i] and usable[exchanged[i]]:
            across = xy_px[i, 0] / px_per_m - before_m[i, 0]
            down = xy_px[i, 1] / px_per_m - before_m[i, 1]
            behind = z_px[i] / _DEPTH_GAIN / px_per_m - before_m[i, 2]
            each[count] = across * across + down * down + behind * behind
            count += 1
    near = np.sort(each[:count])[: count - (count // left_out if left_out else 0)]
    return (near.sum() / len(near) if len(near) else 0.0), count


def _mirrored_since(
    memory: SidesMemory, points: Landmarks, kept: Landmarks, image: SeenBody, *, dt_s: float
) -> tuple[Landmarks, bool] | None:
    """The frame turned back where the whole image has become the mirror image of what it was, and
    whether sides are exchanged in it as well; None where it has not.

    `kept`: the frame with sides put back only. Within a pause a body moves far, so only the
    comparison of both says something. An image that is thought mirrored is let go more easily.
    Of a body nearly alike on both sides little moves: then the mirror image has to fit the better.
    """
    before, usable = memory.places_m, memory.usable
    if before is None or usable is None:
        return None
    as_is, count = _moved_m2(before, usable, kept, image, USED_AT, left_out=5)
    if count < _FEWEST_POINTS:
        return None
    least_m = 0.5 * _LEAST_M if memory.mirrored else _LEAST_M
    most_m2, clear_m = inf, inf
    if dt_s <= _PAUSE_S:
        least_m = max(least_m, _SPEED_M_S * dt_s)
        most_m2 = max(_LEAST_M, _CLEAR_SPEED_M_S * dt_s) ** 2
        clear_m = max(_CLEAR_M, _CLEAR_SPEED_M_S * dt_s)
    gain, leave_out = _GAIN, count // 5
    if as_is <= least_m**2:
        # What alone tells may be the two that are farthest: shoulders that lean to the other side.
        as_is, _ = _moved_m2(before, usable, kept, image, USED_AT)
        if as_is <= clear_m**2:
            return None
        gain, leave_out = _CLEAR_GAIN, 0
    flipped, exchanged = _exchanged_back(memory, _flipped(points, image), image)
    at = USED_AT[usable[USED_AT] & kept.usable[USED_AT] & kept.usable[EXCHANGED[USED_AT]]]
    turned_back = _apart_m2(_places_m(flipped, image, at), before[at], leave_out=leave_out)
    return (flipped, exchanged) if turned_back < min(gain * as_is, most_m2) else None


def _exchanged_back(
    memory: SidesMemory, points: Landmarks, image: SeenBody
) -> tuple[Landmarks, bool]:
    """Labels of torso and legs exchanged back where the model swapped them, and whether it did."""
    before, usable = memory.places_m, memory.usable
    if before is None or usable is None:
        return points, False
    exchanged = False
    for group in (TORSO_AT, LEGS_AT):
        as_is, count = _moved_m2(before, usable, points, image, group)
        if count < 2 or as_is <= _LEAST_M**2:
            continue
        at = group[usable[group] & points.usable[group] & points.usable[EXCHANGED[group]]]
        other = _places_m(points, image, EXCHANGED[at])
        if _apart_m2(other, before[at]) < _GAIN * as_is:
            points, exchanged = exchange_sides(points, group), True
    return points, exchanged


def contradicted(points: Landmarks, image: SeenBody) -> bool:
    """Whether face, torso or a sensor on a leg says that left and right are the other way round."""
    return (
        worn_contradicts(points, image)
        or face_contradicts(points, image)
        or legs_contradict(points, image)
    )


def worn_contradicts(points: Landmarks, image: SeenBody) -> bool:
    """Whether a sensor on a leg hangs as the one that is named for the other side, and not as the
    one that is named for its own."""
    if image.hang_rad.count(None) == len(image.hang_rad):
        return False
    places = _places_m(points, image)
    for i, worn_rad in enumerate(image.hang_rad):
        part, side = divmod(i, 2)
        ends = _LEG_PARTS[part]
        if worn_rad is None or not points.usable[[*ends[0], *ends[1]]].all():
            continue
        off_rad = [abs(_hang_rad(places, ends, s, image.down) - worn_rad) for s in (side, 1 - side)]
        if off_rad[1] < _AS_WORN_RAD and off_rad[0] - off_rad[1] > _NOT_WORN_RAD:
            return True
    return False


def _hang_rad(
    places_m: np.ndarray, ends: tuple[tuple[int, int], ...], side: int, down: tuple[float, float]
) -> float:
    """Angle of a part of a leg against down; `places_m` (33, 3) right, down and behind."""
    way = places_m[ends[1][side]] - places_m[ends[0][side]]
    long_m = float(np.linalg.norm(way))
    return acos(max(-1.0, min(1.0, float(way[:2] @ down) / long_m))) if long_m > 0.0 else inf


def legs_contradict(points: Landmarks, image: SeenBody) -> bool:
    """Whether the legs are named the other way round than the torso.

    Legs cross slowly; ones that have crossed between two frames are labels. So exchanged legs are
    never believed while the torso says otherwise.
    """
    if not points.usable[[*TORSO_AT, *_LOWER_LEGS]].all():
        return False
    places = _places_m(points, image)
    torso = sum(places[left] - places[right] for left, right in (SHOULDERS, HIPS))[[0, 2]]
    legs = sum(places[left] - places[right] for left, right in (KNEES, ANKLES))[[0, 2]]
    if np.linalg.norm(torso) < _FACES_M or np.linalg.norm(legs) < _FACES_M:
        return False
    return bool(torso @ legs < _OPPOSITE * np.linalg.norm(torso) * np.linalg.norm(legs))


def face_contradicts(points: Landmarks, image: SeenBody) -> bool:
    """Whether nose and toes say that left and right are named the other way round.

    Ahead is where the nose lies before the ears and the toes before the heels, whatever they are
    called; up is from the shoulders to the ears and from the ankles to the knees, however the body
    lies. Up x ahead is to the left, where the left shoulder and hip are.
    """
    if not points.usable[TORSO_AT].all():
        return False
    places = _places_m(points, image)

    def middle(at: tuple[int, ...]) -> np.ndarray:
        return np.asarray(places[list(at)].mean(axis=0))

    left = np.zeros(3)
    for fronts, backs, high, low in (
        ((_NOSE,), _EARS, _EARS, SHOULDERS),
        (TOES, HEELS, KNEES, ANKLES),
    ):
        if points.usable[[*fronts, *backs, *high, *low]].all():
            up, ahead = middle(high) - middle(low), middle(fronts) - middle(backs)
            left += np.cross(up / max(np.linalg.norm(up), _FACES_M), ahead)
    to_left = sum(places[at] - places[other] for at, other in (SHOULDERS, HIPS))
    if np.linalg.norm(left) < _FACES_M or np.linalg.norm(to_left) < _FACES_M:
        return False
    # Axes right, down and behind are right-handed.
    return bool(left @ to_left < 0.0)
