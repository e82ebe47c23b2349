"""The variables carried on in time: joints by their pace, errors by processes of their own."""

import numpy as np
from msgspec import Struct
from numba import njit

from lengthwise.body.kinematic_chain import JOINTS, TRUNK_JOINTS
from lengthwise.body.matrices import drifted
from lengthwise.body.pace import LONGEST_S, kept_at
from lengthwise.body.process import Model
from lengthwise.reference.constants import constant

_TRUNK = np.concatenate([TRUNK_JOINTS["sagittal"], TRUNK_JOINTS["frontal"]])
_WIDENING = constant("body", "widening_with_deviation_ratio")


class Drift(Struct, frozen=True, eq=False):
    """What depends on the estimate while time passes.

    `home` (19,): where the joints tend to, as deviation from the start posture; `line_growth_rad`
    (2,): sd that the change of each line since the zero pose adds to its error; `explained` (19,)
    of the joints' deviations, what goes with the legs of one who lies (`rhythm`): that needs no
    widening; `pace` (19, 19) as from `pace`, None where the joints go by the clock.
    """

    home: np.ndarray
    line_growth_rad: np.ndarray
    explained: np.ndarray
    pace: np.ndarray | None = None


class Kept(Struct, frozen=True, eq=False):
    """What is kept of each variable (n,), and of the joints (19, 19)."""

    kept: np.ndarray
    joints: np.ndarray


def predict(
    model: Model, mean: np.ndarray, covariance: np.ndarray, *, dt_s: float, drift: Drift
) -> tuple[np.ndarray, np.ndarray, Kept]:
    """Mean (n,) and covariance (n, n) after `dt_s` seconds."""
    layout = model.layout
    dt_s = max(dt_s, 0.0)
    if drift.pace is None or dt_s > LONGEST_S:
        joints = np.diag(np.exp(-dt_s / model.tau_s[: len(JOINTS)]))
    else:
        joints = kept_at(drift.pace, model.root, model.root_inverse, dt_s)
    moved, widened, kept = _predict(
        model.tau_s,
        model.walk,
        model.stationary,
        dt_s,
        mean,
        covariance,
        drift.home,
        drift.line_growth_rad if layout.channels.camera is not None else _NO_LINES,
        layout.lines.start,
        joints,
        drift.explained,
    )
    return moved, widened, Kept(kept, joints)


def by_clock(
    model: Model,
    mean: np.ndarray,
    covariance: np.ndarray,
    *,
    dt_s: float,
    home: np.ndarray,
    explained: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, Kept]:
    """Mean (n,) and covariance (n, n) after the joints alone have gone on by the clock."""
    size = len(JOINTS)
    joints = np.diag(np.exp(-dt_s / model.tau_s[:size]))
    kept, gained = np.ones(len(mean)), np.zeros(len(mean))
    own = mean[_TRUNK] - explained[_TRUNK]
    gained[_TRUNK] = (_WIDENING * own) ** 2 * (1.0 - joints.diagonal()[_TRUNK] ** 2)
    moved = mean.copy()
    moved[:size] = home + joints @ (mean[:size] - home)
    return moved, drifted(covariance, joints, kept, model.stationary, gained), Kept(kept, joints)


_NO_LINES = np.empty(0)


@njit(cache=True)
def _predict(
    tau_s: np.ndarray,
    walk: np.ndarray,
    stationary: np.ndarray,
    dt_s: float,
    mean: np.ndarray,
    covariance: np.ndarray,
    home: np.ndarray,
    line_growth_rad: np.ndarray,
    lines: int,
    joints: np.ndarray,
    explained: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean (n,), covariance (n, n), and what is kept of each variable (n,)."""
    kept = np.exp(-dt_s / tau_s)
    gained = walk * dt_s
    for i in _TRUNK:
        gained[i] += (_WIDENING * (mean[i] - explained[i])) ** 2 * max(1.0 - joints[i, i] ** 2, 0.0)
    for i in range(len(line_growth_rad)):
        gained[lines + i] += line_growth_rad[i] ** 2 * (1.0 - kept[lines + i] ** 2)
    moved = kept * mean
    for i in range(len(joints)):
        moved[i] = home[i]
        for j in range(len(joints)):
            moved[i] += joints[i, j] * (mean[j] - home[j])
    return moved, drifted(covariance, joints, kept, stationary, gained), kept
