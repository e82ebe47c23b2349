"""What the estimate remembers between observations, and the ways in which it may change."""

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.body import camera_estimate, projection, zero_pose
from lengthwise.body.camera_estimate import CameraMemory
from lengthwise.body.frame_gaps import FrameTimes
from lengthwise.body.fusion import Mark, Weighed, update
from lengthwise.body.imu_estimate import ImuMemory
from lengthwise.body.kinematic_chain import BODY_SIZE, COORDINATE_MAP, JOINTS_MAP
from lengthwise.body.movement import Movement, nothing_seen
from lengthwise.body.session import Params
from lengthwise.body.side_lying import Lying
from lengthwise.body.trail import Corrected, Drifted, Trail, longer
from lengthwise.body.zero_pose import ZeroSearch
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import ANATOMICAL, INDEX, Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import PersonSignal, SignalKind, View
from lengthwise.contracts.states import Unseen

_NEVER_S = -1e9


ANATOMICAL_MAP = COORDINATE_MAP[INDEX[ANATOMICAL[0]] : INDEX[ANATOMICAL[-1]] + 1]


class SessionMark(Struct, frozen=True):
    """A pose that the person marked: when, as what, for which muscles.

    `earlier` (k, 13, 13): covariance of the pose (rows) with that of each of the k marks before it
    in the state (columns). Marks are not corrected, so it stays as it was when the later was taken.
    `alike`: nothing of what is estimated was begun anew since, so that now and the mark share what
    poses of one set-up share.
    """

    t_s: float
    kind: SignalKind
    targets: tuple[tuple[MuscleGroup, Side], ...]
    pose: Mark
    earlier: np.ndarray
    alike: bool = True


class Going(Struct, frozen=True):
    """How fast joints go on: `movement` of what is seen (24 image coordinates and two differences
    of depth, in pixels; three of up per sensor); `pace` (19, 19) and `stirring` as at `seen_s`;
    `still_s` for how long nothing had seemed to move by then."""

    movement: Movement
    pace: np.ndarray
    stirring: float = 1.0
    seen_s: float = _NEVER_S
    still_s: float = 0.0


class Glimpse(Struct, frozen=True):
    """What was seen at one moment, for `sliding`: `points_px` (24,) image coordinates averaged over
    a moment; `ups` (3 k,) of k sensors; `there` (24 + k,) bool which of these were seen; `held`
    (n,) the mean then."""

    t_s: float
    points_px: np.ndarray
    ups: np.ndarray
    there: np.ndarray
    held: np.ndarray


class Doubt(Struct, frozen=True):
    """A sensor that may have slid: what was seen just before, and its mounting's covariance (3, 3)
    then."""

    imu: int
    before: Glimpse
    mount: np.ndarray


class Heard(Struct, frozen=True):
    """What sensors said at one moment: `ups` (3 k,), `there` (k,) bool which were heard then, and
    the mean `held` (n,)."""

    t_s: float
    ups: np.ndarray
    there: np.ndarray
    held: np.ndarray


