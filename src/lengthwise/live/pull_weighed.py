"""The weight of the limb taken out of a session's pull, once the session is over.

At rest what tissue resists with balances what pulls and what weighs. The limb hangs in the line
alone where the person lies on the back or on the front, or where somebody who sits has a shank or
a foot pulled. In every other posture the floor bears part of it, nobody measured which, and the
torque stays that of the pull.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.coordinates import INDEX, Coordinate
from lengthwise.contracts.observation import Posture
from lengthwise.contracts.states import BodyState, Estimate
from lengthwise.tissue.limb_weight import chain_of, limb_weight, on_leg

_MOST = 60
_LYING = (Posture.SUPINE, Posture.PRONE)


class Posed(Struct, frozen=True):
    """The body at a moment: pose (21,), and the covariance (7, 7) of what carries the limb."""

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


def hangs(posture: Posture, coordinate: Coordinate) -> bool:
    """Whether nothing but the line and the joint carries the limb beyond it."""
    if not on_leg(coordinate):
        return False
    if posture in _LYING:
        return True
    return posture is Posture.SITTING and not coordinate.value.startswith("hip")


def posed(body: BodyState, coordinate: Coordinate) -> Posed:
    chain = [INDEX[c] for c in chain_of(coordinate)]
    return Posed(body.t_s, body.mean_rad, body.covariance_rad2[np.ix_(chain, chain)])


def weighed(
    anatomy: Anatomy, body_mass_kg: Estimate, coordinate: Coordinate, poses: Sequence[Posed]
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
        )
        for p in poses
    ]
    return Weighed(
        np.array([p.t_s for p in poses]),
        np.array([w.torque_nm for w in found]),
        np.array([w.alike_sd_nm for w in found]),
        np.array([w.pose_sd_nm for w in found]),
    )
