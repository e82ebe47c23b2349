"""A mark read on a body of other measures, on the real anatomy: the same posture stays the mark."""

import numpy as np
import pytest
from postures_of_body import anatomical_rad

from lengthwise.body.anatomy import Anatomy, BodyMeasures
from lengthwise.contracts.coordinates import ANATOMICAL, Side
from lengthwise.contracts.muscles import GROUP_INDEX, MuscleGroup
from lengthwise.contracts.person import Mark, MarkKind
from lengthwise.tissue.groups import GroupLengths

UPRIGHT_RAD = np.zeros(len(ANATOMICAL))
MARKED = {
    MuscleGroup.HAMSTRINGS: {"hip_flexion_r": 75.0},
    MuscleGroup.PSOAS: {"hip_flexion_r": -18.0},
    MuscleGroup.RECTUS_FEMORIS: {"hip_flexion_r": -10.0, "knee_flexion_r": 95.0},
    MuscleGroup.CALF: {"ankle_dorsiflexion_r": 25.0},
    MuscleGroup.PIRIFORMIS: {"hip_flexion_r": 90.0, "hip_rotation_r": -30.0},
    MuscleGroup.ADDUCTORS: {"hip_adduction_r": -35.0},
    MuscleGroup.GLUTEUS_MAXIMUS: {"hip_flexion_r": 110.0, "knee_flexion_r": 100.0},
}


def _groups(measures: BodyMeasures) -> GroupLengths:
    return GroupLengths.over(Anatomy.build(measures))


def _error_m(group: MuscleGroup, before: GroupLengths, after: GroupLengths) -> tuple[float, float]:
    """How far the carried mark is from the marked posture's length on the new body, and how far it
    would be if it were kept as it was."""
    row, posture = GROUP_INDEX[group, Side.RIGHT], anatomical_rad(**MARKED[group])
    then_m, upright_m = (float(before.lengths_m(q)[row]) for q in (posture, UPRIGHT_RAD))
    mark = Mark(
        group, Side.RIGHT, MarkKind.TOLERANCE, then_m, 0.002, upright_m, "2026-01-01", "imu6"
    )
    carried = mark.on_body(float(after.lengths_m(UPRIGHT_RAD)[row]))
    now_m = float(after.lengths_m(posture)[row])
    return abs(carried.length_m - now_m), abs(mark.length_m - now_m)


@pytest.mark.parametrize("group", MARKED)
def test_another_height_leaves_every_mark_at_its_posture(group: MuscleGroup) -> None:
    error_m, unmoved_m = _error_m(
        group, _groups(BodyMeasures(height_m=1.72)), _groups(BodyMeasures(height_m=1.77))
    )
    assert error_m < 1e-4
    assert unmoved_m > 0.003


@pytest.mark.parametrize("group", MARKED)
def test_a_thigh_measured_again_leaves_a_mark_within_a_fiftieth_of_the_range(
    group: MuscleGroup,
) -> None:
    """A thigh 2 cm longer, 5 %: hamstrings 3.5 mm of 174, the others less."""
    error_m, unmoved_m = _error_m(
        group,
        _groups(BodyMeasures(height_m=1.72, thigh_length_m=0.409)),
        _groups(BodyMeasures(height_m=1.72, thigh_length_m=0.429)),
    )
    assert error_m < 0.0036
    assert error_m <= unmoved_m


def test_a_mark_on_its_own_body_is_the_mark_itself() -> None:
    mark = Mark(
        MuscleGroup.PSOAS, Side.LEFT, MarkKind.TOLERANCE, 0.33, 0.001, 0.31, "2026-01-01", "imu6"
    )
    assert mark.on_body(0.31) is mark
