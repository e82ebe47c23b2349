"""How far the trunk is bent towards or away from a camera in front or behind, from its length.

The image shows how much the line from hips to shoulders is foreshortened, not to which side. As
loose points the shoulders would draw the filter, which is one Gaussian, to one side by chance and
make it sure of that. So their height is left out, and the angle behind the foreshortening is a
reading of its own with two hypotheses: towards the front and towards the back. They are weighed by
the estimate so far and by how far back anyone leans, and read as one Gaussian with the mean and the
spread of both (probabilistic data association: Bar-Shalom and Tse 1975,
doi:10.1016/0005-1098(75)90021-7).
"""

from math import acos, erf, exp, hypot, radians, sin, sqrt

import numpy as np

from lengthwise.body import projection
from lengthwise.body.fusion import Reading, repeated
from lengthwise.body.kinematic_chain import BODY_SIZE, COORDINATE_MAP, PITCH_WEIGHTS, Link
from lengthwise.body.process import Layout
from lengthwise.contracts.observation import Posture, View
from lengthwise.reference.constants import constant

_UPRIGHT = frozenset({Posture.STANDING, Posture.SITTING, Posture.HALF_KNEELING})
_LIMIT_RAD = radians(constant("body", "lean_back_limit_deg"))
_LIMIT_SD_RAD = radians(constant("body", "lean_back_limit_sd_deg"))
_RATIO_SD = constant("body", "trunk_shortening_sd")
_TAU_S = constant("body", "landmark_fast_tau_s")
_LEAST_SINE = sqrt(_RATIO_SD / 2.0)
"""Near full length the ratio tells the angle to acos(1 - sd) only, about sqrt(2 sd)."""

_CHORD = PITCH_WEIGHTS[Link.CHORD]
_CHORD_MAP = _CHORD @ COORDINATE_MAP


def read_bend(
    layout: Layout,
    posture: Posture,
    now_rad: np.ndarray,
    mean: np.ndarray,
    covariance: np.ndarray,
    length_ratio: float,
    *,
    view: View,
    dt_s: float,
) -> Reading:
    """The pitch of the trunk from its length in the image over its full one.

    `now_rad` (21,) coordinates of the estimate, mean (n,) and covariance (n, n).
    """
    slope = np.zeros((1, layout.size))
    slope[0, :BODY_SIZE] = _CHORD_MAP
    # A camera that looks down sees a trunk that is bent towards it shorter.
    pitch, towards = layout.view(projection.PITCH), 1.0 if view is View.FRONT else -1.0
    slope[0, pitch] = towards
    expected = float(_CHORD @ now_rad + towards * mean[pitch])
    variance = float(slope[0] @ covariance @ slope[0])
    angle = acos(min(max(length_ratio, 0.0), 1.0))
    sd = _RATIO_SD / max(sin(angle), _LEAST_SINE)
    back = _share_of_back(angle, sd, expected, variance, upright=posture in _UPRIGHT)
    target = (1.0 - 2.0 * back) * angle
    spread = hypot(sd, 2.0 * sqrt(back * (1.0 - back)) * angle)
    noise = spread**2 * repeated(_TAU_S, dt_s)
    return Reading(np.array([target - expected]), slope, np.array([[noise]]))


def _share_of_back(
    angle: float, sd: float, expected: float, variance: float, *, upright: bool
) -> float:
    """Probability that the trunk leans back rather than forward by the angle."""
    spread2 = variance + sd**2
    # Likelihood of the back over that of the front; both squares differ by 4 angle x expected.
    odds = exp(min(max(-2.0 * angle * expected / spread2, -30.0), 30.0))
    if upright:
        odds *= _possible(-angle) / _possible(angle)
    return odds / (1.0 + odds)


def _possible(pitch_rad: float) -> float:
    """Whether anyone upright leans so far back, 0 to 1."""
    return 0.5 * (1.0 + erf((pitch_rad - _LIMIT_RAD) / (sqrt(2.0) * _LIMIT_SD_RAD)))
