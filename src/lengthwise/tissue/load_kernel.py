"""Compiled statics of the upper body over L5-S1 and L4-L5, for every frame.

Axes: those of the upright bones (x front, y up, z right), turned with the pelvis; the turn about
the vertical does not matter and is left out, so gravity pulls along -y. Order of turns as in
`body.conventions`.

For each level, with c its centre, p the places of the weights w above it (hands push up as a
negative weight at the shoulders):

    moment  M = sum (p - c) x (0, -w, 0),      need = -(M . axes + passive moment),
    pull    = |(e max(need_f, 0), f max(-need_f, 0), s |need_s|, t |need_t|)|_4   N,
    muscle  = sqrt(tone^2 + pull^2)            (a muscle that is tense anyhow takes its share),
    compression = muscle + weight . normal + passive pull,
    shear   = -weight . front + what the muscles push across.

e, f, s, t (newtons of compression per N m towards extension, flexion, side and turn) are fitted to
the static optimisation of `lumbar_statics`.
"""

from math import cos, hypot, sin, sqrt

import numpy as np
from numba import njit

from lengthwise.reference.constants import constant
from lengthwise.tissue.passive_bending import passive_moment_nm

# Places in `options` (13,): what a posture, a person or a doubt about them changes.
MASS_KG, BODY, FORWARD_M, ARMS_CARRIED, HANDS_M, HANDS_PUSH, HELD_KG, HELD_REACH_M = range(8)
TONE_N, ARM, SIDE_ARM, PASSIVE_SIZE, LINE = range(8, 13)
OPTIONS = 13
COMPRESSION, SHEAR, AXIAL, TAUT, EXTEND, SIDE, TURN, ACROSS = range(8)
"""Places in the second axis of `level_loads`."""
_GRAVITY = constant("anatomy", "gravity_m_s2")


@njit(cache=True)
def turn_on(
    bones: np.ndarray, bone: int, on: int, flexion: float, bend: float, turn: float
) -> None:
    """Axes of `bones` (n, 3, 3): those of one become those of `on` x Rz(-flexion) x Rx(bend) x
    Ry(turn). The two may be the same."""
    cf, sf = cos(flexion), -sin(flexion)
    cb, sb = cos(bend), sin(bend)
    ct, st = cos(turn), sin(turn)
    for i in range(3):
        x = bones[on, i, 0] * cf + bones[on, i, 1] * sf
        y = bones[on, i, 1] * cf - bones[on, i, 0] * sf
        z = bones[on, i, 2]
        y, z = y * cb + z * sb, z * cb - y * sb
        bones[bone, i, 0], bones[bone, i, 1], bones[bone, i, 2] = (
            x * ct - z * st,
            y,
            z * ct + x * st,
        )


@njit(cache=True)
def level_loads(
    angles: np.ndarray,
    options: np.ndarray,
    offsets: np.ndarray,
    shares: np.ndarray,
    parts: np.ndarray,
    pelvis: np.ndarray,
    lean: np.ndarray,
    fit: np.ndarray,
    passive: np.ndarray,
) -> np.ndarray:
    """(2, 8) for L5-S1 and L4-L5: compression N, shear to the front N, weight along the disc N,
    passive pull N, need (extension, to the right, turn to the left) N m, the weight's shear N.

    `angles` (5,) pelvis tilt and obliquity, lumbar flexion, side-bend, rotation, rad. `options` as
    above. `offsets` (6, 3) centre of L5-S1 from the pelvis' origin, of the next four levels each
    from the one below in its bone, and the chest's origin in the bone of L1. `shares` (3, 5) of the
    levels in flexion, side-bend and rotation. `parts` (n, 5) bone 0..4 for L5..L1 or 5 for the
    chest, front and up in it, share of body mass, 1 for the arms. `pelvis` (5,) centre of the lower
    trunk (front, up), its share, hip centre (front, up). `lean` (2,) of the discs' normals. `fit`
    (2, 9): e at 0 and its slope, f, s likewise (slopes of f in extension, of s in flexion only), t,
    then shear to the front per newton of extensors and of flexors. `passive` of `passive_bending`.
    """
    bones, centre, out = np.empty((7, 3, 3)), np.empty((6, 3)), np.empty((2, 8))
    at, weight = np.empty((len(parts) + 2, 3)), np.empty(len(parts) + 2)
    place(angles, offsets, shares, bones, centre)
    loads_of(
        out, angles, options, shares, parts, pelvis, lean, fit, passive, bones, centre, at, weight
    )
    return out


