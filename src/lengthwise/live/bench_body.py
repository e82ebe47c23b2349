"""Speed of the body estimate with a camera and two inertial sensors, contacts included.

Per camera frame: the whole step, from the landmarks to the angles with their covariance and what
may be claimed of them; inertial samples have been taken in before. In the same run, turn by turn,
the peer of `bench_peer`, where it is installed, solves the same frames.
"""

from time import perf_counter

import numpy as np
from msgspec import Struct

from lengthwise.body import estimator
from lengthwise.body.session import assumed_lengths_m
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.observation import LandmarkFrame, PersonSignal
from lengthwise.live import bench_peer
from lengthwise.reference.exercises import exercise
from lengthwise.reference.postures import posture_mean_rad
from lengthwise.sim.recording import Plan, SimulatedRecording

MEDIAN_LIMIT_S, P99_LIMIT_S = 1.0e-3, 2.5e-3
WITHOUT_PEER = "body.step: mink is not installed, so no peer; pip install 'lengthwise[bench]'"
_WARM_FRAMES = 60
_EXERCISE = "half_kneeling_hip_flexor"


class BodySpeed(Struct, frozen=True):
    """Seconds per frame (n,) of the step, and the peer's solutions of the same frames, none where
    it is not installed."""

    ours_s: np.ndarray
    peer: tuple[bench_peer.Solved, ...]

    def against(self) -> dict[str, float]:
        """Peer or limit over our time: medians, and the 99th percentiles for `limit_p99`."""
        median, p99 = (float(v) for v in np.percentile(self.ours_s, [50, 99]))
        found = {"limit": MEDIAN_LIMIT_S / median, "limit_p99": P99_LIMIT_S / p99}
        if self.peer:
            found["mink"] = float(np.median([s.seconds for s in self.peer])) / median
            found["mink_one_step"] = float(np.median([s.first_s for s in self.peer])) / median
        return found


def body_speed(duration_s: float) -> BodySpeed:
    """A simulated lunge, standing first; the first two seconds of frames are not counted."""
    plan = Plan(
        _EXERCISE, Side.LEFT, seed=1, sensors="camera+sacrum+thigh_l", duration_s=duration_s
    )
    recording = SimulatedRecording(plan)
    assert recording.camera is not None
    posture = exercise(_EXERCISE).start_posture
    params = estimator.Params(
        recording.header.streams, posture, posture_mean_rad(posture), zero_s=(0.5, plan.stand_s)
    )
    state = estimator.start(params)
    peer = None
    if bench_peer.installed():
        model = bench_peer.skeleton(assumed_lengths_m(None))
        peer = bench_peer.MinkPeer(model, np.zeros(model.nq))
    ours_s, solved = [], []
    for observation in list(recording.read()):
        if isinstance(observation, PersonSignal):
            continue
        begun_s = perf_counter()
        state, _ = estimator.step(params, state, observation)
        if not isinstance(observation, LandmarkFrame):
            continue
        ours_s.append(perf_counter() - begun_s)
        if peer is not None:
            solved.append(peer.solve(bench_peer.points_m(recording.camera, observation)))
    warm = min(_WARM_FRAMES, len(ours_s) // 2)
    return BodySpeed(np.array(ours_s[warm:]), tuple(solved[warm:]))
