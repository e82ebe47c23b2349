"""Rows of numbers of the Lab Streaming Layer, both ways: what a channel is, and in which unit.

A stream of LSL is rows of floats with a label and a unit for each channel. Ours are named as below;
of somebody else's the channels are found by label, and a unit that is not known is refused, since a
pull in kilograms read as newtons is ten times too small.
"""

from enum import StrEnum
from math import isfinite, radians

from msgspec import Struct

from lengthwise.contracts.devices import DeviceObservation, EmgSample, ForceSample, HeartSample
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import ImuSample, Segment
from lengthwise.devices.readings import UndecodableError

STANDARD_GRAVITY_M_S2 = 9.80665
_UNEVEN = 1.0
"""Periods by which the time between two rows may differ from one: times jitter."""


class Kind(StrEnum):
    """The type of a stream, as LSL's own list of types has it where there is one."""

    FORCE = "Force"
    HEART = "HeartRate"
    INERTIAL = "IMU"
    EMG = "EMG"


LABELS: dict[Kind, tuple[str, ...]] = {
    Kind.FORCE: ("force",),
    Kind.HEART: ("rate", "rr"),
    Kind.INERTIAL: ("acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"),
    Kind.EMG: ("emg",),
}
UNITS: dict[Kind, tuple[str, ...]] = {
    Kind.FORCE: ("N",),
    Kind.HEART: ("1/min", "s"),
    Kind.INERTIAL: ("m/s2",) * 3 + ("rad/s",) * 3,
    Kind.EMG: ("V",),
}
_FACTORS: dict[str, dict[str, float]] = {
    "N": {"n": 1.0, "newton": 1.0, "kg": STANDARD_GRAVITY_M_S2, "kgf": STANDARD_GRAVITY_M_S2},
    "1/min": {"1/min": 1.0, "bpm": 1.0},
    "s": {"s": 1.0, "ms": 1.0e-3},
    "m/s2": {"m/s2": 1.0, "m/s^2": 1.0, "g": STANDARD_GRAVITY_M_S2},
    "rad/s": {"rad/s": 1.0, "deg/s": radians(1.0)},
    "V": {
        **dict.fromkeys(("v", "volt", "volts"), 1.0),
        **dict.fromkeys(("mv", "millivolt", "millivolts"), 0.001),
        **dict.fromkeys(("uv", "µv", "μv", "microvolt", "microvolts"), 1e-06),
    },
}


class Layout(Struct, frozen=True):
    """Which channels of a row are used, and what each is multiplied with to be in SI. `rate_hz` as
    the sender states it, 0: none."""

    kind: Kind
    width: int
    places: tuple[int, ...]
    factors: tuple[float, ...]
    rate_hz: float = 0.0


_OWN_HZ = 1000.0
LEAST_EMG_HZ = 100.0
"""Below it nothing is left of muscle above what moves the electrodes (20 Hz)."""


def layout_of(
    kind: Kind, labels: tuple[str, ...], units: tuple[str, ...], *, rate_hz: float = 0.0
) -> Layout:
    """The layout of a stream by its labels. Raises InputError where a channel is missing, its unit
    is not known, or muscle activity comes without a rate that can show it."""
    if kind is Kind.EMG and not rate_hz >= LEAST_EMG_HZ:
        raise InputError(
            "rate of an LSL stream of type EMG",
            value=f"{rate_hz:g} a second" if rate_hz > 0.0 else "none stated",
            allowed=f"raw values, at least {LEAST_EMG_HZ:g} a second, evenly spaced",
            remedy="have its sender send what the electrodes measure, and state the rate",
        )
    lower = [label.lower() for label in labels]
    if kind is Kind.EMG and len(lower) == 1:
        lower = list(LABELS[kind])  # each maker calls it otherwise, and there is no other
    places, factors = [], []
    for label, unit in zip(LABELS[kind], UNITS[kind], strict=True):
        if lower.count(label) != 1:
            raise InputError(
                f"LSL stream of type {kind}",
                value=", ".join(labels) or "no labels",
                allowed=f"one channel each of {', '.join(LABELS[kind])}",
                remedy="label the channels of its sender",
            )
        place = lower.index(label)
        told = units[place] if place < len(units) else ""
        if told.lower() not in _FACTORS[unit]:
            raise InputError(
                f"unit of channel {label}",
                value=told or "none",
                allowed=", ".join(_FACTORS[unit]),
                remedy="state the unit in its sender",
            )
        places.append(place)
        factors.append(_FACTORS[unit][told.lower()])
    return Layout(kind, len(labels), tuple(places), tuple(factors), rate_hz)