@njit(cache=True)
def place(
    angles: np.ndarray,
    offsets: np.ndarray,
    shares: np.ndarray,
    bones: np.ndarray,
    centre: np.ndarray,
) -> None:
    """Into `bones` (7, 3, 3) axes of pelvis, L5..L1 and chest, `centre` (6, 3) of the levels and
    the chest's origin."""
    for i in range(3):
        for j in range(3):
            bones[0, i, j] = 1.0 if i == j else 0.0
    # Rx(-obliquity) x Rz(-tilt), the second with the sign of `turn_on`.
    turn_on(bones, 0, 0, 0.0, -angles[1], 0.0)
    turn_on(bones, 0, 0, angles[0], 0.0, 0.0)
    for k in range(6):
        for i in range(3):
            before = centre[k - 1, i] if k > 0 else 0.0
            centre[k, i] = before + (
                bones[k, i, 0] * offsets[k, 0]
                + bones[k, i, 1] * offsets[k, 1]
                + bones[k, i, 2] * offsets[k, 2]
            )
        if k < 5:
            turn_on(
                bones,
                k + 1,
                k,
                shares[0, k] * angles[2],
                shares[1, k] * angles[3],
                shares[2, k] * angles[4],
            )
        else:
            turn_on(bones, 6, 5, 0.0, 0.0, 0.0)


@njit(cache=True)
def loads_of(
    out: np.ndarray,
    angles: np.ndarray,
    options: np.ndarray,
    shares: np.ndarray,
    parts: np.ndarray,
    pelvis: np.ndarray,
    lean: np.ndarray,
    fit: np.ndarray,
    passive: np.ndarray,
    bones: np.ndarray,
    centre: np.ndarray,
    at: np.ndarray,
    weight: np.ndarray,
) -> None:
    """`level_loads` of bones that were placed, into `out`; `at` (n + 2, 3) and `weight` (n + 2,)
    are room to work in, so that a frame with twenty such calls asks for memory once."""
    count = len(parts)
    body_n = options[MASS_KG] * _GRAVITY * options[BODY]
    arms = 0
    for n in range(count):
        b = int(parts[n, 0])
        x = parts[n, 1] + options[FORWARD_M]
        for i in range(3):
            at[n, i] = centre[b, i] + bones[b + 1, i, 0] * x + bones[b + 1, i, 1] * parts[n, 2]
        weight[n] = parts[n, 3] * body_n
        if parts[n, 4] > 0.0:
            weight[n] *= 1.0 - options[ARMS_CARRIED]
            arms = n
            for i in range(3):
                at[n, i] -= bones[b + 1, i, 0] * options[FORWARD_M]
    # What is held hangs from the shoulders, its reach level and along the chest's front.
    front_x, front_z = bones[6, 0, 0], bones[6, 2, 0]
    level = max(hypot(front_x, front_z), 1e-6)
    for i in range(3):
        at[count, i] = at[count + 1, i] = at[arms, i]
    at[count, 0] += options[HELD_REACH_M] * front_x / level
    at[count, 2] += options[HELD_REACH_M] * front_z / level
    weight[count] = options[HELD_KG] * _GRAVITY
    weight[count + 1] = -_hands_n(bones, at, weight, count, pelvis, body_n, options)
    for level_at in range(2):
        _one_level(out, level_at, angles, shares, bones, centre, at, weight, parts, lean, fit,
                   passive, options)  # fmt: skip


@njit(cache=True)
def _hands_n(
    bones: np.ndarray,
    at: np.ndarray,
    weight: np.ndarray,
    count: int,
    pelvis: np.ndarray,
    body_n: float,
    options: np.ndarray,
) -> float:
    """What both hands bear on all fours, under the shoulders, knees under the hips and no friction.

    Moments about the line of the hips: the thighs and what is below weigh on the knees. With D the
    level way from hips to shoulders, to the front, the share goes as D^2 / (D^2 + hands^2), to
    nothing where the shoulders stand over or behind the hips. `options[HANDS_M]`: that width, 0 for
    no hands.
    """
    width = options[HANDS_M]
    if width <= 0.0:
        return 0.0
    # Level and to the front: across the axis from hip to hip.
    front_x, front_z = bones[0, 2, 2], -bones[0, 0, 2]
    size = max(hypot(front_x, front_z), 1e-6)
    front_x, front_z = front_x / size, front_z / size
    hip_x = bones[0, 0, 0] * pelvis[3] + bones[0, 0, 1] * pelvis[4]
    hip_z = bones[0, 2, 0] * pelvis[3] + bones[0, 2, 1] * pelvis[4]
    moment = 0.0
    for n in range(count + 1):
        moment += weight[n] * ((at[n, 0] - hip_x) * front_x + (at[n, 2] - hip_z) * front_z)
    low_x = bones[0, 0, 0] * pelvis[0] + bones[0, 0, 1] * pelvis[1]
    low_z = bones[0, 2, 0] * pelvis[0] + bones[0, 2, 1] * pelvis[1]
    moment += pelvis[2] * body_n * ((low_x - hip_x) * front_x + (low_z - hip_z) * front_z)
    ahead_x, ahead_z = at[count + 1, 0] - hip_x, at[count + 1, 2] - hip_z
    way = max(ahead_x * front_x + ahead_z * front_z, 0.0)
    share: float = options[HANDS_PUSH] * max(moment, 0.0) * way / (way * way + width * width)
    return share


