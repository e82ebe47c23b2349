"""How far a posture strains the sciatic and the femoral nerve, against upright standing.

A nerve is a string from the end of the spinal cord to the sole (sciatic, then tibial) or the front
of the knee (femoral), through points fixed to the scaled bones (`reference/nerve_paths.toml`). With
L the length of that path and L0 the same upright, ankle at zero,

    strain = (L - L0) / L0,

one number for the whole nerve: negative where it hangs slack, and smaller than what is measured
next to a moving joint, where strain is highest before it spreads. Upright the nerve is taken to be
just taut: raising the heel by 1 to 3 inches begins to move it at the sciatic notch (Goddard & Reid
1965, doi:10.1136/jnnp.28.1.12).

**It only adds caution and never clears a symptom.** What a person feels leads; a small strain does
not say that a nerve is not the cause. No value of these types means "harmless". An ankle that no
sensor tells of counts as dorsiflexed, the cautious end.

Bringing the foot up strains the nerve and not the hamstrings (Bueno-Gracia et al. 2019, Musculoskel
Sci Pract 43:91-95): `dorsiflexion_gain_ratio` is how much that would add in this posture.

Simplifications: one path stands for all roots; straight between its points, so it passes behind the
hip within some 110 degrees of flexion; the same strain all along; no neck, toes, inversion of the
foot or other leg; femoral branches follow the patella by half.
"""

import numpy as np

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import ANATOMICAL, Coordinate, Side
from lengthwise.contracts.states import Estimate, NerveStrain, SideStrain
from lengthwise.reference.constants import constant
from lengthwise.reference.lumbar_shares import LUMBAR_TOTALS
from lengthwise.tissue.groups import MIRROR_ORDER, MIRROR_SIGN, check_posture, mirror
from lengthwise.tissue.nerve_geometry import NerveParams
from lengthwise.tissue.nerve_kernel import both_legs

__all__ = ["NerveParams", "nerve_strain", "sciatic_travel_m"]

_RIGHT = [
    ANATOMICAL.index(c)
    for c in (
        *LUMBAR_TOTALS,
        Coordinate.HIP_FLEXION_R,
        Coordinate.HIP_ADDUCTION_R,
        Coordinate.HIP_ROTATION_R,
        Coordinate.KNEE_FLEXION_R,
        Coordinate.ANKLE_DORSIFLEXION_R,
    )
]
_ORDER = frozen_array([np.array(MIRROR_ORDER)[_RIGHT], _RIGHT], dtype="i8")
_SIGN = frozen_array([MIRROR_SIGN[_RIGHT], np.ones(len(_RIGHT))])
_ENDS_RAD = frozen_array(
    [constant("nerve", f"{end}_dorsiflexion_rad") for end in ("relaxed", "cautious")]
)
_DOUBTS = frozen_array(
    [
        constant("nerve", name)
        for name in ("anatomy_sd_ratio", "anatomy_sd_strain_ratio", "lumbar_share_sd_ratio")
    ]
)


def nerve_strain(
    params: NerveParams,
    anatomical_rad: np.ndarray,
    covariance_rad2: np.ndarray,
    *,
    ankle_known: tuple[bool, bool],
) -> NerveStrain:
    """Strain in a posture (13,) with covariance (13, 13) over ANATOMICAL.

    `ankle_known` left, right: whether a sensor tells of the ankle. One that is not known counts as
    dorsiflexed by `cautious_dorsiflexion_rad`, or by what is believed where that is more, without a
    doubt of its own: its far end is already taken.

    The sd adds the covariance through the slope of the strain, how people's paths differ, and how
    lumbar levels share their total. Raises ValueError for other shapes or non-finite values.
    """
    check_posture(anatomical_rad, covariance_rad2, len(ANATOMICAL))
    found = both_legs(
        anatomical_rad, covariance_rad2, np.array(ankle_known), _ORDER, _SIGN, _ENDS_RAD, _DOUBTS,
        params.zero_m, *params.arrays,
    ).tolist()  # fmt: skip
    left, right = (
        SideStrain(Estimate(row[0], row[1]), Estimate(row[2], row[3]), row[4], not known)
        for row, known in zip(found, ankle_known, strict=True)
    )
    return NerveStrain(left=left, right=right)


def strains_and_slopes(
    params: NerveParams, anatomical_rad: np.ndarray, side: Side
) -> tuple[np.ndarray, np.ndarray]:
    """(2,) strains of sciatic and femoral nerve of one side, (2, 13) their slopes per radian."""
    length_m, slope_m = params.lengths_and_slopes(_eight(anatomical_rad, side))
    slopes = np.zeros((2, len(ANATOMICAL)))
    slopes[:, _RIGHT] = slope_m / params.zero_m[:, None]
    if side is Side.LEFT:
        slopes = slopes[:, MIRROR_ORDER] * MIRROR_SIGN
    return length_m / params.zero_m - 1.0, slopes


def sciatic_travel_m(
    params: NerveParams, start_rad: np.ndarray, end_rad: np.ndarray, side: Side
) -> float:
    """How far the nerve slides along the middle of the back of the thigh, + towards the foot.

    A point s below the roots (upright) has s (1 + taut strain) of nerve above it, while the bed
    above it grew by what spine and hip did: travel = s x change of max(strain, 0) - change of the
    bed. What a slack nerve has too much lies where it is not pulled, below.
    """
    s_m = params.sciatic_above_thigh_m(np.zeros(8)) + 0.5 * params.thigh_piece_m
    taut, bed_m = [], []
    for posture in (start_rad, end_rad):
        taut.append(max(float(strains_and_slopes(params, posture, side)[0][0]), 0.0))
        bed_m.append(params.sciatic_above_thigh_m(_eight(posture, side)))
    return s_m * (taut[1] - taut[0]) - (bed_m[1] - bed_m[0])


def _eight(anatomical_rad: np.ndarray, side: Side) -> np.ndarray:
    """(8,) the coordinates that a right leg's nerves depend on; a left leg is mirrored first."""
    posture = np.asarray(anatomical_rad, dtype=float)
    return (mirror(posture) if side is Side.LEFT else posture)[_RIGHT]
