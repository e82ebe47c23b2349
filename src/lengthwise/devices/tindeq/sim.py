"""A simulated Progressor that is pulled at."""

from lengthwise.devices.driver import SimCharacteristic, SimService
from lengthwise.devices.manifest import Notice, Write
from lengthwise.devices.readings import Force, Reading
from lengthwise.devices.simulation import SampledSim, pull_n
from lengthwise.devices.tindeq import codec

_LOW_V = 3.2


class TindeqSim(SampledSim):
    """Two samples a notification, as the device sends them in bundles."""

    advertised_name = "Progressor_7125"
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
        self, *, first_us: int = 0, rate_hz: float = 80.0, bundle: int = 2, battery_v: float = 3.9
    ) -> None:
        super().__init__(first_us=first_us)
        self.rate_hz = rate_hz
        self._bundle = bundle
        self.battery_v = battery_v
        self._zero_n = 0.0
        self._waiting: list[Reading] = []

    def write(self, write: Write) -> list[Notice]:
        super().write(write)
        if write.characteristic != codec.CONTROL or not write.payload:
            return []
        match write.payload[0]:
            case codec.START:
                self.measuring = True
            case codec.STOP:
                self.measuring = False
                self._waiting.clear()
            case codec.TARE:
                self._zero_n = pull_n(self.now_s)
            case codec.ASK_BATTERY:
                return [Notice(codec.DATA, codec.encoded_battery(self.battery_v))]
        return []

    def advance(self, to_s: float) -> list[Notice]:
        notices = []
        for t_s in self.due(to_s):
            force = Force(pull_n(t_s) - self._zero_n)
            self.truth.append(force)
            self._waiting.append(Reading(force, self.device_us(t_s)))
            if len(self._waiting) == self._bundle:
                notices.append(Notice(codec.DATA, codec.encoded(tuple(self._waiting))))
                self._waiting.clear()
        if self.measuring and self.battery_v < _LOW_V:
            notices.append(Notice(codec.DATA, codec.encoded_low_battery()))
            self.measuring = False
        return notices

    def link_lost(self) -> None:
        super().link_lost()
        self._waiting.clear()
