"""A stand-in for the anatomical model: lengths that are quadratic in the joint angles.

Slopes are those of the real muscles in sign and rough size, so that laws can be tested quickly
and without the model; the right side is written down, the left is its mirror image.
"""

from functools import cache

import numpy as np

from lengthwise.contracts.coordinates import ANATOMICAL, Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.reference.muscle_groups import muscle_group_table
from lengthwise.tissue.groups import MIRROR_ORDER, MIRROR_SIGN
from lengthwise.tissue.range import RangeBounds, range_bounds

# mm/rad: lumbar flexion, side-bend, rotation; hip flexion, adduction, rotation; knee; ankle.
_RIGHT_MM_PER_RAD = {
    MuscleGroup.PSOAS: (-6, -20, 2, -35, -8, 4, 0, 0),
    MuscleGroup.ILIACUS: (0, 0, 0, -38, -8, 4, 0, 0),
    MuscleGroup.RECTUS_FEMORIS: (0, 0, 0, -40, 10, 0, 40, 0),
    MuscleGroup.TENSOR_FASCIAE_LATAE: (0, 0, 0, -40, 50, 6, -5, 0),
    MuscleGroup.HAMSTRINGS: (0, 0, 0, 60, -15, 3, -30, 0),
    MuscleGroup.GLUTEUS_MAXIMUS: (0, 0, 0, 45, 8, 20, 0, 0),
    MuscleGroup.GLUTEUS_MEDIUS: (0, 0, 0, 10, 45, -5, 0, 0),
    MuscleGroup.GLUTEUS_MINIMUS: (0, 0, 0, -8, 40, -8, 0, 0),
    MuscleGroup.PIRIFORMIS: (0, 0, 0, 10, 25, 20, 0, 0),
    MuscleGroup.ADDUCTORS: (0, 0, 0, 10, -55, 2, 0, 0),
    MuscleGroup.CALF: (0, 0, 0, 0, 0, 0, -15, 45),
    MuscleGroup.LONGISSIMUS: (24, -14, -1, 0, 0, 0, 0, 0),
    MuscleGroup.ILIOCOSTALIS: (28, -30, -2, 0, 0, 0, 0, 0),
    MuscleGroup.MULTIFIDUS: (18, -8, 5, 0, 0, 0, 0, 0),
    MuscleGroup.QUADRATUS_LUMBORUM: (14, -34, 11, 0, 0, 0, 0, 0),
    MuscleGroup.RECTUS_ABDOMINIS: (-80, -35, 2, 0, 0, 0, 0, 0),
}


class FakeAnatomy:
    """`extra` muscles belong to no group; `curvature_m` bends every length a little."""

    def __init__(self, curvature_m: float = 0.001) -> None:
        table = muscle_group_table()
        self.muscle_names = ("EO1_l", *(f.muscle for f in table), "EO1_r")
        self._slope_m = np.zeros((len(self.muscle_names), len(ANATOMICAL)))
        self._curvature_m = curvature_m
        for row, fascicle in enumerate(table, start=1):
            right = np.zeros(len(ANATOMICAL))
            mm = _RIGHT_MM_PER_RAD[fascicle.group]
            right[0:3], right[8:13] = mm[0:3], mm[3:8]
            if fascicle.side is Side.LEFT:
                right = right[list(MIRROR_ORDER)] * MIRROR_SIGN
            self._slope_m[row] = right / 1000.0
        self._uses = self._slope_m != 0.0
        # Fascicles of one group and side are alike, so each kind is computed once.
        terms = np.hstack([self._slope_m, 0.5 * curvature_m * self._uses])
        self._kinds, self._kind_of = np.unique(terms, axis=0, return_inverse=True)

    def lengths_m(self, anatomical_rad: np.ndarray) -> np.ndarray:
        return self.lengths_batch_m(anatomical_rad[None, :])[0]

    def lengths_and_moment_arms(self, anatomical_rad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        arms_m = self._slope_m + self._uses * self._curvature_m * anatomical_rad
        return self.lengths_m(anatomical_rad), arms_m

    def lengths_batch_m(self, anatomical_rad: np.ndarray) -> np.ndarray:
        powers = np.hstack([anatomical_rad, anatomical_rad**2])
        return np.asarray(0.3 + powers @ self._kinds.T)[:, self._kind_of]


MODEL = FakeAnatomy()


@cache
def usual_bounds() -> RangeBounds:
    """The ends of everybody's ranges of MODEL, searched once for all files."""
    return range_bounds(MODEL)
