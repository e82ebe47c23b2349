"""Shortest and longest length of each muscle group over the postures that a person's joints allow.

Feasible postures: `tissue.feasible`. The search is deterministic: a Halton sequence over the unit
cube of feasible postures, then searches along one coordinate at a time from the best samples, with
a grid that narrows. Both legs move alike in it; the left side is found from the mirrored postures,
within the ends of the mirrored body.
"""

from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from msgspec import Struct

from lengthwise.contracts.codec import encode, frozen_array
from lengthwise.contracts.coordinates import ANATOMICAL, Side
from lengthwise.contracts.muscles import GROUP_SIDES
from lengthwise.reference.constants import constants
from lengthwise.reference.joint_limits import joint_limit_table
from lengthwise.reference.muscle_groups import muscle_group_table
from lengthwise.tissue.feasible import LEFT_LEG, LUMBAR, RIGHT_LEG, feasible_postures
from lengthwise.tissue.groups import MIRROR_ORDER, GroupLengths, LengthModel, mirror
from lengthwise.tissue.joint_ends import AXES, EVERYBODY, JointEnds, PersonEnds, everybody
from lengthwise.tissue.range_doubt import ExtremesDoubt, extremes_doubt

_SEARCH_VERSION = 2
_SAMPLES = 1024
_ARM_SAMPLES = 96
_STARTS = 2
_GRIDS = ((9, 1.0), (9, 0.3), (7, 0.08), (7, 0.02))
"""Points per line search and the half-width of its grid, as a share of the coordinate's range."""

_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19)
_RIGHT_ROWS = tuple(i for i, (_, side) in enumerate(GROUP_SIDES) if side is Side.RIGHT)
_LEFT_ROWS = tuple(i for i, (_, side) in enumerate(GROUP_SIDES) if side is Side.LEFT)


class RangeBounds(Struct, frozen=True):
    """What a person's joints allow, in the order of GROUP_SIDES.

    `shortest_m`, `longest_m` (32,); `shortest_at_rad`, `longest_at_rad` (32, 13): the postures;
    `doubt` (32,) each: how surely the two are known. Of the same body with everybody's joint ends,
    so that it stays when more is learnt of the person's: `usual_shortest_m`, `usual_longest_m`, and
    `typical_slope_m` (32, 13): root mean square of d length / d coordinate over feasible postures,
    m/rad, by which a coordinate that is not seen is judged.
    """

    shortest_m: np.ndarray
    longest_m: np.ndarray
    shortest_at_rad: np.ndarray
    longest_at_rad: np.ndarray
    typical_slope_m: np.ndarray
    doubt: ExtremesDoubt
    usual_shortest_m: np.ndarray
    usual_longest_m: np.ndarray

    @property
    def span_m(self) -> np.ndarray:
        """(32,) longest minus shortest."""
        return np.asarray(self.longest_m - self.shortest_m)

    @property
    def usual_span_m(self) -> np.ndarray:
        """(32,) the same with everybody's joint ends: a measure of size, not of suppleness."""
        return np.asarray(self.usual_longest_m - self.usual_shortest_m)

    def ends(self) -> np.ndarray:
        """(7, 32) both ends, the usual ones and their doubt, as `length_kernel` takes them."""
        doubt = self.doubt
        return frozen_array(
            [
                self.shortest_m,
                self.longest_m,
                self.usual_shortest_m,
                self.usual_longest_m,
                doubt.shortest_m2,
                doubt.longest_m2,
                doubt.both_m2,
            ]
        )


def range_bounds(model: LengthModel, ends: PersonEnds = EVERYBODY) -> RangeBounds:
    """Bounds of every group and side: to be kept with the person's measures and ends."""
    groups = GroupLengths.over(model)
    slopes_m = np.array(
        [groups.lengths_and_slopes(q)[1] for q in feasible_postures(_HALTON[:_ARM_SAMPLES])]
    )
    typical_m = _rms_over_both_sides(slopes_m)
    matters = _matters(typical_m[list(_RIGHT_ROWS)])
    known: dict[JointEnds, _Extremes] = {}
    for side in (EVERYBODY.right, ends.right, ends.left):
        if side not in known:
            known[side] = _extremes(groups, side, matters)
    usual = _both_sides(groups, known[EVERYBODY.right], known[EVERYBODY.right])
    own = _both_sides(groups, known[ends.left], known[ends.right])
    return RangeBounds(
        own.low_m,
        own.high_m,
        own.low_rad,
        own.high_rad,
        frozen_array(typical_m),
        own.doubt,
        usual.low_m,
        usual.high_m,
    )


class _Extremes(Struct, frozen=True):
    """Lengths, postures and doubt of both extremes; of the right side's groups or of all."""

    low_m: np.ndarray
    low_rad: np.ndarray
    high_m: np.ndarray
    high_rad: np.ndarray
    doubt: ExtremesDoubt


