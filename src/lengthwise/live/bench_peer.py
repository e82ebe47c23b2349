"""A peer for the body estimate: differential inverse kinematics of the same skeleton, by mink.

mink (Zakka 2024, Apache-2.0) solves for joint angles alone: no covariance, no errors of sensors,
no inertial sensors, no contacts, no gates. What it is asked for here, per camera frame: the angles
of the filter's skeleton (22 degrees of freedom: mid-hip, pelvis, lower back, chest, hips, knees,
ankles; lengths as the filter assumes them) so that its twelve points lie nearest to the frame's
twelve landmarks as points in space (image depth over the pose model's gain, distance known), within
the joints' ranges, weakly drawn to the last frame's pose. It begins at the last frame's solution
and takes full steps until a step brings the points no more than a tenth of a millimetre nearer
(root mean square), 20 at most, mostly two or three; the first alone is timed too
(`mink_one_step`). The one difference of the skeletons: here the trunk's three rods stand at
the joints below them, in `body.projection` at the middle of the angles at their two ends.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from time import perf_counter
from typing import Any

import mujoco
import numpy as np

from lengthwise.body.landmark_reading import POINTS
from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.observation import LandmarkFrame
from lengthwise.reference.joint_limits import joint_limits_rad
from lengthwise.sim.camera import Camera

NAMES = tuple(
    f"{point}_{side}"
    for point in ("shoulder", "hip", "knee", "ankle", "heel", "toe")
    for side in ("l", "r")
)
"""Sites of the skeleton in the order of the filter's landmarks."""
NO_NEARER_M = 1e-4
MOST_STEPS = 20
_POSTURE_COST = 0.03
"""Against 1 per metre of a point: without it, axial turns of limbs are free where a knee is
straight."""
_DEPTH_GAIN = 3.7
"""Between those of shoulders (2.9) and hips (4.5), in `reference/constants_data/sim.toml`."""


def installed() -> bool:
    return find_spec("mink") is not None


def _hinge(name: str, axis: str, coordinate: Coordinate | None = None) -> str:
    limits = joint_limits_rad()
    low, high = limits[coordinate] if coordinate is not None else (-np.pi, np.pi)
    return f'<joint name="{name}" type="hinge" axis="{axis}" range="{low} {high}" limited="true"/>'


def _leg(side: str, lateral: int, body_m: np.ndarray) -> str:
    def of(name: str, axis: str) -> str:
        return _hinge(f"{name}_{side}", axis, Coordinate(f"{name}_{side}"))

    hip, thigh, shank, ankle, heel, toe = body_m[4:]
    return f"""
    <body pos="0 {lateral * hip} 0"><geom size="0.05"/><site name="hip_{side}"/>
     {of("hip_flexion", "0 -1 0")}{of("hip_adduction", f"{-lateral} 0 0")}
     {of("hip_rotation", f"0 0 {-lateral}")}
     <body pos="0 0 {-thigh}"><geom size="0.05"/><site name="knee_{side}"/>
      {of("knee_flexion", "0 1 0")}
      <body pos="0 0 {-shank}"><geom size="0.05"/><site name="ankle_{side}"/>
       {of("ankle_dorsiflexion", "0 -1 0")}
       <site name="heel_{side}" pos="{-heel} 0 {-ankle}"/>
       <site name="toe_{side}" pos="{toe} 0 {-ankle}"/>
    </body></body></body>"""


def skeleton(body_m: np.ndarray) -> mujoco.MjModel:
    """The filter's skeleton with its lengths (10,) as in `projection.seen`; axes as there.

    Joint positions: mid-hip x, y, z; pelvis rotation, obliquity, tilt; lumbar flexion, side-bend,
    rotation; the same of the chest on top; per leg hip flexion, adduction, rotation, knee, ankle.
    """
    pelvis, lumbar, chest, shoulder = body_m[:4]
    slides = "".join(f'<joint type="slide" axis="{axis}"/>' for axis in ("1 0 0", "0 1 0", "0 0 1"))
    turns = ("0 1 0", "1 0 0", "0 0 1")
    trunk = ("lumbar_flexion", "lumbar_side_bend", "lumbar_rotation")
    return mujoco.MjModel.from_xml_string(f"""<mujoco><compiler angle="radian"/>
    <worldbody><body>{slides}<geom size="0.05"/>
     {_hinge("rotation", "0 0 1")}{_hinge("obliquity", "-1 0 0")}{_hinge("tilt", "0 1 0")}
     <body pos="0 0 {pelvis}"><geom size="0.05"/>
      {"".join(_hinge(n, a, Coordinate(n)) for n, a in zip(trunk, turns, strict=True))}
      <body pos="0 0 {lumbar}"><geom size="0.05"/>
       {"".join(_hinge(f"chest_{i}", axis) for i, axis in enumerate(turns))}
       <site name="shoulder_l" pos="0 {shoulder} {chest}"/>
       <site name="shoulder_r" pos="0 {-shoulder} {chest}"/>
     </body></body>
     {_leg("l", 1, body_m)}{_leg("r", -1, body_m)}
    </body></worldbody></mujoco>""")


def points_m(eye: Camera, frame: LandmarkFrame) -> np.ndarray:
    """(12, 3) landmarks of a frame in the world, from mid-hip."""
    px_per_m = eye.focal_px / eye.distance_m
    right, down = ((frame.xy_px - frame.xy_px[POINTS[2:4]].mean(axis=0)) / px_per_m).T
    away = frame.image_z_px / (_DEPTH_GAIN * px_per_m)
    return np.asarray((np.stack([right, -down, away], axis=1) @ eye.axes)[POINTS])


@dataclass(frozen=True)
class Solved:
    """`steps` taken in `seconds`, of which the first took `first_s`; `off_m` root mean square
    distance of the points from their landmarks."""

    steps: int
    seconds: float
    first_s: float
    off_m: float


class MinkPeer:
    """Inverse kinematics frame by frame. `start` (nq,) where it begins."""

    def __init__(self, model: mujoco.MjModel, start: np.ndarray) -> None:
        import mink

        self._mink: Any = mink
        self._configuration = mink.Configuration(model, q=start)
        self._sites = np.array([model.site(name).id for name in NAMES])
        self._points = [mink.FrameTask(name, "site", 1.0, 0.0, lm_damping=1e-3) for name in NAMES]
        self._posture = mink.PostureTask(model, cost=_POSTURE_COST)
        self._limits = [mink.ConfigurationLimit(model)]

    def solve(self, targets_m: np.ndarray) -> Solved:
        """The pose nearest to twelve points (12, 3) in the world."""
        begun_s = perf_counter()
        mink, configuration = self._mink, self._configuration
        for task, target in zip(self._points, targets_m, strict=True):
            task.set_target(mink.SE3.from_translation(target))
        self._posture.set_target(configuration.q)
        tasks = [*self._points, self._posture]
        off_m, first_s = self._off_m(targets_m), 0.0
        for step in range(1, MOST_STEPS + 1):
            velocity = mink.solve_ik(configuration, tasks, 1.0, "daqp", limits=self._limits)
            configuration.integrate_inplace(velocity, 1.0)
            if step == 1:
                first_s = perf_counter() - begun_s
            before_m, off_m = off_m, self._off_m(targets_m)
            if off_m > before_m - NO_NEARER_M:
                break
        return Solved(step, perf_counter() - begun_s, first_s, off_m)

    def _off_m(self, targets_m: np.ndarray) -> float:
        apart_m = self._configuration.data.site_xpos[self._sites] - targets_m
        return float(np.sqrt((apart_m * apart_m).sum() / len(apart_m)))
