"""The filter's variables and how they drift between observations.

    body       19 joints, 7 slow offsets, as deviations from the start posture (`kinematic_chain`)
    camera     mid-hip (its place in the image and log distance), camera pitch, roll, yaw and
               log focal length, 7 log lengths of segments, the share of an obliquity that the hip
               landmarks show
    landmarks  fast errors (26: right and up of 12 points, two depth differences), constant errors
               (24), errors that grow with the displacement from the zero pose (24, in units of sd)
    lines      fast and constant errors of the shoulder line and the hip line, seen from the front,
               and those that grow as it is turned away (in units of sd)
    a sensor   fast error (3), mounting error (3) and one that grows as the skin is stretched since
               the zero pose (3, in units of sd), as small turns in the segment's axes
    rhythm     lying, how far the pelvis goes with the legs (`rhythm`), in units of sd

Joints and fast errors follow Ornstein-Uhlenbeck processes,

    x(t + dt) = f x(t) + w,   f = exp(-dt / tau),   cov w = S (1 - f^2),

so that an angle no sensor informs returns to the start posture with the covariance S of its prior
instead of growing without bound. How fast joints do so depends on what is seen to move (`pace`).
The sagittal trunk's part of S widens with the deviation from the start: a large measured bend must
not be drawn back. The others stay, or walk slowly. So does what
skin and clothing do not follow of a segment's turn: in the same posture it is the same again, and
cancels in a difference.
"""

from functools import lru_cache
from itertools import pairwise
from math import log, radians

import numpy as np
from msgspec import Struct

from lengthwise.body import projection
from lengthwise.body.channels import Channels, Line, channels_of
from lengthwise.body.kinematic_chain import (
    BEND_SHARES,
    BODY_SIZE,
    JOINT,
    JOINTS,
    SLOW,
    SLOW_JOINTS,
    TRUNK_JOINTS,
)
from lengthwise.body.landmark_errors import POINT_SIZE, growth_correlation, landmark_covariance
from lengthwise.body.pace import whitened
from lengthwise.body.priors import NOTHING_KNOWN, Calibration
from lengthwise.contracts.observation import PoseModel, Posture, Segment, Stream, View
from lengthwise.contracts.person import FindingKind
from lengthwise.reference.constants import constant

_FLOOR = frozenset({Posture.FOUR_POINT, Posture.SUPINE, Posture.PRONE, Posture.SIDE_LYING})
_LYING = frozenset({Posture.SUPINE, Posture.PRONE})
_KEPT_TO_FLOOR = {"sagittal": _FLOOR, "frontal": _LYING, "axial": frozenset[Posture]()}
"""In each plane, postures in which bending of the trunk would have to leave or slide over it."""
_LOOSE = frozenset({Posture.SITTING, Posture.FOUR_POINT, Posture.SIDE_LYING, Posture.UNKNOWN})
_TRUNK_SEGMENTS = (Segment.PELVIS, Segment.T12)
_RHYTHM = constant("body", "pelvis_per_leg_raise_lying_ratio")
_HIPS = tuple(JOINT[f"hip_{way}_{s}"] for way in ("adduction", "rotation") for s in "lr")
_ACROSS = np.array([*TRUNK_JOINTS["frontal"], *_HIPS])
"""Joints of a bend to the side; a hip follows a tipping pelvis by the one or the other."""
_ADDUCTION = {
    side: (JOINT[f"hip_adduction_{side}"], len(JOINTS) + SLOW.index(f"hip_adduction_{side}"))
    for side in "lr"
}
"""How far a thigh is adducted, and how this person holds it in the start posture."""
_TAU_S = constant("body", "process_tau_s")
_ACROSS_TAU_S = constant("body", "process_across_tau_s")
_LANDMARK_TAU_S = constant("body", "landmark_fast_tau_s")
_IMU_TAU_S = constant("body", "imu_fast_tau_s")

_FAST = POINT_SIZE + projection.PAIR_COUNT
_CAMERA_INPUTS = projection.INPUTS - projection.JOINT_COUNT
IMU_SIZE = 9
_NEVER_TOLD = (projection.FOCAL, projection.LENGTHS + 2, projection.LENGTHS + 3)
"""A lens and the widths of a person: against the distance no image tells them."""
_LEG_LENGTHS = (projection.LENGTHS + 4, projection.LENGTHS + 5)
_THIGHS = {"l": Segment.THIGH_L, "r": Segment.THIGH_R}
LINES = (Line.SHOULDERS, Line.HIPS)
"""Lines across the body whose inclination from the front is a reading of its own."""


def _rad(name: str) -> float:
    return radians(constant("body", name))


