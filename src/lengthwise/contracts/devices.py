"""What worn and held devices report, beside the inertial samples of `contracts.observation`.

All times are seconds from session start, by the device's own clock mapped on the session's where
the device has one, else by arrival. `source` is the name the person gave the device.
"""

from enum import StrEnum

from msgspec import Struct

from lengthwise.contracts.observation import ImuSample


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
    moment, `length_m` of band that is paid out from its rest. `grip_closed`: the dead man's grip
    is held."""

    t_s: float
    source: str
    force_n: float | None
    target_n: float
    length_m: float
    mode: BandMode
    fault: BandFault
    grip_closed: bool


class BatterySample(Struct, frozen=True, tag="battery"):
    """`ratio` of full, or `voltage_v` where the device says only that; None: not told."""

    t_s: float
    source: str
    ratio: float | None = None
    voltage_v: float | None = None
    low: bool = False


DeviceObservation = ImuSample | ForceSample | HeartSample | BandSample | BatterySample
