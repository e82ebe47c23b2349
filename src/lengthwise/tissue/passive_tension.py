"""Passive tension of every muscle group from its length, with the person's own figures.

For a group of length l the stretch that the group's curve (`passive_curve`) is read at is

    u = a + c (l - L),    tension = curve(u),

with L the length at which the person is known best (the anchor), a the stretch of the curve there
and c the stiffness scale: how much faster than the generic muscle this one tightens. In the words
of the muscle parameters, the tendon slack is shifted by s = L - a / c - neutral length.

Where a person's first resistance is marked, L is that length and a the stretch at which the group
has the tension of a first resistance; with a tolerance too, c leads from there to the tension of a
tolerance. Both tensions are stated levels (`first_resistance_tension_ratio`,
`tolerance_tension_ratio`). A person may feel both at more or less tension, by one factor: newtons
are known to that factor (`mark_level_log_sd`), positions between the marks are not touched by it
(`tension_window`). Besides, the ratio of the two levels is doubtful (`mark_ratio_log_sd`). Without
a mark the population's figures stand in, and the result says so.

Errors of the length, of a and of ln c go through the curve together. For a reading of the session
and set-up in which the mark was taken, pass the sd of the difference to the mark, and marks without
their shared part.
"""

from collections.abc import Sequence
from enum import StrEnum
from math import exp, hypot, isfinite, log, sqrt

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numba import njit

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES, MuscleGroup
from lengthwise.contracts.person import Mark, MarkKind
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant
from lengthwise.reference.passive_population import usual_tension
from lengthwise.tissue.passive_curve import GroupCurves, evaluate

_FIRST_RATIO = constant("tension", "first_resistance_tension_ratio")
_TOLERANCE_RATIO = constant("tension", "tolerance_tension_ratio")
_LEVEL_LOG_SD = constant("tension", "mark_level_log_sd")
_RATIO_LOG_SD = constant("tension", "mark_ratio_log_sd")
_STIFFNESS_LOG_SD = constant("tension", "stiffness_log_sd")
_STIFFNESS_BOUND = constant("tension", "stiffness_ratio_bound")
_MIN_SPAN_M = constant("tension", "min_mark_length_m")


class TensionSource(StrEnum):
    """What a group's figures rest on, from the weakest to the strongest."""

    POPULATION = "population"
    FIRST_RESISTANCE = "first_resistance"
    BOTH_MARKS = "both_marks"
    MEASURED_TORQUE = "measured_torque"


class PersonalTension(Struct, frozen=True):
    """A person's figures of every group and side, in the order of GROUP_SIDES.

    `anchor_m` (32,) L, `anchor_stretch_m` (32,) a, `stiffness_ratio` (32,) c; `covariance`
    (32, 2, 2) of (a in m, ln c); `level_log_sd` (32,): sd of the logarithm of a factor on all
    tensions; `source` (32,).
    """

    anchor_m: np.ndarray
    anchor_stretch_m: np.ndarray
    stiffness_ratio: np.ndarray
    covariance: np.ndarray
    level_log_sd: np.ndarray
    source: tuple[TensionSource, ...]

    def slack_shift_m(self, curves: GroupCurves) -> np.ndarray:
        """(32,) how much later than the generic muscle each comes into tension."""
        at_zero_m = self.anchor_m - self.anchor_stretch_m / self.stiffness_ratio
        return np.asarray(at_zero_m - curves.neutral_m)

    def slack_shift_sd_m(self) -> np.ndarray:
        """(32,) of that, s = L - a / c: of a and ln c together."""
        by_a, by_c = -1.0 / self.stiffness_ratio, self.anchor_stretch_m / self.stiffness_ratio
        of_a, both, of_c = (self.covariance[:, i, j] for i, j in ((0, 0), (0, 1), (1, 1)))
        variance = by_a**2 * of_a + 2.0 * by_a * by_c * both + by_c**2 * of_c
        return np.asarray(np.sqrt(np.maximum(variance, 0.0)))

    def figures(self) -> np.ndarray:
        """(6, 32) as `passive_curve.evaluate` takes them."""
        of_a, both, of_c = (self.covariance[:, i, j] for i, j in ((0, 0), (0, 1), (1, 1)))
        a, c = self.anchor_stretch_m, self.stiffness_ratio
        return frozen_array([a, c, of_a, both, of_c, self.level_log_sd])


