"""Simulated inertial sensors on the body's segments.

A sensor's axes are those of its segment (x front, z up in standing) turned by an unknown mounting
error; it reads specific force and angular rate with bias and noise.
"""

from dataclasses import dataclass, field

import numpy as np
from msgspec import Struct
from scipy.spatial.transform import Rotation

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.observation import Axis, ImuSample, ImuStream, Segment
from lengthwise.reference.constants import constant
from lengthwise.sim.skeleton import Figure

GRAVITY_M_S2 = np.array([0.0, 0.0, 9.81])
_ORDER = {segment: i for i, segment in enumerate(Segment)}


@dataclass(frozen=True)
class Imu:
    """One sensor. `noise` scales mounting error, bias and noise; 0 gives an exact sensor."""

    segment: Segment
    seed: int
    rate_hz: float = 100.0
    noise: float = 1.0
    rot_segment_from_sensor: np.ndarray = field(init=False)
    acc_bias_m_s2: np.ndarray = field(init=False)
    gyr_bias_rad_s: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        rng = _draws(self.seed, self.segment, 0)
        mount = self.noise * constant("sim", "imu_mount_sd_rad") * rng.standard_normal(3)
        acc = self.noise * constant("sim", "imu_acc_bias_sd_m_s2") * rng.standard_normal(3)
        gyr = self.noise * constant("sim", "imu_gyr_bias_sd_rad_s") * rng.standard_normal(3)
        object.__setattr__(self, "rot_segment_from_sensor", Rotation.from_rotvec(mount).as_matrix())
        object.__setattr__(self, "acc_bias_m_s2", acc)
        object.__setattr__(self, "gyr_bias_rad_s", gyr)

    def stream(self) -> ImuStream:
        return ImuStream(
            self.segment,
            self.rate_hz,
            forward_axis=Axis.X,
            sensor_name=f"simulated {self.segment.value}",
        )


class State(Struct, frozen=True):
    """The last two poses of the segment, for rates and accelerations."""

    count: int = 0
    t_s: float = 0.0
    rotation: np.ndarray | None = None
    origin_m: np.ndarray | None = None
    velocity_m_s: np.ndarray | None = None


def step(imu: Imu, state: State, t_s: float, seen: Figure) -> tuple[State, ImuSample]:
    rotation = seen.rotation[imu.segment]
    origin = seen.origin_m[imu.segment]
    dt_s = t_s - state.t_s
    velocity, acceleration, rate = np.zeros(3), np.zeros(3), np.zeros(3)
    if state.rotation is not None and state.origin_m is not None and dt_s > 0:
        velocity = (origin - state.origin_m) / dt_s
        turn = state.rotation.T @ rotation
        rate = np.array([turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]])
        rate = rate / (2 * dt_s)
        if state.velocity_m_s is not None:
            acceleration = (velocity - state.velocity_m_s) / dt_s
    to_sensor = imu.rot_segment_from_sensor.T
    rng = _draws(imu.seed, imu.segment, state.count + 1)
    noise = imu.noise * rng.standard_normal((2, 3))
    acc = to_sensor @ rotation.T @ (acceleration + GRAVITY_M_S2) + imu.acc_bias_m_s2
    gyr = to_sensor @ rate + imu.gyr_bias_rad_s
    acc = acc + constant("sim", "imu_acc_noise_m_s2") * noise[0]
    gyr = gyr + constant("sim", "imu_gyr_noise_rad_s") * noise[1]
    moved = State(
        state.count + 1,
        t_s,
        frozen_array(rotation),
        frozen_array(origin),
        frozen_array(velocity) if state.rotation is not None else None,
    )
    return moved, ImuSample(t_s, imu.segment, _triple(acc), _triple(gyr))


def _draws(seed: int, segment: Segment, count: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=seed, counter=[0, _ORDER[segment], 3, count]))


def _triple(v: np.ndarray) -> tuple[float, float, float]:
    return (float(v[0]), float(v[1]), float(v[2]))