class Layout(Struct, frozen=True, eq=False):
    """Places of the filter's variables. The camera's are empty slices where there is none.

    `considered` (n,) bool: what stays in a session and is corrected at the zero pose only: errors
    of sensors, and what no image tells from the distance. `considered_aside` (n,) the same for
    somebody seen from the side: how far a leg that wears no sensor is out of the plane, and lengths
    of legs where neither does. There they show by nothing but each other.
    """

    channels: Channels
    size: int
    camera: slice
    fast: slice
    constant: slice
    growth: slice
    lines: slice
    imus: int
    considered: np.ndarray
    considered_aside: np.ndarray
    rhythm: int | None = None

    def considered_from(self, view: View) -> np.ndarray:
        """(n,) by the side that a camera sees."""
        aside = view is View.LEFT or view is View.RIGHT
        return self.considered_aside if aside else self.considered

    @property
    def root(self) -> int:
        return int(self.camera.start)

    def view(self, row: int) -> int:
        """Place of a camera input of `projection` (PITCH, YAW, ...)."""
        return int(self.camera.start) + row - projection.ROOT

    def imu_fast(self, imu: int) -> slice:
        return slice(self.imus + IMU_SIZE * imu, self.imus + IMU_SIZE * imu + 3)

    def mount(self, imu: int) -> slice:
        return slice(self.imus + IMU_SIZE * imu + 3, self.imus + IMU_SIZE * imu + 6)

    def imu_growth(self, imu: int) -> slice:
        return slice(self.imus + IMU_SIZE * imu + 6, self.imus + IMU_SIZE * (imu + 1))


@lru_cache(maxsize=64)
def layout_of(streams: tuple[Stream, ...], posture: Posture = Posture.UNKNOWN) -> Layout:
    channels = channels_of(streams, posture)
    sizes = (_CAMERA_INPUTS, _FAST, POINT_SIZE, POINT_SIZE, 3 * len(LINES))
    ends = np.cumsum((BODY_SIZE, *(sizes if channels.camera is not None else (0,) * 5))).tolist()
    camera, fast, constant_, growth, lines = (slice(a, b) for a, b in pairwise(ends))
    size = lines.stop + IMU_SIZE * len(channels.imus)
    rhythm = size if posture in _LYING else None
    size += rhythm is not None
    considered = np.zeros(size, dtype=bool)
    if rhythm is not None:
        # A camera does not see a pelvis tilt; what it seems to say of it must not be learnt from.
        considered[rhythm] = not any(stream.segment in _TRUNK_SEGMENTS for stream in channels.imus)
    considered[constant_] = considered[growth] = True
    if channels.camera is not None:
        considered[camera.start + np.array(_NEVER_TOLD) - projection.ROOT] = True
    considered[lines.start + len(LINES) : lines.stop] = True
    for i in range(len(channels.imus)):
        considered[lines.stop + IMU_SIZE * i + 3 : lines.stop + IMU_SIZE * (i + 1)] = True
    aside = _considered_aside(channels, considered, camera.start - projection.ROOT)
    return Layout(
        channels=channels,
        size=size,
        camera=camera,
        fast=fast,
        constant=constant_,
        growth=growth,
        lines=lines,
        imus=lines.stop,
        considered=considered,
        considered_aside=aside,
        rhythm=rhythm,
    )


def _considered_aside(channels: Channels, considered: np.ndarray, inputs_at: int) -> np.ndarray:
    """(n,) as `Layout.considered_aside`, from what is considered whatever the side seen. Camera
    input i of `projection` is variable `inputs_at` + i."""
    worn = {stream.segment for stream in channels.imus}
    bare = [side for side, thigh in _THIGHS.items() if thigh not in worn]
    out = considered.copy()
    for side in bare:
        out[list(_ADDUCTION[side])] = True
    if len(bare) == len(_THIGHS) and channels.camera is not None:
        out[[inputs_at + row for row in _LEG_LENGTHS]] = True
    return out


class Model(Struct, frozen=True, eq=False):
    """What stays in a session's filter; arrays over its n variables.

    `start_joints` (19,) rad; `tau_s` (n,), inf for a constant; `stationary` (n, n) covariance that
    the Ornstein-Uhlenbeck variables tend to; `walk` (n,) variance that the others gain per second;
    `first` (n, n) covariance at the start; `first_mean` (n,); `feeds` (n,) which input of
    `projection` each variable is added to, -1 for none; `body_m` (10,) assumed lengths; `white_m`
    of a landmark; `root` (19, 19) lower root of the joints' part of `stationary`, and its inverse.
    """

    layout: Layout
    start_joints: np.ndarray
    tau_s: np.ndarray
    stationary: np.ndarray
    walk: np.ndarray
    first: np.ndarray
    first_mean: np.ndarray
    feeds: np.ndarray
    body_m: np.ndarray
    white_m: float
    root: np.ndarray
    root_inverse: np.ndarray


