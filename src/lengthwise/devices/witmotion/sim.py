"""A simulated WitMotion sensor on a leaning chest, whose radio cuts and joins its frames."""

from math import cos, sin

import numpy as np

from lengthwise.devices.driver import SimCharacteristic, SimService
from lengthwise.devices.manifest import Notice, Write
from lengthwise.devices.readings import Inertial
from lengthwise.devices.simulation import SampledSim, tilt_rad, turn_rad_s
from lengthwise.devices.witmotion import codec

_G = codec.STANDARD_GRAVITY_M_S2


class WitMotionSim(SampledSim):
    """`whole`: one frame a notification, as most do. It measures as long as it is on."""

    advertised_name = "WT901BLE68"
    advertised_services = (codec.SERVICE,)
    services = (
        SimService(
            codec.SERVICE,
            (
                SimCharacteristic(codec.DATA, ("notify",)),
                SimCharacteristic(codec.CONTROL, ("write", "write-without-response")),
            ),
        ),
    )

    def __init__(
        self, *, seed: int = 0, rate_hz: float = 50.0, whole: bool = False, battery_v: float = 3.9
    ) -> None:
        super().__init__(measuring=True)
        self.rate_hz = rate_hz
        self.battery_v = battery_v
        self._whole = whole
        self._random = np.random.default_rng(seed)
        self._bytes = b""

    def write(self, write: Write) -> list[Notice]:
        super().write(write)
        if write.characteristic == codec.CONTROL and write.payload == codec.ASK_BATTERY:
            return self._sent(codec.encoded_battery(self.battery_v))
        return []

    def advance(self, to_s: float) -> list[Notice]:
        notices = []
        for t_s in self.due(to_s):
            a = tilt_rad(t_s)
            acc = (_G * sin(a), 0.0, _G * cos(a))
            value = Inertial(acc, (0.0, -turn_rad_s(t_s), 0.0))
            self.truth.append(value)
            notices += self._sent(codec.encoded(value))
        return notices

    def link_lost(self) -> None:
        """It goes on by itself; what was cut is gone."""
        self._bytes = b""

    def _sent(self, frame: bytes) -> list[Notice]:
        if self._whole:
            return [Notice(codec.DATA, frame)]
        self._bytes += frame
        notices = []
        while len(self._bytes) >= (size := int(self._random.integers(3, 45))):
            notices.append(Notice(codec.DATA, self._bytes[:size]))
            self._bytes = self._bytes[size:]
        return notices
