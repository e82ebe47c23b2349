"""What is known of the body and its tissue at one instant, always with standard deviations."""

from collections.abc import Sequence
from enum import StrEnum
from math import sqrt

import numpy as np
from msgspec import Struct

from lengthwise.contracts.coordinates import ANATOMICAL, INDEX, Coordinate, Side
from lengthwise.contracts.muscles import GROUP_INDEX, MuscleGroup
from lengthwise.contracts.observation import Rejection, SignalKind

_ANATOMICAL = slice(INDEX[ANATOMICAL[0]], INDEX[ANATOMICAL[-1]] + 1)


class Estimate(Struct, frozen=True, gc=False):
    """A value with its standard deviation, in the unit of the quantity (SI)."""

    mean: float
    sd: float


class Unseen(StrEnum):
    """Why a coordinate is not claimed."""

    CLAIMED = "claimed"
    NO_SENSOR = "no_sensor"
    NOT_CALIBRATED = "not_calibrated"
    VIEW = "view"
    OUT_OF_FRAME = "out_of_frame"
    OCCLUDED = "occluded"
    STALE = "stale"
    UNCERTAIN = "uncertain"
    NEVER_FROM_CAMERA = "never_from_camera"


class MarkedPose(Struct, frozen=True):
    """A pose that the person marked in this session, as it was known then.

    `mean_rad` (13,), `covariance_rad2` (13, 13) over ANATOMICAL; `shared_rad2` (13, 13) covariance
    of the present coordinates (rows) with the marked ones (columns): the errors that both have
    cancel in their difference. `earlier_rad2` (k, 13, 13) the same of these marked coordinates
    (rows) with those of each of the k marks that stand before this one (columns).
    """

    t_s: float
    kind: SignalKind
    targets: tuple[tuple[MuscleGroup, Side], ...]
    mean_rad: np.ndarray
    covariance_rad2: np.ndarray
    shared_rad2: np.ndarray
    earlier_rad2: np.ndarray


class BodyState(Struct, frozen=True):
    """Joint coordinates with their joint uncertainty.

    `mean_rad` (21,) and `covariance_rad2` (21, 21) follow COORDINATES. A coordinate that no
    sensor informs stands at the prior of the declared posture with the prior's sd: it is there
    so that what depends on it carries the doubt, and must not be shown. `unseen` (21,) says for
    each whether it is claimed (may be shown) or why not. `quality` 0..1: share of claimed
    coordinates among those that the present sensors could claim.

    `marks`: poses marked in this session, in the order in which they were taken.
    """

    t_s: float
    mean_rad: np.ndarray
    covariance_rad2: np.ndarray
    unseen: tuple[Unseen, ...]
    quality: float
    marks: tuple[MarkedPose, ...] = ()

    def claimed(self, coordinate: Coordinate) -> Estimate | None:
        """The estimate if it may be shown, else None."""
        i = INDEX[coordinate]
        if self.unseen[i] is not Unseen.CLAIMED:
            return None
        return self.believed(coordinate)

    def believed(self, coordinate: Coordinate) -> Estimate:
        """The estimate with its sd, claimed or not; for computation, never for display."""
        i = INDEX[coordinate]
        variance_rad2 = float(self.covariance_rad2[i, i])
        return Estimate(float(self.mean_rad[i]), sqrt(max(variance_rad2, 0.0)))

    def joint_covariance_rad2(self, marks: Sequence[int]) -> np.ndarray:
        """(n, n, 13, 13) covariance of the anatomical coordinates now and at some of the marks.

        `marks`: their places in `self.marks`; the first of the n moments is now.
        """
        n, size = 1 + len(marks), len(ANATOMICAL)
        joint = np.empty((n, n, size, size))
        joint[0, 0] = self.covariance_rad2[_ANATOMICAL, _ANATOMICAL]
        for a, i in enumerate(marks, start=1):
            mark = self.marks[i]
            joint[a, a] = mark.covariance_rad2
            joint[0, a], joint[a, 0] = mark.shared_rad2, mark.shared_rad2.T
            for b, k in enumerate(marks[: a - 1], start=1):
                late, early = (a, b) if i > k else (b, a)
                between = self.marks[max(i, k)].earlier_rad2[min(i, k)]
                joint[late, early], joint[early, late] = between, between.T
        return joint


class BodyOutput(Struct, frozen=True):
    """Result of one body step: a state at camera frames and ticks, None between them."""

    state: BodyState | None
    rejections: tuple[Rejection, ...] = ()


class Correction(Struct, frozen=True):
    """What a coordinate that the exercise keeps would bring the targets by going back.

    `moved` out of its place in the start posture, rad, signed; `gain` of the targets' mean range
    fraction on its way back, negative where the movement lengthens them.
    """

    coordinate: Coordinate
    moved: Estimate
    gain: Estimate


class Precision(Struct, frozen=True):
    """How purely the exercise's target is lengthened when `side` is the working side.

    `line_alignment` -1..1, `selectivity` 0..1; None while too little was moved to tell.
    `corrections`, the most helpful first: of kept coordinates that are claimed and out of place;
    none while a target is not claimed. `gained`: the targets' mean range fraction since the start
    posture, None while one is not claimed. `lengthened_by`: kept coordinates that are claimed and
    have surely lengthened every target by leaving their place, whether or not these are claimed.
    """

    side: Side
    line_alignment: float | None
    selectivity: float | None
    corrections: tuple[Correction, ...] = ()
    gained: float | None = None
    lengthened_by: tuple[Coordinate, ...] = ()


