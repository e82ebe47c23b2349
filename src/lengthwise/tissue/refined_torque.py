"""A person's passive figures and the torque of a joint from one slow pull with a force sensor.

In: torques of the tissue about one coordinate in k known postures (`band.torque` or
`measured_torque` make them of forces), and what was known before, of marks or of the population.
Every group that crosses the joint may move, slack and stiffness, within its own doubt; the rest of
the joint errs by an offset and a factor (`torque_fit`). Errors that all readings share are told
apart from each reading's own, or many readings would make a wrong lever sure:

- of the sensor: `ratio` of every torque (a lever, a gain) and `offset_nm` (a tare, the limb's
  weight at this angle);
- of the posture: one error (13,) through the whole pull with the covariance of the joint angles.

Both are taken through the fitted curves, the first fit without them and a second one with: a factor
on torques as they were measured would draw the fit to the smaller ones.

Out: figures of those groups that the torques told of, all others as they were; and the torque that
the joint resists with in any posture, from all numbers together: what groups with like arms have to
themselves is not known apart, their sum is.

Not in it: that tension relaxes in a hold (the pull must be steady and slow), muscles at work, and
that the anatomical model is off by another length in another posture while the pull goes on.
"""

from collections.abc import Sequence
from enum import StrEnum
from math import sqrt

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import ANATOMICAL, Coordinate
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant
from lengthwise.reference.passive_torque import RestTorque, usual_rest
from lengthwise.tissue.groups import GroupLengths, check_posture
from lengthwise.tissue.moments import model_variance_m2, within_model_rad
from lengthwise.tissue.passive_curve import GroupCurves
from lengthwise.tissue.passive_tension import PersonalTension, with_level_in_figures
from lengthwise.tissue.torque_fit import (
    TorqueFit,
    TorqueSamples,
    fit_torque,
    modelled_nm,
    rest_nm,
)

_MIN_READINGS = int(constant("tension", "refine_min_readings"))
_MISFIT = constant("tension", "refine_misfit_ratio")
_INFORMS = constant("tension", "refine_informs_ratio")
_ANOTHER_RAD = constant("tissue", "geometry_posture_rad")
_CROSSES_M = 1e-3
"""Arms shorter than this about a joint say nothing of a muscle by its torque."""


class RefiningAbsent(StrEnum):
    """Why nothing was refined."""

    TOO_FEW_READINGS = "too_few_readings"
    TORQUES_CONTRADICT = "torques_contradict"


class TorqueReading(Struct, frozen=True):
    """One moment: `posture_rad` (13,); passive torque, positive in the sense of the coordinate
    (below 0 where tissue resists a flexion), with the sd of its own error."""

    posture_rad: np.ndarray
    torque_nm: Estimate


class SharedError(Struct, frozen=True):
    """Sds of what is wrong alike in all readings of a pull; `covariance_rad2` (13, 13) of the
    posture, None: known exactly."""

    ratio: float = 0.0
    offset_nm: float = 0.0
    covariance_rad2: np.ndarray | None = None


class _Pull(Struct, frozen=True):
    coordinate: Coordinate
    postures_rad: np.ndarray
    shared: SharedError


