"""What sensors and people report: the only inputs of the pure steps.

All times are seconds from session start, by capture, not by arrival.
"""

from enum import StrEnum

import numpy as np
from msgspec import Struct

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup

LANDMARKS: tuple[str, ...] = (
    "nose", "left_eye_inner", "left_eye", "left_eye_outer", "right_eye_inner", "right_eye",
    "right_eye_outer", "left_ear", "right_ear", "mouth_left", "mouth_right", "left_shoulder",
    "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist", "left_pinky",
    "right_pinky", "left_index", "right_index", "left_thumb", "right_thumb", "left_hip",
    "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle", "left_heel",
    "right_heel", "left_foot_index", "right_foot_index",
)  # fmt: skip
"""The 33 BlazePose landmarks in the order of the model's output."""

LANDMARK_INDEX: dict[str, int] = {name: i for i, name in enumerate(LANDMARKS)}


class View(StrEnum):
    """Which side of the person the camera sees; LEFT: the person's left side."""

    FRONT = "front"
    BACK = "back"
    LEFT = "left"
    RIGHT = "right"
    UNKNOWN = "unknown"


class PoseModel(StrEnum):
    LITE = "blazepose_lite"
    FULL = "blazepose_full"
    HEAVY = "blazepose_heavy"
    UNKNOWN = "unknown"
    SIMULATED = "simulated"


class Posture(StrEnum):
    STANDING = "standing"
    SITTING = "sitting"
    HALF_KNEELING = "half_kneeling"
    FOUR_POINT = "four_point"
    SUPINE = "supine"
    PRONE = "prone"
    SIDE_LYING = "side_lying"
    UNKNOWN = "unknown"


class Segment(StrEnum):
    PELVIS = "pelvis"
    T12 = "t12"
    THORAX = "thorax"
    THIGH_L = "thigh_l"
    THIGH_R = "thigh_r"
    SHANK_L = "shank_l"
    SHANK_R = "shank_r"


class Axis(StrEnum):
    """A sensor axis with its sign."""

    X = "+x"
    Y = "+y"
    Z = "+z"
    MINUS_X = "-x"
    MINUS_Y = "-y"
    MINUS_Z = "-z"


class CameraStream(Struct, frozen=True, tag="camera"):
    """What is declared about a camera before its first frame. `mirrored` None: not known.

    `audit_model`: a second pose model that looks at some of its images too; None: there is none.
    """

    image_width_px: int
    image_height_px: int
    fps_hz: float | None
    view: View = View.UNKNOWN
    mirrored: bool | None = None
    posture: Posture = Posture.UNKNOWN
    pose_model: PoseModel = PoseModel.UNKNOWN
    has_world: bool = False
    audit_model: PoseModel | None = None


class ImuStream(Struct, frozen=True, tag="imu"):
    """What is declared about one inertial sensor.

    `forward_axis`: the sensor axis that points to the person's front when standing upright
    (for a thigh: the front of the thigh); None where the wearing position is not known.
    `up_axis`: the sensor axis that points upwards then (for a thigh or shank: towards the hip);
    None where it is not known. It is what a sensor is set by on a segment that lies down.
    """

    segment: Segment
    rate_hz: float
    has_gyr: bool = True
    has_quat: bool = False
    forward_axis: Axis | None = None
    sensor_name: str = ""
    up_axis: Axis | None = None


Stream = CameraStream | ImuStream


class LandmarkFrame(Struct, frozen=True, tag="landmarks"):
    """Landmarks of one person in one image. Arrays are read-only float64.

    `xy_px` (33, 2), x right and y down; `image_z_px` (33,) model depth times image width,
    hip-centred, smaller is nearer; `world_m` (33, 3) or None, never to be mixed with `image_z_px`;
    `visibility` (33,) 0..1; `present` (33,) bool: False where the landmark was not reported,
    and its numbers mean nothing.
    """

    t_s: float
    xy_px: np.ndarray
    image_z_px: np.ndarray
    visibility: np.ndarray
    present: np.ndarray
    world_m: np.ndarray | None = None
    person_count: int = 1


class AuditFrame(Struct, frozen=True, tag="audit"):
    """Landmarks that the camera's second pose model found in an image, by its time of capture."""

    frame: LandmarkFrame

    @property
    def t_s(self) -> float:
        return self.frame.t_s


