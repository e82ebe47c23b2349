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
some more than others: that is an error of its own (`fascicle_sd_m`).

Slack is anchored to our paths: l_slack + (our neutral length - the source's), at least zero. Fibre
and slack lengths scale with the person's neutral length of the fascicle.
"""

from hashlib import sha256
from math import expm1, sin

import numpy as np
from msgspec import Struct
from numba import njit

from lengthwise.contracts.codec import encode, frozen_array
from lengthwise.contracts.coordinates import ANATOMICAL, Side
from lengthwise.contracts.muscles import GROUP_SIDES, MuscleGroup
from lengthwise.reference.constants import constant, constants
from lengthwise.reference.muscle_groups import fascicles, muscle_group_table
from lengthwise.reference.muscle_parameters import (
    MuscleParameters,
    muscle_parameter_table,
    parameters_of,
)
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

_CURVES_VERSION = 1
_POINTS, _WEIGHTS = np.polynomial.hermite_e.hermegauss(7)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()
_OUTER, _OUTER_WEIGHTS = np.polynomial.hermite_e.hermegauss(5)
_OUTER_WEIGHTS = _OUTER_WEIGHTS / _OUTER_WEIGHTS.sum()


class GroupCurves(Struct, frozen=True):
    """Passive tension of every group and side by stretch, rows in the order of GROUP_SIDES.

    Stretch: group length less `neutral_m` (32,), the length in upright standing. `start_m` (32,)
    stretch at which the first fascicle leaves its slack; `step_m` (32,) between nodes; `tension_n`
    and `slope_n_per_m` (32, 512) at the nodes. `max_isometric_n` (32,). `fascicle_sd_m` (32,):
    length error of one curve for fascicles that a posture lengthens unlike each other.
    """

    neutral_m: np.ndarray
    start_m: np.ndarray
    step_m: np.ndarray
    tension_n: np.ndarray
    slope_n_per_m: np.ndarray
    max_isometric_n: np.ndarray
    fascicle_sd_m: np.ndarray

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
            fascicle_sd_m=frozen_array([_fascicle_sd_m(group) for group, _ in GROUP_SIDES]),
        )

    def at(self, row: int, stretch_m: float, sd_m: float = 0.0) -> tuple[float, float]:
        """Tension of one row of GROUP_SIDES and its sd, N."""
        found = self.along(row, np.array([stretch_m]), sd_m)
        return float(found[0, 0]), float(found[2, 0])

    def along(self, row: int, stretch_m: np.ndarray, sd_m: float = 0.0) -> np.ndarray:
        """(4, k) of one row at k stretches, as `evaluate` has it for the generic muscle."""
        count = len(stretch_m)
        figures = np.zeros((6, count))
        figures[0], figures[1] = stretch_m, 1.0
        return evaluate(
            np.zeros(count),
            np.full(count, sd_m),
            figures,
            np.full(count, self.start_m[row]),
            np.full(count, self.step_m[row]),
            np.broadcast_to(self.tension_n[row], (count, _NODES)),
            np.broadcast_to(self.slope_n_per_m[row], (count, _NODES)),
        )

    def read(self, row: int, stretch_m: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(k,) tension (N) and its slope (N/m) of one row at k stretches that err in nothing: the
        first two of `along`, thirty times as quickly."""
        found: tuple[np.ndarray, np.ndarray] = _read(
            np.asarray(stretch_m, dtype=float),
            float(self.start_m[row]),
            float(self.step_m[row]),
            self.tension_n[row],
            self.slope_n_per_m[row],
        )
        return found

    def stretch_at(self, row: int, tension_n: float) -> float:
        """The stretch at which one row has that tension, to the last digits. Raises ValueError
        where the tension is not positive: slack has no one length."""
        if not tension_n > 0.0:
            raise ValueError(f"a stretch is asked for at {tension_n} N; tension must be positive")
        return float(
            _inverted(
                tension_n,
                float(self.start_m[row]),
                float(self.step_m[row]),
                self.tension_n[row],
                self.slope_n_per_m[row],
            )
        )


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
def _read(
    stretch_m: np.ndarray, start: float, step: float, tension: np.ndarray, slope: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    tension_n, slope_n_per_m = np.empty(len(stretch_m)), np.empty(len(stretch_m))
    for i in range(len(stretch_m)):
        tension_n[i], slope_n_per_m[i] = _at(stretch_m[i], start, step, tension, slope)
    return tension_n, slope_n_per_m


@njit(cache=True)
def _inverted(
    wanted: float, start: float, step: float, tension: np.ndarray, slope: np.ndarray
) -> float:
    """The stretch of a positive tension, by halving: the curve never falls."""
    low, high = start, start + (len(tension) - 1) * step
    if wanted > tension[-1]:
        return float(high + (wanted - tension[-1]) / slope[-1])
    for _ in range(80):
        middle = 0.5 * (low + high)
        if _at(middle, start, step, tension, slope)[0] < wanted:
            low = middle
        else:
            high = middle
    return high


@njit(cache=True)
def evaluate(
    way_m: np.ndarray,
    length_sd_m: np.ndarray,
    figures: np.ndarray,
    start_m: np.ndarray,
    step_m: np.ndarray,
    tension_n: np.ndarray,
    slope_n_per_m: np.ndarray,
) -> np.ndarray:
    """(4, n): tension (N) of the central figures, d tension / d length (N/m), root mean square
    error of the tension (N) and how much of an error in length it takes on (N/m), at stretches
    u = a + c (length - L). The curve bends upwards, so errors make more tension than less: the
    third row is about the told tension, not about the mean.

    `way_m` (n,) length - L with errors of sd `length_sd_m` (n,). `figures` (6, n): a (m), c,
    var(a), cov(a, ln c), var(ln c), and the sd of ln of a factor on the tension. All errors are
    normal: that of ln c is gone through in five points, and within each the rest in seven, by
    Gauss-Hermite quadrature, because the curve bends too much for its slope alone and the two
    errors multiply. The last row is cov(tension, length) / var(length), the slope where that is 0.
    """
    out = np.empty((4, len(way_m)))
    for row in range(len(way_m)):
        nodes, slopes = tension_n[row], slope_n_per_m[row]
        start, step = start_m[row], step_m[row]
        a, c, a_2, both, c_2 = figures[:5, row]
        length_2 = length_sd_m[row] ** 2
        value, slope = _at(a + c * way_m[row], start, step, nodes, slopes)
        per_c = both / c_2 if c_2 > 0.0 else 0.0
        own_2 = max(a_2 - per_c * both, 0.0)
        mean, square, together = 0.0, 0.0, 0.0
        for j in range(len(_OUTER)):
            log_c = np.sqrt(c_2) * _OUTER[j]
            scale = c * np.exp(log_c)
            middle = a + per_c * log_c + scale * way_m[row]
            sd = np.sqrt(scale * scale * length_2 + own_2)
            taken = scale / sd if sd > 0.0 else 0.0
            if value == 0.0 and middle + sd * _POINTS[-1] <= start:
                continue  # Slack at every point: all of it is zero.
            for k in range(len(_POINTS)):
                weight = _OUTER_WEIGHTS[j] * _WEIGHTS[k]
                there = _at(middle + sd * _POINTS[k], start, step, nodes, slopes)[0] - value
                mean += weight * there
                square += weight * there * there
                together += weight * there * _POINTS[k] * taken
        spread = np.exp(figures[5, row] ** 2)
        expected = value + mean
        around = max(square - mean * mean, 0.0)
        out[0, row], out[1, row] = value, c * slope
        variance = spread * (spread * around + (spread - 1.0) * expected * expected)
        out[2, row] = np.sqrt(variance + (np.sqrt(spread) * expected - value) ** 2)
        out[3, row] = together if length_2 > 0.0 else c * slope
    return out


def curves_fingerprint() -> str:
    """Changes whenever kept curves of the same anatomy would come out differently."""
    ground = encode((_CURVES_VERSION, muscle_parameter_table(), muscle_group_table()))
    return sha256(ground + encode(constants("tension"))).hexdigest()[:16]


def fascicle_lengths_m(p: MuscleParameters, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whole lengths (n,) of a fascicle in equilibrium and tensions over maximum isometric force
    (n,), by the fibre parameter x >= 0 (n,) of the head of this module."""
    fibre_m = p.optimal_fibre_length_m * (1.0 + _E0 * x / _K)
    along_m = np.sqrt(fibre_m**2 - (p.optimal_fibre_length_m * sin(p.pennation_rad)) ** 2)
    ratio = (np.expm1(x) - x) / (expm1(_K) - _K) * along_m / fibre_m
    toe = _TOE_STRAIN / _TOE_SHAPE * np.log1p(ratio * expm1(_TOE_SHAPE) / _TOE_FORCE)
    strain = np.where(ratio < _TOE_FORCE, toe, _TOE_STRAIN + (ratio - _TOE_FORCE) / _LINEAR)
    return along_m + p.tendon_slack_length_m * (1.0 + strain), ratio


def _fascicle_sd_m(group: MuscleGroup) -> float:
    """Zero for a group of one fascicle."""
    found = constants("tension").get(f"fascicle_sd_m_{group.value}")
    return 0.0 if found is None else found.value


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
        pulled_n = sum(float(fascicle_tension(p, np.array([middle_m]))[0][0]) for p in placed)
        if pulled_n < _HIGHEST_RATIO * strongest_n:
            below_m = middle_m
        else:
            end_m = middle_m
    at_m = np.linspace(start_m, end_m, _NODES)
    parts = [fascicle_tension(p, at_m) for p in placed]
    tension_n = np.sum([part[0] for part in parts], axis=0)
    slope_n_per_m = np.sum([part[1] for part in parts], axis=0)
    step_m = (end_m - start_m) / (_NODES - 1)
    return start_m, step_m, tension_n, _monotone(tension_n, slope_n_per_m, step_m), strongest_n


def fascicle_tension(p: MuscleParameters, stretch_m: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
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
