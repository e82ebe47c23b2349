"""Every fault that is tried on the estimate: what it is, how long it lasts, what should name it."""

from enum import StrEnum

from msgspec import Struct

from lengthwise.contracts.observation import RejectionReason
from lengthwise.contracts.states import Unseen


class FaultName(StrEnum):
    TORSO_JUMP = "torso_jump"
    SIDES_EXCHANGED = "sides_exchanged"
    LEGS_EXCHANGED = "legs_exchanged"
    LANDMARK_OUTLIERS = "landmark_outliers"
    LANDMARK_ASTRAY = "landmark_astray"
    FROZEN_IMU = "frozen_imu"
    SATURATED_IMU = "saturated_imu"
    CLIPPED_IMU = "clipped_imu"
    LATE_FRAMES = "late_frames"
    DUPLICATES = "duplicates"
    OUT_OF_ORDER = "out_of_order"
    FUTURE_FRAMES = "future_frames"
    IMU_CLOCK_AHEAD = "imu_clock_ahead"
    SECOND_PERSON = "second_person"
    MIRRORED = "mirrored"
    SEGMENT_LENGTH = "segment_length"
    SLOW_INFERENCE = "slow_inference"
    FRAMES_LOST = "frames_lost"
    CAMERA_SILENT = "camera_silent"
    CAMERA_FROZEN = "camera_frozen"
    CAMERA_KNOCKED = "camera_knocked"
    NO_NUMBERS = "no_numbers"
    SAMPLES_LOST = "samples_lost"
    IMU_SILENT = "imu_silent"
    SAMPLES_NO_NUMBERS = "samples_no_numbers"


class Staying(StrEnum):
    """Faults that last to the end of the recording."""

    MIRRORED_ON = "mirrored_on"
    SIDES_STAY_EXCHANGED = "sides_stay_exchanged"
    SECOND_PERSON_STAYS = "second_person_stays"
    IMU_SLIPPED = "imu_slipped"
    IMU_SLIDES = "imu_slides"
    CAMERA_MOVED = "camera_moved"


Fault = FaultName | Staying


class Known(Struct, frozen=True):
    """A fault in one line, how long it lasts (shortest, longest), and by which reasons it is named.

    Without reasons there is nothing to reject: all that arrives can be used. `tells`: what does not
    arrive at all is named by why claims are withheld. `needs_imu`: cannot happen without an
    inertial sensor.
    """

    what: str
    lasts_s: tuple[float, float]
    names: frozenset[RejectionReason]
    needs_imu: bool = False
    tells: frozenset[Unseen] = frozenset()


