"""What the weight of a leg does about one of its joints, in a pose.

Let U be the weight's potential energy, the sum over what lies beyond the joint of m g z. By virtual
work its torque about the coordinate i is

    torque_i = -dU/dq_i,

above 0 where the weight turns the joint in the sense of its coordinate: a leg that is raised lying
on the back is lowered by it, below 0. It needs no axis, and the attitude of the pelvis is in the
pose; z is along what is up there, which of somebody who lies on the side is the other side. Masses
and their centres are shares of body mass and of the lengths between joints (de Leva 1996). Errors
of the masses, of their centres and of the pose enter to first order; what is wrong with the masses
is wrong alike through a whole pull.
"""

from math import hypot, sqrt

import numpy as np
from msgspec import Struct

from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.coordinates import INDEX, Coordinate, Side
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant

_G = constant("anatomy", "gravity_m_s2")
_STEP_RAD = 1e-3
_PARTS = {"thigh": ("femur", "tibia"), "shank": ("tibia", "talus"), "foot": ("calcn", "toes")}
"""Between which bones' origins (the joints; heel and toes) each lies."""
_BEYOND = {
    "hip_flexion": ("thigh", "shank", "foot"),
    "hip_adduction": ("thigh", "shank", "foot"),
    "hip_rotation": ("thigh", "shank", "foot"),
    "knee_flexion": ("shank", "foot"),
    "ankle_dorsiflexion": ("foot",),
}
_ATTITUDE = (Coordinate.PELVIS_TILT, Coordinate.PELVIS_OBLIQUITY, Coordinate.PELVIS_ROTATION)
UPWARDS = (0.0, 0.0, 1.0)
LYING_ON = {Side.LEFT: (-1.0, 0.0, 0.0), Side.RIGHT: (1.0, 0.0, 0.0)}
"""What is up in the world of a placed body (`body.conventions`), by the side that is down; the
frame of somebody who lies on the side lies too (`body.side_lying`)."""


def _figure(name: str) -> float:
    return constant("tension", name)


_MASS = {part: _figure(f"limb_{part}_ratio") for part in _PARTS}
_CENTRE = {part: _figure(f"limb_{part}_centre_ratio") for part in _PARTS}
_MASS_SD, _CENTRE_SD = _figure("limb_mass_sd_ratio"), _figure("limb_centre_sd_ratio")


class LimbWeight(Struct, frozen=True):
    """N.m in the sense of the coordinate; sds of what is wrong alike in every pose of the person
    (masses and centres) and of what the pose's own error makes."""

    torque_nm: float
    alike_sd_nm: float
    pose_sd_nm: float

    @property
    def estimate(self) -> Estimate:
        return Estimate(self.torque_nm, hypot(self.alike_sd_nm, self.pose_sd_nm))


def on_leg(coordinate: Coordinate) -> bool:
    return coordinate.value.rpartition("_")[0] in _BEYOND


def chain_of(coordinate: Coordinate) -> tuple[Coordinate, ...]:
    """The coordinates that the torque of the limb's weight about a joint depends on. Raises
    ValueError for one that is no joint of a leg."""
    if not on_leg(coordinate):
        raise ValueError(f"{coordinate.value} is no joint of a leg")
    side = coordinate.value[-1]
    return (*_ATTITUDE, *(Coordinate(f"{joint}_{side}") for joint in _BEYOND))


def limb_weight(
    anatomy: Anatomy,
    body_mass_kg: Estimate,
    coordinate: Coordinate,
    *,
    pose_rad: np.ndarray,
    chain_covariance_rad2: np.ndarray,
    up: tuple[float, float, float] = UPWARDS,
) -> LimbWeight:
    """At a pose (21,), with the covariance (8, 8) of `chain_of` the coordinate; `up` in the world
    of the placed body."""
    chain = [INDEX[c] for c in chain_of(coordinate)]
    name, _, side = coordinate.value.rpartition("_")
    beyond, at = _BEYOND[name], INDEX[coordinate]
    share = np.array([_CENTRE[part] for part in beyond])
    weight_n = np.array([_MASS[part] for part in beyond]) * body_mass_kg.mean * _G

    standing = anatomy.placing()

    def turns(pose: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(n,) each: torque of every part, and what a share further along it would add."""
        rises = []
        for way in (1.0, -1.0):
            moved = pose.copy()
            moved[at] += way * _STEP_RAD
            placed = standing(moved)
            rises.append(
                [[placed.body(f"{b}_{side}").xpos @ up for b in _PARTS[part]] for part in beyond]
            )
        near, far = (np.array(rises[0]) - np.array(rises[1])).T / (2.0 * _STEP_RAD)
        return -weight_n * (near + share * (far - near)), -weight_n * (far - near)

    parts, further = turns(pose_rad)
    mean_nm = float(parts.sum())
    by_pose = np.zeros(len(chain))
    for i, place in enumerate(chain):
        if chain_covariance_rad2[i, i] > 0.0:
            moved = pose_rad.copy()
            moved[place] += 10.0 * _STEP_RAD
            by_pose[i] = (float(turns(moved)[0].sum()) - mean_nm) / (10.0 * _STEP_RAD)
    of_masses = float((_MASS_SD * parts) @ (_MASS_SD * parts))
    of_centres = float((_CENTRE_SD * further) @ (_CENTRE_SD * further))
    of_body = mean_nm * body_mass_kg.sd / body_mass_kg.mean
    variance = float(by_pose @ chain_covariance_rad2 @ by_pose)
    return LimbWeight(mean_nm, sqrt(of_masses + of_centres + of_body**2), sqrt(max(variance, 0.0)))
