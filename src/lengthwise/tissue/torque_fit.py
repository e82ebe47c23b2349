"""A person's passive figures from torques that were measured in known postures.

For each group that is let free two numbers move, the slack shift and the stiffness scale; where it
is asked for, the five of the joint's rest too. Least squares of

    (model - measured) / sd of the torque,  and of the way of each number from where it began over
    its own sd,

within bounds: what the torques do not show stays where it was (the population, or the marks), and
the fitted covariance says what they did show. Groups that share an arm over the joint cannot be
told apart by its torque: the covariance of one group alone does not say that, that of all numbers
together (`TorqueFit.covariance`) does.

Errors that samples have in common, as of a lever, are columns of `TorqueSamples.shared_nm`: they
are taken out by whitening, so that a hundred samples do not make a wrong lever sure. With
`doubt_rest` the rest stays in its shape and errs by an offset and a factor (`rest_sd_nm`,
`rest_sd_ratio`), two numbers more.
"""

from collections.abc import Sequence
from math import log

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.codec import frozen_array
from lengthwise.reference.constants import constant, constants
from lengthwise.reference.passive_torque import RestTorque
from lengthwise.tissue.passive_curve import GroupCurves
from lengthwise.tissue.passive_tension import (
    PersonalTension,
    TensionSource,
    with_level_in_figures,
)

_STIFFNESS_BOUND = log(constant("tension", "stiffness_ratio_bound"))
_SHIFT_SDS = constant("tension", "shift_fit_sds")
_REST = [constants("tension")[f"rest_fit_{name}"] for name in RestTorque.__struct_fields__]
_REST_START = RestTorque(*(of.value for of in _REST))
_REST_SD = [constant("tension", f"rest_fit_{name}_sd") for name in RestTorque.__struct_fields__]
_DOUBT_SD = [constant("tension", "rest_sd_nm"), constant("tension", "rest_sd_ratio")]
_REST_LOW, _REST_HIGH = [of.low for of in _REST], [of.high for of in _REST]


class TorqueSamples(Struct, frozen=True):
    """Torques about one coordinate in k known postures, after each other.

    `angle_rad` (k,) of the coordinate, `length_m` (k, 32), `arm_m` (k, 32) d length / d coordinate
    in m/rad, `torque_nm` (k,) passive torque, positive in the sense of the coordinate, and its
    `sd_nm` (k,), each sample's own. `shared_nm` (k, m): how one sd of each of m errors changes
    them all; None: they have none in common.
    """

    angle_rad: np.ndarray
    length_m: np.ndarray
    arm_m: np.ndarray
    torque_nm: np.ndarray
    sd_nm: np.ndarray
    shared_nm: np.ndarray | None = None


class TorqueFit(Struct, frozen=True):
    """What came out; `rest` None where none was given or asked for.

    `numbers` (n,) and their `covariance` (n, n): a (m) of each free group, ln c of each where it
    was free, then those of the rest. `rest_error`: offset (N.m) and relative size, both 0 unless
    doubted.
    `misfit_ratio`: root mean square of what is left over what the sds explain, near 1.
    """

    personal: PersonalTension
    rest: RestTorque | None
    rmse_nm: float
    numbers: np.ndarray
    covariance: np.ndarray
    rest_error: tuple[float, float]
    misfit_ratio: float


def modelled_nm(
    curves: GroupCurves, personal: PersonalTension, rest: RestTorque | None, samples: TorqueSamples
) -> np.ndarray:
    """(k,) torques of the groups through their arms, and of the rest where there is one."""
    stretch_m = personal.anchor_stretch_m + personal.stiffness_ratio * (
        samples.length_m - personal.anchor_m
    )
    rows = np.flatnonzero(np.abs(samples.arm_m).max(axis=0) > 1e-6).tolist()
    torque_nm = np.zeros(len(samples.angle_rad))
    for row in rows:
        torque_nm -= samples.arm_m[:, row] * curves.read(row, stretch_m[:, row])[0]
    if rest is not None:
        torque_nm += rest_nm(rest, samples.angle_rad)
    return torque_nm


def fit_torque(
    curves: GroupCurves,
    before: PersonalTension,
    samples: TorqueSamples,
    *,
    rows: Sequence[int],
    rest: RestTorque | None = None,
    free_rest: bool = False,
    free_stiffness: bool = True,
    doubt_rest: bool = False,
    near: np.ndarray | None = None,
) -> TorqueFit:
    """Fit of the groups `rows` of GROUP_SIDES, the others staying as they are.

    `rest`: where the rest begins, and stays unless `free_rest`. None: a start of our own with
    `free_rest`, else muscles alone. `near` (n,): where to look first, as of a fit before with the
    same numbers; None: where they began. Raises ValueError where the rest is to be free and
    doubted.
    """
    if free_rest and doubt_rest:
        raise ValueError("a rest that is free is not doubted besides")
    # Imported here: 13 MB, and who is led without a force sensor needs none of it.
    from scipy.optimize import least_squares

    rows = list(rows)
    before = with_level_in_figures(curves, before, rows)
    begin = rest or (_REST_START if free_rest else None)
    problem = _Problem(
        curves, before, samples, rows, begin, free_rest, free_stiffness, doubt_rest,
        _whitening(samples),
    )  # fmt: skip
    low, high = problem.bounds()
    found = least_squares(
        problem.residuals,
        problem.start() if near is None else near,
        bounds=(low, high),
        x_scale=problem.scale(),
    )
    personal, fitted_rest = problem.placed(found.x)
    within = np.linalg.pinv(found.jac.T @ found.jac)
    misfit = problem.residuals(found.x)[: len(samples.torque_nm)]
    covariance = before.covariance.copy()
    source = list(before.source)
    for i, row in enumerate(rows):
        pick = [i, len(rows) + i] if free_stiffness else [i]
        covariance[row][np.ix_(range(len(pick)), range(len(pick)))] = within[np.ix_(pick, pick)]
        source[row] = TensionSource.MEASURED_TORQUE
    personal = replace(personal, covariance=frozen_array(covariance), source=tuple(source))
    error_nm = problem.error_nm(found.x)
    offset_nm, factor = problem.rest_error(found.x)
    return TorqueFit(
        personal,
        fitted_rest,
        float(np.sqrt(np.mean(error_nm**2))),
        frozen_array(found.x),
        frozen_array(within),
        (offset_nm, factor),
        float(np.sqrt(np.mean(misfit**2))),
    )


