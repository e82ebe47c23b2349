"""Everything that is written down during a session, in the order it happened.

The log is enough to replay the session: header, observations as delivered, ticks, signals;
outputs beside them so that a replay can be compared.
"""

from msgspec import Struct

from lengthwise.contracts.band import BandOrder
from lengthwise.contracts.care import Care
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.decision import Decision, Guidance
from lengthwise.contracts.devices import DeviceSample, WornDevice
from lengthwise.contracts.movements import Sex
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import (
    AuditFrame,
    ImuSample,
    LandmarkFrame,
    LateSample,
    PersonSignal,
    RecordingHeader,
    Rejection,
    Segment,
    Tick,
)
from lengthwise.contracts.person import Person
from lengthwise.contracts.practice import Practice
from lengthwise.contracts.pull import PullTotals
from lengthwise.contracts.repositioning import Repositioning
from lengthwise.contracts.states import BodyState, TissueState

LOG_VERSION = 1


class RampAsked(Struct, frozen=True):
    """A ramp to tolerance is asked for. `ramped_today`: each that was begun on that day before, by
    its first target; None: not known. `harmed_today`: those of them with which a symptom, too much
    pain or a stop was told, or of which that is not known. `holds`: after both the stretch is held
    in the window between their marks."""

    ramped_today: tuple[tuple[MuscleGroup, Side], ...] | None = None
    harmed_today: tuple[tuple[MuscleGroup, Side], ...] = ()
    holds: bool = False


class SessionConfig(Struct, frozen=True):
    """The choices of a session; with the person and the streams they fix every step's params.

    `zero_s`: the period (start, end) in which the person stood in the zero posture, or None for
    the first still period of the declared start posture. `height_m`, `age_years`, `sex`, `mass_kg`:
    as stated for this session, before what is kept of the person. `held_kg`: a weight in both
    hands. `care`: what sets the limits of safety. `language` of what the coach
    says, None for English; `cue_share`: the share of corrections and praise that is said, None for
    all. `tap_segment`: where the phone is worn whose taps are words of the person; None: none is;
    `taps_only_stop`: of those only a stop is heard.
    `devices` that are worn or held beside camera and phone; None: none are.
    `check`: a retention check, which shows and says nothing of how it goes. `repositioning`: the
    angle of whose place in the exercise is looked for with eyes closed, in place of the exercise.
    `ramp`: before any hold a ramp to tolerance is led where it is permitted, else to the first
    gentle pull alone. `rounds` of today's plan, None for those of the exercise.
    """

    exercise_id: str | None = None
    side: Side | None = None
    posture: str | None = None
    zero_s: tuple[float, float] | None = None
    height_m: float | None = None
    mirrored: bool | None = None
    age_years: float | None = None
    sex: Sex | None = None
    mass_kg: float | None = None
    held_kg: float | None = None
    care: Care = Care()
    language: str | None = None
    cue_share: float | None = None
    tap_segment: Segment | None = None
    taps_only_stop: bool | None = None
    check: bool | None = None
    repositioning: Coordinate | None = None
    ramp: RampAsked | None = None
    devices: tuple[WornDevice, ...] | None = None
    rounds: int | None = None


class SessionStarted(Struct, frozen=True, tag="started"):
    version: int
    session_id: str
    started_utc: str
    software: str
    config: SessionConfig
    recording: RecordingHeader
    person: Person


class ObservationLogged(Struct, frozen=True, tag="observation"):
    observation: LandmarkFrame | AuditFrame | ImuSample | LateSample | Tick | PersonSignal


class RejectionLogged(Struct, frozen=True, tag="rejection"):
    """`before_steps`: turned away before any step saw it, by the driver or as late; a replay hands
    it on, since nothing else would bring it back.
    """

    rejection: Rejection
    before_steps: bool = False


class DeviceLogged(Struct, frozen=True, tag="device"):
    """What a worn device told beside inertial samples, in its place among what was delivered: the
    steps take it, and a replay does so again."""

    sample: DeviceSample


class BandOrdered(Struct, frozen=True, tag="band_order"):
    """What the steps of the session have a motorised band do; a replay finds the same again."""

    order: BandOrder


class FrameLogged(Struct, frozen=True, tag="frame"):
    """The outputs at one emission of the body estimate.

    `body` is without its marked poses, which would be most of a log; a replay finds them again.
    """

    body: BodyState
    tissue: TissueState
    guidance: Guidance | None


class DecisionLogged(Struct, frozen=True, tag="decision"):
    decision: Decision


class SessionEnded(Struct, frozen=True, tag="ended"):
    """`complete` false: cut off and recovered."""

    t_s: float
    complete: bool
    frames: int


SessionEvent = (
    SessionStarted
    | ObservationLogged
    | RejectionLogged
    | DeviceLogged
    | BandOrdered
    | FrameLogged
    | DecisionLogged
    | SessionEnded
)


class MuscleReached(Struct, frozen=True):
    """How far into its range a muscle group was in the holds: `ratio` 0 to 1, the mean of the time
    in which it was known (`known_s`); `sd` of one reading, which a mean of readings of the same
    sensors does not make smaller."""

    group: MuscleGroup
    side: Side
    ratio: float
    sd: float
    known_s: float


class SessionTotals(Struct, frozen=True):
    """What remains of a session in the store and in `summary.json`. None: not applicable.

    `practice`: how the constraints of the exercise were kept; None too where only the record of the
    session was counted, as after `recover`. `repositioning` likewise. `reached`: of each muscle
    group that was known for most of the holds; empty where none was, and in older records.
    `pulled`: with a gauge or band; None too where only the record was counted, and in older ones.
    """

    session_id: str
    started_utc: str
    duration_s: float
    frames: int
    exercise_id: str | None
    effective_s: float | None
    uncertain_s: float | None
    rejections: dict[str, int]
    claimed_ratio: dict[str, float]
    simulated: bool
    complete: bool
    practice: Practice | None = None
    repositioning: Repositioning | None = None
    reached: tuple[MuscleReached, ...] = ()
    pulled: PullTotals | None = None
