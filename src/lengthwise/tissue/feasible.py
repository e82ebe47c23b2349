"""Feasible postures: those within a person's joint ends, cut by three dependences that no single
range can express:
- lumbar flexion, side-bend and rotation share their play: the end of one plane leaves none for the
  others (an ellipsoid);
- hip flexion beyond what a straight leg allows needs a bent knee (hamstrings);
- knee flexion is limited while the hip is extended (rectus femoris).

Both legs move alike, because a muscle group depends on one leg at most.
"""

import numpy as np

from lengthwise.contracts.coordinates import ANATOMICAL
from lengthwise.tissue.joint_ends import AXES, HIP, KNEE, Dependence, everybody

LUMBAR = slice(0, 3)
LEFT_LEG = slice(3, 8)
RIGHT_LEG = slice(8, 13)
_LEG = slice(3, AXES)
_LEAST_WAY_RAD = 1e-6


def feasible_postures(unit: np.ndarray, ends_rad: np.ndarray | None = None) -> np.ndarray:
    """(k, 8) points of the unit cube to (k, 13) postures with both legs alike.

    Columns: lumbar flexion, side-bend, rotation; hip flexion, adduction, rotation, knee, ankle.
    `ends_rad` (19,) as in `JointEnds`, or (k, 19) one for each point; None: everybody's.
    """
    ends = np.asarray(everybody().value_rad if ends_rad is None else ends_rad)
    ends = np.broadcast_to(ends, (len(unit), ends.shape[-1]))
    low_rad, high_rad = ends[:, :AXES], ends[:, AXES : 2 * AXES]
    out = np.empty((len(unit), len(ANATOMICAL)))
    cube = 2.0 * unit[:, :3] - 1.0
    largest = np.abs(cube).max(axis=1, keepdims=True)
    # The cube's surface is drawn onto the sphere's, so that corners become joint extremes.
    ball = cube * largest / np.maximum(np.linalg.norm(cube, axis=1, keepdims=True), 1e-12)
    out[:, LUMBAR] = np.where(ball > 0.0, ball * high_rad[:, LUMBAR], -ball * low_rad[:, LUMBAR])
    leg = low_rad[:, _LEG] + unit[:, 3:] * (high_rad[:, _LEG] - low_rad[:, _LEG])
    knee_low, knee_high = knee_range_rad(leg[:, 0], ends)
    leg[:, 3] = knee_low + unit[:, 6] * (knee_high - knee_low)
    out[:, LEFT_LEG] = leg
    out[:, RIGHT_LEG] = leg
    return out


def knee_range_rad(
    hip_flexion_rad: np.ndarray, ends_rad: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Least and greatest knee flexion that the two-joint thigh muscles allow at a hip flexion (k,).

    `ends_rad` as for `feasible_postures`.
    """
    ends = np.asarray(everybody().value_rad if ends_rad is None else ends_rad)
    hip_low, hip_high = ends[..., HIP], ends[..., AXES + HIP]
    knee_low, knee_high = ends[..., KNEE], ends[..., AXES + KNEE]
    straight, bent, extended = (ends[..., place] for place in Dependence)
    # A knee that does not bend as far as a dependence says leaves all that it has.
    bent, extended = np.minimum(bent, knee_high), np.minimum(extended, knee_high)
    past_straight = _share(hip_flexion_rad - straight, hip_high - straight)
    into_extension = _share(-hip_flexion_rad, -hip_low)
    return (
        knee_low + past_straight * (bent - knee_low),
        knee_high - into_extension * (knee_high - extended),
    )


def _share(gone_rad: np.ndarray, way_rad: np.ndarray) -> np.ndarray:
    """0..1 how much of a way is gone; 0 where there is no way to go."""
    there = way_rad > _LEAST_WAY_RAD
    return np.where(there, np.clip(gone_rad / np.where(there, way_rad, 1.0), 0.0, 1.0), 0.0)