def rest_nm(rest: RestTorque, angle_rad: np.ndarray) -> np.ndarray:
    """(k,) torque of the rest at angles (k,)."""
    low = np.exp(np.minimum(rest.low_log_nm - rest.low_rate * angle_rad, 30.0))
    high = np.exp(np.minimum(rest.high_log_nm + rest.high_rate * angle_rad, 30.0))
    return np.asarray(rest.offset_nm + low - high)


def _whitening(samples: TorqueSamples) -> np.ndarray:
    """(k,) or (k, k): what errors (k,) are multiplied by to be alike and independent."""
    if samples.shared_nm is None:
        return np.asarray(1.0 / samples.sd_nm)
    together = np.diag(samples.sd_nm**2) + samples.shared_nm @ samples.shared_nm.T
    return np.linalg.inv(np.linalg.cholesky(together))


class _Problem(Struct, frozen=True):
    """Numbers: a (m) of each free group, then ln c of each, then those of the rest."""

    curves: GroupCurves
    before: PersonalTension
    samples: TorqueSamples
    rows: list[int]
    rest: RestTorque | None
    free_rest: bool
    free_stiffness: bool
    doubt_rest: bool
    whitening: np.ndarray

    def start(self) -> np.ndarray:
        a = self.before.anchor_stretch_m[self.rows]
        c = np.log(self.before.stiffness_ratio[self.rows]) if self.free_stiffness else []
        return np.concatenate([a, c, self._rest_numbers(), self._doubts(0.0)])

    def scale(self) -> np.ndarray:
        variance = self.before.covariance[self.rows]
        c = np.sqrt(variance[:, 1, 1]) if self.free_stiffness else []
        rest = _REST_SD if self.free_rest else []
        doubts = _DOUBT_SD if self.doubt_rest else []
        return np.concatenate([np.sqrt(variance[:, 0, 0]), c, rest, doubts])

    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        count = len(self.rows)
        reach = _SHIFT_SDS * self.scale()[:count]
        c = np.full(count if self.free_stiffness else 0, _STIFFNESS_BOUND)
        a = self.before.anchor_stretch_m[self.rows]
        low, high = (_REST_LOW, _REST_HIGH) if self.free_rest else ([], [])
        free = self._doubts(np.inf)
        return np.concatenate([a - reach, -c, low, -free]), np.concatenate(
            [a + reach, c, high, free]
        )

    def placed(self, x: np.ndarray) -> tuple[PersonalTension, RestTorque | None]:
        count = len(self.rows)
        a, c = self.before.anchor_stretch_m.copy(), self.before.stiffness_ratio.copy()
        a[self.rows] = x[:count]
        if self.free_stiffness:
            c[self.rows] = np.exp(x[count : 2 * count])
        personal = replace(
            self.before, anchor_stretch_m=frozen_array(a), stiffness_ratio=frozen_array(c)
        )
        if not self.free_rest:
            return personal, self.rest
        return personal, RestTorque(*(float(v) for v in x[-len(_REST_SD) :]))

    def error_nm(self, x: np.ndarray) -> np.ndarray:
        """(k,) model less what was measured."""
        personal, rest = self.placed(x)
        offset_nm, factor = self.rest_error(x)
        modelled = modelled_nm(self.curves, personal, rest, self.samples) + offset_nm
        if factor and rest is not None:
            modelled += factor * rest_nm(rest, self.samples.angle_rad)
        return np.asarray(modelled - self.samples.torque_nm)

    def rest_error(self, x: np.ndarray) -> tuple[float, float]:
        return (float(x[-2]), float(x[-1])) if self.doubt_rest else (0.0, 0.0)

    def residuals(self, x: np.ndarray) -> np.ndarray:
        error_nm, w = self.error_nm(x), self.whitening
        white = error_nm * w if w.ndim == 1 else w @ error_nm
        return np.concatenate([white, self._prior() @ (x - self.start())])

    def _prior(self) -> np.ndarray:
        """Whitens the numbers' way from where they began: a and ln c of a group may go together."""
        count = len(self.rows)
        root = np.diag(1.0 / self.scale())
        if self.free_stiffness:
            for i, row in enumerate(self.rows):
                pick = np.ix_([i, count + i], [i, count + i])
                root[pick] = np.linalg.inv(np.linalg.cholesky(self.before.covariance[row]))
        return root

    def _doubts(self, value: float) -> np.ndarray:
        return np.full(2 if self.doubt_rest else 0, value)

    def _rest_numbers(self) -> tuple[float, ...]:
        if not self.free_rest or self.rest is None:
            return ()
        r = self.rest
        return (r.offset_nm, r.low_log_nm, r.low_rate, r.high_log_nm, r.high_rate)
