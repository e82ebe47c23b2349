"""What a session declares to the estimate, and what follows from it for all its frames."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from lengthwise.body import projection
from lengthwise.body.audit import Audit, audited, noise_ratio
from lengthwise.body.bounds import Contact, contacts, kneeling_side
from lengthwise.body.camera_estimate import CameraSetup
from lengthwise.body.camera_geometry import line_lengths_m
from lengthwise.body.channels import Line
from lengthwise.body.kinematic_chain import BODY_SIZE, joints_of, map_at
from lengthwise.body.landmark_reading import Camera
from lengthwise.body.priors import LINES_OF, NOTHING_KNOWN, Calibration
from lengthwise.body.process import Model, session_model
from lengthwise.body.segment_ups import UP_OF
from lengthwise.body.side_lying import Lying
from lengthwise.body.zero_pose import StartPosture
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.observation import Posture, Segment, Stream
from lengthwise.reference.constants import constant

if TYPE_CHECKING:
    from lengthwise.body.scaling import BodyMeasures


_TRUNK_SHARES = tuple(
    constant("body", f"{rod}_share_of_trunk") for rod in ("pelvis", "lumbar", "chest")
)
_FOOT_SHARES = tuple(constant("body", f"{part}_share_of_foot") for part in ("ankle", "heel", "toe"))


@dataclass(frozen=True)
class Params:
    """What a session declares. `start_rad` (21,) as from `reference.postures.posture_mean_rad`.

    `zero_s`: a period (start, end) of upright standing, or None for the first still period of the
    start posture. `mirrored`: whether the image is a mirror image; None: as the stream says, and
    where that is not known either, as an earlier calibration found, else not mirrored. `side_down`:
    of someone who lies on the side from the start; None: as it is seen or felt. `pelvis_kept`:
    whether the person is asked to keep the pelvis where it is.
    """

    streams: tuple[Stream, ...]
    posture: Posture
    start_rad: np.ndarray
    zero_s: tuple[float, float] | None = None
    mirrored: bool | None = None
    measures: "BodyMeasures | None" = None
    calibration: Calibration = NOTHING_KNOWN
    pelvis_kept: bool = False
    side_down: Side | None = None
    lying: Lying | None = field(init=False, repr=False)
    audit: Audit | None = field(init=False, repr=False)
    model: Model = field(init=False, repr=False)
    camera: CameraSetup | None = field(init=False, repr=False)
    start: StartPosture = field(init=False, repr=False)
    zero_places_m: np.ndarray = field(init=False, repr=False)
    zero_ups: np.ndarray = field(init=False, repr=False)
    lens: Camera = field(init=False, repr=False)
    zero_home: np.ndarray = field(init=False, repr=False)
    start_home: np.ndarray = field(init=False, repr=False)
    resting: tuple[Contact, ...] = field(init=False, repr=False)
    fast_sd_m: np.ndarray = field(init=False, repr=False)
    shown: np.ndarray = field(init=False, repr=False)
    prior_variance_rad2: np.ndarray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        body_m = assumed_lengths_m(self.measures, self.calibration)
        model = session_model(
            self.streams,
            self.posture,
            joints_of(self.start_rad),
            body_m=body_m,
            known=self.calibration,
            pelvis_kept=self.pelvis_kept,
        )
        model, audit = audited(model)
        zero = np.zeros_like(self.start_rad) if self.zero_s is not None else self.start_rad
        there = np.zeros((1, projection.INPUTS))
        there[0, : projection.JOINT_COUNT] = joints_of(zero)
        out = projection.seen(there, body_m, 1.0)[0]
        places = out[projection.PLACES_AT : projection.HEIGHTS_AT].reshape(-1, 3)
        ups = out[projection.UPS_AT : projection.PLACES_AT].reshape(-1, 3)
        imus = model.layout.channels.imus
        worn = [UP_OF[stream.segment] for stream in imus]
        for name, value in (
            ("model", model),
            ("audit", audit),
            ("lying", self._lying()),
            ("camera", self._camera_setup(model)),
            ("start", StartPosture(self.posture, self.start_rad, imus)),
            ("zero_places_m", places),
            ("zero_ups", ups[worn]),
            ("lens", self._lens(model)),
            ("zero_home", joints_of(zero) - model.start_joints),
            ("start_home", np.zeros(len(model.start_joints))),
            ("resting", contacts(self.posture, kneeling_side(self.start_rad))),
            ("fast_sd_m", self._fast_sd_m(model)),
            ("shown", shown_outputs([stream.segment for stream in imus])),
            ("prior_variance_rad2", self._prior_variance_rad2(model)),
        ):
            object.__setattr__(self, name, value)

    def _lying(self) -> Lying | None:
        begins = self.posture is Posture.SIDE_LYING and self.zero_s is None
        return Lying(self.side_down) if begins and self.side_down is not None else None

    @staticmethod
    def _lens(model: Model) -> Camera:
        stream = model.layout.channels.camera
        if stream is None:
            return Camera(1.0, (0.0, 0.0))
        return Camera.of_image(stream.image_width_px, stream.image_height_px)

    def _prior_variance_rad2(self, model: Model) -> np.ndarray:
        """(21,) of the coordinates in the start posture, before anything is seen."""
        slope = map_at(self.start_rad)
        body = model.first[:BODY_SIZE, :BODY_SIZE]
        return np.asarray(((slope @ body) * slope).sum(axis=1))

    @staticmethod
    def _fast_sd_m(model: Model) -> np.ndarray:
        """(26,) of the error that wanders of each image coordinate and difference of depth; ones
        without a camera."""
        if model.layout.channels.camera is None:
            return np.ones(projection.UPS_AT)
        return np.asarray(np.sqrt(model.stationary.diagonal()[model.layout.fast]))

    def _camera_setup(self, model: Model) -> CameraSetup | None:
        stream = model.layout.channels.camera
        if stream is None:
            return None
        mirrored = next(
            (
                m
                for m in (self.mirrored, stream.mirrored, self.calibration.mirrored)
                if m is not None
            ),
            False,
        )
        # A line that is as long as it was found to be must not count as seen exactly across: the
        # finding and the present reading share the errors of the pose model.
        lengths = _line_lengths_m(self.measures, NOTHING_KNOWN)
        return CameraSetup(
            stream=stream,
            mirrored=mirrored,
            posture=self.posture,
            noise_ratio=noise_ratio(stream.pose_model),
            line_m=tuple(lengths[line] for line in Line),
            trunk_m=lengths[Line.TRUNK],
        )


def shown_outputs(worn: list[Segment]) -> np.ndarray:
    """(26 + 3 sensors,) outputs of `projection` in which movement shows: image points, differences
    of depth, and up in each worn sensor's segment."""
    ups = [projection.UPS_AT + 3 * UP_OF[segment] + k for segment in worn for k in range(3)]
    return np.array([*range(projection.UPS_AT), *ups])


def _line_lengths_m(measures: "BodyMeasures | None", calibration: Calibration) -> dict[Line, float]:
    """As calibrated where known, else as measured, else in proportion to the body."""
    lines = (
        line_lengths_m()
        if measures is None
        else line_lengths_m(
            height_m=measures.height_m,
            trunk_m=measures.trunk_length_m,
            thigh_m=measures.thigh_length_m,
            shank_m=measures.shank_length_m,
        )
    )
    for kind, found in calibration.lengths_m:
        lines.update(dict.fromkeys(LINES_OF[kind], found.mean))
    return lines


def assumed_lengths_m(
    measures: "BodyMeasures | None", calibration: Calibration = NOTHING_KNOWN
) -> np.ndarray:
    """(10,) lengths of `projection` that the session takes for true."""
    lines = _line_lengths_m(measures, calibration)
    trunk, foot = lines[Line.TRUNK], lines[Line.FOOT_L]
    return np.array(
        [
            *(share * trunk for share in _TRUNK_SHARES),
            0.5 * lines[Line.SHOULDERS],
            0.5 * lines[Line.HIPS],
            lines[Line.THIGH_L],
            lines[Line.SHANK_L],
            *(share * foot for share in _FOOT_SHARES),
        ]
    )
