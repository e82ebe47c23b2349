"""From the thirteen anatomical coordinates to every joint position of the model.

`mj_kinematics` ignores equality constraints, so what follows a coordinate is set here:
- each lumbar level by its published share of the total (`reference/lumbar_shares.toml`);
- at the knee, slide and turn of the shank and the path of the patella as polynomials of knee
  flexion, with the coefficients that the model declares (Rajagopal et al. 2016). They were fitted
  up to 120 degrees; beyond, the joint goes on along its tangent, as OpenSim's splines do;
- the abdomen, to which only the obliques attach, by the model's own share of lumbar flexion. That
  share is unproven, and nothing is said about the obliques.

So joint positions are linear in `features`: the coordinates, then the powers 0..4 of either knee.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import radians

import mujoco
import numpy as np

from lengthwise.body.anatomy_build import Coupling
from lengthwise.body.conventions import JOINT_AXES
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import Coordinate
from lengthwise.reference.lumbar_shares import LUMBAR_TOTALS, shares_of

_COUNT = len(JOINT_AXES)
_POWERS = range(5)
_KNEES = tuple(
    i for i, a in enumerate(JOINT_AXES) if a.coordinate.value.startswith("knee_flexion_")
)
_KNEE_HINGES = {JOINT_AXES[i].hinges[0]: k for k, i in enumerate(_KNEES)}
_FLEXION = [a.coordinate for a in JOINT_AXES].index(Coordinate.LUMBAR_FLEXION)
_ABDOMEN = "Abs_r3"
_KNEE_FIT_END_RAD = radians(120.0)


@dataclass(frozen=True)
class JointMap:
    """Joint positions = rest + by_feature x features.

    `rest` (nq,) positions at zero features; `by_feature` (nq, 23).
    """

    rest: np.ndarray
    by_feature: np.ndarray

    @classmethod
    def over(
        cls, model: mujoco.MjModel, couplings: Sequence[Coupling], *, thigh_scale: float = 1.0
    ) -> "JointMap":
        """`thigh_scale`: slides at the knee are lengths and grow with the thigh."""
        by_feature = np.zeros((model.nq, _COUNT + len(_KNEES) * len(_POWERS)))
        for i, axis in enumerate(JOINT_AXES):
            total = axis.coordinate in LUMBAR_TOTALS
            shares = shares_of(axis.coordinate) if total else (1.0,)
            for hinge, share in zip(axis.hinges, shares, strict=True):
                by_feature[_address(model, hinge), i] = axis.sign * share
        for coupling in couplings:
            address = _address(model, coupling.joint)
            if coupling.joint == _ABDOMEN:
                sign = JOINT_AXES[_FLEXION].sign
                by_feature[address, _FLEXION] = sign * coupling.coefficients[1]
            elif coupling.follows in _KNEE_HINGES:
                slides = model.joint(coupling.joint).type[0] == mujoco.mjtJoint.mjJNT_SLIDE
                scale = thigh_scale if slides else 1.0
                start = _COUNT + _KNEE_HINGES[coupling.follows] * len(_POWERS)
                by_feature[address, start : start + len(_POWERS)] = (
                    np.array(coupling.coefficients) * scale
                )
        return cls(
            rest=frozen_array(model.qpos0),
            by_feature=frozen_array(by_feature),
        )

    def position(self, anatomical_rad: np.ndarray) -> np.ndarray:
        """(13,) to (nq,): joint positions, the pelvis at its zero attitude."""
        return np.asarray(self.rest + self.by_feature @ features(anatomical_rad))


def polynomial_of_joint(
    joints: JointMap, address: int
) -> tuple[int, tuple[float, ...], float] | None:
    """What moves the joint at an address of the positions; None where nothing does.

    The coordinate it follows, the coefficients of its powers 0..4, and the value of the coordinate
    beyond which the joint goes on along its tangent. Raises ValueError where it follows two.
    """
    row = joints.by_feature[address]
    coefficients = np.zeros((_COUNT, len(_POWERS)))
    coefficients[:, 1] = row[:_COUNT]
    for knee, i in enumerate(_KNEES):
        start = _COUNT + knee * len(_POWERS)
        coefficients[i] += row[start : start + len(_POWERS)]
    follows = np.flatnonzero(coefficients.any(axis=1))
    if len(follows) == 0:
        return None
    if len(follows) > 1:
        raise ValueError(f"the joint at {address} follows coordinates {follows.tolist()}")
    found = coefficients[follows[0]]
    curved = found[2:].any()
    return (
        int(follows[0]),
        tuple(float(c) for c in found),
        _KNEE_FIT_END_RAD if curved else float("inf"),
    )


def features(anatomical_rad: np.ndarray) -> np.ndarray:
    """(13,) to (23,): the coordinates, then the powers 0..4 of the left and of the right knee."""
    powers: list[float] = []
    for i in _KNEES:
        angle = float(anatomical_rad[i])
        fitted = min(angle, _KNEE_FIT_END_RAD)
        beyond = angle - fitted
        power = 1.0
        slope = 0.0
        for n in _POWERS:
            powers.append(power + slope * beyond)
            slope = (n + 1) * power
            power *= fitted
    return np.concatenate((anatomical_rad, powers))


def _address(model: mujoco.MjModel, joint: str) -> int:
    return int(model.joint(joint).qposadr[0])