_R = RejectionReason
_MISSED = frozenset({Unseen.STALE, Unseen.UNCERTAIN})
_ELSEWHERE = frozenset({_R.JUMP, _R.SECOND_PERSON})
_TURNED = frozenset({_R.MIRRORED, _R.VIEW_CHANGED, *_ELSEWHERE})
_KNOCKED = frozenset({_R.JUMP, _R.SECOND_PERSON, _R.OUT_OF_FRAME, _R.OUTLIER, _R.NO_PERSON})
_SWAPPED = frozenset({_R.SIDES, _R.VIEW_CHANGED, _R.OUTLIER})
_OFF = frozenset({_R.OUTLIER, _R.SEGMENT_LENGTH, _R.OUT_OF_FRAME})
KNOWN: dict[Fault, Known] = {
    FaultName.TORSO_JUMP: Known("the body is found 0.5 m away", (0.2, 1.5), _ELSEWHERE),
    FaultName.SIDES_EXCHANGED: Known("left is named right, all over", (0.2, 2.5), _SWAPPED),
    FaultName.LEGS_EXCHANGED: Known("left is named right, legs only", (0.2, 1.5), _SWAPPED),
    FaultName.LANDMARK_OUTLIERS: Known("in each frame another landmark far off", (0.5, 2.0), _OFF),
    FaultName.LANDMARK_ASTRAY: Known("one landmark sits on something else", (0.3, 2.0), _OFF),
    FaultName.FROZEN_IMU: Known(
        "a sensor repeats its reading", (0.5, 3.0), frozenset({_R.FROZEN}), needs_imu=True
    ),
    FaultName.SATURATED_IMU: Known(
        "a sensor is struck, signs change", (0.2, 1.0), frozenset({_R.SATURATED}), needs_imu=True
    ),
    FaultName.CLIPPED_IMU: Known(
        "a sensor of 4 g and 500 deg/s stands at its end", (0.2, 1.0),
        frozenset({_R.SATURATED, _R.FROZEN}), needs_imu=True,
    ),
    FaultName.LATE_FRAMES: Known(
        "frames come 0.3 s late, more than is allowed", (0.5, 2.0), frozenset({_R.LATE, _R.FUTURE})
    ),
    FaultName.DUPLICATES: Known(
        "everything comes twice", (0.5, 2.0), frozenset({_R.DUPLICATE_TIME})
    ),
    FaultName.OUT_OF_ORDER: Known(
        "up to 0.08 s late, which is allowed", (0.5, 2.0), frozenset()
    ),
    FaultName.FUTURE_FRAMES: Known(
        "frames are stamped 0.4 to 60 s ahead", (0.1, 0.4), frozenset({_R.FUTURE, _R.LATE})
    ),
    FaultName.IMU_CLOCK_AHEAD: Known(
        "one sensor's clock is 0.3 to 20 s ahead", (0.5, 3.0), frozenset({_R.FUTURE}),
        needs_imu=True,
    ),
    FaultName.SECOND_PERSON: Known(
        "someone who stands beside is followed", (0.3, 2.5), _ELSEWHERE
    ),
    FaultName.MIRRORED: Known("the image is mirrored", (0.3, 2.5), _TURNED),
    FaultName.SEGMENT_LENGTH: Known(
        "the left leg is seen 1.2 to 1.5 times as long", (0.3, 1.5), _OFF
    ),
    FaultName.SLOW_INFERENCE: Known(
        "frames come 0.06 to 0.15 s late, which is allowed", (0.5, 2.0), frozenset()
    ),
    FaultName.FRAMES_LOST: Known(
        "every other frame never arrives", (0.5, 3.0), frozenset({_R.LOST}), tells=_MISSED
    ),
    FaultName.CAMERA_SILENT: Known(
        "no frame arrives", (0.5, 3.0), frozenset({_R.LOST}), tells=_MISSED
    ),
    FaultName.CAMERA_FROZEN: Known(
        "the picture stands still", (1.5, 4.0), frozenset({_R.FROZEN})
    ),
    FaultName.CAMERA_KNOCKED: Known(
        "all in the image is moved and turned", (0.3, 2.5), _KNOCKED
    ),
    FaultName.NO_NUMBERS: Known(
        "every other landmark is no number", (0.3, 2.0), frozenset({_R.NON_FINITE})
    ),
    FaultName.SAMPLES_LOST: Known(
        "every other sample of a sensor never arrives", (0.5, 3.0), frozenset({_R.LOST}),
        needs_imu=True,
    ),
    FaultName.IMU_SILENT: Known(
        "a sensor falls silent", (0.5, 3.0), frozenset({_R.LOST}), needs_imu=True, tells=_MISSED
    ),
    FaultName.SAMPLES_NO_NUMBERS: Known(
        "every other sample of a sensor is no number", (0.3, 2.0), frozenset({_R.NON_FINITE}),
        needs_imu=True,
    ),
    Staying.MIRRORED_ON: Known("the image is mirrored from now on", (0.0, 0.0), _TURNED),
    Staying.SIDES_STAY_EXCHANGED: Known("left is named right from now on", (0.0, 0.0), _SWAPPED),
    Staying.SECOND_PERSON_STAYS: Known(
        "someone who stands beside is followed from now on", (0.0, 0.0), _ELSEWHERE
    ),
    Staying.IMU_SLIPPED: Known(
        "a sensor freezes for 1 s and goes on turned by 20 degrees", (0.0, 0.0),
        frozenset({_R.FROZEN, _R.REMOUNTED}), needs_imu=True,
    ),
    Staying.IMU_SLIDES: Known(
        "a sensor turns by 20 degrees in 0.5 s and feels it", (0.0, 0.0),
        frozenset({_R.REMOUNTED}), needs_imu=True,
    ),
    Staying.CAMERA_MOVED: Known("the camera is pushed aside for good", (0.0, 0.0), _KNOCKED),
}  # fmt: skip