class Tension(Struct, frozen=True):
    """Passive tension of every group and side, in the order of GROUP_SIDES, (32,) each.

    `tension_n`, `sd_n`; `stiffness_n_per_m` d tension / d length; `taken_on_n_per_m`: how much of
    an error in length the tension takes on, over all of its errors; `known`: where it is False the
    other entries mean nothing and must not be used.
    """

    tension_n: np.ndarray
    sd_n: np.ndarray
    stiffness_n_per_m: np.ndarray
    taken_on_n_per_m: np.ndarray
    known: np.ndarray
    source: tuple[TensionSource, ...]

    def of(self, group: MuscleGroup, side: Side) -> Estimate | None:
        """In newtons; None where it is not known."""
        row = GROUP_INDEX[group, side]
        if not self.known[row]:
            return None
        return Estimate(float(self.tension_n[row]), float(self.sd_n[row]))


class MarkedLength(Struct, frozen=True):
    """A personal mark as muscle length. `distance_sd_m`, of a tolerance: sd of its distance from
    the first resistance; None: the two are independent."""

    group: MuscleGroup
    side: Side
    kind: MarkKind
    length_m: float
    sd_m: float
    distance_sd_m: float | None = None


def marked_lengths(marks: Sequence[Mark], upright_m: np.ndarray) -> tuple[MarkedLength, ...]:
    """Marks as lengths of the muscles of a body, `upright_m` (32,) long in upright standing.

    The latest first resistance of each muscle, and with it the latest tolerance that was marked on
    the same day in the same set-up: others err otherwise, and their distance says nothing.
    """
    latest = {(m.group, m.side): m for m in _by_time(marks, MarkKind.FIRST_RESISTANCE)}
    paired = {
        (m.group, m.side): m
        for m in _by_time(marks, MarkKind.TOLERANCE)
        if (first := latest.get((m.group, m.side))) is not None and _together(first, m)
    }
    out = []
    for mark in (*latest.values(), *paired.values()):
        m = mark.on_body(float(upright_m[GROUP_INDEX[mark.group, mark.side]]))
        out.append(MarkedLength(m.group, m.side, m.kind, m.length_m, m.sd_m, m.distance_sd_m))
    return tuple(out)


def _by_time(marks: Sequence[Mark], kind: MarkKind) -> list[Mark]:
    return sorted((m for m in marks if m.kind is kind), key=lambda m: m.measured_utc)


def _together(a: Mark, b: Mark) -> bool:
    return a.setup == b.setup and a.measured_utc[:10] == b.measured_utc[:10]


def population(curves: GroupCurves, *, generic: GroupCurves | None = None) -> PersonalTension:
    """The figures of a person without marks. `generic`: curves of the body that the table of the
    population belongs to; its shifts grow with the neutral length. None: `curves` is that body."""
    usual = [usual_tension()[group] for group, _ in GROUP_SIDES]
    scale = curves.neutral_m / (generic or curves).neutral_m
    ratio = np.array([u.stiffness_ratio for u in usual])
    covariance = np.zeros((len(usual), 2, 2))
    covariance[:, 0, 0] = (ratio * scale * [u.slack_shift_sd_m for u in usual]) ** 2
    covariance[:, 1, 1] = _STIFFNESS_LOG_SD**2
    return PersonalTension(
        anchor_m=frozen_array(curves.neutral_m + scale * [u.slack_shift_m for u in usual]),
        anchor_stretch_m=frozen_array(np.zeros(len(usual))),
        stiffness_ratio=frozen_array(ratio),
        covariance=frozen_array(covariance),
        level_log_sd=frozen_array(np.zeros(len(usual))),
        source=(TensionSource.POPULATION,) * len(usual),
    )


def as_published(curves: GroupCurves) -> PersonalTension:
    """The muscle parameters as they are, free to be fitted: slack sd `slack_shift_prior_m`.

    Not for use on a person: far too tense in a leg raise and about the ankle.
    """
    count = len(GROUP_SIDES)
    sds = np.array([constant("tension", "slack_shift_prior_m"), _STIFFNESS_LOG_SD])
    return PersonalTension(
        curves.neutral_m,
        frozen_array(np.zeros(count)),
        frozen_array(np.ones(count)),
        frozen_array(np.tile(np.diag(sds**2), (count, 1, 1))),
        frozen_array(np.zeros(count)),
        (TensionSource.POPULATION,) * count,
    )


