"""A simulated heart strap: a beat about every second that breath makes quicker and slower."""

from math import pi, sin

import numpy as np

from lengthwise.devices.driver import SimCharacteristic, SimService
from lengthwise.devices.heart_rate import codec
from lengthwise.devices.manifest import Notice
from lengthwise.devices.readings import Heart
from lengthwise.devices.simulation import BREATH_HZ, SampledSim

_RR_S, _BREATH_S, _SD_S = 0.92, 0.04, 0.012


class HeartRateSim(SampledSim):
    """One measurement a second, with the beats that ended in it."""

    advertised_name = "HR strap"
    advertised_services = (codec.SERVICE,)
    services = (
        SimService(codec.SERVICE, (SimCharacteristic(codec.MEASUREMENT, ("notify",)),)),
        SimService(codec.BATTERY_SERVICE, (SimCharacteristic(codec.BATTERY, ("read",)),)),
    )
    rate_hz = 1.0

    def __init__(self, *, seed: int = 0, battery_ratio: float = 0.8) -> None:
        super().__init__(measuring=True)
        self.battery_ratio = battery_ratio
        self._random = np.random.default_rng(seed)
        self._beat_s = 0.0
        self._following_s = self._beat()

    def _beat(self) -> float:
        breath = _BREATH_S * sin(2.0 * pi * BREATH_HZ * self._beat_s)
        return _RR_S + breath + float(np.clip(self._random.normal(0.0, _SD_S), -0.04, 0.04))

    def read(self, characteristic: str) -> bytes:
        if characteristic == codec.BATTERY:
            return bytes((round(100.0 * self.battery_ratio),))
        raise KeyError(characteristic)

    def advance(self, to_s: float) -> list[Notice]:
        notices = []
        for t_s in self.due(to_s):
            rr_s = []
            while self._beat_s + self._following_s <= t_s:
                # As the profile carries it, so that what is told and what is true are the same.
                told = round(self._following_s * codec.RR_PER_S) / codec.RR_PER_S
                rr_s.append(told)
                self._beat_s += told
                self._following_s = self._beat()
            value = Heart(float(round(60.0 / _RR_S)), tuple(rr_s), contact=True)
            self.truth.append(value)
            notices.append(Notice(codec.MEASUREMENT, codec.encoded(value)))
        return notices

    def link_lost(self) -> None:
        """A strap goes on measuring; who subscribes anew is told again."""
