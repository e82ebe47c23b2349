"""Shortest and longest length of each muscle group over the postures that joints allow.

Feasible postures are the normal ranges of `reference.joint_limits` cut by three dependences that
no single range can express:
- lumbar flexion, side-bend and rotation share their play: the end of one plane leaves none for the
  others (an ellipsoid);
- hip flexion beyond what a straight leg allows needs a bent knee (hamstrings);
- knee flexion is limited while the hip is extended (rectus femoris).

The search is deterministic: a Halton sequence over the unit cube of feasible postures, then
searches along one coordinate at a time from the best samples, with a grid that narrows. Both legs
move alike in it, because a group depends on one leg at most; the left side is found from the
mirrored postures.
"""

from hashlib import sha256

import numpy as np
from msgspec import Struct

from lengthwise.contracts.codec import encode, frozen_array
from lengthwise.contracts.coordinates import ANATOMICAL, Coordinate, Side
from lengthwise.contracts.muscles import GROUP_SIDES
from lengthwise.reference.constants import constant, constants
from lengthwise.reference.joint_limits import feasible_limits_rad, joint_limit_table
from lengthwise.reference.muscle_groups import muscle_group_table
from lengthwise.tissue.groups import MIRROR_ORDER, GroupLengths, LengthModel, mirror

_SEARCH_VERSION = 1
_SAMPLES = 1024
_ARM_SAMPLES = 96
_STARTS = 2
_GRIDS = ((9, 1.0), (9, 0.3), (7, 0.08), (7, 0.02))
"""Points per line search and the half-width of its grid, as a share of the coordinate's range."""

_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19)
_LUMBAR = slice(0, 3)
_LEFT_LEG = slice(3, 8)
_RIGHT_LEG = slice(8, 13)
_RIGHT_ROWS = tuple(i for i, (_, side) in enumerate(GROUP_SIDES) if side is Side.RIGHT)
_LEFT_ROWS = tuple(i for i, (_, side) in enumerate(GROUP_SIDES) if side is Side.LEFT)


class RangeBounds(Struct, frozen=True):
    """What a person's joints allow, in the order of GROUP_SIDES.

    `shortest_m`, `longest_m` (32,); `shortest_at_rad`, `longest_at_rad` (32, 13): the postures;
    `typical_slope_m` (32, 13): root mean square of d length / d coordinate over feasible postures,
    m/rad, by which a coordinate that is not seen is judged.
    """

    shortest_m: np.ndarray
    longest_m: np.ndarray
    shortest_at_rad: np.ndarray
    longest_at_rad: np.ndarray
    typical_slope_m: np.ndarray

    @property
    def span_m(self) -> np.ndarray:
        """(32,) longest minus shortest."""
        return np.asarray(self.longest_m - self.shortest_m)


def range_bounds(model: LengthModel) -> RangeBounds:
    """Bounds of every group and side. A few seconds: to be kept with the person's measures."""
    groups = GroupLengths.over(model)
    unit = halton(_SAMPLES, len(_PRIMES))
    lengths_m = groups.lengths_batch_m(feasible_postures(unit))[:, _RIGHT_ROWS]
    slopes_m = np.array(
        [groups.lengths_and_slopes(q)[1] for q in feasible_postures(unit[:_ARM_SAMPLES])]
    )
    typical_m = _rms_over_both_sides(slopes_m)
    matters = _matters(typical_m[list(_RIGHT_ROWS)])
    low_unit, low_right_m = _search(groups, -lengths_m, unit, matters, sense=-1.0)
    high_unit, high_right_m = _search(groups, lengths_m, unit, matters, sense=1.0)
    low_rad, low_m = _both_sides(groups, _settled(low_unit, matters), low_right_m)
    high_rad, high_m = _both_sides(groups, _settled(high_unit, matters), high_right_m)
    return RangeBounds(
        frozen_array(low_m),
        frozen_array(high_m),
        frozen_array(low_rad),
        frozen_array(high_rad),
        frozen_array(typical_m),
    )


