"""The weight of the limb taken out of a session's pull, once the session is over.

At rest what tissue resists with balances what pulls and what weighs. The limb hangs in the line
alone where the person lies on the back or on the front, where somebody who sits has a shank or a
foot pulled, and where somebody who lies on the side has a leg pulled away from the other one: that
is the upper leg, and nothing is above it. In every other posture the floor or the other leg bears
part of it, nobody measured which, and the torque stays that of the pull. On the side hip and knee
bend about an axis that is upright: no weight turns them, whoever bears it, and there is nothing to
take out but what a leg rubs on that it lies on, which nobody measured either.
"""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from msgspec import Struct

from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.coordinates import INDEX, Coordinate, Side
from lengthwise.contracts.observation import Posture
from lengthwise.contracts.states import BodyState, Estimate
from lengthwise.tissue.limb_weight import LYING_ON, UPWARDS, chain_of, limb_weight, on_leg

_MOST = 60
_LYING = (Posture.SUPINE, Posture.PRONE)
_BENDS = ("hip_flexion", "knee_flexion", "ankle_dorsiflexion")


class WeightStays(StrEnum):
    """Why the weight of the limb is not taken out of the torque."""

    BORNE = "borne"
    UPRIGHT_AXIS = "upright_axis"


class Posed(Struct, frozen=True):
    """The body at a moment: pose (21,), and the covariance (8, 8) of what carries the limb."""

    t_s: float
    pose_rad: np.ndarray
    chain_covariance_rad2: np.ndarray


class Weighed(Struct, frozen=True):
    """(k,) at `t_s`: torque of the limb's weight in the sense of the coordinate, what of its sd is
    alike in all poses, and what the pose's own error makes."""

    t_s: np.ndarray
    torque_nm: np.ndarray
    alike_sd_nm: np.ndarray
    pose_sd_nm: np.ndarray

    def at(self, t_s: float) -> Estimate:
        sd_nm = np.hypot(self.alike_sd_nm, self.pose_sd_nm)
        found = (float(np.interp(t_s, self.t_s, of)) for of in (self.torque_nm, sd_nm))
        return Estimate(*found)


def weight_stays(posture: Posture, coordinate: Coordinate, way: int) -> WeightStays | None:
    """None where nothing but the line and the joint carries the limb beyond it. `way` of the pull:
    whether it makes the coordinate more (1) or less (-1)."""
    joint = coordinate.value.rpartition("_")[0]
    if not on_leg(coordinate):
        return WeightStays.BORNE
    if posture in _LYING or (posture is Posture.SITTING and not joint.startswith("hip")):
        return None
    if posture is Posture.SIDE_LYING and joint in _BENDS:
        return WeightStays.UPRIGHT_AXIS
    away = joint == "hip_adduction" and way < 0
    return None if posture is Posture.SIDE_LYING and away else WeightStays.BORNE


def upwards(posture: Posture, coordinate: Coordinate) -> tuple[float, float, float]:
    """What is up in the world of the placed body, of a limb that hangs in its line: on the side it
    is the upper one."""
    if posture is not Posture.SIDE_LYING:
        return UPWARDS
    return LYING_ON[Side(coordinate.value[-1]).other]


def posed(body: BodyState, coordinate: Coordinate) -> Posed:
    chain = [INDEX[c] for c in chain_of(coordinate)]
    return Posed(body.t_s, body.mean_rad, body.covariance_rad2[np.ix_(chain, chain)])


def weighed(
    anatomy: Anatomy,
    body_mass_kg: Estimate,
    coordinate: Coordinate,
    poses: Sequence[Posed],
    *,
    up: tuple[float, float, float] = UPWARDS,
) -> Weighed:
    """Of a whole session, at no more than some moments of it: a limb is moved slowly."""
    if len(poses) > _MOST:
        poses = [poses[i] for i in np.linspace(0, len(poses) - 1, _MOST).astype(int)]
    found = [
        limb_weight(
            anatomy,
            body_mass_kg,
            coordinate,
            pose_rad=p.pose_rad,
            chain_covariance_rad2=p.chain_covariance_rad2,
            up=up,
        )
        for p in poses
    ]
    return Weighed(
        np.array([p.t_s for p in poses]),
        np.array([w.torque_nm for w in found]),
        np.array([w.alike_sd_nm for w in found]),
        np.array([w.pose_sd_nm for w in found]),
    )
