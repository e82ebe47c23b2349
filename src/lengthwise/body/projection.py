"""What sensors would see of a posed body, for many poses at once: compiled.

Frame of the body's surroundings: x to the person's front at zero rotation, y to the left, z up;
origin in the middle of the hip joints. Of a person who lies on the side it lies with them: z
towards the head, and up is `up` (`side_lying`). Turns as in `conventions`:

    pelvis = Rz(rotation) Rx(-obliquity) Ry(tilt)
    t12, thorax = pelvis Ry(flexion) Rx(side-bend) Rz(rotation)
    thigh = pelvis Ry(-flexion) Rx(-+ adduction) Rz(-+ rotation)    (left, right)
    shank = thigh Ry(knee), foot = shank Ry(-dorsiflexion)

The trunk from hips to shoulders is three rods (pelvis, lumbar spine, chest), each standing at the
middle of the angles at its two ends: spines bend evenly. The camera looks along -x at yaw zero,
turned to the left by `yaw`, down by `pitch`, about its own axis by `roll`.

An input row (INPUTS,) is: the 19 JOINTS in radians; mid-hip, right and up in the image over the
assumed focal length, and the log of metres away; camera pitch, roll, yaw; log of focal length over
the assumed one; logs of seven lengths over the assumed ones (lower trunk, upper trunk, shoulder
half width, hip half width, thigh, shank, foot); the share of a pelvic obliquity that the hip
landmarks show from the front.

One camera does not tell large and far from small and near, nor from a longer lens. In these inputs
what looks alike lies on straight lines, which do not lean on where in the image somebody stands. In
metres the lines are curved, and a filter that linearises anew in each frame walks along them as
landmarks tremble (docs/decisions/0098).
"""

from math import cos, exp, sin, sqrt

import numpy as np
from numba import njit

JOINT_COUNT = 19
ROOT = 19
PITCH, ROLL, YAW, FOCAL = 22, 23, 24, 25
LENGTHS = 26
LENGTH_COUNT = 7
HIP_GAIN = 33
INPUTS = 34

POINT_COUNT = 12
"""Shoulders, hips, knees, ankles, heels, toes; the left of each pair first."""
PAIR_COUNT = 2
"""Depth of the left behind the right: shoulders, hips."""
UP_COUNT = 7
"""Up in the axes of pelvis, t12, thorax, left and right thigh, left and right shank."""

POINTS_AT = 0
PAIRS_AT = 2 * POINT_COUNT
UPS_AT = PAIRS_AT + PAIR_COUNT
PLACES_AT = UPS_AT + 3 * UP_COUNT
HEIGHTS_AT = PLACES_AT + 3 * POINT_COUNT
OUTPUTS = HEIGHTS_AT + POINT_COUNT
"""Image points (24: right and up, in metres at a given distance), depth differences (2), ups (21),
places of the points from mid-hip in pelvis axes (12 x 3), their heights (12); metres."""

UPRIGHT = np.array([0.0, 0.0, 1.0])
"""Upwards in the frame of the surroundings, unless the person lies on the side."""

_Turn = tuple[float, float, float, float, float, float, float, float, float]


@njit(cache=True)
def _bent(y: float, x: float, z: float) -> _Turn:
    """Ry(y) Rx(x) Rz(z), row by row."""
    cy, sy, cx, sx, cz, sz = cos(y), sin(y), cos(x), sin(x), cos(z), sin(z)
    return (
        cy * cz + sy * sx * sz, sy * sx * cz - cy * sz, sy * cx,
        cx * sz, cx * cz, -sx,
        cy * sx * sz - sy * cz, cy * sx * cz + sy * sz, cy * cx,
    )  # fmt: skip


