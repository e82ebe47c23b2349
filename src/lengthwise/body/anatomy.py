"""Muscle-tendon lengths and moment arms of a person's body in any posture.

Names of muscles are those of the anatomical model with `.` and `-` written as `_`. `Ps_*` are the
cut lumbar fascicles of the psoas (vertebra to pelvis) and `psoas_r`, `psoas_l` its cut hip part
(pelvis to femur); `psoas_composite_<fascicle>_<side>` are the whole ones. Right is `_r`.

Lengths are valid within VALID_LOW_RAD .. VALID_HIGH_RAD (`reference/pose_range.toml` says why each
range ends where it does); outside they are computed all the same and may jump. Obliques (EO*, IO*)
disagree with the model they come from and are fit for drawing only.
"""

from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from math import isfinite, radians
from weakref import WeakSet

import mujoco
import numpy as np

from lengthwise.body.anatomy_build import ATTITUDE_JOINT, Coupling, mended_anatomy, muscle_name
from lengthwise.body.conventions import ROT_WORLD_FROM_UPRIGHT, rot_world_from_pelvis
from lengthwise.body.joint_map import JointMap
from lengthwise.body.muscle_kernel import lengths_and_slopes, lengths_batch
from lengthwise.body.muscle_paths import MusclePaths, muscle_paths
from lengthwise.body.scaling import (
    BodyMeasures,
    Proportions,
    SegmentScales,
    proportions,
    scale_spec,
    segment_scales,
)
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import ANATOMICAL, COORDINATES, INDEX, Coordinate
from lengthwise.reference.pose_range import pose_ranges

__all__ = ["VALID_HIGH_RAD", "VALID_LOW_RAD", "Anatomy", "BodyMeasures", "let_go_of_models"]

_KERNEL_VERSION = 2
_ANATOMICAL = slice(INDEX[ANATOMICAL[0]], INDEX[ANATOMICAL[-1]] + 1)
VALID_LOW_RAD: np.ndarray = frozen_array([radians(r.low_deg) for r in pose_ranges().values()])
"""(13,) lower ends, in the order of ANATOMICAL."""
VALID_HIGH_RAD: np.ndarray = frozen_array([radians(r.high_deg) for r in pose_ranges().values()])
"""(13,) upper ends."""