def first_resistance_n(curves: GroupCurves, row: int) -> float:
    """The stated tension of one row of GROUP_SIDES at first resistance."""
    return _FIRST_RATIO * float(curves.max_isometric_n[row])


def tolerance_n(curves: GroupCurves, row: int) -> float:
    """The stated tension at tolerance."""
    return _TOLERANCE_RATIO * float(curves.max_isometric_n[row])


def mark_way_m(curves: GroupCurves, row: int) -> float:
    """Stretch of the curve between the two stated levels."""
    first_m, last_m = (
        curves.stretch_at(row, level(curves, row)) for level in (first_resistance_n, tolerance_n)
    )
    return last_m - first_m


def level_ratio_log_variance(curves: GroupCurves, row: int) -> float:
    """Of ln c, from how doubtful the ratio of the two levels is.

    The curve bends: half the way between the stretches one sd above and below.
    """
    high_n = tolerance_n(curves, row)
    above, below = (curves.stretch_at(row, high_n * exp(s * _RATIO_LOG_SD)) for s in (1.0, -1.0))
    return float((0.5 * (above - below) / mark_way_m(curves, row)) ** 2)


def with_level_in_figures(
    curves: GroupCurves, personal: PersonalTension, rows: Sequence[int]
) -> PersonalTension:
    """The same doubt without a factor on the tension: of `rows`, the one common to both levels is
    told as a doubt of (a, ln c), by half of what one sd of it up and down makes of them.

    A fit to torques needs that: only there can a person turn out to feel at more tension or less.
    """
    covariance, level = personal.covariance.copy(), personal.level_log_sd.copy()
    for row in rows:
        sd = float(level[row])
        at_n = curves.at(row, float(personal.anchor_stretch_m[row]))[0]
        if sd == 0.0 or at_n <= 0.0:
            continue
        both = personal.source[row] is TensionSource.BOTH_MARKS
        above, below = (_figures_at(curves, row, at_n, exp(way), both) for way in (sd, -sd))
        moved = 0.5 * (above - below)
        covariance[row] += np.outer(moved, moved)
        level[row] = 0.0
    return replace(personal, covariance=frozen_array(covariance), level_log_sd=frozen_array(level))


def _figures_at(
    curves: GroupCurves, row: int, at_n: float, factor: float, both: bool
) -> np.ndarray:
    """(a, ln c but for a constant) of one row whose levels are `factor` times the stated ones."""
    first_m = curves.stretch_at(row, factor * at_n)
    if not both:
        return np.array([first_m, 0.0])
    last_m = curves.stretch_at(row, factor * tolerance_n(curves, row))
    return np.array([first_m, log(last_m - first_m)])


def calibrated(
    curves: GroupCurves, before: PersonalTension, marks: Sequence[MarkedLength]
) -> PersonalTension:
    """The figures with those of the marked groups replaced; the last mark of a kind counts.

    A group with a tolerance and no first resistance stays as it was: where tension begins is the
    first thing to know. Where a tolerance lies so near or so far that the stiffness scale would
    leave 1/`stiffness_ratio_bound` .. `stiffness_ratio_bound`, first resistance alone counts.
    """
    latest = {(m.group, m.side, m.kind): m for m in marks}
    anchor_m, a = before.anchor_m.copy(), before.anchor_stretch_m.copy()
    c, covariance = before.stiffness_ratio.copy(), before.covariance.copy()
    level, source = before.level_log_sd.copy(), list(before.source)
    for (group, side, kind), first in latest.items():
        if kind is not MarkKind.FIRST_RESISTANCE:
            continue
        row = GROUP_INDEX[group, side]
        anchor_m[row], a[row] = first.length_m, curves.stretch_at(
            row, first_resistance_n(curves, row)
        )  # fmt: skip
        tolerance = latest.get((group, side, MarkKind.TOLERANCE))
        both = None if tolerance is None else _stiffness(curves, row, first, tolerance)
        level[row] = _LEVEL_LOG_SD
        if both is None:
            covariance[row] = np.diag([(c[row] * first.sd_m) ** 2, _STIFFNESS_LOG_SD**2])
            source[row] = TensionSource.FIRST_RESISTANCE
        else:
            c[row], covariance[row] = both
            source[row] = TensionSource.BOTH_MARKS
    return PersonalTension(
        frozen_array(anchor_m),
        frozen_array(a),
        frozen_array(c),
        frozen_array(covariance),
        frozen_array(level),
        tuple(source),
    )


