"""What goes wrong with sensors, put into a clean stream of observations.

Every fault is a pure function of the observations in the order of their arrival and of a period; it
gives the observations as they would arrive with the fault. Randomness comes in as a generator.
"""

import numpy as np

from lengthwise.live.evaluation import camera_faults, imu_faults, timing_faults
from lengthwise.live.evaluation.fault_names import Fault, FaultName, Staying
from lengthwise.live.evaluation.fault_stream import Injector, Period, Stream

__all__ = ["Period", "Stream", "inject"]


def inject(name: Fault, stream: Stream, period: Period, rng: np.random.Generator) -> Stream:
    """The stream as it arrives with this fault in this period."""
    return _INJECTORS[name](stream, period, rng)


_INJECTORS: dict[Fault, Injector] = {
    FaultName.TORSO_JUMP: camera_faults.torso_jump,
    FaultName.SIDES_EXCHANGED: camera_faults.sides_exchanged,
    FaultName.LEGS_EXCHANGED: camera_faults.legs_exchanged,
    FaultName.LANDMARK_OUTLIERS: camera_faults.landmark_outliers,
    FaultName.LANDMARK_ASTRAY: camera_faults.landmark_astray,
    FaultName.FROZEN_IMU: imu_faults.frozen_imu,
    FaultName.SATURATED_IMU: imu_faults.saturated_imu,
    FaultName.CLIPPED_IMU: imu_faults.clipped_imu,
    FaultName.LATE_FRAMES: timing_faults.late_frames,
    FaultName.DUPLICATES: timing_faults.duplicates,
    FaultName.OUT_OF_ORDER: timing_faults.out_of_order,
    FaultName.FUTURE_FRAMES: timing_faults.future_frames,
    FaultName.IMU_CLOCK_AHEAD: imu_faults.imu_clock_ahead,
    FaultName.SECOND_PERSON: camera_faults.second_person,
    FaultName.MIRRORED: camera_faults.mirrored,
    FaultName.SEGMENT_LENGTH: camera_faults.segment_length,
    FaultName.SLOW_INFERENCE: timing_faults.slow_inference,
    FaultName.FRAMES_LOST: camera_faults.frames_lost,
    FaultName.CAMERA_SILENT: camera_faults.camera_silent,
    FaultName.CAMERA_FROZEN: camera_faults.camera_frozen,
    FaultName.CAMERA_KNOCKED: camera_faults.camera_knocked,
    FaultName.NO_NUMBERS: camera_faults.no_numbers,
    FaultName.SAMPLES_LOST: imu_faults.samples_lost,
    FaultName.IMU_SILENT: imu_faults.imu_silent,
    FaultName.SAMPLES_NO_NUMBERS: imu_faults.samples_no_numbers,
    Staying.MIRRORED_ON: camera_faults.mirrored,
    Staying.SIDES_STAY_EXCHANGED: camera_faults.sides_exchanged,
    Staying.SECOND_PERSON_STAYS: camera_faults.second_person,
    Staying.IMU_SLIPPED: imu_faults.imu_slipped,
    Staying.IMU_SLIDES: imu_faults.imu_slides,
    Staying.CAMERA_MOVED: camera_faults.camera_knocked,
}