def own_layout(kind: Kind, *, rate_hz: float = _OWN_HZ) -> Layout:
    return layout_of(kind, LABELS[kind], UNITS[kind], rate_hz=rate_hz)


def decoded(
    layout: Layout, row: tuple[float, ...], t_s: float, source: str, segment: Segment | None
) -> DeviceObservation:
    """The observation of a row. Raises UndecodableError on one that is none."""
    if len(row) != layout.width:
        raise UndecodableError(f"{len(row)} channels where {layout.width} are expected")
    values = [row[p] * f for p, f in zip(layout.places, layout.factors, strict=True)]
    if layout.kind is Kind.HEART:
        # A rate between two beats has no interval with it, and the other way round.
        rate, rr = (v if isfinite(v) and v > 0.0 else None for v in values)
        if rate is None and rr is None:
            raise UndecodableError("neither a rate nor a time between beats")
        return HeartSample(t_s, source, rate, () if rr is None else (rr,))
    if not all(map(isfinite, values)):
        raise UndecodableError("a value that is no number")
    if layout.kind is Kind.EMG:
        return EmgSample(t_s, source, layout.rate_hz, (values[0],))
    if layout.kind is Kind.FORCE:
        return ForceSample(t_s, source, values[0])
    if segment is None:
        raise UndecodableError("where it is worn is not known")
    ax, ay, az, gx, gy, gz = values
    return ImuSample(t_s, segment, (ax, ay, az), (gx, gy, gz))


def joined(samples: list[EmgSample], most: int) -> list[EmgSample]:
    """Rows that follow each other, in as few samples as may be. A new one begins where a time
    between two is not that of the rate, as where rows were lost."""
    found: list[list[EmgSample]] = []
    for sample in samples:
        last = found[-1] if found else []
        gap_s = sample.t_s - last[-1].t_s if last else 0.0
        follows = last and len(last) < most and abs(gap_s * sample.rate_hz - 1.0) < _UNEVEN
        if follows:
            last.append(sample)
        else:
            found.append([sample])
    return [
        EmgSample(all_of[-1].t_s, all_of[0].source, all_of[0].rate_hz,
                  tuple(v for one in all_of for v in one.emg_v))
        for all_of in found
    ]  # fmt: skip


def encoded(observation: DeviceObservation) -> tuple[Kind, tuple[tuple[float, ...], ...]]:
    """The rows of an observation; a heart sample has one for each beat. A sample that LSL has no
    kind for raises TypeError."""
    nan = float("nan")
    match observation:
        case ForceSample():
            return Kind.FORCE, ((observation.force_n,),)
        case HeartSample():
            rate = nan if observation.rate_per_min is None else observation.rate_per_min
            return Kind.HEART, tuple((rate, rr) for rr in observation.rr_s or (nan,))
        case ImuSample():
            gyr = observation.gyr_rad_s
            if gyr is None:
                raise TypeError("an inertial sample without turn is not sent")
            return Kind.INERTIAL, ((*observation.acc_m_s2, *gyr),)
        case EmgSample():
            return Kind.EMG, tuple((v,) for v in observation.emg_v)
    raise TypeError(f"{type(observation).__name__} is not sent")
