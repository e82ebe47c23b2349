"""Use case: the postures of an exercise as they are written, for the outline that a page lays over
the moving body. They are of nobody: how far somebody goes is theirs, and not in here.
"""

from math import radians
from typing import Any

from lengthwise.contracts.coordinates import INDEX, Side, mirrored_pose_rad
from lengthwise.reference.exercises import exercise
from lengthwise.sim.stance import Stance


def ghost(exercise_id: str) -> dict[str, Any]:
    """By the side that works: `start` (21,) rad, `span` (21,) rad from there to the written end,
    and `kept`: place, tolerance (rad) and direction of each angle that is to stay as the person
    began. Raises InputError on an exercise that is not there."""
    written = exercise(exercise_id)
    stance = Stance(written.for_side(Side.LEFT))
    start, end = stance.pose_rad(0.0), stance.pose_rad(1.0)
    sides = {Side.LEFT: (start, end), Side.RIGHT: tuple(map(mirrored_pose_rad, (start, end)))}
    return {
        side.value: {
            "start": first.tolist(),
            "span": (last - first).tolist(),
            "kept": [
                [INDEX[c.coordinate], radians(c.tolerance_deg), c.direction]
                for c in written.for_side(side).constraints
            ],
        }
        for side, (first, last) in sides.items()
    }
