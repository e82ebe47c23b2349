"""A small step that no landmark alone tells is told by all of them."""

from math import radians

import numpy as np

from lengthwise.body import estimator, projection
from lengthwise.body.fusion import expected
from lengthwise.body.kinematic_chain import JOINT
from lengthwise.body.landmark_errors import landmark_covariance
from lengthwise.body.movement import Movement, nothing_seen
from lengthwise.body.stepping import image_differences_m, step_sds
from lengthwise.contracts.observation import CameraStream, Posture, View
from lengthwise.sim.motions import motions

PX_PER_M = 300.0
STEPS = 400


class Lunge:
    """Someone in a lunge, seen from the side: what a movement shows and what errors do."""

    def __init__(self) -> None:
        lunge = next(m for m in motions() if m.posture is Posture.HALF_KNEELING)
        camera = CameraStream(1280, 720, 30.0, View.LEFT, False, Posture.HALF_KNEELING)
        params = estimator.Params((camera,), lunge.posture, lunge.start_rad)
        model = params.model
        mean = model.first_mean.copy()
        mean[model.layout.view(projection.YAW)] = np.pi / 2
        there = expected(model, mean, model.first, 4.0, dt_s=1 / 30)
        rows = params.shown
        self.slope = there.slope[rows, : projection.JOINT_COUNT]
        self.place = there.slope[rows, model.layout.root : model.layout.root + 3]
        self.root = model.root
        self.sds_m = image_differences_m(params.fast_sd_m, np.full(len(rows), model.white_m))
        self.joint_rad = np.zeros(projection.JOINT_COUNT)
        self.joint_rad[JOINT["hip_flexion_l"]] = radians(-1.8)
        self.joint_rad[JOINT["knee_flexion_l"]] = radians(-1.8)
        self.joint_rad[JOINT["knee_flexion_r"]] = radians(1.8)

    def sds_of(self, apart_m: np.ndarray, t_s: float = 10.0) -> float:
        none = nothing_seen(len(apart_m))
        means = np.zeros((3, len(apart_m)))
        means[1] = PX_PER_M * apart_m
        when = np.zeros(len(apart_m))
        return step_sds(
            Movement(means, when, when + 10.0, none.last),
            self.slope,
            self.place,
            self.root,
            image_sds_m=self.sds_m,
            px_per_m=PX_PER_M,
            t_s=t_s,
        )

    def errors_m(self, rng: np.random.Generator) -> np.ndarray:
        """(26,) of the differences: what left and right share of theirs, shared."""
        points = landmark_covariance()
        sd = np.sqrt(points.diagonal())
        correlation = np.eye(len(self.sds_m))
        correlation[:24, :24] = points / np.outer(sd, sd)
        return self.sds_m * rng.multivariate_normal(np.zeros(len(self.sds_m)), correlation)


def test_of_errors_alone_it_has_a_spread_of_about_one() -> None:
    lunge, rng = Lunge(), np.random.default_rng(3)
    sds = np.array([lunge.sds_of(lunge.errors_m(rng)) for _ in range(STEPS)])
    assert abs(sds.mean()) < 0.25
    assert 0.75 < sds.std() < 1.25


def test_a_step_is_told_that_no_landmark_tells() -> None:
    lunge = Lunge()
    step_m = lunge.slope @ lunge.joint_rad
    assert np.abs(step_m / lunge.sds_m).max() < 3.5
    assert lunge.sds_of(step_m) > 1.0


def test_a_body_that_sways_makes_no_step() -> None:
    lunge = Lunge()
    sway_m = lunge.place @ np.array([0.02, 0.01, 0.0])
    assert lunge.sds_of(sway_m) < 0.0


def test_what_is_not_seen_now_tells_nothing() -> None:
    lunge = Lunge()
    assert lunge.sds_of(lunge.slope @ lunge.joint_rad, t_s=11.0) == 0.0
