"""Lengths of this edition of the anatomical model, which kept marks are lengths of.

Where a group fails, the length of a kept mark is another posture now: count ANATOMY_EDITION up,
name the group in `_LENGTHS_SINCE` (both in contracts/muscles), and write the new lengths here.
"""

from math import radians

import numpy as np
import pytest

from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.coordinates import ANATOMICAL, Coordinate, Side
from lengthwise.contracts.muscles import ANATOMY_EDITION, GROUP_INDEX, MuscleGroup, lengths_hold
from lengthwise.tissue.groups import GroupLengths

POSTURES_DEG = (
    {},
    {
        "hip_flexion_l": 110, "hip_adduction_l": -20, "hip_rotation_l": 20, "knee_flexion_l": 130,
        "ankle_dorsiflexion_l": 20, "lumbar_flexion": 40,
    },
    {
        "hip_flexion_l": -15, "hip_adduction_l": 15, "hip_rotation_l": -20, "knee_flexion_l": 60,
        "ankle_dorsiflexion_l": -20, "lumbar_side_bend": -15, "lumbar_rotation": 8,
    },
)  # fmt: skip
EDITION = 3
LENGTHS_MM = {
    "psoas": (334.33, 288.38, 332.22),
    "iliacus": (207.05, 146.68, 219.20),
    "rectus_femoris": (511.97, 503.92, 569.04),
    "tensor_fasciae_latae": (547.57, 419.34, 578.80),
    "hamstrings": (418.43, 432.80, 363.60),
    "gluteus_maximus": (210.60, 279.95, 184.86),
    "gluteus_medius": (120.71, 124.71, 116.65),
    "gluteus_minimus": (84.71, 72.61, 87.95),
    "piriformis": (138.10, 139.57, 127.43),
    "adductors": (219.71, 259.35, 208.82),
    "calf": (376.95, 368.09, 353.37),
    "longissimus": (257.64, 277.42, 254.44),
    "iliocostalis": (143.45, 165.85, 134.53),
    "multifidus": (78.67, 93.70, 78.48),
    "quadratus_lumborum": (84.26, 92.37, 78.10),
    "rectus_abdominis": (389.97, 328.96, 384.75),
}
"""Left side of the generic body, in the three postures."""
GROUPS = GroupLengths.over(Anatomy.build())


@pytest.mark.parametrize("group", MuscleGroup)
def test_lengths_are_those_of_the_edition_that_marks_are_stamped_with(group: MuscleGroup) -> None:
    assert ANATOMY_EDITION == EDITION
    found = []
    for posture in POSTURES_DEG:
        pose_rad = np.zeros(len(ANATOMICAL))
        for name, angle_deg in posture.items():
            pose_rad[ANATOMICAL.index(Coordinate(name))] = radians(angle_deg)
        found.append(1e3 * GROUPS.lengths_m(pose_rad)[GROUP_INDEX[group, Side.LEFT]])
    assert found == pytest.approx(LENGTHS_MM[group.value], abs=0.02)


def test_no_length_of_an_edition_to_come_is_read() -> None:
    for group in MuscleGroup:
        assert lengths_hold(group, edition=ANATOMY_EDITION)
        assert not lengths_hold(group, edition=ANATOMY_EDITION + 1)
        assert not lengths_hold(group, edition=0)