def bounds_fingerprint() -> str:
    """Changes whenever kept bounds of the same anatomy would come out differently."""
    ground = encode((_SEARCH_VERSION, joint_limit_table(), muscle_group_table()))
    return sha256(ground + encode(constants("tissue"))).hexdigest()[:16]


def halton(count: int, dimensions: int) -> np.ndarray:
    """(count, dimensions) points spread evenly over the unit cube, always the same ones."""
    out = np.empty((count, dimensions))
    for d in range(dimensions):
        base = _PRIMES[d]
        index = np.arange(1, count + 1)
        digit_value, column = 1.0, np.zeros(count)
        while index.any():
            digit_value /= base
            column += digit_value * (index % base)
            index = index // base
        out[:, d] = column
    return out


def feasible_postures(unit: np.ndarray) -> np.ndarray:
    """(k, 8) points of the unit cube to (k, 13) postures with both legs alike.

    Columns: lumbar flexion, side-bend, rotation; hip flexion, adduction, rotation, knee, ankle.
    """
    low_rad, high_rad = _limits()
    out = np.empty((len(unit), len(ANATOMICAL)))
    cube = 2.0 * unit[:, :3] - 1.0
    largest = np.abs(cube).max(axis=1, keepdims=True)
    # The cube's surface is drawn onto the sphere's, so that corners become joint extremes.
    ball = cube * largest / np.maximum(np.linalg.norm(cube, axis=1, keepdims=True), 1e-12)
    out[:, _LUMBAR] = np.where(ball > 0.0, ball * high_rad[:3], -ball * low_rad[:3])
    leg_low = np.tile(low_rad[3:8], (len(unit), 1))
    leg_high = np.tile(high_rad[3:8], (len(unit), 1))
    leg = leg_low + unit[:, 3:] * (leg_high - leg_low)
    knee_low, knee_high = knee_range_rad(leg[:, 0])
    leg[:, 3] = knee_low + unit[:, 6] * (knee_high - knee_low)
    out[:, _LEFT_LEG] = leg
    out[:, _RIGHT_LEG] = leg
    return out


