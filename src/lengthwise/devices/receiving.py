"""From one notification to samples at times of the session. Pure step.

step(driver, state, notice, arrived_s) -> (state, Received)
"""

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.devices import (
    BandSample,
    BatterySample,
    DeviceObservation,
    ForceSample,
    HeartSample,
)
from lengthwise.contracts.observation import ImuSample, Rejection, RejectionReason, Segment
from lengthwise.devices import device_clock
from lengthwise.devices.driver import DeviceDriver
from lengthwise.devices.manifest import Notice
from lengthwise.devices.readings import (
    Band,
    BatteryLevel,
    Decoded,
    Force,
    Heart,
    Inertial,
    Reading,
    Value,
)


class State(Struct, frozen=True):
    """`decoder`: of the driver, whatever it is. `lost`: messages that never came, as counted."""

    source: str
    decoder: Any
    segment: Segment | None = None
    clock: device_clock.State = device_clock.State()
    lost: int = 0


class Received(Struct, frozen=True):
    observations: tuple[DeviceObservation, ...] = ()
    rejections: tuple[Rejection, ...] = ()


def start(driver: DeviceDriver, source: str, *, segment: Segment | None = None) -> State:
    """`segment`: where an inertial sensor is worn; without it its samples are of nothing and are
    rejected. `source`: the name the person gave it."""
    return State(source, driver.begin(), segment)


def on_new_link(driver: DeviceDriver, state: State) -> State:
    """After a link that broke: what was half received is dropped; times go on."""
    clock = device_clock.on_new_link(state.clock)
    return replace(state, decoder=driver.begin(), clock=clock)


def step(
    driver: DeviceDriver, state: State, notice: Notice, arrived_s: float
) -> tuple[State, Received]:
    decoder, decoded = driver.decode(state.decoder, notice)
    return _received(replace(state, decoder=decoder), decoded, arrived_s)


def battery_read(
    driver: DeviceDriver, state: State, payload: bytes, arrived_s: float
) -> tuple[State, Received]:
    """What a battery level that was read says."""
    return _received(state, driver.decode_battery(payload), arrived_s)


def _received(state: State, decoded: Decoded, arrived_s: float) -> tuple[State, Received]:
    kept: list[DeviceObservation] = []
    rejected = [
        Rejection(arrived_s, state.source, RejectionReason.UNDECODABLE, why)
        for why in decoded.refused
    ]
    if decoded.lost:
        rejected.append(
            Rejection(arrived_s, state.source, RejectionReason.LOST, f"{decoded.lost} messages")
        )
    state, timed = _timed(state, decoded.readings, arrived_s)
    for reading, t_s in timed:
        if isinstance(t_s, RejectionReason):
            rejected.append(Rejection(arrived_s, state.source, t_s))
            continue
        observation = observed(reading.value, t_s, state.source, state.segment)
        if observation is None:
            why = "where it is worn is not known"
            rejected.append(Rejection(t_s, state.source, RejectionReason.OUT_OF_RANGE, why))
        else:
            kept.append(observation)
    lost = state.lost + decoded.lost
    return replace(state, lost=lost), Received(tuple(kept), tuple(rejected))


def _timed(
    state: State, readings: tuple[Reading, ...], arrived_s: float
) -> tuple[State, list[tuple[Reading, float | RejectionReason]]]:
    """A battery level is of when it came, and moves no clock."""
    bare = [r for r in readings if r.device_us is None and not isinstance(r.value, BatteryLevel)]
    clock, spread = device_clock.by_arrival(state.clock, len(bare), arrived_s) if bare else (
        state.clock, (),
    )  # fmt: skip
    arrivals = iter(spread)
    timed: list[tuple[Reading, float | RejectionReason]] = []
    for reading in readings:
        if isinstance(reading.value, BatteryLevel):
            timed.append((reading, arrived_s))
        elif reading.device_us is None:
            timed.append((reading, next(arrivals)))
        else:
            clock, t_s = device_clock.step(clock, reading.device_us, arrived_s)
            timed.append((reading, t_s))
    return replace(state, clock=clock), timed


def observed(
    value: Value, t_s: float, source: str, segment: Segment | None
) -> DeviceObservation | None:
    """The observation of a value; None for an inertial sensor that is worn nowhere known."""
    match value:
        case Inertial():
            if segment is None:
                return None
            return ImuSample(
                t_s, segment, value.acc_m_s2, value.gyr_rad_s, quat_wxyz=value.quat_wxyz
            )
        case Force():
            return ForceSample(t_s, source, value.force_n)
        case Heart():
            return HeartSample(t_s, source, value.rate_per_min, value.rr_s, value.contact)
        case Band():
            return BandSample(
                t_s, source, value.force_n, value.target_n, value.length_m, value.mode,
                value.fault, value.grip_closed, value.sequence,
            )  # fmt: skip
        case BatteryLevel():
            return BatterySample(t_s, source, value.ratio, value.voltage_v, value.low)
