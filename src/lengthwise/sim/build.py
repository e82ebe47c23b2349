"""How the proportions of a simulated body differ from the usual ones that an estimate assumes.

A figure of usual proportions is stretched segment by segment: its angles stay as they are, and it
comes to rest on the floor again. Arms and head move with the shoulders and keep their size.
"""

from dataclasses import dataclass, replace
from math import exp, log

import numpy as np

from lengthwise.contracts.observation import LANDMARK_INDEX, LANDMARKS, Posture
from lengthwise.reference.constants import constant
from lengthwise.sim.skeleton import Figure

_LYING = (Posture.SUPINE, Posture.PRONE, Posture.SIDE_LYING)
_SOFTNESS_M = 0.0035
"""Rounds the change from one point of support to another."""


def _pair(name: str) -> list[int]:
    return [LANDMARK_INDEX[f"{word}_{name}"] for word in ("left", "right")]


_HIPS, _KNEES, _ANKLES, _SHOULDERS = (_pair(n) for n in ("hip", "knee", "ankle", "shoulder"))
_FEET = (_pair("heel"), _pair("foot_index"))
_LEGS = {*_HIPS, *_KNEES, *_ANKLES, *_FEET[0], *_FEET[1]}
_UPPER = [
    [i for i, name in enumerate(LANDMARKS) if i not in _LEGS and word in name.split("_")]
    for word in ("left", "right")
]
"""Shoulder, arm and face of each side."""
_NOSE = LANDMARK_INDEX["nose"]
_RESTS = {
    **dict.fromkeys((*_FEET[0], *_FEET[1]), 0.0),
    **{
        i: constant("sim", f"{name}_floor_height_ratio")
        for name in ("ankle", "knee", "hip", "shoulder", "ear")
        for i in _pair(name)
    },
}
"""Height, as a share of the body's, of a landmark whose flesh touches the floor."""
_AT_REST, _CLEARANCE = np.array(list(_RESTS)), np.array(list(_RESTS.values()))
_SUPPORT = np.array([*_KNEES, *_FEET[0]])
_SUPPORT_CLEARANCE = np.array([_RESTS[i] for i in _SUPPORT])


@dataclass(frozen=True)
class Build:
    """Ratio of each length to the usual one; `shoulders` and `hips` are half widths."""

    trunk: float = 1.0
    shoulders: float = 1.0
    hips: float = 1.0
    thigh: float = 1.0
    shank: float = 1.0
    foot: float = 1.0

    @classmethod
    def drawn(cls, seed: int, *, sd_ratio: float, legs_alike: bool = False) -> "Build":
        """A body of this seed. `legs_alike`: thigh and shank differ by the same ratio, so that a
        chain of both legs between two places on the floor stays closed.
        """
        rng = np.random.Generator(np.random.Philox(key=seed, counter=[0, 0, 7, 0]))
        build = cls(*(1.0 + sd_ratio * rng.standard_normal(6)).tolist())
        return replace(build, shank=build.thigh) if legs_alike else build

    def of(self, usual: Figure, *, height_m: float, posture: Posture) -> Figure:
        """The figure with these proportions, at rest on the floor where the usual one was."""
        old, points = usual.landmarks_m, usual.landmarks_m.copy()
        hips, shoulders = old[_HIPS].mean(axis=0), old[_SHOULDERS].mean(axis=0)
        points[_HIPS] = hips + self.hips * (old[_HIPS] - hips)
        points[_KNEES] = points[_HIPS] + self.thigh * (old[_KNEES] - old[_HIPS])
        points[_ANKLES] = points[_KNEES] + self.shank * (old[_ANKLES] - old[_KNEES])
        for part in _FEET:
            points[part] = points[_ANKLES] + self.foot * (old[part] - old[_ANKLES])
        moved = (self.trunk - 1.0) * (shoulders - hips)
        for side, rows in enumerate(_UPPER):
            wider = (self.shoulders - 1.0) * (old[_SHOULDERS[side]] - shoulders)
            points[rows] = old[rows] + moved + wider
        points[_NOSE] = old[_NOSE] + moved
        shift = _resting(old, height_m) - _resting(points, height_m)
        if posture in _LYING:
            shift[:2] = 0.0
        points += shift
        return Figure(points, usual.rotation, usual.origin_m)


def _resting(points: np.ndarray, height_m: float) -> np.ndarray:
    """(3,) the place that supports a figure and its soft lowest height above the floor."""
    gaps = (points[_AT_REST, 2] - height_m * _CLEARANCE).tolist()
    lowest, tau = min(gaps), _SOFTNESS_M
    down = lowest - tau * log(sum(exp((lowest - gap) / tau) for gap in gaps))
    support = points[_SUPPORT]
    height = support[:, 2] - height_m * _SUPPORT_CLEARANCE
    weight = np.exp((height.min() - height) / (5 * tau))
    place = weight @ support / weight.sum()
    return np.array([place[0], place[1], down])
