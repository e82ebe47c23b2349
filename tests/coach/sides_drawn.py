"""Poses of either side, as the files of the exercises draw them."""

from collections.abc import Callable
from math import degrees, radians

import numpy as np
from coach_script import Follower, Moment

from lengthwise.coach.other_side import Pair, pairs
from lengthwise.coach.settings import published_settings
from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate, Side
from lengthwise.contracts.states import Estimate
from lengthwise.reference.exercises import Exercise, exercise, exercises
from lengthwise.reference.postures import posture_mean_rad

S = published_settings()
BIRD_DOG, SIDE_BEND = "bird_dog", "standing_side_bend"
SIDED = [e.id for e in exercises().values() if e.bilateral]


def at_share(e: Exercise, side: Side, share: float) -> np.ndarray:
    """(21,) the pose that far on the way of one side, as the file draws it."""
    written = e.for_side(side)
    pose = posture_mean_rad(
        written.start_posture, overrides_rad=written.start_rad(), side=written.written_for
    )
    for m in written.path:
        pose[INDEX[m.coordinate]] += share * radians(m.end_deg - m.start_deg)
    return pose


def told_by(exercise_id: str, side: Side = Side.LEFT) -> tuple[Pair, ...]:
    return pairs(exercise(exercise_id).for_side(side))


def mistaken(
    exercise_id: str, *, until_s: float = 1e9, hides: tuple[Coordinate, ...] = ()
) -> Callable[[Moment], None]:
    """Works the other side until a time, all joints claimed but for what is hidden."""
    e = exercise(exercise_id)

    def change(m: Moment) -> None:
        side = m.side.other if m.t_s < until_s else m.side
        pose = at_share(e, side, m.share)
        for c in COORDINATES:
            if c not in hides:
                m.angles_deg[c] = degrees(pose[INDEX[c]])
        for c in hides:
            m.angles_deg.pop(c, None)
        if side is not m.side:
            m.position = None if m.position is None else Estimate(0.0, m.position.sd)

    return change


def led(exercise_id: str, change: Callable[[Moment], None], **options: object) -> Follower:
    return Follower(
        exercise(exercise_id), sides=(Side.LEFT,), change=change, **options  # type: ignore[arg-type]
    )  # fmt: skip


def seconds(person: Follower) -> float:
    return sum(e + u for e, u in person.holds().values())
