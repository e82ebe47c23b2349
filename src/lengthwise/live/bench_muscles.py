"""Speed of muscle lengths, beside plain MuJoCo and OpenSim on the same poses in the same run.

MuJoCo does what it needs for the same result: joint positions already known, `mj_kinematics` and
`mj_tendon` (for moment arms also `mj_comPos`, without which its tendon Jacobian means nothing).
Ours also sets the joints from thirteen coordinates, and its Jacobian is by coordinates. OpenSim,
where it is installed (`bench_opensim`), gives the lengths of its own 318 muscles, every twentieth
frame. Ours and the peers take turns, so that all see the same load of the machine.
"""

from collections.abc import Callable
from functools import cache
from statistics import median
from time import perf_counter
from typing import TypedDict

import mujoco
import numpy as np
from msgspec import Struct

from lengthwise.body.anatomy import VALID_HIGH_RAD, VALID_LOW_RAD, Anatomy
from lengthwise.live import bench_opensim

LENGTHS_LIMIT_S, ARMS_LIMIT_S, BATCH_LIMIT_S = 20e-6, 45e-6, 12.5e-6
"""Per frame; the last is 80,000 frames a second."""
WITHOUT_OPENSIM = (
    "muscles.lengths: opensim and pose2sim are not installed, so no such peer; pip install "
    "'lengthwise[bench-opensim]', then pip install --no-deps pose2sim==0.10.49"
)
_SEED = 20260101
_OPENSIM_EVERY, _PARTS = 20, 40


class BenchResult(TypedDict):
    """One line of `bench --json`; `against`: peer time / our time, so more is better."""

    name: str
    median: float
    p99: float
    unit: str
    against: dict[str, float]


class _Timed(Struct, frozen=True):
    """`call` does the frames of part i; it is asked for every `every`-th part."""

    call: Callable[[int], object]
    every: int = 1


def bench_muscles(*, frames: int = 2000, batch: int = 2000) -> list[BenchResult]:
    """Seconds per frame for one pose at a time, with moment arms, and for a whole batch."""
    anatomy = Anatomy.build()
    rng = np.random.default_rng(_SEED)
    poses_rad = rng.uniform(VALID_LOW_RAD, VALID_HIGH_RAD, (max(frames, batch), len(VALID_LOW_RAD)))
    peer = _Peer(anatomy, poses_rad)
    lengths = {"mujoco": _Timed(peer.lengths)}
    if bench_opensim.installed():
        opensim = _OpenSim(poses_rad)
        lengths["opensim"] = _Timed(opensim.lengths, _OPENSIM_EVERY)
    # Short parts, so that another process on the machine falls into few of them.
    part = max(1, batch // _PARTS)
    of_part = {"mujoco": _Timed(lambda i: peer.lengths_of(range(i * part, (i + 1) * part)))}
    return [
        _result(
            "muscles.lengths.frame",
            lambda i: anatomy.lengths_m(poses_rad[i]),
            lengths,
            count=frames,
            limit_s=LENGTHS_LIMIT_S,
        ),
        _result(
            "muscles.moment_arms.frame",
            lambda i: anatomy.lengths_and_moment_arms(poses_rad[i]),
            {"mujoco": _Timed(peer.lengths_and_jacobian)},
            count=frames,
            limit_s=ARMS_LIMIT_S,
        ),
        _result(
            "muscles.lengths.batch",
            lambda i: anatomy.lengths_batch_m(poses_rad[i * part : (i + 1) * part]),
            of_part,
            count=batch // part,
            frames_each=part,
            limit_s=BATCH_LIMIT_S,
        ),
    ]


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


class _OpenSim:
    """OpenSim on the same poses, its joint positions already known."""

    def __init__(self, poses_rad: np.ndarray) -> None:
        self._model = bench_opensim.OpenSimLengths()
        self._positions = cache(lambda i: self._model.positions(poses_rad[i]))
        for i in range(0, len(poses_rad), _OPENSIM_EVERY):
            self._positions(i)

    def lengths(self, i: int) -> np.ndarray:
        return self._model.lengths_m(self._positions(i))


def _result(
    name: str,
    ours: Callable[[int], object],
    peers: dict[str, _Timed],
    *,
    count: int,
    limit_s: float,
    frames_each: int = 1,
) -> BenchResult:
    """Times ours and the peers in turn; seconds per frame. The first of each is not counted."""
    calls = {"": _Timed(ours), **peers}
    seconds: dict[str, list[float]] = {who: [] for who in calls}
    for timed in calls.values():
        timed.call(0)
    for i in range(count):
        for who, timed in calls.items():
            if i % timed.every == 0:
                begin = perf_counter()
                timed.call(i)
                seconds[who].append((perf_counter() - begin) / frames_each)
    ours_s = seconds.pop("")
    middle = median(ours_s)
    against = {who: median(theirs_s) / middle for who, theirs_s in seconds.items()}
    return BenchResult(
        name=name,
        median=middle,
        p99=float(np.quantile(ours_s, 0.99)),
        unit="s",
        against={**against, "limit": limit_s / middle},
    )
