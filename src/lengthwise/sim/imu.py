"""Simulated inertial sensors on the body's segments.

A sensor's axes are those of its segment (x front, y left, z up in standing) turned by an unknown
mounting error; it reads specific force and angular rate, both with bias and white noise. Rates and
accelerations are differences between successive poses, so they lag by half a sample or one.

Skin and clothes do not follow the bone: the sensor is turned in its segment by a vector that has
the same direction all along and grows with the turn of the joint that moves the skin, since the
first pose.
"""

from dataclasses import dataclass, field
from math import acos

import numpy as np
from msgspec import Struct
from scipy.spatial.transform import Rotation

from lengthwise.contracts.observation import Axis, ImuSample, ImuStream, Segment
from lengthwise.reference.constants import constant
from lengthwise.sim.draws import Stream, generator, normals
from lengthwise.sim.skeleton import Figure
from lengthwise.sim.turns import turned_by

GRAVITY_M_S2 = np.array([0.0, 0.0, 9.81])
_NEXT_TO = {
    Segment.PELVIS: Segment.T12,
    Segment.T12: Segment.PELVIS,
    Segment.THORAX: Segment.PELVIS,
    Segment.THIGH_L: Segment.PELVIS,
    Segment.THIGH_R: Segment.PELVIS,
    Segment.SHANK_L: Segment.THIGH_L,
    Segment.SHANK_R: Segment.THIGH_R,
}
"""The segment against which one turns where skin is stretched."""
_PART = {segment: i for i, segment in enumerate(Segment)}
_SKIN_RATIO = constant("sim", "imu_skin_ratio")
_NOISE = np.repeat(
    [constant("sim", "imu_acc_noise_m_s2"), constant("sim", "imu_gyr_noise_rad_s")], 3
)


@dataclass(frozen=True)
class Imu:
    """One sensor. `noise` scales mounting error, bias, noise and what skin does; 0 gives an exact
    sensor. `skin` (3,): turn of the sensor in the segment, radians per radian of the joint's."""

    segment: Segment
    seed: int
    rate_hz: float = 100.0
    noise: float = 1.0
    rot_sensor_from_segment: np.ndarray = field(init=False)
    bias: np.ndarray = field(init=False)
    sd: np.ndarray = field(init=False)
    skin: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        rng = generator(self.seed, Stream.IMU_TRAIT, part=_PART[self.segment])
        mount = self.noise * constant("sim", "imu_mount_sd_rad") * rng.standard_normal(3)
        acc = constant("sim", "imu_acc_bias_sd_m_s2") * rng.standard_normal(3)
        gyr = constant("sim", "imu_gyr_bias_sd_rad_s") * rng.standard_normal(3)
        turned = Rotation.from_rotvec(mount).as_matrix().T
        object.__setattr__(self, "rot_sensor_from_segment", turned)
        object.__setattr__(self, "bias", self.noise * np.concatenate([acc, gyr]))
        object.__setattr__(self, "sd", self.noise * _NOISE)
        object.__setattr__(self, "skin", self.noise * _SKIN_RATIO * rng.standard_normal(3))

    def stream(self) -> ImuStream:
        return ImuStream(
            self.segment,
            self.rate_hz,
            forward_axis=Axis.X,
            sensor_name=f"simulated {self.segment.value}",
            up_axis=Axis.Z,
        )


class State(Struct, frozen=True):
    """The last pose of the segment and its velocity, for rates and accelerations; None at first.

    `rotation` (3, 3) of the skin on the segment to world, `origin_m` (3,), `velocity_m_s` (3,);
    `zero` (3, 3) of the segment against the one next to it in the first pose.
    """

    count: int = 0
    t_s: float = 0.0
    rotation: np.ndarray | None = None
    origin_m: np.ndarray | None = None
    velocity_m_s: np.ndarray | None = None
    zero: np.ndarray | None = None


def step(imu: Imu, state: State, t_s: float, seen: Figure) -> tuple[State, ImuSample]:
    bone = seen.rotation[imu.segment]
    joint = seen.rotation[_NEXT_TO[imu.segment]].T @ bone
    zero = joint if state.zero is None else state.zero
    rotation = _of_skin(imu, zero, joint, bone)
    origin = seen.origin_m[imu.segment]
    dt_s = t_s - state.t_s
    force, rate, velocity = GRAVITY_M_S2, np.zeros(3), None
    if state.rotation is not None and state.origin_m is not None and dt_s > 0:
        velocity = (origin - state.origin_m) / dt_s
        turn = state.rotation.T @ rotation
        (_, a, b), (c, _, d), (e, f, _) = turn.tolist()
        rate = np.array([f - d, b - e, c - a]) / (2 * dt_s)
        if state.velocity_m_s is not None:
            force = GRAVITY_M_S2 + (velocity - state.velocity_m_s) / dt_s
    to_sensor = imu.rot_sensor_from_segment
    drawn = normals(imu.seed, Stream.IMU, part=_PART[imu.segment], count=state.count, width=6)
    error = imu.bias + imu.sd * drawn
    acc = to_sensor @ (force @ rotation) + error[:3]
    gyr = to_sensor @ rate + error[3:]
    moved = State(state.count + 1, t_s, rotation, origin, velocity, zero)
    return moved, ImuSample(t_s, imu.segment, _triple(acc), _triple(gyr))


def _of_skin(imu: Imu, zero: np.ndarray, joint: np.ndarray, bone: np.ndarray) -> np.ndarray:
    """(3, 3) the segment's turn `bone` with what the skin on it does, as a small turn."""
    cosine = 0.5 * (float((zero * joint).sum()) - 1.0)
    turned = acos(min(max(cosine, -1.0), 1.0))
    return np.asarray(bone @ turned_by(turned * imu.skin))


def _triple(v: np.ndarray) -> tuple[float, float, float]:
    x, y, z = v.tolist()
    return (x, y, z)