def _both(name: str) -> str:
    """The name of a joint without its side."""
    return name.removesuffix("_l").removesuffix("_r")


def joint_covariance(posture: Posture, *, pelvis_kept: bool = False) -> np.ndarray:
    """(19, 19) stationary covariance of the joints in one start posture, rad^2.

    In each plane pelvis, lumbar spine and chest share a bend, beside what each does of its own. In
    lying the pelvis takes part in the raise of a leg, and the lumbar spine follows the pelvis.
    `pelvis_kept`: somebody who was asked to keep the pelvis where it is.
    """
    lying, loose = posture in _LYING, posture in _LOOSE
    kept = "_kept" if pelvis_kept else ""
    suffixes = {
        "pelvis_tilt": f"{kept}_lying" if lying else kept or ("_loose" if loose else ""),
        "lumbar_flexion": "_lying" if lying else "_loose" if loose else "",
        "hip_rotation": "_loose" if loose else "",
    }
    names = [_both(joint) for joint in JOINTS]
    sds = [_rad(f"{name}{suffixes.get(name, '')}_sd_deg") for name in names]
    covariance = np.diag(np.array(sds) ** 2)
    for plane, joints in TRUNK_JOINTS.items():
        on_floor = "_lying" if posture in _KEPT_TO_FLOOR[plane] else ""
        shared = _rad(f"{plane}_bend{on_floor}_sd_deg") * BEND_SHARES[plane]
        covariance[np.ix_(joints, joints)] += np.outer(shared, shared)
    if lying:
        follows = _lying_rhythm()
        covariance = follows @ covariance @ follows.T
    return covariance


def _lying_rhythm() -> np.ndarray:
    """(19, 19) joints of someone who lies, from what each does of its own and how far each thigh
    rises from the floor (in the places of the hips).

    Thighs rest where they are while the pelvis tilts, so that each hip bends by as much as its
    thigh rises and the pelvis tilts forward.
    """
    tilt, lumbar = JOINT["pelvis_tilt"], JOINT["lumbar_flexion"]
    hips = [JOINT["hip_flexion_l"], JOINT["hip_flexion_r"]]
    follows = np.eye(len(JOINTS))
    follows[tilt, hips] = -_RHYTHM
    follows[lumbar, hips] = _RHYTHM
    follows[hips] += follows[tilt]
    return follows


def session_model(
    streams: tuple[Stream, ...],
    posture: Posture,
    start_joints: np.ndarray,
    *,
    body_m: np.ndarray,
    known: Calibration = NOTHING_KNOWN,
    pelvis_kept: bool = False,
) -> Model:
    """The filter of a session from its streams and start posture (19 joints).

    `known`: what was found before; its lengths are in `body_m` already. `pelvis_kept`: as in
    `joint_covariance`.
    """
    layout = layout_of(streams, posture)
    n = layout.size
    tau_s, walk = np.full(n, np.inf), np.zeros(n)
    stationary, first, mean = np.zeros((n, n)), np.zeros((n, n)), np.zeros(n)
    joints = slice(0, len(JOINTS))
    tau_s[joints] = _TAU_S
    tau_s[_ACROSS] = _ACROSS_TAU_S
    stationary[joints, joints] = first[joints, joints] = joint_covariance(
        posture, pelvis_kept=pelvis_kept
    )
    for i, name in enumerate(SLOW):
        place = len(JOINTS) + i
        first[place, place] = _rad(f"{_both(name)}_slow_sd_deg") ** 2
    white_m = 0.0
    if layout.channels.camera is not None:
        white_m = _camera_model(layout, tau_s, stationary, walk, first, mean)
        _set_known(layout, first, mean, body_m, known)
    for i in range(len(layout.channels.imus)):
        fast, mount, growth = layout.imu_fast(i), layout.mount(i), layout.imu_growth(i)
        tau_s[fast] = _IMU_TAU_S
        stationary[fast, fast] = first[fast, fast] = np.eye(3) * _rad("imu_fast_sd_deg") ** 2
        first[mount, mount] = np.eye(3) * _rad("imu_offset_prior_sd_deg") ** 2
        first[growth, growth] = np.eye(3)
        walk[mount] = _rad("imu_slip_deg_per_sqrt_min") ** 2 / 60.0
    if layout.rhythm is not None:
        first[layout.rhythm, layout.rhythm] = 1.0
    feeds = np.full(n, -1)
    feeds[joints] = np.arange(len(JOINTS))
    feeds[len(JOINTS) : BODY_SIZE] = SLOW_JOINTS
    if layout.channels.camera is not None:
        feeds[layout.camera] = np.arange(projection.ROOT, projection.INPUTS)
    root, inverse = whitened(np.ascontiguousarray(stationary[joints, joints]))
    return Model(
        layout=layout,
        start_joints=start_joints,
        tau_s=tau_s,
        stationary=stationary,
        walk=walk,
        first=first,
        first_mean=mean,
        feeds=feeds,
        body_m=body_m,
        white_m=white_m,
        root=root,
        root_inverse=inverse,
    )


