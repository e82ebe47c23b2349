"""Use case: a simulated person is calibrated, asked and answering live."""

from msgspec.structs import replace

from lengthwise.contracts.observation import Segment
from lengthwise.live.calibrate import Calibrated, CalibrateRequest, calibrated
from lengthwise.reference.wearing import position
from lengthwise.sim.calibration import SimulatedCalibration, Volunteer, wearing


def simulated_calibration(request: CalibrateRequest, seed: int) -> Calibrated:
    """A person of this seed in front of a mirroring camera with a sensor at the sacrum, or with
    sensors on the segments of the positions stated.
    """
    segments = [position(name).segment for name in request.worn] or [Segment.PELVIS]
    recording = SimulatedCalibration(
        Volunteer(seed, wearing(*dict.fromkeys(segments)), mirrored=True)
    )
    height_m = request.height_m or recording.traits.height_m
    return calibrated(replace(request, height_m=height_m, worn=()), recording)
