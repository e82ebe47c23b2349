"""Postures for the tests of the anatomy."""

from math import radians

import hypothesis.strategies as st
import mujoco
import numpy as np

from lengthwise.body.anatomy import VALID_HIGH_RAD, VALID_LOW_RAD, Anatomy
from lengthwise.body.anatomy_build import RawAnatomy, muscle_name
from lengthwise.body.joint_map import JointMap
from lengthwise.contracts.coordinates import ANATOMICAL, INDEX, Coordinate, mirrored


def pose(**angles_deg: float) -> np.ndarray:
    """(13,) anatomical coordinates from degrees; what is not named is 0."""
    out = np.zeros(len(ANATOMICAL))
    for name, angle in angles_deg.items():
        out[ANATOMICAL.index(Coordinate(name))] = radians(angle)
    return out


def stance(**angles_deg: float) -> np.ndarray:
    """(21,) all coordinates from degrees."""
    out = np.zeros(len(Coordinate))
    for name, angle in angles_deg.items():
        out[INDEX[Coordinate(name)]] = radians(angle)
    return out


def mirrored_pose(pose_rad: np.ndarray) -> np.ndarray:
    out = np.empty_like(pose_rad)
    for i, coordinate in enumerate(ANATOMICAL):
        partner, sign = mirrored(coordinate)
        out[ANATOMICAL.index(partner)] = sign * pose_rad[i]
    return out


def other_side(muscle: str) -> str:
    return muscle[:-1] + ("l" if muscle.endswith("r") else "r")


def poses() -> st.SearchStrategy[np.ndarray]:
    """Any posture within the range of the model."""
    ends = zip(VALID_LOW_RAD, VALID_HIGH_RAD, strict=True)
    return st.tuples(*(st.floats(float(low), float(high)) for low, high in ends)).map(np.array)


def length_m(anatomy: Anatomy, muscle: str, **angles_deg: float) -> float:
    return float(anatomy.lengths_m(pose(**angles_deg))[anatomy.muscle_names.index(muscle)])


class UpstreamLengths:
    """Lengths of the model as the package has it, with our joint positions."""

    def __init__(self, raw: RawAnatomy) -> None:
        self.model = raw.spec.compile()
        self.joints = JointMap.over(self.model, raw.couplings)
        self.names = [muscle_name(self.model.tendon(t).name) for t in range(self.model.ntendon)]

    def placed(self, pose_rad: np.ndarray) -> mujoco.MjData:
        data = mujoco.MjData(self.model)
        data.qpos[:] = self.joints.position(pose_rad)
        mujoco.mj_kinematics(self.model, data)
        mujoco.mj_tendon(self.model, data)
        return data

    def length_m(self, muscle: str, pose_rad: np.ndarray) -> float:
        return float(self.placed(pose_rad).ten_length[self.names.index(muscle)])


class MujocoLengths:
    """What MuJoCo itself makes of an anatomy: the oracle of the compiled kernel."""

    def __init__(self, anatomy: Anatomy) -> None:
        self._anatomy, self._model = anatomy, anatomy.model
        self._data = mujoco.MjData(anatomy.model)

    def lengths_m(self, pose_rad: np.ndarray) -> np.ndarray:
        self._data.qpos[:] = self._anatomy.joint_positions(pose_rad[None])[0]
        mujoco.mj_kinematics(self._model, self._data)
        mujoco.mj_comPos(self._model, self._data)
        mujoco.mj_tendon(self._model, self._data)
        return np.array(self._data.ten_length)

    def slopes_m(self, pose_rad: np.ndarray) -> np.ndarray:
        """(n, 13) from its tendon Jacobian and the joint velocities of each coordinate."""
        self.lengths_m(pose_rad)
        by_joint = np.zeros((self._model.ntendon, self._model.nv))
        rows = np.repeat(np.arange(self._model.ntendon), self._model.ten_J_rownnz)
        by_joint[rows, self._model.ten_J_colind] = self._data.ten_J
        return np.asarray(by_joint @ self._velocities(pose_rad))

    def _velocities(self, pose_rad: np.ndarray) -> np.ndarray:
        """(nv, 13), by central difference of the joint positions."""
        step = 1e-5
        ahead, behind = (
            self._anatomy.joint_positions(pose_rad + sign * step * np.eye(13)) for sign in (1, -1)
        )
        by_position = ((ahead - behind) / (2 * step)).T
        out = np.zeros((self._model.nv, 13))
        for j in range(self._model.njnt):
            if self._model.jnt_type[j] != mujoco.mjtJoint.mjJNT_BALL:
                out[self._model.jnt_dofadr[j]] = by_position[self._model.jnt_qposadr[j]]
        return out