class RefinedTorque(Struct, frozen=True):
    """What a pull told.

    `personal`: figures for the tissue engine, replaced where `rows` of GROUP_SIDES say so. The
    torque itself rests on `fit`, in which all groups that cross the joint (`crossing`) moved.
    `postures_rad` (k, 13) of the pull, `typical_arms_m` (32, 13) root mean square over it.
    """

    coordinate: Coordinate
    personal: PersonalTension
    rows: tuple[int, ...]
    crossing: tuple[int, ...]
    fit: TorqueFit
    postures_rad: np.ndarray
    typical_arms_m: np.ndarray

    def passive_nm(
        self,
        groups: GroupLengths,
        curves: GroupCurves,
        posture_rad: np.ndarray,
        covariance_rad2: np.ndarray,
    ) -> Estimate:
        """Passive torque about the coordinate at a posture (13,) with covariance (13, 13), of
        muscles and rest, positive in the sense of the coordinate.

        The posture's error counts in full, as if it had nothing in common with that of the pull;
        what the anatomical model errs by counts as a difference to the nearest posture of the
        pull, as between two moments in `moments`. Raises ValueError for another shape or
        non-finite values.
        """
        check_posture(posture_rad, covariance_rad2, len(ANATOMICAL))
        at = _samples(groups, self.coordinate, within_model_rad(posture_rad)[None])
        fit, rows = self.fit, list(self.crossing)
        mean_nm = float(modelled_nm(curves, fit.personal, fit.rest, at)[0])
        by_rest = np.array([1.0, 0.0])
        if fit.rest is not None:
            by_rest[1] = rest_nm(fit.rest, at.angle_rad)[0]
        mean_nm += float(by_rest @ np.array(fit.rest_error))
        by_a, by_c = _by_figures(curves, fit.personal, at, rows)
        by_all = np.concatenate([by_a, by_c, by_rest])
        variance = float(by_all @ fit.covariance @ by_all)
        by_posture = _by_posture(groups, curves, fit, self.coordinate, posture_rad, covariance_rad2)
        variance += float(by_posture @ by_posture)
        by_length = by_a * fit.personal.stiffness_ratio[rows]
        variance += float(by_length**2 @ self._model_m2(curves, posture_rad)[rows])
        return Estimate(mean_nm, sqrt(max(variance, 0.0)))

    def _model_m2(self, curves: GroupCurves, posture_rad: np.ndarray) -> np.ndarray:
        """(32,) variance of what the model errs by in a length here and did not in the pull."""
        here_rad = within_model_rad(posture_rad)
        weights = self.typical_arms_m / np.maximum(
            self.typical_arms_m.max(axis=1, keepdims=True), _CROSSES_M
        )
        ways = (here_rad - self.postures_rad)[:, None, :] * weights
        nearest = sqrt(3.0) * np.linalg.norm(ways, axis=2).min(axis=0) / _ANOTHER_RAD
        apart = 1.0 - (1.0 + nearest) * np.exp(-nearest)
        return np.asarray(2.0 * apart * (model_variance_m2(here_rad) + curves.fascicle_sd_m**2))


def refined_torque(
    groups: GroupLengths,
    curves: GroupCurves,
    before: PersonalTension,
    coordinate: Coordinate,
    readings: Sequence[TorqueReading],
    *,
    shared: SharedError | None = None,
) -> RefinedTorque | RefiningAbsent:
    """Of one slow pull. `before`: the population, calibrated with the person's marks if there are
    any, on the body of `groups` and `curves`. Raises ValueError for a torque that is no number or
    has no sd.
    """
    if len(readings) < _MIN_READINGS:
        return RefiningAbsent.TOO_FEW_READINGS
    torque_nm = np.array([r.torque_nm.mean for r in readings])
    sd_nm = np.array([r.torque_nm.sd for r in readings])
    if not (np.isfinite(torque_nm).all() and np.isfinite(sd_nm).all() and np.all(sd_nm > 0.0)):
        raise ValueError("torques must be finite and have an sd above 0")
    postures = within_model_rad(np.array([r.posture_rad for r in readings]))
    samples = replace(_samples(groups, coordinate, postures), torque_nm=torque_nm, sd_nm=sd_nm)
    crossing = tuple(np.flatnonzero(np.abs(samples.arm_m).max(axis=0) > _CROSSES_M).tolist())
    rest = usual_rest(coordinate)
    fit = _fitted(curves, before, samples, crossing, rest)
    pull = _Pull(coordinate, postures, shared or SharedError())
    shared_nm = _shared_nm(groups, curves, fit, samples, pull)
    samples = replace(samples, shared_nm=shared_nm)
    fit = _fitted(curves, before, samples, crossing, rest, fit.numbers)
    if fit.misfit_ratio > _MISFIT:
        return RefiningAbsent.TORQUES_CONTRADICT
    known = with_level_in_figures(curves, before, crossing)
    personal, rows = _informed(before, known, fit.personal, crossing)
    arms_m = np.array([groups.lengths_and_slopes(p)[1] for p in postures])
    return RefinedTorque(
        coordinate,
        personal,
        rows,
        crossing,
        fit,
        frozen_array(postures),
        frozen_array(np.sqrt(np.mean(arms_m**2, axis=0))),
    )