def knee_range_rad(hip_flexion_rad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Least and greatest knee flexion that the two-joint thigh muscles allow at a hip flexion."""
    hip_low, hip_high = feasible_limits_rad()[Coordinate.HIP_FLEXION_R]
    knee_low, knee_high = feasible_limits_rad()[Coordinate.KNEE_FLEXION_R]
    straight = constant("tissue", "straight_knee_hip_flexion_rad")
    bent = constant("tissue", "full_hip_flexion_knee_rad")
    extended = constant("tissue", "extended_hip_knee_flexion_rad")
    past_straight = np.clip((hip_flexion_rad - straight) / (hip_high - straight), 0.0, 1.0)
    into_extension = np.clip(hip_flexion_rad / hip_low, 0.0, 1.0)
    return (
        knee_low + past_straight * (bent - knee_low),
        knee_high - into_extension * (knee_high - extended),
    )


def _limits() -> tuple[np.ndarray, np.ndarray]:
    limits = [feasible_limits_rad()[c] for c in ANATOMICAL]
    return np.array([low for low, _ in limits]), np.array([high for _, high in limits])


def _rms_over_both_sides(slopes_m: np.ndarray) -> np.ndarray:
    """(k, 32, 13) slopes with both legs alike to (32, 13), the left rows mirrored from the right.

    The samples are not symmetric in side-bend and rotation; the result must be.
    """
    rms = np.sqrt(np.mean(slopes_m**2, axis=0))
    rms[list(_LEFT_ROWS)] = rms[list(_RIGHT_ROWS)][:, MIRROR_ORDER]
    return np.asarray(rms)


def _matters(typical_right_m: np.ndarray) -> np.ndarray:
    """(16, 13) slopes to (16, 8) booleans: which axes of the unit cube a group depends on.

    The knee's range depends on the hip, so a group of the knee also follows the hip's axis.
    """
    by_axis = typical_right_m[:, [0, 1, 2, 8, 9, 10, 11, 12]] > 1e-6
    by_axis[:, 3] |= by_axis[:, 6]
    by_axis[:, :3] = by_axis[:, :3].any(axis=1, keepdims=True)
    return np.asarray(by_axis)


def _search(
    groups: GroupLengths,
    score: np.ndarray,
    unit: np.ndarray,
    matters: np.ndarray,
    *,
    sense: float,
) -> tuple[np.ndarray, np.ndarray]:
    """The best point (16, 8) of each right-side group and its length (16,), by line searches.

    `score` (k, 16) of the samples `unit` (k, 8); `sense` +1 looks for the longest, -1 the shortest.
    """
    columns = np.arange(score.shape[1])
    order = np.argsort(-score, axis=0, kind="stable")[:_STARTS]
    at = unit[order].reshape(-1, unit.shape[1])
    best = np.take_along_axis(score, order, axis=0).reshape(-1)
    group = np.tile(columns, _STARTS)
    for points, half_width in _GRIDS:
        for axis in range(unit.shape[1]):
            rows = np.flatnonzero(matters[group, axis])
            at, best = _along(
                groups, at, best, rows, group, axis, np.linspace(-half_width, half_width, points),
                sense,
            )  # fmt: skip
    by_start = best.reshape(_STARTS, -1)
    winner = by_start.argmax(axis=0)
    found = at.reshape(_STARTS, len(columns), -1)[winner, columns]
    return found, sense * by_start[winner, columns]


def _along(
    groups: GroupLengths,
    at: np.ndarray,
    best: np.ndarray,
    rows: np.ndarray,
    group: np.ndarray,
    axis: int,
    offsets: np.ndarray,
    sense: float,
) -> tuple[np.ndarray, np.ndarray]:
    """One line search of the given rows along one axis of the cube; never gets worse."""
    if not len(rows):
        return at, best
    tries = np.repeat(at[rows], len(offsets), axis=0)
    tries[:, axis] = np.clip(tries[:, axis] + np.tile(offsets, len(rows)), 0.0, 1.0)
    lengths_m = groups.lengths_batch_m(feasible_postures(tries))
    right = np.array(_RIGHT_ROWS)[group[rows]]
    score = sense * lengths_m[np.arange(len(tries)), np.repeat(right, len(offsets))]
    score = score.reshape(len(rows), len(offsets))
    pick = score.argmax(axis=1)
    value = score[np.arange(len(rows)), pick]
    gained = value > best[rows]
    at, best = at.copy(), best.copy()
    chosen = tries.reshape(len(rows), len(offsets), -1)[np.arange(len(rows)), pick]
    at[rows[gained]] = chosen[gained]
    best[rows[gained]] = value[gained]
    return at, best


def _settled(unit: np.ndarray, matters: np.ndarray) -> np.ndarray:
    """(16, 8) points to (16, 13) postures, upright in every coordinate that does not matter."""
    axes = np.zeros((len(unit), len(ANATOMICAL)), dtype=bool)
    axes[:, _LUMBAR] = matters[:, :3]
    axes[:, _LEFT_LEG] = axes[:, _RIGHT_LEG] = matters[:, 3:]
    return np.where(axes, feasible_postures(unit), 0.0)


def _both_sides(
    groups: GroupLengths, right_rad: np.ndarray, right_m: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Postures (32, 13) and lengths (32,) of both sides from those found for the right."""
    postures = np.empty((len(GROUP_SIDES), len(ANATOMICAL)))
    lengths_m = np.empty(len(GROUP_SIDES))
    left_rad = mirror(right_rad)
    rows = np.arange(len(_LEFT_ROWS))
    postures[list(_RIGHT_ROWS)], postures[list(_LEFT_ROWS)] = right_rad, left_rad
    lengths_m[list(_RIGHT_ROWS)] = right_m
    lengths_m[list(_LEFT_ROWS)] = groups.lengths_batch_m(left_rad)[rows, list(_LEFT_ROWS)]
    return postures, lengths_m