class Anatomy:
    """One person's anatomical model: geometry only, no muscle parameters and no dynamics.

    Users cannot change it; the same coordinates always give the same bits. Lengths and moment arms
    come from the compiled kernel of `muscle_kernel`, which is exact for every muscle; drawing and
    placing from MuJoCo.
    """

    def __init__(
        self, model: mujoco.MjModel, joints: JointMap, measures: BodyMeasures, scales: SegmentScales
    ) -> None:
        self._model: mujoco.MjModel | None = model
        self._joints, self._proportions = joints, proportions(model, scales)
        self._measures, self._scales = measures, scales
        names = tuple(muscle_name(model.tendon(t).name) for t in range(model.ntendon))
        self._paths = muscle_paths(model, joints, names)
        self._tables = self._paths.tables
        self._fingerprint = _fingerprint(self._paths)

    @classmethod
    def build(cls, measures: BodyMeasures | None = None) -> "Anatomy":
        """The model scaled to a person; None: the generic body. Built once per set of measures.

        Raises InputError for implausible measures, MissingPartError without the model package.
        """
        return _built(measures or BodyMeasures())

    @property
    def model(self) -> mujoco.MjModel:
        """The compiled model, for drawing and for kinematics of others; not to be changed. After
        `let_go_of_models` it is compiled again, the same to the bit."""
        model = self._model
        if model is None:
            model = self._model = _compiled(self._scales)[0]
        return model

    @property
    def proportions(self) -> Proportions:
        return self._proportions

    @property
    def measures(self) -> BodyMeasures:
        return self._measures

    @property
    def scales(self) -> SegmentScales:
        return self._scales

    @property
    def muscle_names(self) -> tuple[str, ...]:
        """The order of every array over muscles."""
        return self._paths.names

    @property
    def paths(self) -> MusclePaths:
        """What lengths are computed from."""
        return self._paths

    @property
    def spans(self) -> np.ndarray:
        """(n, 13) bool: whether the path of a muscle crosses what a coordinate moves."""
        return self._paths.spans

    @property
    def fingerprint(self) -> str:
        """Changes whenever a length could: geometry, joint couplings, shares, kernel."""
        return self._fingerprint

    def lengths_m(self, anatomical_rad: np.ndarray) -> np.ndarray:
        """(13,) coordinates in the order of ANATOMICAL to (n,) lengths in metres."""
        out_m = np.empty(len(self._paths.names))
        lengths_batch(_shaped(anatomical_rad, 1)[None], out_m[None], *self._tables)
        return out_m

    def lengths_and_moment_arms(self, anatomical_rad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(13,) to (n,) lengths and (n, 13) d length / d coordinate, in metres per radian.

        The moment arm in OpenSim's sign is -1 x the second, where OpenSim's coordinate has the
        sign of ours (its lumbar flexion is + extension).
        """
        out_m = np.empty(len(self._paths.names))
        slopes_m = np.empty((len(out_m), len(ANATOMICAL)))
        lengths_and_slopes(_shaped(anatomical_rad, 1)[None], out_m, slopes_m, *self._tables)
        return out_m, slopes_m

    def lengths_batch_m(self, poses_rad: np.ndarray) -> np.ndarray:
        """(k, 13) coordinates to (k, n) lengths: bit for bit those of `lengths_m`."""
        poses = _shaped(poses_rad, 2)
        out_m = np.empty((len(poses), len(self._paths.names)))
        lengths_batch(poses, out_m, *self._tables)
        return out_m

    def joint_positions(self, poses_rad: np.ndarray) -> np.ndarray:
        """(k, 13) coordinates to (k, nq) joint positions of `model`, pelvis at zero attitude."""
        return np.array([self._joints.position(pose) for pose in _shaped(poses_rad, 2)])

    def place(self, mean_rad: np.ndarray) -> mujoco.MjData:
        """(21,) coordinates in the order of COORDINATES to the body standing in the world.

        The pelvis has its attitude to gravity; world x is the upright person's left, y the back,
        z up (`body.conventions`). Chest and trunk coordinates are derived and not read. The result
        is the caller's own and holds kinematics and tendon paths.
        """
        model = self.model
        data = mujoco.MjData(model)
        self._stand(data, mean_rad)
        mujoco.mj_comPos(model, data)
        mujoco.mj_tendon(model, data)
        return data

    def placing(self) -> Callable[[np.ndarray], mujoco.MjData]:
        """The same for one pose after the other, bones alone: all calls give one and the same data,
        so that what a call gave is gone with the next. A hundredth of the time of `place`."""
        data = mujoco.MjData(self.model)

        def at(mean_rad: np.ndarray) -> mujoco.MjData:
            self._stand(data, mean_rad)
            return data

        return at

    def _stand(self, data: mujoco.MjData, mean_rad: np.ndarray) -> None:
        if np.shape(mean_rad) != (len(COORDINATES),):
            raise ValueError(
                f"expected ({len(COORDINATES)},) coordinates, got {np.shape(mean_rad)}"
            )
        angles = _shaped(np.asarray(mean_rad, dtype=float)[_ANATOMICAL], 1)
        data.qpos[:] = self._joints.position(angles)
        tilt, obliquity, rotation = (
            float(mean_rad[INDEX[c]])
            for c in (
                Coordinate.PELVIS_TILT,
                Coordinate.PELVIS_OBLIQUITY,
                Coordinate.PELVIS_ROTATION,
            )
        )
        turn = rot_world_from_pelvis(tilt, obliquity, rotation) @ np.array(ROT_WORLD_FROM_UPRIGHT).T
        start = int(data.model.joint(ATTITUDE_JOINT).qposadr[0])
        mujoco.mju_mat2Quat(data.qpos[start : start + 4], turn.ravel())
        mujoco.mj_kinematics(data.model, data)

    def segment_lengths_m(self) -> dict[str, float]:
        """Trunk, pelvis width, thigh and shank of this body, with the names of BodyMeasures."""
        return dict(self._proportions.lengths_m)


def _shaped(angles_rad: np.ndarray, dimensions: int) -> np.ndarray:
    """A copy of the angles as float64 (..., 13), the one kind of array that is compiled for.

    Raises ValueError for another shape or non-finite values.
    """
    angles = np.array(angles_rad, dtype=float, order="C")
    if angles.ndim != dimensions or angles.shape[-1] != len(ANATOMICAL):
        raise ValueError(f"expected {len(ANATOMICAL)} coordinates, got shape {angles.shape}")
    if dimensions == 1:
        # A tenth of a frame's time less than numpy takes for thirteen numbers.
        finite = all(map(isfinite, angles.tolist()))
    else:
        finite = bool(np.isfinite(angles).all())
    if not finite:
        raise ValueError("joint coordinates must be finite")
    return angles


@lru_cache(maxsize=16)
def _built(measures: BodyMeasures) -> Anatomy:
    scales = SegmentScales()
    if measures != BodyMeasures():
        scales = segment_scales(measures, _built(BodyMeasures()).proportions)
    model, couplings = _compiled(scales)
    joints = JointMap.over(model, couplings, thigh_scale=scales.thigh)
    made = Anatomy(model, joints, measures, scales)
    _all_built.add(made)
    return made


def _compiled(scales: SegmentScales) -> tuple[mujoco.MjModel, tuple[Coupling, ...]]:
    raw = mended_anatomy()
    if scales != SegmentScales():
        scale_spec(raw.spec, scales)
    return raw.spec.compile(), raw.couplings


_all_built: WeakSet[Anatomy] = WeakSet()


def let_go_of_models() -> None:
    """18 MB for each body that was built, all of them shapes to draw: lengths need none of it. Who
    asks for one again waits a quarter of a second."""
    for anatomy in tuple(_all_built):
        anatomy._model = None


def _fingerprint(paths: MusclePaths) -> str:
    found = sha256(f"muscle kernel {_KERNEL_VERSION}".encode())
    for table in paths.tables:
        found.update(table.tobytes())
    return found.hexdigest()