@njit(cache=True)
def _product(a: _Turn, b: _Turn) -> _Turn:
    return (
        a[0] * b[0] + a[1] * b[3] + a[2] * b[6],
        a[0] * b[1] + a[1] * b[4] + a[2] * b[7],
        a[0] * b[2] + a[1] * b[5] + a[2] * b[8],
        a[3] * b[0] + a[4] * b[3] + a[5] * b[6],
        a[3] * b[1] + a[4] * b[4] + a[5] * b[7],
        a[3] * b[2] + a[4] * b[5] + a[5] * b[8],
        a[6] * b[0] + a[7] * b[3] + a[8] * b[6],
        a[6] * b[1] + a[7] * b[4] + a[8] * b[7],
        a[6] * b[2] + a[7] * b[5] + a[8] * b[8],
    )


@njit(cache=True)
def _transposed(a: _Turn) -> _Turn:
    return (a[0], a[3], a[6], a[1], a[4], a[7], a[2], a[5], a[8])


@njit(cache=True)
def _set_up(out: np.ndarray, at: int, turn: _Turn, up: np.ndarray) -> None:
    """World up in the axes of a segment: of an upright body the last row of its turn."""
    for k in range(3):
        out[at + k] = up[0] * turn[k] + up[1] * turn[3 + k] + up[2] * turn[6 + k]


@njit(cache=True)
def _trunk_turns(row: np.ndarray) -> tuple[_Turn, _Turn, _Turn, _Turn, _Turn]:
    """Pelvis, the middle of the lumbar spine, its top (t12), the middle of the chest, thorax."""
    pelvis = _transposed(_bent(-row[0], row[1], -row[2]))
    lumbar_y, lumbar_x, lumbar_z = row[3], row[4], row[5]
    chest_y, chest_x, chest_z = row[3] + row[6], row[4] + row[7], row[5] + row[8]
    half_lumbar = _product(pelvis, _bent(0.5 * lumbar_y, 0.5 * lumbar_x, 0.5 * lumbar_z))
    t12 = _product(pelvis, _bent(lumbar_y, lumbar_x, lumbar_z))
    half_chest = _product(
        pelvis,
        _bent(0.5 * (lumbar_y + chest_y), 0.5 * (lumbar_x + chest_x), 0.5 * (lumbar_z + chest_z)),
    )
    return pelvis, half_lumbar, t12, half_chest, _product(pelvis, _bent(chest_y, chest_x, chest_z))


@njit(cache=True)
def _leg_turns(
    row: np.ndarray, joint: int, lateral: float, pelvis: _Turn
) -> tuple[_Turn, _Turn, _Turn]:
    """Thigh, shank and foot of one leg whose joints begin at `joint`."""
    thigh = _product(
        pelvis, _bent(-row[joint], -lateral * row[joint + 1], -lateral * row[joint + 2])
    )
    shank = _product(thigh, _bent(row[joint + 3], 0.0, 0.0))
    return thigh, shank, _product(shank, _bent(-row[joint + 4], 0.0, 0.0))


@njit(cache=True)
def _leg(
    turns: tuple[_Turn, _Turn, _Turn], lengths: np.ndarray, side: int, places: np.ndarray
) -> None:
    """Knee, ankle, heel and toe of one leg from its hip."""
    thigh, shank, foot = turns
    thigh_m, shank_m = lengths[5], lengths[6]
    ankle_m, heel_m, toe_m = lengths[7], lengths[8], lengths[9]
    for k in range(3):
        hip = places[2 + side, k]
        knee = hip - thigh_m * thigh[3 * k + 2]
        ankle = knee - shank_m * shank[3 * k + 2]
        sole = ankle - ankle_m * foot[3 * k + 2]
        places[4 + side, k] = knee
        places[6 + side, k] = ankle
        places[8 + side, k] = sole - heel_m * foot[3 * k]
        places[10 + side, k] = sole + toe_m * foot[3 * k]


