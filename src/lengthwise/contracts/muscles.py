"""Muscle groups that a statement can be about, each with a left and a right side."""

from enum import StrEnum

from lengthwise.contracts.coordinates import Side


class MuscleGroup(StrEnum):
    PSOAS = "psoas"
    ILIACUS = "iliacus"
    RECTUS_FEMORIS = "rectus_femoris"
    TENSOR_FASCIAE_LATAE = "tensor_fasciae_latae"
    HAMSTRINGS = "hamstrings"
    GLUTEUS_MAXIMUS = "gluteus_maximus"
    GLUTEUS_MEDIUS = "gluteus_medius"
    GLUTEUS_MINIMUS = "gluteus_minimus"
    PIRIFORMIS = "piriformis"
    ADDUCTORS = "adductors"
    CALF = "calf"
    LONGISSIMUS = "longissimus"
    ILIOCOSTALIS = "iliocostalis"
    MULTIFIDUS = "multifidus"
    QUADRATUS_LUMBORUM = "quadratus_lumborum"
    RECTUS_ABDOMINIS = "rectus_abdominis"


GROUP_SIDES: tuple[tuple[MuscleGroup, Side], ...] = tuple(
    (group, side) for group in MuscleGroup for side in Side
)
"""Canonical order of every array over muscle groups: psoas_l, psoas_r, iliacus_l, ..."""

ANATOMY_EDITION = 3
"""Of the anatomical model: counted up whenever the length of a group changes in some posture."""
_LENGTHS_SINCE = {
    MuscleGroup.RECTUS_FEMORIS: 2,
    MuscleGroup.CALF: 2,
    MuscleGroup.RECTUS_ABDOMINIS: 3,
}


def lengths_hold(group: MuscleGroup, *, edition: int) -> bool:
    """Whether a length of the group in an edition of the anatomical model is one in today's.

    Edition 2: the path of the patella beyond 110 degrees of knee flexion, and the gastrocnemii
    over the condyle. Edition 3: the rectus abdominis round the belly. A later edition is not known.
    """
    return _LENGTHS_SINCE.get(group, 1) <= edition <= ANATOMY_EDITION


GROUP_INDEX: dict[tuple[MuscleGroup, Side], int] = {gs: i for i, gs in enumerate(GROUP_SIDES)}
