"""What worn and held devices report, beside the inertial samples of `contracts.observation`, and
what a session is told of them.

All times are seconds from session start, by the device's own clock mapped on the session's where
the device has one, else by arrival. `source` is the name the person gave the device.
"""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.observation import ImuSample, Segment


class ForceSample(Struct, frozen=True, tag="force"):
    """`force_n`: pull along the sensor, positive when it is stretched."""

    t_s: float
    source: str
    force_n: float


class HeartSample(Struct, frozen=True, tag="heart"):
    """`rate_per_min` as the device averages it; None where it finds no heart beat. `rr_s`: times
    between successive beats that ended since the sample before, oldest first. `contact`: whether
    the sensor feels skin; None where it cannot say."""

    t_s: float
    source: str
    rate_per_min: float | None
    rr_s: tuple[float, ...] = ()
    contact: bool | None = None


class EmgSample(Struct, frozen=True, tag="emg"):
    """Muscle activity under two electrodes, a short row of it: `emg_v` evenly spaced by `rate_hz`,
    raw and with its sign, oldest first; the last of them is of `t_s`. At most `MOST_EMG`."""

    t_s: float
    source: str
    rate_hz: float
    emg_v: Annotated[tuple[float, ...], Meta(min_length=1, max_length=512)]


MOST_EMG = 512


class BandMode(StrEnum):
    """What a motorised band is doing. In `RELEASED` its motor pulls with nothing."""

    RELEASED = "released"
    FOLLOWING = "following"
    RELEASING = "releasing"
    FAULT = "fault"


class BandFault(StrEnum):
    NONE = "none"
    OVERLOAD = "overload"
    FORCE_SENSOR = "force_sensor"
    MOTOR = "motor"
    LENGTH_END = "length_end"
    BATTERY = "battery"


class BandSample(Struct, frozen=True, tag="band"):
    """`force_n` measured (None: its sensor is broken), `target_n` what the band ramps to at this
    moment, `length_m` of band that is wound in from where it is slack. `grip_closed`: the dead
    man's grip is held. `sequence` as the band counts, modulo 65,536; 0 in older records."""

    t_s: float
    source: str
    force_n: float | None
    target_n: float
    length_m: float
    mode: BandMode
    fault: BandFault
    grip_closed: bool
    sequence: int = 0


class BatterySample(Struct, frozen=True, tag="battery"):
    """`ratio` of full, or `voltage_v` where the device says only that; None: not told."""

    t_s: float
    source: str
    ratio: float | None = None
    voltage_v: float | None = None
    low: bool = False


class LinkSample(Struct, frozen=True, tag="link"):
    """The link to a device was made (`up`) or is gone; `why` in plain words, empty where there is
    nothing to say. `segment` where an inertial sensor is worn."""

    t_s: float
    source: str
    up: bool
    why: str = ""
    segment: Segment | None = None


class DriveMoment(Struct, frozen=True, tag="moment"):
    """It is so late where the band `source` is driven, which has no other clock. `broken`: since
    the moment before a message of it came that could not be read."""

    t_s: float
    source: str
    broken: bool = False


DeviceSample = (
    ForceSample | HeartSample | EmgSample | BandSample | BatterySample | LinkSample | DriveMoment
)
DeviceObservation = ImuSample | ForceSample | HeartSample | EmgSample | BandSample | BatterySample


class Use(StrEnum):
    """What a device is there for in a session."""

    SEGMENT = "segment"
    HEART = "heart"
    BREATH = "breath"
    PULL = "pull"
    EMG = "emg"


class Pull(Struct, frozen=True):
    """Where a gauge or band pulls, and about which joint its torque is told.

    The line runs from `limb_m` (3,) m of the bone `bone` of the anatomical model to `fixed_m` (3,)
    m, where the pelvis is at rest; each number with its sd. `fixed_m` is of the room: forward as an
    upright person faces (whoever lies on the back has the feet there), up against gravity, right.
    Or a lever is stated in their place:
    `lever_m` from the joint's axis, square to the pull. `coordinate` is turned against its
    resistance in its own sense (`way` 1) or against it (-1). `stiff`: nothing in the line gives, as
    a strap does not and a rubber band does.
    """

    coordinate: Coordinate
    way: int = 1
    lever_m: float | None = None
    lever_sd_m: float | None = None
    bone: str = ""
    limb_m: tuple[float, float, float] | None = None
    fixed_m: tuple[float, float, float] | None = None
    limb_sd_m: float = 0.02
    fixed_sd_m: float = 0.03
    standard_nm: float | None = None
    stiff: bool = False


class Drive(Struct, frozen=True):
    """A band may pull by itself, never with more than `most_n`: stated for this person, by them or
    by whoever treats them. What is read from a file is held to what may be stated."""

    most_n: Annotated[float, Meta(ge=20.0, le=120.0)]


class WornDevice(Struct, frozen=True):
    """One device of a session: `name` is the `source` of its samples. `drive`: a band that may
    pull; None: it is only listened to. `simulated`: a stream that says so of itself. `own_time`: of
    an inertial sensor whose readings bring their own time, also those that come late."""

    name: str
    use: Use
    segment: Segment | None = None
    pull: Pull | None = None
    drive: Drive | None = None
    simulated: bool = False
    own_time: bool = False
