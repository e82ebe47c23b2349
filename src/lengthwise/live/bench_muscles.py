"""Speed of muscle lengths, beside plain MuJoCo on the same poses in the same run.

The peer is what MuJoCo needs for the same result: joint positions already known, `mj_kinematics`
and `mj_tendon` (for moment arms also `mj_comPos`, without which its tendon Jacobian means nothing).
Ours sets the joint positions from thirteen coordinates, and turns the Jacobian by joints into one
by coordinates. Ours and the peer take turns, so that both see the same load of the machine.
"""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import TypedDict

import mujoco
import numpy as np

from lengthwise.body.anatomy import VALID_HIGH_RAD, VALID_LOW_RAD, Anatomy

_SEED = 20260101


class BenchResult(TypedDict):
    """One line of `bench --json`; `against`: peer time / our time, so more is better."""

    name: str
    median: float
    p99: float
    unit: str
    against: dict[str, float]


def bench_muscles(*, frames: int = 2000, batch: int = 2000) -> list[BenchResult]:
    """Seconds per frame for one pose at a time, with moment arms, and for a whole batch."""
    anatomy = Anatomy.build()
    rng = np.random.default_rng(_SEED)
    poses_rad = rng.uniform(VALID_LOW_RAD, VALID_HIGH_RAD, (max(frames, batch), len(VALID_LOW_RAD)))
    peer = _Peer(anatomy, poses_rad)
    results = [
        _result(
            "muscles.lengths.frame",
            lambda i: anatomy.lengths_m(poses_rad[i]),
            peer.lengths,
            count=frames,
        ),
        _result(
            "muscles.moment_arms.frame",
            lambda i: anatomy.lengths_and_moment_arms(poses_rad[i]),
            peer.lengths_and_jacobian,
            count=frames,
        ),
    ]
    part = max(1, batch // 10)
    results.append(
        _result(
            "muscles.lengths.batch",
            lambda i: anatomy.lengths_batch_m(poses_rad[i * part : (i + 1) * part]),
            lambda i: peer.lengths_of(range(i * part, (i + 1) * part)),
            count=batch // part,
            frames_each=part,
        )
    )
    return results


class _Peer:
    """Plain MuJoCo on the same model and the same joint positions."""

    def __init__(self, anatomy: Anatomy, poses_rad: np.ndarray) -> None:
        self._model = anatomy.model
        self._data = mujoco.MjData(self._model)
        self._positions = anatomy.joint_positions(poses_rad)

    def lengths(self, i: int) -> np.ndarray:
        self._data.qpos[:] = self._positions[i]
        mujoco.mj_kinematics(self._model, self._data)
        mujoco.mj_tendon(self._model, self._data)
        return np.array(self._data.ten_length)

    def lengths_and_jacobian(self, i: int) -> np.ndarray:
        self._data.qpos[:] = self._positions[i]
        mujoco.mj_kinematics(self._model, self._data)
        mujoco.mj_comPos(self._model, self._data)
        mujoco.mj_tendon(self._model, self._data)
        return np.array(self._data.ten_J)

    def lengths_of(self, indices: range) -> list[np.ndarray]:
        return [self.lengths(i) for i in indices]


def _result(
    name: str,
    ours: Callable[[int], object],
    peer: Callable[[int], object],
    *,
    count: int,
    frames_each: int = 1,
) -> BenchResult:
    """Times ours and the peer in turn; seconds per frame."""
    ours_s: list[float] = []
    peer_s: list[float] = []
    for i in range(count):
        for call, times in ((ours, ours_s), (peer, peer_s)):
            begin = perf_counter()
            call(i)
            times.append((perf_counter() - begin) / frames_each)
    return BenchResult(
        name=name,
        median=median(ours_s),
        p99=float(np.quantile(ours_s, 0.99)),
        unit="s",
        against={"mujoco": median(peer_s) / median(ours_s)},
    )