@njit(cache=True)
def _look(
    row: np.ndarray,
    pelvis: _Turn,
    places: np.ndarray,
    away_m: float,
    up: np.ndarray,
    out: np.ndarray,
) -> None:
    """The image of one pose, its depths and places; see OUTPUTS."""
    cp, sp = cos(row[PITCH]), sin(row[PITCH])
    cr, sr = cos(row[ROLL]), sin(row[ROLL])
    cw, sw = cos(row[YAW]), sin(row[YAW])
    # Right, up and away of the camera before its roll.
    right_x, right_y = -sw, cw
    up_x, up_y, up_z = -sp * cw, -sp * sw, cp
    away_x, away_y, away_z = -cp * cw, -cp * sw, -sp
    scale, hips_away_m = exp(row[FOCAL]) * away_m, exp(row[ROOT + 2])
    hips_right_m = row[ROOT] * exp(row[ROOT + 2] - row[FOCAL])
    hips_up_m = row[ROOT + 1] * exp(row[ROOT + 2] - row[FOCAL])
    frontal = (pelvis[1] * right_x + pelvis[4] * right_y) ** 2
    for j in range(POINT_COUNT):
        x, y, z = places[j, 0], places[j, 1], places[j, 2]
        level = right_x * x + right_y * y
        upward = up_x * x + up_y * y + up_z * z
        away = away_x * x + away_y * y + away_z * z
        if j == 2 or j == 3:
            # From the front the hip landmarks show only part of an obliquity.
            upward *= 1.0 - (1.0 - row[HIP_GAIN]) * frontal
        across = cr * level + sr * upward + hips_right_m
        above = -sr * level + cr * upward + hips_up_m
        distance = max(away + hips_away_m, 0.2)
        out[2 * j] = scale * across / distance
        out[2 * j + 1] = scale * above / distance
        for k in range(3):
            out[PLACES_AT + 3 * j + k] = pelvis[k] * x + pelvis[3 + k] * y + pelvis[6 + k] * z
        out[HEIGHTS_AT + j] = up[0] * x + up[1] * y + up[2] * z
    for pair in range(PAIR_COUNT):
        behind = 0.0
        behind += away_x * (places[2 * pair, 0] - places[2 * pair + 1, 0])
        behind += away_y * (places[2 * pair, 1] - places[2 * pair + 1, 1])
        behind += away_z * (places[2 * pair, 2] - places[2 * pair + 1, 2])
        out[PAIRS_AT + pair] = behind


def seen(
    rows: np.ndarray, body_m: np.ndarray, away_m: float, up: np.ndarray = UPRIGHT
) -> np.ndarray:
    """(k, OUTPUTS) what k poses (k, INPUTS) look like.

    `body_m` (10,): assumed lengths of pelvis, lumbar and chest rods, shoulder and hip half widths,
    thigh, shank, and ankle height, heel and toe from the ankle. Image points are given in metres
    at the distance `away_m`: pixels over the assumed focal length, times `away_m`. `up` (3,)
    upwards in the frame of the surroundings.
    """
    return np.asarray(_seen(rows, np.zeros(len(rows), dtype=int), body_m, away_m, up))


_LEFT_LEG, _RIGHT_LEG = 9, 14
"""Where the joints of each leg begin; those of the trunk come before."""
_UNTURNED: _Turn = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


