"""What really happened while a simulated person was coached: nothing of it comes from an estimate.

A coordinate is beyond its tolerance when the true pose differs by more from the true pose of the
last second before the way in began. Positions are of the true pose between the person's own marks,
in the same anatomical model.
"""

from dataclasses import dataclass

import numpy as np

from lengthwise.body.anatomy import Anatomy
from lengthwise.coach.compensation import Limit
from lengthwise.coach.plan import SidePlan
from lengthwise.coach.settings import Settings
from lengthwise.contracts.coordinates import ANATOMICAL, INDEX
from lengthwise.contracts.muscles import GROUP_INDEX
from lengthwise.reference.exercises import Behaviour
from lengthwise.sim.motion import Traits
from lengthwise.sim.stance import Stance
from lengthwise.tissue.groups import GroupLengths

_ANATOMICAL = slice(INDEX[ANATOMICAL[0]], INDEX[ANATOMICAL[-1]] + 1)
_REST_S = 1.0
_LEAST_M = 1e-4
"""Marks nearer than this have no window between them."""


@dataclass(frozen=True)
class Truth:
    """At n instants. `beyond` (n, constraints); `position` (n, targets), NaN where the marks of a
    target leave no window; `arrived` (n,) every moved coordinate is at its end; `progress` (n,).
    """

    beyond: np.ndarray
    position: np.ndarray
    arrived: np.ndarray
    progress: np.ndarray

    def effective(self, plan: SidePlan, gauges: np.ndarray) -> np.ndarray:
        """(n,) whether an instant of a hold deserves to count. `gauges` (n,): the target whose
        position the coach goes by, -1 for none: then none is in its window."""
        kept = ~self.beyond.any(axis=1)
        behaviour = plan.exercise.behaviour
        if behaviour is Behaviour.HELD_STILL:
            return np.asarray(kept & self.arrived)
        if behaviour is not Behaviour.HELD_IN_WINDOW:
            return np.asarray(kept)
        inside = np.zeros_like(kept)
        for n, gauge in enumerate(gauges):
            if gauge >= 0:
                window = plan.windows[gauge]
                inside[n] = window.low <= self.position[n, gauge] <= window.high
        return np.asarray(kept & inside)

    def over(self, plan: SidePlan) -> np.ndarray:
        """(n, targets) which are really above their ceilings; only a stretch has any."""
        if plan.exercise.behaviour is not Behaviour.HELD_IN_WINDOW or not plan.windows:
            return np.zeros((len(self.progress), len(plan.targets)), dtype=bool)
        ceilings = np.array([window.ceiling for window in plan.windows])
        return np.asarray(np.nan_to_num(self.position) > ceilings)

    def cycles(self, plan: SidePlan) -> int:
        """Cycles of the true movement: times that it went through its middle the same way."""
        both = any(part.other_span_rad for part in plan.path)
        above = self.progress > (0.0 if both else 0.5)
        up, down = above[1:] & ~above[:-1], ~above[1:] & above[:-1]
        return int(max(up.sum(), down.sum()))


def truth_of(
    plan: SidePlan,
    settings: Settings,
    *,
    times_s: np.ndarray,
    poses_rad: np.ndarray,
    at_s: np.ndarray,
    begun_s: float,
    traits: Traits,
    anatomy: Anatomy,
) -> Truth:
    """`times_s` (m,), `poses_rad` (m, 21) as simulated; at the instants `at_s` (n,) of a hold whose
    way in began at `begun_s`."""
    rest = poses_rad[(times_s > begun_s - _REST_S) & (times_s <= begun_s)].mean(axis=0)
    poses = poses_rad[np.searchsorted(times_s, at_s - 1e-6)]
    return Truth(
        beyond=beyond(plan.limits, poses - rest),
        position=_positions(plan, poses, traits, anatomy),
        arrived=_arrived(plan, poses, settings),
        progress=_progress(plan, poses - rest),
    )


def beyond(limits: tuple[Limit, ...], change_rad: np.ndarray) -> np.ndarray:
    """(n, limits) of changes (n, 21) since the start."""
    found = np.zeros((len(change_rad), len(limits)), dtype=bool)
    for i, limit in enumerate(limits):
        change = change_rad[:, INDEX[limit.coordinate]]
        passed = np.abs(change) if limit.direction == 0 else change * limit.direction
        found[:, i] = passed > limit.tolerance_rad
    return found


def _positions(plan: SidePlan, poses: np.ndarray, traits: Traits, anatomy: Anatomy) -> np.ndarray:
    rows = [GROUP_INDEX[target] for target in plan.targets]
    if not rows:
        return np.zeros((len(poses), 0))
    groups, stance = GroupLengths.over(anatomy), Stance(plan.exercise)
    marked = [stance.pose_rad(s) for s in (traits.first_resistance, traits.tolerance)]
    lengths = groups.lengths_batch_m(np.concatenate([marked, poses])[:, _ANATOMICAL])[:, rows]
    span = lengths[1] - lengths[0]
    span = np.where(span > _LEAST_M, span, np.nan)
    return np.asarray((lengths[2:] - lengths[0]) / span)


def _arrived(plan: SidePlan, poses: np.ndarray, settings: Settings) -> np.ndarray:
    arrived = np.ones(len(poses), dtype=bool)
    for part in plan.path:
        short = (part.start_rad + part.span_rad - poses[:, INDEX[part.coordinate]]) * (
            1.0 if part.span_rad > 0 else -1.0
        )
        arrived &= short <= settings.reached_tolerance_rad
    return arrived


def _progress(plan: SidePlan, change_rad: np.ndarray) -> np.ndarray:
    along, norm = np.zeros(len(change_rad)), 0.0
    for part in plan.path:
        along += part.span_rad * change_rad[:, INDEX[part.coordinate]]
        norm += part.span_rad**2
    return along / norm if norm else along