def _camera_model(
    layout: Layout,
    tau_s: np.ndarray,
    stationary: np.ndarray,
    walk: np.ndarray,
    first: np.ndarray,
    mean: np.ndarray,
) -> float:
    """Fill in what the camera adds; returns the white noise of a landmark in metres."""
    camera = layout.channels.camera
    assert camera is not None
    sds = {
        projection.PITCH: _rad("camera_pitch_sd_deg"),
        projection.ROLL: _rad("camera_roll_sd_deg"),
        projection.YAW: _rad("camera_yaw_sd_deg"),
        projection.FOCAL: constant("body", "camera_log_focal_sd"),
        projection.HIP_GAIN: constant("body", "hip_line_gain_sd"),
    }
    for k in range(projection.LENGTH_COUNT):
        sds[projection.LENGTHS + k] = constant("body", f"log_length_{k}_sd")
    for row, sd in sds.items():
        first[layout.view(row), layout.view(row)] = sd**2
    mean[layout.view(projection.HIP_GAIN)] = constant("body", "hip_line_gain")
    root, away_m = slice(layout.root, layout.root + 3), constant("body", "camera_distance_m")
    first[root, root] = np.eye(3) / away_m**2
    mean[layout.root + 2] = log(away_m)
    walk[root] = (constant("body", "root_walk_m_per_sqrt_s") / away_m) ** 2
    for row in (projection.PITCH, projection.ROLL, projection.YAW):
        walk[layout.view(row)] = _rad("camera_walk_deg_per_sqrt_min") ** 2 / 60.0
    model = "unknown" if camera.pose_model is PoseModel.UNKNOWN else camera.pose_model.value
    ratio = constant("body", f"pose_model_{model.removeprefix('blazepose_')}_noise_ratio")
    points = landmark_covariance() * ratio**2
    wander = constant("body", "landmark_wander_ratio")
    fast = np.zeros((_FAST, _FAST))
    fast[:POINT_SIZE, :POINT_SIZE] = points * wander**2
    fast[POINT_SIZE:, POINT_SIZE:] = np.eye(2) * (ratio * constant("body", "pair_depth_sd_m")) ** 2
    tau_s[layout.fast] = _LANDMARK_TAU_S
    stationary[layout.fast, layout.fast] = first[layout.fast, layout.fast] = fast
    first[layout.constant, layout.constant] = points * (1.0 - wander**2)
    first[layout.growth, layout.growth] = growth_correlation()
    for i, line in enumerate(LINES):
        at, stays = layout.lines.start + i, layout.lines.start + len(LINES) + i
        tau_s[at] = _LANDMARK_TAU_S
        stationary[at, at] = first[at, at] = (ratio * _rad(f"{line.value}_fast_sd_deg")) ** 2
        first[stays, stays] = (ratio * _rad(f"{line.value}_slow_sd_deg")) ** 2
        first[stays + len(LINES), stays + len(LINES)] = 1.0
    return ratio * constant("body", "landmark_white_m")


_LENGTH_PARTS = {
    FindingKind.TRUNK_LINE: (0, 1),
    FindingKind.SHOULDER_LINE: (2,),
    FindingKind.HIP_LINE: (3,),
    FindingKind.THIGH: (4,),
    FindingKind.SHANK: (5,),
}
"""Which of the seven log lengths of `projection` a length between landmarks is made of."""


def _set_known(
    layout: Layout, first: np.ndarray, mean: np.ndarray, body_m: np.ndarray, known: Calibration
) -> None:
    """Fill in what was found before: the spread of each length, and the hip line's gain.

    The log of a sum of parts with shares w has variance w' P w; P is changed in that direction
    alone, P + P w (v - w' P w) w' P / (w' P w)^2, so that the sum gets the variance v.
    """
    for kind, found in known.lengths_m:
        parts = np.array(_LENGTH_PARTS[kind])
        at = layout.view(projection.LENGTHS) + parts
        lower_m, upper_m = float(body_m[:2].sum()), float(body_m[2])
        share = np.ones(1) if len(parts) == 1 else np.array([lower_m, upper_m])
        share = share / share.sum()
        prior = first[np.ix_(at, at)]
        along = prior @ share
        spread = float(share @ along)
        change = ((found.sd / found.mean) ** 2 - spread) / spread**2
        first[np.ix_(at, at)] = prior + change * np.outer(along, along)
    if known.hip_gain is not None:
        at_gain = layout.view(projection.HIP_GAIN)
        mean[at_gain] = known.hip_gain.mean
        first[at_gain, at_gain] = known.hip_gain.sd**2