class Sliding(Struct, frozen=True):
    """`glimpses` of the last second or two, oldest first; the sensors in doubt; `looks`: glimpses a
    second apart, of the last dozen; `heard` lately, without a camera too; `loose`: the sensors that
    swung; `trusts`: no sensor is ever doubted."""

    glimpses: tuple[Glimpse, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    looks: tuple[Glimpse, ...] = ()
    heard: tuple[Heard, ...] = ()
    loose: tuple[int, ...] = ()
    trusts: bool = False

    @property
    def may_have_slid(self) -> bool:
        """Whether any worn sensor may be turned on the body since it was zeroed."""
        return bool(self.doubts or self.loose)


class LyingRival(Struct, frozen=True):
    """Another way of lying on the side than the one believed, seen since `since_s`."""

    seen: Lying
    since_s: float


class State(Struct, frozen=True):
    """Everything the estimate remembers; it can be saved at any observation.

    `thighs_rad`: how far both thighs had risen when the pelvis last went with them (`rhythm`).

    `mean` (n,), `covariance` (n, n) of the filter's variables at `time_s`; `fused_s` (m,) when each
    channel last informed them; `hindrance` (m,) why a channel did not at its last chance; `facing`
    the view from which the camera's place was set, UNKNOWN before; `landmarks_s` when landmarks
    were last fused; `step_s` the last step of time; `marks` the poses that the person has marked;
    `lying` how a person lies who lies on the side; `audit_s` when a second pose model last looked;
    `frames` how often frames have come; `sliding` what is needed to tell a sensor that slides;
    `settling` the search for a first rest in the start posture (`settling`).
    """

    time_s: float | None
    mean: np.ndarray
    covariance: np.ndarray
    fused_s: np.ndarray
    hindrance: tuple[Unseen, ...]
    camera: CameraMemory
    imus: tuple[ImuMemory, ...]
    zero: ZeroSearch
    going: Going
    thighs_rad: float | None = None
    facing: View = View.UNKNOWN
    landmarks_s: float = _NEVER_S
    step_s: float = 0.0
    marks: tuple[SessionMark, ...] = ()
    trail: Trail | None = None
    lying: Lying | None = None
    lying_rival: LyingRival | None = None
    audit_s: float | None = None
    frames: FrameTimes = FrameTimes()
    sliding: Sliding = Sliding()
    settling: ZeroSearch = ZeroSearch()


def start(params: Params) -> State:
    """Nothing seen yet: every variable at its prior."""
    model = params.model
    channels = model.layout.channels
    return State(
        time_s=None,
        mean=frozen_array(_at_home(params)),
        covariance=frozen_array(model.first),
        fused_s=frozen_array(np.full(len(channels.all), _NEVER_S)),
        hindrance=tuple(
            Unseen.STALE if channel.imu is None else Unseen.NOT_CALIBRATED
            for channel in channels.all
        ),
        camera=camera_estimate.begin(channels.camera),
        imus=tuple(ImuMemory() for _ in channels.imus),
        zero=zero_pose.begin(len(channels.imus)),
        settling=zero_pose.begin(len(channels.imus)),
        lying=params.lying,
        going=Going(
            nothing_seen(projection.UPS_AT + 3 * len(channels.imus)),
            frozen_array(np.eye(projection.JOINT_COUNT)),
        ),
    )


def _at_home(params: Params) -> np.ndarray:
    """(n,) the first mean: in the zero pose until that has been taken."""
    mean = params.model.first_mean.copy()
    mean[: projection.JOINT_COUNT] = params.zero_home
    return mean


_MARKS = (SignalKind.FIRST_RESISTANCE, SignalKind.TOLERANCE)
_MOST_MARKS = 6


def marked(state: State, signal: PersonSignal) -> State:
    """The state with the present pose marked; a mark takes the place of its like.

    cov(new, earlier) = H cov(x, earlier), with H the map from the variables to the coordinates.
    """
    if signal.kind not in _MARKS:
        return state
    shared = state.covariance[:, :BODY_SIZE] @ ANATOMICAL_MAP.T
    pose = Mark(
        frozen_array(ANATOMICAL_MAP @ state.mean[:BODY_SIZE]),
        frozen_array(ANATOMICAL_MAP @ shared[:BODY_SIZE]),
        shared,
    )
    like = (signal.kind, signal.targets)
    stay = [i for i, m in enumerate(state.marks) if (m.kind, m.targets) != like][1 - _MOST_MARKS :]
    others = tuple(
        replace(mark, earlier=frozen_array(mark.earlier[[k for k in stay if k < i]]))
        for i, mark in ((i, state.marks[i]) for i in stay)
    )
    earlier = np.empty((len(others), len(ANATOMICAL), len(ANATOMICAL)))
    for k, mark in enumerate(others):
        earlier[k] = ANATOMICAL_MAP @ mark.pose.shared[:BODY_SIZE]
    new = SessionMark(signal.t_s, signal.kind, signal.targets, pose, frozen_array(earlier))
    return replace(state, marks=(*others, new))


def turned_since_zero_rad(params: Params, state: State) -> np.ndarray:
    """(19,) how far each joint has turned since the zero pose."""
    return np.asarray(JOINTS_MAP @ state.mean[:BODY_SIZE] - params.zero_home)


def corrected(state: State, whole: Weighed, *, considered: np.ndarray | None) -> State:
    """The state after readings, its marks included."""
    after = update(
        state.mean,
        state.covariance,
        whole,
        considered=considered,
        marks=tuple(mark.pose for mark in state.marks),
    )
    marks = tuple(
        replace(mark, pose=pose) for mark, pose in zip(state.marks, after.marks, strict=True)
    )
    trail = longer(state.trail, Corrected(whole))
    return replace(state, mean=after.mean, covariance=after.covariance, marks=marks, trail=trail)


def anew(state: State, at: np.ndarray, value: np.ndarray, covariance: np.ndarray) -> State:
    """The state with some variables begun anew, independent of all others."""
    mean, whole = state.mean.copy(), state.covariance.copy()
    mean[at] = value
    whole[at, :] = 0.0
    whole[:, at] = 0.0
    whole[np.ix_(at, at)] = covariance
    marks = []
    for mark in state.marks:
        shared = mark.pose.shared.copy()
        shared[at] = 0.0
        marks.append(replace(mark, pose=replace(mark.pose, shared=shared), alike=False))
    kept = np.ones(len(mean))
    kept[at] = 0.0
    trail = longer(state.trail, Drifted(kept))
    return replace(state, mean=mean, covariance=whole, marks=tuple(marks), trail=trail)
