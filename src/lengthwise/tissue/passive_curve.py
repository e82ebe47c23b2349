"""Passive tension of a muscle group by its stretch: fibres and tendon in series, tabulated once.

Fibre (Thelen 2003, doi:10.1115/1.1531112), with x = k (l_fibre / l_opt - 1) / e0 and forces over
maximum isometric force:

    f(x) = (e^x - 1 - x) / (e^k - 1 - k) for x > 0, else 0.

The published curve is e^x - 1; the line is taken off so that the slope begins at zero too, and
tension has no corner where a muscle leaves its slack. Tendon, strain e by force t:

    e = (e_toe / k_toe) ln(1 + t (e^k_toe - 1) / t_toe) up to t_toe, then straight.

Fibres keep their thickness: l_fibre sin(a) = l_opt sin(a_opt). In equilibrium t = f cos(a), so with
x as the parameter the whole length is explicit,

    l(x) = l_fibre cos(a) + l_slack (1 + e(f(x) cos(a))),

increasing and smooth. It is inverted by Newton steps while the table is built, never in a frame.
A group is the sum of its fascicles, each as much longer than in upright standing as the group is:
this keeps fascicles that come into tension early and late apart, but not how a posture lengthens
some more than others.

Slack is anchored to our paths: l_slack + (our neutral length - the source's), at least zero. Fibre
and slack lengths scale with the person's neutral length of the fascicle.
"""

from math import expm1, sin

import numpy as np
from msgspec import Struct
from numba import njit

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import ANATOMICAL, Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.reference.constants import constant
from lengthwise.reference.muscle_groups import fascicles
from lengthwise.reference.muscle_parameters import MuscleParameters, parameters_of
from lengthwise.tissue.groups import GroupLengths, LengthModel

_K = constant("tension", "fibre_shape_ratio")
_E0 = constant("tension", "fibre_strain_ratio")
_TENDON_STRAIN = constant("tension", "tendon_strain_ratio")
_TOE_FORCE = constant("tension", "tendon_toe_force_ratio")
_TOE_SHAPE = constant("tension", "tendon_toe_shape_ratio")
_TOE_STRAIN = constant("tension", "tendon_toe_strain_share") * _TENDON_STRAIN
_LINEAR = constant("tension", "tendon_linear_stiffness_ratio") / _TENDON_STRAIN

_NODES = 512
_LAST_X = 6.0
"""Fibres are straight beyond 2.8 times maximum isometric force: further is no living muscle."""
_HIGHEST_RATIO = 2.0
"""The table ends where the group pulls with twice its maximum isometric force."""

_POINTS, _WEIGHTS = np.polynomial.hermite_e.hermegauss(7)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


class GroupCurves(Struct, frozen=True):
    """Passive tension of every group and side by stretch, rows in the order of GROUP_SIDES.

    Stretch: group length less `neutral_m` (32,), the length in upright standing. `start_m` (32,)
    stretch at which the first fascicle leaves its slack; `step_m` (32,) between nodes; `tension_n`
    and `slope_n_per_m` (32, 512) at the nodes. `max_isometric_n` (32,).
    """

    neutral_m: np.ndarray
    start_m: np.ndarray
    step_m: np.ndarray
    tension_n: np.ndarray
    slope_n_per_m: np.ndarray
    max_isometric_n: np.ndarray

    @classmethod
    def over(cls, person: LengthModel, generic: LengthModel) -> "GroupCurves":
        """Of a person's anatomical model; `generic`: the body that the parameters are anchored to.

        Left and right get one curve, of the mean of both sides' neutral lengths.
        """
        neutral = np.zeros(len(ANATOMICAL))
        mine = dict(zip(person.muscle_names, person.lengths_m(neutral).tolist(), strict=True))
        usual = dict(zip(generic.muscle_names, generic.lengths_m(neutral).tolist(), strict=True))
        tables = [_table(group, mine, usual) for group in MuscleGroup]
        start_m, step_m, tension_n, slope_n_per_m, strongest_n = (
            np.repeat(np.array(part), len(Side), axis=0) for part in zip(*tables, strict=True)
        )
        return cls(
            neutral_m=frozen_array(GroupLengths.over(person).lengths_m(neutral)),
            start_m=frozen_array(start_m),
            step_m=frozen_array(step_m),
            tension_n=frozen_array(tension_n),
            slope_n_per_m=frozen_array(slope_n_per_m),
            max_isometric_n=frozen_array(strongest_n),
        )

    def at(self, row: int, stretch_m: float, sd_m: float = 0.0) -> tuple[float, float]:
        """Tension of one row of GROUP_SIDES and its sd, N."""
        one = slice(row, row + 1)
        found = evaluate(
            np.array([stretch_m]), np.array([sd_m]), self.start_m[one], self.step_m[one],
            self.tension_n[one], self.slope_n_per_m[one],
        )  # fmt: skip
        return float(found[0, 0]), float(found[2, 0])

    def stretch_at(self, row: int, tension_n: float) -> float:
        """The stretch at which one row has that tension, to the last digits. Raises ValueError
        where the tension is not positive: slack has no one length."""
        if not tension_n > 0.0:
            raise ValueError(f"a stretch is asked for at {tension_n} N; tension must be positive")
        nodes_n = self.tension_n[row]
        cell = int(np.searchsorted(nodes_n, tension_n)) - 1
        low = float(self.start_m[row] + max(cell, 0) * self.step_m[row])
        if cell + 1 == len(nodes_n):
            return low + float((tension_n - nodes_n[-1]) / self.slope_n_per_m[row, -1])
        high = low + float(self.step_m[row])
        for _ in range(60):
            middle = 0.5 * (low + high)
            if self.at(row, middle)[0] < tension_n:
                low = middle
            else:
                high = middle
        return high