@njit(cache=True)
def _seen(
    rows: np.ndarray, other_from: np.ndarray, body_m: np.ndarray, away_m: float, up: np.ndarray
) -> np.ndarray:
    """As `seen`. `other_from` (k,): inputs before that one are as in the row above; turns that
    follow from these alone, which take most of the time, are not found again."""
    out = np.empty((rows.shape[0], OUTPUTS))
    places = np.empty((POINT_COUNT, 3))
    lengths = np.empty(10)
    trunk = (_UNTURNED, _UNTURNED, _UNTURNED, _UNTURNED, _UNTURNED)
    left, right = (_UNTURNED, _UNTURNED, _UNTURNED), (_UNTURNED, _UNTURNED, _UNTURNED)
    for i in range(rows.shape[0]):
        row = rows[i]
        lower, upper = exp(row[LENGTHS]), exp(row[LENGTHS + 1])
        lengths[0], lengths[1] = body_m[0] * lower, body_m[1] * lower
        lengths[2] = body_m[2] * upper
        lengths[3] = body_m[3] * exp(row[LENGTHS + 2])
        lengths[4] = body_m[4] * exp(row[LENGTHS + 3])
        lengths[5] = body_m[5] * exp(row[LENGTHS + 4])
        lengths[6] = body_m[6] * exp(row[LENGTHS + 5])
        foot_ratio = exp(row[LENGTHS + 6])
        for k in range(7, 10):
            lengths[k] = body_m[k] * foot_ratio

        if other_from[i] < _LEFT_LEG:
            trunk = _trunk_turns(row)
        pelvis, half_lumbar, t12, half_chest, thorax = trunk
        if other_from[i] < _RIGHT_LEG:
            left = _leg_turns(row, _LEFT_LEG, 1.0, pelvis)
        if other_from[i] < JOINT_COUNT:
            right = _leg_turns(row, _RIGHT_LEG, -1.0, pelvis)
        segments = (pelvis, t12, thorax, left[0], right[0], left[1], right[1])
        for segment in range(UP_COUNT):
            _set_up(out[i], UPS_AT + 3 * segment, segments[segment], up)
        for k in range(3):
            neck = (
                lengths[0] * pelvis[3 * k + 2]
                + lengths[1] * half_lumbar[3 * k + 2]
                + lengths[2] * half_chest[3 * k + 2]
            )
            places[0, k] = neck + lengths[3] * thorax[3 * k + 1]
            places[1, k] = neck - lengths[3] * thorax[3 * k + 1]
            places[2, k] = lengths[4] * pelvis[3 * k + 1]
            places[3, k] = -lengths[4] * pelvis[3 * k + 1]
        _leg(left, lengths, 0, places)
        _leg(right, lengths, 1, places)

        _look(row, pelvis, places, away_m, up, out[i])
    return out


@njit(cache=True)
def differences(
    start_joints: np.ndarray,
    inputs: np.ndarray,
    root: np.ndarray,
    body_m: np.ndarray,
    away_m: float,
    up: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Second-order divided differences of `seen` about one pose, at sqrt(3) sds.

    `inputs` (k,) the varying part of a row, its joints without `start_joints` (19,); `root` (k, k)
    lower root of its covariance. Returns the outputs at the pose (OUTPUTS,), per column of the root
    their slopes (k, OUTPUTS), and their second differences (k, OUTPUTS) over 2 x 3.
    """
    k = inputs.shape[0]
    rows, other_from = np.zeros((2 * k + 1, INPUTS)), np.zeros(2 * k + 1, dtype=np.int64)
    for i in range(2 * k + 1):
        for j in range(k):
            rows[i, j] = inputs[j]
        for j in range(JOINT_COUNT):
            rows[i, j] += start_joints[j]
    step = sqrt(3.0)
    for i in range(k):
        # A column of the root leaves the inputs before it as they are, so the last comes first.
        plus, minus = 2 * (k - i) - 1, 2 * (k - i)
        other_from[plus] = other_from[minus] = i
        for j in range(i, k):
            rows[plus, j] += step * root[j, i]
            rows[minus, j] -= step * root[j, i]
    out = _seen(rows, other_from, body_m, away_m, up)
    here = out[0]
    slopes = np.empty((k, OUTPUTS))
    bends = np.empty((k, OUTPUTS))
    for i in range(k):
        ahead, behind = out[2 * (k - i) - 1], out[2 * (k - i)]
        for j in range(OUTPUTS):
            slopes[i, j] = (ahead[j] - behind[j]) / (2.0 * step)
            bends[i, j] = (ahead[j] + behind[j] - 2.0 * here[j]) / 6.0
    return here, slopes, bends
