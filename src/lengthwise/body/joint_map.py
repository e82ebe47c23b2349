"""From the thirteen anatomical coordinates to every joint position of the model.

`mj_kinematics` ignores equality constraints, so what follows a coordinate is set here:
- each lumbar level by its published share of the total (`reference/lumbar_shares.toml`);
- at the knee, slide and turn of the shank and the path of the patella as polynomials of knee
  flexion, with the coefficients that the model declares (Rajagopal et al. 2016). They were fitted
  up to 120 degrees; beyond, the shank goes on along its tangent, as OpenSim's splines do. The
  patella leaves its polynomials earlier, see `_rolling_on`;
- the abdomen, to which only the obliques attach, by the model's own share of lumbar flexion. That
  share is unproven, and nothing is said about the obliques.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin

import mujoco
import numpy as np
from msgspec import Struct

from lengthwise.body.anatomy_build import Coupling
from lengthwise.body.conventions import JOINT_AXES
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import Coordinate
from lengthwise.reference.constants import constant
from lengthwise.reference.lumbar_shares import LUMBAR_TOTALS, shares_of

_KNEE_HINGES = {
    a.hinges[0]: i
    for i, a in enumerate(JOINT_AXES)
    if a.coordinate.value.startswith("knee_flexion_")
}
_FLEXION = [a.coordinate for a in JOINT_AXES].index(Coordinate.LUMBAR_FLEXION)
_ABDOMEN = "Abs_r3"
_PATELLA = "patella_"
_KNEE_FIT_END_RAD = radians(120.0)
_PATELLA_ROLLS_FROM_RAD = constant("anatomy", "patella_rolls_from_rad")


class JointCurve(Struct, frozen=True):
    """How the position of one joint follows one coordinate q (m or radians of radians).

    The polynomial of `coefficients` (5,) c0..c4 up to `end_rad`; with v its slope there and d the
    way beyond it, the position goes on by

        v sin(turn d) / turn + bend (1 - cos(turn d)) / turn^2,

    which is the tangent v d where `turn` and `bend` are zero.
    """

    coordinate: int
    coefficients: tuple[float, ...]
    end_rad: float = float("inf")
    bend: float = 0.0
    turn: float = 0.0

    def at(self, angle_rad: float) -> tuple[float, float]:
        """Position and its slope in the coordinate."""
        c0, c1, c2, c3, c4 = self.coefficients
        fitted = min(angle_rad, self.end_rad)
        position = c0 + fitted * (c1 + fitted * (c2 + fitted * (c3 + fitted * c4)))
        slope = c1 + fitted * (2.0 * c2 + fitted * (3.0 * c3 + fitted * 4.0 * c4))
        beyond = angle_rad - fitted
        if self.turn == 0.0:
            return position + slope * beyond, slope
        s, c = sin(self.turn * beyond), cos(self.turn * beyond)
        return (
            position + (slope * s + self.bend * (1.0 - c) / self.turn) / self.turn,
            slope * c + self.bend * s / self.turn,
        )


@dataclass(frozen=True)
class JointMap:
    """Joint positions: `rest` (nq,), and in its place the curve of each address of the positions
    that follows a coordinate."""

    rest: np.ndarray
    curves: dict[int, JointCurve]

    @classmethod
    def over(
        cls, model: mujoco.MjModel, couplings: Sequence[Coupling], *, thigh_scale: float = 1.0
    ) -> "JointMap":
        """`thigh_scale`: slides at the knee are lengths and grow with the thigh."""
        curves: dict[int, JointCurve] = {}
        for i, axis in enumerate(JOINT_AXES):
            total = axis.coordinate in LUMBAR_TOTALS
            shares = shares_of(axis.coordinate) if total else (1.0,)
            for hinge, share in zip(axis.hinges, shares, strict=True):
                curves[_address(model, hinge)] = _line(i, axis.sign * share)
        for coupling in couplings:
            address = _address(model, coupling.joint)
            if coupling.joint == _ABDOMEN:
                sign = JOINT_AXES[_FLEXION].sign
                curves[address] = _line(_FLEXION, sign * coupling.coefficients[1])
            elif coupling.follows in _KNEE_HINGES:
                curves[address] = _of_knee(model, coupling, thigh_scale)
        for body in range(model.nbody):
            if model.body(body).name.startswith(_PATELLA):
                curves |= _rolling_on(model, body, curves)
        return cls(rest=frozen_array(model.qpos0), curves=curves)

    def position(self, anatomical_rad: np.ndarray) -> np.ndarray:
        """(13,) to (nq,): joint positions, the pelvis at its zero attitude."""
        out = np.array(self.rest)
        for address, curve in self.curves.items():
            out[address] += curve.at(float(anatomical_rad[curve.coordinate]))[0]
        return out


def _line(coordinate: int, slope: float) -> JointCurve:
    return JointCurve(coordinate, (0.0, slope, 0.0, 0.0, 0.0))


def _of_knee(model: mujoco.MjModel, coupling: Coupling, thigh_scale: float) -> JointCurve:
    slides = model.joint(coupling.joint).type[0] == mujoco.mjtJoint.mjJNT_SLIDE
    scale = thigh_scale if slides else 1.0
    coefficients = tuple(scale * c for c in coupling.coefficients)
    return JointCurve(_KNEE_HINGES[coupling.follows], coefficients, _KNEE_FIT_END_RAD)


def _rolling_on(
    model: mujoco.MjModel, patella: int, curves: dict[int, JointCurve]
) -> dict[int, JointCurve]:
    """The joints of a patella, which beyond `patella_rolls_from_rad` keeps turning about the point
    of the femur about which it turns there: a circle about the condyle.

    With h the axis of its hinge and w its slope, a velocity v is turned on to w h x v: what a slide
    along a takes of that is the bend of its curve.
    """
    start = int(model.body_jntadr[patella])
    joints = list(range(start, start + int(model.body_jntnum[patella])))
    curve = {j: curves[int(model.jnt_qposadr[j])] for j in joints}
    slope = {j: curve[j].at(_PATELLA_ROLLS_FROM_RAD)[1] for j in joints}
    (hinge,) = (j for j in joints if model.jnt_type[j] == mujoco.mjtJoint.mjJNT_HINGE)
    slides = [j for j in joints if j != hinge]
    velocity = sum(slope[j] * model.jnt_axis[j] for j in slides)
    onward = slope[hinge] * np.cross(model.jnt_axis[hinge], velocity)
    out = {
        int(model.jnt_qposadr[j]): JointCurve(
            curve[j].coordinate,
            curve[j].coefficients,
            _PATELLA_ROLLS_FROM_RAD,
            float(onward @ model.jnt_axis[j]),
            slope[hinge],
        )
        for j in slides
    }
    turning = curve[hinge]
    out[int(model.jnt_qposadr[hinge])] = JointCurve(
        turning.coordinate, turning.coefficients, _PATELLA_ROLLS_FROM_RAD
    )
    return out


def _address(model: mujoco.MjModel, joint: str) -> int:
    return int(model.joint(joint).qposadr[0])
