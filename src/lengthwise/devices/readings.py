"""What a codec makes of bytes: values in SI units, with the device's time where it tells one."""

from enum import StrEnum
from math import isfinite

from msgspec import Struct

from lengthwise.contracts.devices import BandFault, BandMode


class Quantity(StrEnum):
    """What a stream is of."""

    INERTIAL = "inertial"
    FORCE = "force"
    HEART = "heart"
    EMG = "emg"
    BAND = "band"
    BATTERY = "battery"


class Inertial(Struct, frozen=True, tag="inertial"):
    """In sensor axes; `acc_m_s2` is specific force (about +9.8 upwards at rest). `quat_wxyz` sensor
    to world, world z up."""

    acc_m_s2: tuple[float, float, float]
    gyr_rad_s: tuple[float, float, float] | None = None
    quat_wxyz: tuple[float, float, float, float] | None = None


class Force(Struct, frozen=True, tag="force"):
    force_n: float


class Heart(Struct, frozen=True, tag="heart"):
    """`rate_per_min` None: the device finds no beat. `rr_s` oldest first."""

    rate_per_min: float | None
    rr_s: tuple[float, ...] = ()
    contact: bool | None = None
    energy_j: float | None = None


class Band(Struct, frozen=True, tag="band"):
    """See `contracts.devices.BandSample`. `sequence` counts modulo 65,536."""

    force_n: float | None
    target_n: float
    length_m: float
    mode: BandMode
    fault: BandFault
    grip_closed: bool
    sequence: int


class BatteryLevel(Struct, frozen=True, tag="battery"):
    """`ratio` 0 to 1 or `voltage_v`; None where the device does not tell it."""

    ratio: float | None = None
    voltage_v: float | None = None
    low: bool = False


Value = Inertial | Force | Heart | Band | BatteryLevel

QUANTITY_OF: dict[type, Quantity] = {
    Inertial: Quantity.INERTIAL,
    Force: Quantity.FORCE,
    Heart: Quantity.HEART,
    Band: Quantity.BAND,
    BatteryLevel: Quantity.BATTERY,
}


class Reading(Struct, frozen=True):
    """`device_us`: microseconds of the device's clock modulo 2^32; None where it tells no time."""

    value: Value
    device_us: int | None = None


class Decoded(Struct, frozen=True):
    """What came of one notification. `refused`: why bytes were not used, one entry each. `lost`:
    how many messages the device has sent that never came, where it counts them."""

    readings: tuple[Reading, ...] = ()
    refused: tuple[str, ...] = ()
    lost: int = 0


class UndecodableError(ValueError):
    """Bytes that are not what the protocol says; the text names the fault, never the content."""


def all_finite(value: Value) -> bool:
    """Whether every number of a value is one."""
    return all(isfinite(x) for x in numbers(value))


def numbers(value: object) -> list[float]:
    """All numbers of a value in the order of its fields; nothing where there is none."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return []
    if isinstance(value, int | float):
        return [float(value)]
    if isinstance(value, tuple):
        return [x for part in value for x in numbers(part)]
    if isinstance(value, Struct):
        return [x for name in value.__struct_fields__ for x in numbers(getattr(value, name))]
    raise TypeError(f"{type(value).__name__} is not part of a reading")
