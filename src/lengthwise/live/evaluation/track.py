"""The body estimate over a whole recording, as arrays to be compared with a truth."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace

from lengthwise.body import estimator, smoother
from lengthwise.contracts.coordinates import COORDINATES, Coordinate
from lengthwise.contracts.observation import Observation, Rejection
from lengthwise.contracts.states import BodyState, Unseen

_ANGLES = len(COORDINATES)


@dataclass(frozen=True)
class Track:
    """One row per emitted state: `t_s` (n,), `mean_rad` (n, 21), `covariance_rad2` (n, 21, 21),
    `claimed` (n, 21) bool; the states themselves and every rejection.
    """

    t_s: np.ndarray
    mean_rad: np.ndarray
    covariance_rad2: np.ndarray
    claimed: np.ndarray
    states: tuple[BodyState, ...]
    rejections: tuple[Rejection, ...]

    @property
    def sd_rad(self) -> np.ndarray:
        """(n, 21)"""
        variance = np.diagonal(self.covariance_rad2, axis1=1, axis2=2)
        return np.asarray(np.sqrt(np.maximum(variance, 0.0)))


def track(params: estimator.Params, observations: Iterable[Observation | Rejection]) -> Track:
    """Run the estimate over observations as they come; rejections of the reader are kept."""
    return track_from(params, estimator.start(params), observations)


def track_from(
    params: estimator.Params,
    state: estimator.State,
    observations: Iterable[Observation | Rejection],
) -> Track:
    """The same from where the estimate stood."""
    states, rejections = [], []
    for observation in observations:
        if isinstance(observation, Rejection):
            rejections.append(observation)
            continue
        state, out = estimator.step(params, state, observation)
        rejections += out.rejections
        if out.state is not None:
            states.append(out.state)
    return _as_track(states, rejections)


def smoothed_track(
    params: estimator.Params, observations: Iterable[Observation | Rejection]
) -> tuple[Track, Track]:
    """The estimate as it was live, and as it is known afterwards, row by row."""
    state, live, found = replace(estimator.start(params), trail=()), [], []
    waiting: smoother.Waiting = ()
    for observation in observations:
        if isinstance(observation, Rejection):
            continue
        state, out = estimator.step(params, state, observation)
        if out.state is not None:
            live.append(out.state)
            waiting, ready = smoother.take(waiting, smoother.moment(params, state, out.state))
            found += ready
            state = replace(state, trail=())
    return _as_track(live, []), _as_track(found + smoother.smoothed(waiting), [])


def _as_track(states: list[BodyState], rejections: list[Rejection]) -> Track:
    return Track(
        t_s=np.array([s.t_s for s in states]),
        mean_rad=np.array([s.mean_rad for s in states]).reshape(-1, _ANGLES),
        covariance_rad2=np.array([s.covariance_rad2 for s in states]).reshape(-1, _ANGLES, _ANGLES),
        claimed=np.array([[u is Unseen.CLAIMED for u in s.unseen] for s in states]).reshape(
            -1, _ANGLES
        ),
        states=tuple(states),
        rejections=tuple(rejections),
    )


def columns(coordinates: Iterable[Coordinate]) -> list[int]:
    """Places of coordinates in every array over COORDINATES."""
    return [COORDINATES.index(c) for c in coordinates]