def _shared_nm(
    groups: GroupLengths,
    curves: GroupCurves,
    fit: TorqueFit,
    samples: TorqueSamples,
    pull: "_Pull",
) -> np.ndarray:
    """(k, m) how one sd of each error that the pull has throughout changes its torques."""
    modelled = modelled_nm(curves, fit.personal, fit.rest, samples)
    columns = [pull.shared.ratio * modelled, np.full(len(modelled), pull.shared.offset_nm)]
    if pull.shared.covariance_rad2 is not None:
        of_posture = [
            _by_posture(groups, curves, fit, pull.coordinate, p, pull.shared.covariance_rad2)
            for p in pull.postures_rad
        ]
        columns.extend(np.array(of_posture).T)
    return np.column_stack(columns)


def _fitted(
    curves: GroupCurves,
    before: PersonalTension,
    samples: TorqueSamples,
    crossing: Sequence[int],
    rest: RestTorque | None,
    near: np.ndarray | None = None,
) -> TorqueFit:
    return fit_torque(curves, before, samples, rows=crossing, rest=rest, doubt_rest=True, near=near)


def _informed(
    before: PersonalTension,
    known: PersonalTension,
    after: PersonalTension,
    crossing: Sequence[int],
) -> tuple[PersonalTension, tuple[int, ...]]:
    """`before` with the figures of those groups of which the torques told, and which these are.

    `known`: the same as `before` with the doubt of the levels, which for a marked muscle is most
    of what is doubtful about its slack, among that of the figures.
    """
    rows = [
        row
        for row in crossing
        if after.covariance[row, 0, 0] < _INFORMS**2 * known.covariance[row, 0, 0]
    ]
    changed = {}
    for name in ("anchor_stretch_m", "stiffness_ratio", "covariance", "level_log_sd"):
        values = getattr(before, name).copy()
        values[rows] = getattr(after, name)[rows]
        changed[name] = frozen_array(values)
    source = tuple(
        after.source[row] if row in rows else was for row, was in enumerate(before.source)
    )
    return replace(before, source=source, **changed), tuple(rows)


def _samples(
    groups: GroupLengths, coordinate: Coordinate, postures_rad: np.ndarray
) -> TorqueSamples:
    """At postures (k, 13), without torques."""
    place, found = (
        ANATOMICAL.index(coordinate),
        [groups.lengths_and_slopes(p) for p in postures_rad],
    )
    return TorqueSamples(
        postures_rad[:, place],
        np.array([length for length, _ in found]),
        np.array([arms[:, place] for _, arms in found]),
        np.zeros(len(postures_rad)),
        np.ones(len(postures_rad)),
    )


def _by_figures(
    curves: GroupCurves, personal: PersonalTension, at: TorqueSamples, rows: Sequence[int]
) -> tuple[np.ndarray, np.ndarray]:
    """(g,) each: what the torque of one sample changes by per metre of a and per ln c."""
    by_a, by_c = np.empty(len(rows)), np.empty(len(rows))
    for i, row in enumerate(rows):
        c = float(personal.stiffness_ratio[row])
        way_m = c * (float(at.length_m[0, row]) - float(personal.anchor_m[row]))
        stretch_m = np.array([float(personal.anchor_stretch_m[row]) + way_m])
        by_a[i] = -at.arm_m[0, row] * curves.read(row, stretch_m)[1][0]
        by_c[i] = by_a[i] * way_m
    return by_a, by_c


def _by_posture(
    groups: GroupLengths,
    curves: GroupCurves,
    fit: TorqueFit,
    coordinate: Coordinate,
    posture_rad: np.ndarray,
    covariance_rad2: np.ndarray,
) -> np.ndarray:
    """(13,) what one sd along each axis of the posture's error changes the torque by."""
    sizes, axes = np.linalg.eigh(covariance_rad2)
    steps = (axes * np.sqrt(np.maximum(sizes, 0.0))).T
    ends = within_model_rad(np.concatenate([posture_rad + steps, posture_rad - steps]))
    at = _samples(groups, coordinate, ends)
    torque_nm = modelled_nm(curves, fit.personal, fit.rest, at)
    return np.asarray(0.5 * (torque_nm[: len(steps)] - torque_nm[len(steps) :]))
