"""How surely the shortest and longest lengths are known, from how surely the joints' ends are.

Each end is moved by sqrt(3) of its sd s both ways, and the extremes looked for again. With d+ and
d- what an extreme moves by then, three points stand for the normal distribution of the end (Gauss
and Hermite: weights 2/3, 1/6, 1/6), so that with the ends independent

    variance = sum over the ends of (d+^2 + d-^2) / 6 - ((d+ + d-) / 6)^2,

and likewise the covariance of shortest and longest. A slope would not do: what hip and knee leave
each other makes corners, and an extreme jumps from one to another.

Looked for again is not searched again. A joint that stands at its end, or in between where the
length is at its best, keeps its place between the ends: to first order that costs nothing. Only hip
and knee are tried at places of their own, also where a dependence of theirs begins.

Supple people are supple in more than one joint; that is not in it.
"""

from math import sqrt

import numpy as np
from msgspec import Struct

from lengthwise.contracts.codec import frozen_array
from lengthwise.tissue.feasible import feasible_postures
from lengthwise.tissue.groups import GroupLengths
from lengthwise.tissue.joint_ends import AXES, ENDS, HIP, KNEE, Dependence, JointEnds

_POINT = sqrt(3.0)
_WEIGHT = 1.0 / 6.0
_HIPS = np.linspace(0.0, 1.0, 9)
_COUPLED = (HIP, KNEE, AXES + HIP, AXES + KNEE, *Dependence)
"""Ends by which hip and knee may change places."""


class ExtremesDoubt(Struct, frozen=True):
    """(n,) variances of shortest and longest length and their covariance, m^2."""

    shortest_m2: np.ndarray
    longest_m2: np.ndarray
    both_m2: np.ndarray


def extremes_doubt(
    groups: GroupLengths,
    rows: np.ndarray,
    ends: JointEnds,
    low_unit: np.ndarray,
    high_unit: np.ndarray,
) -> ExtremesDoubt:
    """Of the groups `rows` (n,) whose extremes are at points (n, 8) of the unit cube."""
    short = _moves_m(groups, rows, ends, low_unit, sense=-1.0)
    long = _moves_m(groups, rows, ends, high_unit, sense=1.0)

    def together(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        means = (_WEIGHT * m.sum(axis=0) for m in (a, b))
        of_ends = _WEIGHT * (a * b).sum(axis=0) - np.prod(list(means), axis=0)
        return frozen_array(of_ends.sum(axis=0))

    return ExtremesDoubt(together(short, short), together(long, long), together(short, long))


def _moves_m(
    groups: GroupLengths, rows: np.ndarray, ends: JointEnds, unit: np.ndarray, *, sense: float
) -> np.ndarray:
    """(2, 19, n) how far each extreme moves with each end up and down; `sense` +1: the longest."""
    value_rad, sd_rad, count = np.array(ends.value_rad), np.array(ends.sd_rad), len(unit)
    at_m = groups.length_each_m(feasible_postures(unit, value_rad), rows)
    out = np.zeros((2, ENDS, count))
    doubtful = np.flatnonzero(sd_rad > 0.0)
    if not len(doubtful):
        return out
    for way, sign in enumerate((1.0, -1.0)):
        moved = value_rad + sign * _POINT * np.diag(sd_rad)
        tried = np.tile(unit, (len(doubtful), 1)), np.repeat(moved[doubtful], count, axis=0)
        found = groups.length_each_m(feasible_postures(*tried), np.tile(rows, len(doubtful)))
        out[way, doubtful] = found.reshape(len(doubtful), count) - at_m
        for end in np.intersect1d(_COUPLED, doubtful):
            best_m = _best_m(groups, rows, moved[end], unit, sense=sense)
            out[way, end] = sense * np.maximum(sense * out[way, end], sense * (best_m - at_m))
    return out


def _best_m(
    groups: GroupLengths, rows: np.ndarray, ends_rad: np.ndarray, unit: np.ndarray, *, sense: float
) -> np.ndarray:
    """(n,) the extreme over other places of hip and knee."""
    low_rad, high_rad = ends_rad[HIP], ends_rad[AXES + HIP]
    corners = (np.array([0.0, ends_rad[Dependence.STRAIGHT]]) - low_rad) / (high_rad - low_rad)
    hips = np.concatenate([_HIPS, np.clip(corners, 0.0, 1.0)])
    tries = np.tile(unit, (3 * len(hips), 1)).reshape(len(hips), 3, *unit.shape)
    tries[..., HIP] = hips[:, None, None]
    tries[:, 0, :, KNEE], tries[:, 1, :, KNEE] = 0.0, 1.0
    postures = feasible_postures(tries.reshape(-1, AXES), ends_rad)
    found = groups.length_each_m(postures, np.tile(rows, 3 * len(hips)))
    return np.asarray(sense * (sense * found.reshape(-1, len(unit))).max(axis=0))