class LevelLoad(Struct, frozen=True):
    """One disc. `compression_ratio`: 1 = the same disc in upright standing; `compression_n`: the
    same in newtons, less surely known. `shear_ratio`: force across the disc on what lies above it,
    + to the front, borne by disc and facet joints, as a ratio to the *compression* in standing
    (standing has next to no shear of its own to compare with); None lying, where the floor's share
    of it cannot be told.
    """

    compression_ratio: Estimate
    compression_n: Estimate
    shear_ratio: Estimate | None


class LumbarLoad(Struct, frozen=True):
    """What two discs bear, as bands against the person's own standing (`tissue.lumbar_load`)."""

    l4l5: LevelLoad
    l5s1: LevelLoad


class SideStrain(Struct, frozen=True):
    """One leg. `sciatic`, `femoral`: strain against upright standing, as ratio; never a clearance.

    `dorsiflexion_gain_ratio`: what bringing the foot from let go to dorsiflexed adds to the taut
    part of the sciatic strain here; 0 where it stays slack. `ankle_assumed`: no sensor told of the
    ankle and it counts as dorsiflexed.
    """

    sciatic: Estimate
    femoral: Estimate
    dorsiflexion_gain_ratio: float
    ankle_assumed: bool


class NerveStrain(Struct, frozen=True):
    """Adds caution, never clears: see `tissue.nerve`."""

    left: SideStrain
    right: SideStrain

    def of(self, side: Side) -> SideStrain:
        return self.left if side is Side.LEFT else self.right


class PassiveTension(Struct, frozen=True):
    """Tension of relaxed muscles as it stands after what they were held at, per group and side.

    `tension_n` (32,): newtons by the central figures, known to a common factor only where no torque
    was measured; `sd_n` (32,): root mean square error of these; `relaxed_ratio` (32,): share of the
    tension of a fresh stretch to this length that is gone. Where `known` (32,) is False the three
    mean nothing. `personal` (32,): whether it rests on the person's own marks or torques; else on
    figures of a population, which are a guess about this person.
    """

    tension_n: np.ndarray
    sd_n: np.ndarray
    known: np.ndarray
    relaxed_ratio: np.ndarray
    personal: np.ndarray

    def of(self, group: MuscleGroup, side: Side) -> Estimate | None:
        """In newtons; None where it is not known."""
        row = GROUP_INDEX[group, side]
        if not self.known[row]:
            return None
        return Estimate(float(self.tension_n[row]), float(self.sd_n[row]))


TORQUE_COORDINATES: tuple[Coordinate, ...] = (
    Coordinate.HIP_FLEXION_L,
    Coordinate.HIP_ADDUCTION_L,
    Coordinate.KNEE_FLEXION_L,
    Coordinate.ANKLE_DORSIFLEXION_L,
    Coordinate.HIP_FLEXION_R,
    Coordinate.HIP_ADDUCTION_R,
    Coordinate.KNEE_FLEXION_R,
    Coordinate.ANKLE_DORSIFLEXION_R,
)
"""Joints that passive torque is told of, in the order of its arrays."""


class PassiveTorque(Struct, frozen=True):
    """What the person's own marked muscles resist with, in the order of TORQUE_COORDINATES.

    `torque_nm` (8,): positive where it turns the joint in the positive sense of the coordinate;
    `sd_nm` (8,); where `known` (8,) is False the two mean nothing. `counted` (8, 32) bool, over
    GROUP_SIDES: which muscles are in it. Others, and what the joint itself resists, are not.
    """

    torque_nm: np.ndarray
    sd_nm: np.ndarray
    known: np.ndarray
    counted: np.ndarray

    def of(self, coordinate: Coordinate) -> Estimate | None:
        """In N.m; None where it is not known."""
        i = TORQUE_COORDINATES.index(coordinate)
        if not self.known[i]:
            return None
        return Estimate(float(self.torque_nm[i]), float(self.sd_nm[i]))


class TissueState(Struct, frozen=True):
    """Muscle-tendon lengths per group and side, arrays in the order of GROUP_SIDES.

    `length_m`, `length_sd_m`, `range_fraction` (0..1), `range_fraction_sd`: (32,) each.
    `claimed` (32,): whether the numbers may be shown. `window_position` per group and side:
    0 at first resistance, 1 at tolerance; None without both marks, and where it is too unsure to be
    shown, counted or deepened by.

    `raw_position` per group and side: the same position with its sd however unsure it is, claimed
    or not; None without both marks. For the limits of safety alone, which must not lose sight of a
    stretch that is too far because it is seen badly. Empty: not told apart from `window_position`.

    `lumbar`, `nerve`, `tension`: with their sd, however unsure; None where they are not asked for,
    the load also where no posture was declared or the lean of the upper body is not seen. `torque`
    is None where no muscle was marked.
    """

    t_s: float
    length_m: np.ndarray
    length_sd_m: np.ndarray
    range_fraction: np.ndarray
    range_fraction_sd: np.ndarray
    claimed: tuple[bool, ...]
    window_position: tuple[Estimate | None, ...]
    precision: tuple[Precision, ...] = ()
    raw_position: tuple[Estimate | None, ...] = ()
    lumbar: LumbarLoad | None = None
    nerve: NerveStrain | None = None
    tension: PassiveTension | None = None
    torque: PassiveTorque | None = None

    def fraction(self, group: MuscleGroup, side: Side) -> Estimate:
        i = GROUP_INDEX[group, side]
        return Estimate(float(self.range_fraction[i]), float(self.range_fraction_sd[i]))

    def window(self, group: MuscleGroup, side: Side) -> Estimate | None:
        return self.window_position[GROUP_INDEX[group, side]]

    def raw_window(self, group: MuscleGroup, side: Side) -> Estimate | None:
        """The position however unsure; for limits, never for display."""
        if not self.raw_position:
            return self.window(group, side)
        return self.raw_position[GROUP_INDEX[group, side]]
