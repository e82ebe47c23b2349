"""What earlier calibrations found, as far as it holds for a session's sensors."""

from msgspec import Struct

from lengthwise.body.camera_names import camera_setup_name, pose_model_name
from lengthwise.body.channels import Line
from lengthwise.contracts.observation import CameraStream, Stream
from lengthwise.contracts.person import Finding, FindingKind
from lengthwise.contracts.states import Estimate

LINES_OF: dict[FindingKind, tuple[Line, ...]] = {
    FindingKind.TRUNK_LINE: (Line.TRUNK,),
    FindingKind.SHOULDER_LINE: (Line.SHOULDERS,),
    FindingKind.HIP_LINE: (Line.HIPS,),
    FindingKind.THIGH: (
        Line.THIGH_L,
        Line.THIGH_R,
        Line.FRONTAL_THIGH_L,
        Line.FRONTAL_THIGH_R,
    ),
    FindingKind.SHANK: (Line.SHANK_L, Line.SHANK_R),
}
"""Which lines of the camera a length is of."""
_MOST_DOUBT = 0.3
"""Of handedness: a finding less sure than 90 % is not used."""


class Calibration(Struct, frozen=True):
    """What is known beforehand: `mirrored` of the image, lengths between landmarks in metres, the
    share of an obliquity that the hip line shows. None or absent: not known.
    """

    mirrored: bool | None = None
    lengths_m: tuple[tuple[FindingKind, Estimate], ...] = ()
    hip_gain: Estimate | None = None


NOTHING_KNOWN = Calibration()


def calibration_of(findings: tuple[Finding, ...], streams: tuple[Stream, ...]) -> Calibration:
    """The latest of each kind that was found with this camera or pose model.

    Which of them have expired is for the caller to leave out.
    """
    camera = next((s for s in streams if isinstance(s, CameraStream)), None)
    if camera is None:
        return NOTHING_KNOWN
    of_camera = _latest(findings, camera_setup_name(camera))
    of_model = _latest(findings, pose_model_name(camera))
    handed = of_camera.get(FindingKind.MIRRORED)
    return Calibration(
        mirrored=None if handed is None or handed.sd > _MOST_DOUBT else handed.mean >= 0.5,
        lengths_m=tuple((kind, of_model[kind]) for kind in LINES_OF if kind in of_model),
        hip_gain=of_model.get(FindingKind.HIP_LINE_GAIN),
    )


def _latest(findings: tuple[Finding, ...], setup: str) -> dict[FindingKind, Estimate]:
    fitting = sorted((f for f in findings if f.setup == setup), key=lambda f: f.measured_utc)
    return {f.kind: Estimate(f.value, f.sd) for f in fitting}
