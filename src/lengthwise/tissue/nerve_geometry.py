"""The nerve paths of one person, taken from the scaled anatomical model at set-up."""

from dataclasses import dataclass, field

import mujoco
import numpy as np

from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate
from lengthwise.reference.constants import constant
from lengthwise.reference.lumbar_shares import LUMBAR_TOTALS, shares_of
from lengthwise.reference.nerve_paths import PathPoint, nerve_paths
from lengthwise.tissue import nerve_kernel as kernel
from lengthwise.tissue.upper_body import LUMBAR

_FOLLOW = constant("nerve", "femoral_knee_follow_ratio")
_PELVIS = ("sacrum", "pelvis")


@dataclass(frozen=True)
class NerveParams:
    """The paths of a person's right leg; the left one's are their mirror image.

    `centres_m` (5, 3) of the lumbar levels, each in the bone below; `shares` (3, 5). `*_spine_m`
    (n, 4): bone 0 the pelvis, 1..5 L5..L1, and the place in it, from the roots to the last point
    above the hip. `hip_m` (3,) its centre; `*_thigh_m` (3,) first point below it, in the femur.
    `knee_m`, `patella_m`, `ankle_m`: the pieces over a joint by whole degrees (`nerve_kernel`).
    `rest_m` (2,) pieces within single bones; `thigh_piece_m` that of the sciatic in the femur.
    `zero_m` (2,) whole lengths of sciatic and femoral nerve upright; `arrays` as the kernel takes
    them.
    """

    centres_m: np.ndarray
    shares: np.ndarray
    sciatic_spine_m: np.ndarray
    femoral_spine_m: np.ndarray
    hip_m: np.ndarray
    sciatic_thigh_m: np.ndarray
    femoral_thigh_m: np.ndarray
    knee_m: np.ndarray
    patella_m: np.ndarray
    ankle_m: np.ndarray
    rest_m: np.ndarray
    thigh_piece_m: float
    arrays: tuple[np.ndarray, ...] = field(init=False, repr=False)
    zero_m: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        arrays = (
            self.centres_m, self.shares, self.sciatic_spine_m, self.femoral_spine_m, self.hip_m,
            self.sciatic_thigh_m, self.femoral_thigh_m, self.knee_m, self.patella_m, self.ankle_m,
            self.rest_m,
        )  # fmt: skip
        object.__setattr__(self, "arrays", arrays)
        object.__setattr__(self, "zero_m", frozen_array(self.lengths_and_slopes(np.zeros(8))[0]))

    @classmethod
    def of(cls, anatomy: Anatomy) -> "NerveParams":
        """Built once for a person: some 260 postures of the model for knee and ankle."""
        model, paths = anatomy.model, nerve_paths()
        sciatic, femoral = paths.sciatic, paths.femoral
        s_thigh, f_thigh = _first(sciatic, "femur_r"), _first(femoral, "femur_r")
        shank, foot = _first(sciatic, "tibia_r"), _first(sciatic, "calcn_r")
        patella = _first(femoral, "patella_r")
        thigh_piece_m = _within_m(sciatic[s_thigh:shank], anatomy)
        rest_m = [
            thigh_piece_m
            + _within_m(sciatic[shank:foot], anatomy)
            + _within_m(sciatic[foot:], anatomy),
            _within_m(femoral[f_thigh:patella], anatomy),
        ]
        knee_m, followed_m = (
            _over_joint_m(anatomy, path[k - 1], path[k], Coordinate.KNEE_FLEXION_R)
            for path, k in ((sciatic, shank), (femoral, patella))
        )
        ankle_m = _over_joint_m(
            anatomy, sciatic[foot - 1], sciatic[foot], Coordinate.ANKLE_DORSIFLEXION_R
        )
        straight_m = followed_m[-kernel.KNEE_FROM_DEG]
        return cls(
            centres_m=frozen_array([model.body(bone).pos for bone in LUMBAR]),
            shares=frozen_array([shares_of(total) for total in LUMBAR_TOTALS]),
            sciatic_spine_m=_spine(sciatic[:s_thigh], anatomy),
            femoral_spine_m=_spine(femoral[:f_thigh], anatomy),
            hip_m=frozen_array(model.body("femur_r").pos),
            sciatic_thigh_m=frozen_array(_scaled(sciatic[s_thigh], anatomy)),
            femoral_thigh_m=frozen_array(_scaled(femoral[f_thigh], anatomy)),
            knee_m=frozen_array(knee_m),
            patella_m=frozen_array(straight_m + _FOLLOW * (followed_m - straight_m)),
            ankle_m=frozen_array(ankle_m),
            rest_m=frozen_array(rest_m),
            thigh_piece_m=thigh_piece_m,
        )

    def lengths_and_slopes(self, eight_rad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(2,) and (2, 8) as from `nerve_kernel.lengths_and_slopes`."""
        found: tuple[np.ndarray, np.ndarray] = kernel.lengths_and_slopes(eight_rad, *self.arrays)
        return found

    def sciatic_above_thigh_m(self, eight_rad: np.ndarray) -> float:
        """The sciatic's way from the roots to its first point in the thigh."""
        path_m, unused = self.sciatic_spine_m, np.empty(3)
        spine_m = kernel.spine_m(eight_rad[:3], self.centres_m, self.shares, path_m, unused)
        over_hip_m = kernel.hip_m(
            eight_rad[3:6], self.hip_m, path_m[-1, 1:], self.sciatic_thigh_m, unused
        )
        return float(spine_m + over_hip_m)


def path_points_m(
    anatomy: Anatomy, path: tuple[PathPoint, ...], mean_rad: np.ndarray
) -> np.ndarray:
    """(n, 3) where a path's points are in the world, by the model itself; (21,) coordinates."""
    return _where_m(anatomy, path, anatomy.place(mean_rad))


def _where_m(anatomy: Anatomy, path: tuple[PathPoint, ...], placed: mujoco.MjData) -> np.ndarray:
    bones = [placed.body(point.bone) for point in path]
    return np.array(
        [
            bone.xpos + bone.xmat.reshape(3, 3) @ _scaled(point, anatomy)
            for bone, point in zip(bones, path, strict=True)
        ]
    )


def _over_joint_m(
    anatomy: Anatomy, above: PathPoint, below: PathPoint, joint: Coordinate
) -> np.ndarray:
    """Length of the piece over a knee or an ankle, by whole degrees."""
    knee = joint is Coordinate.KNEE_FLEXION_R
    low, high = (
        (kernel.KNEE_FROM_DEG, kernel.KNEE_TO_DEG)
        if knee
        else (kernel.ANKLE_FROM_DEG, kernel.ANKLE_TO_DEG)
    )
    mean_rad, at = np.zeros(len(COORDINATES)), anatomy.placing()
    out = []
    for degrees in range(low, high + 1):
        mean_rad[INDEX[joint]] = np.radians(degrees)
        first, second = _where_m(anatomy, (above, below), at(mean_rad))
        out.append(np.linalg.norm(second - first))
    return np.array(out)


def _spine(path: tuple[PathPoint, ...], anatomy: Anatomy) -> np.ndarray:
    row = {bone: i + 1 for i, bone in enumerate(LUMBAR)} | dict.fromkeys(_PELVIS, 0)
    return frozen_array([(row[point.bone], *_scaled(point, anatomy)) for point in path])


def _within_m(path: tuple[PathPoint, ...], anatomy: Anatomy) -> float:
    points = np.array([_scaled(point, anatomy) for point in path])
    return float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum())


def _scaled(point: PathPoint, anatomy: Anatomy) -> np.ndarray:
    return np.array(point.at_m) * anatomy.scales.of_body(point.bone)


def _first(path: tuple[PathPoint, ...], bone: str) -> int:
    return [point.bone for point in path].index(bone)
