"""A simulated person whose sensors are devices: what they feel goes through the bytes of their own
protocols, the drivers and the clocks, before the session sees it.

How the bytes get across is `Carry`: here they are handed over; a test puts a virtual Bluetooth link
in between.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import numpy as np
from msgspec import Struct

from lengthwise.contracts.coordinates import INDEX
from lengthwise.contracts.decision import Phase
from lengthwise.contracts.devices import Pull, Use, WornDevice
from lengthwise.contracts.observation import ImuSample, ImuStream, Observation, Rejection, Stream
from lengthwise.devices import receiving
from lengthwise.devices.driver import DeviceDriver
from lengthwise.devices.heart_rate import codec as heart_codec
from lengthwise.devices.heart_rate.driver import DRIVER as HEART_RATE
from lengthwise.devices.manifest import Notice
from lengthwise.devices.readings import Force, Heart, Inertial, Reading
from lengthwise.devices.tindeq import codec as tindeq
from lengthwise.devices.tindeq.driver import DRIVER as TINDEQ
from lengthwise.devices.witmotion import codec as witmotion
from lengthwise.devices.witmotion.driver import DRIVER as WITMOTION
from lengthwise.live.sequencer import Came
from lengthwise.sim.band_tissue import Tissue, figure, usual_tissue

STRAP, GAUGE = "heart strap", "force gauge"
_REST_PER_MIN, _FOLLOWS_S = 65.0, 8.0
_GAUGE_HZ, _BUNDLE, _WAY_M_PER_RAD = 80.0, 8, 0.25
"""The last: how far the strap would be apart with each radian of the joint, were it slack."""
_LOADED = (Phase.EASE_IN, Phase.HOLD)


class DevicesWorn(Struct, frozen=True):
    """`heart_rise_per_min`: by how much the heart of a strap becomes faster in a hold; None: no
    strap is worn. `pull`: where a gauge in a strap pulls at the joint that is stretched. Where
    `inertial`, every simulated inertial sensor is a device."""

    heart_rise_per_min: float | None = None
    inertial: bool = True
    pull: Pull | None = None

    def devices(self, streams: tuple[Stream, ...]) -> tuple[WornDevice, ...]:
        worn = [s for s in streams if isinstance(s, ImuStream)] if self.inertial else []
        found = [WornDevice(name_of(s), Use.SEGMENT, s.segment) for s in worn]
        if self.heart_rise_per_min is not None:
            found.append(WornDevice(STRAP, Use.HEART))
        if self.pull is not None:
            found.append(WornDevice(GAUGE, Use.PULL, pull=self.pull))
        return tuple(found)


def name_of(worn: ImuStream | ImuSample) -> str:
    return f"sensor {worn.segment.value}"


class Carry(Protocol):
    """Gets what a device notified at a time to the session."""

    def __call__(
        self, driver: DeviceDriver, device: WornDevice, notice: Notice, t_s: float
    ) -> Iterable[Came | Rejection]: ...


class HandedOver:
    """Without a link: the driver reads the bytes, and dates them by when they came."""

    def __init__(self) -> None:
        self._states: dict[str, receiving.State] = {}

    def __call__(
        self, driver: DeviceDriver, device: WornDevice, notice: Notice, t_s: float
    ) -> Iterator[Came | Rejection]:
        before = self._states.get(device.name)
        if before is None:
            before = receiving.start(driver, device.name, segment=device.segment)
        self._states[device.name], received = receiving.step(driver, before, notice, t_s)
        yield from received.observations
        yield from received.rejections


class _Strap:
    """A heart that follows what the person does, and its strap: one measurement a second."""

    def __init__(self, rise_per_min: float) -> None:
        self._rise_per_min = rise_per_min
        self._per_min = _REST_PER_MIN
        self._beat_s = self._told_s = self._last_s = 0.0

    def advance(self, t_s: float, phase: Phase | None) -> Iterator[Notice]:
        asked = _REST_PER_MIN + (self._rise_per_min if phase in _LOADED else 0.0)
        share = min((t_s - self._last_s) / _FOLLOWS_S, 1.0)
        self._per_min += share * (asked - self._per_min)
        self._last_s = t_s
        if t_s < self._told_s + 1.0:
            return
        self._told_s, beats = t_s, []
        while self._beat_s + (rr_s := 60.0 / self._per_min) <= t_s:
            told = round(rr_s * heart_codec.RR_PER_S) / heart_codec.RR_PER_S
            beats.append(told)
            self._beat_s += told
        value = Heart(float(round(self._per_min)), tuple(beats), contact=True)
        yield Notice(heart_codec.MEASUREMENT, heart_codec.encoded(value))


class _Gauge:
    """A strap that is pulled tighter as the stretch begins, on tissue that gives way: the gauge in
    it speaks 80 times a second, eight readings a notification."""

    def __init__(self, pull: Pull) -> None:
        self._pull, self._tissue = pull, Tissue(usual_tissue())
        self._slack_rad: float | None = None
        self._n = 0
        self._waiting: list[Reading] = []

    def advance(
        self, t_s: float, phase: Phase | None, pose_rad: np.ndarray | None
    ) -> Iterator[Notice]:
        if pose_rad is None:
            return
        angle_rad = self._pull.way * float(pose_rad[INDEX[self._pull.coordinate]])
        if phase not in _LOADED:
            self._slack_rad, self._tissue = None, Tissue(usual_tissue())
        elif self._slack_rad is None:
            self._slack_rad = angle_rad
        while self._n / _GAUGE_HZ <= t_s:
            self._n += 1
            over = 0.0 if self._slack_rad is None else max(angle_rad - self._slack_rad, 0.0)
            apart_m, stiff_n_m = _WAY_M_PER_RAD * over, figure("strap_stiffness_n_m")
            force_n = self._tissue.pulled(apart_m, stiff_n_m, 1.0 / _GAUGE_HZ)
            device_us = round(1.0e6 * self._n / _GAUGE_HZ) % (1 << 32)
            self._waiting.append(Reading(Force(force_n), device_us))
        if len(self._waiting) >= _BUNDLE:
            raw, self._waiting = tindeq.encoded(tuple(self._waiting[:_BUNDLE])), []
            yield Notice(tindeq.DATA, raw)


def over_devices(
    observations: Iterable[Observation],
    worn: DevicesWorn,
    *,
    phase: Callable[[], Phase | None],
    pose_rad: Callable[[], np.ndarray | None] = lambda: None,
    carry: Carry | None = None,
) -> Iterator[Came | Rejection]:
    """What a session is given of a person whose sensors are devices; camera and words are as ever.
    `phase` that the coach is in now, `pose_rad` (21,) of the person."""
    carry = HandedOver() if carry is None else carry
    strap = None if worn.heart_rise_per_min is None else _Strap(worn.heart_rise_per_min)
    gauge = None if worn.pull is None else _Gauge(worn.pull)
    for observation in observations:
        if gauge is not None:
            device = WornDevice(GAUGE, Use.PULL, pull=worn.pull)
            for notice in gauge.advance(observation.t_s, phase(), pose_rad()):
                yield from carry(TINDEQ, device, notice, observation.t_s)
        if strap is not None:
            for notice in strap.advance(observation.t_s, phase()):
                yield from carry(HEART_RATE, WornDevice(STRAP, Use.HEART), notice, observation.t_s)
        if worn.inertial and isinstance(observation, ImuSample):
            device = WornDevice(name_of(observation), Use.SEGMENT, observation.segment)
            frame = witmotion.encoded(Inertial(observation.acc_m_s2, observation.gyr_rad_s))
            notice = Notice(witmotion.DATA, frame)
            yield from carry(WITMOTION, device, notice, observation.t_s)
        else:
            yield observation