def tension(
    curves: GroupCurves,
    personal: PersonalTension,
    length_m: np.ndarray,
    *,
    length_sd_m: np.ndarray,
    known: np.ndarray,
) -> Tension:
    """Elastic tension of all groups at lengths (32,) with sd (32,); `known` (32,) bool.

    A length or sd that is not finite is not known, whatever `known` says.
    """
    rows, known = read(
        curves, personal, personal.figures(), length_m, length_sd_m=length_sd_m, known=known
    )
    return told(rows, known, personal.source)


def read(
    curves: GroupCurves,
    personal: PersonalTension,
    figures: np.ndarray,
    length_m: np.ndarray,
    *,
    length_sd_m: np.ndarray,
    known: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """(4, 32) as `passive_curve.evaluate` has it and (32,) which are known, with
    `personal.figures()` made beforehand, for one frame after the other.
    """
    found: tuple[np.ndarray, np.ndarray] = _read(
        length_m,
        length_sd_m,
        known,
        personal.anchor_m,
        curves.fascicle_sd_m,
        figures,
        curves.start_m,
        curves.step_m,
        curves.tension_n,
        curves.slope_n_per_m,
    )
    return found


@njit(cache=True)
def _read(
    length_m: np.ndarray,
    length_sd_m: np.ndarray,
    known: np.ndarray,
    anchor_m: np.ndarray,
    fascicle_sd_m: np.ndarray,
    figures: np.ndarray,
    start_m: np.ndarray,
    step_m: np.ndarray,
    tension_n: np.ndarray,
    slope_n_per_m: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """What is not known is read at the anchor, so that no figure leaves as NaN."""
    count = len(length_m)
    told, way_m, sd_m = np.empty(count, dtype=np.bool_), np.zeros(count), np.empty(count)
    for row in range(count):
        told[row] = known[row] and isfinite(length_m[row] + length_sd_m[row])
        own_sd_m = 0.0
        if told[row]:
            way_m[row], own_sd_m = length_m[row] - anchor_m[row], length_sd_m[row]
        sd_m[row] = hypot(own_sd_m, fascicle_sd_m[row])
    return evaluate(way_m, sd_m, figures, start_m, step_m, tension_n, slope_n_per_m), told


def told(rows: np.ndarray, known: np.ndarray, source: tuple[TensionSource, ...]) -> Tension:
    """Rows as from `read`, which nobody else may hold, with what they mean."""
    rows.flags.writeable = False
    return Tension(rows[0], rows[2], rows[1], rows[3], known, source)


def _stiffness(
    curves: GroupCurves, row: int, first: MarkedLength, tolerance: MarkedLength
) -> tuple[float, np.ndarray] | None:
    """Stiffness scale from both marks and the covariance (2, 2) of (a, ln c)."""
    way_m, length_m = mark_way_m(curves, row), tolerance.length_m - first.length_m
    if length_m < _MIN_SPAN_M or abs(log(way_m / length_m)) > log(_STIFFNESS_BOUND):
        return None
    c = way_m / length_m
    first_m2, tolerance_m2 = first.sd_m**2, tolerance.sd_m**2
    distance_m2 = first_m2 + tolerance_m2
    if tolerance.distance_sd_m is not None:
        # No closer to each other than two errors of these sizes can be.
        distance_m2 = max(tolerance.distance_sd_m, abs(first.sd_m - tolerance.sd_m)) ** 2
    c_2 = level_ratio_log_variance(curves, row) + distance_m2 / length_m**2
    a_m2 = c**2 * first_m2
    limit = sqrt(a_m2 * c_2)
    both = 0.5 * c * (tolerance_m2 - first_m2 - distance_m2) / length_m
    both = min(max(both, -limit), limit)
    return c, np.array([[a_m2, both], [both, c_2]])