class ImuSample(Struct, frozen=True, tag="imu_sample"):
    """One inertial reading in sensor axes.

    `acc_m_s2` specific force (about +9.8 upwards at rest), `gyr_rad_s` None where there is no
    gyroscope, `quat_wxyz` the sensor's own orientation (sensor to world, world z up) if it has one.
    """

    t_s: float
    segment: Segment
    acc_m_s2: tuple[float, float, float]
    gyr_rad_s: tuple[float, float, float] | None = None
    mag_ut: tuple[float, float, float] | None = None
    quat_wxyz: tuple[float, float, float, float] | None = None


class LateSample(Struct, frozen=True, tag="imu_late"):
    """A reading that a sensor kept while it was not heard, or that was long on its way: its instant
    was delivered before it came. It tells how the sensor turned meanwhile, and nothing of now."""

    sample: ImuSample

    @property
    def t_s(self) -> float:
        return self.sample.t_s


class Tick(Struct, frozen=True, tag="tick"):
    """Time passing without a camera frame, so that clockless steps can see staleness."""

    t_s: float


class SignalKind(StrEnum):
    """`PAIN` and `SENSATION` carry a number from 0 to 10, on two scales that are never mixed.

    `LEG_SYMPTOM`: pain that spreads down, tingling, numbness, weakness or electric pain in a leg.
    `POSTPONE`: not now, later. `REPEAT`: say what to do now once more.
    In a test: `REACH` carries how far a feeling reaches down the leg, 0 to 5; `CHANGED` 1 where it
    changes with a distant joint, 0 where it does not.
    """

    FIRST_RESISTANCE = "first_resistance"
    TOLERANCE = "tolerance"
    PAUSE = "pause"
    RESUME = "resume"
    SKIP = "skip"
    STOP = "stop"
    PAIN = "pain"
    SENSATION = "sensation"
    LEG_SYMPTOM = "leg_symptom"
    DIZZY = "dizzy"
    POSTPONE = "postpone"
    REPEAT = "repeat"
    REACH = "reach"
    CHANGED = "changed"


UNWELL = 1.0


class PersonSignal(Struct, frozen=True, tag="signal"):
    """What the person says by key, clicker or tap.

    `targets` is filled by the session for the two marks: the muscles the mark is about. `value`: of
    a pain or a sensation of stretch, 0 to 10; None: not said. A stop of who is asked how they are,
    and is not well, has the value `UNWELL`.
    """

    t_s: float
    kind: SignalKind
    targets: tuple[tuple[MuscleGroup, Side], ...] = ()
    value: float | None = None


Observation = LandmarkFrame | AuditFrame | ImuSample | LateSample | Tick | PersonSignal


class RejectionReason(StrEnum):
    NON_FINITE = "non_finite"
    TIME_BACKWARDS = "time_backwards"
    DUPLICATE_TIME = "duplicate_time"
    LATE = "late"
    FUTURE = "future"
    OUT_OF_RANGE = "out_of_range"
    OUT_OF_FRAME = "out_of_frame"
    NO_PERSON = "no_person"
    SECOND_PERSON = "second_person"
    JUMP = "jump"
    SEGMENT_LENGTH = "segment_length"
    OUTLIER = "outlier"
    SIDES = "sides"
    MIRRORED = "mirrored"
    VIEW_CHANGED = "view_changed"
    FROZEN = "frozen"
    SATURATED = "saturated"
    REMOUNTED = "remounted"
    LOST = "lost"
    UNDECODABLE = "undecodable"
    TRUNCATED = "truncated"
    NO_REST = "no_rest"


class Rejection(Struct, frozen=True, tag="rejection"):
    """An input that was not used, or that never came (LOST).

    `source` is a stream name (`camera`, `imu:pelvis`, ...).
    """

    t_s: float
    source: str
    reason: RejectionReason
    detail: str = ""


class RecordingHeader(Struct, frozen=True):
    """What a recording declares before its first sample.

    `observation_count` counts for a progress bar (frames or samples) and may be None;
    `started_utc` ISO 8601 or None; `simulated` true when no person was measured; `notes` what was
    left out or taken for granted, one short sentence each, for the person who reads the result.
    """

    name: str
    driver: str
    streams: tuple[Stream, ...]
    duration_s: float | None = None
    observation_count: int | None = None
    started_utc: str | None = None
    simulated: bool = False
    notes: tuple[str, ...] = ()