@njit(cache=True)
def _at(
    stretch: float, start: float, step: float, tension: np.ndarray, slope: np.ndarray
) -> tuple[float, float]:
    """Cubic Hermite between the nodes, zero before them, straight after."""
    place = (stretch - start) / step
    last = len(tension) - 1
    if place <= 0.0:
        return 0.0, 0.0
    if place >= last:
        return tension[last] + slope[last] * (place - last) * step, slope[last]
    i = int(place)
    t = place - i
    rise = tension[i + 1] - tension[i]
    a = step * slope[i]
    b = 3.0 * rise - step * (2.0 * slope[i] + slope[i + 1])
    c = step * (slope[i] + slope[i + 1]) - 2.0 * rise
    value = tension[i] + t * (a + t * (b + t * c))
    return value, (a + t * (2.0 * b + 3.0 * t * c)) / step


@njit(cache=True)
def evaluate(
    stretch_m: np.ndarray,
    sd_m: np.ndarray,
    start_m: np.ndarray,
    step_m: np.ndarray,
    tension_n: np.ndarray,
    slope_n_per_m: np.ndarray,
) -> np.ndarray:
    """(4, n): tension (N), its slope (N/m), its sd (N) and how much of a stretch error it takes on.

    The last two over a normal error of the stretch, by seven-point Gauss-Hermite quadrature: the
    curve bends too much within the usual sd for its slope alone. The last is cov(tension,
    stretch) / var(stretch), N/m; the slope where the sd is zero.
    """
    out = np.empty((4, len(stretch_m)))
    for row in range(len(stretch_m)):
        nodes, slopes = tension_n[row], slope_n_per_m[row]
        start, step, sd = start_m[row], step_m[row], sd_m[row]
        value, slope = _at(stretch_m[row], start, step, nodes, slopes)
        mean, square, together = 0.0, 0.0, 0.0
        for k in range(len(_POINTS)):
            there = _at(stretch_m[row] + sd * _POINTS[k], start, step, nodes, slopes)[0] - value
            mean += _WEIGHTS[k] * there
            square += _WEIGHTS[k] * there * there
            together += _WEIGHTS[k] * there * _POINTS[k]
        out[0, row], out[1, row] = value, slope
        out[2, row] = np.sqrt(max(square - mean * mean, 0.0))
        out[3, row] = together / sd if sd > 0.0 else slope
    return out