@njit(cache=True)
def _one_level(
    out: np.ndarray,
    level: int,
    angles: np.ndarray,
    shares: np.ndarray,
    bones: np.ndarray,
    centre: np.ndarray,
    at: np.ndarray,
    weight: np.ndarray,
    parts: np.ndarray,
    lean: np.ndarray,
    fit: np.ndarray,
    passive: np.ndarray,
    options: np.ndarray,
) -> None:
    total = moment_x = moment_z = 0.0
    for n in range(len(weight)):
        # What is held and the hands hang on the chest, which is above both levels.
        if n >= len(parts) or parts[n, 0] >= level:
            total += weight[n]
            moment_x += weight[n] * (at[n, 2] - centre[level, 2])
            moment_z -= weight[n] * (at[n, 0] - centre[level, 0])
    up = level + 1
    flexing = passive_moment_nm(passive, 0, angles[2]) * options[PASSIVE_SIZE]
    bending = passive_moment_nm(passive, 1, angles[3]) * options[PASSIVE_SIZE]
    extend = -(moment_x * bones[level, 0, 2] + moment_z * bones[level, 2, 2]) - flexing
    # The side-bend axis is the front axis after the turn of flexion, that of rotation the last up.
    flexed = shares[0, level] * angles[2]
    cf, sf = cos(flexed), -sin(flexed)
    side_x, side_z = (
        bones[level, 0, 0] * cf + bones[level, 0, 1] * sf,
        bones[level, 2, 0] * cf + bones[level, 2, 1] * sf,
    )
    side = -(moment_x * side_x + moment_z * side_z) + bending
    turn = -(moment_x * bones[up, 0, 1] + moment_z * bones[up, 2, 1])
    e = (fit[level, 0] + fit[level, 1] * angles[2]) * options[ARM]
    f = (fit[level, 2] + fit[level, 3] * min(angles[2], 0.0)) * options[ARM]
    s = (fit[level, 4] + fit[level, 5] * max(angles[2], 0.0)) * options[SIDE_ARM]
    extensors, flexors = e * max(extend, 0.0), f * max(-extend, 0.0)
    aside, across = s * abs(side), fit[level, 6] * abs(turn)
    fourth = extensors**4 + flexors**4 + aside**4 + across**4
    pull = sqrt(sqrt(fourth))
    taut = options[LINE] * (e * max(flexing, 0.0) + f * max(-flexing, 0.0) + s * abs(bending))
    c, sn = cos(lean[level]), sin(lean[level])
    nx = (bones[level, 0, 0] + bones[up, 0, 0]) * sn + (bones[level, 0, 1] + bones[up, 0, 1]) * c
    ny = (bones[level, 1, 0] + bones[up, 1, 0]) * sn + (bones[level, 1, 1] + bones[up, 1, 1]) * c
    nz = (bones[level, 2, 0] + bones[up, 2, 0]) * sn + (bones[level, 2, 1] + bones[up, 2, 1]) * c
    size = sqrt(nx * nx + ny * ny + nz * nz)
    nx, ny, nz = nx / size, ny / size, nz / size
    rx = bones[level, 0, 2] + bones[up, 0, 2]
    ry = bones[level, 1, 2] + bones[up, 1, 2]
    rz = bones[level, 2, 2] + bones[up, 2, 2]
    along = nx * rx + ny * ry + nz * rz
    rx, ry, rz = rx - along * nx, ry - along * ny, rz - along * nz
    front_up = (nz * rx - nx * rz) / sqrt(rx * rx + ry * ry + rz * rz)
    axial, across_n = total * ny, -total * front_up
    out[level, COMPRESSION] = hypot(options[TONE_N], pull) + axial + taut
    out[level, SHEAR] = across_n + fit[level, 7] * extensors + fit[level, 8] * flexors
    out[level, AXIAL], out[level, TAUT], out[level, ACROSS] = axial, taut, across_n
    out[level, EXTEND], out[level, SIDE], out[level, TURN] = extend, side, turn
