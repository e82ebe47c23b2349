"""Keeps to one person when the pose model reports several, a ghost, or the same person twice.

The person followed is the one who was there first (of several at once, the tallest in the image)
and stays the one nearest to where they were before. Someone else is counted only after being
seen for `ESTABLISHED_S`: asked for two people, the model now and then sees a second one in the
background for some frames. When the followed person is out of sight, another one is taken only
after `FORGET_S`. Pure: times and poses come in as arguments.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lengthwise.contracts.observation import LANDMARK_INDEX

ESTABLISHED_S = 0.5
FORGET_S = 1.0
_LAPSE_S = 0.2
"""Someone who is not followed is dropped after this long out of sight."""

_REACH_RATIO = 0.25
_REACH_RATIO_PER_S = 2.0
"""How far the middle of the trunk may have gone, in body extents: at once, and per second."""

_SAME_TRUNK_RATIO = 0.15
_SAME_BODY_RATIO = 0.25
"""Poses whose trunk or whose main landmarks lie closer than this on average, in body extents,
are one person."""


def _indices(*parts: str) -> list[int]:
    return [LANDMARK_INDEX[f"{side}_{part}"] for part in parts for side in ("left", "right")]


_TRUNK = _indices("shoulder", "hip")
_MAIN = _indices("shoulder", "elbow", "wrist", "hip", "knee", "ankle")


@dataclass(frozen=True)
class Track:
    """One person over time: the last pose (33, 2) in px, and when first and last seen."""

    pose_px: np.ndarray
    first_s: float
    last_s: float

    def established(self) -> bool:
        return self.last_s - self.first_s >= ESTABLISHED_S

    def cost(self, pose_px: np.ndarray, t_s: float) -> float | None:
        """How unlike this person's last pose, in body extents; None if too far to be theirs."""
        trunk = pose_px[_TRUNK].mean(axis=0) - self.pose_px[_TRUNK].mean(axis=0)
        extent = extent_px(self.pose_px)
        limit = _REACH_RATIO + _REACH_RATIO_PER_S * (t_s - self.last_s)
        if float(np.linalg.norm(trunk)) > limit * extent:
            return None
        return _mean_distance_px(pose_px, self.pose_px, _MAIN) / extent


@dataclass(frozen=True)
class Tracks:
    """State: everyone known, and who of them is followed (index, or None)."""

    known: tuple[Track, ...] = ()
    followed: int | None = None


@dataclass(frozen=True)
class Choice:
    """Which pose is the followed person's (None: not in this image), and how many people are."""

    pose: int | None
    person_count: int


def extent_px(xy_px: np.ndarray) -> float:
    """Greatest width or height of the main landmarks of one pose (33, 2)."""
    return max(float(np.ptp(xy_px[_MAIN], axis=0).max()), 1.0)


def same_person(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether two poses (33, 2) of one image are the same person reported twice."""
    extent = max(extent_px(a), extent_px(b))
    return (
        _mean_distance_px(a, b, _TRUNK) < _SAME_TRUNK_RATIO * extent
        or _mean_distance_px(a, b, _MAIN) < _SAME_BODY_RATIO * extent
    )


def step(state: Tracks, poses: Sequence[np.ndarray], t_s: float) -> tuple[Tracks, Choice]:
    """Take the poses (33, 2) of one image in; say which is the followed person's."""
    tracks = list(state.known)
    pose_of = _match(tracks, poses, t_s, first=state.followed)
    for k, i in pose_of.items():
        tracks[k] = Track(poses[i], tracks[k].first_s, t_s)
    for i in range(len(poses)):
        if i in pose_of.values() or any(same_person(poses[i], poses[k]) for k in pose_of.values()):
            continue
        pose_of[len(tracks)] = i
        tracks.append(Track(poses[i], t_s, t_s))
    kept = [
        k
        for k, track in enumerate(tracks)
        if t_s - track.last_s <= (FORGET_S if k == state.followed else _LAPSE_S)
    ]
    followed = _followed(tracks, kept, state.followed)
    count = sum(k == followed or tracks[k].established() for k in kept if k in pose_of)
    choice = Choice(None if followed is None else pose_of.get(followed), count)
    known = tuple(tracks[k] for k in kept)
    return Tracks(known, None if followed is None else kept.index(followed)), choice


def _match(
    known: Sequence[Track], poses: Sequence[np.ndarray], t_s: float, *, first: int | None
) -> dict[int, int]:
    """The pose of each track that is seen: most alike first, the track `first` before others.

    A pose that repeats the person of a pose already given out is left over.
    """
    costs = sorted(
        (k != first, cost, k, i)
        for k, track in enumerate(known)
        for i, pose in enumerate(poses)
        if (cost := track.cost(pose, t_s)) is not None
    )
    matched: dict[int, int] = {}
    for _, _, k, i in costs:
        if k in matched or any(i == j or same_person(poses[i], poses[j]) for j in matched.values()):
            continue
        matched[k] = i
    return matched


def _mean_distance_px(a: np.ndarray, b: np.ndarray, indices: list[int]) -> float:
    return float(np.linalg.norm(a[indices] - b[indices], axis=1).mean())


def _followed(tracks: Sequence[Track], kept: Sequence[int], before: int | None) -> int | None:
    """Whom to follow: the same as before, unless they are new and someone else is not."""
    if before is not None and before in kept and tracks[before].established():
        return before
    sure = [k for k in kept if tracks[k].established()]
    if sure:
        return min(sure, key=lambda k: (tracks[k].first_s, -extent_px(tracks[k].pose_px)))
    if before in kept:
        return before
    return max(kept, key=lambda k: extent_px(tracks[k].pose_px), default=None)
