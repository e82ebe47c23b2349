"""How long the body has kept still, and the mean pose of that time. A pure step.

Still means: no coordinate has left the neighbourhood of the pose at which the present stillness
began. The rule holds time, not frames, so it is the same at any frame rate.
"""

from msgspec import Struct

from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.states import Estimate

Pose = dict[Coordinate, Estimate]
"""The claimed coordinates of one frame."""
NO_POSE: Pose = {}


class Gathered(Struct, frozen=True, gc=False):
    """Sums over the frames of one still period, for the mean pose."""

    mean_sum_rad: float
    sd_sum_rad: float
    frames: int


class Stillness(Struct, frozen=True, gc=False):
    """`since_s` None: nothing is seen, so nothing is known about stillness."""

    since_s: float | None = None
    anchor_rad: dict[Coordinate, float] = {}
    gathered: dict[Coordinate, Gathered] = {}

    def still_for_s(self, t_s: float) -> float | None:
        return None if self.since_s is None else t_s - self.since_s

    def mean_pose(self) -> Pose:
        """Mean and mean sd of each coordinate that was claimed since the anchor."""
        return {
            c: Estimate(g.mean_sum_rad / g.frames, g.sd_sum_rad / g.frames)
            for c, g in self.gathered.items()
        }


def step(
    stillness: Stillness,
    pose: Pose,
    *,
    judged: frozenset[Coordinate],
    t_s: float,
    tolerance_rad: float,
    gathers: bool = True,
) -> Stillness:
    """One frame. Only `judged` coordinates end a stillness; all of `pose` enter the mean, where
    one is wanted (`gathers`)."""
    anchor, moved = stillness.anchor_rad, False
    judged_now: dict[Coordinate, float] = {}
    for c, e in pose.items():
        if c not in judged:
            continue
        judged_now[c] = e.mean
        begun_rad = anchor.get(c)
        if begun_rad is not None and abs(e.mean - begun_rad) > tolerance_rad:
            moved = True
    if not judged_now:
        return Stillness()
    entering = pose if gathers else {}
    if stillness.since_s is None or moved:
        return Stillness(t_s, judged_now, _gather({}, entering))
    gathered = _gather(stillness.gathered, entering)
    return Stillness(stillness.since_s, judged_now | anchor, gathered)


def _gather(before: dict[Coordinate, Gathered], pose: Pose) -> dict[Coordinate, Gathered]:
    gathered = dict(before)
    for c, e in pose.items():
        g = before.get(c)
        gathered[c] = (
            Gathered(e.mean, e.sd, 1)
            if g is None
            else Gathered(g.mean_sum_rad + e.mean, g.sd_sum_rad + e.sd, g.frames + 1)
        )
    return gathered
