"""A linear person with Gaussian errors: what is true of any smoother can be computed outright.

Eight variables like those of the filter: some return to zero, the first two of them together, some
walk, the last ones are errors of sensors that stay.
"""

from dataclasses import dataclass

import numpy as np

from lengthwise.body.emission import Gaussian
from lengthwise.body.fusion import Reading, update, weighed
from lengthwise.body.matrices import drifted
from lengthwise.body.smoother import Moment
from lengthwise.body.trail import Corrected, Drifted, Passed
from lengthwise.contracts.coordinates import COORDINATES
from lengthwise.contracts.states import BodyState

SIZE, STEPS, READINGS = 8, 12, 3
CONSIDERED = np.arange(SIZE) >= 6
CHANCES = SIZE + STEPS * (SIZE + READINGS)
_ANEW_STEP, _ANEW_AT = 7, 3
_TOGETHER = 2


@dataclass(frozen=True)
class Plan:
    """The matrices of a session: what is kept, gained, read and with what noise, step by step.

    `joints` (2, 2): what is kept of the first two variables together.
    """

    first: np.ndarray
    stationary: np.ndarray
    gained: np.ndarray
    kept: np.ndarray
    slopes: np.ndarray
    noises: np.ndarray
    joints: np.ndarray

    def transition(self, step: int) -> np.ndarray:
        """(n, n)"""
        whole = np.diag(self.kept[step])
        whole[:_TOGETHER, :_TOGETHER] = self.joints
        return whole


def plan(seed: int, *, begins_anew: bool = False, blind: tuple[int, ...] = ()) -> Plan:
    """`begins_anew`: one variable does, with unit variance, in a step in the middle; `blind`: steps
    in which next to nothing is read."""
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(SIZE, SIZE))
    first = root @ root.T / SIZE + 0.2 * np.eye(SIZE)
    stationary = np.diag([1.0, 2.0, 0.5, 1.5, 0.0, 0.0, 0.0, 0.0])
    kept = np.tile([0.7, 0.9, 0.8, 0.85, 1.0, 1.0, 1.0, 1.0], (STEPS, 1))
    gained = np.tile([0.0, 0.0, 0.1, 0.0, 0.2, 0.0, 0.0, 0.0], (STEPS, 1))
    if begins_anew:
        # Kept to nothing, it comes to have its stationary variance.
        kept[_ANEW_STEP, _ANEW_AT] = 0.0
    slopes = rng.normal(size=(STEPS, READINGS, SIZE))
    noises = np.array([np.diag(rng.uniform(0.2, 1.0, READINGS)) for _ in range(STEPS)])
    for step in blind:
        slopes[step] = 0.0
    # Symmetric once variances are 1, so that the stationary covariance stays.
    scale = np.sqrt(stationary.diagonal()[:_TOGETHER])
    joints = np.array([[0.7, 0.15], [0.15, 0.9]]) * np.outer(scale, 1.0 / scale)
    return Plan(first, stationary, gained, kept, slopes, noises, joints)


@dataclass(frozen=True)
class Truth:
    """What really happened: `states` (steps + 1, n), `readings` (steps, m)."""

    states: np.ndarray
    readings: np.ndarray


def drawn(what: Plan, seed: int) -> Truth:
    return came_about(what, np.random.default_rng([seed, 1]).normal(size=CHANCES))


def came_about(what: Plan, chances: np.ndarray) -> Truth:
    """By what `chances` (CHANCES,), independent and of unit variance, say; linear in them."""
    first, later = chances[:SIZE], chances[SIZE:].reshape(STEPS, SIZE + READINGS)
    x = np.linalg.cholesky(what.first) @ first
    states, readings = [x], []
    for k in range(STEPS):
        x = what.transition(k) @ x + _spread_root(what, k) @ later[k, :SIZE]
        states.append(x)
        noise = np.sqrt(what.noises[k].diagonal()) * later[k, SIZE:]
        readings.append(what.slopes[k] @ x + noise)
    return Truth(np.array(states), np.array(readings))


def _spread(what: Plan, step: int) -> np.ndarray:
    """(n, n) covariance of what a step adds."""
    move = what.transition(step)
    return what.stationary - move @ what.stationary @ move.T + np.diag(what.gained[step])


def _spread_root(what: Plan, step: int) -> np.ndarray:
    values, vectors = np.linalg.eigh(_spread(what, step))
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))


def filtered(what: Plan, readings: np.ndarray, *, considered: np.ndarray | None) -> list[Moment]:
    """The session as the filter goes through it; every variable is one of the coordinates."""
    mean, covariance = np.zeros(SIZE), what.first
    moments = [_moment(0, mean, covariance, ())]
    for k in range(STEPS):
        kept = what.kept[k]
        mean = what.transition(k) @ mean
        covariance = drifted(covariance, what.joints, kept, what.stationary, what.gained[k])
        trail: tuple[Passed, ...] = (Drifted(kept, what.joints),)
        reading = Reading(readings[k] - what.slopes[k] @ mean, what.slopes[k], what.noises[k])
        whole = weighed(covariance, reading)
        after = update(mean, covariance, whole, considered=considered)
        mean, covariance = after.mean, after.covariance
        moments.append(_moment(k + 1, mean, covariance, (*trail, Corrected(whole))))
    return moments


def _moment(k: int, mean: np.ndarray, covariance: np.ndarray, trail: tuple[Passed, ...]) -> Moment:
    body = BodyState(float(k), mean, covariance, (), 1.0)
    own = Gaussian(mean, covariance, np.zeros(len(COORDINATES), dtype=bool))
    return Moment(body, own, np.ascontiguousarray(covariance), trail)


def posterior(what: Plan, readings: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean (steps + 1, n) and covariance (steps + 1, n, n) of every state given all readings.

    By one dense joint Gaussian of all states: no recursion.
    """
    total = SIZE * (STEPS + 1)
    joint = np.zeros((total, total))
    joint[:SIZE, :SIZE] = what.first
    for k in range(STEPS):
        old, new = slice(0, SIZE * (k + 1)), slice(SIZE * (k + 1), SIZE * (k + 2))
        last = slice(SIZE * k, SIZE * (k + 1))
        move = what.transition(k)
        joint[new, old] = move @ joint[last, old]
        joint[old, new] = joint[new, old].T
        joint[new, new] = move @ joint[last, last] @ move.T + _spread(what, k)
    seen = np.zeros((STEPS * READINGS, total))
    noise = np.zeros((STEPS * READINGS, STEPS * READINGS))
    for k in range(STEPS):
        rows = slice(READINGS * k, READINGS * (k + 1))
        seen[rows, SIZE * (k + 1) : SIZE * (k + 2)] = what.slopes[k]
        noise[rows, rows] = what.noises[k]
    gain = np.linalg.solve(seen @ joint @ seen.T + noise, seen @ joint).T
    mean = gain @ readings.reshape(-1)
    after = joint - gain @ seen @ joint
    each = [slice(SIZE * k, SIZE * (k + 1)) for k in range(STEPS + 1)]
    return mean.reshape(STEPS + 1, SIZE), np.array([after[at, at] for at in each])