def _extremes(groups: GroupLengths, ends: JointEnds, matters: np.ndarray) -> _Extremes:
    """Of the sixteen groups of the right side."""
    reach = _Reach(groups, np.array(ends.value_rad))
    lengths_m = reach.lengths_m(_HALTON)[:, _RIGHT_ROWS]
    low_unit, low_m = _search(reach, -lengths_m, _HALTON, matters, sense=-1.0)
    high_unit, high_m = _search(reach, lengths_m, _HALTON, matters, sense=1.0)
    doubt = extremes_doubt(groups, np.array(_RIGHT_ROWS), ends, low_unit, high_unit)
    settled = (_settled(reach, unit, matters) for unit in (low_unit, high_unit))
    low_rad, high_rad = settled
    return _Extremes(low_m, low_rad, high_m, high_rad, doubt)


@dataclass(frozen=True)
class _Reach:
    """Lengths over the postures within joint ends (19,)."""

    groups: GroupLengths
    ends_rad: np.ndarray

    def postures(self, unit: np.ndarray) -> np.ndarray:
        return feasible_postures(unit, self.ends_rad)

    def lengths_m(self, unit: np.ndarray) -> np.ndarray:
        """(k, 8) to (k, 32)."""
        return self.groups.lengths_batch_m(self.postures(unit))


def bounds_fingerprint() -> str:
    """Changes whenever kept bounds of the same anatomy would come out differently."""
    ground = encode((_SEARCH_VERSION, joint_limit_table(), everybody(), muscle_group_table()))
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


_HALTON = halton(_SAMPLES, AXES)


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
    reach: _Reach,
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
                reach, at, best, rows, group, axis, np.linspace(-half_width, half_width, points),
                sense,
            )  # fmt: skip
    by_start = best.reshape(_STARTS, -1)
    winner = by_start.argmax(axis=0)
    found = at.reshape(_STARTS, len(columns), -1)[winner, columns]
    return found, sense * by_start[winner, columns]


def _along(
    reach: _Reach,
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
    right = np.repeat(np.array(_RIGHT_ROWS)[group[rows]], len(offsets))
    score = sense * reach.groups.length_each_m(reach.postures(tries), right)
    score = score.reshape(len(rows), len(offsets))
    pick = score.argmax(axis=1)
    value = score[np.arange(len(rows)), pick]
    gained = value > best[rows]
    at, best = at.copy(), best.copy()
    chosen = tries.reshape(len(rows), len(offsets), -1)[np.arange(len(rows)), pick]
    at[rows[gained]] = chosen[gained]
    best[rows[gained]] = value[gained]
    return at, best


def _settled(reach: _Reach, unit: np.ndarray, matters: np.ndarray) -> np.ndarray:
    """(16, 8) points to (16, 13) postures, upright in every coordinate that does not matter."""
    axes = np.zeros((len(unit), len(ANATOMICAL)), dtype=bool)
    axes[:, LUMBAR] = matters[:, :3]
    axes[:, LEFT_LEG] = axes[:, RIGHT_LEG] = matters[:, 3:]
    return np.where(axes, reach.postures(unit), 0.0)


def _both_sides(groups: GroupLengths, left: _Extremes, right: _Extremes) -> _Extremes:
    """(32,) and (32, 13) of both sides from the right side and the mirrored left."""
    low_rad, low_m = _of_sides(groups, left.low_rad, right.low_rad, right.low_m)
    high_rad, high_m = _of_sides(groups, left.high_rad, right.high_rad, right.high_m)
    doubt = ExtremesDoubt(
        *(
            _rowed(getattr(left.doubt, name), getattr(right.doubt, name))
            for name in ExtremesDoubt.__struct_fields__
        )
    )
    return _Extremes(low_m, low_rad, high_m, high_rad, doubt)


def _of_sides(
    groups: GroupLengths, left_rad: np.ndarray, right_rad: np.ndarray, right_m: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Postures (32, 13) and lengths (32,). The lengths of the left side are asked for anew: the
    model need not be a mirror image to the last digit."""
    as_left_rad = mirror(left_rad)
    rows = np.arange(len(_LEFT_ROWS))
    left_m = groups.lengths_batch_m(as_left_rad)[rows, list(_LEFT_ROWS)]
    return _rowed(as_left_rad, right_rad), _rowed(left_m, right_m)


def _rowed(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Rows of both sides in the order of GROUP_SIDES."""
    out = np.empty((len(GROUP_SIDES), *right.shape[1:]))
    out[list(_LEFT_ROWS)], out[list(_RIGHT_ROWS)] = left, right
    return frozen_array(out)