def fascicle_lengths_m(p: MuscleParameters, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whole lengths (n,) of a fascicle in equilibrium and tensions over maximum isometric force
    (n,), by the fibre parameter x >= 0 (n,) of the head of this module."""
    fibre_m = p.optimal_fibre_length_m * (1.0 + _E0 * x / _K)
    along_m = np.sqrt(fibre_m**2 - (p.optimal_fibre_length_m * sin(p.pennation_rad)) ** 2)
    ratio = (np.expm1(x) - x) / (expm1(_K) - _K) * along_m / fibre_m
    toe = _TOE_STRAIN / _TOE_SHAPE * np.log1p(ratio * expm1(_TOE_SHAPE) / _TOE_FORCE)
    strain = np.where(ratio < _TOE_FORCE, toe, _TOE_STRAIN + (ratio - _TOE_FORCE) / _LINEAR)
    return along_m + p.tendon_slack_length_m * (1.0 + strain), ratio


def anchored(p: MuscleParameters, mine_m: float, usual_m: float) -> MuscleParameters:
    """The same fascicle on our path, scaled to the person; the neutral length is the person's."""
    scale = mine_m / usual_m
    slack_m = max(p.tendon_slack_length_m + usual_m - p.neutral_length_m, 0.0)
    return MuscleParameters(
        p.optimal_fibre_length_m * scale,
        slack_m * scale,
        p.pennation_rad,
        p.max_isometric_force_n,
        mine_m,
    )


def _table(
    group: MuscleGroup, mine: dict[str, float], usual: dict[str, float]
) -> tuple[float, float, np.ndarray, np.ndarray, float]:
    """Start, step, tensions, slopes and maximum isometric force of one group."""
    placed = []
    for fascicle in fascicles(group, Side.RIGHT):
        other = fascicle.muscle.removesuffix("_r") + "_l"
        mine_m, usual_m = (0.5 * (of[fascicle.muscle] + of[other]) for of in (mine, usual))
        placed.append(anchored(parameters_of(fascicle), mine_m, usual_m))
    strongest_n = sum(p.max_isometric_force_n for p in placed)
    ends = np.array([0.0, _LAST_X])
    reach_m = np.array([fascicle_lengths_m(p, ends)[0] - p.neutral_length_m for p in placed])
    start_m, end_m = float(reach_m[:, 0].min()), float(reach_m[:, 1].max())
    below_m = start_m
    for _ in range(30):
        middle_m = 0.5 * (below_m + end_m)
        pulled_n = sum(float(_fascicle(p, np.array([middle_m]))[0][0]) for p in placed)
        if pulled_n < _HIGHEST_RATIO * strongest_n:
            below_m = middle_m
        else:
            end_m = middle_m
    at_m = np.linspace(start_m, end_m, _NODES)
    parts = [_fascicle(p, at_m) for p in placed]
    tension_n = np.sum([part[0] for part in parts], axis=0)
    slope_n_per_m = np.sum([part[1] for part in parts], axis=0)
    step_m = (end_m - start_m) / (_NODES - 1)
    return start_m, step_m, tension_n, _monotone(tension_n, slope_n_per_m, step_m), strongest_n


def _fascicle(p: MuscleParameters, stretch_m: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Tension (n,) and slope (n,) of one fascicle at stretches (n,) from its neutral length."""
    length_m = p.neutral_length_m + stretch_m
    x_grid = np.linspace(0.0, _LAST_X, 400)
    grid_m, _ = fascicle_lengths_m(p, x_grid)
    x = np.interp(length_m, grid_m, x_grid)
    h = 1e-5
    for _ in range(4):
        ahead_m = fascicle_lengths_m(p, x + h)[0]
        here_m = fascicle_lengths_m(p, x)[0]
        x = np.clip(x - (here_m - length_m) * h / (ahead_m - here_m), 0.0, _LAST_X)
    low, high = np.maximum(x - h, 0.0), x + h
    (low_m, low_ratio), (high_m, high_ratio) = (fascicle_lengths_m(p, at) for at in (low, high))
    here_m, ratio = fascicle_lengths_m(p, x)
    slope = np.where(x > 0.0, (high_ratio - low_ratio) / (high_m - low_m), 0.0)
    ratio = ratio + slope * np.maximum(length_m - here_m, 0.0)
    return p.max_isometric_force_n * ratio, p.max_isometric_force_n * slope


def _monotone(tension_n: np.ndarray, slope_n_per_m: np.ndarray, step_m: float) -> np.ndarray:
    """Slopes no steeper than three times the chords beside them (Fritsch and Carlson 1980,
    doi:10.1137/0717021), so that the cubic between two nodes never falls."""
    chord = np.diff(tension_n) / step_m
    beside = np.minimum(np.append(chord, chord[-1]), np.insert(chord, 0, chord[0]))
    return np.asarray(np.minimum(slope_n_per_m, 3.0 * beside))
